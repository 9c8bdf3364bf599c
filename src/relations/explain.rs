//! Which rules read a release, and why those whose anchor occurred found nothing.

use std::ops::Range;

use super::assemble::Refusal;
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

impl Relations {
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
        Machine::default().run(
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
