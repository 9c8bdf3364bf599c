//! What the pages read from the store: quads by pattern, labels, joined entities.

use oxrdf::{Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term, TermRef};

use super::ServeError;
use super::view::Thing;
use crate::store::Snapshot;

/// Namespaces of the graph.
pub mod ns {
    /// Terms of pressgraph.
    pub const PG: &str = "https://w3id.org/pressgraph/ns#";
    /// W3C organisation ontology.
    pub const ORG: &str = "http://www.w3.org/ns/org#";
    /// schema.org.
    pub const SCHEMA: &str = "https://schema.org/";
    /// SKOS.
    pub const SKOS: &str = "http://www.w3.org/2004/02/skos/core#";
    /// Dublin Core terms.
    pub const DCT: &str = "http://purl.org/dc/terms/";
    /// Provenance.
    pub const PROV: &str = "http://www.w3.org/ns/prov#";
    /// NLP Interchange Format.
    pub const NIF: &str = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#";
    /// Internationalisation tag set.
    pub const ITSRDF: &str = "http://www.w3.org/2005/11/its/rdf#";
    /// RDF itself.
    pub const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    /// FOAF.
    pub const FOAF: &str = "http://xmlns.com/foaf/0.1/";
    /// XML Schema.
    pub const XSD: &str = "http://www.w3.org/2001/XMLSchema#";
    /// RDF Schema.
    pub const RDFS: &str = "http://www.w3.org/2000/01/rdf-schema#";
}

/// Prefixes of queries and of the SPARQL editor, in the order of DESIGN.
pub const PREFIXES: [(&str, &str); 12] = [
    ("pg", ns::PG),
    ("org", ns::ORG),
    ("schema", ns::SCHEMA),
    ("foaf", ns::FOAF),
    ("skos", ns::SKOS),
    ("dct", ns::DCT),
    ("prov", ns::PROV),
    ("nif", ns::NIF),
    ("itsrdf", ns::ITSRDF),
    ("xsd", ns::XSD),
    ("rdf", ns::RDF),
    ("rdfs", ns::RDFS),
];

/// A node of a namespace: `node(ns::SKOS, "prefLabel")`.
pub fn node(namespace: &str, name: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("{namespace}{name}"))
}

/// The store as it was at one moment, as the pages see it.
#[derive(Clone, Copy)]
pub struct Data<'a> {
    snapshot: &'a Snapshot<'a>,
    state: u64,
}

impl<'a> Data<'a> {
    /// What `snapshot` holds.
    pub fn new(snapshot: &'a Snapshot<'a>) -> Self {
        Self::at(snapshot, 0)
    }

    /// What `snapshot` holds, and the number of this state of store and index.
    pub fn at(snapshot: &'a Snapshot<'a>, state: u64) -> Self {
        Self { snapshot, state }
    }

    /// The number of the state of store and index.
    pub fn state(&self) -> u64 {
        self.state
    }

    /// The base of the IRIs of the store's things, with `/` at its end.
    pub fn base(&self) -> &'a str {
        self.snapshot.store().base()
    }

    /// The quads that fit a pattern.
    pub fn quads<'b>(
        &self,
        subject: Option<NamedNodeRef<'b>>,
        predicate: Option<NamedNodeRef<'b>>,
        object: Option<TermRef<'b>>,
        graph: Option<NamedNodeRef<'b>>,
    ) -> impl Iterator<Item = Result<Quad, ServeError>> + use<'a, 'b> {
        self.snapshot.quads(subject, predicate, object, graph).map(|quad| quad.map_err(ServeError::internal))
    }

    /// The graph that says which entities are one.
    pub fn identity_graph(&self) -> NamedNode {
        NamedNode::new_unchecked(format!("{}graph/identity", self.base()))
    }

    /// The objects of a predicate.
    pub fn objects(
        &self,
        subject: NamedNodeRef<'_>,
        predicate: &NamedNode,
        graph: Option<NamedNodeRef<'_>>,
    ) -> Result<Vec<Term>, ServeError> {
        self.quads(Some(subject), Some(predicate.as_ref()), None, graph).map(|quad| quad.map(|q| q.object)).collect()
    }

    /// The first object of a predicate as text.
    pub fn text(&self, subject: NamedNodeRef<'_>, predicate: &NamedNode) -> Result<Option<String>, ServeError> {
        let first = self.quads(Some(subject), Some(predicate.as_ref()), None, None).next().transpose()?;
        Ok(first.map(|quad| text_of(&quad.object)))
    }

    /// The joined entity that an entity of a release stands for; itself where none is known.
    pub fn joined(&self, entity: NamedNodeRef<'_>) -> Result<NamedNode, ServeError> {
        let identity = node(ns::PG, "identity");
        let graph = self.identity_graph();
        let first = self.quads(Some(entity), Some(identity.as_ref()), None, Some(graph.as_ref())).next().transpose()?;
        Ok(match first.map(|quad| quad.object) {
            Some(Term::NamedNode(joined)) => joined,
            _ => entity.into_owned(),
        })
    }

    /// The entities of releases that stand for a joined entity, in the order of the index, after
    /// `skip` and at most `limit`; for an entity of a release, itself.
    pub fn members(&self, entity: NamedNodeRef<'_>, skip: usize, limit: usize) -> Result<Vec<NamedNode>, ServeError> {
        let identity = node(ns::PG, "identity");
        let graph = self.identity_graph();
        let quads = self.quads(None, Some(identity.as_ref()), Some(entity.into()), Some(graph.as_ref()));
        let mut members = Vec::new();
        for quad in quads.skip(skip).take(limit) {
            if let NamedOrBlankNode::NamedNode(member) = quad?.subject {
                members.push(member);
            }
        }
        if members.is_empty() && skip == 0 && entity.as_str().contains('#') {
            members.push(entity.into_owned());
        }
        Ok(members)
    }

    /// Releases, as they come, at most so many.
    pub fn releases(&self, limit: usize) -> Result<Vec<String>, ServeError> {
        let above = format!("{}release/", self.base());
        self.snapshot.some_graphs(&above, limit).map_err(ServeError::internal)
    }

    /// The entities of releases that are called by a name with these words in it.
    pub fn entities_named(&self, words: &str) -> Result<Vec<NamedNode>, ServeError> {
        self.snapshot.entities_named(words).map_err(ServeError::internal)
    }

    /// How many entities of releases stand for a joined entity.
    pub fn count_members(&self, entity: NamedNodeRef<'_>) -> usize {
        let identity = node(ns::PG, "identity");
        let graph = self.identity_graph();
        let count = self.quads(None, Some(identity.as_ref()), Some(entity.into()), Some(graph.as_ref())).count();
        if count == 0 && entity.as_str().contains('#') { 1 } else { count }
    }

    /// The name of something: its preferred label, its title, the label of an entity that stands for it, else
    /// the end of its IRI.
    pub fn label(&self, thing: NamedNodeRef<'_>) -> Result<String, ServeError> {
        for predicate in [node(ns::SKOS, "prefLabel"), node(ns::DCT, "title"), node(ns::RDFS, "label")] {
            if let Some(label) = self.text(thing, &predicate)? {
                return Ok(label);
            }
        }
        for member in self.members(thing, 0, 1)? {
            if let Some(label) = self.text(member.as_ref(), &node(ns::SKOS, "prefLabel"))? {
                return Ok(label);
            }
        }
        Ok(end_of(thing.as_str()).to_owned())
    }

    /// Something with its name, kind and page.
    pub fn thing(&self, iri: NamedNodeRef<'_>) -> Result<Thing, ServeError> {
        Ok(Thing {
            label: self.label(iri)?,
            kind: self.kind(iri.as_str()),
            href: self.href(iri.as_str()),
            iri: iri.as_str().to_owned(),
        })
    }

    /// What an IRI names, by its shape: `BASE/person/…` or `RELEASE#person-1`.
    pub fn kind(&self, iri: &str) -> &'static str {
        let kind = match iri.rsplit_once('#') {
            Some((_, fragment)) => fragment.rsplit_once('-').map(|(kind, _)| kind),
            None => iri.strip_prefix(self.base()).and_then(|path| path.split('/').next()),
        };
        KINDS.into_iter().find(|known| Some(*known) == kind).unwrap_or("")
    }

    /// Where the page of an IRI is on this server.
    pub fn href(&self, iri: &str) -> String {
        match iri.strip_prefix(self.base()) {
            Some(path) if !path.contains('#') => format!("/{path}"),
            _ => format!("/resource?iri={}", encode(iri)),
        }
    }

    /// Whether anything is said about an IRI, or a graph has it as its name.
    pub fn is_known(&self, iri: NamedNodeRef<'_>) -> Result<bool, ServeError> {
        if self.quads(Some(iri), None, None, None).next().transpose()?.is_some() {
            return Ok(true);
        }
        if self.quads(None, None, Some(iri.into()), None).next().transpose()?.is_some() {
            return Ok(true);
        }
        Ok(self.quads(None, None, None, Some(iri)).next().transpose()?.is_some())
    }
}

/// The kinds of things that have pages, as they stand in IRIs.
pub const KINDS: [&str; 8] = ["person", "organization", "place", "site", "product", "program", "event", "release"];

/// A term as text: the words of a literal, an IRI as it is.
pub fn text_of(term: &Term) -> String {
    match term {
        Term::Literal(literal) => Literal::value(literal).to_owned(),
        Term::NamedNode(iri) => iri.as_str().to_owned(),
        Term::BlankNode(blank) => format!("_:{}", blank.as_str()),
        #[allow(unreachable_patterns, reason = "a feature of oxrdf adds triple terms")]
        other => other.to_string(),
    }
}

/// The last part of an IRI.
pub fn end_of(iri: &str) -> &str {
    iri.trim_end_matches('/').rsplit(['/', '#']).next().filter(|end| !end.is_empty()).unwrap_or(iri)
}

/// Percent-encodes a value for a query string.
pub fn encode(value: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const KEPT: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/').remove(b':');
    utf8_percent_encode(value, KEPT).to_string()
}

/// The kind of a type of entity, as it stands in IRIs.
pub fn kind_of(kind: crate::tag::EntityType) -> &'static str {
    let name = kind.as_str();
    KINDS.into_iter().find(|known| known.eq_ignore_ascii_case(name)).unwrap_or("")
}
