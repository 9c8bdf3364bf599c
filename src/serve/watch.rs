//! `serve --watch DIR`: what arrives in a folder is ingested by the serving process.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use notify_debouncer_full::notify::{EventKind, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, new_debouncer};
use tokio::sync::mpsc;

use super::ServeError;
use super::app::App;
use super::releases::ingest;
use crate::input::{self, Input};

/// A file is read once it has not changed for so long.
const QUIET: Duration = Duration::from_millis(700);

/// Ingests what the folders hold, then each file that arrives or changes, until the server ends.
///
/// # Errors
/// When a folder cannot be watched.
pub async fn watch(app: App, folders: Vec<PathBuf>) -> Result<(), ServeError> {
    let (send, mut receive) = mpsc::unbounded_channel();
    let on_events = move |events: DebounceEventResult| {
        let events = events
            .into_iter()
            .flatten()
            .filter(|event| !matches!(event.kind, EventKind::Access(_) | EventKind::Remove(_)));
        let paths: BTreeSet<PathBuf> =
            events.flat_map(|event| event.event.paths).filter(|path| path.is_file()).collect();
        if !paths.is_empty() {
            // The receiver ends with the server.
            let _ = send.send(paths);
        }
    };
    let mut debouncer = new_debouncer(QUIET, None, on_events).map_err(ServeError::internal)?;
    for folder in &folders {
        let failed = |error| ServeError::Internal(format!("{}: cannot be watched: {error}", folder.display()));
        debouncer.watch(folder, RecursiveMode::Recursive).map_err(failed)?;
    }
    let mut paths: BTreeSet<PathBuf> = folders.into_iter().collect();
    loop {
        let inputs = paths.iter().cloned().map(Input::Path).collect();
        match app.write(move |app, store| take_in(app, store, inputs)).await {
            Ok(()) => {}
            Err(error) => tracing::error!(%error, "watched files were not ingested"),
        }
        match receive.recv().await {
            Some(arrived) => paths = arrived,
            None => return Ok(()),
        }
    }
}

fn take_in(app: &App, store: &crate::store::Store, inputs: Vec<Input>) -> Result<((), Vec<String>), ServeError> {
    // Collections are named as `pressgraph ingest` names them: relative to the folder of the store.
    let root = store.path().parent().map(std::path::Path::to_path_buf);
    let options = input::Options { root, ..Default::default() };
    let report = ingest(app, store, input::entries(inputs, &options), false, "serve --watch")?;
    for refused in &report.refused {
        tracing::warn!(path = refused.path, reason = refused.reason, "refused");
    }
    let (added, replaced, unchanged) = (report.added, report.replaced, report.unchanged);
    tracing::info!(added, replaced, unchanged, refused = report.refused.len(), "watched files ingested");
    Ok(((), report.changed))
}
