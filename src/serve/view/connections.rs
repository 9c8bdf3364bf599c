use std::collections::BTreeMap;

use oxrdf::NamedNodeRef;
use serde::Serialize;

use super::Thing;
use super::entity::gather;
use super::naming::namings;
use crate::serve::ServeError;
use crate::serve::data::Data;
use crate::serve::search::Index;
use crate::serve::texts::Language;

/// Releases that are looked at from one node, the newest.
const RELEASES: usize = 100;
/// Nodes that one expansion adds at most.
const NODES: usize = 80;

/// A node of the graph view.
#[derive(Clone, Debug, Serialize)]
pub struct Node {
    iri: String,
    label: String,
    kind: &'static str,
    #[serde(rename = "kindLabel")]
    kind_label: String,
}

/// An edge of the graph view.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Link {
    /// IRI of a node.
    pub from: String,
    /// IRI of a node.
    pub to: String,
    /// Name of the relation in the output format.
    pub relation: &'static str,
    /// Its heading on the page.
    pub label: String,
    /// `current`, `former` or `planned`.
    pub status: String,
    /// Date (ISO).
    pub date: Option<String>,
}

/// A part of the graph around an entity.
#[derive(Clone, Debug, Serialize)]
pub struct Connections {
    /// The entity itself first.
    pub nodes: Vec<Node>,
    /// Between these nodes.
    pub edges: Vec<Link>,
}

/// What is around an entity: things it shares facts with, the most connected first.
///
/// # Errors
/// When nothing has that IRI, or the store fails.
pub fn connections(
    data: Data<'_>,
    index: &Index,
    iri: NamedNodeRef<'_>,
    language: Language,
) -> Result<Connections, ServeError> {
    let (namings, _) = namings(data, index, iri, 0, RELEASES)?;
    if namings.is_empty() && !data.is_known(iri)? {
        return Err(ServeError::NotFound(iri.as_str().to_owned()));
    }
    let centre = data.thing(iri)?;
    let statements = gather(data, &namings)?;
    let mut counts: BTreeMap<&str, (&Thing, usize)> = BTreeMap::new();
    for (_, thing) in statements.iter().flat_map(|statement| &statement.arguments) {
        if thing.iri != centre.iri {
            counts.entry(&thing.iri).or_insert((thing, 0)).1 += 1;
        }
    }
    let mut near: Vec<(&Thing, usize)> = counts.into_values().collect();
    near.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.iri.cmp(&b.0.iri)));
    near.truncate(NODES);
    let node = |thing: &Thing| Node {
        iri: thing.iri.clone(),
        label: thing.label.clone(),
        kind: thing.kind,
        kind_label: language.kind(thing.kind).to_owned(),
    };
    let nodes: Vec<Node> = [&centre].into_iter().chain(near.iter().map(|(thing, _)| *thing)).map(node).collect();
    let mut edges: Vec<Link> = Vec::new();
    for statement in &statements {
        let Some((_, first)) = statement.arguments.first() else { continue };
        // Every other thing is linked with the first: the person, acquirer, supplier, part…
        for (_, other) in statement.arguments.iter().skip(1) {
            let shown = |thing: &Thing| nodes.iter().any(|node| node.iri == thing.iri);
            if other.iri == first.iri || !shown(first) || !shown(other) {
                continue;
            }
            let edge = Link {
                from: first.iri.clone(),
                to: other.iri.clone(),
                relation: statement.relation,
                label: language.relation(statement.relation).to_owned(),
                status: statement.status.clone(),
                date: Some(statement.when().to_owned()).filter(|date| !date.is_empty()),
            };
            if !edges.contains(&edge) {
                edges.push(edge);
            }
        }
    }
    Ok(Connections { nodes, edges })
}
