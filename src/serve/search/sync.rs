use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use oxrdf::NamedOrBlankNode;
use rayon::prelude::*;
use tantivy::directory::MmapDirectory;
use tantivy::schema::Value as _;
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term};

use super::SearchError;
use super::document::Version;
use super::schema::{Fields, register};
use super::writer::{Writer, processors};
use crate::serve::data::{Data, node, ns, text_of};

/// Documents between two commits of a long run, so that what is there already is found.
const BATCH: usize = 10_000;
/// Documents made at a time, on all processors.
const CHUNK: usize = 256;

/// The search index of a store.
pub struct Index {
    pub(super) fields: Fields,
    pub(super) reader: IndexReader,
    index: tantivy::Index,
    writer: Mutex<Writer>,
    state: Mutex<State>,
    done: AtomicUsize,
    total: AtomicUsize,
}

/// What the index still has to do.
#[derive(Debug, Default)]
struct State {
    /// Whether the index is being compared with the store, or built.
    repairing: bool,
    /// Releases that have changed meanwhile.
    missed: BTreeSet<String>,
    /// The number of changes of the store with these.
    revision: u64,
}

/// How far the index is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// In step with the store.
    Ready,
    /// Being brought in step: documents done, of how many known so far.
    Behind {
        /// Documents written.
        done: usize,
        /// Documents to write.
        total: usize,
    },
}

/// What differs between index and store.
#[derive(Debug, Default)]
struct Difference {
    /// Releases to write anew, or to remove where the store has them no more.
    releases: Vec<String>,
    /// Entities to write anew besides those of the releases.
    entities: BTreeSet<String>,
    /// Whether the index is empty, so that there is nothing to delete.
    fresh: bool,
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
        let writer = Mutex::new(Writer::new(index.clone())?);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let state = Mutex::new(State { repairing: true, ..State::default() });
        let (done, total) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Ok(Self { fields, reader, index, writer, state, done, total })
    }

    /// How far the index is; until it is ready, a search finds what is there already.
    pub fn progress(&self) -> Progress {
        let done = self.done.load(Ordering::Relaxed);
        let total = self.total.load(Ordering::Relaxed);
        if self.state().repairing { Progress::Behind { done, total } } else { Progress::Ready }
    }

    /// Brings the index in step with the store, which has had `revision` changes. Where the index
    /// remembers the same number there is nothing to do; else all releases are compared. Changes that
    /// are made meanwhile are [`Index::missed`] afterwards.
    ///
    /// # Errors
    /// When the store or the index fails.
    pub fn repair(&self, data: Data<'_>, revision: u64) -> Result<(), SearchError> {
        self.state().repairing = true;
        self.done.store(0, Ordering::Relaxed);
        self.total.store(0, Ordering::Relaxed);
        let mark = self.index.load_metas()?.payload;
        if mark.as_deref() == Some(revision.to_string().as_str()) {
            return Ok(());
        }
        let difference = self.compare(data, mark.is_none())?;
        self.write(data, &difference, revision)
    }

    /// The releases that changed while the index was repaired, and the number of changes with them.
    /// Without any the index is ready.
    pub fn missed(&self) -> Option<(Vec<String>, u64)> {
        let mut state = self.state();
        if state.missed.is_empty() {
            state.repairing = false;
            return None;
        }
        Some((std::mem::take(&mut state.missed).into_iter().collect(), state.revision))
    }

    /// Follows a commit, at the cost of what it changed: the store has had `revision` changes, and
    /// `releases` are what differs since the one before. While the index is repaired, they wait.
    ///
    /// # Errors
    /// When the store or the index fails; what was to be written is then written with the next commit.
    pub fn follow(&self, data: Data<'_>, releases: Vec<String>, revision: u64) -> Result<(), SearchError> {
        let releases = {
            let mut state = self.state();
            state.missed.extend(releases);
            state.revision = revision;
            if state.repairing {
                return Ok(());
            }
            std::mem::take(&mut state.missed)
        };
        let difference = Difference { releases: releases.into_iter().collect(), ..Difference::default() };
        let result = self.write(data, &difference, revision);
        if result.is_err() {
            self.state().missed.extend(difference.releases);
        }
        result
    }

    /// Writes releases that [`Index::missed`].
    ///
    /// # Errors
    /// When the store or the index fails.
    pub fn catch_up(&self, data: Data<'_>, releases: Vec<String>, revision: u64) -> Result<(), SearchError> {
        self.write(data, &Difference { releases, ..Difference::default() }, revision)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Which releases differ. When the last run of the index was cut off, entities may be missing, and all are written.
    fn compare(&self, data: Data<'_>, cut_off: bool) -> Result<Difference, SearchError> {
        let mut indexed = BTreeMap::new();
        let mut entities = BTreeSet::new();
        for segment in self.reader.searcher().segment_readers() {
            let store = segment.get_store_reader(10)?;
            for document in store.iter::<TantivyDocument>(segment.alive_bitset()) {
                let document = document?;
                let text = |field| document.get_first(field).and_then(|value| value.as_str());
                let Some(iri) = text(self.fields.iri) else { continue };
                match text(self.fields.version) {
                    Some(version) => _ = indexed.insert(iri.to_owned(), version.to_owned()),
                    None if cut_off => _ = entities.insert(iri.to_owned()),
                    None => {}
                }
                if cut_off {
                    entities.extend(named(&self.fields, &document));
                }
            }
        }
        let mut stored = versions(data)?;
        let mut releases = Vec::new();
        for (iri, version) in &indexed {
            // What is left in `stored` is new.
            if stored.remove(iri).is_none_or(|now| now.as_text() != *version) {
                releases.push(iri.clone());
            }
        }
        releases.extend(stored.into_keys());
        releases.sort();
        Ok(Difference { releases, fresh: indexed.is_empty() && entities.is_empty(), entities })
    }

    fn write(&self, data: Data<'_>, difference: &Difference, revision: u64) -> Result<(), SearchError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        self.done.store(0, Ordering::Relaxed);
        self.total.store(difference.releases.len(), Ordering::Relaxed);
        let is_large = difference.releases.len() > BATCH;
        let writer = writer.with_threads(if is_large { processors() } else { 1 })?;
        let result = self.write_with(writer, data, difference).and_then(|()| {
            let mut commit = writer.prepare_commit()?;
            commit.set_payload(&revision.to_string());
            commit.commit()?;
            Ok(())
        });
        if result.is_err() {
            writer.rollback()?;
        }
        self.reader.reload()?;
        result
    }

    fn write_with(&self, writer: &mut IndexWriter, data: Data<'_>, difference: &Difference) -> Result<(), SearchError> {
        // The index before the change, whatever is committed meanwhile.
        let before = self.reader.searcher();
        // By how many releases each entity is named more than before.
        let mut gains: BTreeMap<String, i64> = difference.entities.iter().map(|iri| (iri.clone(), 0)).collect();
        let mut waiting = 0;
        for chunk in difference.releases.chunks(CHUNK) {
            let documents = chunk.par_iter().map(|iri| self.release(data, iri));
            let documents = documents.collect::<Result<Vec<_>, SearchError>>()?;
            for (iri, document) in chunk.iter().zip(documents) {
                if !difference.fresh {
                    for entity in self.find_document(&before, iri)?.iter().flat_map(|old| named(&self.fields, old)) {
                        *gains.entry(entity).or_default() -= 1;
                    }
                }
                if let Some(document) = &document {
                    for entity in named(&self.fields, document) {
                        *gains.entry(entity).or_default() += 1;
                    }
                }
                self.put(writer, iri, document, difference.fresh)?;
            }
            waiting += self.count(chunk.len());
            self.settle(writer, &mut waiting)?;
        }
        self.total.fetch_add(gains.len(), Ordering::Relaxed);
        let gains: Vec<(String, i64)> = gains.into_iter().collect();
        for chunk in gains.chunks(CHUNK) {
            let documents = chunk.par_iter().map(|(iri, gain)| {
                let former = if difference.fresh { 0 } else { self.count_naming(&before, iri)? };
                self.entity(data, iri, (former as i64 + gain).max(0).unsigned_abs())
            });
            let documents = documents.collect::<Result<Vec<_>, SearchError>>()?;
            for ((iri, _), document) in chunk.iter().zip(documents) {
                self.put(writer, iri, document, difference.fresh)?;
            }
            waiting += self.count(chunk.len());
            self.settle(writer, &mut waiting)?;
        }
        Ok(())
    }

    fn put(
        &self,
        writer: &IndexWriter,
        iri: &str,
        document: Option<TantivyDocument>,
        fresh: bool,
    ) -> Result<(), SearchError> {
        if !fresh {
            writer.delete_term(Term::from_field_text(self.fields.iri, iri));
        }
        if let Some(document) = document {
            writer.add_document(document)?;
        }
        Ok(())
    }

    fn count(&self, documents: usize) -> usize {
        self.done.fetch_add(documents, Ordering::Relaxed);
        documents
    }

    /// In a long run, commits what has been written, so that it is found. Such a commit has no mark.
    fn settle(&self, writer: &mut IndexWriter, waiting: &mut usize) -> Result<(), SearchError> {
        if *waiting >= BATCH {
            writer.commit()?;
            self.reader.reload()?;
            *waiting = 0;
        }
        Ok(())
    }

    /// The document with an IRI.
    fn find_document(&self, searcher: &Searcher, iri: &str) -> Result<Option<TantivyDocument>, SearchError> {
        let term = Term::from_field_text(self.fields.iri, iri);
        for segment in searcher.segment_readers() {
            let inverted = segment.inverted_index(self.fields.iri)?;
            let Some(mut postings) = inverted.read_postings(&term, tantivy::schema::IndexRecordOption::Basic)? else {
                continue;
            };
            use tantivy::{DocSet as _, TERMINATED};
            while postings.doc() != TERMINATED {
                if !segment.is_deleted(postings.doc()) {
                    return Ok(Some(segment.get_store_reader(1)?.get(postings.doc())?));
                }
                postings.advance();
            }
        }
        Ok(None)
    }
}

/// The entities that the document of a release names.
fn named(fields: &Fields, document: &TantivyDocument) -> Vec<String> {
    document.get_all(fields.entity).filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

/// What each release in the store was made from.
fn versions(data: Data<'_>) -> Result<BTreeMap<String, Version>, SearchError> {
    let mut versions: BTreeMap<String, Version> = BTreeMap::new();
    for quad in data.quads(None, Some(node(ns::PG, "contentHash").as_ref()), None, None) {
        let quad = quad?;
        if let NamedOrBlankNode::NamedNode(release) = quad.subject {
            versions.entry(release.into_string()).or_default().add(&["contentHash", &text_of(&quad.object)]);
        }
    }
    for quad in data.quads(None, Some(node(ns::PROV, "wasGeneratedBy").as_ref()), None, None) {
        let quad = quad?;
        if let NamedOrBlankNode::NamedNode(release) = quad.subject
            && let Some(version) = versions.get_mut(release.as_str())
        {
            version.add(&["wasGeneratedBy", &text_of(&quad.object)]);
        }
    }
    let (identity, graph) = (node(ns::PG, "identity"), data.identity_graph());
    for quad in data.quads(None, Some(identity.as_ref()), None, Some(graph.as_ref())) {
        let quad = quad?;
        if let NamedOrBlankNode::NamedNode(entity) = quad.subject
            && let Some((release, _)) = entity.as_str().rsplit_once('#')
            && let Some(version) = versions.get_mut(release)
        {
            version.add(&["identity", entity.as_str(), &text_of(&quad.object)]);
        }
    }
    Ok(versions)
}

/// An ISO date as the number YYYYMMDD; a missing month or day is the first.
pub(super) fn day(iso: &str) -> u64 {
    let mut parts = iso.splitn(3, '-').map(|part| part.get(..part.len().min(4)).and_then(|p| p.parse::<u64>().ok()));
    let mut next = |missing| parts.next().flatten().unwrap_or(missing);
    next(0) * 10_000 + next(1).min(12) * 100 + next(1).min(31)
}
