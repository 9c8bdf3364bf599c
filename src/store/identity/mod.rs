//! Identities in the store: which entities of different releases are one thing.
//!
//! * `BASE/graph/identity`: `RELEASE#person-1 pg:identity BASE/person/gilles-favre`; of each identity its class,
//!   `skos:prefLabel`, `skos:altLabel`, `schema:sameAs`, identifiers, coordinates and hierarchy. Derived.
//! * `BASE/graph/decisions`: of each signature (what a release says of an entity) the identity that it was joined to, with
//!   score and reason; what the next join reads. Derived.
//! * `BASE/graph/curation`: what analysts have decided. Kept whatever becomes of the releases.

mod curation;
mod records;
mod statements;

use std::collections::{BTreeMap, BTreeSet};

use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Quad, Term};

pub use curation::{Curated, CurationError, Identity, Member};

use super::{Changes, Snapshot, Store, StoreError};
use crate::entities::authority::{Authorities, name::name_key};
use crate::graph::vocabulary::{pg, skos};
use crate::identity::{Authority, Decision, Delta, Joiner, Property, Record, Signature};
use statements::StoreIndex;

/// The graphs of identities in a store with this base.
#[derive(Clone, Debug)]
pub struct Graphs {
    /// Which entities are one thing, and what it is called.
    pub identity: NamedNode,
    /// What decided.
    pub decisions: NamedNode,
    /// What analysts decided.
    pub curation: NamedNode,
}

impl Graphs {
    /// The graphs below `base`.
    pub fn new(base: &str) -> Self {
        // Invariant: the base was checked when the store was made.
        let graph = |name: &str| NamedNode::new_unchecked(format!("{base}graph/{name}"));
        Self { identity: graph("identity"), decisions: graph("decisions"), curation: graph("curation") }
    }
}

/// What the identities need beside a commit: quads to insert and to delete.
#[derive(Debug, Default)]
pub(super) struct Rejoined {
    pub(super) insert: Vec<Quad>,
    pub(super) delete: Vec<Quad>,
}

impl Rejoined {
    /// Adds the releases of the entities that come to or leave an identity.
    fn add_releases(&self, releases: &mut BTreeSet<String>) {
        for quad in self.insert.iter().chain(&self.delete).filter(|quad| quad.predicate == pg::IDENTITY) {
            if let NamedOrBlankNode::NamedNode(entity) = &quad.subject {
                releases.extend(entity.as_str().rsplit_once('#').map(|(release, _)| release.to_owned()));
            }
        }
    }
}

/// What `changes` (graphs removed, quads inserted) change in the identities, seen from the state before them.
///
/// # Errors
/// When the database fails.
pub(super) fn rejoin(
    snapshot: &Snapshot<'_>,
    authorities: &Authorities,
    changes: &Changes,
    touched: &[String],
) -> Result<Rejoined, StoreError> {
    let graphs = Graphs::new(snapshot.store().base());
    let mut removed = Vec::new();
    for graph in &changes.remove {
        for quad in snapshot.quads(None, Some(skos::PREF_LABEL), None, Some(graph.as_ref())) {
            if let NamedOrBlankNode::NamedNode(entity) = quad?.subject {
                removed.push(entity.into_string());
            }
        }
    }
    let mut by_graph: BTreeMap<&NamedNode, Vec<&Quad>> = BTreeMap::new();
    for quad in &changes.insert {
        if let GraphName::NamedNode(graph) = &quad.graph_name {
            by_graph.entry(graph).or_default().push(quad);
        }
    }
    let mut added: Vec<Record> = Vec::new();
    for quads in by_graph.values() {
        added.extend(records::records(quads.iter().copied()));
    }
    let decisions: Vec<Decision> = curation::decisions(snapshot, &graphs)?;
    let index = StoreIndex::new(snapshot, &graphs);
    let known = |signature: &Signature| authority(authorities, signature);
    let base = snapshot.store().base();
    let delta = Joiner::new(&index, base, &decisions, &known).update(&removed, &added, touched)?;
    let Delta { remove, insert } = delta;
    Ok(Rejoined {
        insert: insert.iter().filter_map(|statement| statements::quad(&graphs, base, statement)).collect(),
        delete: remove.iter().filter_map(|statement| statements::quad(&graphs, base, statement)).collect(),
    })
}

/// What the authority that a signature is linked to says of the thing.
fn authority(authorities: &Authorities, signature: &Signature) -> Authority {
    let ids: BTreeSet<&str> = signature.identifiers.iter().map(|id| id.trim_start_matches("auth:")).collect();
    let names = std::iter::once(&signature.label).chain(&signature.acronyms);
    let found = names.flat_map(|name| authorities.bearers(signature.kind, name)).find(|id| {
        let record = authorities.record(*id);
        record.same_as().iter().any(|iri| ids.contains(iri.as_str()))
            || record.identifiers().any(|(scheme, value)| ids.contains(format!("{scheme}:{value}").as_str()))
    });
    let Some(id) = found else {
        let iris = signature.identifiers.iter().filter_map(|id| id.strip_prefix("auth:"));
        return iris.map(|iri| (Property::SameAs, iri.to_owned())).collect();
    };
    let record = authorities.record(id);
    let mut facts: Authority = record.same_as().into_iter().map(|iri| (Property::SameAs, iri)).collect();
    if record.table_class.is_place() {
        // A body of that place (`Ville de Lille`) keeps the name of the releases.
        if signature.kind == crate::entities::EntityType::Place {
            facts.push((Property::Name, record.name().to_owned()));
        }
        if let Some((latitude, longitude)) = record.coordinates() {
            facts.push((Property::Latitude, latitude.to_owned()));
            facts.push((Property::Longitude, longitude.to_owned()));
        }
        facts.extend(authorities.containers(id).into_iter().map(|above| (Property::Within, above.iri)));
    }
    let own = name_key(signature.kind, record.name());
    if own != signature.key() && !record.table_class.is_place() {
        facts.push((Property::OtherName, record.name().to_owned()));
    }
    let written = ["siren", "lei", "isin", "ticker", "uai", "finess", "rnsr"];
    let identifiers = record.identifiers().filter(|(scheme, _)| written.contains(scheme));
    facts.extend(identifiers.map(|(scheme, value)| (Property::Identifier, format!("{scheme}:{value}"))));
    facts
}

impl Store {
    /// Does `changes` and what follows from them for the identities.
    ///
    /// A bulk load cannot delete. What it loads is marked until its identities are written, in a transaction of their own;
    /// where the process dies between the two, the next commit finds the marks.
    ///
    /// Returns the releases whose entities stand for others than before, be they in `changes` or not.
    ///
    /// # Errors
    /// As [`Store::apply`].
    pub fn apply_joined(
        &self,
        mut changes: Changes,
        authorities: &Authorities,
    ) -> Result<BTreeSet<String>, StoreError> {
        let mut touched = self.recover(authorities)?;
        let snapshot = self.snapshot()?;
        let rejoined = rejoin(&snapshot, authorities, &changes, &[])?;
        drop(snapshot);
        rejoined.add_releases(&mut touched);
        if rejoined.delete.is_empty() || !self.is_bulk(&changes) {
            changes.insert.extend(rejoined.insert);
            self.apply_all(changes, &rejoined.delete)?;
            return Ok(touched);
        }
        let graphs = Graphs::new(self.base());
        let releases: BTreeSet<&NamedNode> = changes
            .insert
            .iter()
            .filter_map(|quad| match &quad.graph_name {
                GraphName::NamedNode(release) => Some(release),
                _ => None,
            })
            .collect();
        let marks: Vec<Quad> = releases.into_iter().map(|release| mark(&graphs, release)).collect();
        let mut delete = rejoined.delete;
        delete.extend(marks.iter().cloned());
        changes.insert.extend(marks);
        self.apply_all(changes, &[])?;
        self.apply_all(Changes { remove: Vec::new(), insert: rejoined.insert }, &delete)?;
        Ok(touched)
    }

    /// Writes the identities of releases that were loaded by a process which died before it wrote them.
    fn recover(&self, authorities: &Authorities) -> Result<BTreeSet<String>, StoreError> {
        let mut touched = BTreeSet::new();
        let snapshot = self.snapshot()?;
        let graphs = Graphs::new(self.base());
        let (mut marks, mut quads) = (Vec::new(), Vec::new());
        for quad in snapshot.quads(None, Some(pg::PENDING), None, Some(graphs.decisions.as_ref())) {
            let quad = quad?;
            if let NamedOrBlankNode::NamedNode(release) = &quad.subject {
                quads.extend(snapshot.graph(release.as_ref())?);
            }
            marks.push(quad);
        }
        if marks.is_empty() {
            return Ok(touched);
        }
        let rejoined = rejoin(&snapshot, authorities, &Changes { remove: Vec::new(), insert: quads }, &[])?;
        drop(snapshot);
        rejoined.add_releases(&mut touched);
        let mut delete = rejoined.delete;
        delete.extend(marks);
        self.apply_all(Changes { remove: Vec::new(), insert: rejoined.insert }, &delete)?;
        Ok(touched)
    }
}

fn mark(graphs: &Graphs, release: &NamedNode) -> Quad {
    Quad::new(release.clone(), pg::PENDING, Term::NamedNode(graphs.identity.clone()), graphs.decisions.clone())
}
