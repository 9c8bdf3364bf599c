//! A hash table in parts, which grow one by one: one of all would have to be copied whole where it doubles, far from the processor.

use hashbrown::HashTable;

/// So many that a part of a million entries fits into the processor's cache.
const PARTS: usize = 256;

/// What has a hash of 64 bits, all of them as good.
pub(super) trait Hashed {
    /// The hash.
    fn hash(&self) -> u64;
}

/// Values by their hashes; two may have the same.
#[derive(Debug)]
pub(super) struct Parts<T>(Vec<HashTable<T>>);

impl<T> Default for Parts<T> {
    fn default() -> Self {
        Self((0..PARTS).map(|_| HashTable::new()).collect())
    }
}

/// The number of the part: bits which no part takes to tell its own.
fn part(hash: u64) -> usize {
    (hash >> 40) as usize % PARTS
}

// Invariant of all: there is a part of each number.
impl<T: Hashed> Parts<T> {
    pub(super) fn find(&self, hash: u64, is_it: impl FnMut(&T) -> bool) -> Option<&T> {
        self.0[part(hash)].find(hash, is_it)
    }

    pub(super) fn find_mut(&mut self, hash: u64, is_it: impl FnMut(&T) -> bool) -> Option<&mut T> {
        self.0[part(hash)].find_mut(hash, is_it)
    }

    /// The value with the hash that `is_it` knows; where there is none, `new` is inserted.
    pub(super) fn find_or_insert(
        &mut self,
        hash: u64,
        is_it: impl FnMut(&T) -> bool,
        new: impl FnOnce() -> T,
    ) -> &mut T {
        self.0[part(hash)].entry(hash, is_it, T::hash).or_insert_with(new).into_mut()
    }

    pub(super) fn remove(&mut self, hash: u64, is_it: impl FnMut(&T) -> bool) {
        if let Ok(found) = self.0[part(hash)].find_entry(hash, is_it) {
            found.remove();
        }
    }

    /// All, in any order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().flatten()
    }
}
