//! Names that the language itself marks: numbered research units, acronyms in parentheses.

use super::types::initials_fit;
use super::{Name, Text, tidy};
use crate::segment::TokenKind;
use crate::tag::EntityType;

/// The names, and those that a mark tells: `UMR 1037`, `Laboratoire de chimie végétale (LCV)`.
pub(super) fn add(text: &Text<'_>, mut names: Vec<Name>) -> Vec<Name> {
    let known = names.len();
    for i in 0..text.words.len() {
        let unit = matches!(text.words.form(i), "UMR" | "UPR" | "UAR" | "USR" | "UMS" | "EA" | "ERL" | "UMI");
        if unit && text.words.kind(i + 1) == Some(TokenKind::Number) && text.words.form(i + 1).len() >= 2 {
            names.push(Name { tokens: i..i + 2, kind: EntityType::Organization, score: 0.9, guessed: false });
        }
    }
    part_units(&mut names, known);
    let sources: Vec<Name> = (0..text.segmentation.sentences.len()).filter_map(|i| source(text, i)).collect();
    let covered = |name: &Name| {
        let at = sources.partition_point(|source| source.tokens.end <= name.tokens.start);
        sources.get(at).is_some_and(|source| source.tokens.start < name.tokens.end)
    };
    let known = names[..known].iter().filter(|name| !covered(name)).count();
    names.retain(|name| !covered(name));
    names.extend(sources);
    let acronyms: Vec<Name> = names[..known].iter().filter_map(|name| acronym_behind(text, name)).collect();
    names.extend(acronyms);
    states(text, &mut names);
    tidy(names)
}

/// Adds the State (`l'État`), but for its head (`le chef de l'État`) and what begins with it in capitals; without the article
/// it is no name (`secrétaire d'État`).
fn states(text: &Text<'_>, names: &mut Vec<Name>) {
    let state = |i: usize| matches!(text.words.form(i), "État" | "Etat");
    let article = |i: usize| i > 0 && text.words.is(i - 1, &["l'"]);
    names.retain(|name| name.tokens.len() > 1 || !state(name.tokens.start) || article(name.tokens.start));
    for i in 1..text.words.len() {
        let head = || i > 2 && text.words.is(i - 3, &["chef"]) && text.words.is(i - 2, &["de"]);
        if state(i) && article(i) && !head() && !text.is_capitalised(i + 1) {
            names.push(Name { tokens: i..i + 1, kind: EntityType::Organization, score: 0.6, guessed: false });
        }
    }
}

/// The body that sentence `i` tells as the source of the release: `Source : Cellule de presse du Gouverneur — Kora, 3 mai 2024.`
fn source(text: &Text<'_>, i: usize) -> Option<Name> {
    let sentence = text.segmentation.sentences.get(i)?;
    let start = sentence.tokens.start;
    if !matches!(text.words.form(start), "Source" | "Rédaction") || text.words.form(start + 1) != ":" {
        return None;
    }
    let first = start + 2;
    let ends = |i: usize| {
        matches!(text.words.form(i), "—" | "–" | "," | "." | "(" | ";" | "|")
            || text.words.kind(i) == Some(TokenKind::Break)
    };
    let end = (first..sentence.tokens.end).find(|&i| ends(i)).unwrap_or(sentence.tokens.end);
    let words = (first..end).all(|i| text.words.kind(i) == Some(TokenKind::Word));
    let long = (3..=9).contains(&(end - first));
    let named = text.is_capitalised(first) && text.lexicon.head(&text.words.lower(first)).is_some();
    (words && long && named).then_some(Name {
        tokens: first..end,
        kind: EntityType::Organization,
        score: 0.8,
        guessed: false,
    })
}

/// A unit at the end of a longer run (`Institut X UMR 1037`) is a name of its own.
fn part_units(names: &mut [Name], known: usize) {
    let (tagged, units) = names.split_at_mut(known);
    // Both run in the order of the text.
    let mut next = 0;
    for unit in units.iter() {
        while tagged.get(next).is_some_and(|name| name.tokens.end <= unit.tokens.start) {
            next += 1;
        }
        if let Some(name) = tagged.get_mut(next).filter(|name| name.tokens.start <= unit.tokens.start) {
            name.tokens.end = unit.tokens.start;
        }
    }
}

/// The acronym in parentheses behind a longer name, whose initials it is.
fn acronym_behind(text: &Text<'_>, name: &Name) -> Option<Name> {
    let at = name.tokens.end + 1;
    let form = text.words.form(at);
    let marked = text.words.form(at - 1) == "(" && text.words.form(at + 1) == ")";
    let acronym = form.chars().count() <= 10 && form.chars().filter(|c| c.is_uppercase()).count() > 1;
    let found = Name { tokens: at..at + 1, kind: name.kind, score: name.score, guessed: false };
    let fits = name.tokens.len() > 1 && !matches!(name.kind, EntityType::Person | EntityType::Place);
    (marked && acronym && fits && initials_fit(text, name, &found)).then_some(found)
}
