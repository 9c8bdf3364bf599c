//! Matches to facts: captures fill arguments, lists distribute, what says the same is joined.

use std::ops::Range;

use super::confidence::damped;
use super::fact::{Fact, RelationType, Status, Value};
use super::fill::{Focus, fill};
use super::language::{Extends, Kinds, Rule, RuleSet};
use super::matcher::{Capture, Found, Source, Unit, Units};
use super::modality::{Modality, modality};
use super::{Analysis, Confidence, succession};
use crate::entities::EntityId;
use crate::tag::{EntityType, Number, Upos};
use crate::text::Span;

/// A fact with the match behind it.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) fact: Fact,
    /// Number of the match: facts of one match never exclude each other.
    pub(super) group: usize,
    /// The units of the title, for what holds it.
    pub(super) title: Option<std::ops::Range<usize>>,
    /// How many units the match reads.
    pub(super) width: usize,
    pub(super) priority: i32,
    /// Only adds attributes to other facts, and to which.
    pub(super) extends: Option<Extends>,
    /// The words of the match name no `organization`: it was filled in from the context.
    pub(super) body_filled: bool,
}

/// Why a match gave no fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The rule does not read that section.
    Section,
    /// The words deny it or call it merely possible.
    Modality,
    /// An argument is missing, or two are the same.
    Arguments,
}

pub(super) struct Assembler<'a> {
    pub(super) analysis: Analysis<'a>,
    pub(super) rules: &'a RuleSet,
    pub(super) units: &'a Units,
    pub(super) confidence: &'a Confidence,
    /// How sure each entity is, by its index.
    pub(super) certainty: Vec<f64>,
    pub(super) focus: Focus,
}

/// The facts of one match may not be more than this (lists of lists).
const MOST_COMBINATIONS: usize = 64;

impl Assembler<'_> {
    /// The facts of a match.
    pub(super) fn candidates(&self, found: &Found, group: usize) -> Result<Vec<Candidate>, Refusal> {
        // Invariant: programs and rules were compiled together, and matches index them.
        let index = self.rules.programs[found.program as usize].rule as usize;
        let rule = &self.rules.rules[index];
        if !self.is_in_section(rule, found) {
            return Err(Refusal::Section);
        }
        let status = match modality(self.rules, self.units, found) {
            _ if rule.any_modality => rule.status.unwrap_or_default(),
            Modality::Denied => return Err(Refusal::Modality),
            Modality::Asserted(status) => rule.status.unwrap_or(status),
        };
        let attributes = self.attributes(rule, found);
        let has = |name: &str| attributes.iter().any(|(attribute, _)| *attribute == name);
        let is_whole = rule.extends.is_some() || has("metric") && has("value");
        if rule.relation == RelationType::Figure && !is_whole {
            return Err(Refusal::Arguments);
        }
        let titles = self.titles(found);
        let mut out: Vec<Candidate> = Vec::new();
        let mut rows = self.combinations(rule, found);
        if rule.extends.is_some() {
            self.add_topics(found, &mut rows);
        }
        let body_filled = self.captures(found, "organization").next().is_none();
        let shared = has("amount") && share(rule.relation, &mut rows);
        let titles_pair = rule.pairs && titles.len() > 1 && titles.len() == rows.len();
        for (row, arguments) in rows.into_iter().enumerate() {
            if rule.extends.is_none() && !is_complete(rule.relation, &arguments) {
                continue;
            }
            let confidence = damped(self.confidence.of(rule), self.certainty(&arguments));
            // `respectivement présidente et directeur de Valoria`: a title for each.
            let own = if titles_pair { row..row + 1 } else { 0..titles.len() };
            for title in &titles[own] {
                let mut attributes = attributes.clone();
                if shared && arguments.iter().any(|(name, _)| *name == "investor") {
                    attributes.retain(|(name, _)| *name != "amount");
                }
                if let Some(span) = title.clone().and_then(|units| self.span(units)) {
                    attributes.retain(|(name, _)| *name != "title");
                    attributes.insert(0, ("title", self.value(span)));
                }
                let fact = Fact {
                    relation: rule.relation,
                    arguments: arguments.clone(),
                    attributes,
                    evidence: self.evidence(found),
                    rule: rule.name.clone(),
                    confidence,
                    status,
                };
                let (title, width, priority) = (title.clone(), found.units.len(), rule.priority);
                let extends = rule.extends;
                let candidate = Candidate { fact, group, title, width, priority, extends, body_filled };
                out.extend(succession::function_of(&candidate));
                out.push(candidate);
            }
        }
        if out.is_empty() { Err(Refusal::Arguments) } else { Ok(out) }
    }

    /// Notes what an agreement is about, which is none of its parties.
    fn add_topics(&self, found: &Found, rows: &mut [Vec<(&'static str, EntityId)>]) {
        let topics = self.captures(found, "topic").flat_map(|capture| self.entities(capture));
        let topics: Vec<_> = topics.map(|id| ("topic", id)).collect();
        rows.iter_mut().for_each(|row| row.extend_from_slice(&topics));
    }

    /// The titles of a match, for a fact each (`fondateur et président de Valoria`); none where it has no title.
    fn titles(&self, found: &Found) -> Vec<Option<Range<usize>>> {
        let titles: Vec<_> = self.captures(found, "title").map(|capture| Some(capture.units.clone())).collect();
        if titles.is_empty() { vec![None] } else { titles }
    }

    /// Whether a match stands where the rule reads.
    fn is_in_section(&self, rule: &Rule, found: &Found) -> bool {
        let token = self.units.all.get(found.anchor).map_or(0, |unit| unit.start as usize);
        let at = || self.analysis.segmentation.tokens.get(token).map_or(0, |token| token.span.start);
        rule.sections.is_empty() || rule.sections.contains(&self.analysis.layout.kind_at(at()))
    }

    /// The words of a span as the source spells them.
    fn value(&self, span: Span) -> Value {
        Value { text: self.analysis.document.source_slice(span).to_owned(), span: Some(span) }
    }

    fn captures<'f>(&self, found: &'f Found, name: &str) -> impl Iterator<Item = &'f Capture> {
        let number = self.rules.capture(name);
        found.captures.iter().filter(move |capture| Some(capture.name) == number)
    }

    /// The entities in a capture.
    fn entities(&self, capture: &Capture) -> Vec<EntityId> {
        self.units.all[capture.units.clone()].iter().flat_map(|unit| self.of_unit(unit)).collect()
    }

    pub(super) fn of_unit(&self, unit: &Unit) -> Vec<EntityId> {
        let resolution = self.analysis.resolution;
        match unit.source {
            Source::Name(i) => resolution.of_names.get(i as usize).copied().into_iter().collect(),
            Source::Reference(i) => {
                resolution.references.get(i as usize).map(|r| r.entities.clone()).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    /// The local authority of a place, where the release names it and a function is held there: the
    /// mayor of Lille is one of the Ville de Lille.
    fn body(&self, argument: &str, id: EntityId) -> EntityId {
        if argument != "organization" {
            return id;
        }
        self.focus.authorities.get(&id).copied().unwrap_or(id)
    }

    /// Who of several persons holds a title in the singular: the one next to it (`A et B, directrice de
    /// Valoria`). All of `capture`, where it is no such list.
    fn holders(&self, found: &Found, argument: &str, capture: &Capture) -> Capture {
        let units = &self.units.all;
        let mut titles = self.captures(found, "title");
        let Some(title) = titles.next().filter(|_| argument == "person" && titles.next().is_none()) else {
            return capture.clone();
        };
        let is_noun = |unit: &&Unit| unit.upos == Upos::Noun;
        let head = units.get(title.units.clone()).and_then(|units| units.iter().take(2).find(is_noun));
        if head.is_none_or(|head| head.morphology.number != Some(Number::Singular)) {
            return capture.clone();
        }
        // Invariant: captures lie within the units.
        let mut persons = capture.units.clone().filter(|&at| units[at].kinds.meets(Kinds::of(EntityType::Person)));
        let nearest = if title.units.start >= capture.units.end { persons.next_back() } else { persons.next() };
        Capture { name: capture.name, units: nearest.map_or(capture.units.clone(), |at| at..at + 1) }
    }

    /// All combinations of arguments that the captures and fills give.
    fn combinations(&self, rule: &Rule, found: &Found) -> Vec<Vec<(&'static str, EntityId)>> {
        let schema = rule.relation.schema();
        let mut columns: Vec<(&'static str, Vec<EntityId>)> = Vec::new();
        // Nothing is filled in that the match names in another place.
        let arguments = || schema.arguments.iter().chain(schema.optional);
        let taken: Vec<EntityId> =
            arguments().flat_map(|name| self.captures(found, name)).flat_map(|c| self.entities(c)).collect();
        for argument in arguments() {
            let mut values: Vec<EntityId> = Vec::new();
            let captures = self.captures(found, argument);
            let captured = captures.flat_map(|capture| self.entities(&self.holders(found, argument, capture)));
            for id in captured.map(|id| self.body(argument, id)) {
                if !values.contains(&id) {
                    values.push(id);
                }
            }
            // An agreement needs two parties: one captured is joined by another.
            let wanted = if *argument == "parties" { 2 } else { 1 };
            if values.len() < wanted {
                for source in rule.fills.iter().filter(|fill| fill.argument == *argument) {
                    let known = [taken.as_slice(), values.as_slice()].concat();
                    let more = fill(self, found, source, &known);
                    values.extend(more);
                }
            }
            if !values.is_empty() {
                columns.push((argument, values));
            }
        }
        if rule.relation == RelationType::Agreement {
            return vec![
                columns.into_iter().flat_map(|(name, ids)| ids.into_iter().map(move |id| (name, id))).collect(),
            ];
        }
        if rule.pairs && columns.len() > 1 && columns.iter().all(|(_, ids)| ids.len() == columns[0].1.len()) {
            return (0..columns[0].1.len())
                .map(|row| columns.iter().map(|(name, ids)| (*name, ids[row])).collect())
                .collect();
        }
        let mut rows: Vec<Vec<(&'static str, EntityId)>> = vec![Vec::new()];
        for (name, ids) in columns {
            if rows.len() * ids.len() > MOST_COMBINATIONS {
                return Vec::new();
            }
            rows = rows
                .iter()
                .flat_map(|row| {
                    ids.iter().map(move |id| {
                        let mut row = row.clone();
                        row.push((name, *id));
                        row
                    })
                })
                .collect();
        }
        rows
    }

    fn attributes(&self, rule: &Rule, found: &Found) -> Vec<(&'static str, Value)> {
        let mut out = Vec::new();
        for &name in rule.relation.schema().attributes {
            if let Some((_, text)) = rule.constants.iter().find(|(constant, _)| *constant == name) {
                out.push((name, Value { text: text.clone(), span: None }));
                continue;
            }
            // What a figure measures is told by what is counted, where no words of its own say it.
            let measured = || self.captures(found, "value").next().filter(|_| name == "metric");
            let mut captured = self.captures(found, name).filter(|capture| !capture.units.is_empty());
            // Of several words for a closed list the last is the most specific: `accord de licence`.
            let is_mapped = rule.maps.iter().any(|(mapped, _)| *mapped == name);
            let captured = if is_mapped { captured.last() } else { captured.next() };
            let Some(capture) = captured.or_else(measured) else { continue };
            if let Some((_, values)) = rule.maps.iter().find(|(mapped, _)| *mapped == name) {
                if let Some(text) = self.lookup(values, capture) {
                    out.push((name, Value { text, span: None }));
                }
                continue;
            }
            if let Some(span) = self.span(capture.units.clone()) {
                out.push((name, self.value(span)));
            }
        }
        out
    }

    /// The value of the captured words in a lexicon: of all of them, else of the first that has one.
    fn lookup(&self, values: &rustc_hash::FxHashMap<String, String>, capture: &Capture) -> Option<String> {
        let tokens = &self.analysis.segmentation.tokens;
        let units = self.units.all.get(capture.units.clone())?;
        let forms: Vec<(String, &str)> = units
            .iter()
            .flat_map(Unit::tokens)
            .filter_map(|i| Some((self.analysis.document.slice(tokens.get(i)?.span).to_lowercase(), i)))
            .map(|(form, i)| (form, self.analysis.tags.lemma(i)))
            .collect();
        let whole = forms.iter().map(|(form, _)| form.as_str()).collect::<Vec<_>>().join(" ");
        let one = |(form, lemma): &(String, &str)| values.get(form).or_else(|| values.get(*lemma));
        values.get(&whole).or_else(|| forms.iter().find_map(one)).cloned()
    }

    /// From the first to the last token of the units.
    pub(super) fn span(&self, units: std::ops::Range<usize>) -> Option<Span> {
        let units = self.units.all.get(units)?;
        let tokens = &self.analysis.segmentation.tokens;
        let first = tokens.get(units.iter().find(|unit| !unit.is_boundary())?.start as usize)?;
        let last = tokens.get((units.iter().rfind(|unit| !unit.is_boundary())?.end as usize).checked_sub(1)?)?;
        Some(first.span.cover(last.span))
    }

    /// The sentences that the match reads.
    fn evidence(&self, found: &Found) -> Vec<Span> {
        let mut out: Vec<Span> = Vec::new();
        for unit in self.units.all.get(found.units.clone()).unwrap_or_default() {
            if let Some(sentence) = self.analysis.segmentation.sentences.get(unit.sentence as usize)
                && !unit.is_boundary()
                && out.last() != Some(&sentence.span)
            {
                out.push(sentence.span);
            }
        }
        out
    }

    /// How sure the names of the arguments are: the least sure one, by its best mention.
    pub(super) fn certainty(&self, arguments: &[(&'static str, EntityId)]) -> f64 {
        let certainty = |id: EntityId| self.certainty.get(id.0).copied().unwrap_or(1.0);
        arguments.iter().map(|(_, id)| certainty(*id)).fold(1.0, f64::min)
    }
}

/// What several investors give together is no one's own amount: it goes to a fact without investor, which is added to
/// the `rows` of arguments. Whether it is so.
fn share(relation: RelationType, rows: &mut Vec<Vec<(&'static str, EntityId)>>) -> bool {
    let investor = |row: &Vec<(&'static str, EntityId)>| row.iter().find(|(name, _)| *name == "investor").copied();
    let first = rows.first().and_then(investor);
    let several = first.is_some() && rows.iter().any(|row| investor(row) != first);
    if relation != RelationType::Investment || !several {
        return false;
    }
    let open =
        |row: &Vec<(&'static str, EntityId)>| row.iter().filter(|(name, _)| *name != "investor").copied().collect();
    let mut shared: Vec<Vec<_>> = rows.iter().map(open).collect();
    shared.dedup();
    rows.extend(shared);
    true
}

/// Whether nothing that must be named is missing, and no entity is related to itself.
fn is_complete(relation: RelationType, arguments: &[(&'static str, EntityId)]) -> bool {
    let has = |name: &str| arguments.iter().any(|(argument, _)| *argument == name);
    let distinct = |i: usize| arguments[..i].iter().all(|(_, id)| *id != arguments[i].1);
    match relation {
        RelationType::Agreement => {
            let mut parties: Vec<EntityId> =
                arguments.iter().filter(|(name, _)| *name == "parties").map(|(_, id)| *id).collect();
            parties.sort_unstable();
            parties.dedup();
            parties.len() > 1
        }
        RelationType::Investment | RelationType::Supply => !arguments.is_empty() && (0..arguments.len()).all(distinct),
        RelationType::Founded => has("organization") && (0..arguments.len()).all(distinct),
        RelationType::Acquisition => has("target") && (0..arguments.len()).all(distinct),
        other => other.schema().arguments.iter().all(|name| has(name)) && (0..arguments.len()).all(distinct),
    }
}

/// The status that a merged fact has: what holds now wins.
pub(super) fn stronger(a: Status, b: Status) -> Status {
    if a == Status::Current || b == Status::Current { Status::Current } else { a }
}
