use std::fmt;
use std::ops::Range;

use crate::text::{PartialDate, Span};

/// A value in the text, with its words.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Where its words stand.
    pub span: Span,
    /// Its tokens.
    pub tokens: Range<usize>,
    /// What it says.
    pub kind: ValueKind,
}

/// A currency by its ISO 4217 code, such as `EUR`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Currency(pub &'static str);

impl fmt::Display for ValueKind {
    /// What it is and its value: `date 2024-03`, `amount 10000000 to 12000000 EUR`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date { date: Some(date) } => write!(f, "date {date}"),
            Self::Date { date: None } => f.write_str("date, relative to one that is not known"),
            Self::Duration(duration) => write!(f, "duration {duration}"),
            Self::Amount { low, high, currency } if low == high => write!(f, "amount {low} {}", currency.0),
            Self::Amount { low, high, currency } => write!(f, "amount {low} to {high} {}", currency.0),
            Self::Percent(percent) => write!(f, "{percent} %"),
            Self::Count { value, unit } => write!(f, "count {value} {unit}"),
        }
    }
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueKind {
    /// A date, resolved against the date of the release where it is relative.
    Date {
        /// As precise as known; `None` where it is relative to a date that is not known.
        date: Option<PartialDate>,
    },
    /// A duration in ISO 8601 (`P3Y`).
    Duration(String),
    /// An amount of money; a range has both ends.
    Amount {
        /// The value, or the lower end.
        low: f64,
        /// The upper end; equal to `low` where it is no range.
        high: f64,
        /// The currency.
        currency: Currency,
    },
    /// A percentage (`12,5 %` is 12.5).
    Percent(f64),
    /// A number of something (`1 200 salariés`).
    Count {
        /// How many.
        value: f64,
        /// The lemma of what is counted, such as `salarié`; empty where nothing is named.
        unit: String,
    },
}
