//! Values with numbers, each once: a table with open addressing of hashes and numbers alone, so that hundreds of thousands of
//! values cost little more memory than they are long.

use std::hash::Hash;

use rustc_hash::FxBuildHasher;

/// Values by number, and the numbers of values.
#[derive(Debug)]
pub(super) struct Interner<T> {
    values: Vec<T>,
    /// The hash of a value and its number, from 1; 0 is empty. The length is a power of two.
    slots: Vec<(u32, u32)>,
}

impl<T: Copy + Eq + Hash> Interner<T> {
    /// With room for so many values.
    pub(super) fn with_capacity(values: usize) -> Self {
        let slots = vec![(0, 0); (values * 4 / 3).next_power_of_two().max(1024)];
        Self { values: Vec::with_capacity(values), slots }
    }

    /// The number of `value`, and whether it is new.
    pub(super) fn number(&mut self, value: T) -> (u32, bool) {
        if self.values.len() * 4 >= self.slots.len() * 3 {
            self.grow();
        }
        let hash = hash(value);
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        // Invariant: a quarter of the slots or more is empty, so the walk ends; slots hold numbers of values.
        while self.slots[at].1 != 0 {
            let (own, number) = self.slots[at];
            if own == hash && self.values[number as usize - 1] == value {
                return (number - 1, false);
            }
            at = (at + 1) & mask;
        }
        let number = self.push(value);
        self.slots[at] = (hash, number + 1);
        (number, true)
    }

    /// Adds a value that is not to be found: one like it gets another number.
    pub(super) fn push(&mut self, value: T) -> u32 {
        self.values.push(value);
        self.values.len() as u32 - 1
    }

    /// The value of that number.
    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.values.get_mut(number as usize)
    }

    /// The values in the order of their numbers.
    pub(super) fn into_values(self) -> Vec<T> {
        self.values
    }

    fn grow(&mut self) {
        let slots = vec![(0, 0); self.slots.len() * 2];
        let mask = slots.len() - 1;
        for slot in std::mem::replace(&mut self.slots, slots).into_iter().filter(|(_, number)| *number != 0) {
            let mut at = slot.0 as usize & mask;
            // Invariant: as above.
            while self.slots[at].1 != 0 {
                at = (at + 1) & mask;
            }
            self.slots[at] = slot;
        }
    }
}

fn hash(value: impl Hash) -> u32 {
    let hash = std::hash::BuildHasher::hash_one(&FxBuildHasher, value);
    (hash ^ hash >> 32) as u32
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
