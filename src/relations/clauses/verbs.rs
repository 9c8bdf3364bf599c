//! Verb groups: clitics, auxiliaries, adverbs and the verb itself.

use super::{Clause, Form, Reader};
use crate::relations::language::{Kinds, Voice, When};
use crate::relations::matcher::Unit;
use crate::tag::{Mood, Tense, Upos, VerbForm};

/// Adverbs and clitics that may stand inside a group, one after the other.
const MOST_INSIDE: usize = 4;

impl Reader<'_> {
    /// All verb groups of the sentence, in order.
    pub(super) fn verbs(&self, out: &mut Vec<Clause>) {
        let mut at = self.range.start;
        while at < self.range.end {
            if self.is_verb(at) {
                let group = self.verb_group(at);
                at = group.units.end;
                out.push(group);
            } else {
                at += 1;
            }
        }
    }

    fn is_verb(&self, at: usize) -> bool {
        self.unit(at).is_some_and(|u| u.kinds.0 == 0 && matches!(u.upos, Upos::Verb | Upos::Aux) && !u.mark)
    }

    fn verb_group(&self, start: usize) -> Clause {
        let grammar = &self.rules.grammar;
        let auxiliary = [grammar.etre, grammar.avoir];
        // `a` … `été` … `nommée`
        let mut chain = vec![start];
        let mut head = start;
        while self.is_lemma(head, &auxiliary) {
            let next = (head + 1..=head + 1 + MOST_INSIDE)
                .take_while(|&at| at == head + 1 || self.may_stand_inside(at - 1))
                .find(|&at| self.is_participle(at));
            let Some(next) = next else { break };
            chain.push(next);
            head = next;
        }
        let before = (self.range.start..start).rev().take(3).take_while(|&at| self.is_clitic(at)).last();
        let from = before.unwrap_or(start);
        let mut end = head + 1;
        while end < self.range.end && end < head + 3 && self.is_negation(end) {
            end += 1;
        }
        // Invariant: verbs are units of the sentence.
        let first = &self.units[start];
        let negated =
            (from..start).any(|at| self.is_form(at, &grammar.ne)) && (start..end).any(|at| self.is_negation(at));
        let voice = self.voice(from, &chain);
        Clause {
            units: from..end,
            head,
            form: form(first),
            voice,
            when: when(first, self.is_compound(&chain, voice)),
            denied: negated || first.morphology.mood == Some(Mood::Conditional),
            subjects: Vec::new(),
            objects: Vec::new(),
            complements: Vec::new(),
        }
    }

    fn voice(&self, from: usize, chain: &[usize]) -> Voice {
        let grammar = &self.rules.grammar;
        let (first, head) = (chain[0], chain[chain.len() - 1]);
        if (from..first).any(|at| self.is_form(at, &grammar.reflexive)) {
            return Voice::Reflexive;
        }
        let is_past = self.is_participle(head);
        let after_etre = chain.len() > 1 && self.is_lemma(chain[chain.len() - 2], &[grammar.etre]);
        if is_past && (chain.len() == 1 || after_etre) && !self.is_lemma(head, &grammar.with_etre) {
            Voice::Passive
        } else {
            Voice::Active
        }
    }

    /// A compound past: with `avoir`, or with `être` but no passive.
    fn is_compound(&self, chain: &[usize], voice: Voice) -> bool {
        let with_avoir = self.is_lemma(chain[0], &[self.rules.grammar.avoir]);
        chain.len() > 1 && (with_avoir || voice != Voice::Passive)
    }

    pub(super) fn is_participle(&self, at: usize) -> bool {
        self.unit(at).is_some_and(|unit| {
            unit.kinds.0 == 0
                && matches!(unit.upos, Upos::Verb | Upos::Aux)
                && unit.morphology.verb_form == Some(VerbForm::Participle)
                && unit.morphology.tense != Some(Tense::Present)
        })
    }

    /// Adverbs, dates, and pronouns after the verb (`a-t-il`).
    fn may_stand_inside(&self, at: usize) -> bool {
        let is_small = |unit: &Unit| {
            matches!(unit.upos, Upos::Adv | Upos::Pron) && unit.kinds.0 == 0 || unit.kinds.meets(Kinds::DATE)
        };
        self.unit(at).is_some_and(is_small) || self.is_negation(at)
    }

    fn is_clitic(&self, at: usize) -> bool {
        let grammar = &self.rules.grammar;
        self.is_form(at, &grammar.ne)
            || self.is_form(at, &grammar.clitics) && self.unit(at).is_some_and(|unit| unit.upos == Upos::Pron)
    }

    fn is_negation(&self, at: usize) -> bool {
        self.is_in(at, self.guards().negation)
    }

    pub(super) fn is_in(&self, at: usize, class: crate::relations::language::ClassId) -> bool {
        self.unit(at).is_some_and(|unit| self.rules.vocabulary.is_in(unit.form, unit.lemma, class))
    }
}

fn form(first: &Unit) -> Form {
    match first.morphology.verb_form {
        Some(VerbForm::Infinitive) => Form::Infinitive,
        Some(VerbForm::Participle) => Form::Participle,
        _ => Form::Finite,
    }
}

/// The time that the first verb of a group tells.
fn when(first: &Unit, compound: bool) -> When {
    match first.morphology.tense {
        Some(Tense::Future) => When::Future,
        Some(Tense::Past | Tense::Imperfect) => When::Past,
        _ if compound => When::Past,
        _ => When::Present,
    }
}
