//! Acronyms and the names that they shorten, where one stands in parentheses behind the other: `Syndicat des eaux du
//! plateau (SEP)`, `le SEP (Syndicat des eaux du plateau)`. After Schwartz and Hearst (2003), "A simple algorithm for
//! identifying abbreviation definitions in biomedical text", by the initials of whole words.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::marked::covered;
use super::{Name, Text, tidy};
use crate::mentions::HeadUse;
use crate::segment::TokenKind;
use crate::tag::EntityType;
use crate::text::fold;

/// Most tokens of a long form.
const LONGEST: usize = 16;

/// The names with the long forms of acronyms, where they were not found or not whole.
pub(super) fn add(text: &Text<'_>, mut names: Vec<Name>) -> Vec<Name> {
    let mut found: Vec<Name> = Vec::new();
    for open in 1..text.words.len() {
        if text.words.form(open) == "(" {
            let long = before(text, open).or_else(|| inside(text, open));
            found.extend(long.and_then(|(long, short)| spelled(text, &names, long, short)));
        }
    }
    let found = tidy(found);
    names.retain(|name| !covered(&found, name));
    names.extend(found);
    tidy(names)
}

/// Drops the acronyms of bodies and programmes that stand behind a determiner of the plural (`les ONL`, `39 ONL`) and never behind
/// one of the singular: they shorten common nouns.
pub(super) fn retain_singular(text: &Text<'_>, names: &mut Vec<Name>) {
    // By form: whether it stands behind a plural, and behind a singular.
    let mut forms: FxHashMap<&str, (bool, bool)> = FxHashMap::default();
    for name in names.iter().filter(|name| may_be_plural(text, name)) {
        let Some(before) = name.tokens.start.checked_sub(1) else { continue };
        let form = text.words.form(name.tokens.start);
        let (plural, singular) = forms.entry(form.strip_suffix('s').unwrap_or(form)).or_default();
        let number = text.words.kind(before) == Some(TokenKind::Number) && text.words.form(before).len() < 4;
        *plural |= number || text.words.is(before, &PLURAL);
        *singular |= text.words.is(before, &["le", "la", "l'", "du", "au", "un", "une"]);
    }
    names.retain(|name| {
        let form = text.words.form(name.tokens.start);
        let seen = forms.get(form.strip_suffix('s').unwrap_or(form)).copied().unwrap_or_default();
        !(may_be_plural(text, name) && seen.0 && !seen.1)
    });
}

/// Determiners of the plural.
const PLURAL: [&str; 12] =
    ["les", "des", "aux", "ces", "nos", "vos", "leurs", "ses", "plusieurs", "quelques", "certains", "certaines"];

fn may_be_plural(text: &Text<'_>, name: &Name) -> bool {
    let form = text.words.form(name.tokens.start);
    let acronym = form.strip_suffix('s').unwrap_or(form);
    name.tokens.len() == 1
        && matches!(name.kind, EntityType::Organization | EntityType::Program)
        && acronym.chars().count() > 1
        && acronym.chars().all(char::is_uppercase)
}

/// The long form in front of the parenthesis at token `open`, and the acronym in it.
fn before(text: &Text<'_>, open: usize) -> Option<(Range<usize>, usize)> {
    let short = open + 1;
    if text.words.form(open + 2) != ")" || !is_acronym(text.words.form(short)) || !text.same_sentence(open - 1, short) {
        return None;
    }
    let letters: Vec<char> = fold(text.words.form(short)).chars().filter(|c| c.is_alphabetic()).collect();
    let start = spelled_from(text, open, &letters, false).or_else(|| spelled_from(text, open, &letters, true))?;
    (letters.len() > 1 && open - start > 1 && begins(text, start)).then_some((start..open, short))
}

/// The token before `end` from which on the words have the initials `letters`; `links` says whether words like `de` give theirs.
fn spelled_from(text: &Text<'_>, end: usize, letters: &[char], links: bool) -> Option<usize> {
    let mut skips = letters.len() / 4;
    let mut rest = letters.len();
    let mut at = end;
    while rest > 0 {
        at = at.checked_sub(1).filter(|&at| end - at <= LONGEST && text.same_sentence(at, end))?;
        let link = is_link(text, at);
        if text.words.kind(at) != Some(TokenKind::Word) {
            return None;
        }
        if (links || !link) && initial(text, at) == letters.get(rest - 1).copied() {
            rest -= 1;
        } else if !link {
            skips = skips.checked_sub(1)?;
        }
    }
    Some(at)
}

/// The long form in the parenthesis at token `open`, and the acronym in front of it.
fn inside(text: &Text<'_>, open: usize) -> Option<(Range<usize>, usize)> {
    let short = open - 1;
    let close = (open + 2..open + LONGEST).find(|&i| text.words.form(i) == ")")?;
    let start = open + 1 + usize::from(text.words.is(open + 1, &["l'", "la", "le", "les"]));
    let form = text.words.form(short);
    let words = start..close;
    let plain = words.clone().all(|i| text.words.kind(i) == Some(TokenKind::Word));
    let letters: Vec<char> = fold(form).chars().filter(|c| c.is_alphabetic()).collect();
    let count = words.clone().filter(|&i| !is_link(text, i)).count();
    let long = words.len() > 1 && (2..=letters.len() + 2).contains(&count);
    if !plain || !long || letters.len() < 3 || !text.same_sentence(short, close) || !text.is_capitalised(short) {
        return None;
    }
    if initial(text, start) != letters.first().copied() || !begins(text, start) {
        return None;
    }
    let spelling: String = words.clone().map(|i| fold(text.words.form(i))).collect();
    let mut rest = spelling.chars();
    let fits = letters.iter().all(|letter| rest.any(|c| c == *letter));
    // Most content words give a letter.
    let mut left = letters.iter();
    let given = words.clone().filter(|&i| !is_link(text, i)).filter(|&i| {
        let mut ahead = left.clone();
        let found = ahead.any(|letter| initial(text, i) == Some(*letter));
        if found {
            left = ahead;
        }
        found
    });
    (fits && 3 * given.count() >= 2 * count).then_some((words, short))
}

/// The long form as a name, unless a name holds it already or somebody is called so.
fn spelled(text: &Text<'_>, names: &[Name], long: Range<usize>, short: usize) -> Option<Name> {
    let touching = || names.iter().filter(|name| name.tokens.start < long.end && long.start < name.tokens.end);
    let other = touching().any(|name| {
        name.kind == EntityType::Person && name.tokens.len() > 1
            || name.tokens.start <= long.start && name.tokens.end >= long.end
            || name.tokens.start < long.start
            || name.tokens.end > long.end
    });
    if other {
        return None;
    }
    let own = names.iter().find(|name| name.tokens.contains(&short)).filter(|name| name.tokens.len() == 1);
    let head = text.lexicon.head(&text.words.lower(long.start));
    let largest = touching().filter(|name| name.tokens.start == long.start).max_by_key(|name| name.tokens.len());
    let kind = largest
        .filter(|name| name.kind != EntityType::Place)
        .map(|name| name.kind)
        .or_else(|| own.map(|name| name.kind))
        .or_else(|| head.and_then(|head| head.kinds.first().copied()))?;
    let known = own.is_some() || largest.is_some() || head.is_some();
    let fits = known && !matches!(kind, EntityType::Person | EntityType::Place);
    fits.then_some(Name { tokens: long, kind, score: 0.7, guessed: false })
}

/// Whether a name may begin with token `at`: a capital, or a noun that belongs to names.
fn begins(text: &Text<'_>, at: usize) -> bool {
    let noun = || text.lexicon.head(&text.words.lower(at)).is_some_and(|head| head.usage == HeadUse::Name);
    text.is_capitalised(at) || noun()
}

fn initial(text: &Text<'_>, at: usize) -> Option<char> {
    fold(text.words.form(at)).chars().next()
}

/// Words that acronyms mostly leave out.
fn is_link(text: &Text<'_>, at: usize) -> bool {
    let links = [
        "de", "d'", "du", "des", "la", "le", "les", "l'", "et", "à", "au", "aux", "en", "pour", "par", "sur", "dans",
        "of", "for", "and", "the",
    ];
    text.words.is(at, &links)
}

fn is_acronym(form: &str) -> bool {
    let capitals = form.chars().filter(|c| c.is_uppercase()).count();
    capitals > 1 && form.chars().count() <= 10 && form.chars().all(|c| c.is_alphanumeric() || c == '-')
}
