//! Noun phrases: chunks, their complements with `de`, lists.

use std::ops::Range;

use super::{Clause, Phrase, Reader};
use crate::relations::language::Kinds;
use crate::relations::matcher::Unit;
use crate::tag::Upos;

impl Reader<'_> {
    /// All noun phrases of the sentence outside verb groups, in order.
    pub(super) fn phrases(&self, verbs: &[Clause], out: &mut Vec<Phrase>) {
        let mut verbs = verbs.iter().peekable();
        let mut at = self.range.start;
        while at < self.range.end {
            while verbs.next_if(|verb| verb.units.end <= at).is_some() {}
            let stop = verbs.peek().map_or(self.range.end, |verb| verb.units.start);
            if at >= stop {
                at = verbs.peek().map_or(self.range.end, |verb| verb.units.end);
                continue;
            }
            at = self.phrase(at, stop, out);
        }
        self.number_lists(out);
    }

    /// Reads a phrase or one unit at `at`; what follows begins at the result.
    fn phrase(&self, at: usize, stop: usize, out: &mut Vec<Phrase>) -> usize {
        if self.is_form(at, &[self.rules.grammar.open]) {
            return self.after_bracket(at);
        }
        let after = self.after_preposition(at, stop);
        let core = self.core(after, stop);
        if core.is_empty() {
            return at + 1;
        }
        let preposition = (after > at).then_some(at);
        let end = core.end;
        let is_of = preposition.is_some() && after == at + 1 && self.is_lemma(at, &[self.rules.grammar.de]);
        let last = out.last_mut().filter(|last| is_of && self.only_brackets(last.end..at));
        match last {
            Some(last) if self.names_the_head(&core) => {
                last.core.end = end;
                last.end = end;
            }
            Some(last) => {
                last.inner = Some(core);
                last.end = end;
            }
            None => {
                let is_time = self.is_time(&core);
                out.push(Phrase { core, end, inner: None, preposition, list: out.len(), is_time });
            }
        }
        end
    }

    /// Whether a complement with `de` ends in the name of what it is a complement of: `la chaîne de
    /// librairies Page 16`, but not `la filiale du groupe Valoria`.
    fn names_the_head(&self, core: &Range<usize>) -> bool {
        let is_bare = core.start.checked_sub(1).is_some_and(|at| self.is_form(at, &self.rules.grammar.bare_de));
        let is_noun = self.unit(core.start).is_some_and(|unit| unit.upos == Upos::Noun && unit.kinds.0 == 0);
        is_bare && is_noun && self.unit(core.end - 1).is_some_and(|unit| unit.kinds.meets(Kinds::NAMES))
    }

    /// One past the preposition at `at`, or `at`.
    fn after_preposition(&self, at: usize, stop: usize) -> usize {
        let is_adposition =
            |at: usize| at < stop && self.unit(at).is_some_and(|unit| unit.upos == Upos::Adp && unit.kinds.0 == 0);
        if is_adposition(at) {
            // `jusqu'à`, `de chez`
            return if is_adposition(at + 1) { at + 2 } else { at + 1 };
        }
        if self.is_form(at, &self.rules.grammar.adverbs) && is_adposition(at + 1) { at + 2 } else { at }
    }

    /// The units of a chunk at `at`: determiners, adjectives, nouns, names, values, in their order.
    fn core(&self, at: usize, stop: usize) -> Range<usize> {
        let mut end = at;
        let mut has_head = false;
        while end < stop {
            let Some(unit) = self.unit(end) else { break };
            let goes_on = match unit.upos {
                _ if unit.mark => false,
                _ if unit.kinds.0 != 0 => !(has_head && unit.upos == Upos::Pron),
                Upos::Det => !has_head,
                Upos::Num | Upos::Adj => true,
                Upos::Noun | Upos::Propn | Upos::X | Upos::Sym => true,
                Upos::Pron => end == at && self.is_subject_pronoun(end),
                Upos::Adv => end + 1 < stop && self.unit(end + 1).is_some_and(|next| next.upos == Upos::Adj),
                _ => false,
            };
            if !goes_on {
                break;
            }
            has_head |= unit.kinds.0 != 0 || matches!(unit.upos, Upos::Noun | Upos::Propn | Upos::Pron);
            end += 1;
            if unit.upos == Upos::Pron && unit.kinds.0 == 0 {
                break;
            }
        }
        if has_head { at..end } else { at..at }
    }

    fn is_subject_pronoun(&self, at: usize) -> bool {
        let grammar = &self.rules.grammar;
        !self.is_form(at, &grammar.clitics)
            && !self.is_form(at, &[grammar.qui])
            && !self.is_form(at, &grammar.que)
            && !self.is_form(at, &grammar.relative)
    }

    /// Whether a core tells nothing but a time.
    fn is_time(&self, core: &Range<usize>) -> bool {
        let times = Kinds::DATE.or(Kinds::DURATION);
        let mut heads = self.units[core.clone()].iter().filter(|unit| unit.upos != Upos::Det);
        heads.clone().count() > 0 && heads.all(|unit| unit.kinds.meets(times))
    }

    /// One past the bracket that closes the one at `at`.
    fn after_bracket(&self, at: usize) -> usize {
        let closes = |i: &usize| self.is_form(*i, &[self.rules.grammar.close]);
        (at..self.range.end).find(closes).map_or(at + 1, |close| close + 1)
    }

    /// Whether the units are none, or a bracket.
    pub(super) fn only_brackets(&self, units: Range<usize>) -> bool {
        units.is_empty()
            || self.is_form(units.start, &[self.rules.grammar.open]) && self.after_bracket(units.start) >= units.end
    }

    /// Gives the phrases of each list (`A, B et C`, `à A et à B`) one number.
    fn number_lists(&self, phrases: &mut [Phrase]) {
        let mut first = 0;
        while first < phrases.len() {
            let mut last = first;
            let mut closed = first;
            while last + 1 < phrases.len() && self.joins(&phrases[first], &phrases[last], &phrases[last + 1]) {
                last += 1;
                if self.ends_in_and(phrases, last) {
                    closed = last;
                }
            }
            let (list, preposition) = (phrases[first].list, phrases[first].preposition);
            for phrase in &mut phrases[first..=closed] {
                phrase.list = list;
                phrase.preposition = phrase.preposition.or(preposition);
            }
            first = closed + 1;
        }
    }

    /// Whether `next` may follow `last` in a list that `first` begins.
    fn joins(&self, first: &Phrase, last: &Phrase, next: &Phrase) -> bool {
        let lemma = |at: Option<usize>| at.and_then(|at| self.unit(at)).map(|unit| unit.lemma);
        let is_locative = |at| lemma(at).is_some_and(|lemma| self.rules.grammar.locative.contains(&lemma));
        let same = next.preposition.is_none()
            || lemma(next.preposition) == lemma(first.preposition)
            || self.is_lemma(next.preposition.unwrap_or(0), &[self.rules.grammar.de])
                && first.preposition.is_some_and(|at| self.is_form(at, &self.rules.grammar.adverbs))
            || is_locative(next.preposition) && is_locative(first.preposition);
        let stop = next.preposition.unwrap_or(next.core.start);
        // `la fédération Alma (FA) et la société Valoria`
        let after =
            if self.is_form(last.end, &[self.rules.grammar.open]) { self.after_bracket(last.end) } else { last.end };
        let between = after.min(stop)..stop;
        same && !next.is_time
            && !between.is_empty()
            && between.len() <= 3
            && between.clone().all(|at| self.is_joint(at))
    }

    fn is_joint(&self, at: usize) -> bool {
        let grammar = &self.rules.grammar;
        self.is_and(at)
            || self.is_form(at, &[grammar.comma])
            || self.is_form(at, &[grammar.ainsi]) && self.is_and(at + 1)
    }

    /// Whether the unit joins: `et`, `puis`, the last word of `ainsi que`.
    pub(super) fn is_and(&self, at: usize) -> bool {
        let grammar = &self.rules.grammar;
        let after_ainsi = || at.checked_sub(1).is_some_and(|before| self.is_form(before, &[grammar.ainsi]));
        self.is_form(at, &grammar.and) || self.is_form(at, &grammar.que) && after_ainsi()
    }

    /// Whether `et` stands before the phrase.
    fn ends_in_and(&self, phrases: &[Phrase], at: usize) -> bool {
        let start = phrases[at].preposition.unwrap_or(phrases[at].core.start);
        start.checked_sub(1).is_some_and(|before| self.is_and(before))
    }

    /// Whether the unit is a comma or a dash.
    pub(super) fn is_pause(&self, at: usize) -> bool {
        let grammar = &self.rules.grammar;
        self.is_form(at, &[grammar.comma]) || self.is_form(at, &grammar.dashes)
    }

    /// Whether the unit ends all clauses.
    pub(super) fn is_strong(&self, unit: &Unit) -> bool {
        unit.form.0 != 0 && self.rules.grammar.strong.contains(&unit.form)
    }
}
