//! Identifiers that releases write (legal notes, contact blocks, stock-exchange lines), checked by their check digits.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use crate::text::Span;

/// A register that identifies organisations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scheme {
    /// INSEE number of a legal unit: nine digits.
    Siren,
    /// INSEE number of an establishment: fourteen digits, the first nine a SIREN.
    Siret,
    /// French VAT number: `FR`, two check characters, SIREN.
    Vat,
    /// Legal entity identifier, ISO 17442.
    Lei,
    /// International securities identification number, ISO 6166.
    Isin,
    /// Mnemonic of a share at a stock exchange.
    Ticker,
}

impl Scheme {
    /// The name in keys and output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Siren => "siren",
            Self::Siret => "siret",
            Self::Vat => "vat",
            Self::Lei => "lei",
            Self::Isin => "isin",
            Self::Ticker => "ticker",
        }
    }
}

/// An identifier in the text, valid by its check digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// Where it stands.
    pub span: Span,
    /// Its register.
    pub scheme: Scheme,
    /// The value without spaces.
    pub value: String,
}

impl Identifier {
    /// The SIREN that it is or contains.
    pub fn siren(&self) -> Option<&str> {
        match self.scheme {
            Scheme::Siren => Some(&self.value),
            Scheme::Siret => self.value.get(..9),
            Scheme::Vat => self.value.get(4..),
            Scheme::Lei | Scheme::Isin | Scheme::Ticker => None,
        }
    }
}

/// Whether the digits satisfy Luhn's check (ISO/IEC 7812-1): SIREN, SIRET; false where something is no digit.
pub fn luhn(digits: &str) -> bool {
    let mut total = 0;
    for (place, byte) in digits.bytes().rev().enumerate() {
        if !byte.is_ascii_digit() {
            return false;
        }
        let doubled = u32::from(byte - b'0') * if place % 2 == 1 { 2 } else { 1 };
        total += if doubled > 9 { doubled - 9 } else { doubled };
    }
    !digits.is_empty() && total % 10 == 0
}

/// Whether `value` is a SIREN.
pub fn is_siren(value: &str) -> bool {
    value.len() == 9 && (luhn(value) || value == "356000000") && value != "000000000"
}

/// Whether `value` is a SIRET; establishments of La Poste have a sum of digits that five divides instead.
pub fn is_siret(value: &str) -> bool {
    value.len() == 14
        && value.bytes().all(|b| b.is_ascii_digit())
        && value.get(..9).is_some_and(is_siren)
        && (luhn(value)
            || (value.starts_with("356000000") && value.bytes().map(|b| u32::from(b - b'0')).sum::<u32>() % 5 == 0))
}

/// Whether `value` is a French VAT number whose key agrees with its SIREN.
pub fn is_vat(value: &str) -> bool {
    let (Some(key), Some(siren)) = (value.strip_prefix("FR").and_then(|rest| rest.get(..2)), value.get(4..)) else {
        return false;
    };
    let (Ok(key), Ok(number)) = (key.parse::<u64>(), siren.parse::<u64>()) else { return false };
    is_siren(siren) && key == (12 + 3 * (number % 97)) % 97
}

/// Whether `value` is a LEI by ISO 7064 MOD 97-10.
pub fn is_lei(value: &str) -> bool {
    let mut rest = 0_u32;
    for byte in value.bytes() {
        let number = match byte {
            b'0'..=b'9' => u32::from(byte - b'0'),
            b'A'..=b'Z' => u32::from(byte - b'A') + 10,
            _ => return false,
        };
        rest = (rest * if number > 9 { 100 } else { 10 } + number) % 97;
    }
    value.len() == 20 && rest == 1
}

/// Whether `value` is an ISIN.
pub fn is_isin(value: &str) -> bool {
    let bytes = value.as_bytes();
    if bytes.len() != 12 || !bytes[..2].iter().all(u8::is_ascii_uppercase) || !bytes[11].is_ascii_digit() {
        return false;
    }
    let mut digits = String::with_capacity(24);
    for byte in value.bytes() {
        match byte {
            b'0'..=b'9' => digits.push(char::from(byte)),
            b'A'..=b'Z' => digits.push_str(&(byte - b'A' + 10).to_string()),
            _ => return false,
        }
    }
    luhn(&digits)
}

/// What announces an identifier; the text is searched for these first, since most releases have none.
const TRIGGERS: [&str; 21] = [
    "SIREN",
    "Siren",
    "SIRET",
    "Siret",
    "RCS",
    "R.C.S",
    "TVA",
    "LEI",
    "ISIN",
    "Isin",
    "Code",
    "code",
    "Euronext",
    "EURONEXT",
    "mnémo",
    "Mnémo",
    "Ticker",
    "ticker",
    "FR00",
    "FR01",
    "immatricul",
];

static TRIGGER: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::new(TRIGGERS).expect("the triggers are few and short"));

/// The scheme of each group is told by its name; `ticker` needs an announcing word.
static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?P<vat> \bFR\ ?\d{2}\ ?\d{3}\ ?\d{3}\ ?\d{3}\b)
        | (?P<lei> \b[0-9A-Z]{18}\d{2}\b)
        | (?P<isin> \b[A-Z]{2}[0-9A-Z]{9}\d\b)
        | (?P<siret> \b\d{3}[\ .]?\d{3}[\ .]?\d{3}[\ .]?\d{5}\b)
        | (?P<siren> \b\d{3}[\ .]?\d{3}[\ .]?\d{3}\b)
        | (?: \b(?:[Tt]icker|[Mm]némo(?:nique)?|[Cc]ode\ mnémo(?:nique)?|Euronext(?:\ (?:Growth|Access|Paris|Expert))*|EURONEXT(?:\ (?:GROWTH|PARIS))*|[Cc]ode)
            \ ?[:\-–]\ ? (?P<ticker> [A-Z][A-Z0-9]{1,5})\b )",
    )
    .expect("the pattern is constant")
});

/// The identifiers in `text`, in order, each valid by its check digits. A number of nine digits counts only
/// where `SIREN`, `SIRET`, `RCS`, `TVA` or the like stands within 60 bytes before or 25 behind: telephone numbers look the same.
pub fn find(text: &str) -> Vec<Identifier> {
    let triggers: Vec<(usize, usize)> = TRIGGER.find_iter(text).map(|m| (m.start(), m.end())).collect();
    let mut found: Vec<Identifier> = Vec::new();
    let mut from = 0;
    for &(start, end) in &triggers {
        let window_start = floor_boundary(text, start.saturating_sub(40)).max(from);
        let window_end = floor_boundary(text, end.saturating_add(80).min(text.len()));
        let Some(window) = text.get(window_start..window_end) else { continue };
        for captures in PATTERN.captures_iter(window) {
            let schemes = [
                ("vat", Scheme::Vat),
                ("lei", Scheme::Lei),
                ("isin", Scheme::Isin),
                ("siret", Scheme::Siret),
                ("siren", Scheme::Siren),
                ("ticker", Scheme::Ticker),
            ];
            let Some((m, scheme)) = schemes.iter().find_map(|(name, s)| captures.name(name).map(|m| (m, *s))) else {
                continue;
            };
            let value: String = m.as_str().chars().filter(char::is_ascii_alphanumeric).collect();
            let span = Span::new(window_start + m.start(), window_start + m.end());
            let announced = !matches!(scheme, Scheme::Siren | Scheme::Siret) || {
                let near = triggers.partition_point(|(start, _)| start + 80 < span.start);
                let near = triggers.iter().skip(near).take_while(|(start, _)| *start <= span.end + 25);
                near.into_iter().any(|trigger| announces(text, *trigger, span))
            };
            let valid = announced
                && match scheme {
                    Scheme::Siren => is_siren(&value),
                    Scheme::Siret => is_siret(&value),
                    Scheme::Vat => is_vat(&value),
                    Scheme::Lei => is_lei(&value),
                    Scheme::Isin => is_isin(&value),
                    Scheme::Ticker => {
                        !["ISIN", "LEI", "RCS", "ICB", "APE", "NAF"].contains(&value.as_str())
                            && !value.starts_with("FR0")
                    }
                };
            if valid && found.iter().all(|other| !other.span.overlaps(span)) {
                from = span.end;
                found.push(Identifier { span, scheme, value });
            }
        }
    }
    found.sort_by_key(|identifier| identifier.span);
    found
}

/// Whether the trigger is a word of registers near the number.
fn announces(text: &str, (start, end): (usize, usize), number: Span) -> bool {
    let register = text.get(start..end).is_some_and(|word| {
        matches!(word, "SIREN" | "Siren" | "SIRET" | "Siret" | "RCS" | "R.C.S" | "TVA" | "immatricul")
    });
    register && ((end <= number.start && number.start - end <= 60) || (start >= number.end && start - number.end <= 25))
}

/// Whether what was taken for a name at `span` is a part of a registration: it overlaps an identifier or what
/// announces its value, or it is such an announcing word, alone or with a number (`SIREN 303 265 045`).
pub(super) fn is_registration(text: &str, span: Span, identifiers: &[Identifier]) -> bool {
    let next = identifiers.partition_point(|identifier| identifier.span.end <= span.start);
    let next = identifiers.get(next);
    if next.is_some_and(|identifier| identifier.span.overlaps(span)) {
        return true;
    }
    let name = text.get(span.start..span.end).unwrap_or_default();
    let word = name.split(|c: char| !c.is_alphanumeric() && c != '.').next().unwrap_or_default();
    const WORDS: [&str; 10] = ["SIREN", "SIRET", "RCS", "R.C.S", "R.C.S.", "TVA", "LEI", "ISIN", "APE", "NAF"];
    // Companies are called so too (`RCS Sport`).
    WORDS.contains(&word)
        && (word.len() == name.len()
            || name.bytes().filter(u8::is_ascii_digit).count() > 2
            || next.is_some_and(|identifier| identifier.span.start <= span.end + 3))
}

fn floor_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_decide() {
        assert!(is_siren("180089013") && !is_siren("180089014") && is_siren("356000000"));
        assert!(is_siret("18008901303720") && !is_siret("18008901303721") && !is_siret("18008901303"));
        assert!(is_vat("FR40303265045") && !is_vat("FR41303265045") && !is_vat("DE123"));
        assert!(is_isin("FR0000120578") && !is_isin("FR0000120579") && !is_isin("FR00001205"));
        assert!(is_lei("549300E9PC51EN656011") && !is_lei("549300E9PC51EN656012"));
    }

    #[test]
    fn registrations_are_no_names() {
        let text = "RCS Sport et Valoria (Euronext : VALO), LEI, RCS Lyon 303 265 045, ISIN FR0000120579.";
        let identifiers = find(text);
        let is = |name: &str| {
            let start = text.find(name).expect("it is there");
            is_registration(text, Span::new(start, start + name.len()), &identifiers)
        };
        assert!(is("VALO)") && is("LEI") && is("RCS Lyon") && is("303 265 045") && is("ISIN FR0000120579"));
        assert!(!is("RCS Sport") && !is("Valoria") && !is("Lyon") && !is("Euronext"));
    }

    #[test]
    fn identifiers_are_found_where_announced() {
        let text = "Valoria SA, 303 265 045 RCS Lyon, TVA FR40303265045. Contact : 01 80 08 90 13.\n(Euronext Paris : VALO – ISIN : FR0000120578)";
        let found: Vec<_> = find(text).into_iter().map(|i| (i.scheme, i.value)).collect();
        let expected = [
            (Scheme::Siren, "303265045"),
            (Scheme::Vat, "FR40303265045"),
            (Scheme::Ticker, "VALO"),
            (Scheme::Isin, "FR0000120578"),
        ];
        assert_eq!(found, expected.map(|(scheme, value)| (scheme, value.to_owned())));
        assert!(find("Téléphone : 180 089 013, code postal").is_empty());
    }
}
