//! Identities in the store: which entities of different releases are one thing.
//!
//! * `BASE/graph/identity`: `RELEASE#person-1 pg:identity BASE/person/gilles-favre`; of each identity its class,
//!   `skos:prefLabel`, `skos:altLabel`, `schema:sameAs`, identifiers, coordinates and hierarchy. Derived.
//! * `BASE/graph/decisions`: of each signature (what a release says of an entity) the identity that it was joined to, with
//!   score and reason; what the next join reads. Derived.
//! * `BASE/graph/curation`: what analysts have decided. Kept whatever becomes of the releases.

mod curation;
mod index;
mod records;
mod statements;

use std::collections::BTreeSet;

use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{Literal, NamedNode, NamedOrBlankNode, Quad, Term};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

pub use curation::{Curated, CurationError, Identity, Member};

use super::{Bulk, Changes, Store, StoreError};
use crate::entities::authority::{Authorities, name::name_key};
use crate::graph::vocabulary::{pg, skos};
use crate::identity::{Authority, Decision, Index, Joiner, Key, Property, Record, Signature, Statement};
pub(super) use index::IndexFile;
use index::Writing;
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

/// A change of the identities, in step with a change of the releases: what is joined sees all that was joined before in it;
/// it is kept when the store has the quads, and forgotten where it is dropped.
pub(super) struct Joining<'s> {
    store: &'s Store,
    graphs: Graphs,
    writing: Writing,
    /// What is to be deleted when all is inserted.
    delete: FxHashSet<Statement>,
    /// Releases whose entities stand for others than before, be they part of the change or not.
    touched: BTreeSet<String>,
}

impl<'s> Joining<'s> {
    /// Adds what entities that go (their IRIs) and others that come change; gives the quads to insert. `touched` are keys of
    /// blocks to join anew besides.
    ///
    /// # Errors
    /// When the database or the index fails.
    pub(super) fn join(
        &mut self,
        authorities: &Authorities,
        (removed, added): (&[String], &[Record]),
        touched: &[Key],
    ) -> Result<Vec<Quad>, StoreError> {
        let base = self.store.base();
        let decisions: Vec<Decision> = curation::decisions(&self.store.snapshot()?, &self.graphs)?;
        let known = |signature: &Signature| authority(authorities, signature);
        let mut tables = self.writing.tables()?;
        let delta = Joiner::new(&tables, base, &decisions, &known).update(removed, added, touched)?;
        tables.apply(&delta)?;
        for (subject, property, _) in delta.insert.iter().chain(&delta.remove) {
            if *property == Property::Identity {
                self.touched.extend(subject.rsplit_once('#').map(|(release, _)| release.to_owned()));
            }
        }
        let insert = statements::quads(&self.graphs, base, &delta.insert);
        if !self.delete.is_empty() {
            // What was there and comes back must not be deleted after it was inserted.
            for statement in &delta.insert {
                self.delete.remove(statement);
            }
        }
        self.delete.extend(delta.remove);
        Ok(insert)
    }

    /// The same for graphs that are removed and quads that are inserted.
    pub(super) fn rejoin(
        &mut self,
        authorities: &Authorities,
        changes: &Changes,
        touched: &[Key],
    ) -> Result<Vec<Quad>, StoreError> {
        let mut removed = Vec::new();
        let snapshot = self.store.snapshot()?;
        for graph in &changes.remove {
            for quad in snapshot.quads(None, Some(skos::PREF_LABEL), None, Some(graph.as_ref())) {
                if let NamedOrBlankNode::NamedNode(entity) = quad?.subject {
                    removed.push(entity.into_string());
                }
            }
        }
        drop(snapshot);
        self.note_bands(changes.insert.iter())?;
        self.join(authorities, (&removed, &records_of(&changes.insert)), touched)
    }

    /// Takes note of the bands of new releases, by which their copies are found.
    pub(super) fn note_bands<'q>(&self, quads: impl Iterator<Item = &'q Quad>) -> Result<(), StoreError> {
        self.writing.add_bands(quads.filter_map(index::band).collect())
    }

    /// Those of the bands that a release may have, be it in the store or part of this change: to ask here costs less than there.
    pub(super) fn known_bands(&self, bands: &[u64]) -> Result<Vec<u64>, StoreError> {
        self.writing.known_bands(bands)
    }

    /// The signatures of a key, with their hashes.
    fn bearers(&self, key: Key) -> Result<Vec<(String, Signature)>, StoreError> {
        let tables = self.writing.tables()?;
        let mut bearers = Vec::new();
        for id in tables.bearers(key, usize::MAX)? {
            let told = tables.signature(id)?;
            let signature = told.first(Property::Text).and_then(Signature::parse);
            bearers.extend(signature.map(|signature| (id.to_string(), signature)));
        }
        Ok(bearers)
    }

    /// What is to be deleted when all is inserted.
    pub(super) fn delete(&self) -> Vec<Quad> {
        let mut delete: Vec<&Statement> = self.delete.iter().collect();
        delete.sort_unstable();
        let base = self.store.base();
        let quad =
            |(subject, property, value): &Statement| statements::quad(&self.graphs, base, (subject, *property, value));
        delete.into_iter().filter_map(quad).collect()
    }

    /// Keeps the change, which the store has now. Returns the releases whose entities stand for others than before.
    pub(super) fn keep(self) -> Result<BTreeSet<String>, StoreError> {
        self.writing.commit(self.store.revision())?;
        Ok(self.touched)
    }

    /// Ends a bulk load of new releases with the last of their quads and of those that follow for the identities.
    ///
    /// A bulk load cannot delete. What it makes obsolete is loaded with it as a list, and deleted with that list in a
    /// transaction; where the process dies between the two, the next that opens the store for writing finds the list.
    pub(super) fn commit(self, bulk: Bulk<'_>, mut last: Vec<Quad>) -> Result<BTreeSet<String>, StoreError> {
        let obsolete = self.list_obsolete(&mut last);
        bulk.load_last(last)?.commit()?;
        if !obsolete.is_empty() {
            self.store.apply_all(Changes::default(), &obsolete)?;
        }
        self.keep()
    }

    /// Adds the list of what is obsolete to what is loaded; gives that, the list included.
    fn list_obsolete(&self, load: &mut Vec<Quad>) -> Vec<Quad> {
        let mut obsolete = self.delete();
        if !obsolete.is_empty() {
            let list: String = obsolete.iter().map(|quad| format!("{quad} .\n")).collect();
            let (subject, text) = (self.graphs.identity.clone(), Literal::new_simple_literal(list));
            let list = Quad::new(subject, pg::PENDING, text, self.graphs.decisions.clone());
            load.push(list.clone());
            obsolete.push(list);
        }
        obsolete
    }
}

/// What releases tell of their entities.
pub(super) fn records_of_releases(releases: &[Vec<Quad>]) -> Vec<Record> {
    releases.par_iter().with_min_len(16).flat_map_iter(|quads| records::records(quads.iter())).collect()
}

/// The same, where the quads of a graph follow each other.
pub(super) fn records_of(quads: &[Quad]) -> Vec<Record> {
    let releases: Vec<&[Quad]> = quads.chunk_by(|a, b| a.graph_name == b.graph_name).collect();
    releases.into_par_iter().flat_map_iter(|quads| records::records(quads.iter())).collect()
}

/// Quads that this program wrote as N-Quads.
fn parse(list: &str) -> Vec<Quad> {
    RdfParser::from_format(RdfFormat::NQuads).for_slice(list).filter_map(Result::ok).collect()
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
            facts.push((Property::Latitude, statements::decimal(latitude).to_owned()));
            facts.push((Property::Longitude, statements::decimal(longitude).to_owned()));
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
    /// Begins a change of the identities. One at a time: another waits until this one is kept or dropped.
    pub(super) fn joining(&self) -> Result<Joining<'_>, StoreError> {
        if !self.is_writable() {
            return Err(StoreError::ReadOnly { path: self.path.clone() });
        }
        self.delete_obsolete()?;
        let graphs = Graphs::new(self.base());
        let writing = self.index.begin(&self.snapshot()?, &graphs)?;
        Ok(Joining { store: self, graphs, writing, delete: FxHashSet::default(), touched: BTreeSet::new() })
    }

    /// Does `changes` and what follows from them for the identities. Returns the releases whose entities stand for others than
    /// before, be they in `changes` or not.
    ///
    /// # Errors
    /// As [`Store::apply`].
    pub fn apply_joined(&self, changes: Changes, authorities: &Authorities) -> Result<BTreeSet<String>, StoreError> {
        self.apply_joining(self.joining()?, changes, authorities)
    }

    /// The same with a change of the identities that was begun.
    pub(super) fn apply_joining(
        &self,
        mut joining: Joining<'_>,
        mut changes: Changes,
        authorities: &Authorities,
    ) -> Result<BTreeSet<String>, StoreError> {
        let insert = joining.rejoin(authorities, &changes, &[])?;
        if changes.remove.is_empty() && self.is_bulk(changes.insert.len()) {
            changes.insert.extend(insert);
            return joining.commit(self.bulk(changes.insert.len()), changes.insert);
        }
        changes.insert.extend(insert);
        self.apply_all(changes, &joining.delete())?;
        joining.keep()
    }

    /// Deletes what a bulk load made obsolete, where the process died before it did so.
    pub(super) fn delete_obsolete(&self) -> Result<(), StoreError> {
        let snapshot = self.snapshot()?;
        let graphs = Graphs::new(self.base());
        let mut delete = Vec::new();
        for quad in snapshot.quads(None, Some(pg::PENDING), None, Some(graphs.decisions.as_ref())) {
            let quad = quad?;
            if let Term::Literal(list) = &quad.object {
                delete.extend(parse(list.value()));
            }
            delete.push(quad);
        }
        drop(snapshot);
        if delete.is_empty() { Ok(()) } else { self.apply_all(Changes::default(), &delete) }
    }
}

#[cfg(test)]
mod tests {
    use oxigraph::model::vocab::rdf;

    use super::*;
    use crate::entities::EntityType;
    use crate::graph::vocabulary::org;
    use crate::graph::{DEFAULT_BASE, class};
    use crate::model::Resources;

    /// A release that gives Jean Martin a function at a body, with so many quads beside.
    fn release(number: usize, body: &str, more: usize) -> Vec<Quad> {
        let graph = NamedNode::new_unchecked(format!("{DEFAULT_BASE}release/s/{number}"));
        let node = |name: &str| NamedNode::new_unchecked(format!("{}#{name}", graph.as_str()));
        let text = |text: &str| Literal::new_simple_literal(text);
        let (person, organization, fact) = (node("person-1"), node("organization-1"), node("role-1"));
        let quad = |s: &NamedNode, p: oxigraph::model::NamedNodeRef<'_>, o: Term| {
            Quad::new(s.clone(), p.into_owned(), o, graph.clone())
        };
        let mut quads = vec![
            quad(&person, rdf::TYPE, class(EntityType::Person).into_owned().into()),
            quad(&person, skos::PREF_LABEL, text("Jean Martin").into()),
            quad(&organization, rdf::TYPE, class(EntityType::Organization).into_owned().into()),
            quad(&organization, skos::PREF_LABEL, text(body).into()),
            quad(&fact, org::MEMBER, person.clone().into()),
            quad(&fact, org::IN_ORGANIZATION, organization.clone().into()),
        ];
        quads.extend((0..more).map(|n| quad(&fact, pg::REASON, text(&n.to_string()).into())));
        quads
    }

    fn dump(store: &Store) -> Vec<String> {
        let snapshot = store.snapshot().expect("a snapshot");
        let mut lines: Vec<String> =
            snapshot.quads(None, None, None, None).map(|quad| quad.expect("a quad").to_string()).collect();
        lines.sort();
        lines
    }

    #[test]
    fn what_a_bulk_load_made_obsolete_is_deleted_after_a_crash() {
        let authorities = Authorities::load(&Resources::embedded()).expect("the tables are embedded");
        let folder = tempfile::tempdir().expect("a folder");
        let (whole, broken) = (folder.path().join("whole.db"), folder.path().join("broken.db"));
        let changes = |insert| Changes { remove: Vec::new(), insert };
        let second = || changes(release(2, "Verralie", crate::store::BULK));
        for path in [&whole, &broken] {
            let store = Store::create(path, DEFAULT_BASE).expect("a store");
            store.apply_joined(changes(release(1, "Hydravel", 0)), &authorities).expect("it loads");
        }
        let store = Store::open(&whole).expect("the store");
        store.apply_joined(second(), &authorities).expect("it loads");
        drop(store);
        let store = Store::open(&broken).expect("the store");
        // The process dies here, before it deletes.
        let mut joining = store.joining().expect("the index");
        let mut quads = second().insert;
        quads.extend(joining.rejoin(&authorities, &second(), &[]).expect("it joins"));
        let obsolete = joining.list_obsolete(&mut quads);
        store.bulk(quads.len()).load_last(quads).and_then(Bulk::commit).expect("it loads");
        drop(joining);
        assert!(obsolete.len() > 1, "the first Jean Martin is called otherwise now");
        let torn = dump(&store);
        drop(store);
        let (expected, found) =
            (dump(&Store::open_read_only(&whole).expect("the store")), dump(&Store::open(&broken).expect("the store")));
        assert_ne!(torn, expected);
        assert!(found == expected, "opened again, the store is as if nothing had happened");
    }
}
