//! One type for one form.

use rustc_hash::FxHashMap;

use super::{Name, Text};
use crate::mentions::HeadUse;
use crate::tag::{EntityType, Upos};
use crate::text::fold;

/// What speaks for each type of a form, by the order of [`EntityType::ALL`].
type Votes = [f32; EntityType::ALL.len()];

/// The names, each with the type that its form has most often in the release. A noun in front of one
/// (`programme Essor`) speaks louder than the tagger.
pub(super) fn unify(text: &Text<'_>, mut names: Vec<Name>) -> Vec<Name> {
    let keys: Vec<String> = names.iter().map(|name| key(text, name)).collect();
    let mut votes: FxHashMap<&str, Votes> = FxHashMap::default();
    for (name, key) in names.iter().zip(&keys) {
        let votes = votes.entry(key).or_default();
        add(votes, name.kind, name.score);
        for (kind, weight) in evidence(text, name) {
            add(votes, kind, weight);
        }
    }
    share_acronyms(text, &names, &keys, &mut votes);
    for (name, key) in names.iter_mut().zip(&keys) {
        if let Some(votes) = votes.get(key.as_str()) {
            name.kind = winner(votes, name.kind);
        }
    }
    names
}

fn add(votes: &mut Votes, kind: EntityType, weight: f32) {
    if let Some(i) = EntityType::ALL.iter().position(|k| *k == kind) {
        votes[i] += weight;
    }
}

fn winner(votes: &Votes, own: EntityType) -> EntityType {
    let mut best = own;
    let mut most = EntityType::ALL.iter().position(|k| *k == own).map_or(0.0, |i| votes[i]);
    for (kind, vote) in EntityType::ALL.iter().zip(votes) {
        if *vote > most {
            (best, most) = (*kind, *vote);
        }
    }
    best
}

/// The form of a name, folded.
pub(super) fn key(text: &Text<'_>, name: &Name) -> String {
    let words: Vec<&str> = name.tokens.clone().map(|i| text.words.form(i)).collect();
    fold(&words.join(" "))
}

/// What the words around a name say about its type.
fn evidence(text: &Text<'_>, name: &Name) -> impl Iterator<Item = (EntityType, f32)> {
    [noun_before(text, name), preposition(text, name), function(text, name), said_to_be(text, name)]
        .into_iter()
        .flatten()
}

/// `chez Valoria`, `À propos de Valoria`, `à Douai`.
fn preposition(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let before = name.tokens.start.checked_sub(1)?;
    let two = |first: &str| before > 0 && text.words.is(before - 1, &[first]);
    match text.words.lower(before).as_ref() {
        "chez" => Some((EntityType::Organization, 1.0)),
        "de" | "d'" if two("propos") => Some((EntityType::Organization, 0.8)),
        "à" if name.kind == EntityType::Place => Some((EntityType::Place, 0.5)),
        _ => None,
    }
}

/// `directrice générale de Valoria`, `membre de Valoria`, `maire d'Amiens`.
fn function(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let before = name.tokens.start.checked_sub(1)?;
    let link = if text.words.is(before, &["l'", "la"]) { before.checked_sub(1)? } else { before };
    if !text.words.is(link, &["de", "d'", "du"]) {
        return None;
    }
    let mut at = link.checked_sub(1)?;
    if text
        .words
        .is(at, &["général", "générale", "délégué", "déléguée", "exécutif", "exécutive", "adjoint", "adjointe"])
    {
        at = at.checked_sub(1)?;
    }
    match text.words.lower(at).as_ref() {
        "président" | "présidente" | "directeur" | "directrice" | "dirigeant" | "dirigeante" | "fondateur"
        | "fondatrice" | "cofondateur" | "cofondatrice" | "co-fondateur" | "co-fondatrice" | "pdg" | "membre"
        | "membres" | "filiale" | "salariés" | "collaborateurs" | "collaboratrices" | "délégué" | "vice-président"
        | "vice-présidente" | "gérant" | "gérante" | "siège" => Some((EntityType::Organization, 0.8)),
        "maire" | "mairesse" | "préfet" | "préfète" | "habitants" | "commune" | "ville" | "quartier" | "village" => {
            Some((EntityType::Place, 0.8))
        }
        "édition" => Some((EntityType::Event, 1.2)),
        _ => None,
    }
}

/// `Valoria est une entreprise`, `Valoria, filiale de …`, `Essor, le programme de …`.
fn said_to_be(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let mut at = name.tokens.end;
    match text.words.form(at) {
        "," => at += 1,
        "est" => at += 1,
        _ => return None,
    }
    if text.words.is(at, &["un", "une", "le", "la", "l'"]) {
        at += 1;
    }
    for _ in 0..2 {
        let word = text.words.lower(at);
        if let Some(head) = text.lexicon.head(&word).filter(|head| !head.is_place()) {
            let kind = if head.kinds.contains(&name.kind) { name.kind } else { *head.kinds.first()? };
            return Some((kind, 1.2));
        }
        if text.words.tags.upos(at) != Upos::Adj {
            return None;
        }
        at += 1;
    }
    None
}

/// `programme Essor`, `association « Envol »`, `Mme Roux`.
fn noun_before(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let first = name.tokens.start;
    let before = first.checked_sub(1)?;
    // Quotation marks may stand between.
    let at = if matches!(text.words.form(before), "«" | "\"" | "“") { before.checked_sub(1)? } else { before };
    let word = text.words.lower(at);
    if matches!(word.as_ref(), "m." | "mme" | "mlle" | "monsieur" | "madame") {
        return Some((EntityType::Person, 1.5));
    }
    let head = text.lexicon.head(&word)?;
    let fits = head.kinds.contains(&name.kind);
    let kind = if fits { name.kind } else { *head.kinds.first()? };
    (head.usage != HeadUse::Name).then_some((kind, 1.2))
}

/// An acronym in parentheses behind a long form has the type of both together.
fn share_acronyms<'a>(text: &Text<'_>, names: &[Name], keys: &'a [String], votes: &mut FxHashMap<&'a str, Votes>) {
    for (i, pair) in names.windows(2).enumerate() {
        let (long, short) = (&pair[0], &pair[1]);
        let opened = long.tokens.end + 1 == short.tokens.start && text.words.form(long.tokens.end) == "(";
        let acronym = short.tokens.len() == 1
            && text.words.form(short.tokens.start).chars().filter(|c| c.is_uppercase()).count() > 1;
        if !opened || !acronym || text.words.form(short.tokens.end) != ")" || long.tokens.len() < 2 {
            continue;
        }
        let (Some(&a), Some(&b)) = (votes.get(keys[i].as_str()), votes.get(keys[i + 1].as_str())) else { continue };
        let mut both = a;
        both.iter_mut().zip(b).for_each(|(sum, more)| *sum += more);
        // A person is never spelled out by an organisation: `Marie Durand (CNRS)`.
        let person = winner(&a, long.kind) == EntityType::Person;
        let place = winner(&b, short.kind) == EntityType::Place;
        if !person && !place && initials_fit(text, long, short) {
            votes.insert(&keys[i], both);
            votes.insert(&keys[i + 1], both);
        }
    }
}

/// Whether the acronym begins like the long form and its letters stand in it in order.
fn initials_fit(text: &Text<'_>, long: &Name, short: &Name) -> bool {
    let spelled = key(text, long);
    let letters = fold(text.words.form(short.tokens.start));
    let mut rest = spelled.chars();
    letters.chars().filter(|c| c.is_alphabetic()).all(|letter| rest.any(|c| c == letter))
}
