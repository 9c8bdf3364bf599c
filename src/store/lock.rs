//! The lock file: Oxigraph opened for reading ignores the lock of RocksDB, so the store has its own.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::StoreError;

/// Name of the lock file in the folder of a store.
const NAME: &str = "lock";

/// A lock on a store, held until it is dropped or the process ends.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Locks the store at `path` for one writer and no reader.
    pub(super) fn exclusive(path: &Path) -> Result<Self, StoreError> {
        let name = path.join(NAME);
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&name);
        let file = file.map_err(|error| StoreError::io(&name, error))?;
        Self::acquired(file.try_lock(), file, path, true)
    }

    /// Locks the store at `path` for readers. The lock file is only read: a store on a read-only
    /// disk can be queried.
    pub(super) fn shared(path: &Path) -> Result<Self, StoreError> {
        let name = path.join(NAME);
        let file = File::open(&name).map_err(|error| StoreError::io(&name, error))?;
        Self::acquired(file.try_lock_shared(), file, path, false)
    }

    fn acquired(result: Result<(), TryLockError>, file: File, path: &Path, writing: bool) -> Result<Self, StoreError> {
        match result {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Busy { path: path.to_owned(), writing }),
            Err(TryLockError::Error(error)) => Err(StoreError::io(&path.join(NAME), error)),
        }
    }
}
