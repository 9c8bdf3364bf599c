//! Where a site lies, read off its own name: `usine de Douai` lies in Douai.

use super::assemble::{Assembler, Candidate};
use super::fact::{Fact, RelationType, Status};
use crate::entities::EntityId;

/// The name of this in the output, in place of a rule's.
pub(super) const RULE: &str = "located_in.inner_place";

/// A `located_in` for each site that bears the name of a place.
pub(super) fn inner_places(assembler: &Assembler<'_>) -> Vec<Candidate> {
    let resolution = assembler.analysis.resolution;
    let sentences = &assembler.analysis.segmentation.sentences;
    let fact = |&(site, place): &(EntityId, EntityId)| {
        let entity = resolution.entities.get(site.0);
        let span = entity.and_then(|entity| entity.mentions.first().copied());
        let evidence = span.and_then(|span| sentences.get(sentences.partition_point(|s| s.span.end <= span.start)));
        Fact {
            relation: RelationType::LocatedIn,
            arguments: vec![("entity", site), ("place", place)],
            attributes: Vec::new(),
            evidence: evidence.map(|sentence| sentence.span).into_iter().collect(),
            rule: RULE.to_owned(),
            confidence: 0.9,
            status: Status::Current,
        }
    };
    let facts = resolution.inner_places.iter().map(fact).enumerate();
    facts
        .map(|(number, fact)| Candidate { fact, group: usize::MAX - number, title: None, width: 1, priority: 0 })
        .collect()
}
