use serde::Serialize;

use crate::store::runs::Revision;

/// What became of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Releases that were not there before.
    pub added: usize,
    /// Releases whose text or extractor has changed.
    pub replaced: usize,
    /// Releases that were there already, from the same text and extractor.
    pub unchanged: usize,
    /// Of the added and replaced: those recorded as copies of another.
    pub copies: usize,
    /// Releases that were removed.
    pub withdrawn: usize,
    /// What was refused, in order, and why.
    pub refused: Vec<Refused>,
    /// Releases whose text has changed.
    #[serde(skip)]
    pub revisions: Vec<Revision>,
    /// The IRIs of all releases whose graphs or whose entities' identities have changed or gone, sorted; what is derived from the
    /// graphs is to be derived anew for them.
    #[serde(skip)]
    pub changed: Vec<String>,
}

/// One refusal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Refused {
    /// The file, and the line where it has many releases.
    pub path: String,
    /// A short stable name of the reason, such as `language`.
    pub code: String,
    /// The reason, and what to do.
    pub reason: String,
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Releases read, refused ones included.
    pub read: usize,
    /// Releases committed or unchanged.
    pub done: usize,
    /// Quads inserted.
    pub quads: usize,
}
