use std::collections::{BTreeSet, HashSet};

use oxigraph::model::{GraphName, GraphNameRef, NamedNode, NamedNodeRef, NamedOrBlankNode};
use oxigraph::model::{NamedOrBlankNodeRef, Quad, Term, TermRef};
use oxigraph::sparql::SparqlEvaluator;
use oxigraph::store::{QuadIter, StorageError, Transaction};
use spareval::{QueryDatasetSpecification, QueryEvaluator, QueryResults};

use super::dataset::UnionDataset;
use super::plan::{laterally, names_graphs};
use super::{Access, CancellationToken, Query, QueryError, Store, StoreError};
use crate::graph::vocabulary::pg;

/// What the store held at one moment.
pub struct Snapshot<'a> {
    store: &'a Store,
    reader: Reader<'a>,
}

/// How the stable view is had: by a transaction that is never committed, or, where nothing writes, straight.
enum Reader<'a> {
    Transaction(Transaction<'a>),
    Store(&'a oxigraph::store::Store),
}

impl std::fmt::Debug for Snapshot<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("store", self.store).finish_non_exhaustive()
    }
}

impl<'a> Snapshot<'a> {
    pub(super) fn new(store: &'a Store) -> Result<Self, StoreError> {
        let inner = &store.inner.0;
        let reader = match store.access {
            Access::Write => {
                let transaction = inner.start_transaction();
                Reader::Transaction(transaction.map_err(|error| StoreError::database(&store.path, error))?)
            }
            Access::Read | Access::Memory => Reader::Store(inner),
        };
        Ok(Self { store, reader })
    }

    /// The store that this is a view of.
    pub fn store(&self) -> &'a Store {
        self.store
    }

    /// Answers `query` over all graphs as one, each triple once (`GRAPH` and `FROM` name graphs as ever).
    /// A cancelled `token` ends the evaluation with an error.
    ///
    /// # Errors
    /// When the evaluation fails; most errors come while the results are read.
    pub fn query(&self, query: &Query, token: Option<CancellationToken>) -> Result<QueryResults<'_>, QueryError> {
        let algebra = laterally(query.algebra());
        if names_graphs(&algebra) {
            let mut evaluator = SparqlEvaluator::new();
            if let Some(token) = token {
                evaluator = evaluator.with_cancellation_token(token);
            }
            let prepared = evaluator.for_query(algebra);
            return Ok(match &self.reader {
                Reader::Transaction(transaction) => prepared.on_transaction(transaction).execute()?,
                Reader::Store(store) => prepared.on_store(store).execute()?,
            });
        }
        let mut evaluator = QueryEvaluator::new();
        if let Some(token) = token {
            evaluator = evaluator.with_cancellation_token(token);
        }
        let mut prepared = evaluator.prepare(&algebra);
        let scope = scope(prepared.dataset_mut());
        Ok(prepared.execute(UnionDataset::new(self, scope))?)
    }

    /// The quads that match; `None` matches all. A triple comes once per graph that holds it.
    pub fn quads(
        &self,
        subject: Option<NamedNodeRef<'_>>,
        predicate: Option<NamedNodeRef<'_>>,
        object: Option<TermRef<'_>>,
        graph: Option<NamedNodeRef<'_>>,
    ) -> impl Iterator<Item = Result<Quad, StoreError>> {
        self.quads_for_pattern(subject.map(Into::into), predicate, object, graph.map(Into::into))
            .map(|quad| quad.map_err(|error| StoreError::database(&self.store.path, error)))
    }

    /// The quads of one graph, sorted: the same whatever the order of loading.
    ///
    /// # Errors
    /// When the database fails.
    pub fn graph(&self, name: NamedNodeRef<'_>) -> Result<Vec<Quad>, StoreError> {
        let mut quads = self.quads(None, None, None, Some(name)).collect::<Result<Vec<_>, _>>()?;
        quads.sort_by_cached_key(ToString::to_string);
        Ok(quads)
    }

    /// The entities of releases that are called by a name with these words in it, whatever the case: by the names of
    /// the joined entity; in a store without identities, by their own.
    ///
    /// # Errors
    /// When the database fails.
    pub fn entities_named(&self, words: &str) -> Result<Vec<NamedNode>, QueryError> {
        let graphs = super::Graphs::new(self.store.base());
        let joined = self.has_graph(graphs.identity.as_ref())?;
        if !joined {
            return self.bearers(words, None);
        }
        let bearers = match self.store.index.named(self, &graphs, words)? {
            Some(bearers) => bearers,
            None => self.bearers(words, Some(&graphs.identity))?,
        };
        let mut members = Vec::new();
        for bearer in &bearers {
            members.extend(self.members(bearer.as_ref(), graphs.identity.as_ref())?);
        }
        Ok(members)
    }

    /// Whoever is called by a name with these words in it in a graph, or in any: reads all names.
    fn bearers(&self, words: &str, graph: Option<&NamedNode>) -> Result<Vec<NamedNode>, QueryError> {
        let graph = graph.map_or("?graph".to_owned(), ToString::to_string);
        let query = Query::parse(&format!(
            "SELECT DISTINCT ?bearer WHERE {{
                GRAPH {graph} {{ ?bearer skos:prefLabel|skos:altLabel ?name }}
                FILTER(CONTAINS(LCASE(?name), LCASE(?words)))
            }}"
        ))?;
        let words = oxigraph::model::Literal::new_simple_literal(words);
        let mut bearers = BTreeSet::new();
        if let QueryResults::Solutions(solutions) = self.query(&query.bind_named("words", words.into())?, None)? {
            for solution in solutions {
                if let Some(Term::NamedNode(bearer)) = solution?.get("bearer") {
                    bearers.insert(bearer.clone());
                }
            }
        }
        Ok(bearers.into_iter().collect())
    }

    /// The entities of releases that stand for a joined one.
    fn members(&self, joined: NamedNodeRef<'_>, graph: NamedNodeRef<'_>) -> Result<Vec<NamedNode>, StoreError> {
        let mut members = Vec::new();
        for quad in self.quads(None, Some(pg::IDENTITY), Some(joined.into()), Some(graph)) {
            if let NamedOrBlankNode::NamedNode(member) = quad?.subject {
                members.push(member);
            }
        }
        Ok(members)
    }

    /// The names of all graphs, sorted: the releases, and what is derived from them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn graphs(&self) -> Result<Vec<NamedNode>, StoreError> {
        let mut names = Vec::new();
        for name in self.named_graphs() {
            if let NamedOrBlankNode::NamedNode(name) = name.map_err(|e| StoreError::database(&self.store.path, e))? {
                names.push(name);
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    /// The first graphs whose names begin so, as the database has them, at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn some_graphs(&self, beginning: &str, limit: usize) -> Result<Vec<String>, StoreError> {
        let names = self.named_graphs().map(|name| name.map_err(|error| StoreError::database(&self.store.path, error)));
        let fits = |name: NamedOrBlankNode| match name {
            NamedOrBlankNode::NamedNode(name) => name.as_str().starts_with(beginning).then(|| name.into_string()),
            NamedOrBlankNode::BlankNode(_) => None,
        };
        names.filter_map(|name| name.map(fits).transpose()).take(limit).collect()
    }

    /// Whether there is a graph of that name.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_graph(&self, name: NamedNodeRef<'_>) -> Result<bool, StoreError> {
        self.contains_graph(name).map_err(|error| StoreError::database(&self.store.path, error))
    }

    /// The single object of a subject and predicate in a graph, if there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn object(
        &self,
        subject: NamedNodeRef<'_>,
        predicate: NamedNodeRef<'_>,
        graph: NamedNodeRef<'_>,
    ) -> Result<Option<Term>, StoreError> {
        let quad = self.quads(Some(subject), Some(predicate), None, Some(graph)).next().transpose()?;
        Ok(quad.map(|quad| quad.object))
    }

    /// Whether the quad is there; reads no term of it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn contains(&self, quad: &Quad) -> Result<bool, StoreError> {
        let found = match &self.reader {
            Reader::Transaction(transaction) => transaction.contains(quad),
            Reader::Store(store) => store.contains(quad),
        };
        found.map_err(|error| StoreError::database(&self.store.path, error))
    }

    pub(super) fn quads_for_pattern(
        &self,
        subject: Option<NamedOrBlankNodeRef<'_>>,
        predicate: Option<NamedNodeRef<'_>>,
        object: Option<TermRef<'_>>,
        graph: Option<GraphNameRef<'_>>,
    ) -> QuadIter<'_> {
        match &self.reader {
            Reader::Transaction(transaction) => transaction.quads_for_pattern(subject, predicate, object, graph),
            Reader::Store(store) => store.quads_for_pattern(subject, predicate, object, graph),
        }
    }

    pub(super) fn named_graphs(&self) -> impl Iterator<Item = Result<NamedOrBlankNode, StorageError>> + use<'_> {
        match &self.reader {
            Reader::Transaction(transaction) => transaction.named_graphs(),
            Reader::Store(store) => store.named_graphs(),
        }
    }

    pub(super) fn contains_graph(&self, name: NamedNodeRef<'_>) -> Result<bool, StorageError> {
        match &self.reader {
            Reader::Transaction(transaction) => transaction.contains_named_graph(name),
            Reader::Store(store) => store.contains_named_graph(name),
        }
    }
}

/// Several `FROM` clauses are one merged graph, in which a triple stands once: they become the scope
/// of the union. One alone is left to the evaluator.
fn scope(dataset: &mut QueryDatasetSpecification) -> Option<HashSet<Term>> {
    let graphs = dataset.default_graph_graphs().filter(|graphs| graphs.len() > 1)?;
    let scope = graphs
        .iter()
        .filter_map(|graph| match graph {
            GraphName::NamedNode(name) => Some(name.clone().into()),
            GraphName::BlankNode(name) => Some(name.clone().into()),
            GraphName::DefaultGraph => None,
        })
        .collect();
    dataset.set_default_graph(vec![GraphName::DefaultGraph]);
    Some(scope)
}
