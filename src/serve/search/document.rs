//! Releases and entities as documents of the index.

use std::collections::BTreeSet;

use oxrdf::{NamedNode, NamedOrBlankNode, Term as RdfTerm};
use tantivy::collector::Count;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, TantivyDocument, Term};

use super::sync::day;
use super::{Index, SearchError};
use crate::serve::data::{Data, node, ns, text_of};

/// What the document of a release was made from: hash of the text, extractor, identities of its entities.
/// A sum, so that its parts may come in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Version(u64);

impl Version {
    /// Adds a part: its words, hashed (FNV-1a).
    pub(super) fn add(&mut self, words: &[&str]) {
        let bytes = words.iter().flat_map(|word| word.bytes().chain([0]));
        let hash = bytes
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        self.0 = self.0.wrapping_add(hash);
    }

    pub(super) fn as_text(self) -> String {
        format!("{:016x}", self.0)
    }
}

/// A property of a release, in its own graph.
fn own(data: Data<'_>, release: &NamedNode, namespace: &str, name: &str) -> Result<Option<String>, SearchError> {
    let predicate = node(namespace, name);
    let mut quads = data.quads(Some(release.as_ref()), Some(predicate.as_ref()), None, Some(release.as_ref()));
    Ok(quads.next().transpose()?.map(|quad| text_of(&quad.object)))
}

impl Index {
    /// How many releases the index holds.
    ///
    /// # Errors
    /// When the index fails.
    pub fn releases(&self) -> Result<usize, SearchError> {
        let query = TermQuery::new(Term::from_field_text(self.fields.kind, "release"), IndexRecordOption::Basic);
        Ok(self.reader.searcher().search(&query, &Count)?)
    }

    /// How many releases name an entity.
    pub(super) fn count_naming(&self, searcher: &Searcher, entity: &str) -> Result<usize, SearchError> {
        let query = TermQuery::new(Term::from_field_text(self.fields.entity, entity), IndexRecordOption::Basic);
        Ok(searcher.search(&query, &Count)?)
    }

    /// The document of a release; `None` when the store has it no more.
    pub(super) fn release(&self, data: Data<'_>, iri: &str) -> Result<Option<TantivyDocument>, SearchError> {
        let release = NamedNode::new_unchecked(iri);
        let Some(hash) = own(data, &release, ns::PG, "contentHash")? else { return Ok(None) };
        let mut version = Version::default();
        version.add(&["contentHash", &hash]);
        if let Some(generator) = own(data, &release, ns::PROV, "wasGeneratedBy")? {
            version.add(&["wasGeneratedBy", &generator]);
        }
        let mut document = TantivyDocument::default();
        document.add_text(self.fields.iri, iri);
        document.add_text(self.fields.kind, "release");
        self.add_text(data, &release, &mut document)?;
        self.add_entities(data, &release, &mut document, &mut version)?;
        document.add_text(self.fields.version, version.as_text());
        Ok(Some(document))
    }

    /// Title, text and date.
    fn add_text(&self, data: Data<'_>, release: &NamedNode, document: &mut TantivyDocument) -> Result<(), SearchError> {
        let fields = &self.fields;
        let title = match own(data, release, ns::DCT, "title")? {
            Some(title) => title,
            None => data.label(release.as_ref())?,
        };
        document.add_text(fields.label, &title);
        document.add_text(fields.names, &title);
        document.add_text(fields.name_stems, &title);
        if let Some(text) = own(data, release, ns::NIF, "isString")? {
            document.add_text(fields.words, &text);
            document.add_text(fields.stems, &text);
        }
        if let Some(date) = own(data, release, ns::DCT, "issued")? {
            document.add_u64(fields.day, day(&date));
            document.add_text(fields.year, date.get(..4).unwrap_or(&date));
            document.add_text(fields.date, &date);
        }
        Ok(())
    }

    /// The joined entities that the release names, its issuer among them, and what stands for them.
    fn add_entities(
        &self,
        data: Data<'_>,
        release: &NamedNode,
        document: &mut TantivyDocument,
        version: &mut Version,
    ) -> Result<(), SearchError> {
        let fields = &self.fields;
        let (identity, graph) = (node(ns::PG, "identity"), data.identity_graph());
        let issuer = own(data, release, ns::DCT, "publisher")?;
        let mut named = BTreeSet::new();
        for quad in data.quads(None, Some(node(ns::SKOS, "prefLabel").as_ref()), None, Some(release.as_ref())) {
            let NamedOrBlankNode::NamedNode(member) = quad?.subject else { continue };
            let mut joined = data.quads(Some(member.as_ref()), Some(identity.as_ref()), None, Some(graph.as_ref()));
            let joined = match joined.next().transpose()?.map(|quad| quad.object) {
                Some(RdfTerm::NamedNode(joined)) => {
                    version.add(&["identity", member.as_str(), joined.as_str()]);
                    joined
                }
                _ => member.clone(),
            };
            if issuer.as_deref() == Some(member.as_str()) {
                let label = data.label(joined.as_ref())?;
                document.add_text(fields.issuer, &label);
                document.add_text(fields.issuer_words, &label);
            }
            if let Some((_, fragment)) = member.as_str().rsplit_once('#') {
                document.add_text(fields.member, format!("{fragment} {}", joined.as_str()));
            }
            named.insert(joined.into_string());
        }
        for entity in named {
            document.add_text(fields.entity, entity);
        }
        Ok(())
    }

    /// The document of an entity that so many releases name; `None` when none does any more.
    pub(super) fn entity(
        &self,
        data: Data<'_>,
        iri: &str,
        releases: u64,
    ) -> Result<Option<TantivyDocument>, SearchError> {
        let fields = &self.fields;
        let entity = NamedNode::new_unchecked(iri);
        let kind = data.kind(iri);
        if releases == 0 || kind.is_empty() {
            return Ok(None);
        }
        let (preferred, other) = (node(ns::SKOS, "prefLabel"), node(ns::SKOS, "altLabel"));
        let (mut label, mut names) = (None, BTreeSet::new());
        for quad in data.quads(Some(entity.as_ref()), None, None, None) {
            let quad = quad?;
            if quad.predicate == preferred {
                label = Some(text_of(&quad.object));
            } else if quad.predicate == other {
                names.insert(text_of(&quad.object));
            }
        }
        let label = match label {
            Some(label) => label,
            None => data.label(entity.as_ref())?,
        };
        names.insert(label.clone());
        let mut document = TantivyDocument::default();
        document.add_text(fields.iri, iri);
        document.add_text(fields.kind, kind);
        document.add_text(fields.label, label);
        for name in names {
            document.add_text(fields.names, &name);
            document.add_text(fields.name_stems, &name);
        }
        document.add_u64(fields.releases, releases);
        Ok(Some(document))
    }
}
