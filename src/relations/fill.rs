//! Arguments that a pattern does not capture: the nearest name, the topic, the issuer.

use super::Analysis;
use rustc_hash::FxHashMap;

use super::assemble::Assembler;
use super::language::{Fill, FillSource, Kinds};
use super::matcher::{Found, Unit};

use crate::entities::{Entity, EntityId};
use crate::read::SectionKind;
use crate::tag::{EntityType, Upos, VerbForm};

/// The entities of the first source that has any besides `known`.
pub(super) fn fill(assembler: &Assembler<'_>, found: &Found, fill: &Fill, known: &[EntityId]) -> Vec<EntityId> {
    let others = |source| {
        let mut ids = from(assembler, found, source);
        ids.retain(|id| !known.contains(id));
        ids
    };
    fill.sources.iter().map(others).find(|ids| !ids.is_empty()).unwrap_or_default()
}

fn from(assembler: &Assembler<'_>, found: &Found, source: &FillSource) -> Vec<EntityId> {
    let units = &assembler.units.all;
    let fits = |unit: &&Unit, kinds: Kinds| unit.kinds.meets(kinds) && !unit.is_boundary();
    let before = units.get(..found.units.start).unwrap_or_default();
    let after = units.get(found.units.end..).unwrap_or_default();
    let unit = match *source {
        FillSource::Left(kinds) => left(assembler, found, |unit| fits(&unit, kinds)),
        FillSource::First(kinds) => first(assembler, found, |unit| fits(&unit, kinds)),
        FillSource::Right(kinds) => after.iter().take_while(|u| !u.is_boundary()).find(|u| fits(u, kinds)),
        FillSource::Before(kinds) => sentence_before(before).filter(|u| fits(u, kinds)).last(),
        FillSource::Last(kinds) => sentence_before(before).find(|u| fits(u, kinds)),
        FillSource::Paragraph(kinds) => earlier(before, |unit| fits(&unit, kinds), 0),
        FillSource::Near(kinds) => earlier(before, |unit| fits(&unit, kinds), MOST_BLANKS),
        FillSource::Topic => return topic(assembler, found).into_iter().collect(),
        FillSource::Issuer => return assembler.analysis.resolution.issuer.into_iter().collect(),
        FillSource::Main => return assembler.focus.main.into_iter().collect(),
        FillSource::Headline(kinds) => return assembler.focus.headline(kinds).into_iter().collect(),
        FillSource::About(kinds) => return assembler.focus.about(kinds).into_iter().collect(),
        FillSource::Sole(kinds) => return assembler.focus.sole(kinds).into_iter().collect(),
    };
    unit.map(|unit| assembler.of_unit(unit)).unwrap_or_default()
}

/// The nearest unit before a match in its sentence that fits, but none in an aside to a subject where there is another before
/// (`Valoria, filiale de Mérivel, a réalisé…` tells of Valoria).
fn left<'a>(assembler: &'a Assembler<'_>, found: &Found, fits: impl Fn(&Unit) -> bool) -> Option<&'a Unit> {
    let units = &assembler.units.all;
    let word = |form: &str| assembler.rules.vocabulary.word(form);
    let (comma, relative) = (word(","), ["qui", "que", "qu'", "dont", "où"].map(word));
    let start = found.units.start.min(units.len());
    let begin = units[..start].iter().rposition(Unit::is_boundary).map_or(0, |at| at + 1);
    let before = |end: usize| (begin..end).rev().find(|&at| fits(&units[at]));
    let is_comma = |at: usize| units[at].mark && units[at].form == comma;
    let next = |at: usize| units.get(at + 1).filter(|unit| unit.kinds.0 == 0);
    let mut at = before(start)?;
    if !(at + 1..start).any(|at| is_comma(at) && next(at).is_some_and(Unit::is_finite)) {
        return units.get(at);
    }
    // The aside may hold others: `Valoria, fondée par Mérivel, dont elle dépend, a réalisé…`
    let goes_on = |at: usize| {
        let form = |unit: &Unit| relative.contains(&unit.form) && unit.form.0 != 0;
        next(at).is_some_and(|unit| form(unit) || unit.morphology.verb_form == Some(VerbForm::Participle))
    };
    let opens = |at: usize| is_comma(at) && next(at).is_some_and(|unit| !unit.is_finite());
    let mut is_first = true;
    while let Some(open) = (begin..at).rev().find(|&at| opens(at)).filter(|&open| is_first || goes_on(open)) {
        let Some(outside) = before(open) else { break };
        at = outside;
        is_first = false;
    }
    units.get(at)
}

/// The first unit of the sentence that fits; the subject where one stands behind what the sentence opens with (`Issue de
/// Mérivel, la société Valoria…` tells of Valoria).
fn first<'a>(assembler: &'a Assembler<'_>, found: &Found, fits: impl Fn(&Unit) -> bool) -> Option<&'a Unit> {
    let units = &assembler.units.all;
    let comma = assembler.rules.vocabulary.word(",");
    let start = found.units.start.min(units.len());
    let begin = units[..start].iter().rposition(Unit::is_boundary).map_or(0, |at| at + 1);
    let first = (begin..start).find(|&at| fits(&units[at]))?;
    let opening = &units[begin];
    let is_fronted = opening.kinds.0 == 0
        && (opening.upos == Upos::Adp || opening.morphology.verb_form == Some(VerbForm::Participle));
    let verb = (first..start).find(|&at| units[at].is_finite()).unwrap_or(start);
    let comma = (first..verb).find(|&at| units[at].mark && units[at].form == comma);
    let behind = comma.filter(|_| is_fronted).and_then(|comma| (comma + 1..verb).find(|&at| fits(&units[at])));
    units.get(behind.unwrap_or(first))
}

/// How many sentences back a paragraph may tell what it is about, and over how many blank lines.
const MOST_SENTENCES: usize = 5;
const MOST_BLANKS: usize = 2;

/// The first unit that fits in the nearest sentence before the one that `units` ends in, at most so many blank
/// lines before.
fn earlier(units: &[Unit], fits: impl Fn(&Unit) -> bool, blanks: usize) -> Option<&Unit> {
    let (mut found, mut sentences, mut crossed) = (None, 0, 0);
    for unit in units.iter().rev() {
        if unit.is_boundary() {
            sentences += 1;
            crossed += usize::from(unit.kinds.meets(Kinds::BLANK));
            if found.is_some() || sentences > MOST_SENTENCES || crossed > blanks {
                break;
            }
        } else if sentences > 0 && fits(unit) {
            found = Some(unit);
        }
    }
    found
}

/// The units of the sentence before the one that `units` ends in, the last first.
fn sentence_before(units: &[Unit]) -> impl Iterator<Item = &Unit> {
    let mut previous = units.iter().rev().skip_while(|unit| !unit.is_boundary()).skip(1).peekable();
    let sentence = previous.peek().map(|unit| unit.sentence);
    previous.take_while(move |unit| Some(unit.sentence) == sentence)
}

/// The organisation that the section around a match is about: the first named in an `À propos`.
fn topic(assembler: &Assembler<'_>, found: &Found) -> Option<EntityId> {
    let analysis = &assembler.analysis;
    let token = assembler.units.all.get(found.anchor)?.start as usize;
    let at = analysis.segmentation.tokens.get(token)?.span.start;
    let sections = &analysis.layout.sections;
    let section = sections.get(sections.partition_point(|s| s.span.end <= at)).filter(|s| s.span.start <= at)?;
    if section.kind != SectionKind::About {
        return None;
    }
    let names = &analysis.mentions.names;
    let from = names.partition_point(|mention| mention.span.start < section.span.start);
    let mut inside = (from..names.len()).take_while(|&i| section.span.contains(names[i].span));
    let first = inside.find(|&i| names[i].kind == EntityType::Organization)?;
    analysis.resolution.of_names.get(first).copied()
}

/// What a release names only once, or what its headline names: found once for each release.
#[derive(Debug, Default)]
pub(super) struct Focus {
    /// By type: the first entity, and how many there are.
    types: [(Option<EntityId>, usize); EntityType::ALL.len()],
    /// The entities of the headline, with their types.
    title: Vec<(EntityType, EntityId)>,
    /// The organisation that the release speaks of most.
    main: Option<EntityId>,
    /// Each entity that is named near the beginning or more than once: type, how often, where first.
    salient: Vec<(EntityType, usize, usize, EntityId)>,
    /// The local authority of a place (`Ville de Lille` of Lille), where both are named.
    pub(super) authorities: FxHashMap<EntityId, EntityId>,
}

/// The beginning of a release, in bytes: what is named there matters.
const LEDE: usize = 600;

/// How local authorities are called.
const AUTHORITIES: [&str; 8] =
    ["ville", "commune", "mairie", "municipalité", "province", "région", "département", "canton"];

/// How gatherings are called: a name that begins so and was taken for a body is none that has members or sites.
const GATHERINGS: [&str; 7] =
    ["assemblée générale", "conférence de presse", "cérémonie", "journée", "journées", "colloque", "rencontres"];

/// Whether an entity that was taken for an organisation is called like a gathering.
fn is_gathering(entity: &Entity) -> bool {
    let name = entity.name.to_lowercase();
    let begins = |noun: &str| name.strip_prefix(noun).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    entity.kind == EntityType::Organization && GATHERINGS.iter().any(|noun| begins(noun))
}

impl Focus {
    pub(super) fn new(analysis: &Analysis<'_>) -> Self {
        let mut focus = Self::default();
        for (index, entity) in analysis.resolution.entities.iter().enumerate() {
            let (first, count) = &mut focus.types[entity.kind as usize];
            if !entity.mentions.is_empty() {
                first.get_or_insert(EntityId(index));
                *count += 1;
            }
            let first = entity.mentions.iter().map(|span| span.start).min().unwrap_or(usize::MAX);
            if first < LEDE || entity.mentions.len() > 1 {
                focus.salient.push((entity.kind, entity.mentions.len(), first, EntityId(index)));
            }
        }
        focus.authorities = authorities(&analysis.resolution.entities);
        let names = analysis.mentions.names.iter().zip(&analysis.resolution.of_names);
        if let Some(title) = analysis.layout.title {
            let is_body =
                |id: EntityId| analysis.resolution.entities.get(id.0).is_some_and(|entity| !is_gathering(entity));
            let named = names.filter(|(m, id)| title.contains(m.span) && is_body(**id));
            focus.title = named.map(|(m, id)| (m.kind, *id)).collect();
        }
        focus.main = focus.main(analysis);
        focus
    }

    /// The organisation named most often, more so in the headline; none where two are level.
    fn main(&self, analysis: &Analysis<'_>) -> Option<EntityId> {
        let entities = analysis.resolution.entities.iter().enumerate();
        let mut weights: Vec<(usize, EntityId)> = entities
            .filter(|(_, entity)| entity.kind == EntityType::Organization && !entity.mentions.is_empty())
            .filter(|(_, entity)| !is_gathering(entity))
            .map(|(index, entity)| (entity.mentions.len(), EntityId(index)))
            .map(|(count, id)| (count + 3 * usize::from(self.title.iter().any(|(_, named)| *named == id)), id))
            .collect();
        weights.sort_unstable_by_key(|&(weight, id)| (std::cmp::Reverse(weight), id));
        let first = weights.first()?;
        let second = weights.get(1).map_or(0, |second| second.0);
        (first.0 > second + 1).then_some(first.1)
    }

    /// The one entity of these kinds that the headline names.
    fn headline(&self, kinds: Kinds) -> Option<EntityId> {
        let mut named = self.title.iter().filter(|(kind, _)| kinds.meets(Kinds::of(*kind))).map(|(_, id)| *id);
        let first = named.next()?;
        named.all(|id| id == first).then_some(first)
    }

    /// What the release is about, among these kinds: the first of the headline, else the one named most
    /// often (the first of such), if it is named near the beginning or more than once.
    fn about(&self, kinds: Kinds) -> Option<EntityId> {
        let wanted = |kind: EntityType| Kinds::of(kind).meets(kinds);
        let title = self.title.iter().find(|(kind, _)| wanted(*kind)).map(|(_, id)| *id);
        let salient = self.salient.iter().filter(|(kind, ..)| wanted(*kind));
        title.or_else(|| salient.min_by_key(|(_, count, first, _)| (usize::MAX - count, *first)).map(|(.., id)| *id))
    }

    /// The one entity of these kinds: the only one, or the only one of the headline.
    fn sole(&self, kinds: Kinds) -> Option<EntityId> {
        let wanted = |kind: EntityType| Kinds::of(kind).meets(kinds);
        let mut all = EntityType::ALL.into_iter().filter(|kind| wanted(*kind)).map(|kind| self.types[kind as usize]);
        let count: usize = all.clone().map(|(_, count)| count).sum();
        if count == 1 {
            return all.find_map(|(first, _)| first);
        }
        self.headline(kinds)
    }
}

/// Places with the organisation that is called after them.
fn authorities(entities: &[Entity]) -> FxHashMap<EntityId, EntityId> {
    let mut by_place: FxHashMap<&str, EntityId> = FxHashMap::default();
    for (index, entity) in entities.iter().enumerate().filter(|(_, e)| e.kind == EntityType::Organization) {
        for form in entity.aliases.iter().chain([&entity.name]) {
            let Some((noun, rest)) = form.split_once(' ') else { continue };
            let place = ["de la ", "de l'", "de l’", "de ", "d'", "d’", "du ", "des "]
                .iter()
                .find_map(|de| rest.strip_prefix(de));
            if let Some(place) = place.filter(|_| AUTHORITIES.contains(&noun.to_lowercase().as_str())) {
                by_place.entry(place).or_insert(EntityId(index));
            }
        }
    }
    let places = entities.iter().enumerate().filter(|(_, e)| e.kind == EntityType::Place);
    places
        .filter_map(|(index, place)| {
            let mut forms = place.aliases.iter().chain([&place.name]);
            Some((EntityId(index), forms.find_map(|form| by_place.get(form.as_str()).copied())?))
        })
        .collect()
}
