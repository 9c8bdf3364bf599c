//! Boundaries: what the annotation guide leaves outside of names.

use super::contexts::is_ordinal;
use super::{Name, Text};
use crate::mentions::HeadUse;
use crate::segment::TokenKind;
use crate::tag::{EntityType, Upos, VerbForm};
use crate::text::fold;

/// The names that `name` should be: trimmed, extended, or split.
pub(super) fn mend(text: &Text<'_>, name: Name) -> Vec<Name> {
    let parts = split(text, name).into_iter().map(|part| cut(text, part));
    let parts = parts.map(|part| extend(text, hyphenless(text, trim(text, glued(text, part)))));
    let parts = parts.map(|part| surname(text, part));
    parts.filter(|part| !is_generic(text, part) && !is_function(text, part)).collect()
}

/// With the surname in capitals behind a first name (`Jean-Marc DE LA ROCHE`), which makes it a person.
fn surname(text: &Text<'_>, mut name: Name) -> Name {
    let shouted = |i: usize| {
        let form = text.words.form(i);
        text.words.kind(i) == Some(TokenKind::Word) && form.len() > 2 && form.chars().all(|c| !c.is_lowercase())
    };
    let given = || text.lexicon.gender(&fold(text.words.form(name.tokens.start))).is_some();
    let mixed = text.words.form(name.tokens.start).chars().any(char::is_lowercase);
    let end = name.tokens.end;
    if mixed
        && shouted(end)
        && (name.kind == EntityType::Person || given())
        && text.same_sentence(name.tokens.start, end)
    {
        while name.tokens.end < end + 4 && shouted(name.tokens.end) && text.same_sentence(end, name.tokens.end) {
            name.tokens.end += 1;
        }
        name.kind = EntityType::Person;
    }
    name
}

/// Without what no name goes on with: a finite verb (`Forum Alpha est l'unique …`), `Cedex`.
fn cut(text: &Text<'_>, mut name: Name) -> Name {
    if matches!(name.kind, EntityType::Product | EntityType::Person) {
        return name;
    }
    let quoted = name.tokens.clone().any(|i| matches!(text.words.form(i), "«" | "“" | "\""));
    let stops = |&i: &usize| {
        let form = text.words.form(i);
        let verb = matches!(text.words.tags.upos(i), Upos::Verb | Upos::Aux)
            && text.words.tags.morphology(i).verb_form == Some(VerbForm::Finite)
            && form.chars().next().is_some_and(char::is_lowercase)
            && form != "es";
        verb && !quoted || matches!(form, "Cedex" | "CEDEX" | "cedex")
    };
    // `confie à Ozélia la distribution de l'eau`
    let object = |&i: &usize| {
        let article = matches!(text.words.form(i), "la" | "le" | "les" | "l'") && i + 1 < name.tokens.end;
        name.kind == EntityType::Organization
            && article
            && !quoted
            && !text.is_capitalised(i + 1)
            && text.is_capitalised(i - 1)
            && matches!(text.words.tags.upos(i - 1), Upos::Propn | Upos::X)
    };
    // `la Fédération espérant …`, `le Gouvernement de faire …`
    let goes_on = |&i: &usize| {
        let form = |i: usize| text.words.tags.morphology(i).verb_form;
        let body = name.kind == EntityType::Organization && !quoted && !text.is_capitalised(i);
        let verb = |i: usize| matches!(text.words.tags.upos(i), Upos::Verb | Upos::Aux) && !text.is_capitalised(i);
        body && (verb(i) && form(i) == Some(VerbForm::Participle) && text.words.form(i).ends_with("ant")
            || text.words.is(i, &["de", "d'"]) && verb(i + 1) && form(i + 1) == Some(VerbForm::Infinitive))
    };
    let ends = |i: &usize| stops(i) || object(i) || goes_on(i);
    if let Some(end) = (name.tokens.start + 1..name.tokens.end).find(ends) {
        name.tokens.end = end;
    }
    name
}

/// With the rest of a place that is written without its hyphens (`Seine et Marne`), also where it ends the name of a body.
fn hyphenless(text: &Text<'_>, mut name: Name) -> Name {
    let known = |from: usize, to: usize| {
        let whole = text.is_capitalised(from) && text.is_capitalised(to - 1) && text.same_sentence(from, to - 1);
        whole && {
            let words: Vec<&str> = (from..to).map(|i| text.words.form(i)).collect();
            text.lexicon.is_place(&fold(&words.join("-"))) || text.lexicon.is_place(&fold(&words.join(" ")))
        }
    };
    if !matches!(name.kind, EntityType::Place | EntityType::Organization) {
        return name;
    }
    // `République démocratique du Congo`
    let state = text.words.is(name.tokens.start, &["république", "royaume", "principauté", "fédération"]);
    let link = name.tokens.end;
    if state && name.kind == EntityType::Place && name.tokens.len() <= 2 && text.words.is(link, &["de", "du", "d'"]) {
        let last = link + 1 + usize::from(text.words.is(link + 1, &["la", "l'"]));
        if text.is_capitalised(last) && text.same_sentence(link, last) {
            name.tokens.end = last + 1;
            return name;
        }
    }
    // `Paris 15e`
    let city = name.kind == EntityType::Place && name.tokens.len() == 1;
    if city && text.words.is(link - 1, &["paris", "lyon", "marseille"]) && is_ordinal(text.words.form(link)) {
        name.tokens.end += 1;
        return name;
    }
    let (first, end) =
        (if name.kind == EntityType::Place { name.tokens.start } else { name.tokens.end - 1 }, name.tokens.end);
    if let Some(to) = [3, 2].into_iter().map(|more| end + more).find(|&to| known(first, to)) {
        name.tokens.end = to;
    } else if name.kind == EntityType::Place && name.tokens.len() == 1 && first >= 2 && known(first - 2, end) {
        name.tokens.start = first - 2;
    }
    name
}

/// With what a dot without spaces joins to it (`Valoria.ID`).
fn glued(text: &Text<'_>, mut name: Name) -> Name {
    let end = name.tokens.end;
    let dot = text.words.form(end) == "." && text.words.glued(end) && text.words.glued(end + 1);
    if dot && text.words.kind(end + 1) == Some(TokenKind::Word) && text.same_sentence(name.tokens.start, end + 1) {
        name.tokens.end = end + 2;
    }
    name
}

/// Whether it is only a noun with a capital (`la Fondation`), a function (`le Gouverneur`) or an acronym of a common noun (`la
/// R&D`). `l'État` names the State.
fn is_generic(text: &Text<'_>, name: &Name) -> bool {
    let word = text.words.lower(name.tokens.start);
    if name.kind != EntityType::Person && name.tokens.len() <= 3 {
        let phrase = name.tokens.clone().map(|i| text.words.form(i)).collect::<String>();
        if text.lexicon.is_common_acronym(&phrase) {
            return true;
        }
    }
    // `BP12`, `CS 40123`
    let digits = word.strip_prefix("bp").or_else(|| word.strip_prefix("cs"));
    if name.tokens.len() == 1 && digits.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
    {
        return true;
    }
    let function = name.kind == EntityType::Organization && text.lexicon.is_known_noun(&word);
    if name.tokens.len() == 1 && function && text.words.form(name.tokens.start).chars().any(char::is_lowercase) {
        return !matches!(word.as_ref(), "etat" | "état");
    }
    name.tokens.len() == 1
        && !matches!(word.as_ref(), "etat" | "état")
        && text.lexicon.head(&word).is_some_and(|head| head.kinds.first() != Some(&EntityType::Product))
}

/// Without clitics, articles, honorifics, generic nouns and marks around it.
fn trim(text: &Text<'_>, mut name: Name) -> Name {
    while name.tokens.len() > 1 && is_outside_left(text, &name) {
        let idiom = is_idiom(text, name.tokens.start) && text.words.form(name.tokens.start) != "service";
        if is_area(text, name.tokens.start) || idiom {
            name.kind = EntityType::Place;
        }
        name.tokens.start += 1;
    }
    while name.tokens.len() > 1 && is_outside_right(text, &name) {
        name.tokens.end -= 1;
    }
    name
}

fn is_outside_left(text: &Text<'_>, name: &Name) -> bool {
    let at = name.tokens.start;
    let form = text.words.form(at);
    if text.words.kind(at) == Some(TokenKind::Punctuation) && form != "#"
        || text.words.kind(at) == Some(TokenKind::Break)
    {
        return !matches!(form, "«" | "“" | "\"" | "(") || !closes_inside(text, name);
    }
    if matches!(form, "d'" | "l'" | "de" | "du" | "des" | "le" | "la" | "les" | "et" | "à" | "au" | "un" | "une") {
        return true;
    }
    // `L'ICR` at the start of a sentence.
    if matches!(form, "L'" | "L’" | "D'" | "D’") && name.tokens.len() == 2 && is_acronym(text.words.form(at + 1)) {
        return true;
    }
    if is_area(text, at) || is_idiom(text, at) {
        return true;
    }
    let lower = text.words.lower(at);
    // `1re édition du Forum Ozélia`
    if is_ordinal(form) && text.words.is(at + 1, &["édition"])
        || form == "édition" && text.words.is(at + 1, &["de", "du", "des", "d'"])
    {
        return true;
    }
    // `cœur de Lille`, `foyer des Voisines`: the noun of nothing that has names.
    if form.chars().all(char::is_lowercase)
        && !matches!(name.kind, EntityType::Product | EntityType::Person)
        && !text.lexicon.is_known_noun(&lower)
        && text.words.is(at + 1, &["de", "du", "des", "d'"])
        && text.is_capitalised(at + 2 + usize::from(text.words.is(at + 2, &["la", "l'"])))
    {
        return true;
    }
    // `conseil d'administration de Valoria`, `comité de direction de Valoria`.
    let organ = matches!(lower.as_ref(), "conseil" | "comité")
        && text.words.is(at + 2, &["administration", "direction", "surveillance", "pilotage"]);
    if organ || matches!(form, "administration" | "direction" | "surveillance" | "équipes" | "équipe") {
        return true;
    }
    if name.kind == EntityType::Person && is_honorific(&lower, form) {
        return true;
    }
    // `startup Ozélia`, `concours Alpha`: the noun stays outside where a name follows.
    let generic = form.chars().next().is_some_and(char::is_lowercase);
    let head = text.lexicon.head(&lower);
    let outside = head.is_some_and(|head| {
        head.usage != HeadUse::Name && generic || head.usage == HeadUse::Outside || is_apart(text, at)
    });
    // `Société Nationale d'Horticulture` is not the society `Nationale`.
    let described = text.words.is(at + 1, &DESCRIBING) || text.words.tags.upos(at + 1) == Upos::Adj;
    outside && text.is_capitalised(at + 1) && (generic || !described)
}

/// Whether the noun in lower case at token `at`, which belongs to names as a rule, stands apart from the one behind it: an acronym
/// (`unité GDEC`), or the name of a company (`usine Ozélia`).
pub(super) fn is_apart(text: &Text<'_>, at: usize) -> bool {
    let form = text.words.form(at + 1);
    let acronym = form.chars().count() > 1 && !form.contains(|c: char| c.is_lowercase() || c.is_ascii_digit());
    let company = text.words.is(at, &["laboratoire", "usine", "centrale", "aciérie", "raffinerie", "sucrerie"]);
    let apart = company || acronym && text.words.is(at, &["institut", "unité", "école", "agence", "clinique"]);
    !text.is_capitalised(at) && text.is_capitalised(at + 1) && apart
}

/// Whether the noun of an area stands at token `at`, with `de` behind it: `la ville d'Amiens` gives `Amiens`.
fn is_area(text: &Text<'_>, at: usize) -> bool {
    let areas = [
        "ville",
        "commune",
        "village",
        "province",
        "région",
        "frontière",
        "territoire",
        "quartier",
        "canton",
        "département",
    ];
    areas.contains(&text.words.form(at)) && text.words.is(at + 1, &["de", "d'", "du"])
}

/// Whether token `at` belongs to a phrase of common words in front of a name: `au service de Lorbec`, `mettre en place à Lorbec`,
/// `dans le centre de Lorbec`, `la place de la France`.
fn is_idiom(text: &Text<'_>, at: usize) -> bool {
    let before = |i: usize, words: &[&str]| at >= i && text.words.is(at - i, words);
    let place = |at: usize| {
        let first = at + 1 + usize::from(text.words.is(at + 1, &["la", "l'"]));
        text.words.is(at, &["de", "d'", "du"]) && text.lexicon.is_place(&fold(text.words.form(first)))
    };
    match text.words.form(at) {
        "service" => before(1, &["au"]),
        "centre" => before(1, &["le"]) && before(2, &["dans"]),
        "place" => before(1, &["en"]) || before(1, &["la", "sa"]) && place(at + 1),
        _ => false,
    }
}

/// Whether a word is of capitals only.
fn is_acronym(form: &str) -> bool {
    form.chars().count() > 1 && form.chars().all(|c| c.is_uppercase() || c.is_ascii_digit())
}

/// Functions: what begins with one is no body (`le Gouverneur de Province`), nor is the office of a minister (`le ministre de la
/// Justice`).
fn is_function(text: &Text<'_>, name: &Name) -> bool {
    let functions = [
        "gouverneur",
        "gouverneure",
        "gouverneurs",
        "vice-gouverneur",
        "président",
        "présidente",
        "ministre",
        "ministres",
        "directeur",
        "directrice",
        "maire",
        "préfet",
        "préfète",
        "conseiller",
        "conseillère",
        "chef",
        "cheffe",
        "porte-parole",
    ];
    if name.kind != EntityType::Organization {
        return false;
    }
    // `le Gouverneur Lorbec`
    let articled = text.words.is(name.tokens.start, &["le", "la"]) && name.tokens.len() > 2;
    if text.words.is(name.tokens.start + usize::from(articled), &functions) {
        return true;
    }
    let before = |i: usize| name.tokens.start.checked_sub(i);
    let article = before(1).is_some_and(|i| text.words.is(i, &["la", "l'"]));
    let link = before(1 + usize::from(article)).filter(|&i| text.words.is(i, &["de", "du", "des"]));
    let mut noun = link.and_then(|link| link.checked_sub(1));
    if noun.is_some_and(|i| {
        text.words.is(i, &["délégué", "déléguée", "national", "nationale", "provincial", "provinciale"])
    }) {
        noun = noun.and_then(|i| i.checked_sub(1));
    }
    noun.is_some_and(|i| text.words.is(i, &["ministre", "ministres"]))
}

/// Adjectives that make a noun the name of a body.
const DESCRIBING: [&str; 10] = [
    "nationale",
    "national",
    "générale",
    "général",
    "française",
    "français",
    "européenne",
    "européen",
    "internationale",
    "international",
];

/// Titles that stand in front of the names of persons.
fn is_honorific(lower: &str, form: &str) -> bool {
    let words = [
        "m.",
        "mm.",
        "mme",
        "mmes",
        "mlle",
        "mr",
        "mr.",
        "dr",
        "dr.",
        "pr",
        "pr.",
        "me",
        "maître",
        "monsieur",
        "madame",
        "mademoiselle",
        "docteur",
        "professeur",
        "professeure",
        "président",
        "présidente",
        "directeur",
        "directrice",
        "ministre",
        "gouverneur",
        "gouverneure",
        "maire",
        "sénateur",
        "sénatrice",
        "député",
        "députée",
        "général",
        "colonel",
        "père",
        "s.e",
        "s.e.",
        "se",
        "sem",
        "son",
        "excellence",
        "honorable",
        "mgr",
        "sir",
        "lord",
        "ir",
        "le",
        "chef",
        "vice-gouverneur",
        "pdg",
    ];
    words.contains(&lower) && form != "Le"
}

/// Whether the mark that opens the name is closed within it.
fn closes_inside(text: &Text<'_>, name: &Name) -> bool {
    let close = match text.words.form(name.tokens.start) {
        "«" => "»",
        "“" => "”",
        "(" => ")",
        _ => "\"",
    };
    (name.tokens.start + 1..name.tokens.end).any(|i| text.words.form(i) == close)
}

fn is_outside_right(text: &Text<'_>, name: &Name) -> bool {
    let at = name.tokens.end - 1;
    let form = text.words.form(at);
    match text.words.kind(at) {
        Some(TokenKind::Break) => true,
        Some(TokenKind::Punctuation) => match form {
            "»" | "”" | ")" => {
                let open = match form {
                    "»" => "«",
                    "”" => "“",
                    _ => "(",
                };
                !(name.tokens.start..at).any(|i| text.words.form(i) == open)
            }
            "\"" => (name.tokens.start..at).filter(|&i| text.words.form(i) == "\"").count() % 2 == 0,
            // `Yahoo!`, but `avec Valoria !`
            "!" | "?" => !text.words.glued(at),
            "+" => false,
            _ => true,
        },
        // `Paul Petit L'` of `Paul Petit L'ancien ministre`: the word elided begins the next sentence.
        _ => {
            matches!(form, "et" | "de" | "du" | "des" | "la" | "le" | "les" | "à" | "au" | "aux" | "pour")
                || form.len() > 1 && form.ends_with('\'')
        }
    }
}

/// The parts of a name that runs over a dash with spaces, a line break of another sentence, or a slash
/// between names.
fn split(text: &Text<'_>, name: Name) -> Vec<Name> {
    let mut out = Vec::new();
    let mut start = name.tokens.start;
    let acronym = spelled_out(text, &name);
    for at in name.tokens.clone() {
        let form = text.words.form(at);
        let spaced = !text.words.glued(at) && !text.words.glued(at + 1);
        let dash = spaced && matches!(form, "–" | "—") && name.kind != EntityType::Event;
        let other_sentence = at > start && !text.same_sentence(at, start);
        let slash = form == "/" && names_beside(text, &name, at) && name.tokens.len() > 3;
        let address = matches!(form, "S.E" | "S.E." | "Monsieur" | "Madame" | "M." | "Mme" | "Me" | "Dr" | "Pr");
        if address && at > start && at + 1 < name.tokens.end {
            out.push(Name { tokens: start..at, ..name.clone() });
            out.push(Name { tokens: at + 1..name.tokens.end, kind: EntityType::Person, ..name });
            out.retain(|part| !part.tokens.is_empty());
            return out;
        }
        if let Some(close) = open_quote(text, &name, at).filter(|_| at > start) {
            out.push(Name { tokens: start..at, ..name.clone() });
            out.push(Name { tokens: at + 1..close, ..name });
            out.retain(|part| !part.tokens.is_empty());
            return out;
        }
        if acronym == Some(at) {
            out.push(Name { tokens: start..at, ..name.clone() });
            start = at;
        }
        if dash || slash {
            out.push(Name { tokens: start..at, ..name.clone() });
            start = at + 1;
        } else if other_sentence {
            out.push(Name { tokens: start..at, ..name.clone() });
            start = at;
        }
    }
    out.push(Name { tokens: start..name.tokens.end, ..name });
    out.retain(|part| !part.tokens.is_empty());
    out
}

/// Where the quotation ends that token `at` opens, if that is behind the name: `colloque DIME "Des outils pour` names two.
fn open_quote(text: &Text<'_>, name: &Name, at: usize) -> Option<usize> {
    let close = match text.words.form(at) {
        "«" => "»",
        "“" => "”",
        "\"" => "\"",
        _ => return None,
    };
    let inside = (name.tokens.start..name.tokens.end).filter(|&i| text.words.form(i) == close).count();
    if inside != usize::from(close == "\"") {
        return None;
    }
    let limit = name.tokens.end.max(at + LONGEST_QUOTE);
    (name.tokens.end..limit).find(|&i| text.words.form(i) == close).filter(|&i| text.same_sentence(at, i))
}

/// Longest quotation that is taken for a name, in tokens.
const LONGEST_QUOTE: usize = 14;

/// The acronym that ends a name which spells it out (`Programme alimentaire mondial PAM`).
fn spelled_out(text: &Text<'_>, name: &Name) -> Option<usize> {
    let last = name.tokens.end - 1;
    let form = text.words.form(last);
    if name.tokens.len() < 3 || form.chars().count() < 2 || !form.chars().all(char::is_uppercase) {
        return None;
    }
    let long = (name.tokens.start..last).filter(|&i| text.words.form(i).chars().count() > 3 || text.is_capitalised(i));
    let initials: String = long.filter_map(|i| text.words.form(i).chars().next()).collect();
    (fold(&initials) == fold(form)).then_some(last)
}

/// Whether a slash at token `at` stands between two names of three letters or more, not of a system such as `GNU/Linux`.
fn names_beside(text: &Text<'_>, name: &Name, at: usize) -> bool {
    let long = |i: usize| text.words.form(i).chars().count() >= 3 && text.is_capitalised(i);
    name.kind == EntityType::Organization
        && at > name.tokens.start
        && at + 1 < name.tokens.end
        && long(at - 1)
        && long(at + 1)
}

/// With the version of a product (`Valoris 9.4`) or the year of an event or programme (`VitiExpo 2024`).
fn extend(text: &Text<'_>, mut name: Name) -> Name {
    let at = name.tokens.end;
    if text.words.kind(at) != Some(TokenKind::Number) || !text.same_sentence(name.tokens.start, at) {
        return name;
    }
    let form = text.words.form(at);
    let year = form.len() == 4 && form.parse().is_ok_and(|year: u32| (1950..2100).contains(&year));
    let version = form.contains('.') && form.len() <= 6 && !form.ends_with('.');
    match name.kind {
        EntityType::Event | EntityType::Program if year => name.tokens.end += 1,
        // `Rencontres 12`: an edition, unless it counts something.
        EntityType::Event if form.len() <= 2 && text.words.tags.upos(at + 1) != Upos::Noun => name.tokens.end += 1,
        EntityType::Product if version => name.tokens.end += 1,
        _ => {}
    }
    name
}
