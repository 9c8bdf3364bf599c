//! A reader that follows what other processes ingest.
//!
//! A store opened for reading stays as it was, and holds a lock against writers. So a read-only
//! server serves from a checkpoint: hard links to the database's immutable files and copies of the
//! few that change, made in an instant under the lock. Writers may then come and go; whenever the
//! database has changed and no writer is at it, the server takes another checkpoint.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};

use super::app::{App, blocking};
use super::priority::patiently;
use crate::store::{REVISION, Store, StoreError};

/// How often a follower looks.
const INTERVAL: Duration = Duration::from_secs(1);

/// A store opened for reading from a checkpoint, which is removed when dropped.
#[derive(Debug)]
pub struct Follower {
    path: PathBuf,
    folder: PathBuf,
    number: u64,
    state: State,
    /// The openings that requests may still read from, with their checkpoints.
    open: Vec<(Weak<Store>, PathBuf)>,
}

/// Names, sizes and times of the database's files: differs when something was written.
type State = Vec<(String, u64, Option<SystemTime>)>;

impl Follower {
    /// Opens the store at `path` for reading, without keeping writers away.
    ///
    /// # Errors
    /// When there is no store, or a process is writing it.
    pub fn open(path: &Path) -> Result<(Self, Arc<Store>), StoreError> {
        let folder = path.join(format!("readers-{}", std::process::id()));
        let mut follower = Self { path: path.to_owned(), folder, number: 0, state: State::new(), open: Vec::new() };
        let store = follower.checkpoint()?;
        Ok((follower, store))
    }

    /// Another opening of the store, if it has changed and nobody is writing it now.
    ///
    /// # Errors
    /// When the store can no longer be read.
    pub fn refresh(&mut self) -> Result<Option<Arc<Store>>, StoreError> {
        if state(&self.path) == self.state {
            return Ok(None);
        }
        match self.checkpoint() {
            Ok(store) => Ok(Some(store)),
            Err(StoreError::Busy { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn checkpoint(&mut self) -> Result<Arc<Store>, StoreError> {
        // While this opening lives, its lock keeps writers away.
        let original = Store::open_read_only(&self.path)?;
        let state = state(&self.path);
        self.number += 1;
        let copy = self.folder.join(self.number.to_string());
        let result = link(&self.path, &copy).map_err(|source| StoreError::Io { path: copy.clone(), source });
        drop(original);
        result?;
        let store = Arc::new(Store::open_read_only(&copy)?);
        self.open.push((Arc::downgrade(&store), copy));
        self.open.retain(|(store, folder)| {
            let is_used = store.strong_count() > 0;
            if !is_used {
                // What cannot be removed takes no more than space.
                let _ = std::fs::remove_dir_all(folder);
            }
            is_used
        });
        self.state = state;
        Ok(store)
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        // What cannot be removed takes no more than the space of files that the store has dropped.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Looks for changes until the server ends.
pub async fn follow(app: App, follower: Follower) {
    let mut follower = follower;
    loop {
        let worker = app.clone();
        let result = blocking(move || {
            match follower.refresh() {
                Ok(Some(store)) => {
                    worker.replace_store(store);
                    patiently(|| worker.repair_index())?;
                    tracing::info!("the store has changed: serving its new state");
                }
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(%error, "the store cannot be read anew: serving its former state");
                }
            }
            Ok(follower)
        })
        .await;
        match result {
            Ok(back) => follower = back,
            Err(error) => {
                tracing::error!(%error, "the store is followed no longer");
                return;
            }
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

fn database(path: &Path) -> PathBuf {
    path.join("database")
}

fn state(path: &Path) -> State {
    let entries = std::fs::read_dir(database(path)).into_iter().flatten().flatten();
    let mut state: State = entries
        .filter_map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            // A reader's own log is no change.
            if name.starts_with("LOG") || name == "LOCK" {
                return None;
            }
            let metadata = entry.metadata().ok()?;
            Some((name, metadata.len(), metadata.modified().ok()))
        })
        .collect();
    state.sort();
    state
}

/// Links the database's tables, which never change, and copies the rest.
fn link(path: &Path, copy: &Path) -> std::io::Result<()> {
    let _ = std::fs::remove_dir_all(copy);
    let (from, to) = (database(path), database(copy));
    std::fs::create_dir_all(&to)?;
    std::fs::copy(path.join("store.json"), copy.join("store.json"))?;
    std::fs::write(copy.join("lock"), "")?;
    if path.join(REVISION).exists() {
        std::fs::copy(path.join(REVISION), copy.join(REVISION))?;
    }
    if !from.exists() {
        return Ok(());
    }
    for entry in std::fs::read_dir(&from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let is_table = source.extension().is_some_and(|extension| extension == "sst");
        if !entry.file_type()?.is_file() || entry.file_name() == "LOCK" {
            continue;
        }
        if !is_table || std::fs::hard_link(&source, &target).is_err() {
            std::fs::copy(&source, &target)?;
        }
    }
    Ok(())
}
