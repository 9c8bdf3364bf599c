//! From the graph of a release to what tells its entities.

use std::collections::BTreeMap;

use oxigraph::model::{NamedNodeRef, NamedOrBlankNode, Quad, Term};

use crate::entities::EntityType;
use crate::entities::authority::name::is_acronym;
use crate::graph::class;
use crate::graph::vocabulary::{dct, org, pg, schema, skos};
use crate::identity::{Record, element};

/// An entity of the release as its graph has it.
struct Entity<'q> {
    kind: EntityType,
    name: &'q str,
    aliases: Vec<&'q str>,
    identifiers: Vec<String>,
}

/// Pairs of properties of a fact: whose context the second is.
type Argument = (NamedNodeRef<'static>, NamedNodeRef<'static>);

const CONTEXTS: [Argument; 6] = [
    (org::MEMBER, org::IN_ORGANIZATION),
    (org::MEMBER, pg::BODY),
    (pg::PERSON, pg::BODY),
    (pg::LOCATED, pg::PLACE),
    (pg::PART, pg::WHOLE),
    (pg::PRODUCT, pg::PRODUCER),
];

/// What an entity is called and known as.
const NAMES: [NamedNodeRef<'static>; 4] = [skos::PREF_LABEL, skos::ALT_LABEL, schema::IDENTIFIER, schema::SAME_AS];

/// The records of a release's entities, from the quads of its graph, in the order of their IRIs.
pub(super) fn records<'q>(quads: impl Iterator<Item = &'q Quad> + Clone) -> Vec<Record> {
    let entities = entities(quads.clone());
    // Few quads have one of these predicates.
    let of_context =
        |quad: &&Quad| CONTEXTS.iter().any(|(whose, what)| quad.predicate == *whose || quad.predicate == *what);
    let facts: Vec<&Quad> = quads.clone().filter(of_context).collect();
    let mut contexts: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (whose, what) in CONTEXTS {
        let mut subjects: BTreeMap<&str, (Vec<&str>, Vec<&str>)> = BTreeMap::new();
        for quad in facts.iter().copied() {
            let (Some(fact), Some(value)) = (subject(quad), object(quad)) else { continue };
            if quad.predicate == whose {
                subjects.entry(fact).or_default().0.push(value);
            }
            if quad.predicate == what {
                subjects.entry(fact).or_default().1.push(value);
            }
        }
        for (owners, things) in subjects.into_values() {
            for owner in owners {
                for thing in &things {
                    let elements = entities.get(thing).map(elements).unwrap_or_default();
                    contexts.entry(owner).or_default().extend(elements);
                }
            }
        }
    }
    // Who works there tells a body as much as the body tells them.
    let staff = staff(facts.iter().copied(), &entities);
    let issuer = quads.clone().find(|quad| quad.predicate == dct::PUBLISHER).and_then(object);
    let mut surroundings: Vec<String> = issuer
        .and_then(|iri| entities.get(iri))
        .map(elements)
        .unwrap_or_default()
        .into_iter()
        .map(|element| format!("i/{element}"))
        .collect();
    let others = entities.values().filter(|entity| entity.kind == EntityType::Organization);
    let mut named: Vec<String> = others.flat_map(elements).collect();
    named.sort();
    named.dedup();
    named.truncate(8);
    surroundings.extend(named);
    entities
        .iter()
        .map(|(iri, entity)| {
            let mut context = contexts.remove(iri).unwrap_or_default();
            context.extend(staff.get(iri).into_iter().flatten().cloned());
            Record {
                entity: (*iri).to_owned(),
                kind: entity.kind,
                name: entity.name.to_owned(),
                aliases: entity.aliases.iter().map(|alias| (*alias).to_owned()).collect(),
                identifiers: entity.identifiers.clone(),
                context,
                surroundings: surroundings.clone(),
            }
        })
        .collect()
}

fn entities<'q>(quads: impl Iterator<Item = &'q Quad> + Clone) -> BTreeMap<&'q str, Entity<'q>> {
    let mut entities: BTreeMap<&str, Entity<'_>> = BTreeMap::new();
    for quad in quads.clone() {
        if quad.predicate != oxigraph::model::vocab::rdf::TYPE {
            continue;
        }
        let kind = EntityType::ALL.into_iter().find(|kind| object(quad) == Some(class(*kind).as_str()));
        if let (Some(kind), Some(iri)) = (kind, subject(quad)) {
            let new = Entity { kind, name: "", aliases: Vec::new(), identifiers: Vec::new() };
            entities.entry(iri).or_insert(new);
        }
    }
    for quad in quads.filter(|quad| NAMES.iter().any(|name| quad.predicate == *name)) {
        let Some(entity) = subject(quad).and_then(|iri| entities.get_mut(iri)) else { continue };
        match &quad.object {
            Term::Literal(text) if quad.predicate == skos::PREF_LABEL => entity.name = text.value(),
            Term::Literal(text) if quad.predicate == skos::ALT_LABEL => entity.aliases.push(text.value()),
            Term::Literal(text) if quad.predicate == schema::IDENTIFIER => {
                entity.identifiers.push(text.value().to_owned())
            }
            Term::NamedNode(iri) if quad.predicate == schema::SAME_AS => {
                entity.identifiers.push(format!("auth:{}", iri.as_str()));
            }
            _ => {}
        }
    }
    entities.retain(|_, entity| !entity.name.is_empty());
    entities
}

/// Organisations with the people who have a function there.
fn staff<'q>(
    quads: impl Iterator<Item = &'q Quad> + Clone,
    entities: &BTreeMap<&'q str, Entity<'q>>,
) -> BTreeMap<&'q str, Vec<String>> {
    let mut members: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for quad in quads.clone().filter(|quad| quad.predicate == org::MEMBER || quad.predicate == pg::PERSON) {
        if let (Some(fact), Some(person)) = (subject(quad), object(quad)) {
            members.entry(fact).or_default().push(person);
        }
    }
    let mut staff: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for quad in quads.filter(|quad| quad.predicate == org::IN_ORGANIZATION || quad.predicate == pg::BODY) {
        let (Some(fact), Some(body)) = (subject(quad), object(quad)) else { continue };
        for person in members.get(fact).into_iter().flatten() {
            if let Some(entity) = entities.get(person).filter(|entity| entity.kind == EntityType::Person) {
                staff.entry(body).or_default().extend(element(EntityType::Person, entity.name));
            }
        }
    }
    staff
}

/// How an entity stands in the contexts of others: by its names; a linked place by its authority.
fn elements(entity: &Entity<'_>) -> Vec<String> {
    if entity.kind == EntityType::Place
        && let Some(id) = entity.identifiers.first()
    {
        return vec![format!("l:{}", id.trim_start_matches("auth:"))];
    }
    let acronyms = entity.aliases.iter().copied().filter(|alias| is_acronym(alias));
    std::iter::once(entity.name).chain(acronyms).filter_map(|name| element(entity.kind, name)).collect()
}

fn subject(quad: &Quad) -> Option<&str> {
    match &quad.subject {
        NamedOrBlankNode::NamedNode(node) => Some(node.as_str()),
        NamedOrBlankNode::BlankNode(_) => None,
    }
}

fn object(quad: &Quad) -> Option<&str> {
    match &quad.object {
        Term::NamedNode(node) => Some(node.as_str()),
        _ => None,
    }
}
