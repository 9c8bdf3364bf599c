//! Names that are two in one, or one in two.

use std::cell::OnceCell;

use rustc_hash::FxHashSet;

use super::types::key;
use super::{Name, Text, tidy};
use crate::tag::EntityType;

/// Asks which forms the names of a release have, of one type or all; they are made when the first question comes, which few
/// releases pose.
struct Alone<'a> {
    text: &'a Text<'a>,
    names: &'a [Name],
    kind: Option<EntityType>,
    forms: OnceCell<FxHashSet<String>>,
}

impl Alone<'_> {
    fn contains(&self, name: &Name) -> bool {
        let own = |name: &&Name| self.kind.is_none_or(|kind| kind == name.kind);
        let forms = || self.names.iter().filter(own).map(|name| key(self.text, name)).collect();
        self.forms.get_or_init(forms).contains(&key(self.text, name))
    }
}

/// The names; those with `et`, `pour` or a comma inside are parted where what stands behind, or both sides, also stand alone
/// in the release (`l'Institut Météore et Géostra`); those with `&` between that never stand alone are joined.
pub(super) fn mend(text: &Text<'_>, names: &[Name]) -> Vec<Name> {
    let alone = Alone { text, names, kind: None, forms: OnceCell::new() };
    let parted: Vec<Name> = names.iter().flat_map(|name| part(text, name.clone(), &alone)).collect();
    let bodies = Alone { text, names: &parted, kind: Some(EntityType::Organization), forms: OnceCell::new() };
    let units = parted.iter().flat_map(|name| match unit_of(text, name, &bodies) {
        Some(parts) => Vec::from(parts),
        None => vec![name.clone()],
    });
    ampersands(text, tidy(units.collect()), &alone)
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

fn part(text: &Text<'_>, name: Name, alone: &Alone<'_>) -> Vec<Name> {
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
        let behind = alone.contains(&right);
        let parts = behind && (text.words.is(at, &["et", "avec", ",", "/"]) || alone.contains(&left));
        if whole && parts {
            let mut out = vec![left];
            out.extend(part(text, right, alone));
            return out;
        }
    }
    vec![name]
}

/// A unit and the body that it belongs to (`Laboratoire de génomique du CNRS`), where the body also stands alone, or is an
/// acronym behind more than one noun. `bodies` are the organisations that stand alone.
fn unit_of(text: &Text<'_>, name: &Name, bodies: &Alone<'_>) -> Option<[Name; 2]> {
    if name.kind != EntityType::Organization {
        return None;
    }
    (name.tokens.start + 1..name.tokens.end - 1).find_map(|link| {
        if !text.words.is(link, &["de", "du", "d'"]) {
            return None;
        }
        let body = link + 1 + usize::from(text.words.is(link + 1, &["la", "l'"]));
        let whole = Name { tokens: body..name.tokens.end, ..name.clone() };
        if whole.tokens.is_empty() || !text.is_capitalised(body) {
            return None;
        }
        let acronym = whole.tokens.len() == 1
            && link > name.tokens.start + 2
            && text.words.form(body).len() >= 3
            && text.words.form(body).chars().all(char::is_uppercase);
        let parts = [Name { tokens: name.tokens.start..link, ..name.clone() }, whole];
        let form = key(text, &parts[1]);
        let known = bodies.contains(&parts[1]) && (parts[0].tokens.len() > 1 || bodies.contains(&parts[0]));
        let place = text.lexicon.is_place(&form) || text.lexicon.is_known_noun(&form);
        (!place && (acronym || known)).then_some(parts)
    })
}

fn ampersands(text: &Text<'_>, names: Vec<Name>, alone: &Alone<'_>) -> Vec<Name> {
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
            let repeated = names_elsewhere(&tail, alone, rest.peek().is_some_and(|next| next.tokens == right));
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
fn names_elsewhere(tail: &Name, alone: &Alone<'_>, tagged: bool) -> bool {
    tagged && alone.contains(tail)
}
