//! The embedded triple store: the only user of Oxigraph.
//!
//! A [`Store`] is a folder with a database, a lock file, a description (format and base IRI) and a
//! log of runs. Each release has a named graph of its own, written and removed whole.
//!
//! * [`Store`] opens the folder; [`Store::snapshot`] is what one reader sees, whatever is written meanwhile;
//! * [`Snapshot::query`] answers SPARQL over all graphs as one, each triple once;
//! * [`NamedQuery`] are the queries of `queries/`, with parameters bound as terms;
//! * [`Ingester`] loads releases: unchanged ones skipped, changed ones replaced, copies recognised.

mod counts;
mod dataset;
mod error;
mod identity;
mod ingest;
mod lock;
mod plan;
mod query;
mod results;
mod runs;
mod snapshot;
mod update;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use oxigraph::model::{NamedNode, Quad};
use serde::{Deserialize, Serialize};

pub use counts::{Count, Counts};
pub use error::{QueryError, StoreError};
pub use identity::{Curated, CurationError, Graphs, Identity, Member};
pub use ingest::{IngestOptions, Ingester, Progress, Refused, Report};
pub use oxigraph::sparql::CancellationToken;
pub use query::{NamedQuery, Narrows, Parameter, ParameterKind, Query};
pub use results::{ResultError, ResultFormat, Rows, rows, write_results};
pub use runs::{Revision, Run};
pub use snapshot::Snapshot;
pub use spareval::{QueryResults, QuerySolutionIter, QueryTripleIter};
pub use update::UpdateRefusal;

use identity::IndexFile;
use lock::Lock;

/// The format of stores that this program reads and writes: raised whenever it would write another graph of the same releases
/// in a way that what is there already does not fit.
///
/// 1: keys of blocks as quads. 2: keys of blocks only in the index of identities, names that sound alike told by their spelling.
/// 3: a crowd is smaller.
const FORMAT: u64 = 3;
/// Name of the description in the folder of a store.
const DESCRIPTION: &str = "store.json";
/// Name of the database's folder in the folder of a store.
const DATABASE: &str = "database";
/// Name of the file with the number of changes.
pub(crate) const REVISION: &str = "revision";
/// From so many bytes on, the database's log is written to its files at the end of a run.
const LOG: u64 = 16 << 20;
/// From this many quads on, new releases are loaded by Oxigraph's bulk loader, not in a transaction.
const BULK: usize = 20_000;
/// So many parts of a bulk load are written at a time, beside what makes them.
const LOADERS: usize = 2;

/// The description of a store.
#[derive(Debug, Serialize, Deserialize)]
struct Description {
    format: u64,
    base: String,
}

/// A store on disk, or in memory for tests and trials.
///
/// ```
/// use pressgraph::store::{Changes, Query, QueryResults, Store};
/// let store = Store::in_memory("https://pressgraph.example/")?;
/// let snapshot = store.snapshot()?;
/// let query = Query::parse("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")?;
/// assert!(matches!(snapshot.query(&query, None)?, QueryResults::Solutions(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Store {
    inner: Database,
    path: PathBuf,
    base: String,
    access: Access,
    revision: AtomicU64,
    /// What the joiner of identities remembers.
    index: IndexFile,
    _lock: Option<Lock>,
}

/// What the store may be used for, and how readers get a stable view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Write,
    Read,
    Memory,
}

/// Oxigraph's store, which has no `Debug`.
struct Database(oxigraph::store::Store);

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Database")
    }
}

/// What one transaction does: first the graphs are removed, then the quads inserted.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Graphs to remove whole; they need not exist.
    pub remove: Vec<NamedNode>,
    /// Quads to insert, all in named graphs.
    pub insert: Vec<Quad>,
}

impl Store {
    /// Opens the store at `path` for reading and writing, and makes it when there is none.
    ///
    /// # Errors
    /// When the folder holds something else, another process has the store, it was made by a newer
    /// version or with another base IRI, or the system refuses.
    pub fn create(path: &Path, base: &str) -> Result<Self, StoreError> {
        if is_unfinished(path)? {
            std::fs::create_dir_all(path).map_err(|error| StoreError::io(path, error))?;
            let lock = Lock::exclusive(path)?;
            if !path.join(DESCRIPTION).exists() {
                // The description comes last: with it, the database is whole.
                let database = oxigraph::store::Store::open(path.join(DATABASE));
                drop(database.map_err(|error| StoreError::database(path, error))?);
                describe(path, base)?;
            }
            drop(lock);
        }
        let store = Self::open(path)?;
        if store.base == base {
            return Ok(store);
        }
        Err(StoreError::Base { path: path.to_owned(), found: store.base, given: base.to_owned() })
    }

    /// Opens the store at `path` for reading and writing.
    ///
    /// # Errors
    /// As [`Store::create`], and when there is no store.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let description = description(path)?;
        let lock = Lock::exclusive(path)?;
        let database = path.join(DATABASE);
        remove_leftovers(&database);
        let inner = oxigraph::store::Store::open(&database).map_err(|error| StoreError::database(path, error))?;
        let revision = AtomicU64::new(revision(path));
        let (inner, path, base) = (Database(inner), path.to_owned(), description.base);
        let store =
            Self { inner, path, base, access: Access::Write, revision, index: IndexFile::default(), _lock: Some(lock) };
        store.delete_obsolete()?;
        Ok(store)
    }

    /// Opens the store at `path` for reading, beside other readers. It stays as it was at this moment.
    ///
    /// # Errors
    /// When there is no store, another process writes it, or it was made by a newer version.
    pub fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        let description = description(path)?;
        let lock = Lock::shared(path)?;
        let database = path.join(DATABASE);
        let inner = oxigraph::store::Store::open_read_only(&database);
        let inner = inner.map_err(|error| StoreError::database(path, error))?;
        let revision = AtomicU64::new(revision(path));
        let (inner, path, base) = (Database(inner), path.to_owned(), description.base);
        Ok(Self { inner, path, base, access: Access::Read, revision, index: IndexFile::default(), _lock: Some(lock) })
    }

    /// An empty store that vanishes with the process.
    ///
    /// # Errors
    /// When memory cannot be had.
    pub fn in_memory(base: &str) -> Result<Self, StoreError> {
        let path = PathBuf::from("(memory)");
        let inner = oxigraph::store::Store::new().map_err(|error| StoreError::database(&path, error))?;
        let (inner, base, revision) = (Database(inner), base.to_owned(), AtomicU64::new(0));
        Ok(Self { inner, path, base, access: Access::Memory, revision, index: IndexFile::default(), _lock: None })
    }

    /// The number of changes so far. What is derived from the store and kept elsewhere, such as an index, is in step with
    /// it as long as it remembers the same number.
    pub fn revision(&self) -> u64 {
        self.revision.load(Ordering::Acquire)
    }

    /// Counts a change before it is made: a process that dies between the two leaves a number too high, never one too low.
    fn count_change(&self) -> Result<(), StoreError> {
        let revision = self.revision.fetch_add(1, Ordering::AcqRel) + 1;
        if self.access != Access::Write {
            return Ok(());
        }
        let (file, draft) = (self.path.join(REVISION), self.path.join("revision.new"));
        let written = std::fs::write(&draft, format!("{revision}\n")).and_then(|()| std::fs::rename(&draft, &file));
        written.map_err(|error| StoreError::io(&file, error))
    }

    /// The folder of the store.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The base of the IRIs that the program coins, with `/` at its end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Whether the store is written to the disk by this process.
    pub(crate) fn is_on_disk(&self) -> bool {
        self.access == Access::Write
    }

    /// Whether the store can be changed.
    pub fn is_writable(&self) -> bool {
        self.access != Access::Read
    }

    /// How many quads there are: a walk over their keys, which reads no term.
    ///
    /// # Errors
    /// When the database fails.
    pub fn len(&self) -> Result<usize, StoreError> {
        self.inner.0.len().map_err(|error| StoreError::database(&self.path, error))
    }

    /// Whether there is no quad.
    ///
    /// # Errors
    /// When the database fails.
    pub fn is_empty(&self) -> Result<bool, StoreError> {
        self.inner.0.is_empty().map_err(|error| StoreError::database(&self.path, error))
    }

    /// What the store holds now; it does not change under the reader.
    ///
    /// # Errors
    /// When the database fails.
    pub fn snapshot(&self) -> Result<Snapshot<'_>, StoreError> {
        Snapshot::new(self)
    }

    /// Does all of `changes`, or, in case of an error or a crash, nothing.
    ///
    /// # Errors
    /// When the store is read-only, the disk is full or the database fails.
    pub fn apply(&self, changes: Changes) -> Result<(), StoreError> {
        self.apply_all(changes, &[])
    }

    /// Whether the bulk loader takes so many quads: it cannot remove.
    fn is_bulk(&self, quads: usize) -> bool {
        quads >= BULK && self.access == Access::Write
    }

    /// A bulk load in parts of about so many quads, for a store that is written.
    fn bulk(&self, part: usize) -> Bulk<'_> {
        Bulk { store: self, loader: self.inner.0.bulk_loader(), part }.with_threads(LOADERS)
    }

    /// Does all of `changes`, and deletes single quads after its graphs, or nothing.
    fn apply_all(&self, changes: Changes, delete: &[Quad]) -> Result<(), StoreError> {
        if !self.is_writable() {
            return Err(StoreError::ReadOnly { path: self.path.clone() });
        }
        if changes.remove.is_empty() && delete.is_empty() && self.is_bulk(changes.insert.len()) {
            return self.bulk(changes.insert.len()).load_last(changes.insert)?.commit();
        }
        self.count_change()?;
        let Changes { remove, insert } = changes;
        let result = if remove.is_empty() && delete.is_empty() {
            self.inner.0.extend(insert)
        } else {
            self.inner.0.start_transaction().and_then(|mut transaction| {
                for graph in &remove {
                    transaction.remove_named_graph(graph)?;
                }
                for quad in delete {
                    transaction.remove(quad);
                }
                transaction.extend(&insert);
                transaction.commit()
            })
        };
        result.map_err(|error| StoreError::database(&self.path, error))
    }

    /// Runs a SPARQL update as it is: nothing is derived anew ([`Store::update_joined`] does). Its `WHERE` sees all
    /// graphs as one.
    ///
    /// # Errors
    /// When the update is not valid or fails, or the store is read-only.
    pub fn update(&self, update: &str) -> Result<(), QueryError> {
        if !self.is_writable() {
            return Err(StoreError::ReadOnly { path: self.path.clone() }.into());
        }
        let parser = oxigraph::sparql::SparqlEvaluator::new();
        let mut prepared = parser.parse_update(update)?;
        for dataset in prepared.using_datasets_mut() {
            if dataset.is_default_dataset() {
                dataset.set_default_graph_as_union();
            }
        }
        self.count_change()?;
        let result = prepared.on_store(&self.inner.0).execute();
        result.map_err(|error| StoreError::database(&self.path, error).into())
    }

    /// Flushes when the log has grown so much that reading it back would slow the next opening; after
    /// a few releases it is left as it is.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn tidy(&self) -> Result<(), StoreError> {
        self.flush_log(LOG)
    }

    /// Flushes when the log has more than so many bytes.
    fn flush_log(&self, most: u64) -> Result<(), StoreError> {
        if self.bytes_of("log") > most { self.flush() } else { Ok(()) }
    }

    /// The bytes of the database's files with this extension.
    fn bytes_of(&self, extension: &str) -> u64 {
        let entries = std::fs::read_dir(self.path.join(DATABASE)).into_iter().flatten().flatten();
        let files = entries.filter(|entry| entry.path().extension().is_some_and(|own| own == extension));
        files.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
    }

    /// Writes what is only in the log to the database's files, so that the next opening is quick.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn flush(&self) -> Result<(), StoreError> {
        if self.access != Access::Write {
            return Ok(());
        }
        self.inner.0.flush().map_err(|error| StoreError::database(&self.path, error))
    }
}

/// The number of changes of the store at `path`; none where it was made by a version that did not count.
fn revision(path: &Path) -> u64 {
    let text = std::fs::read_to_string(path.join(REVISION)).unwrap_or_default();
    text.trim().parse().unwrap_or(0)
}

/// A bulk load by Oxigraph's loader: each part is written to files of its own, and all of them are there at the commit, or
/// none. What is dropped before leaves nothing.
struct Bulk<'a> {
    store: &'a Store,
    loader: oxigraph::store::BulkLoader<'a>,
    /// How many quads a part has, about.
    part: usize,
}

impl Bulk<'_> {
    /// Writes so many parts at a time.
    fn with_threads(self, threads: usize) -> Self {
        let loader = self.loader.with_num_threads(threads);
        // The loader makes room for as many quads as this memory holds by its own count, and parts what has more.
        let loader = loader.with_max_memory_size_in_megabytes((2 * self.part * threads).div_ceil(1000));
        Self { loader, ..self }
    }

    /// Takes a part; it is written while the caller goes on.
    fn load(&mut self, quads: impl IntoIterator<Item = Quad>) -> Result<(), StoreError> {
        self.loader.load_quads(quads).map_err(|error| StoreError::database(&self.store.path, error))
    }

    /// Takes what is left. Its parts are equal, and the last do not wait for those before them: all processors are at work
    /// until the end.
    fn load_last(mut self, quads: Vec<Quad>) -> Result<Self, StoreError> {
        let parts = quads.len().div_ceil(self.part).next_multiple_of(LOADERS);
        self.part = quads.len().div_ceil(parts.max(1)).max(1);
        let mut bulk = self.with_threads(2 * LOADERS);
        let mut quads = quads.into_iter();
        while quads.len() > 0 {
            bulk.load(quads.by_ref().take(bulk.part))?;
        }
        Ok(bulk)
    }

    fn commit(self) -> Result<(), StoreError> {
        self.store.count_change()?;
        self.loader.commit().map_err(|error| StoreError::database(&self.store.path, error))
    }
}

/// Whether there is nothing at `path`, or a store whose making was never finished.
fn is_unfinished(path: &Path) -> Result<bool, StoreError> {
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(StoreError::io(path, error)),
    };
    let (mut empty, mut locked, mut other) = (true, false, false);
    for entry in entries {
        let name = entry.map_err(|error| StoreError::io(path, error))?.file_name();
        empty = false;
        locked |= name == "lock";
        other |= name != "lock" && name != "store.json.new" && name != DATABASE;
    }
    Ok(empty || locked && !other)
}

/// Reads the description of the store at `path`.
fn description(path: &Path) -> Result<Description, StoreError> {
    let file = path.join(DESCRIPTION);
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
            let missing = is_unfinished(path).unwrap_or(false);
            let path = path.to_owned();
            return Err(if missing { StoreError::Missing { path } } else { StoreError::Foreign { path } });
        }
        Err(error) => return Err(StoreError::io(&file, error)),
    };
    let damaged = |detail: String| StoreError::Damaged { path: file.clone(), detail };
    // The format first: a newer one may have other fields.
    let json: serde_json::Value = serde_json::from_str(&text).map_err(|error| damaged(error.to_string()))?;
    let found = json.get("format").and_then(serde_json::Value::as_u64).ok_or_else(|| damaged("no format".into()))?;
    if found > FORMAT {
        return Err(StoreError::Newer { path: path.to_owned(), found, known: FORMAT });
    }
    if found < FORMAT {
        return Err(StoreError::Older { path: path.to_owned(), found, known: FORMAT });
    }
    serde_json::from_value(json).map_err(|error| damaged(error.to_string()))
}

/// Writes the description of a new store: beside its place first, so that it is there whole or not at all.
fn describe(path: &Path, base: &str) -> Result<(), StoreError> {
    let (file, draft) = (path.join(DESCRIPTION), path.join("store.json.new"));
    let text = serde_json::json!({ "format": FORMAT, "base": base });
    let written = std::fs::write(&draft, format!("{text:#}\n")).and_then(|()| std::fs::rename(&draft, &file));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&draft);
        StoreError::io(&file, error)
    })
}

/// Removes the files of a bulk load that was killed before its commit.
fn remove_leftovers(database: &Path) {
    let Ok(entries) = std::fs::read_dir(database) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("bulk-") && name.ends_with(".sst") {
            // What cannot be removed does no harm but take space.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
