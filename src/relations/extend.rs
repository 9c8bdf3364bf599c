//! What rules that only add to a fact (`extends`) tell, given to the facts that they are about.

use super::assemble::Candidate;
use super::fact::{Fact, Value};
use super::language::Extends;
use crate::entities::EntityId;

/// How many bytes below a heading its facts may stand (`Chiffres clés 2020`, `Réunis en assemblée le 16 juin`).
const BELOW: usize = 600;

/// The kind of an agreement that says least: another word of its sentence tells it better.
const VAGUE_KIND: &str = "collaboration";

/// Attributes that are phrases of the text: more words of the same phrase tell more.
const PHRASES: [&str; 2] = ["product", "amount"];

/// Gives the facts, which are in order of their evidence, what the extensions tell: those of higher priority first, and
/// of what several tell the first.
pub(super) fn extend(facts: &mut [Fact], mut extensions: Vec<Candidate>) {
    extensions.sort_by_key(|extension| std::cmp::Reverse(extension.priority));
    for extension in &extensions {
        let extent = extension.extends.unwrap_or_default();
        let told = told_of(facts, &extension.fact, extent);
        let is_alone = told.len() == 1;
        for at in told {
            // Invariant: `told` counts `facts`.
            add(&mut facts[at], &extension.fact, is_alone);
        }
    }
}

/// Adds the attributes and the optional arguments (who negotiated, who sold) of `extension` that `known` lacks, or of which
/// it has but some of the words (`panneaux` of `panneaux solaires`).
fn add(known: &mut Fact, extension: &Fact, is_alone: bool) {
    let mut own = extension.clone();
    // What several got or paid together is no one's own.
    own.attributes.retain(|(name, _)| is_alone || !matches!(*name, "amount" | "stake"));
    let free = |name: &str| known.relation.schema().optional.contains(&name) && known.argument(name).is_none();
    let is_new = |argument: &&(&str, EntityId)| {
        free(argument.0) && known.arguments.iter().all(|(_, known)| *known != argument.1)
    };
    let more: Vec<(&'static str, EntityId)> = own.arguments.iter().filter(is_new).copied().collect();
    let says_more = |name: &str, value: &Value| match own.attribute(name) {
        Some(_) if name == "kind" => value.text == VAGUE_KIND,
        Some(more) if PHRASES.contains(&name) => {
            more.span.zip(value.span).is_some_and(|(more, span)| more != span && more.contains(span))
        }
        _ => false,
    };
    known.attributes.retain(|(name, value)| !says_more(name, value));
    own.attributes.retain(|(name, _)| known.attribute(name).is_none());
    if !more.is_empty() || !own.attributes.is_empty() {
        known.arguments.extend(more);
        complete(known, &own);
    }
}

/// Adds to `known` the attributes that only `other` tells, with its evidence.
pub(super) fn complete(known: &mut Fact, other: &Fact) {
    for (name, value) in &other.attributes {
        if known.attribute(name).is_none() {
            known.attributes.push((name, value.clone()));
        }
    }
    let order = known.relation.schema().attributes;
    known.attributes.sort_by_key(|(name, _)| order.iter().position(|known| known == name));
    known.evidence.extend_from_slice(&other.evidence);
    known.evidence.sort_unstable();
    known.evidence.dedup();
}

/// Which of the facts an extension is about. Of its relation and with the sides that it names, if it names any: those
/// that its own sentence states, or, where it names none, the last that is stated no later, else the first, with those
/// stated by the same words. Besides, as its rule says, those stated below it, or all about the same body.
fn told_of(facts: &[Fact], extension: &Fact, extent: Extends) -> Vec<usize> {
    let sides = extension.relation.schema().arguments;
    let named: Vec<_> = extension.arguments.iter().filter(|(name, _)| sides.contains(name)).collect();
    let is_side = |fact: &Fact, id: EntityId| fact.arguments.iter().any(|(_, known)| *known == id);
    let fits = |fact: &Fact| {
        fact.relation == extension.relation
            && named.iter().all(|argument| fact.arguments.contains(argument))
            && !extension.all("topic").any(|id| is_side(fact, id))
    };
    let about: Vec<usize> = (0..facts.len()).filter(|&at| fits(&facts[at])).collect();
    let Some(sentence) = extension.evidence.first() else { return Vec::new() };
    let is_here = |at: &usize| extension.evidence.iter().any(|own| facts[*at].evidence.contains(own));
    let here: Vec<usize> = about.iter().copied().filter(is_here).collect();
    let place = |at: usize| facts[at].evidence.first();
    if extent == Extends::Below {
        let is_below =
            |at: &usize| place(*at).is_some_and(|own| own.start > sentence.start && own.start <= sentence.end + BELOW);
        return about.into_iter().filter(|at| here.contains(at) || is_below(at)).collect();
    }
    let told = if !here.is_empty() || !named.is_empty() || extent == Extends::Here {
        here
    } else {
        // A headline may tell it before the facts.
        let last = about.iter().rev().find(|at| place(**at) <= Some(sentence)).or(about.first());
        let Some(last) = last.copied() else { return Vec::new() };
        about.iter().copied().filter(|&at| place(at) == place(last)).collect()
    };
    if extent == Extends::All {
        let body = |at: usize| facts[at].arguments.last().copied();
        let is_same = |at: &usize| told.iter().any(|told| body(*told) == body(*at));
        return about.into_iter().filter(is_same).collect();
    }
    told
}
