//! Names and values in the text: what the tagger found, made consistent within the release; dates,
//! durations, amounts, percentages, counts.

mod dates;
pub mod identifiers;
mod lexicon;
mod numerals;
mod quantities;
mod repair;
mod scan;
mod value;
mod words;

pub use identifiers::Identifier;
pub use lexicon::{Head, HeadUse, Lexicon, LexiconError};
pub use value::{Currency, Value, ValueKind};

use std::ops::Range;

use crate::read::Layout;
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
    /// Numbers of registers and codes of shares.
    pub identifiers: Vec<Identifier>,
}

impl Mentions {
    /// The mentions of `document`, from the names that the tagger found, mended.
    pub fn new(
        document: &Document,
        segmentation: &Segmentation,
        tags: &Tags,
        layout: &Layout,
        lexicon: &Lexicon,
        names: &[NameTag],
    ) -> Self {
        let names = repair::repair(document, segmentation, tags, lexicon, names);
        let mut mentions = Self::with_names(document, segmentation, tags, layout, names);
        let Self { names, identifiers, .. } = &mut mentions;
        names.retain(|name| !identifiers::is_registration(document.text(), name.span, identifiers));
        mentions
    }

    /// The mentions of `document` with names that somebody else has found: sorted, not overlapping.
    pub fn with_names(
        document: &Document,
        segmentation: &Segmentation,
        tags: &Tags,
        layout: &Layout,
        names: Vec<Mention>,
    ) -> Self {
        let values = scan::values(document, segmentation, tags, layout.issued, &names);
        Self { names, values, identifiers: identifiers::find(document.text()) }
    }
}
