//! Sentences and tokens of French. Tokens and the gaps between them rebuild the text.

mod address;
mod scan;
mod sentence;
mod token;
mod wrap;

pub use sentence::{Sentence, sentences};
pub use token::{Token, TokenKind, tokens};

use std::ops::Range;

use crate::text::{Document, Span};

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

    /// The indices of the tokens that share a byte with `span`.
    pub fn tokens_in(&self, span: Span) -> Range<usize> {
        let start = self.tokens.partition_point(|token| token.span.end <= span.start);
        let end = self.tokens.partition_point(|token| token.span.start < span.end);
        start..end.max(start)
    }

    /// The index of the sentence that token `i` lies in; the number of sentences past the end.
    pub fn sentence_at(&self, i: usize) -> usize {
        self.sentences.partition_point(|sentence| sentence.tokens.end <= i)
    }
}
