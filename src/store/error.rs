use std::io;
use std::path::{Path, PathBuf};

/// Why a store could not be opened, read or written. Each message says where and what to do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing there, or an empty folder.
    #[error("{}: there is no store: make one with `pressgraph ingest --store {} PATH…`, or name another with --store", path.display(), path.display())]
    Missing {
        /// The folder that was named.
        path: PathBuf,
    },
    /// A folder or file of something else.
    #[error("{}: this is no store of pressgraph, and not empty: name another folder with --store", path.display())]
    Foreign {
        /// The folder that was named.
        path: PathBuf,
    },
    /// Another process has it.
    #[error("{}: the store is in use by another process that {}: wait until it has ended, or stop it", path.display(), if *writing { "reads or writes it" } else { "writes it" })]
    Busy {
        /// The store.
        path: PathBuf,
        /// Whether this process wanted to write.
        writing: bool,
    },
    /// Made by a later version of the program.
    #[error("{}: the store has format {found}, this program knows formats up to {known}: use the newer pressgraph that made it", path.display())]
    Newer {
        /// The store.
        path: PathBuf,
        /// Its format.
        found: u64,
        /// The latest format that this program knows.
        known: u64,
    },
    /// Made by an earlier version of the program, whose graph differs.
    #[error("{}: the store has format {found}, this program format {known}: ingest the releases anew into another store (`pressgraph ingest --store NEW PATH…`), and remove this one", path.display())]
    Older {
        /// The store.
        path: PathBuf,
        /// Its format.
        found: u64,
        /// The format that this program knows.
        known: u64,
    },
    /// The file that describes the store is damaged.
    #[error("{}: the description of the store is damaged ({detail}): restore it from a backup, or ingest into a new store", path.display())]
    Damaged {
        /// The description.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// Made with another base IRI.
    #[error("{}: the store was made with base <{found}>, not <{given}>: leave out --base, or use another store", path.display())]
    Base {
        /// The store.
        path: PathBuf,
        /// Its base.
        found: String,
        /// The one asked for.
        given: String,
    },
    /// Opened for reading only.
    #[error("{}: the store is open for reading only", path.display())]
    ReadOnly {
        /// The store.
        path: PathBuf,
    },
    /// The disk is full.
    #[error("{}: no space left on the disk ({detail}): free some space and run the command again; what was committed is safe", path.display())]
    Full {
        /// The store.
        path: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// The system said no.
    #[error("{}: {source}: check the path and its permissions", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The database failed.
    #[error("{}: the database failed: {detail}", path.display())]
    Database {
        /// The store.
        path: PathBuf,
        /// What it said.
        detail: String,
    },
    /// A release in the store could not be extracted again.
    #[error("{0}")]
    Invalid(String),
}

impl StoreError {
    /// What the system said about `path`.
    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        if is_full(&source.to_string()) {
            return Self::Full { path: path.to_owned(), detail: source.to_string() };
        }
        Self::Io { path: path.to_owned(), source }
    }

    /// What Oxigraph said about the store at `path`.
    pub(super) fn database(path: &Path, error: impl std::fmt::Display) -> Self {
        let detail = error.to_string();
        let path = path.to_owned();
        if is_full(&detail) { Self::Full { path, detail } } else { Self::Database { path, detail } }
    }
}

/// Whether a message tells of a full disk, a quota or a limit on the size of files. RocksDB gives
/// no error codes, only the words of the system.
fn is_full(message: &str) -> bool {
    ["No space left on device", "File too large", "Disk quota exceeded"].iter().any(|words| message.contains(words))
}

/// Why a query gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// Not SPARQL.
    #[error("the query is not valid SPARQL: {0}")]
    Syntax(#[from] spargebra::SparqlSyntaxError),
    /// SPARQL, but an update.
    #[error(
        "this is an update, not a query: send it to /sparql of `pressgraph serve --writable`; releases are changed by `pressgraph ingest` and `remove`"
    )]
    Update,
    /// No query of that name.
    #[error("no query is named {name:?}{}: `pressgraph query --list` shows all", near.as_ref().map(|n| format!(" (did you mean {n:?}?)")).unwrap_or_default())]
    Unknown {
        /// The name.
        name: String,
        /// The nearest name there is.
        near: Option<String>,
    },
    /// A parameter that must be given.
    #[error("the query {query} needs --param {parameter}=VALUE, for example: {example}")]
    Missing {
        /// The query.
        query: String,
        /// The parameter.
        parameter: String,
        /// A call that works.
        example: String,
    },
    /// A parameter that the query does not have.
    #[error("the query has no parameter {parameter:?}; it has: {known}")]
    NoParameter {
        /// The parameter.
        parameter: String,
        /// Those it has.
        known: String,
    },
    /// A value that does not fit.
    #[error("the parameter {parameter} is no {expected}: {value:?}")]
    Value {
        /// The parameter.
        parameter: String,
        /// What it should be.
        expected: &'static str,
        /// What was given.
        value: String,
    },
    /// A value that is not in the closed list of those that the parameter may have.
    #[error("the parameter {parameter} is one of {choices}, not {value:?}")]
    Choice {
        /// The parameter.
        parameter: String,
        /// Those it may have.
        choices: String,
        /// What was given.
        value: String,
    },
    /// The evaluation failed, was cancelled, or needs another server.
    #[error("the query failed: {0}")]
    Evaluation(#[from] spareval::QueryEvaluationError),
    /// An update that would leave derived graphs behind.
    #[error(transparent)]
    Refused(#[from] super::UpdateRefusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
