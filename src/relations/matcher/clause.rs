//! Matches clause patterns against the clauses of a sentence.

use std::ops::Range;

use super::run::{Capture, Found, Machine, Sense, passes};
use super::units::{Unit, Units};
use crate::relations::clauses::{Clause, Clauses, Nominal};
use crate::relations::language::{ClausePattern, Place, Program, RuleSet, Slot, When};

impl Machine {
    /// The match of a clause pattern whose verb stands at `at`, if there is one.
    pub(super) fn clause(&mut self, rules: &RuleSet, id: u32, units: &Units, at: usize) -> Option<Found> {
        // Invariant: anchors hold indices of programs, and units carry the number of their sentence.
        let program: &Program = &rules.programs[id as usize];
        let pattern = program.clause.as_ref()?;
        let sentence = units.all[at].sentence;
        let mut clauses = std::mem::take(&mut self.clauses);
        clauses.read(rules, &units.all, units.first[sentence as usize] as usize, sentence);
        let found = clauses.all.iter().find(|clause| clause.head == at).and_then(|clause| {
            self.reach = (clause.units.start, clause.units.end);
            self.fit(rules, pattern, &units.all, &clauses, clause)
        });
        self.clauses = clauses;
        let (range, captures, sense) = found?;
        Some(Found { program: id, anchor: at, units: range, captures, sense: Some(sense) })
    }

    fn fit(
        &mut self,
        rules: &RuleSet,
        pattern: &ClausePattern,
        units: &[Unit],
        clauses: &Clauses,
        clause: &Clause,
    ) -> Option<(Range<usize>, Vec<Capture>, Sense)> {
        let verb = &units[clause.head];
        let fits = pattern.voice.is_none_or(|voice| voice == clause.voice)
            && pattern.when.is_none_or(|when| when == clause.when)
            && pattern.verb.iter().any(|atom| passes(rules, atom, verb));
        if !fits {
            return None;
        }
        let mut range = clause.units.clone();
        let mut captures = Vec::new();
        for slot in &pattern.slots {
            let before = captures.len();
            let is_filled = places(slot, clause)
                .iter()
                .any(|nominal| self.fill(rules, slot, units, clauses, *nominal, &mut range, &mut captures));
            if !is_filled && slot.required {
                return None;
            }
            debug_assert!(is_filled || captures.len() == before, "a place that is empty captures nothing");
        }
        captures.sort_by_key(|capture: &Capture| (capture.name, capture.units.start));
        captures.dedup();
        Some((range, captures, Sense { denied: clause.denied, planned: clause.when == When::Future }))
    }

    /// Reads the phrases of a list with the pattern of a slot; true if one passes.
    #[expect(clippy::too_many_arguments, reason = "what is read and what it adds to")]
    fn fill(
        &mut self,
        rules: &RuleSet,
        slot: &Slot,
        units: &[Unit],
        clauses: &Clauses,
        nominal: Nominal,
        range: &mut Range<usize>,
        captures: &mut Vec<Capture>,
    ) -> bool {
        if slot.place == Place::Complement && !is_after(slot, units, clauses, nominal) {
            return false;
        }
        let mut any = false;
        for member in clauses.members(nominal) {
            let Some((core, end)) = clauses.extent(member) else { continue };
            let Some(inside) = units.get(..end) else { continue };
            let read = core.into_iter().find_map(|start| self.attempt(rules, &slot.program, inside, start));
            if let Some(read) = read {
                *range = range.start.min(read.start)..range.end.max(read.end);
                captures.extend(self.captures());
                any = true;
            }
        }
        any
    }
}

/// What may fill a slot.
fn places<'a>(slot: &Slot, clause: &'a Clause) -> &'a [Nominal] {
    match slot.place {
        Place::Subject => &clause.subjects,
        Place::Object => &clause.objects,
        Place::Complement => &clause.complements,
    }
}

/// Whether a phrase has one of the prepositions that the slot wants.
fn is_after(slot: &Slot, units: &[Unit], clauses: &Clauses, nominal: Nominal) -> bool {
    let preposition = clauses.preposition(nominal).and_then(|at| units.get(at));
    slot.prepositions.is_empty()
        || preposition
            .is_some_and(|unit| slot.prepositions.contains(&unit.form) || slot.prepositions.contains(&unit.lemma))
}
