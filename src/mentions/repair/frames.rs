//! Words around a name that ask for one type: `lors de X`, `X se tiendra`, `lauréat de X`, `Lorbec (X)`, `les villages de X`.

use super::types::key;
use super::{Name, Text};
use crate::tag::EntityType;
use crate::text::fold;

/// What the frames around a name say about its type.
pub(super) fn evidence(text: &Text<'_>, name: &Name) -> impl Iterator<Item = (EntityType, f32)> {
    [
        happening(text, name),
        occasion(text, name),
        winner(text, name),
        area(text, name),
        aside(text, name),
        region(text, name),
    ]
    .into_iter()
    .flatten()
}

/// Whether it may be an event at all: nobody and no place happens.
fn may_happen(name: &Name) -> bool {
    !matches!(name.kind, EntityType::Person | EntityType::Place)
}

/// `X se tiendra`, `X s'est déroulé`, `X aura lieu`.
fn happening(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let mut at = name.tokens.end;
    at += usize::from(matches!(text.words.form(at), "»" | "”" | "\""));
    let reflexive = text.words.is(at, &["se", "s'"]);
    at += usize::from(reflexive);
    let found = if reflexive {
        at += usize::from(text.words.is(at, &["est", "sont", "était"]));
        text.words.is(
            at,
            &[
                "tient",
                "tiendra",
                "tiendront",
                "tenait",
                "tenu",
                "tenue",
                "déroule",
                "déroulera",
                "déroulait",
                "déroulé",
                "déroulée",
            ],
        )
    } else {
        text.words.is(at, &["a", "aura", "avait", "ont", "auront"])
            && text.words.is(at + 1, &["lieu", "eu"])
            && (text.words.is(at + 1, &["lieu"]) || text.words.is(at + 2, &["lieu"]))
    };
    (found && may_happen(name)).then_some((EntityType::Event, 1.0))
}

/// `lors de X`, `à l'occasion de X`, `en marge de X`.
fn occasion(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let noun = linked(text, name)?;
    let before = |i: usize, words: &[&str]| noun >= i && text.words.is(noun - i, words);
    let found = text.words.is(noun, &["lors"])
        || text.words.is(noun, &["occasion"]) && before(1, &["l'"])
        || text.words.is(noun, &["marge"]) && before(1, &["en"]);
    (found && may_happen(name)).then_some((EntityType::Event, 0.8))
}

/// `lauréate de X`, `finalistes de X`: a prize or a competition.
fn winner(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let noun = linked(text, name)?;
    let found = text.words.is(
        noun,
        &["lauréat", "lauréate", "lauréats", "lauréates", "finaliste", "finalistes", "récipiendaire", "récipiendaires"],
    );
    let kind = if name.kind == EntityType::Event { EntityType::Event } else { EntityType::Program };
    (found && may_happen(name)).then_some((kind, 0.8))
}

/// `les villages de X et Y`, `le canton du X`, `les communes voisines comme X`.
fn area(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let nouns = [
        "communes",
        "villes",
        "villages",
        "quartiers",
        "provinces",
        "territoire",
        "territoires",
        "départements",
        "régions",
        "canton",
        "cantons",
        "vallée",
        "banlieue",
        "agglomérations",
    ];
    let before = name.tokens.start.checked_sub(1)?;
    let mut noun = match linked(text, name) {
        Some(noun) => noun,
        None if text.words.is(before, &["comme"]) => before.checked_sub(1)?,
        None => return None,
    };
    if text.words.is(noun, &["voisins", "voisines", "alentour", "environnantes", "environnants", "limitrophes"]) {
        noun = noun.checked_sub(1)?;
    }
    (text.words.is(noun, &nouns) && name.kind != EntityType::Person).then_some((EntityType::Place, 0.8))
}

/// `Lorbec (XY)`: the land that a place lies in, in two capitals.
fn aside(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let open = name.tokens.start.checked_sub(1)?;
    let form = text.words.form(name.tokens.start);
    let code = name.tokens.len() == 1 && form.len() == 2 && form.chars().all(char::is_uppercase);
    let place = || {
        let mut start = open;
        let mut words = String::new();
        while start > 0 && open - start < 4 && text.is_capitalised(start - 1) {
            start -= 1;
            let joined = if words.is_empty() { String::new() } else { format!(" {words}") };
            words = format!("{}{joined}", text.words.form(start));
            if text.lexicon.is_place(&fold(&words)) {
                return true;
            }
        }
        false
    };
    let marked = text.words.form(open) == "(" && text.words.form(name.tokens.end) == ")";
    (code && marked && place()).then_some((EntityType::Place, 1.0))
}

/// A region of several words that is tagged as a body: `Ile de France`.
fn region(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    if name.kind != EntityType::Organization || name.tokens.len() < 3 {
        return None;
    }
    let key = key(text, name);
    (text.lexicon.is_place(&key) || text.lexicon.is_place(&key.replace(' ', "-"))).then_some((EntityType::Place, 0.8))
}

/// The word that `de`, `du`, `des`, `de la` links to the name.
fn linked(text: &Text<'_>, name: &Name) -> Option<usize> {
    let mut at = name.tokens.start.checked_sub(1)?;
    if matches!(text.words.form(at), "«" | "“" | "\"") {
        at = at.checked_sub(1)?;
    }
    if text.words.is(at, &["la", "l'"]) {
        at = at.checked_sub(1)?;
    }
    if text.words.is(at, &["de", "d'", "du", "des"]) { at.checked_sub(1) } else { None }
}
