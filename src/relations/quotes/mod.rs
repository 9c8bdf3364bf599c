//! Direct speech: quoted spans and who is said to have spoken them.
//!
//! The patterns are those of French reporting: an inverted clause behind the quotation or inside it
//! (`« … », explique X`), a clause before it (`X a déclaré : « … »`, `Selon X, « … »`), a signature
//! below it, or the speaker of the quotation before. How sure each is stands in `data/rules/quotations.tsv`.

mod reader;
mod spans;
mod speaker;

use rustc_hash::FxHashSet;

use self::speaker::{Pattern, Speech};
use super::{Analysis, Fact, RelationType, Status, Value};
use crate::model::{ResourceError, Resources};
use crate::text::Span;

/// Name of the file with the confidence of each pattern.
const PATTERNS: &str = "rules/quotations.tsv";

/// Why the data of the quotations could not be read.
#[derive(Debug, thiserror::Error)]
pub enum QuotationError {
    /// A file is missing or cannot be read.
    #[error(transparent)]
    Resource(#[from] ResourceError),
    /// A line that names no pattern, or no confidence from 0 to 1.
    #[error(
        "data/{PATTERNS}, line {line}: expected a pattern and its confidence from 0 to 1, separated by a tab: {text}"
    )]
    Pattern {
        /// Line, from 1.
        line: usize,
        /// The line.
        text: String,
    },
}

/// Finds quotations and their speakers.
#[derive(Debug)]
pub struct Quotations {
    /// Lemmas of verbs of saying.
    verbs: FxHashSet<String>,
    /// Confidence by pattern.
    confidence: [f64; Pattern::ALL.len()],
}

impl Quotations {
    /// Reads the verbs of saying and the confidences.
    pub fn new(resources: &Resources) -> Result<Self, QuotationError> {
        let verbs = resources
            .text("lexicons/saying_verbs.txt")?
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(str::to_owned)
            .collect();
        let mut confidence = [0.5; Pattern::ALL.len()];
        for (number, line) in resources.text(PATTERNS)?.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let mut fields = line.split('\t');
            let pattern = fields.next().and_then(|name| Pattern::ALL.iter().position(|p| p.name() == name));
            let value = fields.next().and_then(|v| v.parse().ok()).filter(|v| (0.0..=1.0).contains(v));
            match (pattern, value) {
                // Invariant: `pattern` is a position in `ALL`, whose length the array has.
                (Some(pattern), Some(value)) => confidence[pattern] = value,
                _ => return Err(QuotationError::Pattern { line: number + 1, text: line.to_owned() }),
            }
        }
        Ok(Self { verbs, confidence })
    }

    /// The quotations of a release whose speaker it names, in the order of the text; one fact per
    /// quotation and speaker.
    pub fn find(&self, analysis: &Analysis<'_>) -> Vec<Fact> {
        let quotations = spans::quotations(analysis.document, &analysis.segmentation.tokens, &|i| {
            self.verbs.contains(analysis.tags.lemma(i))
        });
        if quotations.is_empty() {
            return Vec::new();
        }
        let speeches = speaker::attribute(analysis, &quotations, &self.verbs);
        let mut facts = Vec::new();
        for (quotation, speech) in quotations.iter().zip(speeches) {
            let Some(speech) = speech.filter(|_| quotation.is_speech()) else { continue };
            facts.extend(self.facts(analysis, quotation.span, &speech));
        }
        facts
    }

    fn facts(&self, analysis: &Analysis<'_>, span: Span, speech: &Speech) -> Vec<Fact> {
        let whole = span.cover(speech.clue);
        let sentences = &analysis.segmentation.sentences;
        let first = sentences.partition_point(|sentence| sentence.span.end <= whole.start);
        let evidence: Vec<Span> = sentences[first.min(sentences.len())..]
            .iter()
            .take_while(|sentence| sentence.span.start < whole.end)
            .map(|sentence| sentence.span)
            .collect();
        let text = analysis.document.source_slice(span).to_owned();
        speech
            .speakers
            .iter()
            .map(|&speaker| Fact {
                relation: RelationType::Quote,
                arguments: vec![("speaker", speaker)],
                attributes: vec![("quotation", Value { text: text.clone(), span: Some(span) })],
                evidence: evidence.clone(),
                rule: format!("quote-{}", speech.pattern.name()),
                // Invariant: a pattern's discriminant is its place in `ALL`.
                confidence: self.confidence[speech.pattern as usize],
                status: Status::Current,
            })
            .collect()
    }
}
