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
#[derive(Debug, Default)]
pub(crate) struct Weights {
    /// The key in each slot, [`NO_FEATURE`] where there is none; the length is a power of two. Apart from the rows, as most
    /// keys that are looked up have none.
    keys: Vec<u32>,
    /// Where the row of each key begins in `entries`.
    rows: Vec<u32>,
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
        let mut out =
            Self { keys: vec![NO_FEATURE; (keys.len() * 4 / 3).next_power_of_two().max(2)], ..Self::default() };
        out.rows = vec![0; out.keys.len()];
        out.entries = vec![(0, 0)];
        let mut own = tags.iter().copied().zip(weights.iter().map(|weight| i8::from_le_bytes([*weight])));
        for (key, length) in keys.iter().zip(lengths) {
            let slot = out.slot(*key);
            if *key != NO_FEATURE {
                (out.keys[slot], out.rows[slot]) = (*key, out.entries.len() as u32);
            }
            out.entries.push((*length, 0));
            out.entries.extend(own.by_ref().take(usize::from(*length)));
        }
        Ok(out)
    }

    /// Adds the weights of the feature `key` to `scores`.
    pub(crate) fn add(&self, key: u32, scores: &mut Scores) {
        let row = self.rows[self.slot(key)];
        self.add_row(row, self.length(row), scores);
    }

    /// The weights of many features: each of `sums` gets those of one group of keys. Each step reads for all keys
    /// before the next begins, so that the processor waits for the memory once and not for one key after the other.
    pub(crate) fn add_all(&self, groups: &[impl AsRef<[u32]>], rows: &mut Rows, sums: &mut [Scores]) {
        let keys = || groups.iter().flat_map(AsRef::as_ref);
        rows.slots.clear();
        rows.slots.extend(keys().map(|key| self.slot(*key)));
        rows.found.clear();
        rows.found.extend(rows.slots.iter().map(|slot| (self.rows[*slot], 0)));
        rows.found.iter_mut().for_each(|(row, length)| *length = self.length(*row));
        let mut found = rows.found.iter();
        for (group, scores) in groups.iter().zip(sums) {
            found.by_ref().take(group.as_ref().len()).for_each(|(row, length)| self.add_row(*row, *length, scores));
        }
    }

    /// Adds the weights of a few features that are not known before. All are looked up side by side, as above.
    pub(crate) fn add_few<const N: usize>(&self, keys: [u32; N], scores: &mut Scores) {
        let rows = keys.map(|key| self.slot(key)).map(|slot| self.rows[slot]);
        let lengths = rows.map(|row| self.length(row));
        for (row, length) in rows.into_iter().zip(lengths) {
            self.add_row(row, length, scores);
        }
    }

    /// The slot of `key`, or the empty one where it would stand, whose row is the empty one at 0.
    fn slot(&self, key: u32) -> usize {
        let mask = self.keys.len() - 1;
        let mut at = key as usize & mask;
        // Invariant: a quarter of the slots or more is empty, so the walk ends.
        while self.keys[at] != key && self.keys[at] != NO_FEATURE {
            at = (at + 1) & mask;
        }
        at
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
    slots: Vec<usize>,
    /// Rows with their lengths.
    found: Vec<(u32, u8)>,
}
