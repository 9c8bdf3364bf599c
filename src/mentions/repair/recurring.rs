//! Words that a release keeps writing with a capital: names that the tagger has never seen.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Name, Text, tidy};
use crate::segment::TokenKind;
use crate::tag::{EntityType, Upos};

/// So often must a word stand with a capital inside of sentences to be a name.
const OFTEN: usize = 3;

/// The names, and the words in capitals and small letters that stand [`OFTEN`] times inside of sentences, never in lower case,
/// and that no list knows as something else.
pub(super) fn add(text: &Text<'_>, mut names: Vec<Name>, common: &FxHashSet<&str>) -> Vec<Name> {
    let mut places: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    let mut order: Vec<&str> = Vec::new();
    let mut next = 0;
    for i in 0..text.words.len() {
        while names.get(next).is_some_and(|name| name.tokens.end <= i) {
            next += 1;
        }
        let inside = names.get(next).is_some_and(|name| name.tokens.contains(&i));
        if inside || !may_be_name(text, i) || common.contains(text.words.lower(i).as_ref()) {
            continue;
        }
        let form = text.words.form(i);
        let list = places.entry(form).or_default();
        if list.is_empty() {
            order.push(form);
        }
        list.push(i);
    }
    for form in order {
        if let Some(list) = places.get(form).filter(|list| list.len() >= OFTEN) {
            names.extend(list.iter().map(|&i| Name {
                tokens: i..i + 1,
                kind: EntityType::Organization,
                score: 0.4,
                guessed: true,
            }));
        }
    }
    tidy(names)
}

/// Whether token `i` looks like a name of one word: a capital and small letters inside of a sentence, without another capital
/// beside it.
fn may_be_name(text: &Text<'_>, i: usize) -> bool {
    let form = text.words.form(i);
    let shape = text.words.kind(i) == Some(TokenKind::Word)
        && text.is_capitalised(i)
        && form.chars().count() >= 4
        && form.chars().filter(|c| c.is_lowercase()).count() >= 3;
    if !shape || !matches!(text.words.tags.upos(i), Upos::Propn | Upos::X) || text.opens_sentence(i) {
        return false;
    }
    let beside = |i: usize| text.is_capitalised(i) && text.words.kind(i) == Some(TokenKind::Word);
    let quoted =
        i > 0 && matches!(text.words.form(i - 1), "«" | "“" | "\"" | "." | ":" | "-" | "•" | "–" | "@" | "#" | ")");
    let accompanied = i > 0 && beside(i - 1) || beside(i + 1);
    let noun = text.lexicon.is_known_noun(&text.words.lower(i));
    !(quoted || accompanied || noun)
}
