//! The entities that a reference may mean.

mod pronouns;

pub(super) use pronouns::Pronoun;

use rustc_hash::FxHashSet;

use crate::entities::profile::{Profile, profiles};
use crate::entities::references::Context;
use crate::entities::{EntityId, EntityType, Resolution};
use crate::mentions::{Head, HeadUse};
use crate::read::SectionKind;
use crate::tag::{Gender, Upos, VerbForm};
use crate::text::fold;

/// Within how many sentences the nearer of two organisations is more likely meant by `le groupe`.
const TOPIC_REACH: usize = 6;

/// How many names back a noun may look.
const NOUN_REACH: usize = 40;

/// How many words a title right before a person may have.
const MOST_TITLE: usize = 3;

/// Prepositions before what is not the subject.
const COMPLEMENTS: [&str; 22] = [
    "de",
    "d'",
    "du",
    "des",
    "à",
    "au",
    "aux",
    "avec",
    "par",
    "chez",
    "pour",
    "contre",
    "auprès",
    "derrière",
    "devant",
    "selon",
    "sur",
    "sous",
    "sans",
    "entre",
    "parmi",
    "envers",
];

/// How many tokens a bracket behind a name may hold (`Valoria (groupe Brévin) a…`).
const BRACKET: usize = 8;

/// Nouns of any body, of companies too, folded.
const NEUTRAL: [&str; 3] = ["structure", "institution", "ong"];

/// Nouns of what several bodies form, folded: they stand for none of these.
const GATHERINGS: [&str; 4] = ["consortium", "groupement", "alliance", "coalition"];

/// Nouns that name bodies and as often something else, folded: they stand only for what the text itself calls so.
const THINGS: [&str; 14] = [
    "bourse",
    "chaine",
    "caisse",
    "mission",
    "ordre",
    "service",
    "delegation",
    "commission",
    "conseil",
    "comite",
    "mouvement",
    "chaire",
    "cellule",
    "cour",
];

/// General nouns with the nouns of what they may stand for, folded.
const KINDS: [(&str, &str); 4] = [
    (
        "etablissement",
        "ecole lycee college universite faculte institut hopital clinique chu centre musee theatre banque academie \
         conservatoire mediatheque bibliotheque port",
    ),
    ("laboratoire", "institut centre unite"),
    (
        "institution",
        "ecole universite institut musee theatre banque academie conservatoire hopital agence observatoire",
    ),
    ("organisme", "institut agence centre office observatoire"),
];

/// Nouns of territories with the words that the names of their authorities begin with, folded.
const AUTHORITIES: [(&str, &str); 9] = [
    ("ville", "ville commune mairie municipalite"),
    ("commune", "ville commune mairie municipalite"),
    ("municipalite", "ville commune mairie municipalite"),
    ("departement", "departement departemental"),
    ("region", "region regional"),
    ("metropole", "metropole"),
    ("agglomeration", "agglomeration communaute"),
    ("province", "province provincial"),
    ("canton", "canton"),
];

/// Whether what is called `noun` may be called `general` too.
fn is_kind_of(noun: &str, general: &str) -> bool {
    KINDS.iter().any(|(name, nouns)| *name == general && nouns.split_whitespace().any(|kind| kind == noun))
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
        let names = context.mentions.names.iter();
        let sentences = names.map(|name| context.segmentation.sentence_at(name.tokens.start)).collect();
        Self { context, resolution, profiles: profiles(context, resolution), sentences }
    }

    /// The names before token `at`, the last one first, with their entities and the index of each.
    fn before(&self, at: usize) -> impl Iterator<Item = (usize, EntityId)> + '_ {
        let end = self.context.mentions.names.partition_point(|name| name.tokens.end <= at);
        (0..end.min(self.resolution.of_names.len())).rev().map(|i| (i, self.resolution.of_names[i]))
    }

    /// The gender of each entity.
    pub(super) fn genders(&self) -> Vec<Option<Gender>> {
        self.profiles.iter().map(|profile| profile.gender).collect()
    }

    fn profile(&self, id: EntityId) -> Option<&Profile> {
        self.profiles.get(id.0)
    }

    /// The body, site, programme or event named last before token `at` whose name begins with `noun`.
    pub(super) fn called(&self, at: usize, noun: &str) -> Option<EntityId> {
        let folded = fold(noun);
        let named = |profile: &Profile| {
            !matches!(profile.kind, EntityType::Person | EntityType::Place | EntityType::Product)
                && profile.first == folded
        };
        self.before(at).take(2 * NOUN_REACH).map(|(_, id)| id).find(|&id| self.profile(id).is_some_and(named))
    }

    /// The local authority named last before token `at` that `noun` may mean: `la commune` after `Ville de Montluel`.
    pub(super) fn of_authority(&self, at: usize, noun: &str) -> Option<EntityId> {
        let folded = fold(noun);
        let words = AUTHORITIES.iter().find(|(territory, _)| *territory == folded)?.1;
        let is_word = |noun: &String| words.split_whitespace().any(|word| word == noun);
        let governs = |id: EntityId| {
            self.profile(id)
                .is_some_and(|profile| profile.kind == EntityType::Organization && profile.nouns.iter().any(is_word))
        };
        let mut found = self.before(at).take(NOUN_REACH).map(|(_, id)| id).filter(|&id| governs(id));
        let last = found.next()?;
        found.all(|id| id == last).then_some(last)
    }

    /// The one person of that gender, or of unknown gender, whom the sentence of token `at` and the two before name.
    pub(super) fn of_trade(&self, at: usize, sentence: usize, gender: Gender) -> Option<EntityId> {
        let near = self.before(at).take(NOUN_REACH).take_while(|&(i, _)| self.sentences[i] + 2 >= sentence);
        let fits = |id: EntityId| {
            self.profile(id).is_some_and(|profile| {
                profile.kind == EntityType::Person && profile.gender.is_none_or(|own| own == gender)
            })
        };
        let mut people = near.map(|(_, id)| id).filter(|&id| fits(id));
        let last = people.next()?;
        people.all(|id| id == last).then_some(last)
    }

    /// The entity that a noun with an article at token `at` of sentence `sentence` means.
    pub(super) fn of_noun(&self, at: usize, sentence: usize, noun: &str) -> Option<EntityId> {
        let head = self.context.lexicon.head(noun)?;
        let folded = fold(noun);
        let kinds = &head.kinds;
        let fits = |id: EntityId| self.profile(id).is_some_and(|profile| kinds.contains(&profile.kind));
        // A body and its building bear the same noun (`l'observatoire`, `la clinique`).
        let houses = |kind: EntityType| matches!(kind, EntityType::Organization | EntityType::Site);
        let is_house = kinds.first().is_some_and(|&kind| houses(kind));
        let may_house = |id: EntityId| is_house && self.profile(id).is_some_and(|profile| houses(profile.kind));
        // What the text itself calls by that noun, named last.
        let called = self.before(at).take(NOUN_REACH).map(|(_, id)| id).find(|&id| {
            (fits(id) || may_house(id)) && self.profile(id).is_some_and(|profile| profile.nouns.contains(&folded))
        });
        if called.is_some() || GATHERINGS.contains(&folded.as_str()) {
            return called;
        }
        match head.kinds.first() {
            Some(EntityType::Organization) => {}
            // `le logiciel libre`, `le robot`: products are too often spoken of without a name.
            Some(EntityType::Product) => return None,
            _ => return self.only_of(head, at),
        }
        if !head.topic && (head.usage != HeadUse::Apart || THINGS.contains(&folded.as_str())) {
            return None;
        }
        // Else the topic: the subject of an `À propos` paragraph, or the organisation told of last whose
        // name does not say that it is something else.
        let company = head.topic && head.usage == HeadUse::Outside && !NEUTRAL.contains(&folded.as_str());
        let compatible = |id: EntityId| {
            let may_be =
                |profile: &Profile| self.may_be(profile, head, &folded) && !(company && profile.is_no_company());
            fits(id) && self.profile(id).is_some_and(may_be)
        };
        if let Some(about) = self.about(at)
            && compatible(about)
        {
            return Some(about);
        }
        // `le groupe` is what the release is about; other nouns go to whom the sentence before names alone.
        let follows = |i: usize| folded != "groupe" && self.sentences[i] + 1 == sentence;
        let near = |i: usize| 8 * usize::from(follows(i) && self.is_sole(i) && !self.is_complement(i));
        // `l'établissement` is rather a museum than a company.
        let is_kin = |profile: &Profile| profile.nouns.iter().any(|noun| is_kind_of(noun, &folded));
        let kin = |id: EntityId| 8 * usize::from(self.profile(id).is_some_and(is_kin));
        let topical = self
            .before(at)
            .take(NOUN_REACH)
            .filter(|(_, id)| compatible(*id))
            .max_by_key(|&(i, id)| (self.topicality(i, id, sentence) + near(i) + kin(id), i))
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
    fn may_be(&self, profile: &Profile, head: &Head, folded: &str) -> bool {
        let own = profile.nouns.iter().filter(|noun| !is_kind_of(noun, folded));
        let own = own.filter_map(|noun| self.context.lexicon.head(noun));
        let mut another = own.filter(|other| other.kinds.first() == Some(&EntityType::Organization));
        if head.topic {
            !another.any(|other| other.usage == HeadUse::Name)
        } else {
            another.next().is_none() && profile.gender.is_none_or(|g| g == head.gender)
        }
    }

    /// The one entity of the noun's type that is named before token `at`, if it is only one; of several the one that
    /// the headline names.
    fn only_of(&self, head: &Head, at: usize) -> Option<EntityId> {
        let mut found: Vec<EntityId> = Vec::new();
        for (_, id) in self.before(at).take(NOUN_REACH) {
            let fits = self.profile(id).is_some_and(|profile| head.kinds.first() == Some(&profile.kind));
            if fits && !found.contains(&id) {
                found.push(id);
            }
        }
        if found.len() > 1 {
            found.retain(|&id| self.profile(id).is_some_and(|profile| profile.in_title));
        }
        found.first().copied().filter(|_| found.len() == 1)
    }

    /// The organisation that the section around token `at` is about: the first one it names; none where it is about a
    /// person (`À propos de Marie Durand`).
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
        let mut ids = inside.map(|(_, id)| *id);
        let kind = |id: EntityId| self.profile(id).map(|profile| profile.kind);
        let heading = ids.next()?;
        match kind(heading)? {
            EntityType::Organization => Some(heading),
            EntityType::Person if self.sentences.get(first) != self.sentences.get(first + 1) => None,
            _ => ids.find(|&id| kind(id) == Some(EntityType::Organization)),
        }
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

    /// Whether a finite verb stands right behind name `i`, brackets left out: most likely it is its subject.
    fn governs(&self, i: usize) -> bool {
        let mut next = self.context.mentions.names[i].tokens.end;
        if self.context.form(next) == "(" {
            next = (next..next + BRACKET).find(|&token| self.context.form(token) == ")").map_or(next, |end| end + 1);
        }
        // `La nouvelle entité, Valoria, reprendra`.
        let start = self.context.mentions.names[i].tokens.start;
        let is_apart = start > 0 && self.context.form(start - 1) == "," && self.context.form(next) == ",";
        self.has_verb(next + usize::from(is_apart))
    }

    /// Whether token `at` is a finite verb (`ne` and clitics may stand before it).
    fn has_verb(&self, at: usize) -> bool {
        let tags = self.context.tags;
        let skipped = matches!(self.context.lower(at).as_ref(), "ne" | "n'" | "se" | "s'" | "y" | "en");
        let at = at + usize::from(skipped);
        matches!(tags.upos(at), Upos::Verb | Upos::Aux) && tags.morphology(at).verb_form == Some(VerbForm::Finite)
    }

    /// Whether name `i` is the first person of its sentence and no complement (`de X`, `avec X`): most likely its
    /// subject, whatever titles stand before (`La directrice de Valoria, Marie Durand, …`).
    fn leads(&self, i: usize) -> bool {
        let names = &self.context.mentions.names;
        let entity = |j: usize| self.resolution.of_names.get(j);
        // Named before (`Décès de Marie Durand La chimiste Marie Durand, …`) counts as once.
        let first = (0..i)
            .rev()
            .take_while(|&j| self.sentences[j] == self.sentences[i])
            .all(|j| names[j].kind != EntityType::Person || entity(j) == entity(i));
        first && !self.is_complement(i)
    }

    /// Whether a preposition stands right before name `i`, its article or the title of a person (another noun between,
    /// `par le groupe Valoria`, hides it).
    fn is_complement(&self, i: usize) -> bool {
        let name = &self.context.mentions.names[i];
        // A person's title goes between (`par la ministre Marie Durand`).
        let is_title = |&token: &usize| {
            matches!(self.context.tags.upos(token), Upos::Noun | Upos::Adj) && name.kind == EntityType::Person
        };
        let title = (1..=MOST_TITLE).map_while(|back| name.tokens.start.checked_sub(back)).take_while(is_title).count();
        let start = name.tokens.start - title;
        let word = |back: usize| start.checked_sub(back).map(|token| self.context.lower(token));
        let is_article = word(1).is_some_and(|word| matches!(word.as_ref(), "le" | "la" | "l'" | "les"));
        let before = if is_article { word(2) } else { word(1) };
        before.is_some_and(|word| COMPLEMENTS.contains(&word.as_ref()))
    }
}
