//! What is tested before a program is run: all that tells without a step that it cannot match, in one place of memory.

use super::lexicon::Frequent;
use super::wanted::{self, MOST};
use super::{Kinds, Program};

/// What the sentence around an anchor must have for the program to match there.
#[derive(Clone, Debug)]
pub struct Gate {
    /// Kinds that the sentence must have.
    needs: Sets,
    /// Likewise before and behind the anchor.
    needs_before: Sets,
    needs_behind: Sets,
    words_before: [Want; MOST],
    words_behind: [Want; MOST],
}

/// Frequent words, or the set of [`Wanted`](super::Wanted) of that number, of which one is wanted.
type Want = (Frequent, u32);

/// Sets of kinds of which one each is needed; [`Kinds::OPEN`] where no more is.
type Sets = [Kinds; 4];

/// Where no set is wanted beside the frequent words.
const NO_SET: u32 = u32::MAX;

/// Where no more words are wanted.
const NO_WANT: Want = (Frequent::NONE, NO_SET);

impl Gate {
    /// The gate of a program that reads `needs_before` and `needs_behind` on the two sides of its anchor.
    pub(super) fn new(program: &Program, needs_before: &[Kinds], needs_behind: &[Kinds]) -> Self {
        Self {
            needs: sets(&program.needs),
            needs_before: sets(needs_before),
            needs_behind: sets(needs_behind),
            words_before: [NO_WANT; MOST],
            words_behind: [NO_WANT; MOST],
        }
    }

    /// Of what the sentence must have a word before and behind the anchor.
    pub(super) fn want(&mut self, before: &[wanted::Want], behind: &[wanted::Want]) {
        for (own, wants) in [(&mut self.words_before, before), (&mut self.words_behind, behind)] {
            own.iter_mut().zip(wants).for_each(|(own, (frequent, set))| *own = (*frequent, set.unwrap_or(NO_SET)));
        }
    }

    /// Whether a sentence has the kinds that the program needs: all of it, before the anchor, behind it.
    #[inline]
    pub fn admits(&self, all: Kinds, before: Kinds, behind: Kinds) -> bool {
        let has = |sets: &Sets, kinds: Kinds| {
            let kinds = kinds.or(Kinds::OPEN);
            sets.iter().all(|set| set.meets(kinds))
        };
        has(&self.needs_before, before) && has(&self.needs_behind, behind) && has(&self.needs, all)
    }

    /// The first of the sets of kinds that it needs before and behind the anchor.
    pub(super) fn needs_beside(&self) -> [Kinds; 2] {
        [self.needs_before, self.needs_behind].map(|[first, ..]| first)
    }

    /// Whether it lets sentences without names and values pass.
    pub(super) fn is_open(&self) -> bool {
        self.admits(Kinds::BOUNDARIES, Kinds::NONE, Kinds::NONE)
    }

    /// The sets of which a word is still wanted before and behind the anchor, where these frequent words stand there; `None`
    /// where a word is missing already.
    #[inline]
    pub fn words(&self, before: Frequent, behind: Frequent) -> Option<[impl Iterator<Item = u32>; 2]> {
        let lacks = |wants: &[Want; MOST], has: Frequent| {
            wants.iter().any(|(words, set)| *set == NO_SET && *words != Frequent::NONE && !words.meets(has))
        };
        let rest = |wants: [Want; MOST], has: Frequent| {
            let open = wants.into_iter().filter(move |(words, set)| *set != NO_SET && !words.meets(has));
            open.map(|(_, set)| set)
        };
        let lacks = lacks(&self.words_before, before) || lacks(&self.words_behind, behind);
        (!lacks).then(|| [rest(self.words_before, before), rest(self.words_behind, behind)])
    }
}

/// The first few different sets: a gate need not tell all.
fn sets(needs: &[Kinds]) -> Sets {
    let mut out = [Kinds::OPEN; 4];
    let mut different: Vec<Kinds> = Vec::new();
    for set in needs {
        if !different.contains(set) {
            different.push(*set);
        }
    }
    out.iter_mut().zip(different).for_each(|(own, set)| *own = set);
    out
}
