//! What the coming and going of people implies: whoever takes up or leaves a function holds or held it,
//! and whoever succeeds someone takes up the function that the other leaves.

use rustc_hash::FxHashMap;

use super::assemble::Candidate;
use super::fact::{Fact, RelationType, Status, Value};
use super::titles;
use crate::entities::EntityId;
use crate::tag::Gender;

/// How many bytes may lie between a departure and the appointment of the successor.
const REACH: usize = 500;

/// The function itself, where a candidate tells its taking up or its end and names it.
pub(super) fn function_of(candidate: &Candidate) -> Option<Candidate> {
    let status = match candidate.fact.relation {
        RelationType::Appointment => candidate.fact.status,
        RelationType::Departure => Status::Former,
        _ => return None,
    };
    candidate.title.as_ref().filter(|_| candidate.extends.is_none())?;
    let fact = role(&candidate.fact, status)?;
    Some(Candidate { fact, priority: candidate.priority + 1, ..candidate.clone() })
}

/// The role of a titled appointment or departure.
fn role(fact: &Fact, status: Status) -> Option<Fact> {
    let title = fact.attribute("title")?.clone();
    Some(Fact { relation: RelationType::Role, attributes: vec![("title", title)], status, ..fact.clone() })
}

/// Moves comings and goings whose body the context filled in to the body where the release says that the one who
/// leaves holds a function (`Paul Petit, directeur de Mérivel, … Il sera remplacé par Marie Durand`), or that the one
/// who comes has joined.
pub(super) fn settle_bodies(candidates: &mut [Candidate]) {
    // The body of each person's function, as rules for functions read it (not where somebody goes to); none where
    // there are several.
    let mut bodies: FxHashMap<EntityId, Option<EntityId>> = FxHashMap::default();
    let tells = |c: &&Candidate| c.fact.relation == RelationType::Role && c.fact.rule.starts_with("role.");
    for candidate in candidates.iter().filter(tells).filter(|c| !c.body_filled) {
        let fact = &candidate.fact;
        let Some((person, body)) = fact.argument("person").zip(fact.argument("organization")) else { continue };
        let known = bodies.entry(person).or_insert(Some(body));
        *known = known.filter(|known| *known == body);
    }
    // Sentence, body filled in, body of the function.
    let mut moved = Vec::new();
    for candidate in candidates.iter().filter(|c| c.fact.relation == RelationType::Departure && c.body_filled) {
        let fact = &candidate.fact;
        let Some((person, filled)) = fact.argument("person").zip(fact.argument("organization")) else { continue };
        let Some(body) = bodies.get(&person).copied().flatten() else { continue };
        moved.push((fact.evidence.first().copied(), filled, body));
    }
    // Who is told to join a body first, with its name, succeeds somebody there (`Il remplace Jean Roux`).
    let joins = |c: &&Candidate| c.fact.relation == RelationType::Appointment;
    let start = |fact: &Fact| fact.evidence.first().map_or(usize::MAX, |span| span.start);
    for candidate in candidates.iter().filter(joins).filter(|c| c.body_filled) {
        let fact = &candidate.fact;
        let Some((person, filled)) = fact.argument("person").zip(fact.argument("organization")) else { continue };
        let told =
            candidates.iter().filter(joins).filter(|c| !c.body_filled && c.fact.argument("person") == Some(person));
        let first = told.min_by_key(|c| start(&c.fact)).filter(|c| start(&c.fact) < start(fact));
        let Some(body) = first.and_then(|c| c.fact.argument("organization")) else { continue };
        if body != filled {
            moved.push((fact.evidence.first().copied(), filled, body));
        }
    }
    let tells_function =
        |relation| matches!(relation, RelationType::Role | RelationType::Appointment | RelationType::Departure);
    for candidate in candidates.iter_mut().filter(|c| c.body_filled && tells_function(c.fact.relation)) {
        let place = candidate.fact.evidence.first().copied();
        let is_moved = |(at, filled, _): &&(_, EntityId, _)| {
            *at == place && candidate.fact.argument("organization") == Some(*filled)
        };
        let Some(&(_, _, body)) = moved.iter().find(is_moved) else { continue };
        for (name, id) in &mut candidate.fact.arguments {
            if *name == "organization" {
                *id = body;
            }
        }
    }
}

/// Gives titles to comings and goings without one, with the roles that follow: to a departure that of the function that
/// the person holds there; then that of an appointment to the departure beside it, and the other way round, where a woman
/// and a man succeed each other in the gender of each; then to an appointment that of the person's own function.
pub(super) fn share_titles(facts: &mut Vec<Fact>, genders: &[Option<Gender>]) {
    entitle(facts, |facts, fact| own_title(facts, fact, RelationType::Departure));
    entitle(facts, |facts, fact| counterpart(facts, fact, genders));
    entitle(facts, |facts, fact| own_title(facts, fact, RelationType::Appointment));
}

/// Gives each coming and going without a title the one that `title_of` finds.
fn entitle(facts: &mut Vec<Fact>, title_of: impl Fn(&[Fact], &Fact) -> Option<Value>) {
    let untitled = facts.iter().enumerate().filter(|(_, fact)| fact.attribute("title").is_none());
    let found: Vec<(usize, Value)> = untitled.filter_map(|(at, fact)| Some((at, title_of(facts, fact)?))).collect();
    for (at, title) in found {
        // Invariant: `at` counts `facts`, which only grows.
        facts[at].attributes.insert(0, ("title", title));
        let status = if facts[at].relation == RelationType::Departure { Status::Former } else { facts[at].status };
        let Some(role) = role(&facts[at], status) else { continue };
        let known = |other: &Fact| other.relation == RelationType::Role && other.arguments == role.arguments;
        if !facts.iter().any(known) {
            facts.push(role);
        }
    }
}

/// The title that the release gives in that body to the person who comes or goes, if it is one.
fn own_title(facts: &[Fact], fact: &Fact, relation: RelationType) -> Option<Value> {
    if fact.relation != relation {
        return None;
    }
    let own = |kind: RelationType| {
        let is_own = move |other: &&Fact| other.relation == kind && other.arguments == fact.arguments;
        facts.iter().filter(is_own).filter_map(|other| other.attribute("title"))
    };
    // Who leaves may stay in another function: `quitte la présidence et devient président d'honneur`.
    let is_taken_up = |title: &Value| {
        relation == RelationType::Departure && own(RelationType::Appointment).any(|new| new.text == title.text)
    };
    let mut titles = own(RelationType::Role).filter(|title| !is_taken_up(title));
    let first = titles.next()?;
    titles.all(|other| other.text.to_lowercase() == first.text.to_lowercase()).then(|| first.clone())
}

/// The title of the nearest opposite event in the same body, as the person of `fact` bears it.
fn counterpart(facts: &[Fact], fact: &Fact, genders: &[Option<Gender>]) -> Option<Value> {
    let opposite = match fact.relation {
        RelationType::Appointment => RelationType::Departure,
        RelationType::Departure => RelationType::Appointment,
        _ => return None,
    };
    let start = |fact: &Fact| fact.evidence.first().map(|span| span.start);
    let place = start(fact)?;
    let others = facts.iter().filter(|other| {
        other.relation == opposite
            && other.argument("organization") == fact.argument("organization")
            && other.argument("person") != fact.argument("person")
    });
    let near = others.filter_map(|other| Some((start(other)?.abs_diff(place), other.attribute("title")?, other)));
    let near: Vec<(usize, &Value, &Fact)> = near.filter(|(distance, ..)| *distance <= REACH).collect();
    let (distance, title, holder) = near.iter().min_by_key(|(distance, ..)| *distance)?;
    // Where a whole board changes, only the same sentence tells whose function it was.
    let several = near.iter().any(|(_, other, _)| other.text.to_lowercase() != title.text.to_lowercase());
    let gender = |fact: &Fact| fact.argument("person").and_then(|id| genders.get(id.0).copied().flatten());
    let own = gender(fact).filter(|own| gender(holder).is_some_and(|other| other != *own));
    let text = || own.map_or_else(|| title.text.clone(), |own| titles::of_gender(&title.text, own));
    (*distance == 0 || !several).then(|| Value { text: text(), span: title.span })
}
