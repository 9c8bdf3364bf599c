//! What names say by themselves: `usine de Douai` lies in Douai, `comité exécutif de la Fifa` belongs to
//! the Fifa.

use rustc_hash::FxHashMap;

use super::assemble::{Assembler, Candidate};
use super::fact::{Fact, RelationType, Status};
use crate::entities::EntityId;
use crate::tag::EntityType;

/// The names of this in the output, in place of a rule's.
const RULE: &str = "located_in.inner_place";
const WHOLE: &str = "part_of.inner_name";

/// The facts that names say.
pub(super) fn inner(assembler: &Assembler<'_>) -> Vec<Candidate> {
    let mut out = inner_places(assembler);
    out.extend(inner_wholes(assembler));
    out
}

/// A `part_of` for each unit or site whose name ends in that of an organisation (`service achats de
/// Valoria`), or begins with it and ends in a place or a common noun.
fn inner_wholes(assembler: &Assembler<'_>) -> Vec<Candidate> {
    let entities = &assembler.analysis.resolution.entities;
    let mut organisations: FxHashMap<&str, EntityId> = FxHashMap::default();
    for (index, entity) in entities.iter().enumerate().filter(|(_, e)| e.kind == EntityType::Organization) {
        for form in entity.aliases.iter().chain([&entity.name]).filter(|form| form.chars().count() > 2) {
            organisations.entry(form.as_str()).or_insert(EntityId(index));
        }
    }
    let mut out = Vec::new();
    for (index, entity) in entities.iter().enumerate() {
        if !matches!(entity.kind, EntityType::Organization | EntityType::Site) {
            continue;
        }
        let whole = ends(&entity.name).find_map(|end| organisations.get(end).copied());
        if let Some(whole) = whole.filter(|whole| whole.0 != index) {
            out.push(candidate(assembler, RelationType::PartOf, WHOLE, EntityId(index), whole, out.len()));
        }
    }
    out
}

/// What follows each preposition of a name.
fn ends(name: &str) -> impl Iterator<Item = &str> {
    const PREPOSITIONS: [&str; 8] = [" de la ", " de l'", " de l’", " de ", " d'", " d’", " du ", " des "];
    PREPOSITIONS.iter().flat_map(move |preposition| {
        name.match_indices(preposition).filter_map(move |(at, found)| name.get(at + found.len()..))
    })
}

/// A `located_in` for each site that bears the name of a place.
fn inner_places(assembler: &Assembler<'_>) -> Vec<Candidate> {
    let entities = &assembler.analysis.resolution.entities;
    let is_place = |&(_, (site, place)): &(usize, &(EntityId, EntityId))| {
        let (Some(site), Some(place)) = (entities.get(site.0), entities.get(place.0)) else { return false };
        // A name that stands nowhere else and takes an article (`campus du Numérique`) is hardly a place.
        let articled =
            ["du ", "des ", "de la ", "de l'"].iter().any(|de| site.name.ends_with(&format!("{de}{}", place.name)));
        !(place.mentions.is_empty() && articled)
    };
    let pairs = assembler.analysis.resolution.inner_places.iter().enumerate().filter(is_place);
    pairs.map(|(at, &(site, place))| candidate(assembler, RelationType::LocatedIn, RULE, site, place, at)).collect()
}

/// A fact between two entities, stated where the first is named first.
fn candidate(
    assembler: &Assembler<'_>,
    relation: RelationType,
    rule: &str,
    first: EntityId,
    second: EntityId,
    number: usize,
) -> Candidate {
    let sentences = &assembler.analysis.segmentation.sentences;
    let span = assembler.analysis.resolution.entities.get(first.0).and_then(|e| e.mentions.first().copied());
    let evidence = span.and_then(|span| sentences.get(sentences.partition_point(|s| s.span.end <= span.start)));
    let names = relation.schema().arguments;
    let arguments = names.iter().copied().zip([first, second]).collect();
    let fact = Fact {
        relation,
        arguments,
        attributes: Vec::new(),
        evidence: evidence.map(|sentence| sentence.span).into_iter().collect(),
        rule: rule.to_owned(),
        confidence: assembler.confidence.of_name(rule, 0.7),
        status: Status::Current,
    };
    Candidate { fact, group: usize::MAX - number, title: None, width: 1, priority: 0, extends: false }
}
