//! Typed facts with the words that state them, found by rules that are data (`data/rules/*.rules`,
//! `data/lexicons/*.txt`; the language is told in [`language`]).

mod assemble;
mod clauses;
mod confidence;
pub mod examples;
mod explain;
mod extend;
mod fact;
mod fill;
mod inner;
pub mod language;
mod matcher;
mod merge;
mod modality;
mod quotes;
mod succession;
pub mod titles;

pub use assemble::Refusal;
pub use confidence::{Confidence, PRECISION_FILE};
pub use explain::{Attempt, ClauseParts, Outcome};
pub use fact::{Fact, RelationType, Schema, Status, Value};
pub use quotes::{QuotationError, Quotations};

use std::sync::{Mutex, PoisonError};

use assemble::{Assembler, Candidate};
use fill::Focus;
use language::{RuleError, RuleSet};
use matcher::{Machine, Units};

use crate::entities::Resolution;
use crate::mentions::Mentions;
use crate::model::Resources;
use crate::read::Layout;
use crate::segment::Segmentation;
use crate::tag::{Tags, take};
use crate::text::Document;

/// All that the earlier stages found out about a release: what the rules read.
#[derive(Clone, Copy, Debug)]
pub struct Analysis<'a> {
    /// The text.
    pub document: &'a Document,
    /// Its parts.
    pub layout: &'a Layout,
    /// Its sentences and tokens.
    pub segmentation: &'a Segmentation,
    /// What each token is.
    pub tags: &'a Tags,
    /// Names and values.
    pub mentions: &'a Mentions,
    /// What they name, and references to it.
    pub resolution: &'a Resolution,
}

/// The rules, compiled: finds the facts of releases. By default there are none.
#[derive(Debug, Default)]
pub struct Relations {
    rules: RuleSet,
    confidence: Confidence,
    /// Buffers that no release uses now; each thread takes one and gives it back.
    idle: Mutex<Vec<Buffers>>,
}

/// What is kept from one release to the next.
#[derive(Debug, Default)]
struct Buffers {
    units: Units,
    machine: Machine,
}

/// Buffers of longer releases (in units) are not kept.
const MOST_UNITS: usize = 100_000;

impl Relations {
    /// Compiles the rules and lexicons of `resources`.
    pub fn new(resources: &Resources) -> Result<Self, RuleError> {
        Ok(Self { rules: RuleSet::new(resources)?, confidence: Confidence::new(resources)?, idle: Mutex::default() })
    }

    /// The rules.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// What the release states, in order of evidence; quotations are not among it.
    pub fn find(&self, analysis: &Analysis<'_>) -> Vec<Fact> {
        merge::merge(self.candidates(analysis), &analysis.resolution.genders)
    }

    /// What the rule `name` finds by itself, not joined with what others find.
    pub fn find_by_rule(&self, analysis: &Analysis<'_>, name: &str) -> Vec<Fact> {
        let facts = self.candidates(analysis).into_iter().map(|candidate| candidate.fact);
        facts.filter(|fact| fact.rule == name).collect()
    }

    fn candidates(&self, analysis: &Analysis<'_>) -> Vec<Candidate> {
        let idle = take(&self.idle, |buffers| buffers.units.knows(analysis.tags.memory()));
        let Buffers { mut units, mut machine } = idle.unwrap_or_default();
        units.read(analysis, &self.rules.vocabulary);
        let assembler = self.assembler(*analysis, &units);
        let mut candidates = inner::inner(&assembler);
        let mut group = 0;
        machine.run(
            &self.rules,
            &units,
            |found| {
                group += 1;
                candidates.extend(assembler.candidates(&found, group).unwrap_or_default());
            },
            |_, _, _| {},
        );
        if units.all.len() <= MOST_UNITS {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(Buffers { units, machine });
        }
        candidates
    }

    fn assembler<'a>(&'a self, analysis: Analysis<'a>, units: &'a Units) -> Assembler<'a> {
        Assembler {
            analysis,
            rules: &self.rules,
            units,
            confidence: &self.confidence,
            certainty: Confidence::of_entities(&analysis),
            focus: Focus::new(&analysis),
        }
    }
}
