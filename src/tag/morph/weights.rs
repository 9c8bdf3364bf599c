//! Sparse weights: per feature a few tags with a weight each.

use crate::model::{Container, ContainerError};

use super::tagset::Tag;

/// Width of a score vector: the number of tags, rounded up so that it fills vector registers.
pub(crate) const LANES: usize = Tag::COUNT.next_multiple_of(8);

/// A score per tag.
pub(crate) type Scores = [i16; LANES];

/// The key of no feature: one in four thousand million features would have it, and has no weights then.
pub(crate) const NO_FEATURE: u32 = 0;

/// The weights of all features, found by key in a table with open addressing.
#[derive(Debug)]
pub(crate) struct Weights {
    /// (key, where its row begins in `entries`; 0 is empty); the length is a power of two.
    slots: Vec<(u32, u32)>,
    /// Rows one behind the other, from 1 on: how many tags, then each tag with its weight. So what
    /// is read of a row lies together: reading from memory is what a look-up costs.
    entries: Vec<(u8, i8)>,
}

impl Weights {
    /// Reads the sections `keys`, `lengths`, `tags` and `weights`.
    pub(crate) fn read(container: &Container) -> Result<Self, ContainerError> {
        let damaged = |section, reason| ContainerError::Content { section, reason };
        let keys = container.numbers("keys")?;
        let lengths = container.section("lengths")?;
        let (tags, weights) = (container.section("tags")?, container.section("weights")?);
        if keys.len() != lengths.len() || tags.len() != weights.len() {
            return Err(damaged("lengths", "it does not fit the other sections"));
        }
        if tags.iter().any(|tag| Tag::from_index(*tag).is_none()) {
            return Err(damaged("tags", "there is no such tag"));
        }
        if lengths.iter().map(|length| usize::from(*length)).sum::<usize>() != tags.len() {
            return Err(damaged("lengths", "their sum is not the number of weights"));
        }
        let mut slots = vec![(0, 0); (keys.len() * 4 / 3).next_power_of_two().max(2)];
        let mask = slots.len() - 1;
        let mut entries = vec![(0, 0)];
        let mut own = tags.iter().copied().zip(weights.iter().map(|weight| i8::from_le_bytes([*weight])));
        for (key, length) in keys.iter().zip(lengths) {
            let mut at = *key as usize & mask;
            // Invariant: a quarter of the slots or more is empty, so the walk ends.
            while slots[at].1 != 0 {
                at = (at + 1) & mask;
            }
            if *key != NO_FEATURE {
                slots[at] = (*key, entries.len() as u32);
            }
            entries.push((*length, 0));
            entries.extend(own.by_ref().take(usize::from(*length)));
        }
        Ok(Self { slots, entries })
    }

    /// Adds the weights of the feature `key` to `scores`.
    pub(crate) fn add(&self, key: u32, scores: &mut Scores) {
        let row = self.row(key, self.first_slot(key));
        self.add_row(row, self.length(row), scores);
    }

    /// The weights of many features: each of `sums` gets those of one group of keys. Each step reads for all keys
    /// before the next begins, so that the processor waits for the memory once and not for one key after the other.
    pub(crate) fn add_all(&self, groups: &[impl AsRef<[u32]>], rows: &mut Rows, sums: &mut [Scores]) {
        let keys = || groups.iter().flat_map(AsRef::as_ref);
        rows.slots.clear();
        rows.slots.extend(keys().map(|key| self.first_slot(*key)));
        rows.found.clear();
        rows.found.extend(keys().zip(&rows.slots).map(|(key, first)| (self.row(*key, *first), 0)));
        rows.found.iter_mut().for_each(|(row, length)| *length = self.length(*row));
        let mut found = rows.found.iter();
        for (group, scores) in groups.iter().zip(sums) {
            found.by_ref().take(group.as_ref().len()).for_each(|(row, length)| self.add_row(*row, *length, scores));
        }
    }

    /// Adds the weights of a few features that are not known before. All are looked up side by side, as above.
    pub(crate) fn add_few<const N: usize>(&self, keys: [u32; N], scores: &mut Scores) {
        let slots = keys.map(|key| self.first_slot(key));
        let mut rows = [0; N];
        for (row, (key, slot)) in rows.iter_mut().zip(keys.into_iter().zip(slots)) {
            *row = self.row(key, slot);
        }
        let lengths = rows.map(|row| self.length(row));
        for (row, length) in rows.into_iter().zip(lengths) {
            self.add_row(row, length, scores);
        }
    }

    /// The slot where the search for `key` begins.
    fn first_slot(&self, key: u32) -> (u32, u32) {
        self.slots[key as usize & (self.slots.len() - 1)]
    }

    /// The row of `key`, whose search begins at the slot `first`; 0, an empty row, if it has none.
    fn row(&self, key: u32, first: (u32, u32)) -> u32 {
        let mask = self.slots.len() - 1;
        let mut at = key as usize & mask;
        let (mut own, mut row) = first;
        // Invariant: some slots are empty, so the walk ends.
        while row != 0 && own != key {
            at = (at + 1) & mask;
            (own, row) = self.slots[at];
        }
        row
    }

    /// How many tags a row has.
    fn length(&self, row: u32) -> u8 {
        self.entries[row as usize].0
    }

    fn add_row(&self, row: u32, length: u8, scores: &mut Scores) {
        // Invariant: rows and tags were checked when read.
        let from = row as usize + 1;
        for (tag, weight) in &self.entries[from..from + usize::from(length)] {
            let score = &mut scores[usize::from(*tag)];
            *score = score.saturating_add(i16::from(*weight));
        }
    }
}

/// The buffers of [`Weights::add_all`].
#[derive(Debug, Default)]
pub(crate) struct Rows {
    slots: Vec<(u32, u32)>,
    /// Rows with their lengths.
    found: Vec<(u32, u8)>,
}
