//! The arguments by which commands name the store.

use std::path::PathBuf;

use crate::store::{Store, StoreError};

/// Which store.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct StoreArguments {
    /// Folder of the store.
    #[arg(long, value_name = "DIR", default_value = "pressgraph.db")]
    pub(super) store: PathBuf,
}

impl StoreArguments {
    /// The store, for reading.
    pub(super) fn read(&self) -> Result<Store, StoreError> {
        Store::open_read_only(&self.store)
    }

    /// The store, for writing; there must be one.
    pub(super) fn write(&self) -> Result<Store, StoreError> {
        Store::open(&self.store)
    }
}
