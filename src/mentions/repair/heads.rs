//! Nouns in front of names that belong to them: `ville d'Amiens` no, `Ville d'Amiens`, `campus de Lille`
//! yes.

use super::bounds::is_apart;
use super::{Name, Text};
use crate::mentions::{Head, HeadUse};
use crate::tag::{EntityType, Upos};

/// The names with the nouns that belong to them; names that such a noun joins become one.
pub(super) fn extend(text: &Text<'_>, names: Vec<Name>) -> Vec<Name> {
    let mut out: Vec<Name> = Vec::with_capacity(names.len());
    for name in names {
        let floor = out.last().map_or(0, |last| last.tokens.end);
        out.push(with_head(text, name, floor));
    }
    out
}

/// `name` with the noun in front of it, if one belongs to it; nothing before token `floor` is taken.
fn with_head(text: &Text<'_>, name: Name, floor: usize) -> Name {
    if name.tokens.start == floor {
        return name;
    }
    let first = name.tokens.start;
    let linked = link(text, first, floor);
    let Some((head_at, head)) = head_before(text, linked, floor) else { return name };
    let capital = text.is_capitalised(head_at);
    let shouted = text.words.form(head_at).chars().all(|c| !c.is_lowercase()) && text.words.form(head_at).len() > 4;
    let belongs = match head.usage {
        HeadUse::Name => linked != first || !is_apart(text, head_at),
        HeadUse::Apart => capital && !shouted || acts(text, head_at),
        HeadUse::Outside => false,
    };
    // Without `de` between, a noun in lower case joins only what it cannot stand without.
    let adjacent = linked == first;
    // `le site Valoria`: a page of the web.
    if adjacent && text.words.form(head_at) == "site" {
        return name;
    }
    let sentence_start = text.opens_sentence(head_at);
    let doubtful = head.usage == HeadUse::Apart && sentence_start && !adjacent;
    // `Institut Marie Curie` is no person.
    let person = name.kind == EntityType::Person && !(adjacent && capital && head.usage != HeadUse::Outside);
    if !belongs
        || person
        || doubtful
        || !text.same_sentence(head_at, first)
        || !capital && !adjacent && name.kind != EntityType::Place
    {
        return name;
    }
    let kind = if head.kinds.contains(&name.kind) && name.kind != EntityType::Place {
        name.kind
    } else {
        head.kinds.first().copied().unwrap_or(name.kind)
    };
    Name { tokens: head_at..name.tokens.end, kind, score: name.score, guessed: false }
}

/// Whether the town at token `head` acts as a body: `avec la ville de Lorbec`, `adjointe à la ville de Lorbec`.
fn acts(text: &Text<'_>, head: usize) -> bool {
    let before = |i: usize, words: &[&str]| head >= i && text.words.is(head - i, words);
    if !text.words.is(head, &["ville", "municipalité", "métropole"]) || !before(1, &["la"]) {
        return false;
    }
    let office = || {
        (head.saturating_sub(OFFICE)..head - 2)
            .any(|i| text.same_sentence(i, head) && text.lexicon.is_function(&text.words.lower(i)))
    };
    before(2, &["avec", "entre"]) || before(2, &["à"]) && office()
}

/// How far in front of a body a function may stand.
const OFFICE: usize = 8;

/// The token behind the noun that `de`, `du`, `d'`, `de la`, `des` links to token `first`; `first` itself where
/// nothing links.
fn link(text: &Text<'_>, first: usize, floor: usize) -> usize {
    let is = |i: usize, words: &[&str]| i >= floor && text.words.is(i, words);
    let Some(before) = first.checked_sub(1) else { return first };
    if is(before, &["de", "du", "d'", "des"]) {
        before
    } else if is(before, &["la", "l'"]) && before > 0 && is(before - 1, &["de"]) {
        before - 1
    } else {
        first
    }
}

/// The noun that ends before token `end`: directly, or with one adjective behind it (`Conseil
/// départemental`).
fn head_before<'a>(text: &'a Text<'_>, end: usize, floor: usize) -> Option<(usize, &'a Head)> {
    let at = end.checked_sub(1).filter(|at| *at >= floor)?;
    let word = text.words.lower(at);
    // `communauté de communes`
    let phrase = at.checked_sub(2).filter(|i| *i >= floor && text.words.is(i + 1, &["de", "d'"])).and_then(|start| {
        let words = [start, start + 1, at].map(|i| text.words.lower(i));
        text.lexicon.head(&words.join(" ")).map(|head| (start, head))
    });
    if phrase.is_some() {
        return phrase;
    }
    if let Some(head) = text.lexicon.head(&word) {
        // `les ports de Brest et Lorient`: several.
        let plural = word.ends_with('s') && text.lexicon.head(&word[..word.len() - 1]).is_some();
        return (!plural || text.is_capitalised(at)).then_some((at, head));
    }
    let adjective = text.words.tags.upos(at) == Upos::Adj;
    let at = at.checked_sub(1).filter(|at| *at >= floor && adjective && text.is_capitalised(*at))?;
    text.lexicon.head(&text.words.lower(at)).map(|head| (at, head))
}
