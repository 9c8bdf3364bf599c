//! Full-text search over labels and texts: an index beside the store, kept in step with it.
//!
//! Accents and case are folded; words are found by their French stem too, and the last word of a
//! search by its beginning. The index is derived: at the start, and after every ingestion, what
//! differs from the store is brought in step.

mod find;
mod schema;
mod sync;

pub use find::{Filters, Found, Hit};
pub use sync::Index;

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
