//! What pronouns mean, and nouns that count: `elle`, `ce dernier`, `les deux entreprises`.

use super::{Antecedents, NOUN_REACH};
use crate::entities::{EntityId, EntityType, Reference};
use crate::tag::Gender;

/// What organisations do and people hardly.
const CORPORATE_VERBS: [&str; 22] = [
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
    "lever",
    "recruter",
    "racheter",
    "acquérir",
];

/// How many tokens may stand between two names of a list (`, et la société`).
const LIST_GAP: usize = 4;

/// A pronoun and what it has to agree with.
pub(in crate::entities) struct Pronoun<'p> {
    /// Its token.
    pub(in crate::entities) at: usize,
    /// Its sentence.
    pub(in crate::entities) sentence: usize,
    pub(in crate::entities) gender: Gender,
    /// Whether only a person can be meant (`dit-elle`, `cette ingénieure`).
    pub(in crate::entities) human: bool,
    /// How many sentences back it may look.
    pub(in crate::entities) reach: usize,
    /// For each token of the release whether it stands inside quotation marks.
    pub(in crate::entities) quoted: &'p [bool],
    /// The references before it.
    pub(in crate::entities) earlier: &'p [Reference],
}

impl Antecedents<'_> {
    /// The person or organisation that a pronoun means.
    pub(in crate::entities) fn of_pronoun(&self, pronoun: &Pronoun<'_>) -> Option<EntityId> {
        let Pronoun { at, sentence, gender, human, reach, quoted, .. } = *pronoun;
        let is_quoted = |token: usize| quoted.get(token).copied().unwrap_or(false);
        let inside = is_quoted(at);
        let about = self.about(at).filter(|&id| self.profile(id).is_some_and(|p| p.gender.is_none_or(|g| g == gender)));
        if about.is_some() && !human {
            return about;
        }
        let corporate = !human && self.is_corporate(at);
        let mut best: Option<(usize, usize, EntityId)> = None;
        for (i, id) in self.before(at).take(NOUN_REACH) {
            let distance = sentence.saturating_sub(self.sentences[i]);
            if distance > reach {
                break;
            }
            let Some(profile) = self.profile(id) else { continue };
            let token = self.context.mentions.names[i].tokens.start;
            let person = profile.kind == EntityType::Person;
            let body = match profile.kind {
                EntityType::Organization => true,
                EntityType::Person | EntityType::Place => false,
                _ => !corporate,
            };
            let kind_fits = person && !corporate || body && !human;
            let agrees = profile.gender.is_none_or(|own| own == gender) && !profile.plural;
            // Speech does not point out of itself, and nothing outside points into it.
            if !kind_fits || !agrees || inside != is_quoted(token) {
                continue;
            }
            let opens = (self.opens(i) || self.governs(i)) && !self.is_complement(i);
            let sure = profile.gender == Some(gender);
            // What has no gender of its own must at least be the subject.
            if !sure && !opens {
                continue;
            }
            // A subject whose gender is not known goes before an object whose gender fits.
            let leading = if sure || person { 3 } else { 5 };
            let score = 4 * (reach - distance)
                + 4 * usize::from(sure)
                + 3 * usize::from(person && sure)
                + leading * usize::from(opens || person && self.leads(i))
                + usize::from(profile.in_title);
            // The names come from the last to the first: of equals the last wins.
            if best.is_none_or(|(known, ..)| score > known) {
                best = Some((score, token, id));
            }
        }
        // Of equals the one named last.
        best.into_iter()
            .chain(self.of_chain(pronoun, corporate))
            .max_by_key(|&(score, token, _)| (score, token))
            .map(|(.., id)| id)
    }

    /// What was named last before token `at`, in its sentence or the one before, and has that gender, or none of its
    /// own.
    pub(in crate::entities) fn of_latter(
        &self,
        at: usize,
        sentence: usize,
        gender: Gender,
        quoted: &[bool],
    ) -> Option<EntityId> {
        let near = self.before(at).take(NOUN_REACH).take_while(|&(i, _)| self.sentences[i] + 1 >= sentence);
        let fits = |&(i, id): &(usize, EntityId)| {
            let token = self.context.mentions.names[i].tokens.start;
            self.profile(id).is_some_and(|profile| profile.kind != EntityType::Place && !profile.plural)
                && quoted.get(at) == quoted.get(token)
        };
        let near: Vec<EntityId> = near.filter(fits).map(|(_, id)| id).collect();
        let has = |wanted: Option<Gender>| {
            near.iter().copied().find(|&id| self.profile(id).is_some_and(|profile| profile.gender == wanted))
        };
        has(Some(gender)).or_else(|| has(None))
    }

    /// The first or second of just two people, or two bodies, that the sentence of token `at` or else the one before
    /// names before it.
    pub(in crate::entities) fn of_pair(&self, at: usize, sentence: usize, which: usize) -> Option<EntityId> {
        for back in 0..=1 {
            let wanted = sentence.checked_sub(back)?;
            let near = self.before(at).take(NOUN_REACH).take_while(|&(i, _)| self.sentences[i] >= wanted);
            let (mut bodies, mut people): (Vec<EntityId>, Vec<EntityId>) = (Vec::new(), Vec::new());
            for (_, id) in near.filter(|&(i, _)| self.sentences[i] == wanted) {
                let group = match self.profile(id).map(|profile| profile.kind) {
                    Some(EntityType::Organization) => &mut bodies,
                    Some(EntityType::Person) => &mut people,
                    _ => continue,
                };
                if !group.contains(&id) {
                    group.push(id);
                }
            }
            // The names come from the last to the first.
            match (people.as_slice(), bodies.as_slice()) {
                ([], []) => {}
                ([_, _], [_, _]) => return None,
                ([second, first], _) | (_, [second, first]) => return [*first, *second].get(which).copied(),
                _ => return None,
            }
        }
        None
    }

    /// What the reference before means that agrees with a pronoun in gender (`l'entreprise … Elle`), scored as a
    /// name.
    fn of_chain(&self, pronoun: &Pronoun<'_>, corporate: bool) -> Option<(usize, usize, EntityId)> {
        let Pronoun { at, sentence, gender, human, reach, quoted, earlier } = *pronoun;
        let mut best: Option<(usize, usize, EntityId)> = None;
        for reference in earlier.iter().rev().take(NOUN_REACH) {
            let token = reference.tokens.start;
            let distance = sentence.saturating_sub(self.context.segmentation.sentence_at(token));
            if distance > reach {
                break;
            }
            let &[id] = reference.entities.as_slice() else { continue };
            let Some(profile) = self.profile(id) else { continue };
            let person = profile.kind == EntityType::Person;
            let kind_fits = if person { !corporate } else { !human && profile.kind != EntityType::Place };
            let agrees = self.gender_of(reference) == Some(gender) && quoted.get(at) == quoted.get(token);
            if !kind_fits || !agrees {
                continue;
            }
            let first = self.context.segmentation.sentences.get(sentence - distance).map_or(0, |s| s.tokens.start);
            let is_pronoun = reference.tokens.len() == 1;
            let opens = is_pronoun && person || token <= first + 2 || self.has_verb(reference.tokens.end);
            let score = 4 * (reach - distance) + 4 + 3 * usize::from(person) + 3 * usize::from(opens);
            if best.is_none_or(|(known, ..)| score > known) {
                best = Some((score, token, id));
            }
        }
        best
    }

    /// The gender of the words of a reference: of the pronoun itself, or of the noun.
    fn gender_of(&self, reference: &Reference) -> Option<Gender> {
        match self.context.lower(reference.tokens.start).as_ref() {
            "il" | "-il" | "-t-il" | "celui-ci" => return Some(Gender::Masculine),
            "elle" | "-elle" | "-t-elle" | "celle-ci" => return Some(Gender::Feminine),
            _ => {}
        }
        let told = |token: usize| {
            let word = self.context.lower(token);
            match word.as_ref() {
                "dernier" | "le" | "ce" | "cet" => Some(Gender::Masculine),
                "dernière" | "la" | "cette" => Some(Gender::Feminine),
                noun => self.context.lexicon.head(noun).map(|head| head.gender),
            }
        };
        reference.tokens.clone().find_map(told)
    }

    /// Whether the verb behind a pronoun tells what only organisations do (`elle emploie 40 personnes`).
    fn is_corporate(&self, at: usize) -> bool {
        (at + 1..at + 4).any(|i| CORPORATE_VERBS.contains(&self.context.tags.lemma(i)))
    }

    /// Whom a plural pronoun means: whom the plural before means, else the list that opens the sentence before (`A et
    /// B exposent. Ils …`).
    pub(in crate::entities) fn of_plural(
        &self,
        at: usize,
        sentence: usize,
        quoted: &[bool],
        earlier: &[Reference],
    ) -> Vec<EntityId> {
        let near = |token: usize| {
            let distance = sentence.saturating_sub(self.context.segmentation.sentence_at(token));
            distance <= 1 && quoted.get(at) == quoted.get(token)
        };
        let last = earlier.iter().rev().take(NOUN_REACH).find(|r| r.entities.len() > 1);
        if let Some(last) = last.filter(|last| near(last.tokens.start)) {
            return last.entities.clone();
        }
        let names = &self.context.mentions.names;
        let end = names.partition_point(|name| name.tokens.end <= at);
        let before = (0..end).rev().take(NOUN_REACH).take_while(|&i| near(names[i].tokens.start));
        let Some(first) = before.filter(|&i| self.opens(i) && !self.is_complement(i)).last() else {
            return Vec::new();
        };
        let kind = names[first].kind;
        let mut group: Vec<EntityId> = self.resolution.of_names.get(first).copied().into_iter().collect();
        for (i, pair) in names[first..end].windows(2).enumerate() {
            let between = pair[0].tokens.end..pair[1].tokens.start;
            let joins = matches!(self.context.lower(between.start).as_ref(), "," | "et" | "&");
            if !joins || between.len() > LIST_GAP || pair[1].kind != kind {
                break;
            }
            let Some(&id) = self.resolution.of_names.get(first + i + 1) else { break };
            if !group.contains(&id) {
                group.push(id);
            }
        }
        let acts = matches!(kind, EntityType::Organization | EntityType::Person);
        if acts && group.len() > 1 { group } else { Vec::new() }
    }

    /// So many organisations (or persons) that the last sentence with just as many of them names.
    pub(in crate::entities) fn of_several(&self, at: usize, count: usize, noun: &str) -> Vec<EntityId> {
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
