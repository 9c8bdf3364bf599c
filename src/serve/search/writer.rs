//! The writer of the index: all processors while the index is made, one thread while it follows commits.

use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::{Index, IndexWriter};

use super::SearchError;
use crate::serve::priority::patiently;

/// Memory of each thread of the writer.
const MEMORY: usize = 40_000_000;
/// Segments with fewer documents are merged with each other before they are merged with larger ones; a release and its
/// entities are about twenty. Else every eighth commit would write ten thousand documents anew, on the processors that
/// searches need.
const SMALL: u32 = 500;
/// The part of deleted documents from which on a segment is written anew.
const DELETED: f32 = 0.5;

/// A writer, made anew when it is to have another number of threads.
pub(super) struct Writer {
    index: Index,
    inner: Option<IndexWriter>,
    threads: usize,
}

impl Writer {
    /// A writer with one thread.
    ///
    /// # Errors
    /// When another process writes the index.
    pub(super) fn new(index: Index) -> Result<Self, SearchError> {
        let inner = Some(open(&index, 1)?);
        Ok(Self { index, inner, threads: 1 })
    }

    /// The writer, with so many threads.
    ///
    /// # Errors
    /// When the index fails.
    pub(super) fn with_threads(&mut self, threads: usize) -> Result<&mut IndexWriter, SearchError> {
        if threads != self.threads
            && let Some(former) = self.inner.take()
        {
            former.wait_merging_threads()?;
        }
        let inner = match self.inner.take() {
            Some(inner) => inner,
            None => open(&self.index, threads)?,
        };
        self.threads = threads;
        Ok(self.inner.insert(inner))
    }
}

fn open(index: &Index, threads: usize) -> Result<IndexWriter, SearchError> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(threads)
        .memory_budget_per_thread(MEMORY)
        .num_merge_threads(threads)
        .build();
    let writer = patiently(|| index.writer_with_options(options))?;
    let mut policy = LogMergePolicy::default();
    policy.set_min_layer_size(SMALL);
    policy.set_del_docs_ratio_before_merge(DELETED);
    writer.set_merge_policy(Box::new(policy));
    Ok(writer)
}

/// The processors that making the index may take.
pub(super) fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, |processors| processors.get().min(4))
}
