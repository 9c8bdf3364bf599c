//! The log of runs, beside the database: the graph depends on releases and extractor alone.

use std::io::Write;

use serde::{Deserialize, Serialize};

use super::ingest::Report;
use super::{Store, StoreError};

/// Name of the log in the folder of a store.
const LOG: &str = "runs.jsonl";

/// One run as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// When it began (RFC 3339, UTC).
    pub started: String,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// `ingest` or `remove`.
    pub command: String,
    /// Version of program and data.
    pub extractor: String,
    /// Releases added.
    pub added: usize,
    /// Releases replaced.
    pub replaced: usize,
    /// Releases left as they were.
    pub unchanged: usize,
    /// Copies among those added and replaced.
    pub copies: usize,
    /// Releases removed.
    pub withdrawn: usize,
    /// Inputs refused.
    pub refused: usize,
    /// Releases whose text has changed, with the hashes before and after.
    #[serde(default)]
    pub revisions: Vec<Revision>,
}

/// A changed text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Revision {
    /// The release.
    pub release: String,
    /// Hash of the former text.
    pub from: String,
    /// Hash of the text now.
    pub to: String,
}

impl Run {
    /// A run of `command` with what it did.
    pub fn new(command: &str, started: jiff::Timestamp, seconds: f64, extractor: &str, report: &Report) -> Self {
        Self {
            started: started.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            seconds: (seconds * 1000.0).round() / 1000.0,
            command: command.to_owned(),
            extractor: extractor.to_owned(),
            added: report.added,
            replaced: report.replaced,
            unchanged: report.unchanged,
            copies: report.copies,
            withdrawn: report.withdrawn,
            refused: report.refused.len(),
            revisions: report.revisions.clone(),
        }
    }
}

impl Store {
    /// Adds a run to the log.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn record_run(&self, run: &Run) -> Result<(), StoreError> {
        let path = self.path().join(LOG);
        let line = serde_json::to_string(run).map_err(|error| StoreError::Invalid(error.to_string()))?;
        let file = std::fs::OpenOptions::new().create(true).append(true).open(&path);
        // One write: a line is there whole or not at all.
        let written = file.and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()));
        written.map_err(|error| StoreError::io(&path, error))
    }

    /// The runs, the oldest first. Lines that were cut short by a crash are passed over.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn runs(&self) -> Result<Vec<Run>, StoreError> {
        let path = self.path().join(LOG);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(StoreError::io(&path, error)),
        }
    }
}
