//! What all requests share: the store, the search index, limits and counters.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::AbortHandle;

use super::ServeError;
use super::cache::Cache;
use super::data::Data;
use super::metrics::Metrics;
use super::options::Options;
use super::pages::Answer;
use super::priority::patiently;
use super::search::{Index, Progress};
use super::view::EntityView;
use crate::pipeline::Extractor;
use crate::store::{CancellationToken, QueryError, Store};

/// Pages of entities that are kept, each of some hundred kilobytes at most.
const ENTITIES: usize = 128;
/// Answers of questions that are kept, each of five hundred rows at most.
const ANSWERS: usize = 64;

/// The shared state; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("base", &self.0.base).finish_non_exhaustive()
    }
}

struct Shared {
    /// Replaced whole when a reader has followed another process.
    store: RwLock<Arc<Store>>,
    base: String,
    index: Index,
    extractor: Arc<Extractor>,
    options: Options,
    metrics: Arc<Metrics>,
    queries: Arc<Semaphore>,
    waiting: Semaphore,
    pages: Semaphore,
    /// The queries being evaluated, and how to tell them that memory is short.
    running: Mutex<Vec<(CancellationToken, Weak<AtomicBool>)>>,
    /// Counts the changes of store and index, once they are done.
    changes: AtomicU64,
    entities: Cache<EntityView>,
    answers: Cache<Answer>,
    /// One writer at a time.
    writing: tokio::sync::Mutex<()>,
}

impl App {
    /// The state of a server for `store`. Searches find what `index` holds already, until
    /// [`App::repair_index`] has brought it in step.
    pub fn new(store: Arc<Store>, index: Index, extractor: Arc<Extractor>, options: Options) -> Self {
        let base = store.base().to_owned();
        Self(Arc::new(Shared {
            queries: Arc::new(Semaphore::new(options.max_queries)),
            waiting: Semaphore::new(options.max_waiting),
            pages: Semaphore::new(options.max_queries.max(4)),
            store: RwLock::new(store),
            base,
            index,
            extractor,
            options,
            metrics: Arc::new(Metrics::default()),
            running: Mutex::new(Vec::new()),
            changes: AtomicU64::new(0),
            entities: Cache::new(ENTITIES),
            answers: Cache::new(ANSWERS),
            writing: tokio::sync::Mutex::new(()),
        }))
    }

    /// The store as it is now.
    pub fn store(&self) -> Arc<Store> {
        Arc::clone(&self.0.store.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another opening of the store in place; requests that run keep theirs.
    pub fn replace_store(&self, store: Arc<Store>) {
        *self.0.store.write().unwrap_or_else(PoisonError::into_inner) = store;
    }

    /// The base IRI.
    pub fn base(&self) -> &str {
        &self.0.base
    }

    /// How the server serves.
    pub fn options(&self) -> &Options {
        &self.0.options
    }

    /// The search index.
    pub fn index(&self) -> &Index {
        &self.0.index
    }

    /// The extractor.
    pub fn extractor(&self) -> Arc<Extractor> {
        Arc::clone(&self.0.extractor)
    }

    /// The counters.
    pub fn metrics(&self) -> Arc<Metrics> {
        Arc::clone(&self.0.metrics)
    }

    /// Compares the index with the store, unless both have seen the same changes, and brings it in step;
    /// then follows what was written meanwhile. Only one thread may do so at a time.
    ///
    /// # Errors
    /// When the store or the index fails; the index then is as it was at its last commit.
    pub fn repair_index(&self) -> Result<(), ServeError> {
        let index = &self.0.index;
        let store = self.store();
        // Read before the snapshot: a change between the two is written twice, not missed.
        let revision = store.revision();
        let snapshot = store.snapshot().map_err(ServeError::internal)?;
        index.repair(Data::new(&snapshot), revision).map_err(ServeError::internal)?;
        drop(snapshot);
        while let Some((missed, revision)) = index.missed() {
            let store = self.store();
            let snapshot = store.snapshot().map_err(ServeError::internal)?;
            index.catch_up(Data::new(&snapshot), missed, revision).map_err(ServeError::internal)?;
        }
        self.tell_change()
    }

    /// Lets the index follow a commit that changed `releases`.
    fn follow_in_index(&self, store: &Store, releases: Vec<String>) -> Result<(), ServeError> {
        let revision = store.revision();
        let snapshot = store.snapshot().map_err(ServeError::internal)?;
        self.0.index.follow(Data::new(&snapshot), releases, revision).map_err(ServeError::internal)?;
        self.tell_change()
    }

    /// The pages of entities as they were made before.
    pub(super) fn entities(&self) -> &Cache<EntityView> {
        &self.0.entities
    }

    /// The number of the state of store and index.
    pub(super) fn state(&self) -> u64 {
        self.0.changes.load(Ordering::Acquire)
    }

    /// The answers of questions as they were made before.
    pub(super) fn answers(&self) -> &Cache<Answer> {
        &self.0.answers
    }

    /// Tells the metrics, and whoever keeps what was made before, that store or index have changed.
    fn tell_change(&self) -> Result<(), ServeError> {
        self.0.changes.fetch_add(1, Ordering::AcqRel);
        let releases = self.0.index.releases().map_err(ServeError::internal)?;
        self.0.metrics.releases.set(i64::try_from(releases).unwrap_or(i64::MAX));
        Ok(())
    }

    /// A turn for a query. Waits a while, if not too many wait already.
    ///
    /// # Errors
    /// When too many queries run and wait.
    pub async fn query_permit(&self) -> Result<OwnedSemaphorePermit, ServeError> {
        let busy = |_| {
            self.0.metrics.refused.inc();
            ServeError::Busy
        };
        let _place = self.0.waiting.try_acquire().map_err(|error| busy(error.to_string()))?;
        let turn = Arc::clone(&self.0.queries).acquire_owned();
        let turn =
            tokio::time::timeout(self.0.options.patience, turn).await.map_err(|error| busy(error.to_string()))?;
        turn.map_err(|error| busy(error.to_string()))
    }

    /// Starts the clock of a query.
    pub fn start_query(&self) -> Running {
        let token = CancellationToken::new();
        let (out_of_time, out_of_memory) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        {
            let mut running = self.0.running.lock().unwrap_or_else(PoisonError::into_inner);
            running.retain(|(_, out)| out.strong_count() > 0);
            running.push((token.clone(), Arc::downgrade(&out_of_memory)));
        }
        let (limit, metrics) = (self.0.options.timeout, self.metrics());
        let timer = {
            let (token, out_of_time) = (token.clone(), Arc::clone(&out_of_time));
            tokio::spawn(async move {
                tokio::time::sleep(limit).await;
                out_of_time.store(true, Ordering::Release);
                metrics.timeouts.inc();
                token.cancel();
            })
        };
        self.0.metrics.running.inc();
        Running { token, out_of_time, out_of_memory, limit, timer: timer.abort_handle(), metrics: self.metrics() }
    }

    /// Stops all running queries: the process needs more memory than it may.
    pub(super) fn stop_for_memory(&self) {
        let mut running = self.0.running.lock().unwrap_or_else(PoisonError::into_inner);
        for (token, out_of_memory) in running.drain(..) {
            if let Some(out_of_memory) = out_of_memory.upgrade() {
                out_of_memory.store(true, Ordering::Release);
                token.cancel();
            }
        }
    }

    /// Reads from the store on a thread of its own: all that `read` sees is of one moment.
    ///
    /// # Errors
    /// What `read` returns; [`ServeError::Busy`] when too many pages are being made.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Self, Data<'_>) -> Result<T, ServeError> + Send + 'static,
    ) -> Result<T, ServeError> {
        let turn = tokio::time::timeout(self.0.options.patience, self.0.pages.acquire()).await;
        let Ok(Ok(_turn)) = turn else {
            self.0.metrics.refused.inc();
            return Err(ServeError::Busy);
        };
        let app = self.clone();
        blocking(move || {
            // Before the snapshot: what is made of it may be newer than its number, never older.
            let state = app.state();
            let store = app.store();
            let snapshot = store.snapshot().map_err(ServeError::internal)?;
            read(&app, Data::at(&snapshot, state))
        })
        .await
    }

    /// Changes the store on a thread of its own, one change at a time and after who reads; the index follows. `write`
    /// returns the IRIs of the releases that it changed.
    ///
    /// # Errors
    /// What `write` returns.
    pub async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Self, &Store) -> Result<(T, Vec<String>), ServeError> + Send + 'static,
    ) -> Result<T, ServeError> {
        let _turn = self.0.writing.lock().await;
        let app = self.clone();
        blocking(move || patiently(|| app.write_now(write))).await
    }

    fn write_now<T>(
        &self,
        write: impl FnOnce(&Self, &Store) -> Result<(T, Vec<String>), ServeError>,
    ) -> Result<T, ServeError> {
        let store = self.store();
        let before = store.revision();
        let (result, releases) = match write(self, &store) {
            Ok(done) => done,
            Err(error) => {
                // What was committed before it failed is not told: compare all.
                if store.revision() != before && self.index().progress() == Progress::Ready {
                    self.repair_index()?;
                }
                return Err(error);
            }
        };
        if store.revision() != before {
            // Where it is not told what has changed, all is compared.
            let is_told = !releases.is_empty() || self.index().progress() != Progress::Ready;
            let followed = if is_told { self.follow_in_index(&store, releases) } else { self.repair_index() };
            if let Err(error) = followed {
                // It is written all the same, and found with the next commit or start.
                tracing::error!(%error, "the search index lags behind the store");
                self.tell_change()?;
            }
        }
        Ok(result)
    }

    /// Runs a SPARQL update.
    ///
    /// # Errors
    /// When it is no update, or fails.
    pub async fn update(&self, update: String) -> Result<(), ServeError> {
        self.write(move |app, store| {
            let changed = store.update_joined(&update, app.extractor().authorities());
            let changed = changed.map_err(|error| match error {
                QueryError::Syntax(_) | QueryError::Refused(_) => ServeError::BadRequest(error.to_string()),
                other => ServeError::Refused(other.to_string()),
            })?;
            Ok(((), changed.into_iter().collect()))
        })
        .await
    }
}

/// Runs `work` on a thread where waiting is allowed.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ServeError> + Send + 'static,
) -> Result<T, ServeError> {
    tokio::task::spawn_blocking(work).await.map_err(ServeError::internal)?
}

/// A query being evaluated: its clock runs until this is dropped.
pub struct Running {
    token: CancellationToken,
    out_of_time: Arc<AtomicBool>,
    out_of_memory: Arc<AtomicBool>,
    limit: Duration,
    timer: AbortHandle,
    metrics: Arc<Metrics>,
}

impl Running {
    /// Cancels the evaluation.
    pub fn token(&self) -> CancellationToken {
        self.token.clone()
    }

    /// What the client is told when the server has stopped it: that its time or memory was over.
    pub fn stopped(&self) -> Option<ServeError> {
        if self.out_of_memory.load(Ordering::Acquire) {
            return Some(ServeError::Memory);
        }
        self.out_of_time.load(Ordering::Acquire).then_some(ServeError::Timeout(self.limit.as_secs()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.timer.abort();
        self.metrics.running.dec();
    }
}
