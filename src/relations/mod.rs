//! Typed facts with the words that state them, found by rules that are data.

mod fact;
mod quotes;

pub use fact::{Fact, RelationType, Schema, Status, Value};
pub use quotes::{QuotationError, Quotations};

use crate::entities::Resolution;
use crate::mentions::Mentions;
use crate::read::Layout;
use crate::segment::Segmentation;
use crate::tag::Tags;
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
