//! The clauses of a sentence: which noun phrases are subject, object, agent and complements of which
//! verb, with its voice, tense and negation.
//!
//! A shallow analysis in one pass over the units, in the manner of finite-state parsers (Abney,
//! "Partial parsing via finite-state cascades", 1996): chunks first ([`phrases`], [`verbs`]), then
//! clauses ([`link`]). It is made only for sentences in which a clause rule finds its verb.

mod link;
mod phrases;
mod verbs;

use std::ops::Range;

use super::language::{Guards, RuleSet, Voice, When, WordId};
use super::matcher::Unit;

/// A noun phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    /// From its determiner to its last noun or name, without preposition.
    pub(super) core: Range<usize>,
    /// One past the last unit of its complements with `de`.
    pub(super) end: usize,
    /// The core of the last of these complements.
    pub(super) inner: Option<Range<usize>>,
    /// The preposition before it, or before the first of its list.
    pub(super) preposition: Option<usize>,
    /// The list it belongs to (`A, B et C`): phrases of one list share a number.
    pub(super) list: usize,
    /// A date, a duration or the like: no subject and no object.
    pub(super) is_time: bool,
}

/// How a verb group begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Finite,
    Infinitive,
    Participle,
}

/// A verb group with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    /// Its units, from clitics and auxiliaries to the verb.
    pub(super) units: Range<usize>,
    /// The verb that carries the meaning.
    pub(super) head: usize,
    pub(super) form: Form,
    pub(super) voice: Voice,
    pub(super) when: When,
    /// Negated, conditional, or governed by a verb of mere possibility.
    pub(super) denied: bool,
    /// What may be its subject, the likeliest first.
    pub(super) subjects: Vec<Nominal>,
    /// Its objects or attributes.
    pub(super) objects: Vec<Nominal>,
    /// Phrases with a preposition, also the agent (`par`).
    pub(super) complements: Vec<Nominal>,
}

/// What fills a place of a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nominal {
    /// The phrase of that number, with all of its list.
    Phrase(usize),
    /// The phrase of that number without its list.
    Alone(usize),
    /// The last complement with `de` of that phrase: `la filiale de Valoria qui…`.
    Inner(usize),
}

/// The clauses of one sentence; kept until another is asked for.
#[derive(Debug, Default)]
pub(super) struct Clauses {
    sentence: Option<u32>,
    pub(super) phrases: Vec<Phrase>,
    pub(super) all: Vec<Clause>,
}

impl Clauses {
    /// Forgets the sentence: another release comes.
    pub(super) fn clear(&mut self) {
        self.sentence = None;
    }

    /// Analyses the sentence of unit `at`, if it is not at hand already.
    pub(super) fn read(&mut self, rules: &RuleSet, units: &[Unit], first: usize, sentence: u32) {
        if self.sentence == Some(sentence) {
            return;
        }
        self.sentence = Some(sentence);
        let end = units[first..].iter().position(Unit::is_boundary).map_or(units.len(), |length| first + length);
        let reader = Reader { rules, units, range: first..end };
        self.all.clear();
        self.phrases.clear();
        reader.verbs(&mut self.all);
        reader.phrases(&self.all, &mut self.phrases);
        reader.link(&self.phrases, &mut self.all);
    }

    /// The units of the core, and one past the last unit of its complements.
    pub(super) fn extent(&self, nominal: Nominal) -> Option<(Range<usize>, usize)> {
        match nominal {
            Nominal::Phrase(at) | Nominal::Alone(at) => self.phrases.get(at).map(|p| (p.core.clone(), p.end)),
            Nominal::Inner(at) => self.phrases.get(at).and_then(|p| Some((p.inner.clone()?, p.end))),
        }
    }

    /// Its preposition, or that of its list.
    pub(super) fn preposition(&self, nominal: Nominal) -> Option<usize> {
        let (Nominal::Phrase(at) | Nominal::Alone(at) | Nominal::Inner(at)) = nominal;
        self.phrases.get(at).and_then(|phrase| phrase.preposition)
    }

    /// All members of the list that it stands in.
    pub(super) fn members(&self, nominal: Nominal) -> Vec<Nominal> {
        match nominal {
            Nominal::Inner(_) | Nominal::Alone(_) => vec![nominal],
            Nominal::Phrase(at) => {
                let Some(list) = self.phrases.get(at).map(|phrase| phrase.list) else { return Vec::new() };
                let same = |&i: &usize| self.phrases[i].list == list;
                (0..self.phrases.len()).filter(same).map(Nominal::Phrase).collect()
            }
        }
    }
}

/// Reads one sentence.
struct Reader<'a> {
    rules: &'a RuleSet,
    units: &'a [Unit],
    range: Range<usize>,
}

impl Reader<'_> {
    /// Unit `at`, if it lies in the sentence.
    fn unit(&self, at: usize) -> Option<&Unit> {
        self.units.get(at).filter(|_| self.range.contains(&at))
    }

    fn is_form(&self, at: usize, words: &[WordId]) -> bool {
        self.unit(at).is_some_and(|unit| unit.form.0 != 0 && words.contains(&unit.form))
    }

    fn is_lemma(&self, at: usize, words: &[WordId]) -> bool {
        self.unit(at).is_some_and(|unit| unit.lemma.0 != 0 && words.contains(&unit.lemma))
    }

    fn guards(&self) -> &Guards {
        &self.rules.guards
    }
}
