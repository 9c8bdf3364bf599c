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
