//! Sparse weights: per feature a few tags with a weight each.

use crate::model::{Container, ContainerError};

use super::tagset::Tag;

/// Width of a score vector: the number of tags, rounded up so that it fills vector registers.
pub(crate) const LANES: usize = Tag::COUNT.next_multiple_of(8);

/// A score per tag.
pub(crate) type Scores = [i16; LANES];

/// The weights of all features, found by key in a table with open addressing.
#[derive(Debug)]
pub(crate) struct Weights {
    /// (key, index of its row plus one; 0 is empty); the length is a power of two.
    slots: Vec<(u32, u32)>,
    /// Where each row begins in `entries`; one more at the end.
    rows: Vec<u32>,
    /// Tag and weight.
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
        let mut rows = vec![0];
        let mut end = 0_u32;
        for length in lengths {
            end += u32::from(*length);
            rows.push(end);
        }
        if end as usize != tags.len() {
            return Err(damaged("lengths", "their sum is not the number of weights"));
        }
        let entries = tags.iter().copied().zip(weights.iter().map(|weight| i8::from_le_bytes([*weight]))).collect();
        let mut slots = vec![(0, 0); (keys.len() * 2).next_power_of_two().max(2)];
        let mask = slots.len() - 1;
        for (row, key) in keys.iter().enumerate() {
            let mut at = *key as usize & mask;
            while slots[at].1 != 0 {
                at = (at + 1) & mask;
            }
            slots[at] = (*key, row as u32 + 1);
        }
        Ok(Self { slots, rows, entries })
    }

    /// Adds the weights of the feature `key` to `scores`.
    pub(crate) fn add(&self, key: u32, scores: &mut Scores) {
        let mask = self.slots.len() - 1;
        let mut at = key as usize & mask;
        // Invariant: half of the slots are empty, so the walk ends; rows and tags were checked when read.
        loop {
            let (own, row) = self.slots[at];
            if row == 0 {
                return;
            }
            if own == key {
                let row = row as usize;
                for (tag, weight) in &self.entries[self.rows[row - 1] as usize..self.rows[row] as usize] {
                    let score = &mut scores[usize::from(*tag)];
                    *score = score.saturating_add(i16::from(*weight));
                }
                return;
            }
            at = (at + 1) & mask;
        }
    }
}
