//! Names that the language itself marks: numbered research units, acronyms in parentheses.

use super::types::initials_fit;
use super::{Name, Text, tidy};
use crate::mentions::HeadUse;
use crate::segment::TokenKind;
use crate::tag::{EntityType, Upos};

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
    let known = names[..known].iter().filter(|name| !covered(&sources, name)).count();
    names.retain(|name| !covered(&sources, name));
    names.extend(sources);
    let acronyms: Vec<Name> = names[..known].iter().filter_map(|name| acronym_behind(text, name)).collect();
    names.extend(acronyms);
    states(text, &mut names);
    let quoted: Vec<Name> = (0..text.words.len()).filter_map(|i| quoted(text, i)).collect();
    names.retain(|name| !covered(&quoted, name));
    names.extend(quoted);
    tidy(names)
}

/// Whether a name shares a token with one of `others`, which are in the order of the text.
pub(super) fn covered(others: &[Name], name: &Name) -> bool {
    let at = others.partition_point(|other| other.tokens.end <= name.tokens.start);
    others.get(at).is_some_and(|other| other.tokens.start < name.tokens.end)
}

/// Adds the State (`l'État`), but for its head (`le chef de l'État`) and what begins with it in capitals; without the article
/// it is no name (`secrétaire d'État`).
fn states(text: &Text<'_>, names: &mut Vec<Name>) {
    retain_states(text, names);
    for i in 1..text.words.len() {
        if is_state(text, i) && !text.is_capitalised(i + 1) {
            names.push(Name { tokens: i..i + 1, kind: EntityType::Organization, score: 0.6, guessed: false });
        }
    }
}

/// Drops the State where it is no name.
pub(super) fn retain_states(text: &Text<'_>, names: &mut Vec<Name>) {
    let word = |i: usize| matches!(text.words.form(i), "État" | "Etat");
    names.retain(|name| name.tokens.len() > 1 || !word(name.tokens.start) || is_state(text, name.tokens.start));
}

fn is_state(text: &Text<'_>, i: usize) -> bool {
    let article = || i > 0 && text.words.is(i - 1, &["l'"]);
    let head = || i > 2 && text.words.is(i - 3, &["chef", "chefs"]) && text.words.is(i - 2, &["de"]);
    matches!(text.words.form(i), "État" | "Etat") && article() && !head()
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

/// What stands in quotation marks that open at token `i`, behind the noun of a programme, product, site or event
/// (`le programme « Énergie pour tous »`).
fn quoted(text: &Text<'_>, i: usize) -> Option<Name> {
    let close = match text.words.form(i) {
        "«" => "»",
        "“" => "”",
        "\"" => "\"",
        _ => return None,
    };
    let end = (i + 2..i + LONGEST_QUOTE).find(|&end| text.words.form(end) == close)?;
    if !text.is_capitalised(i + 1) || !text.same_sentence(i, end) {
        return None;
    }
    let mut at = i.checked_sub(1)?;
    if text.words.is(at, &INTRODUCING) {
        at = at.checked_sub(1)?;
    }
    let noun = titled(text, at)?;
    let head = text.lexicon.head(&text.words.lower(noun))?;
    let shown = !text.is_capitalised(noun) || text.opens_sentence(noun);
    let kind = *head.kinds.first().filter(|_| shown && text.same_sentence(noun, i))?;
    let named = matches!(kind, EntityType::Program | EntityType::Product | EntityType::Site)
        || kind == EntityType::Event
            && (head.usage != HeadUse::Name || EVENTS_WITH_TITLES.contains(&text.words.lower(noun).as_ref()));
    named.then_some(Name { tokens: i + 1..end, kind, score: 0.7, guessed: false })
}

/// Events that have titles of their own beside the noun.
const EVENTS_WITH_TITLES: [&str; 5] = ["colloque", "conférence", "journée", "forum", "congrès"];

/// The noun in front of a title that ends at token `at`, over its adjectives and what `de` adds (`campagne de versements
/// mensuels`); what it says a name is.
fn titled(text: &Text<'_>, mut at: usize) -> Option<usize> {
    let describes =
        |i: usize| text.words.tags.upos(i) == Upos::Adj && text.lexicon.head(&text.words.lower(i)).is_none();
    while describes(at) {
        at = at.checked_sub(1)?;
    }
    let known = |i: usize| text.lexicon.head(&text.words.lower(i)).is_some();
    if known(at) {
        return Some(at);
    }
    // `campagne de versements`
    let link = at.checked_sub(1)?;
    let noun = link.checked_sub(1)?;
    let complement =
        text.words.tags.upos(at) == Upos::Noun && !text.is_capitalised(at) && text.words.is(link, &["de", "d'"]);
    (complement && known(noun)).then_some(noun)
}

/// Longest quotation that is taken for a name, in tokens.
const LONGEST_QUOTE: usize = 14;

/// Participles between a noun and its name.
pub(super) const INTRODUCING: [&str; 9] =
    ["intitulé", "intitulée", "dénommé", "dénommée", "baptisé", "baptisée", "appelé", "appelée", "dit"];

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
