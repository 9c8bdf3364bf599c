//! Which rules read a release, and why those whose anchor occurred found nothing.

use std::ops::Range;

use super::assemble::{Assembler, Refusal};
use super::clauses::{Clause, Clauses, Nominal};
use super::language::{Voice, When};
use super::matcher::{Machine, Units};
use super::{Analysis, Fact, Relations};
use crate::text::Span;

/// A rule that was tried because the word at its anchor occurred.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Name of the rule.
    pub rule: String,
    /// Where it stands: file and line.
    pub source: (String, usize),
    /// The word at the anchor.
    pub anchor: Span,
    /// The words that the rule read: all of the match, or as far as it came.
    pub words: Option<Span>,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a rule.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Facts, before they are joined with those of other rules.
    Found(Vec<Fact>),
    /// The pattern matched, but the facts were refused.
    Refused(Refusal),
    /// The pattern did not match: what comes before or after the words read is not what it wants.
    NoMatch,
    /// The sentence lacks a name or value that the pattern needs.
    Lacks,
}

/// A verb with its places, as clause rules read it.
#[derive(Clone, Debug)]
pub struct ClauseParts {
    /// The verb group.
    pub verb: Span,
    /// Its voice.
    pub voice: Voice,
    /// Its time.
    pub when: When,
    /// Negated, conditional or merely possible.
    pub denied: bool,
    /// What may be its subject, the likeliest first.
    pub subjects: Vec<Span>,
    /// Its objects and attributes.
    pub objects: Vec<Span>,
    /// Complements with their prepositions.
    pub complements: Vec<Span>,
}

impl Relations {
    /// The clauses of all sentences, in order.
    pub fn clauses(&self, analysis: &Analysis<'_>) -> Vec<ClauseParts> {
        let mut units = Units::default();
        units.read(analysis, &self.rules.vocabulary);
        let assembler = self.assembler(*analysis, &units);
        let mut clauses = Clauses::default();
        let mut out = Vec::new();
        for (sentence, first) in units.first.iter().enumerate() {
            clauses.read(&self.rules, &units.all, *first as usize, sentence as u32);
            out.extend(clauses.all.iter().filter_map(|clause| parts(&assembler, &clauses, clause)));
        }
        out
    }

    /// All attempts in the release, in the order of their anchors.
    pub fn explain(&self, analysis: &Analysis<'_>) -> Vec<Attempt> {
        let mut units = Units::default();
        units.read(analysis, &self.rules.vocabulary);
        let assembler = self.assembler(*analysis, &units);
        let attempt = |program: u32, at: usize, range: Range<usize>, outcome: Outcome| {
            let rule = &self.rules.rules[self.rules.programs[program as usize].rule as usize];
            Attempt {
                rule: rule.name.clone(),
                source: (rule.file.clone(), rule.line),
                anchor: assembler.span(at..at + 1).unwrap_or(Span::new(0, 0)),
                words: assembler.span(range),
                outcome,
            }
        };
        let out = std::cell::RefCell::new(Vec::new());
        let mut group = 0;
        Machine::thorough().run(
            &self.rules,
            &units,
            |found| {
                group += 1;
                let outcome = match assembler.candidates(&found, group) {
                    Ok(all) => Outcome::Found(all.into_iter().map(|candidate| candidate.fact).collect()),
                    Err(refusal) => Outcome::Refused(refusal),
                };
                out.borrow_mut().push(attempt(found.program, found.anchor, found.units.clone(), outcome));
            },
            |program, at, range| {
                let outcome = if range.is_empty() { Outcome::Lacks } else { Outcome::NoMatch };
                out.borrow_mut().push(attempt(program, at, range, outcome));
            },
        );
        out.into_inner()
    }
}

/// The words of a clause.
fn parts(assembler: &Assembler<'_>, clauses: &Clauses, clause: &Clause) -> Option<ClauseParts> {
    let words = |nominals: &[Nominal], with_preposition: bool| {
        let members = nominals.iter().flat_map(|nominal| clauses.members(*nominal));
        let span = |nominal| {
            let (core, end) = clauses.extent(nominal)?;
            let start = clauses.preposition(nominal).filter(|at| with_preposition && at + 2 >= core.start);
            assembler.span(start.unwrap_or(core.start)..end)
        };
        members.filter_map(span).collect()
    };
    Some(ClauseParts {
        verb: assembler.span(clause.units.clone())?,
        voice: clause.voice,
        when: clause.when,
        denied: clause.denied,
        subjects: words(&clause.subjects, false),
        objects: words(&clause.objects, false),
        complements: words(&clause.complements, true),
    })
}
