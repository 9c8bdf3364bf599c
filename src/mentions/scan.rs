//! One pass over the tokens that finds all values.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::Mention;
use super::dates::{Dates, ORDINALS, PERIODS};
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
        let value = || {
            let date = dates.at(at).map(|(end, date)| (at..end, ValueKind::Date { date }));
            date.or_else(|| quantities.at(at))
        };
        let may = may_begin(&words, at);
        debug_assert!(
            may || words.kind(at) != Some(TokenKind::Word) || value().is_none(),
            "`{}` begins a value: add it to OPENERS",
            words.form(at)
        );
        let found = may.then(value).flatten().filter(|(range, _)| range.end <= limit);
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

/// The words that a value can begin with, beside those with a hyphen (`mi-2024`, `vingt-deux`).
const OPENERS: &[&str] = &[
    // Numbers.
    "un",
    "une",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "vingt",
    "vingts",
    "trente",
    "quarante",
    "cinquante",
    "soixante",
    "septante",
    "huitante",
    "octante",
    "nonante",
    "cent",
    "cents",
    "mille",
    // Days, months, seasons.
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "janvier",
    "janv.",
    "janv",
    "février",
    "fevrier",
    "févr.",
    "févr",
    "mars",
    "avril",
    "avr.",
    "mai",
    "juin",
    "juillet",
    "juil.",
    "juil",
    "août",
    "aout",
    "septembre",
    "sept.",
    "octobre",
    "oct.",
    "oct",
    "novembre",
    "nov.",
    "nov",
    "décembre",
    "decembre",
    "déc.",
    "déc",
    "printemps",
    "été",
    "automne",
    "hiver",
    "rentrée",
    // Other dates.
    "hier",
    "avant-hier",
    "aujourd'hui",
    "demain",
    "ce",
    "cette",
    "an",
    "année",
    "mois",
    "semaine",
    "fin",
    "début",
    "courant",
    "mi",
    "il",
];

/// Whether a value may begin with token `i`: most words are told apart at one look.
fn may_begin(words: &Words<'_>, i: usize) -> bool {
    static SET: LazyLock<FxHashSet<&str>> =
        LazyLock::new(|| OPENERS.iter().chain(&PERIODS).chain(&ORDINALS).copied().collect());
    match words.kind(i) {
        Some(TokenKind::Number) => true,
        Some(TokenKind::Word) => {
            let word = words.lower(i);
            SET.contains(word.as_ref()) || word.contains('-')
        }
        Some(TokenKind::Punctuation) => matches!(words.form(i), "€" | "$" | "£"),
        _ => false,
    }
}
