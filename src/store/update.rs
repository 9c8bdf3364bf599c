//! SPARQL updates from outside: what is derived from the graphs follows in the same transaction.

use std::collections::BTreeSet;

use oxigraph::model::{NamedNode, NamedNodeRef, Quad};
use spargebra::algebra::GraphTarget;
use spargebra::term::{GraphName, GraphNamePattern, GroundQuadPattern, QuadPattern};
use spargebra::{GraphUpdateOperation, SparqlParser, Update};

use super::{Changes, QueryError, Store, StoreError};
use crate::entities::authority::Authorities;

/// Why an update is not carried out.
#[derive(Debug, thiserror::Error)]
pub enum UpdateRefusal {
    /// Derived graphs are written by the program alone.
    #[error(
        "the graph <{0}> is derived from the releases: correct identities with `pressgraph identity join` and `split`"
    )]
    Derived(String),
    /// What hangs on a graph can only follow when the graph is known.
    #[error(
        "an update must name the graphs that it changes: write GRAPH <IRI> {{ … }} or WITH <IRI>, no variable, ALL, NAMED or DEFAULT"
    )]
    Unnamed,
    /// Nothing is fetched from elsewhere.
    #[error("LOAD is not supported: send the triples to the Graph Store Protocol, or releases to `pressgraph ingest`")]
    Load,
}

impl Store {
    /// Whether a graph is written by the program alone.
    pub fn is_derived(&self, graph: NamedNodeRef<'_>) -> bool {
        graph.as_str().strip_prefix(self.base()).is_some_and(|path| path.starts_with("graph/"))
    }

    /// Runs a SPARQL update of named graphs, and derives the identities of what they name anew, all or nothing.
    /// Returns the graphs that it names and the releases whose entities stand for others than before.
    ///
    /// # Errors
    /// When the update is not valid or fails, changes graphs that are derived or not named, or the store is read-only.
    pub fn update_joined(&self, text: &str, authorities: &Authorities) -> Result<BTreeSet<String>, QueryError> {
        if !self.is_writable() {
            return Err(StoreError::ReadOnly { path: self.path.clone() }.into());
        }
        let mut parser = SparqlParser::new();
        for (prefix, iri) in crate::graph::PREFIXES {
            // Invariant: the prefixes are constants, and their IRIs valid.
            if let Ok(with) = parser.clone().with_prefix(prefix, iri) {
                parser = with;
            }
        }
        let update = parser.parse_update(text)?;
        let graphs = targets(&update)?;
        if let Some(derived) = graphs.iter().find(|graph| self.is_derived(graph.as_ref())) {
            return Err(UpdateRefusal::Derived(derived.as_str().to_owned()).into());
        }
        let failed = |error: &dyn std::fmt::Display| StoreError::database(&self.path, error);
        let mut prepared = oxigraph::sparql::SparqlEvaluator::new().for_update(update);
        for dataset in prepared.using_datasets_mut() {
            if dataset.is_default_dataset() {
                dataset.set_default_graph_as_union();
            }
        }
        let mut joining = self.joining()?;
        self.count_change()?;
        let mut transaction = self.inner.0.start_transaction().map_err(|error| failed(&error))?;
        prepared.on_transaction(&mut transaction).execute().map_err(|error| failed(&error))?;
        let mut changes = Changes { remove: graphs.iter().cloned().collect(), insert: Vec::new() };
        for graph in &graphs {
            let after = transaction.quads_for_pattern(None, None, None, Some(graph.as_ref().into()));
            changes.insert.extend(after.collect::<Result<Vec<Quad>, _>>().map_err(|error| failed(&error))?);
        }
        let insert = joining.rejoin(authorities, &changes, &[])?;
        for quad in &joining.delete() {
            transaction.remove(quad);
        }
        transaction.extend(&insert);
        transaction.commit().map_err(|error| failed(&error))?;
        let mut touched = joining.keep()?;
        touched.extend(graphs.into_iter().map(NamedNode::into_string));
        Ok(touched)
    }
}

/// The graphs that an update changes.
fn targets(update: &Update) -> Result<BTreeSet<NamedNode>, UpdateRefusal> {
    let mut graphs = BTreeSet::new();
    let mut name = |graph: &GraphName| match graph {
        GraphName::NamedNode(graph) => {
            graphs.insert(graph.clone());
            Ok(())
        }
        _ => Err(UpdateRefusal::Unnamed),
    };
    for operation in &update.operations {
        match operation {
            GraphUpdateOperation::InsertData { data } => {
                data.iter().try_for_each(|quad| name(&quad.graph_name))?;
            }
            GraphUpdateOperation::DeleteData { data } => {
                data.iter().try_for_each(|quad| name(&quad.graph_name))?;
            }
            GraphUpdateOperation::DeleteInsert { delete, insert, .. } => {
                let deleted = delete.iter().map(|GroundQuadPattern { graph_name, .. }| graph_name);
                for graph in deleted.chain(insert.iter().map(|QuadPattern { graph_name, .. }| graph_name)) {
                    match graph {
                        GraphNamePattern::NamedNode(graph) => name(&graph.clone().into())?,
                        _ => return Err(UpdateRefusal::Unnamed),
                    }
                }
            }
            GraphUpdateOperation::Load { .. } => return Err(UpdateRefusal::Load),
            GraphUpdateOperation::Clear { graph, .. } | GraphUpdateOperation::Drop { graph, .. } => match graph {
                GraphTarget::NamedNode(graph) => name(&graph.clone().into())?,
                _ => return Err(UpdateRefusal::Unnamed),
            },
            GraphUpdateOperation::Create { graph, .. } => name(&graph.clone().into())?,
        }
    }
    Ok(graphs)
}
