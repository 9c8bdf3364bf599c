//! Words in front of a name that are part of it: a capitalised article (`La Poste`), a number (`3 Suisses`).

use rustc_hash::{FxHashMap, FxHashSet};

use super::types::key;
use super::{Name, Text};
use crate::segment::TokenKind;
use crate::tag::EntityType;

/// The names with the articles and numbers that belong to them.
pub(super) fn extend(text: &Text<'_>, mut names: Vec<Name>) -> Vec<Name> {
    let articled: FxHashSet<String> =
        names.iter().filter(|name| is_articled(text, name)).map(|name| key(text, name)).collect();
    let numbered = numbered(text, &names);
    if articled.is_empty() && numbered.is_empty() {
        return names;
    }
    let mut end = 0;
    for name in &mut names {
        let form = key(text, name);
        let free = name.tokens.start > end;
        let article = article_before(text, name).is_some() && articled.contains(&form);
        if free && (article || numbered.contains(&form)) {
            name.tokens.start -= 1;
        }
        end = name.tokens.end;
    }
    names
}

/// The capitalised article in front of a name.
fn article_before(text: &Text<'_>, name: &Name) -> Option<usize> {
    let at = name.tokens.start.checked_sub(1)?;
    let article = matches!(text.words.form(at), "La" | "Le" | "Les" | "L'");
    let acronym = text.words.form(name.tokens.start).chars().all(|c| !c.is_lowercase());
    let kind = name.kind != EntityType::Person && !(acronym && text.words.glued(name.tokens.start));
    (article && kind && text.same_sentence(at, name.tokens.start)).then_some(at)
}

/// Whether a capitalised article stands in front of a name where nothing but the name asks for a capital.
fn is_articled(text: &Text<'_>, name: &Name) -> bool {
    let before = article_before(text, name).filter(|&at| !text.opens_sentence(at)).and_then(|at| at.checked_sub(1));
    before.is_some_and(|i| {
        text.words.form(i) == ","
            || text.words.kind(i) == Some(TokenKind::Word) && text.words.form(i).chars().all(|c| !c.is_uppercase())
    })
}

/// The forms that stand twice or more, always behind the same number, which is no year.
fn numbered(text: &Text<'_>, names: &[Name]) -> FxHashSet<String> {
    let numbers: Vec<(&Name, Option<&str>)> = names
        .iter()
        .filter(|name| !matches!(name.kind, EntityType::Person | EntityType::Place))
        .map(|name| {
            let before = name.tokens.start.checked_sub(1);
            let number = before.filter(|&at| text.words.kind(at) == Some(TokenKind::Number));
            let number = number.filter(|&at| text.same_sentence(at, name.tokens.start));
            (name, number.map(|at| text.words.form(at)).filter(|form| !is_year(form)))
        })
        .collect();
    let mut seen: FxHashMap<String, (usize, Option<&str>)> = FxHashMap::default();
    if numbers.iter().all(|(_, number)| number.is_none()) {
        return FxHashSet::default();
    }
    for (name, number) in numbers {
        let (count, known) = seen.entry(key(text, name)).or_insert((0, number));
        *count += 1;
        *known = known.filter(|known| Some(*known) == number);
    }
    seen.retain(|_, (count, number)| *count > 1 && number.is_some());
    seen.into_keys().collect()
}

fn is_year(form: &str) -> bool {
    form.parse().is_ok_and(|year: u32| (1900..2100).contains(&year))
}
