//! `serve --watch DIR`: what arrives in a folder is ingested by the serving process.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::mpsc;

use super::ServeError;
use super::app::App;
use super::releases::ingest;
use crate::input::{self, Changes, Input, Watch};

/// A file is read once it has not changed for so long.
const QUIET: Duration = Duration::from_millis(700);
/// How often a watching thread looks whether the server has ended.
const TICK: Duration = Duration::from_millis(500);

/// Ingests what the folders hold, then each file that arrives or changes, until the server ends.
///
/// # Errors
/// When a folder cannot be watched.
pub async fn watch(app: App, folders: Vec<PathBuf>) -> Result<(), ServeError> {
    let (send, mut receive) = mpsc::unbounded_channel();
    let mut waiting = BTreeMap::new();
    for folder in folders {
        // The system tells absolute paths.
        let folder = std::fs::canonicalize(&folder).unwrap_or(folder);
        let watch = Watch::new(&folder, QUIET).map_err(ServeError::internal)?;
        let (send, name) = (send.clone(), folder.clone());
        let look = move || {
            while !send.is_closed() {
                let changes = watch.changes(TICK);
                if !changes.is_empty() && send.send((name.clone(), changes)).is_err() {
                    return;
                }
            }
        };
        std::thread::Builder::new().name("watch".to_owned()).spawn(look).map_err(ServeError::internal)?;
        waiting.insert(folder, Changes { whole: true, ..Changes::default() });
    }
    loop {
        let changed = std::mem::take(&mut waiting);
        let inputs: Vec<Input> = changed.iter().flat_map(|(folder, changes)| changes.inputs(folder)).collect();
        if !inputs.is_empty()
            && let Err(error) = app.write(move |app, store| take_in(app, store, inputs)).await
        {
            tracing::error!(%error, "watched files were not ingested");
        }
        let Some(mut next) = receive.recv().await else { return Ok(()) };
        loop {
            let (folder, changes) = next;
            waiting.entry(folder).or_default().merge(changes);
            match receive.try_recv() {
                Ok(more) => next = more,
                Err(_) => break,
            }
        }
    }
}

fn take_in(app: &App, store: &crate::store::Store, inputs: Vec<Input>) -> Result<((), Vec<String>), ServeError> {
    // Collections are named as `pressgraph ingest` names them: relative to the folder of the store.
    let path = std::fs::canonicalize(store.path()).unwrap_or_else(|_| store.path().to_owned());
    let root = path.parent().map(std::path::Path::to_path_buf);
    let options = input::Options { root, ..Default::default() };
    let report = ingest(app, store, input::entries(inputs, &options), false, "serve --watch")?;
    for refused in &report.refused {
        tracing::warn!(path = refused.path, reason = refused.reason, "refused");
    }
    let (added, replaced, unchanged) = (report.added, report.replaced, report.unchanged);
    tracing::info!(added, replaced, unchanged, refused = report.refused.len(), "watched files ingested");
    Ok(((), report.changed))
}
