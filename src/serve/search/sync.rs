use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use oxrdf::{NamedNode, NamedOrBlankNode, Term as RdfTerm};
use tantivy::directory::MmapDirectory;
use tantivy::schema::Value as _;
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, Term};

use super::SearchError;
use super::schema::{Fields, register};
use crate::serve::data::{Data, node, ns, text_of};

/// Memory of the index writer.
const MEMORY: usize = 60_000_000;
/// Documents between two commits of a long run, so that memory stays bounded.
const BATCH: usize = 20_000;

/// The search index of a store.
pub struct Index {
    pub(super) fields: Fields,
    pub(super) reader: IndexReader,
    writing: Mutex<Writing>,
}

/// What only one thread changes at a time.
struct Writing {
    writer: IndexWriter,
    /// The version of each release in the index.
    versions: BTreeMap<String, String>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").finish_non_exhaustive()
    }
}

impl Index {
    /// Opens the index in `folder`, or makes it. Without a folder, or when it cannot be written or
    /// another process has it, the index is held in memory.
    ///
    /// # Errors
    /// When memory or the index library fails.
    pub fn open(folder: Option<&Path>) -> Result<Self, SearchError> {
        if let Some(folder) = folder {
            match Self::on_disk(folder) {
                Ok(index) => return Ok(index),
                Err(error) => tracing::warn!(folder = %folder.display(), %error, "search index in memory"),
            }
        }
        let fields = Fields::new();
        let index = tantivy::Index::create_in_ram(fields.schema.clone());
        Self::with(fields, index)
    }

    fn on_disk(folder: &Path) -> Result<Self, SearchError> {
        std::fs::create_dir_all(folder)?;
        let open = || -> Result<Self, SearchError> {
            let fields = Fields::new();
            let directory = MmapDirectory::open(folder).map_err(tantivy::TantivyError::from)?;
            let index = tantivy::Index::open_or_create(directory, fields.schema.clone())?;
            Self::with(fields, index)
        };
        match open() {
            // Damaged, or made with another schema: the index is derived, so it is made anew.
            Err(SearchError::Index(error)) if !matches!(error, tantivy::TantivyError::LockFailure(..)) => {
                std::fs::remove_dir_all(folder)?;
                std::fs::create_dir_all(folder)?;
                open()
            }
            result => result,
        }
    }

    fn with(fields: Fields, index: tantivy::Index) -> Result<Self, SearchError> {
        register(&index);
        let writer = index.writer_with_num_threads(1, MEMORY)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let mut versions = BTreeMap::new();
        for segment in reader.searcher().segment_readers() {
            let store = segment.get_store_reader(10)?;
            for document in store.iter::<TantivyDocument>(segment.alive_bitset()) {
                let document = document?;
                let text = |field| document.get_first(field).and_then(|value| value.as_str()).map(str::to_owned);
                if let (Some(iri), Some(version)) = (text(fields.iri), text(fields.version)) {
                    versions.insert(iri, version);
                }
            }
        }
        Ok(Self { fields, reader, writing: Mutex::new(Writing { writer, versions }) })
    }

    /// How many releases the index holds.
    pub fn releases(&self) -> usize {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner).versions.len()
    }

    /// Brings the index in step with the store; returns how many releases differed.
    ///
    /// # Errors
    /// When the store or the index fails; the index then is as it was at its last commit.
    pub fn sync(&self, data: Data<'_>) -> Result<usize, SearchError> {
        let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let Writing { writer, versions } = &mut *writing;
        let result = self.bring_in_step(data, writer, versions);
        if result.is_err() {
            writer.rollback()?;
        }
        self.reader.reload()?;
        result
    }

    fn bring_in_step(
        &self,
        data: Data<'_>,
        writer: &mut IndexWriter,
        versions: &mut BTreeMap<String, String>,
    ) -> Result<usize, SearchError> {
        let mut stored = BTreeMap::new();
        let hash = node(ns::PG, "contentHash");
        for quad in data.quads(None, Some(hash.as_ref()), None, None) {
            let quad = quad?;
            if let NamedOrBlankNode::NamedNode(release) = quad.subject {
                stored.insert(release.into_string(), text_of(&quad.object));
            }
        }
        let gone: Vec<String> = versions.keys().filter(|iri| !stored.contains_key(*iri)).cloned().collect();
        let changed: Vec<(&String, &String)> =
            stored.iter().filter(|(iri, version)| versions.get(*iri) != Some(version)).collect();
        // The entities of what has gone or changed, as they were, and as they are.
        let mut entities = BTreeSet::new();
        for iri in gone.iter().chain(changed.iter().map(|(iri, _)| *iri)) {
            if versions.contains_key(iri) {
                self.entities_of(iri, &mut entities)?;
            }
        }
        for iri in &gone {
            writer.delete_term(Term::from_field_text(self.fields.iri, iri));
            versions.remove(iri);
        }
        let mut waiting = 0;
        for (iri, version) in &changed {
            writer.delete_term(Term::from_field_text(self.fields.iri, iri));
            writer.add_document(self.release(data, iri, version, &mut entities)?)?;
            versions.insert((*iri).clone(), (*version).clone());
            waiting += 1;
            if waiting % BATCH == 0 {
                writer.commit()?;
            }
        }
        for entity in &entities {
            writer.delete_term(Term::from_field_text(self.fields.iri, entity));
            if let Some(document) = self.entity(data, entity)? {
                writer.add_document(document)?;
            }
            waiting += 1;
            if waiting % BATCH == 0 {
                writer.commit()?;
            }
        }
        if !gone.is_empty() || waiting > 0 {
            writer.commit()?;
        }
        Ok(gone.len() + changed.len())
    }

    /// The entities that a release in the index names.
    fn entities_of(&self, iri: &str, entities: &mut BTreeSet<String>) -> Result<(), SearchError> {
        if let Some(document) = self.document(iri)? {
            let named = document.get_all(self.fields.entity).filter_map(|value| value.as_str().map(str::to_owned));
            entities.extend(named);
        }
        Ok(())
    }

    fn release(
        &self,
        data: Data<'_>,
        iri: &str,
        version: &str,
        entities: &mut BTreeSet<String>,
    ) -> Result<TantivyDocument, SearchError> {
        let fields = &self.fields;
        let release = NamedNode::new_unchecked(iri);
        let mut document = TantivyDocument::default();
        document.add_text(fields.iri, iri);
        document.add_text(fields.kind, "release");
        document.add_text(fields.version, version);
        let title = data.label(release.as_ref())?;
        document.add_text(fields.label, &title);
        document.add_text(fields.names, &title);
        document.add_text(fields.name_stems, &title);
        if let Some(text) = data.text(release.as_ref(), &node(ns::NIF, "isString"))? {
            document.add_text(fields.words, &text);
            document.add_text(fields.stems, &text);
        }
        if let Some(date) = data.text(release.as_ref(), &node(ns::DCT, "issued"))? {
            document.add_u64(fields.day, day(&date));
            document.add_text(fields.year, date.get(..4).unwrap_or(&date));
            document.add_text(fields.date, &date);
        }
        if let Some(RdfTerm::NamedNode(issuer)) =
            data.objects(release.as_ref(), &node(ns::DCT, "publisher"), None)?.into_iter().next()
        {
            let joined = data.joined(issuer.as_ref())?;
            let label = data.label(joined.as_ref())?;
            document.add_text(fields.issuer, &label);
            document.add_text(fields.issuer_words, &label);
        }
        let identity = (node(ns::PG, "identity"), data.identity_graph());
        let labels = node(ns::SKOS, "prefLabel");
        let mut named = BTreeSet::new();
        for quad in data.quads(None, Some(labels.as_ref()), None, Some(release.as_ref())) {
            if let NamedOrBlankNode::NamedNode(member) = quad?.subject {
                let joined = data
                    .quads(Some(member.as_ref()), Some(identity.0.as_ref()), None, Some(identity.1.as_ref()))
                    .next()
                    .transpose()?;
                named.insert(joined.map_or_else(|| member.into_string(), |quad| text_of(&quad.object)));
            }
        }
        for entity in named {
            document.add_text(fields.entity, &entity);
            entities.insert(entity);
        }
        Ok(document)
    }

    /// The document of an entity; `None` when no release names it any more.
    fn entity(&self, data: Data<'_>, iri: &str) -> Result<Option<TantivyDocument>, SearchError> {
        let fields = &self.fields;
        let entity = NamedNode::new_unchecked(iri);
        let count = data.count_members(entity.as_ref());
        let kind = data.kind(iri);
        if count == 0 || kind.is_empty() {
            return Ok(None);
        }
        let mut names = BTreeSet::new();
        for predicate in ["prefLabel", "altLabel"] {
            names.extend(data.objects(entity.as_ref(), &node(ns::SKOS, predicate), None)?.iter().map(text_of));
        }
        let label = data.label(entity.as_ref())?;
        names.insert(label.clone());
        let mut document = TantivyDocument::default();
        document.add_text(fields.iri, iri);
        document.add_text(fields.kind, kind);
        document.add_text(fields.label, label);
        for name in names {
            document.add_text(fields.names, &name);
            document.add_text(fields.name_stems, &name);
        }
        document.add_u64(fields.releases, count as u64);
        Ok(Some(document))
    }
}

/// An ISO date as the number YYYYMMDD; a missing month or day is the first.
pub(super) fn day(iso: &str) -> u64 {
    let mut parts = iso.splitn(3, '-').map(|part| part.get(..part.len().min(4)).and_then(|p| p.parse::<u64>().ok()));
    let mut next = |missing| parts.next().flatten().unwrap_or(missing);
    next(0) * 10_000 + next(1).min(12) * 100 + next(1).min(31)
}
