use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use notify_debouncer_full::notify::{EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};

use super::Input;

/// Why a folder cannot be watched.
#[derive(Debug, thiserror::Error)]
#[error("{}: cannot watch the folder: {detail}", path.display())]
pub struct WatchError {
    /// The folder.
    pub path: PathBuf,
    /// What the system said.
    pub detail: String,
}

/// What has happened in a watched folder since the last look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that came or changed, by name; some may be gone again.
    pub files: BTreeSet<PathBuf>,
    /// Something was removed or renamed, or the system lost count: look at the whole folder.
    pub whole: bool,
}

impl Changes {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && !self.whole
    }

    /// Adds later changes.
    pub fn merge(&mut self, later: Self) {
        self.files.extend(later.files);
        self.whole |= later.whole;
    }

    /// What to read of `folder`: all of it, or the files that are there, under the names that they have as its members.
    pub fn inputs(&self, folder: &Path) -> Vec<Input> {
        if self.whole {
            return vec![Input::Path(folder.to_owned())];
        }
        let there = self.files.iter().filter(|file| file.is_file());
        there.map(|file| Input::Member { folder: folder.to_owned(), file: file.clone() }).collect()
    }
}

/// Watches a folder and all below it.
#[derive(Debug)]
pub struct Watch {
    receive: Receiver<DebounceEventResult>,
    /// As it was named.
    folder: PathBuf,
    /// Where it is: what the system's events begin with.
    absolute: PathBuf,
    _debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
}

impl Watch {
    /// Watches `folder`. A change is told once the file has been left alone for as long as `quiet`.
    ///
    /// # Errors
    /// When the folder is not there or the system has no watches left.
    pub fn new(folder: &Path, quiet: Duration) -> Result<Self, WatchError> {
        let error = |error: &dyn std::fmt::Display| WatchError { path: folder.to_owned(), detail: error.to_string() };
        if !folder.is_dir() {
            return Err(error(&"it is no folder"));
        }
        let (send, receive) = channel();
        let mut debouncer = new_debouncer(quiet, None, send).map_err(|e| error(&e))?;
        let absolute = std::path::absolute(folder).map_err(|e| error(&e))?;
        debouncer.watch(&absolute, RecursiveMode::Recursive).map_err(|e| error(&e))?;
        Ok(Self { receive, folder: folder.to_owned(), absolute, _debouncer: debouncer })
    }

    /// What has changed, waiting up to `wait` for it.
    pub fn changes(&self, wait: Duration) -> Changes {
        let mut changes = Changes::default();
        match self.receive.recv_timeout(wait) {
            Ok(events) => self.add(&mut changes, events),
            Err(RecvTimeoutError::Timeout) => return changes,
            // Without a watcher only the folder itself tells what has happened.
            Err(RecvTimeoutError::Disconnected) => {
                std::thread::sleep(wait);
                changes.whole = true;
            }
        }
        while let Ok(events) = self.receive.try_recv() {
            self.add(&mut changes, events);
        }
        changes
    }

    fn add(&self, changes: &mut Changes, events: DebounceEventResult) {
        let Ok(events) = events else {
            changes.whole = true;
            return;
        };
        for event in events {
            changes.whole |= event.need_rescan();
            let below = event.paths.iter().map(|path| path.strip_prefix(&self.absolute).unwrap_or(path));
            let is_hidden = |path: &Path| path.components().any(|part| super::walk::is_hidden(part.as_os_str()));
            let visible = below.filter(|path| !is_hidden(path)).map(|path| self.folder.join(path));
            match event.kind {
                EventKind::Access(_) => {}
                EventKind::Remove(_) => changes.whole |= visible.count() > 0,
                _ => {
                    for path in visible {
                        // A folder that comes brings files; a name that is gone was renamed.
                        changes.whole |= !path.is_file();
                        changes.files.insert(path);
                    }
                }
            }
        }
    }
}
