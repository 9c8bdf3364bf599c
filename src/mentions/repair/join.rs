//! Names that are two in one, or one in two.

use std::cell::OnceCell;

use rustc_hash::FxHashSet;

use super::types::key;
use super::{Name, Text, tidy};
use crate::mentions::HeadUse;
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
    let parts = |name: &Name| unit_of(text, name, &bodies).or_else(|| of_place(text, name));
    let units = parted.iter().flat_map(|name| parts(name).map_or_else(|| vec![name.clone()], Vec::from));
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
        // `Ozélia Gestion et de Zorbix`: what is told again is another's.
        let again = text.words.is(at, &["et"])
            && text.words.is(at + 1, &["de", "d'", "du"])
            && text.is_capitalised(at + 2)
            && !left.tokens.clone().any(|i| text.words.is(i, &["de", "d'", "du", "des", "pour"]));
        if again && name.kind != EntityType::Product {
            right.tokens.start += 1;
            return vec![left, right];
        }
        let whole = text.is_capitalised(right.tokens.start);
        let behind = alone.contains(&right) || whole && starts_another(text, &name, at);
        let parts = behind && (text.words.is(at, &["et", "avec", ",", "/"]) || alone.contains(&left));
        if whole && parts {
            let mut out = vec![left];
            out.extend(part(text, right, alone));
            return out;
        }
    }
    vec![name]
}

/// Whether another name begins behind the conjunction at token `at`: an article or `de` is repeated (`Ozélia Gestion et de Zorbix`,
/// `Ozélia, les Amis du lac`), or the noun of a body begins it (`Ozélia, Mairie de Lorbec`).
fn starts_another(text: &Text<'_>, name: &Name, at: usize) -> bool {
    let next = at + 1;
    let articled = text.words.is(next, &["l'", "la", "le", "les"]) && !text.is_capitalised(next);
    let comma = text.words.form(at) == ",";
    if articled {
        return comma;
    }
    let links = |i: usize| text.words.is(i, &["de", "d'", "du", "des"]);
    let body = text
        .lexicon
        .head(&text.words.lower(next))
        .is_some_and(|head| head.kinds.first() == Some(&EntityType::Organization));
    comma && body && links(next + 1) && !(name.tokens.start..at).any(|i| text.words.is(i, &["des"]))
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
        // `Faculté de droit de l'Université de Lorbec`
        let institution = link > name.tokens.start + 1
            && parts[1].tokens.len() > 1
            && text.lexicon.head(&text.words.lower(name.tokens.start)).is_some()
            && text.words.is(body, &INSTITUTIONS);
        (!place && (acronym || known || institution)).then_some(parts)
    })
}

/// Institutions that have units.
const INSTITUTIONS: [&str; 9] =
    ["université", "école", "ecole", "institut", "ministère", "hôpital", "chu", "académie", "rectorat"];

/// A name and the place that it comes from, behind the noun of a kind: `l'ONG Zorbix du Niger`, `la start-up Ozélia de Lorbec`.
fn of_place(text: &Text<'_>, name: &Name) -> Option<[Name; 2]> {
    // `la région Provence-Alpes-Côte d'Azur`
    if name.kind == EntityType::Place {
        return None;
    }
    let noun = name.tokens.start.checked_sub(1)?;
    let link = name.tokens.start + 1;
    let place = Name { tokens: link + 1..name.tokens.end, kind: EntityType::Place, ..name.clone() };
    let outside = (!text.is_capitalised(noun) || is_acronym(text.words.form(noun)))
        && text
            .lexicon
            .head(&text.words.lower(noun))
            .is_some_and(|head| head.usage != HeadUse::Name || head.kinds == [EntityType::Organization]);
    let single = text.words.is(link, &["de", "du", "d'"])
        && !place.tokens.is_empty()
        && text.lexicon.head(&text.words.lower(name.tokens.start)).is_none();
    let known = || {
        let key = key(text, &place);
        text.lexicon.is_country(&key) || text.lexicon.is_place(&key) && !text.lexicon.is_region(&key)
    };
    (outside && single && known()).then(|| [Name { tokens: name.tokens.start..link, ..name.clone() }, place])
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
