//! Whether the words around a match assert it: denied, conditional and merely possible statements
//! are no facts; announced and past ones say so.

use std::ops::Range;

use super::fact::Status;
use super::language::RuleSet;
use super::matcher::{Found, Unit, Units};
use crate::tag::{Mood, Tense, Upos, VerbForm};

/// What the words make of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Modality {
    Asserted(Status),
    Denied,
}

/// Words read before a match, back to the edge of its clause.
const BEFORE: usize = 5;

/// The modality of the match: told by its verbs and adverbs, and by the few words before it.
pub(super) fn modality(rules: &RuleSet, units: &Units, found: &Found) -> Modality {
    if let Some(sense) = found.sense {
        let status = if sense.planned { Status::Planned } else { Status::Current };
        return if sense.denied { Modality::Denied } else { Modality::Asserted(status) };
    }
    let all = &units.all;
    let inside = |at: usize| !found.captures.iter().any(|c| c.units.contains(&at) && is_argument(rules, c.name));
    let before = (found.units.start.saturating_sub(BEFORE)..found.units.start)
        .rev()
        .take_while(|&at| !ends_clause(&all[at]))
        .collect::<Vec<_>>();
    let asides = asides(rules, units, found);
    let told_aside = |at: usize| asides.iter().any(|aside| aside.contains(&at));
    let own = found.units.clone().filter(|&at| inside(at) && !told_aside(at)).collect::<Vec<_>>();
    let mut status = Status::Current;
    let is = |unit: &Unit, class| rules.vocabulary.is_in(unit.form, unit.lemma, class);
    for &at in before.iter().chain(&own) {
        let unit = &all[at];
        let is_verb = matches!(unit.upos, Upos::Verb | Upos::Aux);
        let is_own = found.units.contains(&at);
        if is_verb && unit.morphology.mood == Some(Mood::Conditional) {
            return Modality::Denied;
        }
        if is(unit, rules.guards.negation) && is_own && negates(rules, all, at) {
            return Modality::Denied;
        }
        if is(unit, rules.guards.possibility) && (is_own || governs(all, at, found)) {
            return Modality::Denied;
        }
        if is_own && is(unit, rules.guards.former) {
            status = Status::Former;
        }
        let future = is_verb && is_own && unit.morphology.tense == Some(Tense::Future);
        if status == Status::Current && (future || is_own && is(unit, rules.guards.planned)) {
            status = Status::Planned;
        }
    }
    // `ancien directeur`: the title says so itself, or the word right before the match.
    let title = found.captures.iter().filter(|c| rules.captures.get(c.name as usize).is_some_and(|n| n == "title"));
    let first = title.map(|c| c.units.start).next();
    let words = first.into_iter().chain(first.and_then(|at| at.checked_sub(1)));
    if words.filter_map(|at| all.get(at)).any(|unit| is(unit, rules.guards.former)) {
        status = Status::Former;
    }
    Modality::Asserted(status)
}

/// The asides of a match: what stands between two commas, dashes or brackets of it with no argument in between. What is said
/// there denies nothing outside (`Valoria, qui n'a pas souhaité attendre, a racheté Mérivel`).
fn asides(rules: &RuleSet, units: &Units, found: &Found) -> Vec<Range<usize>> {
    const MARKS: [(&str, &str); 4] = [(",", ","), ("–", "–"), ("—", "—"), ("(", ")")];
    let marks = MARKS.map(|(open, close)| (rules.vocabulary.word(open), rules.vocabulary.word(close)));
    let closes = |open: usize, at: usize| {
        let form = |at: usize| units.all.get(at).filter(|unit| unit.mark).map(|unit| unit.form);
        marks.iter().any(|&(first, last)| form(open) == Some(first) && form(at) == Some(last))
    };
    let is_finite = |at: usize| units.all.get(at).is_some_and(Unit::is_finite);
    let is_told = |at: usize| found.captures.iter().any(|c| c.units.contains(&at) && is_argument(rules, c.name));
    let mut out = Vec::new();
    let mut at = found.units.start;
    while at < found.units.end {
        let close = (at + 1..found.units.end).take_while(|&end| !is_told(end)).find(|&end| closes(at, end));
        if let Some(close) = close {
            // A verb right behind the mark is that of the clause (`Valoria, à l'origine du projet, pourrait, dit-on, …`).
            if !is_finite(at + 1) {
                out.push(at + 1..close);
            }
            at = close;
        }
        at += 1;
    }
    out
}

/// Arguments and attributes are not read for modality: a title may hold any word.
fn is_argument(rules: &RuleSet, capture: u8) -> bool {
    rules.captures.get(capture as usize).is_some_and(|name| name != "trigger" && name != "context")
}

/// `pas`, `jamais`… deny only beside `ne` (`non`, `sans` always); `plus` is often a mere adverb, and `non` before an adjective
/// denies that alone (`pour un montant non communiqué`).
fn negates(rules: &RuleSet, all: &[Unit], at: usize) -> bool {
    let ne = [rules.vocabulary.word("ne"), rules.vocabulary.word("n'")];
    let next = all.get(at + 1).filter(|_| all[at].form == rules.vocabulary.word("non"));
    if next.is_some_and(|unit| unit.upos == Upos::Adj || unit.morphology.verb_form == Some(VerbForm::Participle)) {
        return false;
    }
    let always = ["non", "sans"].map(|word| rules.vocabulary.word(word));
    if always.contains(&all[at].form) {
        return true;
    }
    (at.saturating_sub(4)..at).any(|i| all[i].form.0 != 0 && ne.contains(&all[i].form))
}

/// Whether a verb before the match (`souhaite`, `envisage de`) governs what follows: nothing but an
/// infinitive and small words between.
fn governs(all: &[Unit], at: usize, found: &Found) -> bool {
    all[at + 1..=found.units.start.max(at)].iter().all(|unit| {
        matches!(unit.upos, Upos::Adp | Upos::Adv | Upos::Pron | Upos::Det)
            || unit.morphology.verb_form == Some(VerbForm::Infinitive)
    })
}

fn ends_clause(unit: &Unit) -> bool {
    unit.is_boundary() || (unit.mark && !matches!(unit.upos, Upos::Adp)) && unit.kinds.0 == 0
}
