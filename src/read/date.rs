use crate::text::PartialDate;

/// Names and usual abbreviations of the months, in French and English, without accents; longer
/// names are known by their beginning.
const MONTHS: [&[&str]; 12] = [
    &["janv", "jan"],
    &["fevr", "fev", "feb"],
    &["mars", "mar"],
    &["avr", "apr"],
    &["mai", "may"],
    &["juin", "jun"],
    &["juil", "jul"],
    &["aout", "aug"],
    &["sept", "sep"],
    &["oct"],
    &["nov"],
    &["dec"],
];

/// The date in a field of metadata: ISO 8601 (also with a time), RFC 2822, `12/03/2024` (day
/// first), `12 mars 2024`, `March 12, 2024`, `20240312` or a Unix time in (milli)seconds. The day
/// is the one written, whatever the time zone.
///
/// ```
/// use pressgraph::read::parse_date;
/// assert_eq!(parse_date("2024-03-12T23:30:00Z").expect("ISO 8601").to_string(), "2024-03-12");
/// assert_eq!(parse_date("Tue, 12 Mar 2024 08:00:00 +0100").expect("RFC 2822").to_string(), "2024-03-12");
/// assert_eq!(parse_date("1er février 2024").expect("French").to_string(), "2024-02-01");
/// assert_eq!(parse_date("demain"), None);
/// ```
pub fn parse_date(text: &str) -> Option<PartialDate> {
    let text = text.trim();
    if text.len() > 64 {
        return None;
    }
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    if digits {
        return match text.len() {
            4 => date(text.parse().ok()?, None, None),
            8 => date(text.get(..4)?.parse().ok()?, text.get(4..6)?.parse().ok(), text.get(6..)?.parse().ok()),
            10 => from_seconds(text.parse().ok()?),
            13 => from_seconds(text.parse::<i64>().ok()? / 1000),
            _ => None,
        };
    }
    let parts: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    iso(&parts).or_else(|| numeric(&parts)).or_else(|| with_month_name(&parts))
}

fn from_seconds(seconds: i64) -> Option<PartialDate> {
    let date_time = jiff::Timestamp::from_second(seconds).ok()?.to_zoned_datetime(jiff::tz::TimeZone::UTC);
    date(date_time.year().into(), u8::try_from(date_time.month()).ok(), u8::try_from(date_time.day()).ok())
}

/// A date that the calendar has, in a year that releases are from.
fn date(year: i32, month: Option<u8>, day: Option<u8>) -> Option<PartialDate> {
    let first = |value: Option<u8>| i8::try_from(value.unwrap_or(1)).ok();
    jiff::civil::Date::new(i16::try_from(year).ok()?, first(month)?, first(day)?).ok()?;
    (1900..2200).contains(&year).then_some(PartialDate { year, month, day: month.and(day) })
}

fn year(part: &str) -> Option<i32> {
    if part.len() == 4 { part.parse().ok() } else { None }
}

/// Year first: `2024-03`, `2024-03-12`, `2024/03/12`, `2024-03-12T08:00`.
fn iso(parts: &[&str]) -> Option<PartialDate> {
    let (&first, rest) = parts.split_first()?;
    let year = year(first)?;
    let month: u8 = rest.first()?.parse().ok()?;
    let day = rest.get(1).map(|part| part.split(['T', 't']).next().unwrap_or(part));
    date(year, Some(month), day.and_then(|day| day.parse().ok()))
}

/// Day first, as in France: `12/03/2024`, `12.03.2024 08:00`.
fn numeric(parts: &[&str]) -> Option<PartialDate> {
    let [day, month, third, ..] = parts else { return None };
    date(year(third)?, Some(month.parse().ok()?), Some(day.parse().ok()?))
}

/// A month by its name, a year, and a day where one stands beside the month.
fn with_month_name(parts: &[&str]) -> Option<PartialDate> {
    // The last one: `mar. 12 juin` begins with a day of the week.
    let (at, month) = parts.iter().enumerate().rev().find_map(|(at, part)| month(part).map(|month| (at, month)))?;
    let year = parts.iter().find_map(|part| year(part))?;
    let day =
        |part: &&str| part.trim_end_matches(|c: char| c.is_alphabetic()).parse::<u8>().ok().filter(|day| *day > 0);
    let before = at.checked_sub(1).and_then(|before| parts.get(before)).and_then(day);
    date(year, Some(month), before.or_else(|| parts.get(at + 1).and_then(day)))
}

fn month(part: &str) -> Option<u8> {
    let part = part.to_lowercase().replace(['é', 'è'], "e").replace('û', "u");
    if part.chars().count() < 3 {
        return None;
    }
    let known = |names: &&[&str]| names.iter().any(|name| part.starts_with(name));
    // A day of the week that begins like `mars`.
    if part.starts_with("mard") {
        return None;
    }
    u8::try_from(MONTHS.iter().position(known)? + 1).ok()
}
