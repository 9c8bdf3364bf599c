//! What is tested before a program is run: all that tells without a step that it cannot match, in one place of memory.

use super::guard::Guard;
use super::wanted::MOST;
use super::{Kinds, Program};

/// What the sentence around an anchor must have for the program to match there.
#[derive(Clone, Debug)]
pub struct Gate {
    /// Kinds that the sentence must have.
    needs: Sets,
    /// Likewise before and behind the anchor.
    needs_before: Sets,
    needs_behind: Sets,
    /// What must stand right before the anchor.
    pub before: Guard,
    /// What must stand right behind it.
    pub behind: Guard,
    words_before: [u32; MOST],
    words_behind: [u32; MOST],
}

/// Sets of kinds of which one each is needed; [`OPEN`] where no more is.
type Sets = [Kinds; 4];

/// The set that all meet.
const OPEN: Kinds = Kinds(1 << 15);

/// Where no more words are wanted.
const NO_SET: u32 = u32::MAX;

impl Gate {
    /// The gate of a program that reads `needs_before` and `needs_behind` on the two sides of its anchor.
    pub(super) fn new(program: &Program, needs_before: &[Kinds], needs_behind: &[Kinds]) -> Self {
        Self {
            needs: sets(&program.needs),
            needs_before: sets(needs_before),
            needs_behind: sets(needs_behind),
            before: Guard::ALL,
            behind: Guard::ALL,
            words_before: [NO_SET; MOST],
            words_behind: [NO_SET; MOST],
        }
    }

    /// The sets of [`Wanted`](super::Wanted) of which the sentence must have a word before and behind the anchor.
    pub(super) fn want(&mut self, before: &[u32], behind: &[u32]) {
        for (own, sets) in [(&mut self.words_before, before), (&mut self.words_behind, behind)] {
            own.iter_mut().zip(sets).for_each(|(own, set)| *own = *set);
        }
    }

    /// Whether a sentence has the kinds that the program needs: all of it, before the anchor, behind it.
    #[inline]
    pub fn admits(&self, all: Kinds, before: Kinds, behind: Kinds) -> bool {
        let has = |sets: &Sets, kinds: Kinds| {
            let kinds = kinds.or(OPEN);
            sets.iter().all(|set| set.meets(kinds))
        };
        has(&self.needs_before, before) && has(&self.needs_behind, behind) && has(&self.needs, all)
    }

    /// Whether it lets sentences without names and values pass.
    pub(super) fn is_open(&self) -> bool {
        self.admits(Kinds::BOUNDARIES, Kinds::NONE, Kinds::NONE)
    }

    /// The sets of words wanted before the anchor.
    pub fn words_before(&self) -> impl Iterator<Item = u32> {
        self.words_before.into_iter().take_while(|set| *set != NO_SET)
    }

    /// The sets of words wanted behind the anchor.
    pub fn words_behind(&self) -> impl Iterator<Item = u32> {
        self.words_behind.into_iter().take_while(|set| *set != NO_SET)
    }
}

/// The first few different sets: a gate need not tell all.
fn sets(needs: &[Kinds]) -> Sets {
    let mut out = [OPEN; 4];
    let mut different: Vec<Kinds> = Vec::new();
    for set in needs {
        if !different.contains(set) {
            different.push(*set);
        }
    }
    out.iter_mut().zip(different).for_each(|(own, set)| *own = set);
    out
}
