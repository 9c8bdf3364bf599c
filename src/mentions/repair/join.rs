//! Names that are two in one, or one in two.

use rustc_hash::FxHashSet;

use super::types::key;
use super::{Name, Text, tidy};
use crate::tag::EntityType;

/// The names; those with `et`, `pour` or a comma inside are parted where what stands behind, or both sides, also stand alone
/// in the release (`l'Institut Météore et Géostra`); those with `&` between that never stand alone are joined.
pub(super) fn mend(text: &Text<'_>, names: Vec<Name>) -> Vec<Name> {
    let alone: FxHashSet<String> = names.iter().map(|name| key(text, name)).collect();
    let parted: Vec<Name> = names.into_iter().flat_map(|name| part(text, name, &alone)).collect();
    ampersands(text, tidy(parted), &alone)
}

/// `l'Oncopole de Toulouse`: one word with an article, that is no person's name, goes on with `de` and a place.
pub(super) fn with_place(text: &Text<'_>, names: Vec<Name>) -> Vec<Name> {
    let mut out: Vec<Name> = Vec::with_capacity(names.len());
    for name in names {
        let joined = out.last_mut().filter(|last| {
            let gap = last.tokens.end..name.tokens.start;
            let article =
                last.tokens.start > 0 && text.words.is(last.tokens.start - 1, &["le", "la", "l'", "du", "au"]);
            let kinds = last.kind != EntityType::Person && name.kind == EntityType::Place;
            let single = last.tokens.len() == 1
                && text.is_capitalised(last.tokens.start)
                && !is_acronym(text.words.form(last.tokens.start));
            kinds && article && single && gap.len() == 1 && text.words.is(gap.start, &["de", "d'"])
        });
        match joined {
            Some(last) => {
                last.tokens.end = name.tokens.end;
                last.kind = if last.kind == EntityType::Place { EntityType::Organization } else { last.kind };
            }
            None => out.push(name),
        }
    }
    out
}

fn is_acronym(form: &str) -> bool {
    form.chars().filter(|c| c.is_uppercase()).count() > 1
}

fn part(text: &Text<'_>, name: Name, alone: &FxHashSet<String>) -> Vec<Name> {
    for at in name.tokens.start + 1..name.tokens.end.saturating_sub(1) {
        if !text.words.is(at, &["et", "pour", ",", "/", "&", "-", "avec"]) {
            continue;
        }
        let left = Name { tokens: name.tokens.start..at, ..name.clone() };
        let mut right = Name { tokens: at + 1..name.tokens.end, ..name.clone() };
        if right.tokens.len() > 1 && text.words.is(right.tokens.start, &["l'", "la", "le", "les"]) {
            right.tokens.start += 1;
        }
        let whole = text.is_capitalised(right.tokens.start);
        let behind = alone.contains(&key(text, &right));
        let parts = behind && (text.words.is(at, &["et", "avec", ",", "/"]) || alone.contains(&key(text, &left)));
        if whole && parts {
            let mut out = vec![left];
            out.extend(part(text, right, alone));
            return out;
        }
    }
    vec![name]
}

fn ampersands(text: &Text<'_>, names: Vec<Name>, alone: &FxHashSet<String>) -> Vec<Name> {
    let mut out: Vec<Name> = Vec::with_capacity(names.len());
    let mut rest = names.into_iter().peekable();
    while let Some(mut name) = rest.next() {
        let at = name.tokens.end;
        let open = text.words.form(at) == "&" && text.is_capitalised(at + 1) && name.kind != EntityType::Person;
        if open && text.same_sentence(name.tokens.start, at + 1) {
            let right = rest
                .peek()
                .filter(|next| next.tokens.start == at + 1)
                .map_or(at + 1..at + 2, |next| next.tokens.clone());
            let tail = Name { tokens: right.clone(), ..name.clone() };
            let repeated = names_elsewhere(text, &tail, alone, rest.peek().is_some_and(|next| next.tokens == right));
            if !repeated {
                name.tokens.end = right.end;
                if rest.peek().is_some_and(|next| next.tokens == right) {
                    rest.next();
                }
            }
        }
        out.push(name);
    }
    out
}

/// Whether the part behind `&` is a name of its own: it was tagged as one.
fn names_elsewhere(text: &Text<'_>, tail: &Name, alone: &FxHashSet<String>, tagged: bool) -> bool {
    tagged && alone.contains(&key(text, tail))
}
