//! The tokens of a document as lower-case words.

use std::borrow::Cow;

use crate::segment::{Segmentation, Token, TokenKind};
use crate::tag::Tags;
use crate::text::Document;

/// The words of a document, by token index; past the end they are empty.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    text: &'a str,
    tokens: &'a [Token],
    pub(super) tags: &'a Tags,
}

impl<'a> Words<'a> {
    pub(super) fn new(document: &'a Document, segmentation: &'a Segmentation, tags: &'a Tags) -> Self {
        Self { text: document.text(), tokens: &segmentation.tokens, tags }
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Token `i` as written.
    pub(super) fn form(&self, i: usize) -> &'a str {
        self.tokens.get(i).and_then(|token| self.text.get(token.span.range())).unwrap_or("")
    }

    /// Token `i` in lower case.
    pub(super) fn lower(&self, i: usize) -> Cow<'a, str> {
        if let Some(lower) = self.tags.lower(i) {
            return Cow::Borrowed(lower);
        }
        let form = self.form(i);
        if form.chars().any(char::is_uppercase) { Cow::Owned(form.to_lowercase()) } else { Cow::Borrowed(form) }
    }

    /// Whether token `i` in lower case is one of `words`.
    pub(super) fn is(&self, i: usize, words: &[&str]) -> bool {
        words.contains(&self.lower(i).as_ref())
    }

    pub(super) fn kind(&self, i: usize) -> Option<TokenKind> {
        self.tokens.get(i).map(|token| token.kind)
    }

    /// Whether no white space parts token `i` from the one before it.
    pub(super) fn glued(&self, i: usize) -> bool {
        i > 0
            && self
                .tokens
                .get(i)
                .zip(self.tokens.get(i - 1))
                .is_some_and(|(here, before)| here.span.start == before.span.end)
    }

    /// The token before `i`, if there is one, in lower case.
    pub(super) fn before(&self, i: usize) -> Cow<'a, str> {
        if i == 0 { Cow::Borrowed("") } else { self.lower(i - 1) }
    }
}
