//! Place and date of publication in a line.

use std::ops::Range;

use super::Dateline;
use crate::text::{PartialDate, Span, lower, month_number, weekday};

/// A word of a line: what stands between white space and commas, brackets and the like.
struct Word<'a> {
    text: &'a str,
    range: Range<usize>,
}

fn words(line: &str) -> Vec<Word<'_>> {
    let mut out = Vec::new();
    let mut start = None;
    for (at, c) in line.char_indices().chain([(line.len(), ' ')]) {
        let separates =
            c.is_whitespace() || matches!(c, ',' | '[' | ']' | '(' | ')' | ':' | ';' | '–' | '—' | '|' | '«' | '»');
        match (separates, start) {
            (true, Some(from)) => {
                out.push(Word { text: &line[from..at], range: from..at });
                start = None;
            }
            (false, None) => start = Some(at),
            _ => {}
        }
        // A dateline stands in the first words.
        if out.len() >= 40 {
            break;
        }
    }
    out
}

/// The first full date among the words from `from` on: its words and itself. `le`, a day of the
/// week and a full stop behind belong to it.
fn date_at(words: &[Word<'_>], i: usize) -> Option<(Range<usize>, PartialDate)> {
    let lower = |k: usize| words.get(k).map(|word| lower(word.text.trim_end_matches('.')));
    let mut at = i;
    while matches!(lower(at).as_deref(), Some("le" | "ce")) || lower(at).is_some_and(|word| weekday(&word).is_some()) {
        at += 1;
    }
    let day = lower(at)?;
    if let Some(date) = numeric(&day) {
        return Some((i..at + 1, date));
    }
    if let (Some(month), Some(year)) = (month_number(&day), lower(at + 1).and_then(|word| year(&word))) {
        return Some((i..at + 2, PartialDate::new(year, Some(month), None)?));
    }
    let number: u8 = day.trim_end_matches("er").parse().ok()?;
    let month = month_number(&lower(at + 1)?)?;
    let year = year(&lower(at + 2)?)?;
    Some((i..at + 3, PartialDate::new(year, Some(month), Some(number))?))
}

fn year(word: &str) -> Option<i32> {
    (word.len() == 4).then(|| word.parse().ok()).flatten().filter(|year| (1900..2200).contains(year))
}

/// `12/03/2024`, `12-03-2024`, `12.03.2024`, `2024-03-12`.
fn numeric(word: &str) -> Option<PartialDate> {
    let parts: Vec<&str> = word.split(['/', '-', '.']).collect();
    let &[first, second, third] = parts.as_slice() else { return None };
    let (day, month, year_text) = if first.len() == 4 { (third, second, first) } else { (first, second, third) };
    if day.len() > 2 || month.len() > 2 {
        return None;
    }
    PartialDate::new(year(year_text)?, Some(month.parse().ok()?), Some(day.parse().ok()?))
}

/// Words that stand between the capitals of a place name.
fn is_particle(word: &str) -> bool {
    matches!(
        word,
        "de" | "du"
            | "des"
            | "la"
            | "le"
            | "les"
            | "en"
            | "sur"
            | "sous"
            | "es"
            | "et"
            | "à"
            | "aux"
            | "lès"
            | "lez"
            | "-"
            | "/"
    ) || word.starts_with("d'")
        || word.starts_with("l'")
}

fn is_capitalised(word: &str) -> bool {
    word.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase)
        && !word.contains(|c: char| c.is_ascii_digit())
}

/// Whether a word is the number of a département in brackets: `Escalquens (31)`.
fn is_departement(line: &str, word: &Word<'_>) -> bool {
    let bracketed = line[..word.range.start].ends_with('(') && line[word.range.end..].starts_with(')');
    bracketed && word.text.len() <= 3 && word.text.starts_with(|c: char| c.is_ascii_digit())
}

/// The length in bytes of the time of day that opens `text`: `, 17 h 45`, ` à 7h30 CET`, `, 17 heures (heure de Paris)`.
fn time_of_day(text: &str) -> usize {
    let digits = |text: &str| text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let time = || {
        let rest = text.trim_start_matches([',', ' ', '\u{a0}', '\u{202f}']);
        let rest = rest.strip_prefix("à ").unwrap_or(rest);
        let rest = rest.get(digits(rest)..).filter(|after| after.len() < rest.len())?.trim_start();
        let mut rest = rest.strip_prefix("heures").or_else(|| rest.strip_prefix('h'))?;
        let minutes = rest.trim_start();
        if digits(minutes) == 2 {
            rest = minutes.get(2..)?;
        }
        let zone = rest.trim_start();
        let zones = ["CET", "CEST", "GMT", "UTC", "(heure de Paris)", "(heure locale)"];
        Some(zones.iter().find_map(|name| zone.strip_prefix(name)).unwrap_or(rest))
    };
    time().filter(|rest| !rest.starts_with(char::is_alphanumeric)).map_or(0, |rest| text.len() - rest.len())
}

/// The place and date that open `line` (whose first byte is `offset` in the text): `Lyon, le 12 mars
/// 2024 –`, `[18 octobre 2023] -`, `Publié le 3 mai 2019`. The date must be followed by a dash, a
/// colon, a full stop, a bracket or the end of the line: `Le 3 mai 2019, Valoria a …` is no dateline.
/// `is_below` tells that the headline stands above.
pub(super) fn opening(line: &str, offset: usize, is_below: bool) -> Option<Dateline> {
    let words = words(line);
    let label = ["publié", "paru", "communiqué", "fait", "mis", "diffusé", "date"];
    let mut first = 0;
    if words.first().is_some_and(|word| label.contains(&word.text.to_lowercase().as_str())) {
        while words.get(first).is_some_and(|word| {
            let lower = word.text.to_lowercase();
            label.contains(&lower.as_str())
                || matches!(lower.as_str(), "le" | "en" | "ligne" | "à" | "de" | "presse" | "du")
        }) {
            first += 1;
        }
    }
    let mut at = first;
    loop {
        if let Some((range, date)) = date_at(&words, at) {
            let (start, end) = (words.get(range.start)?.range.start, words.get(range.end - 1)?.range.end);
            let ended = line[..end].ends_with('.');
            let end = end + if ended { 0 } else { time_of_day(&line[end..]) };
            let rest = line[end..].trim_start();
            if !ended
                && !rest.is_empty()
                && !rest.starts_with(['–', '—', '-', ':', '.', ']', ')', '(', '|', '/', '•', '●', '\u{b7}'])
            {
                return None;
            }
            let place =
                line[words[first].range.start..start].trim_end_matches([' ', ',', '[', '(', '-', '–', '—', ':', '|']);
            // `Colloque Lumières - 28 septembre 2018` is a headline, `Brest - 28 septembre 2018` below one is none.
            let after_town = words.get(first + 1..at).unwrap_or_default();
            let town = is_below && after_town.iter().all(|word| is_departement(line, word));
            let dashed = line[..start].trim_end().ends_with(['-', '–', '—'])
                && !words[range.start].text.eq_ignore_ascii_case("le");
            if dashed && rest.is_empty() && !town {
                return None;
            }
            let place_start = offset + words[first].range.start;
            let place = (at > first && !place.is_empty()).then(|| Span::new(place_start, place_start + place.len()));
            let closing = rest.chars().next().filter(|_| !ended).map_or(0, char::len_utf8);
            let until = if closing == 0 { end } else { line.len() - rest.len() + closing };
            return Some(Dateline { span: Span::new(offset, offset + until), place, date: Some(date) });
        }
        let word = words.get(at)?;
        let goes_on = is_capitalised(word.text) || at > first && (is_particle(word.text) || is_departement(line, word));
        if !goes_on || at - first > 25 {
            return None;
        }
        at += 1;
    }
}

/// A place without a date at the head of a paragraph: `Bréval (72) – L'équipe…`.
pub(super) fn place_only(line: &str, offset: usize) -> Option<Dateline> {
    let (dash, mark) = line.char_indices().take(48).find(|&(at, c)| {
        matches!(c, '–' | '—' | '-') && line[..at].ends_with(' ') && line[at + c.len_utf8()..].starts_with(' ')
    })?;
    let rest = line[dash + mark.len_utf8()..].trim_start();
    let place = line[..dash].trim_end();
    let words = words(place);
    let named = !words.is_empty()
        && words.len() <= 4
        && words.iter().enumerate().all(|(i, word)| is_capitalised(word.text) || i > 0 && is_particle(word.text));
    let opens = rest.chars().next().is_some_and(|c| c.is_uppercase() || matches!(c, '«' | '“'));
    (named && opens && rest.len() > 60).then(|| Dateline {
        span: Span::new(offset, offset + dash + mark.len_utf8()),
        place: Some(Span::new(offset, offset + place.len())),
        date: None,
    })
}

/// The date that ends a line which tells the source (`Source : … – Uvira, 23 avril 2026.`) or a headline
/// (`Communiqué de presse du 27 septembre 2023`).
pub(super) fn closing(line: &str) -> Option<PartialDate> {
    // Only the last words matter; cut there to stay linear on long lines.
    let from = line.char_indices().rev().nth(60).map_or(0, |(at, _)| at);
    let tail = &line[from..];
    let words = words(tail);
    (0..words.len()).find_map(|i| {
        let (range, date) = date_at(&words, i)?;
        let end = words.get(range.end - 1)?.range.end;
        let end = end + time_of_day(&tail[end..]);
        tail[end..].trim_matches([' ', '.', ')', ']', ',']).is_empty().then_some(date)
    })
}

/// The day on which a line says that it is written: `remet ce jeudi 20 juin 2019`.
pub(super) fn today(line: &str) -> Option<PartialDate> {
    let words = words(line);
    let mut pairs = words.windows(2).enumerate();
    pairs.find_map(|(i, pair)| match pair {
        [this, day] if lower(this.text) == "ce" && weekday(&lower(day.text)).is_some() => {
            date_at(&words, i).map(|(_, date)| date).filter(|date| date.day.is_some())
        }
        _ => None,
    })
}
