//! One pass over the tokens that finds all values.

use super::Mention;
use super::dates::Dates;
use super::quantities::Quantities;
use super::value::{Value, ValueKind};
use super::words::Words;
use crate::segment::{Segmentation, TokenKind};
use crate::tag::Tags;
use crate::text::{Document, PartialDate};

/// The values of `document` outside its `names`, in order; they do not overlap.
pub(super) fn values(
    document: &Document,
    segmentation: &Segmentation,
    tags: &Tags,
    issued: Option<PartialDate>,
    names: &[Mention],
) -> Vec<Value> {
    let words = Words::new(document, segmentation, tags);
    let dates = Dates { words, issued };
    let quantities = Quantities { words, issued };
    let mut out: Vec<Value> = Vec::new();
    let mut names = names.iter().peekable();
    let mut at = 0;
    while at < words.len() {
        while names.next_if(|name| name.tokens.end <= at).is_some() {}
        if let Some(name) = names.peek().filter(|name| name.tokens.contains(&at)) {
            at = name.tokens.end;
            continue;
        }
        let limit = names.peek().map_or(words.len(), |name| name.tokens.start);
        let found = may_begin(&words, at)
            .then(|| {
                let date = dates.at(at).map(|(end, date)| (at..end, ValueKind::Date { date }));
                date.or_else(|| quantities.at(at))
            })
            .flatten()
            .filter(|(range, _)| range.end <= limit);
        let Some((range, kind)) = found else {
            at += 1;
            continue;
        };
        let free_from = out.last().map_or(0, |last| last.tokens.end);
        let range = range.start.max(free_from)..range.end.min(words.len());
        at = range.end.max(at + 1);
        if let Some(span) =
            segmentation.tokens.get(range.clone()).and_then(|t| Some(t.first()?.span.cover(t.last()?.span)))
        {
            out.push(Value { span, tokens: range, kind });
        }
    }
    out
}

/// Whether a value may begin with token `i`: most words are told apart by their first letter.
fn may_begin(words: &Words<'_>, i: usize) -> bool {
    match words.kind(i) {
        Some(TokenKind::Number) => true,
        Some(TokenKind::Word) => words.form(i).chars().next().is_some_and(|c| {
            // a(oût, vril, utomne, n, nnée), c(e, inq), d(eux), …: no value begins with the others.
            matches!(c.to_ascii_lowercase(), 'a'..='f' | 'h' | 'i' | 'j' | 'l'..='v' | 'é')
        }),
        Some(TokenKind::Punctuation) => matches!(words.form(i), "€" | "$" | "£"),
        _ => false,
    }
}
