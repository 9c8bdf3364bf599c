//! The joiner's statements as quads, and the index that reads them.

use oxigraph::model::{Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};

use super::Graphs;
use crate::entities::EntityType;
use crate::graph::class;
use crate::graph::vocabulary::{pg, schema, skos, xsd};
use crate::identity::{Property, Statement};
use crate::store::{Snapshot, StoreError};

/// What the store says of entities, signatures and identities.
pub(super) struct StoreIndex<'s, 'a> {
    snapshot: &'s Snapshot<'a>,
    graphs: &'s Graphs,
    base: String,
}

impl<'s, 'a> StoreIndex<'s, 'a> {
    pub(super) fn new(snapshot: &'s Snapshot<'a>, graphs: &'s Graphs) -> Self {
        Self { snapshot, graphs, base: snapshot.store().base().to_owned() }
    }

    fn graph(&self, property: Property) -> NamedNodeRef<'s> {
        if is_decision(property) { self.graphs.decisions.as_ref() } else { self.graphs.identity.as_ref() }
    }
}

/// Whether the property belongs to what was decided, not to the result.
fn is_decision(property: Property) -> bool {
    matches!(
        property,
        Property::Signature
            | Property::Text
            | Property::Words
            | Property::Keys
            | Property::BelongsTo
            | Property::Score
            | Property::Reason
    )
}

/// The predicate of a property; none for what follows from the text of a signature.
fn predicate(property: Property) -> Option<NamedNodeRef<'static>> {
    Some(match property {
        Property::Identity => pg::IDENTITY,
        Property::Signature => pg::SIGNATURE,
        Property::Text => pg::SIGNATURE_TEXT,
        Property::Words | Property::Keys => return None,
        Property::BelongsTo => pg::JOINED_TO,
        Property::Score => pg::CONFIDENCE,
        Property::Reason => pg::REASON,
        Property::Kind => oxigraph::model::vocab::rdf::TYPE,
        Property::Name => skos::PREF_LABEL,
        Property::OtherName => skos::ALT_LABEL,
        Property::SameAs => schema::SAME_AS,
        Property::Identifier => schema::IDENTIFIER,
        Property::Latitude => schema::LATITUDE,
        Property::Longitude => schema::LONGITUDE,
        Property::Within => schema::CONTAINED_IN_PLACE,
    })
}

/// The node of a subject: signatures are hashes, all else IRIs.
fn node(base: &str, subject: &str, property: Property) -> NamedNode {
    // Invariant: the base was checked when the store was made; hashes are hexadecimal; IRIs come from the graph or are encoded.
    match property {
        Property::Text | Property::BelongsTo | Property::Score | Property::Reason => {
            NamedNode::new_unchecked(format!("{base}signature/{subject}"))
        }
        _ => NamedNode::new_unchecked(subject),
    }
}

fn term(base: &str, property: Property, value: &str) -> Option<Term> {
    Some(match property {
        Property::Identity | Property::BelongsTo | Property::SameAs | Property::Within => {
            NamedNode::new(value).ok()?.into()
        }
        Property::Signature => NamedNode::new_unchecked(format!("{base}signature/{value}")).into(),
        Property::Kind => class(EntityType::parse(value)?).into_owned().into(),
        Property::Score | Property::Latitude | Property::Longitude => {
            Literal::new_typed_literal(decimal(value), xsd::DECIMAL).into()
        }
        Property::Reason => Literal::new_language_tagged_literal_unchecked(value, "fr").into(),
        Property::Text | Property::Name | Property::OtherName | Property::Identifier => {
            Literal::new_simple_literal(value).into()
        }
        Property::Words | Property::Keys => return None,
    })
}

fn value(base: &str, property: Property, term: &Term) -> Option<String> {
    match (property, term) {
        (Property::Kind, Term::NamedNode(node)) => {
            let kind = EntityType::ALL.into_iter().find(|kind| class(*kind) == node.as_ref())?;
            Some(kind.as_str().to_owned())
        }
        (Property::Signature, Term::NamedNode(node)) => {
            Some(node.as_str().strip_prefix(base)?.strip_prefix("signature/")?.to_owned())
        }
        (_, Term::NamedNode(node)) => Some(node.as_str().to_owned()),
        (_, Term::Literal(literal)) => Some(literal.value().to_owned()),
        _ => None,
    }
}

/// A decimal number without zeros at its end, as the store gives it back.
pub(super) fn decimal(value: &str) -> &str {
    if value.contains('.') { value.trim_end_matches('0').trim_end_matches('.') } else { value }
}

/// The statement of a quad of the graphs of identities and decisions; `None` for what the joiner does not read.
pub(super) fn statement(base: &str, quad: &Quad) -> Option<Statement> {
    let NamedOrBlankNode::NamedNode(subject) = &quad.subject else { return None };
    let property = Property::ALL.into_iter().find(|property| predicate(*property) == Some(quad.predicate.as_ref()))?;
    let hash = subject.as_str().strip_prefix(base).and_then(|path| path.strip_prefix("signature/"));
    Some((hash.unwrap_or(subject.as_str()).to_owned(), property, value(base, property, &quad.object)?))
}

/// The quad of a statement; `None` for a value that is no term (an IRI of a table that is none), and for what follows from
/// others.
pub(super) fn quad(graphs: &Graphs, base: &str, (subject, property, value): (&str, Property, &str)) -> Option<Quad> {
    let graph = if is_decision(property) { &graphs.decisions } else { &graphs.identity };
    let (predicate, object) = (predicate(property)?, term(base, property, value)?);
    Some(Quad::new(node(base, subject, property), predicate, object, graph.clone()))
}

/// The quads of statements.
pub(super) fn quads(graphs: &Graphs, base: &str, statements: &[Statement]) -> Vec<Quad> {
    statements.iter().filter_map(|(subject, property, value)| quad(graphs, base, (subject, *property, value))).collect()
}

impl StoreIndex<'_, '_> {
    /// The values of a property, in any order.
    pub(super) fn values(&self, subject: &str, property: Property) -> Result<Vec<String>, StoreError> {
        let node = node(&self.base, subject, property);
        let Some(predicate) = predicate(property) else { return Ok(Vec::new()) };
        let quads = self.snapshot.quads(Some(node.as_ref()), Some(predicate), None, Some(self.graph(property)));
        let mut values = Vec::new();
        for quad in quads {
            values.extend(value(&self.base, property, &quad?.object));
        }
        Ok(values)
    }

    /// The subjects of a property's value, in any order.
    pub(super) fn subjects(&self, property: Property, of: &str) -> Result<Vec<String>, StoreError> {
        let Some((predicate, object)) = predicate(property).zip(term(&self.base, property, of)) else {
            return Ok(Vec::new());
        };
        let quads = self.snapshot.quads(None, Some(predicate), Some(object.as_ref()), Some(self.graph(property)));
        let prefix = format!("{}signature/", self.base);
        let mut subjects = Vec::new();
        for quad in quads {
            if let NamedOrBlankNode::NamedNode(node) = quad?.subject {
                let iri = node.as_str();
                let hash = if property == Property::Signature { None } else { iri.strip_prefix(&prefix) };
                subjects.push(hash.unwrap_or(iri).to_owned());
            }
        }
        Ok(subjects)
    }
}
