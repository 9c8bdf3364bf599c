//! The stages in their order: text in, entities and facts out.

use crate::entities::{Entity, EntityId};
use crate::relations::Fact;
use crate::segment::Segmentation;
use crate::text::Document;

/// What a release says: the result of the whole extraction.
#[derive(Clone, Debug)]
pub struct Extraction {
    /// The text, which all spans refer to.
    pub document: Document,
    /// Its sentences and tokens.
    pub segmentation: Segmentation,
    /// Who publishes it.
    pub issuer: Option<EntityId>,
    /// Date of publication: ISO, as precise as known (`2024`, `2024-05`, `2024-05-17`).
    pub issued: Option<String>,
    /// What it names, in order of first mention.
    pub entities: Vec<Entity>,
    /// What it states, in order of evidence.
    pub facts: Vec<Fact>,
}

/// Why an extractor could not be built.
#[derive(Debug, thiserror::Error)]
pub enum ExtractorError {}

/// The extractor: immutable data, shared by all threads.
#[derive(Debug)]
pub struct Extractor {}

impl Extractor {
    /// An extractor with the built-in lexicons and rules.
    pub fn new() -> Result<Self, ExtractorError> {
        Ok(Self {})
    }

    /// Extracts entities and facts from the text of one release. Never fails: dirty text gives the
    /// best analysis there is.
    pub fn extract(&self, text: &str) -> Extraction {
        let document = Document::new(text);
        let segmentation = Segmentation::new(&document);
        Extraction { document, segmentation, issuer: None, issued: None, entities: Vec::new(), facts: Vec::new() }
    }
}
