//! Amounts of money, percentages, durations, counts.

use std::ops::Range;

use super::numerals::{magnitude, number};
use super::value::{Currency, ValueKind};
use super::words::Words;
use crate::segment::TokenKind;
use crate::tag::Upos;
use crate::text::PartialDate;

/// Finds quantities in `words`.
pub(super) struct Quantities<'a> {
    pub(super) words: Words<'a>,
    pub(super) issued: Option<PartialDate>,
}

impl Quantities<'_> {
    /// The quantity that begins at token `i`: its tokens (a word such as `près de` in front of a
    /// count belongs to it) and what it is.
    pub(super) fn at(&self, i: usize) -> Option<(Range<usize>, ValueKind)> {
        if let Some((currency, at)) = self.sign(i) {
            let (value, end) = number(&self.words, at)?;
            let (value, end) = self.letter(value, end);
            return Some((i..end, ValueKind::Amount { low: value, high: value, currency }));
        }
        let (value, end) = number(&self.words, i)?;
        if let Some((currency, scale, end)) = self.money(end) {
            let value = value * scale;
            return Some((i..end, ValueKind::Amount { low: value, high: value, currency }));
        }
        if let Some(found) = self.range(i, value, end) {
            return Some(found);
        }
        if self.words.is(end, &["%"]) {
            return Some((i..end + 1, ValueKind::Percent(value)));
        }
        if self.words.is(end, &["pour"]) && self.words.is(end + 1, &["cent"]) {
            return Some((i..end + 2, ValueKind::Percent(value)));
        }
        if let Some((duration, end)) = self.duration(value, end) {
            return Some((i..end, ValueKind::Duration(duration)));
        }
        self.count(i, value, end)
    }

    /// A sign of a currency in front of a number: `$ 10 millions`.
    fn sign(&self, i: usize) -> Option<(Currency, usize)> {
        let currency = match self.words.form(i) {
            "€" => Currency("EUR"),
            "$" => Currency("USD"),
            "£" => Currency("GBP"),
            _ => return None,
        };
        let own = self.words.kind(i + 1) == Some(TokenKind::Number)
            && (i == 0 || self.words.kind(i - 1) != Some(TokenKind::Number));
        own.then_some((currency, i + 1))
    }

    /// A letter glued to a number: `10M`, `200k`.
    fn letter(&self, value: f64, at: usize) -> (f64, usize) {
        let scale = match self.words.form(at) {
            "M" | "m" if self.words.glued(at) => 1e6,
            "k" | "K" if self.words.glued(at) => 1e3,
            _ => return (value, at),
        };
        (value * scale, at + 1)
    }

    /// The currency at token `at`, what the number in front is to be multiplied with, and the token behind.
    fn money(&self, at: usize) -> Option<(Currency, f64, usize)> {
        let at = if self.words.is(at, &["de", "d'"]) { at + 1 } else { at };
        let scale = match self.words.form(at) {
            "M" | "m" => 1e6,
            "k" | "K" => 1e3,
            _ => 1.0,
        };
        let unit = if scale > 1.0 { at + 1 } else { at };
        let unit = if self.words.is(unit, &["d'", "de"]) && scale > 1.0 { unit + 1 } else { unit };
        let (currency, inner, end) = self.currency(unit)?;
        Some((currency, scale * inner, end))
    }

    fn currency(&self, i: usize) -> Option<(Currency, f64, usize)> {
        let next = self.words.lower(i + 1);
        let dollars = |end: usize| match next.as_ref() {
            "canadien" | "canadiens" => ("CAD", i + 2),
            "australien" | "australiens" => ("AUD", i + 2),
            "américain" | "américains" | "us" => ("USD", i + 2),
            _ => ("USD", end),
        };
        let (code, scale, end) = match self.words.lower(i).as_ref() {
            "€" | "euro" | "euros" | "eur" => ("EUR", 1.0, i + 1),
            "keur" | "keuros" | "kilo-euros" => ("EUR", 1e3, i + 1),
            "meur" => ("EUR", 1e6, i + 1),
            "$" | "dollar" | "dollars" => {
                let (code, end) = dollars(i + 1);
                (code, 1.0, end)
            }
            "usd" => ("USD", 1.0, i + 1),
            "us" if next == "$" => ("USD", 1.0, i + 2),
            "£" | "gbp" => ("GBP", 1.0, i + 1),
            "livre" | "livres" if next == "sterling" => ("GBP", 1.0, i + 2),
            "chf" => ("CHF", 1.0, i + 1),
            "fcfa" | "xof" => ("XOF", 1.0, i + 1),
            "franc" | "francs" => match next.as_ref() {
                "suisse" | "suisses" => ("CHF", 1.0, i + 2),
                "cfa" => ("XOF", 1.0, i + 2),
                "congolais" => ("CDF", 1.0, i + 2),
                // The French franc ended with the euro.
                _ if self.issued.is_some_and(|date| date.year > 2002) => ("CHF", 1.0, i + 1),
                _ => ("FRF", 1.0, i + 1),
            },
            "yen" | "yens" => ("JPY", 1.0, i + 1),
            "yuan" | "yuans" => ("CNY", 1.0, i + 1),
            "roupie" | "roupies" => ("INR", 1.0, i + 1),
            "dirham" | "dirhams" => ("MAD", 1.0, i + 1),
            _ => return None,
        };
        Some((Currency(code), scale, end))
    }

    /// `entre 3 et 5 M€`, `de 10 à 12 millions d'euros`, where `3` was read up to `end`.
    fn range(&self, i: usize, low: f64, end: usize) -> Option<(Range<usize>, ValueKind)> {
        let between = self.words.before(i) == "entre";
        let joins = self.words.is(end, &["à", "-", "–"]) || between && self.words.is(end, &["et"]);
        if !joins {
            return None;
        }
        let (high, at) = number(&self.words, end + 1)?;
        let (currency, scale, after) = self.money(at)?;
        let spelled = magnitude(&self.words.lower(at - 1)).unwrap_or(1.0);
        let high = high * scale;
        // `3 et 5 millions`: the first takes the magnitude of the second.
        let both = scale * if magnitude(&self.words.lower(end - 1)).is_none() { spelled } else { 1.0 };
        let low = if low * both <= high { low * both } else { low };
        Some((if between { i - 1 } else { i }..after, ValueKind::Amount { low, high, currency }))
    }

    /// The unit of time at token `at`: `ans`, `d'années`, `mois`; in ISO 8601.
    fn duration(&self, value: f64, at: usize) -> Option<(String, usize)> {
        let at = if self.words.is(at, &["d'", "de"]) { at + 1 } else { at };
        let (time, factor, unit) = match self.words.lower(at).as_ref() {
            "an" | "ans" | "année" | "années" => ("", 1.0, 'Y'),
            "décennie" | "décennies" => ("", 10.0, 'Y'),
            "semestre" | "semestres" => ("", 6.0, 'M'),
            "trimestre" | "trimestres" => ("", 3.0, 'M'),
            "mois" => ("", 1.0, 'M'),
            "semaine" | "semaines" => ("", 1.0, 'W'),
            "jour" | "jours" | "journée" | "journées" => ("", 1.0, 'D'),
            "heure" | "heures" => ("T", 1.0, 'H'),
            "minute" | "minutes" => ("T", 1.0, 'M'),
            _ => return None,
        };
        let mut end = at + 1;
        let mut value = value * factor;
        if self.words.is(end, &["et"]) && self.words.is(end + 1, &["demi", "demie"]) {
            value += 0.5;
            end += 2;
        }
        let more = unit == 'Y' && self.words.is(end, &["et"]);
        if let Some((months, behind)) = more.then(|| number(&self.words, end + 1)).flatten()
            && self.words.is(behind, &["mois"])
        {
            return Some((format!("P{value}Y{months}M"), behind + 1));
        }
        Some(match unit {
            'Y' if value.fract() != 0.0 => (format!("P{}M", (value * 12.0).round()), end),
            'W' if value.fract() != 0.0 => (format!("P{}D", (value * 7.0).round()), end),
            'D' if value.fract() != 0.0 => (format!("PT{}H", (value * 24.0).round()), end),
            'H' if value.fract() != 0.0 => (format!("PT{}M", (value * 60.0).round()), end),
            _ => (format!("P{time}{}{unit}", value.round()), end),
        })
    }

    /// A number with what it counts. A bare number counts nothing; a bare `un` is an article.
    fn count(&self, i: usize, value: f64, end: usize) -> Option<(Range<usize>, ValueKind)> {
        let numbers = |at: usize| self.words.kind(at) == Some(TokenKind::Number);
        let digits = numbers(i);
        // Digits in a row are a telephone number; a numeral before a stop or bracket at the head of a line lists.
        let listing = digits
            && self.words.is(end, &[".", ")", "°"])
            && (i == 0 || self.words.kind(i - 1) == Some(TokenKind::Break));
        if digits && (numbers(end) || i > 0 && numbers(i - 1)) || listing || self.words.before(i) == "n°" {
            return None;
        }
        let article = self.words.is(i, &["un", "une"]) && end == i + 1;
        if article {
            return None;
        }
        let start = self.approximation(i);
        match self.noun(end) {
            Some((unit, end)) => Some((start..end, ValueKind::Count { value, unit })),
            None if digits => Some((start..end, ValueKind::Count { value, unit: String::new() })),
            None => None,
        }
    }

    /// Where `plus de`, `près de`, `environ` in front of token `i` begins; `i` if nothing is there.
    fn approximation(&self, i: usize) -> usize {
        let before = self.words.before(i);
        let two = i >= 2 && matches!(before.as_ref(), "de" | "d'") && self.words.is(i - 2, &["plus", "près", "moins"]);
        if two {
            i - 2
        } else if matches!(before.as_ref(), "environ" | "presque" | "quelque" | "quelques") {
            i - 1
        } else {
            i
        }
    }

    /// The lemma of the noun that token `at` begins to name, and the token behind it.
    fn noun(&self, at: usize) -> Option<(String, usize)> {
        let first = if self.words.is(at, &["de", "d'"]) { at + 1 } else { at };
        let mut at = first;
        for _ in 0..2 {
            let adjective = matches!(self.words.tags.upos(at), Upos::Adj | Upos::Adv);
            let ordinary = ["nouveaux", "nouvelles", "autres", "premiers", "premières", "jeunes", "grands", "grandes"];
            if adjective || self.words.is(at, &ordinary) {
                at += 1;
            }
        }
        // What only looks like an adjective is the noun: `sept salariés`.
        let found = self.noun_at(at);
        let nominal = || (at > first && self.words.tags.upos(first) == Upos::Adj).then(|| self.unit(first));
        found.or_else(nominal)
    }

    /// The noun that is token `at`, and the token behind it.
    fn noun_at(&self, at: usize) -> Option<(String, usize)> {
        let form = self.words.form(at);
        let word = self.words.kind(at) == Some(TokenKind::Word) && form.chars().next().is_some_and(char::is_alphabetic);
        let noun = match self.words.tags.upos(at) {
            Upos::Noun | Upos::Propn => true,
            Upos::X => form.len() >= 3 && form.chars().all(|c| c.is_lowercase() || c == '-') && !is_function_word(form),
            _ => false,
        };
        if !word || !noun || form.ends_with('\'') {
            return None;
        }
        Some(self.unit(at))
    }

    /// What is counted by its lemma, and the token behind it.
    fn unit(&self, at: usize) -> (String, usize) {
        let lemma = self.words.tags.lemma(at);
        let lower = self.words.lower(at);
        let singular = if lemma.is_empty() { lower.trim_end_matches(['s', 'x']) } else { lemma };
        (singular.to_lowercase(), at + 1)
    }
}

/// Words that no noun is, for text without tags.
fn is_function_word(word: &str) -> bool {
    let words = [
        "des", "les", "dans", "sur", "par", "pour", "avec", "sans", "sous", "qui", "que", "dont", "ont", "est", "sont",
        "aux", "entre", "depuis", "mais", "puis", "ainsi", "lors", "chez", "vers", "contre", "ans", "plus", "moins",
        "fois",
    ];
    words.contains(&word)
}
