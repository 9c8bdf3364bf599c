//! What the next unit must be for a branch of a program to pass, told by bits alone: most branches, and most attempts, end
//! here without a step (the first sets of parsing, in a sketch).

use super::check::{Sketch, Trial};
use super::{Checks, Instruction, Signature};

/// What a branch wants of the unit that it reads first. It lets some through that fail, but none fail that pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// None of these bits of the signature.
    forbidden: u64,
    /// One of these…
    bits: u64,
    /// …or one of these words.
    words: Sketch,
}

impl Guard {
    /// Lets nothing pass.
    const NONE: Self = Self { forbidden: u64::MAX, bits: 0, words: Sketch::NONE };
    /// Lets all pass, even where there is no unit.
    pub(super) const ALL: Self = Self { forbidden: 0, bits: u64::MAX, words: Sketch::ALL };

    /// Whether the branch may pass.
    #[inline]
    pub fn admits(&self, Signature(bits): Signature, words: Sketch) -> bool {
        bits & self.forbidden == 0 && (bits & self.bits != 0 || words.meets(self.words))
    }

    fn or(self, other: Self) -> Self {
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

/// The guards of the two branches of an [`Instruction::Split`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fork {
    /// Of the branch that is tried first.
    pub first: Guard,
    /// Of the other.
    pub second: Guard,
}

/// The guards of a program.
#[derive(Clone, Debug)]
pub(super) struct Guards {
    /// By the number of the split.
    pub(super) forks: Vec<Fork>,
    /// At each step.
    steps: Vec<Guard>,
}

impl Guards {
    /// The guards of `code` with `splits` splits.
    pub(super) fn new(code: &[Instruction], splits: u32, checks: &Checks) -> Self {
        let mut steps = vec![Guard::NONE; code.len()];
        let at = |steps: &[Guard], step: usize| steps.get(step).copied().unwrap_or(Guard::ALL);
        // Backwards, so that what follows is known but for loops: these are settled at the next turn.
        let mut is_settled = false;
        while !is_settled {
            is_settled = true;
            for (step, instruction) in code.iter().enumerate().rev() {
                let guard = match *instruction {
                    Instruction::Read(check) => checks.guard(check),
                    Instruction::Split(first, second, _) => at(&steps, first as usize).or(at(&steps, second as usize)),
                    Instruction::Jump(target) => at(&steps, target as usize),
                    Instruction::Turn | Instruction::Match => Guard::ALL,
                    _ => at(&steps, step + 1),
                };
                is_settled &= guard == steps[step];
                steps[step] = guard;
            }
        }
        let mut forks = vec![Fork { first: Guard::ALL, second: Guard::ALL }; splits as usize];
        for instruction in code {
            if let Instruction::Split(first, second, number) = *instruction {
                // Invariant: programs number their splits below `splits`.
                forks[number as usize] =
                    Fork { first: at(&steps, first as usize), second: at(&steps, second as usize) };
            }
        }
        Self { forks, steps }
    }

    /// The guard at a step; what is past the end lets all pass.
    pub(super) fn at(&self, step: usize) -> Guard {
        self.steps.get(step).copied().unwrap_or(Guard::ALL)
    }
}
