//! Words to numbers: what both taggers look up for each token.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

/// Words, each under one or more kinds, with a number each. A table with open addressing; all words stand one behind the
/// other in one string, so that a look-up reads few lines of memory.
#[derive(Debug, Default)]
pub(crate) struct WordIndex {
    /// The hash of a word and its place in `entries`, from 1; 0 is empty. The length is a power of two.
    slots: Vec<(u32, u32)>,
    entries: Vec<Entry>,
    text: String,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Where it ends in the text; it begins where the one before ends.
    end: u32,
    kind: u8,
    number: u32,
}

impl WordIndex {
    /// Forgets all words.
    pub(crate) fn clear(&mut self) {
        self.slots.fill((0, 0));
        self.entries.clear();
        self.text.clear();
    }

    /// The number of a word.
    pub(crate) fn get(&self, kind: u8, word: &str) -> Option<u32> {
        let hash = hash(kind, word);
        let mut at = hash as usize;
        while !self.slots.is_empty() {
            // Invariant: a quarter of the slots or more is empty, so the walk ends.
            let (own, place) = self.slots[at & (self.slots.len() - 1)];
            if place == 0 {
                return None;
            }
            if own == hash && self.is(place, kind, word) {
                return self.entries.get(place as usize - 1).map(|entry| entry.number);
            }
            at = at.wrapping_add(1);
        }
        None
    }

    /// Adds a word that has no number yet.
    pub(crate) fn insert(&mut self, kind: u8, word: &str, number: u32) {
        if self.entries.len() * 4 >= self.slots.len() * 3 {
            let slots = vec![(0, 0); (self.slots.len() * 2).max(1024)];
            for (hash, place) in std::mem::replace(&mut self.slots, slots).into_iter().filter(|(_, place)| *place != 0)
            {
                self.put(hash, place);
            }
        }
        self.text.push_str(word);
        self.entries.push(Entry { end: self.text.len() as u32, kind, number });
        self.put(hash(kind, word), self.entries.len() as u32);
    }

    fn put(&mut self, hash: u32, place: u32) {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        // Invariant: as above.
        while self.slots[at].1 != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = (hash, place);
    }

    /// Whether the entry at `place` is that word.
    fn is(&self, place: u32, kind: u8, word: &str) -> bool {
        let place = place as usize;
        let start = place.checked_sub(2).and_then(|before| self.entries.get(before)).map_or(0, |entry| entry.end);
        self.entries.get(place - 1).is_some_and(|entry| {
            entry.kind == kind && self.text.as_bytes().get(start as usize..entry.end as usize) == Some(word.as_bytes())
        })
    }
}

fn hash(kind: u8, word: &str) -> u32 {
    let mut hasher = FxHasher::default();
    (kind, word).hash(&mut hasher);
    let hash = hasher.finish();
    (hash ^ hash >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::WordIndex;

    #[test]
    fn finds_what_was_added_and_nothing_else() {
        let mut index = WordIndex::default();
        assert_eq!(index.get(0, "un"), None);
        let words: Vec<String> = (0..5000).map(|number| format!("mot{number}")).collect();
        for (number, word) in words.iter().enumerate() {
            index.insert((number % 3) as u8, word, number as u32);
        }
        for (number, word) in words.iter().enumerate() {
            assert_eq!(index.get((number % 3) as u8, word), Some(number as u32));
            assert_eq!(index.get(((number + 1) % 3) as u8, word), None);
        }
        index.clear();
        assert_eq!(index.get(0, "mot0"), None);
    }
}
