//! All named graphs as one: what SPARQL queries see.

use std::collections::HashSet;
use std::rc::Rc;

use oxigraph::model::{GraphNameRef, NamedNodeRef, NamedOrBlankNodeRef, Quad, Term, TermRef};
use oxigraph::store::StorageError;
use spareval::{InternalQuad, QueryableDataset};

use super::Snapshot;

/// A snapshot of the store whose default graph is the union of its named graphs, each triple once.
///
/// Oxigraph's own union matches a triple once per graph that holds it: what a hundred releases state
/// would be a hundred rows, and a join of two such patterns ten thousand. Its indexes end with the
/// graph, so the copies of a triple follow each other, and comparing with the one before is enough.
pub(super) struct UnionDataset<'a> {
    snapshot: &'a Snapshot<'a>,
    /// The graphs of several `FROM` clauses: the union is only of these.
    scope: Option<Rc<HashSet<Term>>>,
}

impl<'a> UnionDataset<'a> {
    pub(super) fn new(snapshot: &'a Snapshot<'a>, scope: Option<HashSet<Term>>) -> Self {
        Self { snapshot, scope: scope.map(Rc::new) }
    }
}

type Word = Rc<Term>;

impl<'a> QueryableDataset<'a> for UnionDataset<'a> {
    type InternalTerm = Word;
    type Error = StorageError;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&Word>,
        predicate: Option<&Word>,
        object: Option<&Word>,
        graph_name: Option<Option<&Word>>,
    ) -> impl Iterator<Item = Result<InternalQuad<Word>, StorageError>> + use<'a> {
        let quads = pattern(subject, predicate, object, graph_name).map(|(subject, predicate, object, graph)| {
            self.snapshot.quads_for_pattern(subject, predicate, object, graph)
        });
        let known = Known { subject: subject.cloned(), predicate: predicate.cloned(), object: object.cloned() };
        let union = matches!(graph_name, Some(None));
        let scope = if union { self.scope.clone() } else { None };
        let mut previous: Option<(Word, Word, Word)> = None;
        quads.into_iter().flatten().filter_map(move |quad| {
            let quad = match quad {
                Ok(quad) => quad,
                Err(error) => return Some(Err(error)),
            };
            let graph = graph_term(&quad)?;
            if scope.as_ref().is_some_and(|scope| !scope.contains(&graph)) {
                return None;
            }
            let (subject, predicate, object) = known.complete(quad);
            if union {
                if let Some((s, p, o)) = &previous
                    && *o == object
                    && *s == subject
                    && *p == predicate
                {
                    return None;
                }
                previous = Some((subject.clone(), predicate.clone(), object.clone()));
            }
            Some(Ok(InternalQuad { subject, predicate, object, graph_name: (!union).then(|| Rc::new(graph)) }))
        })
    }

    fn internal_named_graphs(&self) -> impl Iterator<Item = Result<Word, StorageError>> + use<'a> {
        self.snapshot.named_graphs().map(|name| name.map(|name| Rc::new(name.into())))
    }

    fn contains_internal_graph_name(&self, graph_name: &Word) -> Result<bool, StorageError> {
        match TermRef::from(&**graph_name) {
            TermRef::NamedNode(name) => self.snapshot.contains_graph(name),
            _ => Ok(false),
        }
    }

    fn internalize_term(&self, term: Term) -> Result<Word, StorageError> {
        Ok(Rc::new(term))
    }

    fn externalize_term(&self, term: Word) -> Result<Term, StorageError> {
        Ok(Rc::unwrap_or_clone(term))
    }
}

/// The parts of a pattern that are given.
struct Known {
    subject: Option<Word>,
    predicate: Option<Word>,
    object: Option<Word>,
}

impl Known {
    /// Subject, predicate and object of a quad that matched; the given parts are shared, not copied.
    fn complete(&self, quad: Quad) -> (Word, Word, Word) {
        (
            self.subject.clone().unwrap_or_else(|| Rc::new(quad.subject.into())),
            self.predicate.clone().unwrap_or_else(|| Rc::new(quad.predicate.into())),
            self.object.clone().unwrap_or_else(|| Rc::new(quad.object)),
        )
    }
}

fn graph_term(quad: &Quad) -> Option<Term> {
    match quad.graph_name.as_ref() {
        GraphNameRef::NamedNode(name) => Some(name.into_owned().into()),
        GraphNameRef::BlankNode(name) => Some(name.into_owned().into()),
        GraphNameRef::DefaultGraph => None,
    }
}

type Pattern<'t> =
    (Option<NamedOrBlankNodeRef<'t>>, Option<NamedNodeRef<'t>>, Option<TermRef<'t>>, Option<GraphNameRef<'t>>);

/// The pattern in the terms of Oxigraph; `None` where nothing can match, such as a literal as subject.
fn pattern<'t>(
    subject: Option<&'t Word>,
    predicate: Option<&'t Word>,
    object: Option<&'t Word>,
    graph_name: Option<Option<&'t Word>>,
) -> Option<Pattern<'t>> {
    let subject = match subject.map(|word| TermRef::from(&**word)) {
        None => None,
        Some(TermRef::NamedNode(node)) => Some(node.into()),
        Some(TermRef::BlankNode(node)) => Some(node.into()),
        Some(_) => return None,
    };
    let predicate = match predicate.map(|word| TermRef::from(&**word)) {
        None => None,
        Some(TermRef::NamedNode(node)) => Some(node),
        Some(_) => return None,
    };
    let graph = match graph_name.flatten().map(|word| TermRef::from(&**word)) {
        None => None,
        Some(TermRef::NamedNode(node)) => Some(node.into()),
        Some(TermRef::BlankNode(node)) => Some(node.into()),
        Some(_) => return None,
    };
    Some((subject, predicate, object.map(|word| TermRef::from(&**word)), graph))
}
