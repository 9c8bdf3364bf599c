//! Forms that are known as names, wherever else they stand.

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::{Name, Text, tidy};
use crate::segment::TokenKind;
use crate::tag::{EntityType, Upos};

/// A form that spreads.
struct Form {
    tokens: std::ops::Range<usize>,
    kind: EntityType,
    score: f32,
    guessed: bool,
    /// Whether it stands for a name with a capitalised article (`la Centrale` for `La Centrale`), behind its article only.
    articled: bool,
}

/// The names, and all other occurrences of their forms, also of surnames and first names of the
/// persons named in full.
pub(super) fn spread(text: &Text<'_>, names: Vec<Name>, common: &FxHashSet<&str>) -> Vec<Name> {
    let mut forms: FxHashMap<&str, Vec<Form>> = FxHashMap::default();
    for name in &names {
        if !is_sure(text, name, common) {
            continue;
        }
        add(text, &mut forms, name.tokens.clone(), name);
        if name.tokens.len() == 2 && matches!(text.words.form(name.tokens.start), "La" | "Le" | "Les" | "L'") {
            let bare = Name { score: name.score * 0.9, ..name.clone() };
            add_form(text, &mut forms, name.tokens.start + 1..name.tokens.end, &bare, true);
        }
        if name.kind == EntityType::Person && name.tokens.len() >= 2 {
            for part in [name.tokens.end - 1, name.tokens.start] {
                let word = text.words.form(part);
                if word.chars().count() >= 3
                    && text.is_capitalised(part)
                    && !common.contains(word.to_lowercase().as_str())
                {
                    add(text, &mut forms, part..part + 1, &Name { score: name.score * 0.9, ..name.clone() });
                }
            }
        }
    }
    for name in names.iter().filter(|name| name.score >= 0.3) {
        if let Some(part) = short_form(text, name, common) {
            add(text, &mut forms, part, &Name { score: name.score * 0.9, ..name.clone() });
        }
    }
    // Most words begin no form: their first byte tells.
    let mut initials = [false; 256];
    forms.keys().filter_map(|form| form.bytes().next()).for_each(|byte| initials[usize::from(byte)] = true);
    let may_begin = |form: &str| form.bytes().next().is_some_and(|byte| initials[usize::from(byte)]);
    let mut out = Vec::with_capacity(names.len());
    let mut next = names.into_iter().peekable();
    let mut at = 0;
    while at < text.words.len() {
        if let Some(name) = next.next_if(|name| name.tokens.start <= at) {
            at = name.tokens.end.max(at);
            out.push(name);
            continue;
        }
        let limit = next.peek().map_or(text.words.len(), |name| name.tokens.start);
        let known = Some(text.words.form(at)).filter(|form| may_begin(form)).and_then(|form| forms.get(form));
        let found = known.into_iter().flatten().find(|form| occurs(text, form, at, limit));
        if let Some(form) = found {
            let tokens = at..at + form.tokens.len();
            at = tokens.end;
            out.push(Name { tokens, kind: form.kind, score: form.score, guessed: form.guessed });
        } else {
            at += 1;
        }
    }
    tidy(out)
}

/// What stands before `de` in a name, if it can stand alone: `Oncopole` of `Oncopole de Toulouse`, `Fonds Solidaire` of
/// `Fonds Solidaire de Bretagne`; not one noun of a kind (`Université`), nor a common word.
fn short_form(text: &Text<'_>, name: &Name, common: &FxHashSet<&str>) -> Option<std::ops::Range<usize>> {
    if !matches!(name.kind, EntityType::Organization | EntityType::Site) {
        return None;
    }
    let link = name.tokens.clone().find(|&i| text.words.is(i, &["de", "du", "d'", "des"]))?;
    let short = name.tokens.start..link;
    let capitals = !short.is_empty() && short.clone().all(|i| text.is_capitalised(i));
    let word = text.words.lower(short.start);
    let alone = short.len() > 1
        || word.chars().count() >= 5 && !text.lexicon.is_known_noun(&word) && !common.contains(word.as_ref());
    (capitals && alone).then_some(short)
}

/// The words that the text also writes in lower case.
pub(super) fn common_words<'a>(text: &Text<'a>) -> FxHashSet<&'a str> {
    let lower = |form: &&str| form.chars().next().is_some_and(char::is_lowercase);
    // Each word once.
    let mut seen = vec![false; text.words.tags.distinct()];
    let mut is_new = |i: &usize| match text.words.tags.number(*i).and_then(|number| seen.get_mut(number)) {
        Some(seen) => !std::mem::replace(seen, true),
        None => true,
    };
    let mut out = FxHashSet::with_capacity_and_hasher(text.words.tags.distinct(), FxBuildHasher);
    out.extend((0..text.words.len()).filter(|i| is_new(i)).map(|i| text.words.form(i)).filter(lower));
    out
}

/// Whether the other occurrences of a form are names too.
fn is_sure(text: &Text<'_>, name: &Name, common: &FxHashSet<&str>) -> bool {
    let form = text.words.form(name.tokens.start);
    if name.tokens.len() > 1 {
        return name.score >= 0.2;
    }
    let capital = form.chars().any(char::is_uppercase);
    let long = form.chars().count() >= 2;
    capital && long && name.score >= 0.2 && !common.contains(form.to_lowercase().as_str())
}

fn add<'a>(text: &Text<'a>, forms: &mut FxHashMap<&'a str, Vec<Form>>, tokens: std::ops::Range<usize>, name: &Name) {
    add_form(text, forms, tokens, name, false);
}

fn add_form<'a>(
    text: &Text<'a>,
    forms: &mut FxHashMap<&'a str, Vec<Form>>,
    tokens: std::ops::Range<usize>,
    name: &Name,
    articled: bool,
) {
    let first = text.words.form(tokens.start);
    let list = forms.entry(first).or_default();
    let same = |form: &Form| {
        form.articled == articled
            && form.tokens.len() == tokens.len()
            && form.tokens.clone().zip(tokens.clone()).all(|(a, b)| text.words.form(a) == text.words.form(b))
    };
    // Few forms share their first word; the cap keeps a text of nothing else linear.
    if list.len() < 64 && !list.iter().any(same) {
        // The longest first.
        let at = list.partition_point(|form| form.tokens.len() >= tokens.len());
        list.insert(at, Form { tokens, kind: name.kind, score: name.score * 0.95, guessed: name.guessed, articled });
    }
}

/// Whether `form` stands at token `at` and ends before token `limit`.
fn occurs(text: &Text<'_>, form: &Form, at: usize, limit: usize) -> bool {
    let end = at + form.tokens.len();
    if end > limit || !(at..end).zip(form.tokens.clone()).all(|(a, b)| text.words.form(a) == text.words.form(b)) {
        return false;
    }
    if !text.same_sentence(at, end - 1) || text.words.kind(at) == Some(TokenKind::Address) {
        return false;
    }
    if form.articled && !(at > 0 && matches!(text.words.form(at - 1), "la" | "le" | "les" | "l'" | "du" | "au")) {
        return false;
    }
    // A capital beside it makes a longer, other name (`Valoria Finance`).
    let beside = |i: usize| {
        let word = text.is_capitalised(i) && text.words.kind(i) == Some(TokenKind::Word);
        word && match text.words.tags.upos(i) {
            Upos::Propn => true,
            Upos::X => !text.opens_sentence(i),
            _ => false,
        }
    };
    let before = at > 0 && text.same_sentence(at - 1, at) && beside(at - 1);
    let behind = end < text.words.len() && text.same_sentence(end, at) && beside(end);
    form.tokens.len() > 1 || !(before || behind)
}
