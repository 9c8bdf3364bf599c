//! What all requests share: the store, the search index, limits and counters.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::AbortHandle;

use super::ServeError;
use super::data::Data;
use super::metrics::Metrics;
use super::options::Options;
use super::search::Index;
use crate::pipeline::Extractor;
use crate::store::{CancellationToken, QueryError, Store};

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
    /// One writer at a time.
    writing: tokio::sync::Mutex<()>,
}

impl App {
    /// The state of a server for `store`. The index is brought in step with it.
    ///
    /// # Errors
    /// When the store or the index fails.
    pub fn new(
        store: Arc<Store>,
        index: Index,
        extractor: Arc<Extractor>,
        options: Options,
    ) -> Result<Self, ServeError> {
        let base = store.base().to_owned();
        let app = Self(Arc::new(Shared {
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
            writing: tokio::sync::Mutex::new(()),
        }));
        app.sync_index()?;
        Ok(app)
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

    /// Brings the index in step with the store.
    ///
    /// # Errors
    /// When the store or the index fails.
    pub fn sync_index(&self) -> Result<(), ServeError> {
        let store = self.store();
        let snapshot = store.snapshot().map_err(ServeError::internal)?;
        self.0.index.sync(Data::new(&snapshot)).map_err(ServeError::internal)?;
        self.0.metrics.releases.set(i64::try_from(self.0.index.releases()).unwrap_or(i64::MAX));
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
            let store = app.store();
            let snapshot = store.snapshot().map_err(ServeError::internal)?;
            read(&app, Data::new(&snapshot))
        })
        .await
    }

    /// Changes the store on a thread of its own, one change at a time, then brings the index in step.
    ///
    /// # Errors
    /// What `write` returns, or the index.
    pub async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Self, &Store) -> Result<T, ServeError> + Send + 'static,
    ) -> Result<T, ServeError> {
        let _turn = self.0.writing.lock().await;
        let app = self.clone();
        blocking(move || {
            let result = write(&app, &app.store())?;
            app.sync_index()?;
            Ok(result)
        })
        .await
    }

    /// Runs a SPARQL update.
    ///
    /// # Errors
    /// When it is no update, or fails.
    pub async fn update(&self, update: String) -> Result<(), ServeError> {
        self.write(move |_, store| {
            store.update(&update).map_err(|error| match error {
                QueryError::Syntax(_) => ServeError::BadRequest(error.to_string()),
                other => ServeError::Refused(other.to_string()),
            })
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
