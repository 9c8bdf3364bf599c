//! Typed values: dates as precise as known, durations, numbers.

use oxrdf::{Literal, NamedNodeRef};

use super::vocabulary::xsd;
use crate::mentions::ValueKind;
use crate::pipeline::Extraction;
use crate::text::{PartialDate, Span};

/// A date as `xsd:gYear`, `xsd:gYearMonth` or `xsd:date`.
pub(super) fn date(date: PartialDate) -> Literal {
    let datatype = match (date.month, date.day) {
        (None, _) => xsd::G_YEAR,
        (_, None) => xsd::G_YEAR_MONTH,
        _ => xsd::DATE,
    };
    Literal::new_typed_literal(date.to_string(), datatype)
}

/// A number as `xsd:decimal`, in its canonical form without needless zeros.
pub(super) fn decimal(number: f64) -> Literal {
    // More than six digits behind the point are noise of the conversion from words.
    let text = format!("{number:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    typed(if text == "-0" { "0" } else { text }, xsd::DECIMAL)
}

/// A literal of that type.
pub(super) fn typed(text: &str, datatype: NamedNodeRef<'_>) -> Literal {
    Literal::new_typed_literal(text, datatype)
}

/// Words of the text, which is French.
pub(super) fn words(text: &str) -> Literal {
    // Line breaks and runs of spaces are typography, not words.
    let mut words = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    Literal::new_simple_literal(words)
}

/// The first value of the text in `span` for which `wanted` has an answer.
pub(super) fn value_in<T>(
    extraction: &Extraction,
    span: Option<Span>,
    wanted: impl Fn(&ValueKind) -> Option<T>,
) -> Option<T> {
    let span = span?;
    extraction.mentions.values.iter().filter(|value| value.span.overlaps(span)).find_map(|value| wanted(&value.kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_no_exponent_and_no_needless_zeros() {
        for (number, text) in
            [(8e6, "8000000"), (12.5, "12.5"), (0.1 + 0.2, "0.3"), (-0.0, "0"), (1.25e12, "1250000000000")]
        {
            assert_eq!(decimal(number).value(), text);
        }
    }
}
