//! Pairs of entities judged by a logistic regression over evidence: the rules that relate them, the
//! words between and around them, where they stand in the release. For relations that a release
//! often states by its whole rather than by one sentence: who takes part in the event it is about.
//!
//! The weights are a readable file, `data/rules/pairs.tsv`, made by `pressgraph train pairs`.

mod features;
mod model;

pub use features::{Example, MOST_PAIRS};
pub use model::{PAIRS_FILE, PairModel};

pub(super) use features::examples;

use rustc_hash::FxHashMap;

use super::assemble::{Assembler, Candidate};
use super::language::Kinds;
use super::{Fact, RelationType, Status};
use crate::entities::EntityId;
use crate::tag::EntityType;

/// Between which entities a relation is judged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope {
    pub(super) relation: RelationType,
    pub(super) first: Kinds,
    pub(super) second: Kinds,
    /// How many sentences may lie between the two.
    pub(super) reach: usize,
}

const fn kinds(kinds: &[EntityType]) -> Kinds {
    let mut all = Kinds::NONE;
    let mut i = 0;
    while i < kinds.len() {
        all = all.or(Kinds::of(kinds[i]));
        i += 1;
    }
    all
}

/// The relations that are judged by pairs.
pub(super) const SCOPES: [Scope; 5] = [
    Scope {
        relation: RelationType::ParticipatesIn,
        first: kinds(&[EntityType::Person, EntityType::Organization]),
        second: kinds(&[EntityType::Event, EntityType::Program]),
        reach: 200,
    },
    Scope {
        relation: RelationType::Produces,
        first: kinds(&[EntityType::Organization]),
        second: kinds(&[EntityType::Event, EntityType::Program, EntityType::Product]),
        reach: 6,
    },
    Scope {
        relation: RelationType::LocatedIn,
        first: kinds(&[EntityType::Organization, EntityType::Site, EntityType::Place, EntityType::Event]),
        second: kinds(&[EntityType::Place, EntityType::Site]),
        reach: 1,
    },
    Scope {
        relation: RelationType::PartOf,
        first: kinds(&[EntityType::Organization, EntityType::Site]),
        second: kinds(&[EntityType::Organization]),
        reach: 0,
    },
    Scope {
        relation: RelationType::MemberOf,
        first: kinds(&[EntityType::Organization, EntityType::Person]),
        second: kinds(&[EntityType::Organization]),
        reach: 3,
    },
];

/// Adds the facts of the pairs that are probable enough, drops what rules say of improbable ones, and
/// sets the confidence of both; relations that `model` does not judge stay as they are.
pub(super) fn judge(model: &PairModel, assembler: &Assembler<'_>, candidates: Vec<Candidate>) -> Vec<Candidate> {
    if !SCOPES.iter().any(|scope| model.judges(scope.relation)) {
        return candidates;
    }
    let mut probabilities: FxHashMap<(RelationType, EntityId, EntityId), f64> = FxHashMap::default();
    let mut found = Vec::new();
    for example in examples(assembler, &candidates) {
        let probability = model.probability(&example);
        probabilities.insert((example.relation, example.first, example.second), probability);
        if probability >= model.threshold(example.relation) {
            found.push((example, probability));
        }
    }
    let mut out = candidates;
    out.retain_mut(|candidate| {
        let relation = candidate.fact.relation;
        let [first, second] = match candidate.fact.arguments.as_slice() {
            [first, second] if model.judges(relation) => [first.1, second.1],
            _ => return true,
        };
        let Some(&probability) = probabilities.get(&(relation, first, second)) else { return true };
        candidate.fact.confidence = probability * assembler.certainty(&candidate.fact.arguments);
        probability >= model.threshold(relation)
    });
    let sentences = &assembler.analysis.segmentation.sentences;
    for (number, (example, probability)) in found.into_iter().enumerate() {
        let schema = example.relation.schema();
        let [first, second] = schema.arguments else { continue };
        let arguments = vec![(*first, example.first), (*second, example.second)];
        let evidence = example.sentences.iter().filter_map(|&at| sentences.get(at)).map(|s| s.span).collect();
        // Below the confidence of any rule, so that a rule that says the same is named.
        let confidence = (probability - 1e-6) * assembler.certainty(&arguments);
        let rule = format!("{}.pair", schema.name);
        let attributes = Vec::new();
        let fact = Fact {
            relation: example.relation,
            arguments,
            attributes,
            evidence,
            rule,
            confidence,
            status: Status::Current,
        };
        out.push(Candidate {
            fact,
            group: usize::MAX / 2 + number,
            title: None,
            width: 1,
            priority: -1,
            extends: false,
        });
    }
    out
}
