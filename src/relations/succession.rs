//! What the coming and going of people implies: whoever takes up or leaves a function holds or held it,
//! and whoever succeeds someone takes up the function that the other leaves.

use super::assemble::Candidate;
use super::fact::{Fact, RelationType, Status, Value};

/// How many bytes may lie between a departure and the appointment of the successor.
const REACH: usize = 500;

/// The function itself, where a candidate tells its taking up or its end and names it.
pub(super) fn function_of(candidate: &Candidate) -> Option<Candidate> {
    let status = match candidate.fact.relation {
        RelationType::Appointment => candidate.fact.status,
        RelationType::Departure => Status::Former,
        _ => return None,
    };
    candidate.title.as_ref().filter(|_| !candidate.extends)?;
    let fact = role(&candidate.fact, status)?;
    Some(Candidate { fact, priority: candidate.priority + 1, ..candidate.clone() })
}

/// The role of a titled appointment or departure.
fn role(fact: &Fact, status: Status) -> Option<Fact> {
    let title = fact.attribute("title")?.clone();
    Some(Fact { relation: RelationType::Role, attributes: vec![("title", title)], status, ..fact.clone() })
}

/// Gives the title of an appointment to the departure beside it, and the other way round, with the roles
/// that follow.
pub(super) fn share_titles(facts: &mut Vec<Fact>) {
    let mut found: Vec<(usize, Value)> = Vec::new();
    for (at, fact) in facts.iter().enumerate() {
        if fact.attribute("title").is_none()
            && let Some(title) = counterpart(facts, fact)
        {
            found.push((at, title));
        }
    }
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

/// The title of the nearest opposite event in the same body.
fn counterpart(facts: &[Fact], fact: &Fact) -> Option<Value> {
    let opposite = match fact.relation {
        RelationType::Appointment => RelationType::Departure,
        RelationType::Departure => RelationType::Appointment,
        _ => return None,
    };
    let start = |fact: &Fact| fact.evidence.first().map(|span| span.start);
    let place = start(fact)?;
    facts
        .iter()
        .filter(|other| {
            other.relation == opposite
                && other.argument("organization") == fact.argument("organization")
                && other.argument("person") != fact.argument("person")
        })
        .filter_map(|other| Some((start(other)?.abs_diff(place), other.attribute("title")?)))
        .filter(|(distance, _)| *distance <= REACH)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, title)| title.clone())
}
