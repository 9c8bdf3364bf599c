//! Words around a name that ask for one type: `lors de X`, `X se tiendra`, `lauréat de X`, `Lorbec (X)`, `les villages de X`.

use super::types::key;
use super::{Name, Text};
use crate::segment::TokenKind;
use crate::tag::{EntityType, VerbForm};
use crate::text::{fold, month_number};

/// What the frames around a name say about its type.
pub(super) fn evidence(text: &Text<'_>, name: &Name) -> impl Iterator<Item = (EntityType, f32)> {
    [
        happening(text, name),
        occasion(text, name),
        winner(text, name),
        area(text, name),
        aside(text, name),
        region(text, name),
        agent(text, name),
        partner(text, name),
        calendar(text, name),
        labelled(text, name),
        acting(text, name),
        made(text, name),
        framework(text, name),
        meanwhile(text, name),
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
        &[
            "lauréat",
            "lauréate",
            "lauréats",
            "lauréates",
            "finaliste",
            "finalistes",
            "récipiendaire",
            "récipiendaires",
            "cohorte",
            "cohortes",
        ],
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

/// `organisé par X`, `développé par X`: only bodies and people do such things.
fn agent(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let at = behind_article(text, name)?;
    let verb = at.checked_sub(1).filter(|_| text.words.is(at, &["par"]))?;
    let done = text.words.tags.morphology(verb).verb_form == Some(VerbForm::Participle)
        && DONE_BY_BODIES.contains(&text.words.tags.lemma(verb));
    (done && may_be_body(text, name)).then_some((EntityType::Organization, 1.0))
}

/// Verbs whose agents are bodies or people.
const DONE_BY_BODIES: [&str; 22] = [
    "organiser",
    "coorganiser",
    "développer",
    "lancer",
    "créer",
    "éditer",
    "publier",
    "piloter",
    "concevoir",
    "initier",
    "réaliser",
    "fonder",
    "mener",
    "remettre",
    "décerner",
    "accueillir",
    "héberger",
    "commercialiser",
    "fabriquer",
    "signer",
    "acquérir",
    "racheter",
];

/// `X lance …`, `X a signé …`: what only bodies and people do.
fn acting(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let at = name.tokens.end;
    let aux = text.words.is(at, &["a", "ont", "avait", "avaient", "va", "vont"]);
    let verb = at + usize::from(aux);
    let form = text.words.tags.morphology(verb).verb_form;
    let wanted = matches!(
        (aux, form),
        (false, Some(VerbForm::Finite)) | (true, Some(VerbForm::Participle | VerbForm::Infinitive))
    );
    let does =
        wanted && BODIES_DO.contains(&text.words.tags.lemma(verb)) && text.same_sentence(name.tokens.start, verb);
    (does && may_be_body(text, name)).then_some((EntityType::Organization, 0.8))
}

/// Verbs whose subjects are bodies or people.
const BODIES_DO: [&str; 26] = [
    "lancer",
    "annoncer",
    "signer",
    "souhaiter",
    "recruter",
    "embaucher",
    "employer",
    "publier",
    "remercier",
    "inviter",
    "dénoncer",
    "demander",
    "regretter",
    "déclarer",
    "estimer",
    "vouloir",
    "confier",
    "nommer",
    "saluer",
    "féliciter",
    "acquérir",
    "racheter",
    "investir",
    "commercialiser",
    "fabriquer",
    "organiser",
];

/// `X, porté par …`, `X, organisée par …`, `X, développé par …`: what is made so.
fn made(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let mut at = name.tokens.end;
    at += usize::from(matches!(text.words.form(at), "»" | "”" | "\""));
    if text.words.form(at) != "," || !may_happen(name) {
        return None;
    }
    let by = text.words.is(at + 2, &["par"]);
    let kind = match text.words.tags.lemma(at + 1) {
        "porter" if by => EntityType::Program,
        "décerner" => EntityType::Program,
        "doter" if text.words.is(at + 2, &["de", "d'"]) => EntityType::Program,
        "organiser" if by => EntityType::Event,
        "développer" if by => EntityType::Product,
        _ => return None,
    };
    let participle = text.words.tags.morphology(at + 1).verb_form == Some(VerbForm::Participle);
    participle.then_some((kind, 0.8))
}

/// `dans le cadre de X`, `au titre de X`, `a reçu le X`: a programme, where it is no event.
fn framework(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let noun = linked(text, name)?;
    let before = |i: usize, words: &[&str]| noun >= i && text.words.is(noun - i, words);
    let found = text.words.is(noun, &["cadre"]) && before(1, &["le"]) && before(2, &["dans"])
        || text.words.is(noun, &["titre"]) && before(1, &["au"]);
    let kind = if name.kind == EntityType::Event { EntityType::Event } else { EntityType::Program };
    (found && may_happen(name)).then_some((kind, 0.8))
}

/// `pendant la X`, `durant le X`: an event.
fn meanwhile(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let article = name.tokens.start.checked_sub(1)?;
    let at = article.checked_sub(1).filter(|_| text.words.is(article, &["la", "le", "l'", "les"]))?;
    let found = text.words.is(at, &["pendant", "durant"]);
    (found && may_happen(name)).then_some((EntityType::Event, 0.8))
}

/// `Partenaires : A, B et X`, `Ses marques : A et X`.
fn labelled(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let sentence = text.segmentation.sentences.get(text.segmentation.sentence_at(name.tokens.start))?;
    let start = sentence.tokens.start;
    let colon = (start + 1..name.tokens.start.min(start + LONGEST_LABEL)).find(|&i| text.words.form(i) == ":")?;
    let kind = (start..colon).find_map(|i| text.lexicon.label(&text.words.lower(i)))?;
    // What stands in brackets or behind a stop is something else.
    let other = (colon + 1..name.tokens.start).any(|i| matches!(text.words.form(i), "(" | "." | ";" | ":" | "–" | "—"));
    let weight = if name.kind == EntityType::Place && text.lexicon.is_place(&key(text, name)) { 0.4 } else { 1.0 };
    (!other).then_some((kind, weight))
}

/// Most words of a label, with its colon.
const LONGEST_LABEL: usize = 5;

/// `5 juin : X, salle des fêtes`, `– X, le 14 mai`: what a calendar announces.
fn calendar(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    if !may_happen(name) {
        return None;
    }
    let mut first = name.tokens.start;
    while first > 0 && matches!(text.words.form(first - 1), "«" | "“" | "\"") {
        first -= 1;
    }
    let mark = first.checked_sub(1)?;
    let dated = |i: usize| month_number(&text.words.lower(i)).is_some();
    let behind_date = matches!(text.words.form(mark), ":" | "–" | "—" | "-")
        && mark
            .checked_sub(1)
            .is_some_and(|i| dated(i) || i > 0 && dated(i - 1) && text.words.kind(i) == Some(TokenKind::Number))
        && text.same_sentence(mark, first);
    let end = name.tokens.end + usize::from(matches!(text.words.form(name.tokens.end), "»" | "”" | "\""));
    let opens = text.opens_sentence(first)
        || matches!(text.words.form(mark), "–" | "—" | "-" | "•" | ">" | "+") && text.opens_sentence(mark);
    let before_date = opens
        && matches!(text.words.form(end), "," | ":" | "–" | "(")
        && text.same_sentence(first, end + 2)
        && (dated(end + 2) || text.words.is(end + 1, &["le", "les", "du"]) && (dated(end + 3) || dated(end + 4)));
    (behind_date || before_date && name.kind != EntityType::Organization).then_some((EntityType::Event, 1.0))
}

/// `en partenariat avec X`, `la convention avec X`.
fn partner(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let at = behind_article(text, name)?;
    let noun = at.checked_sub(1).filter(|_| text.words.is(at, &["avec"]))?;
    let joint = ["partenariat", "collaboration", "convention", "coopération", "contrat", "partenariats"];
    (text.words.is(noun, &joint) && may_be_body(text, name)).then_some((EntityType::Organization, 1.0))
}

/// The word in front of a name and its article; a place with an article is a land, which may act as one.
fn behind_article(text: &Text<'_>, name: &Name) -> Option<usize> {
    let at = name.tokens.start.checked_sub(1)?;
    if !text.words.is(at, &["la", "le", "l'", "les"]) {
        return Some(at);
    }
    at.checked_sub(1).filter(|_| name.kind != EntityType::Place)
}

/// Whether a name that is taken for something else may be a body: no person, and no known place, which may act too.
fn may_be_body(text: &Text<'_>, name: &Name) -> bool {
    name.kind != EntityType::Person && !text.lexicon.is_place(&key(text, name))
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
