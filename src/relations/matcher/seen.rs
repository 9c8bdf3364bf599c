//! Which words that programs want stand in a sentence, and where.

use super::units::Units;
use crate::relations::language::{Gate, RuleSet};

/// Where the words of each set of [`RuleSet::wanted`] stand in the sentence that was asked about last.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The number of the sentence, from 1.
    sentence: u32,
    /// For each set: the sentence that it was seen in last, the first and the last unit there.
    sets: Vec<(u32, u32, u32)>,
}

impl Seen {
    /// Forgets a release; there are `sets` sets.
    pub(super) fn clear(&mut self, sets: usize) {
        self.sentence = 0;
        self.sets.clear();
        self.sets.resize(sets, (0, 0, 0));
    }

    /// Whether the words that a program wants stand before and behind its anchor, unit `at`.
    pub(super) fn has(&mut self, gate: &Gate, rules: &RuleSet, units: &Units, at: usize) -> bool {
        let around = units.around(at);
        let Some([before, behind]) = gate.words(around.before.words, around.behind.words) else { return false };
        let (mut before, mut behind) = (before.peekable(), behind.peekable());
        if before.peek().is_none() && behind.peek().is_none() {
            return true;
        }
        let sentence = units.all.get(at).map_or(0, |unit| unit.sentence + 1);
        if sentence != self.sentence {
            self.read(rules, units, sentence);
        }
        let at = at as u32;
        let place = |set: u32| self.sets.get(set as usize).copied().filter(|(seen, ..)| *seen == sentence);
        behind.all(|set| place(set).is_some_and(|(_, _, last)| last > at))
            && before.all(|set| place(set).is_some_and(|(_, first, _)| first < at))
    }

    /// Notes the words of a sentence.
    fn read(&mut self, rules: &RuleSet, units: &Units, sentence: u32) {
        self.sentence = sentence;
        let first = units.first.get(sentence as usize - 1).map_or(0, |first| *first as usize);
        let end = units.first.get(sentence as usize).map_or(units.all.len(), |first| *first as usize);
        for (at, unit) in units.all.iter().enumerate().take(end).skip(first) {
            for &set in rules.wanted.of(unit.form, unit.lemma).into_iter().flatten() {
                // Invariant: there is a place for each set.
                let place = &mut self.sets[set as usize];
                if place.0 != sentence {
                    *place = (sentence, at as u32, at as u32);
                }
                place.2 = at as u32;
            }
        }
    }
}
