//! Values with numbers, each once: hundreds of thousands of them cost little more memory than they are long.

use std::hash::{BuildHasher, Hash};

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::FxBuildHasher;

/// Values by number, and the numbers of values.
#[derive(Debug)]
pub(super) struct Interner<T> {
    values: Vec<T>,
    /// By the hash of the value.
    numbers: HashTable<u32>,
}

impl<T: Copy + Eq + Hash> Interner<T> {
    /// With room for so many values.
    pub(super) fn with_capacity(values: usize) -> Self {
        Self { values: Vec::with_capacity(values), numbers: HashTable::with_capacity(values) }
    }

    /// The number of `value`, and whether it is new.
    pub(super) fn number(&mut self, value: T) -> (u32, bool) {
        let known = |number: &u32| self.values.get(*number as usize);
        let is_it = |number: &u32| known(number) == Some(&value);
        match self.numbers.entry(hash(&value), is_it, |number| known(number).map_or(0, hash)) {
            Entry::Occupied(number) => (*number.get(), false),
            Entry::Vacant(place) => {
                let number = self.values.len() as u32;
                place.insert(number);
                self.values.push(value);
                (number, true)
            }
        }
    }

    /// Adds a value that is not to be found: one like it gets another number.
    pub(super) fn push(&mut self, value: T) -> u32 {
        self.values.push(value);
        self.values.len() as u32 - 1
    }

    /// The value of that number, one that [`Interner::push`] gave: others are found by what they are.
    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.values.get_mut(number as usize)
    }

    /// The values in the order of their numbers.
    pub(super) fn into_values(self) -> Vec<T> {
        self.values
    }
}

fn hash(value: &impl Hash) -> u64 {
    FxBuildHasher.hash_one(value)
}

#[cfg(test)]
mod tests {
    use super::Interner;

    #[test]
    fn each_value_has_one_number() {
        let mut interner = Interner::with_capacity(0);
        assert_eq!(interner.push(7_u64), 0);
        for value in 0..5000 {
            assert_eq!(interner.number(value), (value as u32 + 1, true));
        }
        for value in (0..5000).rev() {
            assert_eq!(interner.number(value), (value as u32 + 1, false));
        }
        assert_eq!(interner.into_values(), [7].into_iter().chain(0..5000).collect::<Vec<u64>>());
    }
}
