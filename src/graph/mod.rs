//! Facts to RDF: the quads of one release, in a graph named by the release.
//!
//! No blank nodes, and nothing that changes from run to run: the same release and extraction give
//! the same quads in the same order. `data/ontology.ttl` declares the terms; `DESIGN` of the RDF:
//!
//! * the release: `a pg:PressRelease`, its title, date, text, what made the graph;
//! * an entity `RELEASE#person-1`: its class and names; a mention `RELEASE#char=START,END`;
//! * a fact `RELEASE#role-1`: its class, arguments, attributes, the sentence that states it, status;
//!   and for a current fact a direct triple.

mod facts;
mod iri;
mod literal;
mod role;
mod serialize;
pub mod vocabulary;
mod words;

use std::cmp::Ordering;

use oxrdf::{Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};

pub use iri::{DEFAULT_BASE, base_iri, coined, local, release_iri, short_name, slug, stretch};
pub use role::{is_head, masculine};
pub use serialize::{RdfFormat, SerializeError, Serializer};
pub use vocabulary::PREFIXES;

use crate::entities::{EntityId, EntityType};
use crate::pipeline::Extraction;
use crate::read::Release;
use crate::text::Span;
use vocabulary::{dct, foaf, itsrdf, nif, org, pg, prov, schema, skos, xsd};

/// How much is written about each mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum MentionStyle {
    /// One triple: which entity it names.
    #[default]
    Short,
    /// Full NIF: class, offsets, words, context.
    Nif,
}

/// What the graph of a release depends on beside release and extraction.
#[derive(Clone, Debug)]
pub struct Options {
    /// The base of coined IRIs, with `/` at its end.
    pub base: String,
    /// How mentions are written.
    pub mentions: MentionStyle,
    /// What made the graph: version of the program and its data, such as `0.1.0-2f3a`.
    pub generator: String,
}

impl Default for Options {
    fn default() -> Self {
        Self { base: DEFAULT_BASE.to_owned(), mentions: MentionStyle::Short, generator: generator() }
    }
}

impl Options {
    /// The IRI of what made the graph; another style of mentions is another maker.
    pub fn generator_iri(&self) -> NamedNode {
        let suffix = if self.mentions == MentionStyle::Nif { "-nif" } else { "" };
        coined(&self.base, "extractor", &format!("{}{suffix}", self.generator))
    }
}

/// Version of the program and fingerprint of its code and data: another one may extract something
/// else from the same text.
pub fn generator() -> String {
    format!("{}-{}", env!("CARGO_PKG_VERSION"), env!("PRESSGRAPH_FINGERPRINT"))
}

/// The hash of a text that tells whether it has changed: SHA-256 of its UTF-8, in hexadecimal.
pub fn content_hash(release: &Release) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    hash.update(release.text.as_bytes());
    let metadata = &release.metadata;
    let issued = metadata.issued.map(|date| date.to_string());
    for field in [&metadata.title, &issued, &metadata.issuer, &metadata.language] {
        // What the format says of a release is part of its content; absent and empty differ.
        hash.update([0, u8::from(field.is_some())]);
        hash.update(field.as_deref().unwrap_or_default());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// All that was extracted from `release`, as quads of the graph named `iri` (see [`release_iri`]);
/// sorted, each once.
pub fn release_quads(iri: &NamedNode, release: &Release, extraction: &Extraction, options: &Options) -> Vec<Quad> {
    let mut builder = Builder::new(iri, release, extraction, options);
    builder.release();
    builder.entities();
    builder.mentions();
    builder.facts();
    builder.finish()
}

/// The class of the entities of a type.
pub fn class(kind: EntityType) -> NamedNodeRef<'static> {
    match kind {
        EntityType::Person => foaf::PERSON,
        EntityType::Organization => org::ORGANIZATION,
        EntityType::Place => schema::PLACE,
        EntityType::Site => org::SITE,
        EntityType::Product => schema::PRODUCT,
        EntityType::Program => schema::PROJECT,
        EntityType::Event => schema::EVENT,
    }
}

/// The quads of one release in the making.
struct Builder<'a> {
    release: &'a Release,
    extraction: &'a Extraction,
    options: &'a Options,
    iri: NamedNode,
    entities: Vec<NamedNode>,
    quads: Vec<Quad>,
}

impl<'a> Builder<'a> {
    fn new(iri: &NamedNode, release: &'a Release, extraction: &'a Extraction, options: &'a Options) -> Self {
        let iri = iri.clone();
        let entities = extraction.resolution.entities.iter().map(|entity| local(&iri, &entity.id)).collect();
        Self { release, extraction, options, iri, entities, quads: Vec::with_capacity(256) }
    }

    fn add(&mut self, subject: &NamedNode, predicate: NamedNodeRef<'_>, object: impl Into<Term>) {
        self.quads.push(Quad::new(subject.clone(), predicate, object, self.iri.clone()));
    }

    fn add_class(&mut self, subject: &NamedNode, class: NamedNodeRef<'_>) {
        self.add(subject, oxrdf::vocab::rdf::TYPE, class.into_owned());
    }

    /// The IRI and type of an entity of the extraction.
    fn entity(&self, id: EntityId) -> Option<(NamedNode, EntityType)> {
        let entity = self.extraction.resolution.entities.get(id.0)?;
        Some((self.entities.get(id.0)?.clone(), entity.kind))
    }

    /// Who and what the release is: enough to extract it again.
    fn head(&mut self) {
        let (iri, metadata) = (self.iri.clone(), &self.release.metadata);
        for class in [schema::NEWS_ARTICLE, pg::PRESS_RELEASE, nif::CONTEXT] {
            self.add_class(&iri, class);
        }
        let document = &self.extraction.document;
        if let Some(title) = self.extraction.title().filter(|title| !title.trim().is_empty()) {
            self.add(&iri, dct::TITLE, literal::words(title));
        }
        if let Some(issued) = self.extraction.issued() {
            self.add(&iri, dct::ISSUED, literal::date(issued));
        }
        let language = metadata.language.as_deref().and_then(|tag| tag.split(['-', '_']).next());
        let language = language.filter(|tag| (2..=3).contains(&tag.len())).unwrap_or("fr").to_lowercase();
        self.add(&iri, dct::LANGUAGE, Literal::new_simple_literal(language));
        self.add(&iri, dct::SOURCE, Literal::new_simple_literal(self.release.source.id()));
        self.add(&iri, nif::IS_STRING, Literal::new_simple_literal(document.source()));
        self.add(&iri, pg::CONTENT_HASH, Literal::new_simple_literal(content_hash(self.release)));
        if let Some(name) = &metadata.issuer {
            self.add(&iri, pg::STATED_PUBLISHER, literal::words(name));
        }
        let generator = self.options.generator_iri();
        self.add(&iri, prov::WAS_GENERATED_BY, generator);
    }

    fn release(&mut self) {
        self.head();
        let iri = self.iri.clone();
        if let Some((publisher, _)) = self.extraction.resolution.issuer.and_then(|id| self.entity(id)) {
            self.add(&iri, dct::PUBLISHER, publisher);
        } else if let Some(name) = &self.release.metadata.issuer {
            // The format names a publisher that the text does not.
            let publisher = local(&iri, "publisher");
            self.add_class(&publisher, org::ORGANIZATION);
            self.add(&publisher, skos::PREF_LABEL, literal::words(name));
            self.add(&iri, dct::PUBLISHER, publisher);
        }
    }

    fn entities(&mut self) {
        let extraction = self.extraction;
        for (index, entity) in extraction.resolution.entities.iter().enumerate() {
            let Some((iri, kind)) = self.entity(EntityId(index)) else { continue };
            self.add_class(&iri, class(kind));
            let name = literal::words(&entity.name);
            for alias in &entity.aliases {
                let alias = literal::words(alias);
                if alias != name {
                    self.add(&iri, skos::ALT_LABEL, alias);
                }
            }
            self.add(&iri, skos::PREF_LABEL, name);
            for known in extraction.links().known_as(EntityId(index)) {
                match NamedNode::new(known.as_str()) {
                    Ok(same) if known.contains("://") => self.add(&iri, schema::SAME_AS, same),
                    _ => self.add(&iri, schema::IDENTIFIER, Literal::new_simple_literal(known)),
                }
            }
        }
    }

    fn mentions(&mut self) {
        let extraction = self.extraction;
        for (index, entity) in extraction.resolution.entities.iter().enumerate() {
            let Some((iri, _)) = self.entity(EntityId(index)) else { continue };
            for &span in &entity.mentions {
                let mention = self.stretch(span);
                if self.options.mentions == MentionStyle::Nif {
                    self.add_class(&mention, nif::PHRASE);
                    self.add_position(&mention, span);
                    let words = Literal::new_simple_literal(extraction.document.source_slice(span));
                    self.add(&mention, nif::ANCHOR_OF, words);
                }
                self.add(&mention, itsrdf::TA_IDENT_REF, iri.clone());
            }
        }
    }

    /// The sentence of the text at `span`, with its words.
    fn sentence(&mut self, span: Span) -> NamedNode {
        let sentence = self.stretch(span);
        self.add_class(&sentence, nif::SENTENCE);
        let words = Literal::new_simple_literal(self.extraction.document.source_slice(span));
        self.add(&sentence, nif::ANCHOR_OF, words);
        if self.options.mentions == MentionStyle::Nif {
            self.add_position(&sentence, span);
        }
        sentence
    }

    fn add_position(&mut self, node: &NamedNode, span: Span) {
        let (start, end) = self.extraction.document.code_points(span);
        let (number, context) = (xsd::NON_NEGATIVE_INTEGER, self.iri.clone());
        self.add(node, nif::BEGIN_INDEX, literal::typed(&start.to_string(), number));
        self.add(node, nif::END_INDEX, literal::typed(&end.to_string(), number));
        self.add(node, nif::REFERENCE_CONTEXT, context);
    }

    fn stretch(&self, span: Span) -> NamedNode {
        stretch(&self.iri, self.extraction.document.code_points(span))
    }

    fn finish(mut self) -> Vec<Quad> {
        self.quads.sort_by(in_order);
        self.quads.dedup();
        self.quads
    }
}

/// The order of two quads of one graph as lines of N-Quads, which are written only where nothing else tells it.
fn in_order(a: &Quad, b: &Quad) -> Ordering {
    let (NamedOrBlankNode::NamedNode(subject), NamedOrBlankNode::NamedNode(other)) = (&a.subject, &b.subject) else {
        return a.to_string().cmp(&b.to_string());
    };
    let objects = || match (&a.object, &b.object) {
        (Term::NamedNode(object), Term::NamedNode(other)) => by_iri(object, other),
        (object, other) => object.to_string().cmp(&other.to_string()),
    };
    by_iri(subject, other).then_with(|| by_iri(&a.predicate, &b.predicate)).then_with(objects)
}

/// The order of `<a>` and `<b>`.
fn by_iri(a: &NamedNode, b: &NamedNode) -> Ordering {
    let (a, b) = (a.as_str().as_bytes(), b.as_str().as_bytes());
    let common = a.len().min(b.len());
    let rest = || a.get(common).unwrap_or(&b'>').cmp(b.get(common).unwrap_or(&b'>'));
    // Invariant: `common` is at most either length.
    a[..common].cmp(&b[..common]).then_with(rest)
}
