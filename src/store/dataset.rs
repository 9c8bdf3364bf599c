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
/// Only a pattern without any given term is read graph by graph; there, what was seen is remembered.
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
        let whole = subject.is_none() && predicate.is_none() && object.is_none();
        let mut filter = match (union, whole) {
            (false, _) => Filter::None,
            (true, false) => Filter::Previous(None),
            (true, true) => Filter::Seen(HashSet::new()),
        };
        let snapshot = self.snapshot;
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
            match filter.is_new(snapshot, scope.as_deref(), (&subject, &predicate, &object), &graph) {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => return Some(Err(error)),
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

/// So many triples are remembered (about 150 MB); beyond, the index is asked for each.
const REMEMBERED: usize = 4_000_000;

/// Tells the first copy of a triple from the others.
enum Filter {
    /// All copies count.
    None,
    /// The copies follow each other.
    Previous(Option<(Word, Word, Word)>),
    /// They do not: digests of those that were seen.
    Seen(HashSet<u128>),
}

impl Filter {
    fn is_new(
        &mut self,
        snapshot: &Snapshot<'_>,
        scope: Option<&HashSet<Term>>,
        (subject, predicate, object): (&Word, &Word, &Word),
        graph: &Term,
    ) -> Result<bool, StorageError> {
        match self {
            Self::None => Ok(true),
            Self::Previous(previous) => {
                if let Some((s, p, o)) = previous
                    && o == object
                    && s == subject
                    && p == predicate
                {
                    return Ok(false);
                }
                *previous = Some((Rc::clone(subject), Rc::clone(predicate), Rc::clone(object)));
                Ok(true)
            }
            Self::Seen(seen) if seen.len() < REMEMBERED => Ok(seen.insert(digest(subject, predicate, object))),
            Self::Seen(seen) => {
                if seen.contains(&digest(subject, predicate, object)) {
                    return Ok(false);
                }
                // Not remembered: new in the first of its graphs, in the order of the index.
                let Some((s, p, o, _)) = pattern(Some(subject), Some(predicate), Some(object), None) else {
                    return Ok(false);
                };
                for quad in snapshot.quads_for_pattern(s, p, o, None) {
                    let Some(first) = graph_term(&quad?) else { continue };
                    if scope.is_none_or(|scope| scope.contains(&first)) {
                        return Ok(first == *graph);
                    }
                }
                Ok(false)
            }
        }
    }
}

/// A digest of a triple; 128 bits, so that no two triples share one.
fn digest(subject: &Word, predicate: &Word, object: &Word) -> u128 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let half = |seed: u8| {
        let mut hasher = DefaultHasher::new();
        (seed, subject, predicate, object).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
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
