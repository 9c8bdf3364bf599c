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

use std::collections::BTreeSet;

use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{Literal, NamedNode, NamedOrBlankNode, Quad, Term};
use rayon::prelude::*;

pub use curation::{Curated, CurationError, Identity, Member};

use super::{Bulk, Changes, Snapshot, Store, StoreError};
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
    pub(super) fn add_releases(&self, releases: &mut BTreeSet<String>) {
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
    let mut removed = Vec::new();
    for graph in &changes.remove {
        for quad in snapshot.quads(None, Some(skos::PREF_LABEL), None, Some(graph.as_ref())) {
            if let NamedOrBlankNode::NamedNode(entity) = quad?.subject {
                removed.push(entity.into_string());
            }
        }
    }
    join(snapshot, authorities, (&removed, &records_of(&changes.insert)), touched)
}

/// What the releases tell of their entities; the quads of a graph follow each other.
pub(super) fn records_of(quads: &[Quad]) -> Vec<Record> {
    let releases: Vec<&[Quad]> = quads.chunk_by(|a, b| a.graph_name == b.graph_name).collect();
    releases.into_par_iter().flat_map_iter(|quads| records::records(quads.iter())).collect()
}

/// What follows when entities go (their IRIs) and others come.
fn join(
    snapshot: &Snapshot<'_>,
    authorities: &Authorities,
    (removed, added): (&[String], &[Record]),
    touched: &[String],
) -> Result<Rejoined, StoreError> {
    let graphs = Graphs::new(snapshot.store().base());
    let decisions: Vec<Decision> = curation::decisions(snapshot, &graphs)?;
    let index = StoreIndex::new(snapshot, &graphs);
    let known = |signature: &Signature| authority(authorities, signature);
    let base = snapshot.store().base();
    let delta = Joiner::new(&index, base, &decisions, &known).update(removed, added, touched)?;
    let Delta { remove, insert } = delta;
    Ok(Rejoined {
        insert: statements::quads(&graphs, base, &insert),
        delete: statements::quads(&graphs, base, &remove),
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
    /// A bulk load cannot delete. What it makes obsolete is loaded with it as a list, and deleted with that list in a
    /// transaction; where the process dies between the two, the next that opens the store for writing finds the list.
    ///
    /// Returns the releases whose entities stand for others than before, be they in `changes` or not.
    ///
    /// # Errors
    /// As [`Store::apply`].
    pub fn apply_joined(&self, changes: Changes, authorities: &Authorities) -> Result<BTreeSet<String>, StoreError> {
        self.delete_obsolete()?;
        let (obsolete, touched) = self.load_joined(changes, authorities)?;
        if !obsolete.is_empty() {
            self.apply_all(Changes::default(), &obsolete)?;
        }
        Ok(touched)
    }

    /// Ends a bulk load of new releases, of which these are the records, with what follows for the identities. Returns what
    /// [`Store::apply_joined`] does.
    pub(super) fn commit_joined(
        &self,
        mut bulk: Bulk<'_>,
        records: &[Record],
        authorities: &Authorities,
    ) -> Result<BTreeSet<String>, StoreError> {
        self.delete_obsolete()?;
        let snapshot = self.snapshot()?;
        let rejoined = join(&snapshot, authorities, (&[], records), &[])?;
        drop(snapshot);
        let mut touched = BTreeSet::new();
        rejoined.add_releases(&mut touched);
        let Rejoined { mut insert, mut delete } = rejoined;
        if delete.is_empty() {
            bulk.load(insert)?;
            bulk.commit()?;
            return Ok(touched);
        }
        let list = obsolete(&Graphs::new(self.base()), &delete);
        insert.push(list.clone());
        bulk.load(insert)?;
        bulk.commit()?;
        delete.push(list);
        self.apply_all(Changes::default(), &delete)?;
        Ok(touched)
    }

    /// Loads `changes` with their identities; gives what is still to be deleted, and the releases whose entities stand for
    /// others than before.
    fn load_joined(
        &self,
        mut changes: Changes,
        authorities: &Authorities,
    ) -> Result<(Vec<Quad>, BTreeSet<String>), StoreError> {
        let snapshot = self.snapshot()?;
        let rejoined = rejoin(&snapshot, authorities, &changes, &[])?;
        drop(snapshot);
        let mut touched = BTreeSet::new();
        rejoined.add_releases(&mut touched);
        let Rejoined { insert, mut delete } = rejoined;
        let bulk = self.is_bulk(&changes);
        changes.insert.extend(insert);
        if !bulk || delete.is_empty() {
            self.apply_all(changes, &delete)?;
            return Ok((Vec::new(), touched));
        }
        let list = obsolete(&Graphs::new(self.base()), &delete);
        changes.insert.push(list.clone());
        self.apply_all(changes, &[])?;
        delete.push(list);
        Ok((delete, touched))
    }

    /// Deletes what a bulk load made obsolete, where the process died before it did so.
    pub(super) fn delete_obsolete(&self) -> Result<(), StoreError> {
        let snapshot = self.snapshot()?;
        let graphs = Graphs::new(self.base());
        let mut delete = Vec::new();
        for quad in snapshot.quads(None, Some(pg::PENDING), None, Some(graphs.decisions.as_ref())) {
            let quad = quad?;
            if let Term::Literal(list) = &quad.object {
                let parsed = RdfParser::from_format(RdfFormat::NQuads).for_slice(list.value());
                // Invariant: this program wrote the list.
                delete.extend(parsed.filter_map(Result::ok));
            }
            delete.push(quad);
        }
        drop(snapshot);
        if delete.is_empty() { Ok(()) } else { self.apply_all(Changes::default(), &delete) }
    }
}

/// The list of what is to be deleted, as N-Quads in a literal.
fn obsolete(graphs: &Graphs, delete: &[Quad]) -> Quad {
    let list: String = delete.iter().map(|quad| format!("{quad} .\n")).collect();
    Quad::new(graphs.identity.clone(), pg::PENDING, Literal::new_simple_literal(list), graphs.decisions.clone())
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
        let (obsolete, _) = store.load_joined(second(), &authorities).expect("it loads");
        assert!(obsolete.len() > 1, "the first Jean Martin is called otherwise now");
        let torn = dump(&store);
        drop(store);
        let (expected, found) =
            (dump(&Store::open_read_only(&whole).expect("the store")), dump(&Store::open(&broken).expect("the store")));
        assert_ne!(torn, expected);
        assert!(found == expected, "opened again, the store is as if nothing had happened");
    }
}
