//! One type for one form.

use rustc_hash::{FxHashMap, FxHashSet};

use super::marked::INTRODUCING;
use super::{Name, Text, frames};
use crate::mentions::{Head, HeadUse};
use crate::tag::{EntityType, Upos};
use crate::text::fold;

/// The vote of a name whose type is only a guess.
const GUESS: f32 = 0.02;

/// `n` equal words of the tagger count as `n` to this power.
const REPEATED: f32 = 0.5;

/// What speaks for each type of a form, by the order of [`EntityType::ALL`].
type Votes = [f32; EntityType::ALL.len()];

/// The names, each with the type that its form has most often in the release. A noun in front of one
/// (`programme Essor`) speaks louder than the tagger.
pub(super) fn unify(text: &Text<'_>, mut names: Vec<Name>) -> Vec<Name> {
    let keys: Vec<String> = names.iter().map(|name| key(text, name)).collect();
    let mut votes = ballot(text, &names, &keys);
    doubt_unknown_places(text, &names, &keys, &mut votes);
    doubt_lone_persons(text, &names, &keys, &mut votes);
    share_enumerations(text, &names, &keys, &mut votes);
    share_acronyms(text, &names, &keys, &mut votes);
    share_branches(text, &names, &keys, &mut votes);
    for (name, key) in names.iter_mut().zip(&keys) {
        if let Some(votes) = votes.get(key.as_str()) {
            name.kind = winner(votes, name.kind);
        }
    }
    names
}

/// What speaks for each type of each form. The tagger repeats its errors, and a form says the same wherever it stands, so that
/// they count less than as many different ones; what stands around a name is new each time.
fn ballot<'a>(text: &Text<'_>, names: &[Name], keys: &'a [String]) -> FxHashMap<&'a str, Votes> {
    let mut forms: FxHashMap<&str, (Votes, Votes, f32)> = FxHashMap::default();
    for (name, key) in names.iter().zip(keys) {
        let (own, around, count) = forms.entry(key).or_default();
        *count += 1.0;
        add(own, name.kind, if name.guessed { GUESS } else { name.score });
        own_evidence(text, name).for_each(|(kind, weight)| add(own, kind, weight));
        evidence(text, name).for_each(|(kind, weight)| add(around, kind, weight));
    }
    let sum = |(own, mut around, count): (Votes, Votes, f32)| {
        let share = count.powf(REPEATED - 1.0);
        around.iter_mut().zip(own).for_each(|(sum, more)| *sum += more * share);
        around
    };
    forms.into_iter().map(|(key, form)| (key, sum(form))).collect()
}

fn add(votes: &mut Votes, kind: EntityType, weight: f32) {
    if let Some(i) = EntityType::ALL.iter().position(|k| *k == kind) {
        votes[i] += weight;
    }
}

fn winner(votes: &Votes, own: EntityType) -> EntityType {
    let mut best = own;
    let mut most = EntityType::ALL.iter().position(|k| *k == own).map_or(0.0, |i| votes[i]);
    for (kind, vote) in EntityType::ALL.iter().zip(votes) {
        if *vote > most {
            (best, most) = (*kind, *vote);
        }
    }
    best
}

/// The form of a name, folded.
pub(super) fn key(text: &Text<'_>, name: &Name) -> String {
    let mut words = String::new();
    for i in name.tokens.clone() {
        if i > name.tokens.start {
            words.push(' ');
        }
        words.push_str(text.words.form(i));
    }
    fold(&words)
}

/// What the words around a name say about its type.
fn evidence(text: &Text<'_>, name: &Name) -> impl Iterator<Item = (EntityType, f32)> {
    let all = [noun_before(text, name), preposition(text, name), function(text, name), said_to_be(text, name)];
    all.into_iter().flatten().chain(frames::evidence(text, name))
}

/// What the words of a name say about its type.
fn own_evidence(text: &Text<'_>, name: &Name) -> impl Iterator<Item = (EntityType, f32)> {
    let all = [own_head(text, name), tail(text, name), given_name(text, name), listed(text, name), cited(text, name)];
    all.into_iter().flatten()
}

/// The noun that the name itself begins with (`Rencontres de l'eau`).
fn own_head(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let word = text.words.lower(name.tokens.start);
    if name.tokens.len() == 1 {
        // `Oncopole`, `Génopole`: a place where such things are together.
        let site =
            (word.ends_with("pole") || word.ends_with("pôle")) && word.len() > 5 && text.lexicon.head(&word).is_none();
        return site.then_some((EntityType::Site, 1.5));
    }
    if is_pole(text, &word) {
        return Some((EntityType::Site, 1.5));
    }
    let head = text.lexicon.head(&word).filter(|head| head.usage != HeadUse::Outside)?;
    let kind = if head.kinds.contains(&name.kind) { name.kind } else { *head.kinds.first()? };
    // `Rencontres de l'eau` says more than `Campus Academy`.
    let linked = text.words.is(name.tokens.start + 1, &["de", "du", "d'", "des"]);
    Some((kind, if linked { 1.0 } else { 0.6 }))
}

/// `Oncopole`, `Génopole`: a place where such things are together.
fn is_pole(text: &Text<'_>, word: &str) -> bool {
    (word.ends_with("pole") || word.ends_with("pôle")) && word.len() > 5 && text.lexicon.head(word).is_none()
}

/// A last word that only companies have (`Nordwind Ventures`, `Valoria SA`).
fn tail(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let last = text.words.lower(name.tokens.end - 1);
    (name.tokens.len() > 1 && text.lexicon.is_company_tail(&last)).then_some((EntityType::Organization, 1.0))
}

/// A known first name speaks for a person, in a name of two words or more.
fn given_name(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let long = name.tokens.len() >= 2 && name.tokens.len() <= 5;
    if name.kind != EntityType::Person || !long {
        return None;
    }
    let first = fold(text.words.form(name.tokens.start));
    text.lexicon.gender(&first).map(|_| (EntityType::Person, 0.7))
}

/// `chez Valoria`, `À propos de Valoria`, `à Douai`.
fn preposition(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let before = name.tokens.start.checked_sub(1)?;
    let two = |first: &str| before > 0 && text.words.is(before - 1, &[first]);
    match text.words.lower(before).as_ref() {
        "chez" => Some((EntityType::Organization, 1.0)),
        "de" | "d'" if two("propos") => Some((EntityType::Organization, 0.8)),
        "à" | "en" if name.kind == EntityType::Place => Some((EntityType::Place, 0.8)),
        _ => None,
    }
}

/// `directrice générale de Valoria`, `membre de Valoria`, `maire d'Amiens`.
fn function(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let before = name.tokens.start.checked_sub(1)?;
    let link = if text.words.is(before, &["l'", "la"]) { before.checked_sub(1)? } else { before };
    if !text.words.is(link, &["de", "d'", "du"]) {
        return None;
    }
    let mut at = link.checked_sub(1)?;
    if text
        .words
        .is(at, &["général", "générale", "délégué", "déléguée", "exécutif", "exécutive", "adjoint", "adjointe"])
    {
        at = at.checked_sub(1)?;
    }
    match text.words.lower(at).as_ref() {
        "président" | "présidente" | "directeur" | "directrice" | "dirigeant" | "dirigeante" | "fondateur"
        | "fondatrice" | "cofondateur" | "cofondatrice" | "co-fondateur" | "co-fondatrice" | "pdg" | "membre"
        | "membres" | "filiale" | "salariés" | "collaborateurs" | "collaboratrices" | "délégué" | "vice-président"
        | "vice-présidente" | "gérant" | "gérante" | "siège" => {
            // Nobody is the president of a person, whatever first name it begins with.
            let headed = name.kind == EntityType::Person && !text.words.is(at, &["collaborateurs", "collaboratrices"]);
            Some((EntityType::Organization, if headed { 1.7 } else { 0.8 }))
        }
        "maire" | "mairesse" | "préfet" | "préfète" | "habitants" | "commune" | "ville" | "quartier" | "village" => {
            Some((EntityType::Place, 0.8))
        }
        "édition" => Some((EntityType::Event, 1.2)),
        _ => None,
    }
}

/// `Valoria est une entreprise`, `Valoria, filiale de …`, `Valoria, une start-up …`. With a definite article the comma
/// may as well enumerate.
fn said_to_be(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let mut end = name.tokens.end;
    // `Valoria Cloud (VC), un logiciel …`
    if text.words.form(end) == "(" && text.words.form(end + 2) == ")" {
        end += 3;
    }
    let mark = text.words.form(end);
    let mut at = end + 1;
    let article = text.words.lower(at);
    match (mark, article.as_ref()) {
        ("est", "un" | "une" | "le" | "la" | "l'" | "son" | "sa" | "notre" | "leur")
        | (",", "un" | "une" | "son" | "sa" | "notre" | "leur") => at += 1,
        ("est" | ",", _) => {}
        _ => return None,
    }
    for _ in 0..2 {
        let form = text.words.lower(at);
        // `Concert, salle des fêtes`: where it is, not what.
        let venue = |head: &Head| mark == "," && at == end + 1 && head.kinds.first() == Some(&EntityType::Site);
        if let Some(head) = text.lexicon.head(&form).filter(|head| !head.is_place() && !venue(head)) {
            let kind = if head.kinds.contains(&name.kind) { name.kind } else { *head.kinds.first()? };
            return (name.kind != EntityType::Person).then_some((kind, 1.0));
        }
        if text.words.tags.upos(at) != Upos::Adj {
            return None;
        }
        at += 1;
    }
    None
}

/// An author with initials, in a list: `Lorbec J, Roux MP & Zorbix T`.
fn cited(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let last = name.tokens.end - 1;
    let initials = text.words.form(last);
    let short = (1..=3).contains(&initials.len()) && initials.bytes().all(|b| b.is_ascii_uppercase());
    let surname = text.words.form(name.tokens.start).chars().any(char::is_lowercase)
        && !text.lexicon.is_known_noun(&text.words.lower(name.tokens.start));
    let mark = |i: usize| matches!(text.words.form(i), "," | "&" | ":");
    let listed = name.tokens.start > 0
        && mark(name.tokens.start - 1)
        && (mark(name.tokens.end) || matches!(text.words.form(name.tokens.end), "." | "et"));
    let author = name.tokens.len() == 2 && short && surname && listed && name.kind != EntityType::Place;
    author.then_some((EntityType::Person, if initials.len() == 1 { 1.5 } else { 0.8 }))
}

/// A place that a list knows.
fn listed(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    (name.kind == EntityType::Place && text.lexicon.is_place(&key(text, name))).then_some((EntityType::Place, 0.5))
}

/// `programme Essor`, `association « Envol »`, `Mme Roux`.
fn noun_before(text: &Text<'_>, name: &Name) -> Option<(EntityType, f32)> {
    let first = name.tokens.start;
    let before = first.checked_sub(1)?;
    // Quotation marks may stand between.
    let mut at = if matches!(text.words.form(before), "«" | "\"" | "“") { before.checked_sub(1)? } else { before };
    if text.words.is(at, &INTRODUCING) {
        at = at.checked_sub(1)?;
        // `une coentreprise, baptisée Ozélia`
        at = if text.words.form(at) == "," { at.checked_sub(1)? } else { at };
    }
    // `logiciel libre Valoria`.
    let described = text.words.tags.upos(at) == Upos::Adj && text.lexicon.head(&text.words.lower(at)).is_none();
    if described && !text.is_capitalised(at) && text.same_sentence(at, first) {
        at = at.checked_sub(1)?;
    }
    let word = text.words.lower(at);
    if matches!(word.as_ref(), "m." | "mme" | "mlle" | "monsieur" | "madame") {
        return Some((EntityType::Person, 1.5));
    }
    if word == "commune" && !text.is_capitalised(at) {
        return Some((EntityType::Place, 1.2));
    }
    let head = phrase_head(text, at).or_else(|| text.lexicon.head(&word)).or_else(|| complemented(text, at))?;
    let fits = head.kinds.contains(&name.kind);
    let kind = if fits { name.kind } else { *head.kinds.first()? };
    (head.usage != HeadUse::Name).then_some((kind, 1.2))
}

/// The head that the noun at token `at` ends, of several words (`appel à projets`).
fn phrase_head<'a>(text: &'a Text<'_>, at: usize) -> Option<&'a Head> {
    let link = at.checked_sub(1).filter(|&i| text.words.is(i, &["de", "d'", "à"]))?;
    let words = [link.checked_sub(1)?, link, at].map(|i| text.words.lower(i));
    text.lexicon.head(&words.join(" "))
}

/// The head that a noun in lower case at token `at` goes on (`pôle de compétitivité Alpha`).
fn complemented<'a>(text: &'a Text<'_>, at: usize) -> Option<&'a Head> {
    let noun = text.words.tags.upos(at) == Upos::Noun && !text.is_capitalised(at);
    let link = at.checked_sub(1).filter(|&i| noun && text.words.is(i, &["de", "d'"]))?;
    let head = text.lexicon.head(&text.words.lower(link.checked_sub(1)?))?;
    (!head.is_place()).then_some(head)
}

/// A single word is the surname or first name of a person only where the release also names somebody in full by
/// it, or an honorific stands in front.
fn doubt_lone_persons<'a>(text: &Text<'_>, names: &[Name], keys: &'a [String], votes: &mut FxHashMap<&'a str, Votes>) {
    let full = names.iter().filter(|name| name.kind == EntityType::Person && name.tokens.len() > 1);
    let parts: FxHashSet<String> =
        full.flat_map(|name| name.tokens.clone()).map(|i| fold(text.words.form(i))).collect();
    let mut done: FxHashSet<&str> = FxHashSet::default();
    for (name, key) in names.iter().zip(keys) {
        if name.tokens.len() == 1 && name.kind == EntityType::Person && !parts.contains(key) && done.insert(key) {
            let first_name = text.lexicon.gender(key).is_some();
            if let Some(votes) = votes.get_mut(key.as_str()).filter(|_| !first_name) {
                let person = votes[0];
                votes[0] *= 0.5;
                // What is no person is most often an organisation.
                add(votes, EntityType::Organization, person * 0.45);
            }
        }
    }
}

/// A word that no list of places has, and that never stands behind `à` or `en`, is as well an organisation.
fn doubt_unknown_places<'a>(
    text: &Text<'_>,
    names: &[Name],
    keys: &'a [String],
    votes: &mut FxHashMap<&'a str, Votes>,
) {
    let located: FxHashSet<&str> = names
        .iter()
        .zip(keys)
        .filter(|(name, _)| {
            let before = name.tokens.start.checked_sub(1);
            before.is_some_and(|i| text.words.is(i, &["à", "en", "au", "aux", "vers", "depuis", "(", "de", "d'"]))
        })
        .map(|(_, key)| key.as_str())
        .collect();
    let mut done: FxHashSet<&str> = FxHashSet::default();
    for (name, key) in names.iter().zip(keys) {
        let single = name.tokens.len() == 1 && name.kind == EntityType::Place;
        if !single || text.lexicon.is_place(key) || located.contains(key.as_str()) || !done.insert(key) {
            continue;
        }
        if let Some(votes) = votes.get_mut(key.as_str()) {
            let place = std::mem::replace(&mut votes[2], 0.0);
            votes[2] = place * 0.5;
            add(votes, EntityType::Organization, place * 0.45);
        }
    }
}

/// Names that an enumeration joins (`A, B et C`) are of one kind, most likely.
fn share_enumerations<'a>(text: &Text<'_>, names: &[Name], keys: &'a [String], votes: &mut FxHashMap<&'a str, Votes>) {
    let mut shares: Vec<(&'a str, Votes)> = Vec::new();
    let mut start = 0;
    for i in 1..=names.len() {
        if i < names.len() && enumerates(text, &names[i - 1], &names[i]) {
            continue;
        }
        let run = start..i;
        start = i;
        if run.len() < 2 || run.len() > 12 || run.len() == 2 && !joined(text, &names[run.start], &names[run.start + 1])
        {
            continue;
        }
        let mut sum = Votes::default();
        for k in run.clone() {
            let Some(own) = votes.get(keys[k].as_str()) else { continue };
            let total: f32 = own.iter().sum::<f32>().max(0.1);
            sum.iter_mut().zip(own).for_each(|(sum, vote)| *sum += vote / total);
        }
        let share = sum.map(|vote| vote / run.len() as f32 * 0.6);
        shares.extend(run.map(|k| (keys[k].as_str(), share)));
    }
    for (key, share) in shares {
        if let Some(votes) = votes.get_mut(key) {
            votes.iter_mut().zip(share).for_each(|(vote, more)| *vote += more);
        }
    }
}

/// Whether only a comma, `et`, `ou` and articles stand between two names.
fn enumerates(text: &Text<'_>, a: &Name, b: &Name) -> bool {
    let gap = a.tokens.end..b.tokens.start;
    let link = |i: usize| text.words.is(i, &[",", "et", "ou", "l'", "la", "le", "les", "d'", "de", "du", "à"]);
    // `Cefora, le groupe Archer, le syndicat mixte ADN`
    let noun = |i: usize| {
        let body =
            text.lexicon.head(&text.words.lower(i)).is_some_and(|head| head.kinds[..] == [EntityType::Organization]);
        !text.is_capitalised(i) && (body || text.words.tags.upos(i) == Upos::Adj && i + 1 == b.tokens.start)
    };
    (1..=5).contains(&gap.len())
        && gap.clone().all(|i| link(i) || noun(i))
        && gap.clone().any(|i| text.words.is(i, &[",", "et", "ou"]))
        && text.same_sentence(a.tokens.start, b.tokens.start)
}

/// Whether `et` or `ou` stands between two names.
fn joined(text: &Text<'_>, a: &Name, b: &Name) -> bool {
    (a.tokens.end..b.tokens.start).any(|i| text.words.is(i, &["et", "ou"]))
}

/// `Ozélia France`, `Ozélia SA`, `Groupe Ozélia` and `Fondation Ozélia` are bodies, so that `Ozélia` is one too.
fn share_branches<'a>(text: &Text<'_>, names: &[Name], keys: &'a [String], votes: &mut FxHashMap<&'a str, Votes>) {
    let mut bodies: FxHashSet<String> = FxHashSet::default();
    for name in names.iter().filter(|name| name.kind == EntityType::Organization && name.tokens.len() == 2) {
        let (first, last) = (name.tokens.start, name.tokens.end - 1);
        let word = text.words.lower(last);
        let branch = text.lexicon.is_company_tail(&word) || text.lexicon.is_country(&fold(text.words.form(last)));
        if branch && text.is_capitalised(first) && text.lexicon.head(&text.words.lower(first)).is_none() {
            bodies.insert(fold(text.words.form(first)));
        }
        if text.words.is(first, &["groupe", "fondation", "institut", "société"]) && text.is_capitalised(last) {
            bodies.insert(fold(text.words.form(last)));
        }
    }
    for body in bodies_in_order(&bodies, keys) {
        if let Some(votes) = votes.get_mut(body) {
            add(votes, EntityType::Organization, 1.0);
        }
    }
}

/// The keys that are among `bodies`, each once, in the order of the text.
fn bodies_in_order<'a>(bodies: &FxHashSet<String>, keys: &'a [String]) -> Vec<&'a str> {
    let mut done: FxHashSet<&str> = FxHashSet::default();
    keys.iter().map(String::as_str).filter(|key| bodies.contains(*key) && done.insert(key)).collect()
}

/// An acronym in parentheses behind a long form has the type of both together.
fn share_acronyms<'a>(text: &Text<'_>, names: &[Name], keys: &'a [String], votes: &mut FxHashMap<&'a str, Votes>) {
    for (i, pair) in names.windows(2).enumerate() {
        let (long, short) = (&pair[0], &pair[1]);
        let opened = long.tokens.end + 1 == short.tokens.start && text.words.form(long.tokens.end) == "(";
        let acronym = short.tokens.len() == 1
            && text.words.form(short.tokens.start).chars().filter(|c| c.is_uppercase()).count() > 1;
        if !opened || !acronym || text.words.form(short.tokens.end) != ")" || long.tokens.len() < 2 {
            continue;
        }
        let (Some(&a), Some(&b)) = (votes.get(keys[i].as_str()), votes.get(keys[i + 1].as_str())) else { continue };
        let mut both = a;
        both.iter_mut().zip(b).for_each(|(sum, more)| *sum += more);
        // A person is never spelled out by an organisation: `Marie Durand (CNRS)`.
        let person = winner(&a, long.kind) == EntityType::Person;
        let place = winner(&b, short.kind) == EntityType::Place;
        if !person && !place && initials_fit(text, long, short) {
            votes.insert(&keys[i], both);
            votes.insert(&keys[i + 1], both);
        }
    }
}

/// Whether the acronym begins like the long form and its letters stand in it in order.
pub(super) fn initials_fit(text: &Text<'_>, long: &Name, short: &Name) -> bool {
    let spelled = key(text, long);
    let letters = fold(text.words.form(short.tokens.start));
    let mut rest = spelled.chars();
    letters.chars().filter(|c| c.is_alphabetic()).all(|letter| rest.any(|c| c == letter))
}
