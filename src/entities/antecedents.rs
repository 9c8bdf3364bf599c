//! The entities that a reference may mean.

use rustc_hash::FxHashSet;

use super::form::Form;
use super::references::Context;
use super::{EntityId, EntityType, Reference, Resolution};
use crate::mentions::{Head, HeadUse};
use crate::read::SectionKind;
use crate::tag::Gender;
use crate::text::fold;

/// How many sentences back a pronoun may look.
const PRONOUN_REACH: usize = 2;

/// Within how many sentences the nearer of two organisations is more likely meant by `le groupe`.
const TOPIC_REACH: usize = 6;

/// How many names back a noun may look.
const NOUN_REACH: usize = 40;

/// What organisations do and people hardly.
const CORPORATE_VERBS: [&str; 18] = [
    "employer",
    "commercialiser",
    "regrouper",
    "fédérer",
    "rassembler",
    "réunir",
    "appartenir",
    "adhérer",
    "exploiter",
    "fabriquer",
    "produire",
    "distribuer",
    "exporter",
    "embaucher",
    "opérer",
    "compter",
    "détenir",
    "éditer",
];

/// What is known of an entity beside its name.
struct Profile {
    kind: EntityType,
    gender: Option<Gender>,
    /// The nouns that the text calls it by: the head of its name and nouns in front of it, folded.
    nouns: Vec<String>,
    /// How often it is named.
    count: usize,
    /// Whether the headline names it.
    in_title: bool,
    /// Whether its name is a plural (`Conseils départementaux de …`).
    plural: bool,
}

/// The entities of a release with what tells them apart.
pub(super) struct Antecedents<'a> {
    context: &'a Context<'a>,
    resolution: &'a Resolution,
    profiles: Vec<Profile>,
    /// The sentence of each name.
    sentences: Vec<usize>,
}

impl<'a> Antecedents<'a> {
    pub(super) fn new(context: &'a Context<'a>, resolution: &'a Resolution) -> Self {
        let mut profiles: Vec<Profile> = resolution
            .entities
            .iter()
            .map(|entity| Profile {
                kind: entity.kind,
                gender: gender_of_name(context, entity.kind, &entity.name),
                nouns: Vec::new(),
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
                    if let Some(head) = context.lexicon.head(noun) {
                        profile.nouns.push(fold(noun));
                        profile.gender = profile.gender.or(Some(head.gender));
                    }
                }
            }
            apposition(context, name.tokens.end, profile);
        }
        let sentences = names.iter().map(|name| context.segmentation.sentence_at(name.tokens.start)).collect();
        Self { context, resolution, profiles, sentences }
    }

    /// The names before token `at`, the last one first, with their entities and the index of each.
    fn before(&self, at: usize) -> impl Iterator<Item = (usize, EntityId)> + '_ {
        let end = self.context.mentions.names.partition_point(|name| name.tokens.end <= at);
        (0..end.min(self.resolution.of_names.len())).rev().map(|i| (i, self.resolution.of_names[i]))
    }

    fn profile(&self, id: EntityId) -> Option<&Profile> {
        self.profiles.get(id.0)
    }

    /// The entity that a noun with an article at token `at` of sentence `sentence` means.
    pub(super) fn of_noun(&self, at: usize, sentence: usize, noun: &str) -> Option<EntityId> {
        let head = self.context.lexicon.head(noun)?;
        let folded = fold(noun);
        let kinds = &head.kinds;
        let fits = |id: EntityId| self.profile(id).is_some_and(|profile| kinds.contains(&profile.kind));
        // What the text itself calls by that noun, named last.
        let called = self
            .before(at)
            .take(NOUN_REACH)
            .map(|(_, id)| id)
            .find(|&id| fits(id) && self.profile(id).is_some_and(|profile| profile.nouns.contains(&folded)));
        if called.is_some() {
            return called;
        }
        match head.kinds.first() {
            Some(EntityType::Organization) => {}
            // `le logiciel libre`, `le robot`: products are too often spoken of without a name.
            Some(EntityType::Product) => return None,
            _ => return self.only_of(head, at),
        }
        if !head.topic && head.usage != HeadUse::Apart {
            return None;
        }
        // Else the topic: the subject of an `À propos` paragraph, or the organisation told of last whose
        // name does not say that it is something else.
        let compatible = |id: EntityId| fits(id) && self.profile(id).is_some_and(|profile| self.may_be(profile, head));
        if let Some(about) = self.about(at)
            && compatible(about)
        {
            return Some(about);
        }
        // `le groupe` is what the release is about; other nouns go to whom the sentence before names alone.
        let follows = |i: usize| folded != "groupe" && self.sentences[i] + 1 == sentence;
        let near = |i: usize| 8 * usize::from(follows(i) && self.is_sole(i));
        let topical = self
            .before(at)
            .take(NOUN_REACH)
            .filter(|(_, id)| compatible(*id))
            .max_by_key(|&(i, id)| (self.topicality(i, id, sentence) + near(i), i))
            .map(|(_, id)| id);
        topical.or_else(|| self.main(at).filter(|&id| compatible(id)))
    }

    /// How likely the organisation of name `i` is what sentence `sentence` is about.
    fn topicality(&self, i: usize, id: EntityId, sentence: usize) -> usize {
        let Some(profile) = self.profile(id) else { return 0 };
        let distance = sentence.saturating_sub(self.sentences[i]);
        2 * TOPIC_REACH.saturating_sub(distance)
            + 3 * usize::from(self.opens(i))
            + 4 * usize::from(profile.in_title)
            + 2 * profile.count.min(5)
            + 3 * usize::from(self.resolution.issuer == Some(id))
    }

    /// Whether name `i` is the only organisation of its sentence.
    fn is_sole(&self, i: usize) -> bool {
        let id = self.resolution.of_names.get(i);
        let of =
            |j: usize| self.context.mentions.names.get(j).is_some_and(|name| name.kind == EntityType::Organization);
        let same = |j: &usize| self.sentences.get(*j) == self.sentences.get(i);
        let before = (0..i).rev().take_while(same);
        let after = (i + 1..self.sentences.len()).take_while(same);
        of(i) && before.chain(after).all(|j| !of(j) || self.resolution.of_names.get(j) == id)
    }

    /// Whether an organisation may be called by that noun: its own head noun is not another one.
    fn may_be(&self, profile: &Profile, head: &Head) -> bool {
        let own = profile.nouns.iter().filter_map(|noun| self.context.lexicon.head(noun));
        let mut another = own.filter(|other| other.kinds.first() == Some(&EntityType::Organization));
        if head.topic {
            !another.any(|other| other.usage == HeadUse::Name)
        } else {
            another.next().is_none() && profile.gender.is_none_or(|g| g == head.gender)
        }
    }

    /// The one entity of the noun's type that is named before token `at`, if it is only one.
    fn only_of(&self, head: &Head, at: usize) -> Option<EntityId> {
        let mut found = None;
        for (_, id) in self.before(at).take(NOUN_REACH) {
            let Some(profile) = self.profile(id) else { continue };
            if head.kinds.first() != Some(&profile.kind) {
                continue;
            }
            if found.is_some_and(|other| other != id) {
                return None;
            }
            found = Some(id);
        }
        found
    }

    /// The organisation that the section around token `at` is about: the first one it names.
    fn about(&self, at: usize) -> Option<EntityId> {
        let start = self.context.segmentation.tokens.get(at)?.span.start;
        let sections = &self.context.layout.sections;
        let section = sections.get(sections.partition_point(|section| section.span.end <= start))?;
        if section.kind != SectionKind::About {
            return None;
        }
        let names = &self.context.mentions.names;
        let first = names.partition_point(|name| name.span.start < section.span.start);
        let inside =
            names.iter().zip(&self.resolution.of_names).skip(first).take_while(|(name, _)| name.span.start < start);
        inside.map(|(_, id)| *id).find(|&id| self.profile(id).is_some_and(|p| p.kind == EntityType::Organization))
    }

    /// The organisation named most often, of those named before token `at`.
    fn main(&self, at: usize) -> Option<EntityId> {
        let named: FxHashSet<EntityId> = self.before(at).take(NOUN_REACH).map(|(_, id)| id).collect();
        let mut ids: Vec<EntityId> = named.into_iter().collect();
        ids.sort();
        ids.into_iter()
            .filter(|&id| self.profile(id).is_some_and(|profile| profile.kind == EntityType::Organization))
            .max_by_key(|&id| {
                let profile = &self.profiles[id.0];
                (profile.count + 3 * usize::from(profile.in_title), std::cmp::Reverse(id))
            })
    }

    /// Whether name `i` opens its sentence (an article may stand before): most likely its subject.
    fn opens(&self, i: usize) -> bool {
        let sentence = self.context.segmentation.sentences.get(self.sentences[i]);
        let token = self.context.mentions.names[i].tokens.start;
        sentence.is_some_and(|sentence| token <= sentence.tokens.start + 2)
    }

    /// The person or organisation that a pronoun at token `at` of sentence `sentence` means.
    pub(super) fn of_pronoun(
        &self,
        at: usize,
        sentence: usize,
        gender: Gender,
        quoted: &[bool],
        earlier: &[Reference],
    ) -> Option<EntityId> {
        let inverted = self.context.form(at).starts_with('-');
        let is_quoted = |token: usize| quoted.get(token).copied().unwrap_or(false);
        let inside = is_quoted(at);
        let about = self.about(at).filter(|&id| self.profile(id).is_some_and(|p| p.gender.is_none_or(|g| g == gender)));
        if about.is_some() && !inverted {
            return about;
        }
        let corporate = self.is_corporate(at);
        let mut best: Option<(usize, EntityId)> = None;
        for (i, id) in self.before(at).take(NOUN_REACH) {
            let distance = sentence.saturating_sub(self.sentences[i]);
            if distance > PRONOUN_REACH {
                break;
            }
            let Some(profile) = self.profile(id) else { continue };
            let token = self.context.mentions.names[i].tokens.start;
            let person = profile.kind == EntityType::Person;
            let kind_fits = person && !corporate || !person && profile.kind != EntityType::Place && !inverted;
            let agrees = profile.gender.is_none_or(|own| own == gender) && !profile.plural;
            // Speech does not point out of itself, and nothing outside points into it.
            if !kind_fits || !agrees || inside != is_quoted(token) {
                continue;
            }
            let (sure, opens) = (profile.gender == Some(gender), self.opens(i));
            // What has no gender of its own must at least be the subject.
            if !sure && !opens {
                continue;
            }
            let score = 4 * (PRONOUN_REACH - distance)
                + 4 * usize::from(sure)
                + 3 * usize::from(person && sure)
                + 3 * usize::from(opens)
                + usize::from(profile.in_title);
            // The names come from the last to the first: of equals the last wins.
            if best.is_none_or(|(known, _)| score > known) {
                best = Some((score, id));
            }
        }
        if let Some((score, id)) = self.of_chain(at, sentence, gender, quoted, earlier)
            && !(corporate && self.profile(id).is_some_and(|profile| profile.kind == EntityType::Person))
            && best.is_none_or(|(known, _)| score > known)
        {
            return Some(id);
        }
        best.map(|(_, id)| id)
    }

    /// Whom the pronoun before of the same gender means, scored as a name that opens its sentence.
    fn of_chain(
        &self,
        at: usize,
        sentence: usize,
        gender: Gender,
        quoted: &[bool],
        earlier: &[Reference],
    ) -> Option<(usize, EntityId)> {
        let own = match gender {
            Gender::Masculine => "il",
            Gender::Feminine => "elle",
        };
        let last = earlier.iter().rev().take(NOUN_REACH).find(|r| self.context.lower(r.tokens.start) == own)?;
        let distance = sentence.saturating_sub(self.context.segmentation.sentence_at(last.tokens.start));
        let id = *last.entities.first()?;
        let person = self.profile(id)?.kind == EntityType::Person;
        let fits = distance <= PRONOUN_REACH && quoted.get(at) == quoted.get(last.tokens.start);
        (fits && person).then(|| (4 * (PRONOUN_REACH - distance) + 4 + 3 + 3, id))
    }

    /// Whether the verb behind a pronoun tells what only organisations do (`elle emploie 40 personnes`).
    fn is_corporate(&self, at: usize) -> bool {
        (at + 1..at + 4).any(|i| CORPORATE_VERBS.contains(&self.context.tags.lemma(i)))
    }

    /// So many organisations (or persons) that the last sentence with just as many of them names.
    pub(super) fn of_several(&self, at: usize, count: usize, noun: &str) -> Vec<EntityId> {
        let kind = match noun {
            "hommes" | "femmes" | "dirigeants" | "fondateurs" => EntityType::Person,
            _ => EntityType::Organization,
        };
        let mut group: Vec<EntityId> = Vec::new();
        let mut sentence = usize::MAX;
        for (i, id) in self.before(at).take(3 * NOUN_REACH) {
            if self.sentences[i] != sentence {
                if group.len() == count {
                    break;
                }
                group.clear();
                sentence = self.sentences[i];
            }
            if self.profile(id).is_some_and(|profile| profile.kind == kind) && !group.contains(&id) {
                group.push(id);
            }
        }
        group.reverse();
        if group.len() == count { group } else { Vec::new() }
    }
}

/// The noun in an apposition behind a name that ends before token `end`: `Valoria, filiale de …`,
/// `Valoria, une entreprise …`.
fn apposition(context: &Context<'_>, end: usize, profile: &mut Profile) {
    if context.form(end) != "," {
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
