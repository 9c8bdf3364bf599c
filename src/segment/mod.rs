//! Sentences and tokens of French. Tokens and the gaps between them rebuild the text.

mod sentence;
mod token;

pub use sentence::{Sentence, sentences};
pub use token::{Token, TokenKind, tokens};

use crate::text::Document;

/// The tokens of a document and its sentences, which are ranges of tokens.
#[derive(Clone, Debug, Default)]
pub struct Segmentation {
    /// All tokens, in order, without spaces between.
    pub tokens: Vec<Token>,
    /// Sentences, in order; every token lies in exactly one.
    pub sentences: Vec<Sentence>,
}

impl Segmentation {
    /// Segments `document`.
    pub fn new(document: &Document) -> Self {
        let tokens = tokens(document.text());
        let sentences = sentences(document.text(), &tokens);
        Self { tokens, sentences }
    }

    /// The tokens of one sentence.
    pub fn tokens_of(&self, sentence: &Sentence) -> &[Token] {
        // Invariant: a sentence's range lies in the tokens it was made from.
        &self.tokens[sentence.tokens.clone()]
    }
}
