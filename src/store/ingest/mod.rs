//! Releases into the store: read, extract, load, each stage ahead of the next by a bounded number
//! of releases.
//!
//! Reading and conversion to text run on the reader's thread and the workers, extraction on all
//! processors; batches are gathered on the caller's thread and committed on another, one at a time. A commit holds whole releases only, so that a run
//! that is killed leaves a store which the next run completes.

mod copies;
mod load;
mod report;
mod shingles;

use std::collections::HashSet;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};

use oxigraph::model::{NamedNode, Quad, Term};
use rayon::prelude::*;

use super::runs::Revision;
use super::{Snapshot, Store, StoreError};
use crate::graph::{self, vocabulary::pg, vocabulary::prov};
use crate::pipeline::Extractor;
use crate::read::{Entry, Refusal, Release};
use load::{Committer, Loader};
use shingles::Shingles;

pub use report::{Progress, Refused, Report};

/// How many entries are converted and extracted at a time.
const CHUNK: usize = 64;
/// How many bytes of input are converted and extracted at a time.
const CHUNK_BYTES: usize = 8 << 20;
/// How many quads are gathered at most before they are loaded, whatever the number of releases.
const PART_QUADS: usize = 250_000;

/// How to ingest.
#[derive(Clone, Debug)]
pub struct IngestOptions {
    /// Releases of a commit, at most: a run that dies loses at most so many.
    pub batch: usize,
    /// Releases gathered in memory before they are loaded; a commit has one or more such parts.
    pub part: usize,
    /// Accept releases in other languages than French.
    pub any_language: bool,
    /// End the run at the first refusal.
    pub fail_fast: bool,
    /// What the graphs depend on. Its base is that of the store.
    pub graph: graph::Options,
}

impl IngestOptions {
    /// The usual options for `store`.
    pub fn new(store: &Store) -> Self {
        let graph = graph::Options { base: store.base().to_owned(), ..graph::Options::default() };
        Self { batch: 32_000, part: 250, any_language: false, fail_fast: false, graph }
    }
}

/// Loads releases into a store: unchanged ones are skipped, changed ones replaced, copies recognised.
#[derive(Debug)]
pub struct Ingester<'a> {
    store: &'a Store,
    extractor: &'a Extractor,
    options: IngestOptions,
}

/// A release on its way to the store.
#[derive(Debug)]
struct Prepared {
    iri: NamedNode,
    /// Where it stands in the user's files.
    place: String,
    hash: String,
    /// The hash of the text that the store has under that IRI.
    former: Option<String>,
    quads: Vec<Quad>,
    shingles: Shingles,
}

/// What has become of one release of an entry.
#[derive(Debug)]
enum Item {
    Prepared(Box<Prepared>),
    Unchanged { iri: NamedNode },
    Refused(Refusal),
}

impl<'a> Ingester<'a> {
    /// An ingester into `store`.
    pub fn new(store: &'a Store, extractor: &'a Extractor, options: IngestOptions) -> Self {
        Self { store, extractor, options }
    }

    /// Ingests the releases of `entries`. `progress` hears of each commit and chunk.
    ///
    /// # Errors
    /// When the store fails; what was committed before stays. Refusals are no errors: they stand in the report.
    pub fn ingest(
        &self,
        entries: impl Iterator<Item = Result<Entry, Refusal>> + Send,
        progress: impl FnMut(Progress),
    ) -> Result<Report, StoreError> {
        self.run(entries, progress).map(|(report, _)| report)
    }

    /// Ingests as [`Ingester::ingest`], then withdraws the releases whose source begins with one of
    /// `scopes` and that `entries` no longer have. What is refused now has not gone: it stays.
    ///
    /// # Errors
    /// As [`Ingester::ingest`].
    pub fn synchronise(
        &self,
        entries: impl Iterator<Item = Result<Entry, Refusal>> + Send,
        scopes: &[String],
        progress: impl FnMut(Progress),
    ) -> Result<Report, StoreError> {
        let (mut report, seen) = self.run(entries, progress)?;
        if self.options.fail_fast && !report.refused.is_empty() {
            return Ok(report);
        }
        let mut gone = Vec::new();
        let snapshot = self.store.snapshot()?;
        for quad in snapshot.quads(None, Some(graph::vocabulary::dct::SOURCE), None, None) {
            let quad = quad?;
            let Term::Literal(source) = &quad.object else { continue };
            let source = source.value();
            if scopes.iter().any(|scope| source.starts_with(scope.as_str())) && !seen.has(source) {
                gone.extend(NamedNode::new(quad.subject.to_string().trim_matches(['<', '>'])));
            }
        }
        drop(snapshot);
        report.merge(self.withdraw(&gone)?);
        report.changed.sort();
        report.changed.dedup();
        Ok(report)
    }

    /// Ingests releases that are text already, such as those sent over HTTP.
    ///
    /// # Errors
    /// As [`Ingester::ingest`].
    pub fn ingest_releases(&self, releases: Vec<Release>) -> Result<Report, StoreError> {
        let mut loader = Loader::new(self.committer());
        let seen = Seen::default();
        let snapshot = self.store.snapshot()?;
        let items: Vec<Result<Item, StoreError>> =
            releases.into_par_iter().map(|release| self.prepare(&snapshot, &seen, Ok(release))).collect();
        drop(snapshot);
        for item in items {
            loader.take(item?)?;
        }
        loader.finish(|_| ())
    }

    /// Removes releases. A copy of a removed one takes its place.
    ///
    /// # Errors
    /// When the store fails.
    pub fn withdraw(&self, releases: &[NamedNode]) -> Result<Report, StoreError> {
        let mut loader = Loader::new(self.committer());
        for release in releases {
            loader.withdraw(release)?;
        }
        loader.finish(|_| ())
    }

    fn committer(&self) -> Committer<'_> {
        Committer { store: self.store, extractor: self.extractor, options: &self.options }
    }

    fn run(
        &self,
        entries: impl Iterator<Item = Result<Entry, Refusal>> + Send,
        mut progress: impl FnMut(Progress),
    ) -> Result<(Report, Seen), StoreError> {
        let (chunks, chunks_in) = sync_channel::<Vec<Result<Entry, Refusal>>>(1);
        let (items, items_in) = sync_channel::<Result<Vec<Item>, StoreError>>(1);
        let seen = Seen::default();
        let report = std::thread::scope(|scope| {
            // Not more at a time than a commit takes: commits of few releases come one by one.
            let size = CHUNK.min(self.options.batch).min(self.options.part).max(1);
            spawn(scope, "read", move || read(entries, size, &chunks))?;
            let seen = &seen;
            spawn(scope, "extract", move || self.extract(seen, &chunks_in, &items))?;
            // One batch is committed while the next is gathered; one waits between them.
            let (batches, batches_in) = sync_channel(1);
            let (done, done_in) = channel();
            let committer = self.committer();
            spawn(scope, "commit", move || committer.run(&batches_in, &done))?;
            let mut loader = Loader::with_thread(committer, batches, done_in);
            for chunk in items_in {
                for item in chunk? {
                    let end = self.options.fail_fast && matches!(item, Item::Refused(_));
                    loader.take(item)?;
                    if end {
                        // The channels close behind us, and the stages before end.
                        return loader.finish(&mut progress);
                    }
                }
                progress(loader.progress());
            }
            loader.finish(&mut progress)
        })?;
        Ok((report, seen))
    }

    /// The middle stage: chunks of entries to items, in the same order.
    fn extract(
        &self,
        seen: &Seen,
        chunks: &Receiver<Vec<Result<Entry, Refusal>>>,
        items: &SyncSender<Result<Vec<Item>, StoreError>>,
    ) {
        // The state before the run: each release comes once in a run.
        let snapshot = match self.store.snapshot() {
            Ok(snapshot) => snapshot,
            Err(error) => {
                let _ = items.send(Err(error));
                return;
            }
        };
        for chunk in chunks {
            let prepared: Result<Vec<Vec<Item>>, StoreError> = chunk
                .into_par_iter()
                .map(|entry| {
                    let releases = entry.map_or_else(|refusal| vec![Err(refusal)], |entry| entry.releases());
                    releases.into_iter().map(|release| self.prepare(&snapshot, seen, release)).collect()
                })
                .collect();
            let prepared = prepared.map(|entries| entries.into_iter().flatten().collect());
            if items.send(prepared).is_err() {
                return;
            }
        }
    }

    /// Extracts a release, unless the store has it from the same text and extractor.
    fn prepare(
        &self,
        snapshot: &Snapshot<'_>,
        seen: &Seen,
        release: Result<Release, Refusal>,
    ) -> Result<Item, StoreError> {
        let release = match release {
            Ok(release) => release,
            Err(refusal) => {
                seen.add_refused(&refusal.origin.source.id());
                return Ok(Item::Refused(refusal));
            }
        };
        let options = &self.options.graph;
        seen.add_source(&release.source.id());
        let iri = graph::release_iri(&options.base, &release);
        let hash = graph::content_hash(&release);
        let former = text_of(snapshot.object(iri.as_ref(), pg::CONTENT_HASH, iri.as_ref())?);
        if former.as_deref() == Some(&hash) {
            let generator = snapshot.object(iri.as_ref(), prov::WAS_GENERATED_BY, iri.as_ref())?;
            if generator == Some(options.generator_iri().into()) {
                return Ok(Item::Unchanged { iri });
            }
        }
        let checked = release.check_size();
        let checked = if self.options.any_language { checked } else { checked.and_then(|()| release.check_language()) };
        if let Err(refusal) = checked {
            return Ok(Item::Refused(refusal));
        }
        let extraction = self.extractor.extract_release(&release);
        let mut quads = graph::release_quads(&iri, &release, &extraction, options);
        let shingles = Shingles::new(&release.text);
        quads.extend(copies::band_quads(&iri, &shingles));
        Ok(Item::Prepared(Box::new(Prepared { iri, place: release.place.to_string(), hash, former, quads, shingles })))
    }
}

/// A thread of the run, by its name in `top` and profiles.
fn spawn<'scope>(
    scope: &'scope std::thread::Scope<'scope, '_>,
    name: &str,
    work: impl FnOnce() + Send + 'scope,
) -> Result<(), StoreError> {
    let spawned = std::thread::Builder::new().name(name.to_owned()).spawn_scoped(scope, work);
    spawned.map(|_| ()).map_err(|error| StoreError::io(std::path::Path::new("(thread)"), error))
}

/// The first stage: entries to chunks.
fn read(
    entries: impl Iterator<Item = Result<Entry, Refusal>>,
    size: usize,
    chunks: &SyncSender<Vec<Result<Entry, Refusal>>>,
) {
    let (mut chunk, mut bytes) = (Vec::new(), 0);
    for entry in entries {
        bytes += entry.as_ref().map_or(0, Entry::size);
        chunk.push(entry);
        if chunk.len() >= size || bytes >= CHUNK_BYTES {
            if chunks.send(std::mem::take(&mut chunk)).is_err() {
                return;
            }
            bytes = 0;
        }
    }
    // Nobody listens any more when the run was ended early.
    let _ = chunks.send(chunk);
}

/// The text of a literal.
fn text_of(term: Option<Term>) -> Option<String> {
    match term? {
        Term::Literal(literal) => Some(literal.destruct().0),
        _ => None,
    }
}

/// The sources that a run has seen, by their hashes: a few bytes each, however many there are.
#[derive(Debug, Default)]
struct Seen {
    sources: Mutex<HashSet<u128>>,
    refused: Mutex<HashSet<u128>>,
}

impl Seen {
    fn add_source(&self, source: &str) {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner).insert(digest(source));
    }

    fn add_refused(&self, source: &str) {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).insert(digest(source));
    }

    /// Whether the source was seen, or lies in a folder, archive or feed that could not be read: nobody knows whether it is gone.
    fn has(&self, source: &str) -> bool {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let above = source.match_indices('/').filter_map(|(at, _)| source.get(..at)).chain([source]);
        self.sources.lock().unwrap_or_else(PoisonError::into_inner).contains(&digest(source))
            || !refused.is_empty() && above.into_iter().any(|source| refused.contains(&digest(source)))
    }
}

/// The first half of SHA-256.
fn digest(text: &str) -> u128 {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().take(16).fold(0, |all, byte| all << 8 | u128::from(*byte))
}

impl Report {
    /// Whether there was nothing at all to do.
    pub fn is_empty(&self) -> bool {
        self.added + self.replaced + self.unchanged + self.withdrawn + self.refused.len() == 0
    }

    /// Adds what another part of the run did.
    pub fn merge(&mut self, other: Self) {
        self.added += other.added;
        self.replaced += other.replaced;
        self.unchanged += other.unchanged;
        self.copies += other.copies;
        self.withdrawn += other.withdrawn;
        self.refused.extend(other.refused);
        self.revisions.extend(other.revisions);
        self.changed.extend(other.changed);
    }

    fn refuse(&mut self, refusal: &Refusal) {
        self.refused.push(Refused {
            path: refusal.origin.place.to_string(),
            code: refusal.reason.code().to_owned(),
            reason: refusal.reason.to_string(),
        });
    }

    fn revise(&mut self, release: &Prepared) {
        if let Some(former) = release.former.as_ref().filter(|former| **former != release.hash) {
            let (release, to) = (release.iri.as_str().to_owned(), release.hash.clone());
            self.revisions.push(Revision { release, from: former.clone(), to });
        }
    }
}
