use jiff::civil;

/// A date as precise as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartialDate {
    /// The year, such as 2024.
    pub year: i32,
    /// The month, from 1 to 12.
    pub month: Option<u8>,
    /// The day of the month, from 1; only with a month.
    pub day: Option<u8>,
}

impl PartialDate {
    /// A date that the calendar has: `None` for a month 13, a 31 April, a year outside 1000 to 2999,
    /// a day without a month.
    pub fn new(year: i32, month: Option<u8>, day: Option<u8>) -> Option<Self> {
        let calendar = civil::Date::new(
            i16::try_from(year).ok()?,
            i8::try_from(month.unwrap_or(1)).ok()?,
            i8::try_from(day.unwrap_or(1)).ok()?,
        );
        let valid = calendar.is_ok() && (1000..3000).contains(&year) && (day.is_none() || month.is_some());
        valid.then_some(Self { year, month, day })
    }

    /// The day, where it is known.
    pub fn to_civil(self) -> Option<civil::Date> {
        let (month, day) = (i8::try_from(self.month?).ok()?, i8::try_from(self.day?).ok()?);
        civil::Date::new(i16::try_from(self.year).ok()?, month, day).ok()
    }

    /// That day.
    pub fn of_civil(date: civil::Date) -> Self {
        let part = |value: i8| u8::try_from(value).ok();
        Self { year: i32::from(date.year()), month: part(date.month()), day: part(date.day()) }
    }
}

/// The number of the month of that French name, full or shortened, in lower case.
pub fn month_number(name: &str) -> Option<u8> {
    Some(match name {
        "janvier" | "janv." | "janv" => 1,
        "février" | "fevrier" | "févr." | "févr" => 2,
        "mars" => 3,
        "avril" | "avr." => 4,
        "mai" => 5,
        "juin" => 6,
        "juillet" | "juil." | "juil" => 7,
        "août" | "aout" => 8,
        "septembre" | "sept." | "sept" => 9,
        "octobre" | "oct." | "oct" => 10,
        "novembre" | "nov." | "nov" => 11,
        "décembre" | "decembre" | "déc." | "déc" => 12,
        _ => return None,
    })
}

/// The day of the week of that French name, in lower case.
pub fn weekday(name: &str) -> Option<civil::Weekday> {
    Some(match name {
        "lundi" => civil::Weekday::Monday,
        "mardi" => civil::Weekday::Tuesday,
        "mercredi" => civil::Weekday::Wednesday,
        "jeudi" => civil::Weekday::Thursday,
        "vendredi" => civil::Weekday::Friday,
        "samedi" => civil::Weekday::Saturday,
        "dimanche" => civil::Weekday::Sunday,
        _ => return None,
    })
}

impl std::fmt::Display for PartialDate {
    /// ISO 8601: `2024`, `2024-05` or `2024-05-17`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
            if let Some(day) = self.day {
                write!(f, "-{day:02}")?;
            }
        }
        Ok(())
    }
}
