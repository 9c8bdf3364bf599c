//! What the next unit must be for a branch of a program to pass, told by bits alone: most branches, and most attempts, end
//! here without a step (the first sets of parsing, in a sketch).

use rustc_hash::FxHashMap;

use super::Signature;
use super::check::{Sketch, Trial};

/// What a branch wants of the unit that it reads first. It lets some through that fail, but none fail that pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Guard {
    /// None of these bits of the signature.
    forbidden: u64,
    /// One of these…
    bits: u64,
    /// …or one of these words.
    words: Sketch,
}

impl Guard {
    /// Lets all pass, even where there is no unit.
    pub(super) const ALL: Self = Self { forbidden: 0, bits: u64::MAX, words: Sketch::ALL };

    /// Whether the branch may pass.
    #[inline]
    pub fn admits(&self, Signature(bits): Signature, words: Sketch) -> bool {
        bits & self.forbidden == 0 && (bits & self.bits != 0 || words.meets(self.words))
    }

    /// Lets pass what either lets pass.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            forbidden: self.forbidden & other.forbidden,
            bits: self.bits | other.bits,
            words: self.words.or(other.words),
        }
    }

    /// The guard of a single check: its most telling test.
    pub(super) fn of(forbidden: u64, required: u64, trials: &[Trial]) -> Self {
        let words = trials.iter().filter_map(|trial| match trial {
            Trial::Words(true, _, sketch) => Some(*sketch),
            _ => None,
        });
        let feature = trials.iter().find_map(|trial| match trial {
            Trial::Both(true, _, feature) => Some(*feature),
            _ => None,
        });
        match words.min_by_key(|sketch| sketch.len()) {
            Some(words) => Self { forbidden, bits: 0, words },
            None => Self { forbidden, bits: feature.unwrap_or(required), words: Sketch::NONE },
        }
    }
}

/// The guards of all branches of `Split`, each once.
#[derive(Debug, Default)]
pub struct Branches {
    all: Vec<Guard>,
    numbers: FxHashMap<Guard, u16>,
}

impl Branches {
    /// The guard of that number.
    #[inline]
    pub fn guard(&self, number: u16) -> &Guard {
        self.all.get(usize::from(number)).unwrap_or(&Guard::ALL)
    }

    /// The number of a guard.
    pub(super) fn number(&mut self, guard: Guard) -> u16 {
        // Past the last number all guards let everything pass.
        let next = u16::try_from(self.all.len()).unwrap_or(u16::MAX);
        let number = *self.numbers.entry(guard).or_insert(next);
        if number == next && next != u16::MAX {
            self.all.push(guard);
        }
        number
    }
}
