//! Full-text search over labels and texts: an index beside the store, kept in step with it.
//!
//! Accents and case are folded; words are found by their French stem too, and the last word of a
//! search by its beginning. The index is derived. It follows each commit at the cost of what that
//! changed, and remembers the number of the store's changes; when the two differ at the start, all
//! releases are compared, in the background.

mod document;
mod find;
mod schema;
mod sync;
mod writer;

pub use find::{Filters, Found, Hit};
pub use sync::{Index, Progress};

/// Why the index failed.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The index library said so.
    #[error("the search index failed: {0}: delete the folder `search` in the store, it is made anew")]
    Index(#[from] tantivy::TantivyError),
    /// A file of the index could not be read.
    #[error("the search index cannot be read: {0}: delete the folder `search` in the store, it is made anew")]
    Io(#[from] std::io::Error),
    /// The store failed while the index read it.
    #[error("{0}")]
    Store(String),
}

impl From<super::ServeError> for SearchError {
    fn from(error: super::ServeError) -> Self {
        Self::Store(error.to_string())
    }
}
