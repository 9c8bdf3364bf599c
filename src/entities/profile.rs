//! What tells the entities of a release apart, beside their names.

use std::ops::Range;

use super::form::Form;
use super::references::Context;
use super::{EntityType, Resolution};
use crate::tag::{Gender, Upos, VerbForm};
use crate::text::fold;

/// Nouns of bodies that are no companies, folded.
const NO_COMPANIES: [&str; 22] = [
    "association",
    "fondation",
    "federation",
    "confederation",
    "union",
    "alliance",
    "syndicat",
    "chambre",
    "comite",
    "ville",
    "commune",
    "region",
    "departement",
    "metropole",
    "communaute",
    "parti",
    "ligue",
    "ordre",
    "collectif",
    "commission",
    "office",
    "mission",
];

/// What is known of an entity beside its name.
pub(super) struct Profile {
    pub(super) kind: EntityType,
    pub(super) gender: Option<Gender>,
    /// The nouns that the text calls it by: the head of its name and nouns in front of it, folded.
    pub(super) nouns: Vec<String>,
    /// The first word of its name, folded, where more words follow.
    pub(super) first: String,
    /// How often it is named.
    pub(super) count: usize,
    /// Whether the headline names it.
    pub(super) in_title: bool,
    /// Whether its name is a plural (`Conseils départementaux de …`).
    pub(super) plural: bool,
}

impl Profile {
    /// Whether the text or the name itself calls it something that no company is.
    pub(super) fn is_no_company(&self) -> bool {
        self.nouns.iter().any(|noun| NO_COMPANIES.contains(&noun.as_str()))
    }
}

/// The profile of each entity.
pub(super) fn profiles(context: &Context<'_>, resolution: &Resolution) -> Vec<Profile> {
    let mut profiles: Vec<Profile> = resolution
        .entities
        .iter()
        .map(|entity| Profile {
            kind: entity.kind,
            gender: gender_of_name(context, entity.kind, &entity.name),
            nouns: Vec::new(),
            first: entity.name.split_once(' ').map(|(first, _)| fold(first)).unwrap_or_default(),
            count: entity.mentions.len(),
            in_title: false,
            plural: is_plural(context, &entity.name),
        })
        .collect();
    for (entity, profile) in resolution.entities.iter().zip(&mut profiles) {
        for name in std::iter::once(&entity.name).chain(&entity.aliases) {
            let heads = Form::words(name).into_iter().take(3).filter(|word| word.len() > 2);
            profile.nouns.extend(heads);
        }
    }
    let names = &context.mentions.names;
    for (name, id) in names.iter().zip(&resolution.of_names) {
        let Some(profile) = profiles.get_mut(id.0) else { continue };
        profile.in_title |= context.layout.title.is_some_and(|title| title.contains(name.span));
        if name.tokens.start == 0 {
            continue;
        }
        let before = context.lower(name.tokens.start - 1);
        match before.as_ref() {
            "m." | "mr" | "monsieur" => profile.gender = Some(Gender::Masculine),
            "mme" | "mme." | "mlle" | "madame" => profile.gender = Some(Gender::Feminine),
            noun => {
                // `le studio lillois Petit Bruit`: up to two adjectives may stand between.
                let adjectives = (1..=ADJECTIVES).take_while(|&back| is_adjective(context, name.tokens.start, back));
                let adjectives = adjectives.last().unwrap_or(0);
                // `L'essai, appelé Alma`: the participle may stand between, with a comma.
                let called = usize::from(CALLED.contains(&noun));
                let comma = name.tokens.start.checked_sub(2).filter(|_| called > 0).map(|token| context.form(token));
                let behind = 1 + if called > 0 { 1 + usize::from(comma == Some(",")) } else { adjectives };
                let far = name.tokens.start.checked_sub(behind).map(|token| context.lower(token));
                let noun = far.as_deref().filter(|_| behind > 1).unwrap_or(noun);
                if let Some(head) = context.lexicon.head(noun) {
                    profile.nouns.push(fold(noun));
                    profile.gender = profile.gender.or(Some(head.gender));
                }
            }
        }
        apposition(context, name.tokens.end, profile);
        if profile.kind != EntityType::Person && profile.kind != EntityType::Place && profile.gender.is_none() {
            profile.gender = gender_of_participle(context, name.tokens.end);
        }
        if profile.kind == EntityType::Person && profile.gender.is_none() {
            profile.gender = gender_of_function(context, &name.tokens);
        }
    }
    profiles
}

/// Participles that introduce a name.
const CALLED: [&str; 12] = [
    "appelé",
    "appelée",
    "baptisé",
    "baptisée",
    "dénommé",
    "dénommée",
    "intitulé",
    "intitulée",
    "nommé",
    "nommée",
    "dit",
    "dite",
];

/// The gender that a participle with `être` right behind a name tells: `Valoria a été fondée`. A masculine one tells
/// nothing: names of companies take it too.
fn gender_of_participle(context: &Context<'_>, end: usize) -> Option<Gender> {
    let mut at = end;
    while at < end + 2 && matches!(context.lower(at).as_ref(), "a" | "avait" | "est" | "était" | "sera" | "fut" | "été")
    {
        at += 1;
    }
    let is_participle = at > end && context.tags.morphology(at).verb_form == Some(VerbForm::Participle);
    let gender = context.tags.morphology(at).gender.filter(|gender| *gender == Gender::Feminine);
    gender.filter(|_| is_participle && context.lower(at).ends_with('e') && context.lower(at - 1) != "a")
}

/// How many adjectives may stand between a noun and the name that it introduces.
const ADJECTIVES: usize = 2;

/// Whether the token `back` before token `start` is an adjective.
fn is_adjective(context: &Context<'_>, start: usize, back: usize) -> bool {
    start.checked_sub(back).is_some_and(|token| context.tags.upos(token) == Upos::Adj)
}

/// Endings of nouns of functions and trades that only women bear, and those that only men bear.
const FEMININE: [&str; 12] =
    ["trice", "euse", "ière", "ienne", "ante", "ente", "ée", "onne", "esse", "eure", "ère", "euresse"];
const MASCULINE: [&str; 7] = ["teur", "eur", "ier", "ien", "ant", "ent", "é"];

/// The gender that the function beside a person's name tells: `sa directrice musicale, Sunniva Holm`, `Sunniva Holm,
/// cheffe d'orchestre`.
fn gender_of_function(context: &Context<'_>, name: &Range<usize>) -> Option<Gender> {
    let told = |token: usize| {
        let word = context.lower(token);
        let ends = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
        let noun = word.as_ref();
        if !context.lexicon.is_function(noun) {
            None
        } else if ends(&FEMININE) {
            Some(Gender::Feminine)
        } else if ends(&MASCULINE) {
            Some(Gender::Masculine)
        } else {
            None
        }
    };
    let behind = (context.form(name.end) == ",").then(|| {
        let first = name.end + 1;
        let skips = matches!(context.lower(first).as_ref(), "le" | "la" | "l'" | "un" | "une" | "ancien" | "ancienne");
        told(first).or_else(|| told(first + 1).filter(|_| skips))
    });
    // Before the name up to two adjectives and a comma may stand.
    let comma = usize::from(name.start > 0 && context.form(name.start - 1) == ",");
    let before = (1..=3).map(|back| name.start.checked_sub(back + comma));
    let before = before.map_while(|token| token.filter(|&t| matches!(context.tags.upos(t), Upos::Noun | Upos::Adj)));
    behind.flatten().or_else(|| before.into_iter().find_map(told))
}

/// The noun in an apposition or predicate behind a name that ends before token `end`: `Valoria, filiale de …`,
/// `Valoria est une entreprise …`.
fn apposition(context: &Context<'_>, end: usize, profile: &mut Profile) {
    if !matches!(context.form(end), "," | "est") {
        return;
    }
    let mut at = end + 1;
    if matches!(context.lower(at).as_ref(), "le" | "la" | "l'" | "un" | "une") {
        at += 1;
    }
    let noun = context.lower(at);
    if let Some(head) = context.lexicon.head(&noun)
        && head.kinds.contains(&profile.kind)
    {
        profile.nouns.push(fold(&noun));
        profile.gender = profile.gender.or(Some(head.gender));
    }
}

/// The gender of a name: a person's by the first name, that of others by the noun it begins with.
fn gender_of_name(context: &Context<'_>, kind: EntityType, name: &str) -> Option<Gender> {
    let first = name.split(' ').next()?;
    if kind == EntityType::Person {
        return context.lexicon.gender(&fold(first));
    }
    context.lexicon.head(&first.to_lowercase()).map(|head| head.gender)
}

/// Whether a name begins with a plural noun.
fn is_plural(context: &Context<'_>, name: &str) -> bool {
    let first = name.split(' ').next().unwrap_or("").to_lowercase();
    first == "les" || first.ends_with(['s', 'x']) && context.lexicon.head(&first[..first.len() - 1]).is_some()
}
