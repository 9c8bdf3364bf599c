use std::ops::Range;

use crate::segment::{Token, TokenKind};
use crate::text::{Document, Span};

/// Shorter quoted spans are titles and emphasis, not speech (annotation guide).
const FEWEST_WORDS: usize = 4;
/// In this many tokens of the end of a paragraph its reporting clause begins.
const REPORTING_CLAUSE: usize = 30;

/// A quoted span.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Quotation {
    /// Tokens between the marks.
    pub(super) tokens: Range<usize>,
    /// The words between the marks.
    pub(super) span: Span,
    /// First token behind the closing mark.
    pub(super) after: usize,
    /// The number of its words.
    pub(super) words: usize,
}

impl Quotation {
    /// Whether it is long enough for speech rather than a title or emphasis.
    pub(super) fn is_speech(&self) -> bool {
        self.words >= FEWEST_WORDS
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Open(Family),
    Close(Family),
    /// A straight mark that may open or close.
    Either,
}

/// Which marks go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Guillemets,
    Curly,
    Straight,
    /// The ``…'' of TeX and old e-mail.
    Grave,
}

/// A quotation longer than this, in tokens, is taken for one that was never closed.
const LONGEST: usize = 4000;

/// The outermost quoted spans. A quotation may run over several paragraphs:
/// each then opens with a mark of its own, or a closing mark follows before any other opens. A
/// quotation that is never closed ends before its last reporting clause (`, dit X.`), if it has one.
pub(super) fn quotations(document: &Document, tokens: &[Token], is_saying: &dyn Fn(usize) -> bool) -> Vec<Quotation> {
    let marks = marks(document, tokens);
    if marks.is_empty() {
        return Vec::new();
    }
    let finder = Finder { document, tokens, marks, blank: next_blank(document, tokens), is_saying };
    let mut out = Vec::new();
    let mut next = 0;
    while let Some(&(open, mark, width)) = finder.marks.get(next) {
        next += 1;
        let family = match mark {
            Mark::Open(family) => family,
            Mark::Either => Family::Straight,
            Mark::Close(_) => continue,
        };
        let start = open + width;
        let end = finder.closing(next, start, family);
        next = end.next_mark.max(next);
        let last = end.words.checked_sub(1).and_then(|last| tokens.get(last));
        if let (Some(first), Some(last)) = (tokens.get(start), last)
            && end.words > start
        {
            let span = first.span.cover(last.span);
            let words = document.slice(span).split_whitespace().count();
            out.push(Quotation { tokens: start..end.words, span, after: end.after, words });
        }
    }
    out
}

/// Where a quotation ends.
#[derive(Clone, Copy, Debug)]
struct End {
    /// One past its last token.
    words: usize,
    /// The token behind its closing mark.
    after: usize,
    /// The first mark that it does not use up.
    next_mark: usize,
}

struct Finder<'a> {
    document: &'a Document,
    tokens: &'a [Token],
    /// Token, meaning, number of tokens.
    marks: Vec<(usize, Mark, usize)>,
    /// For each token, the first blank line at or behind it.
    blank: Vec<usize>,
    is_saying: &'a dyn Fn(usize) -> bool,
}

impl Finder<'_> {
    /// The end of the quotation whose words begin with token `start`; `from` is the first mark behind.
    fn closing(&self, from: usize, start: usize, family: Family) -> End {
        let mut depth = 0_usize;
        let mut others = 0_usize;
        let mut line = start;
        for (k, &(at, mark, width)) in self.marks.iter().enumerate().skip(from) {
            if at > start + LONGEST {
                break;
            }
            let paragraph_end = self.blank_after(line);
            let crosses = paragraph_end < at;
            match mark {
                Mark::Open(other) if other == family && depth == 0 && self.opens_line(at) => {
                    // The next paragraph of the same speech, or the next speech after one left open.
                    if let Some(end) = self.reporting_clause(line..at) {
                        return End { words: end, after: end, next_mark: k };
                    }
                    line = at + width;
                }
                Mark::Open(other) if other == family && depth == 0 && crosses => {
                    return self.unclosed(start, paragraph_end, k);
                }
                Mark::Open(other) if other == family => depth += 1,
                Mark::Close(other) if other == family && depth > 0 => depth -= 1,
                Mark::Close(other) if other == family => {
                    return End { words: at, after: at + width, next_mark: k + 1 };
                }
                Mark::Either if family == Family::Straight => {
                    return End { words: at, after: at + width, next_mark: k + 1 };
                }
                Mark::Open(_) => others += 1,
                Mark::Close(_) if others > 0 => others -= 1,
                // A mark of another family closes it, where none of its own does before the paragraph ends.
                Mark::Close(_) | Mark::Either if !crosses && depth == 0 && !self.closes_soon(k + 1, at, family) => {
                    return End { words: at, after: at + width, next_mark: k + 1 };
                }
                _ => {}
            }
        }
        self.unclosed(start, self.blank_after(start), from)
    }

    /// A quotation without closing mark in its paragraph: it ends before its reporting clause;
    /// without one it is no quotation.
    fn unclosed(&self, start: usize, paragraph_end: usize, next_mark: usize) -> End {
        let end = self.reporting_clause(start..paragraph_end).unwrap_or(start);
        End { words: end, after: end, next_mark }
    }

    /// The comma before the reporting clause (`, poursuit X.`) that ends a paragraph, if one does.
    fn reporting_clause(&self, range: Range<usize>) -> Option<usize> {
        let is_comma = |&i: &usize| self.tokens.get(i).is_some_and(|t| self.document.slice(t.span) == ",");
        let comma = range.clone().rev().take(REPORTING_CLAUSE).find(is_comma)?;
        let verb = (comma + 1..(comma + 4).min(range.end)).any(self.is_saying);
        (comma > range.start && verb).then_some(comma)
    }

    /// Whether a closing mark of `family` comes before the paragraph of token `at` ends.
    fn closes_soon(&self, from: usize, at: usize, family: Family) -> bool {
        let end = self.blank_after(at);
        self.marks.iter().skip(from).take_while(|m| m.0 < end).take(40).any(|m| m.1 == Mark::Close(family))
    }

    fn opens_line(&self, at: usize) -> bool {
        at.checked_sub(1).and_then(|before| self.tokens.get(before)).is_some_and(|t| t.kind == TokenKind::Break)
    }

    fn blank_after(&self, at: usize) -> usize {
        self.blank.get(at).copied().unwrap_or(self.tokens.len())
    }
}

/// For each token, the first blank line at or behind it; the number of tokens where none is.
fn next_blank(document: &Document, tokens: &[Token]) -> Vec<usize> {
    let mut next = tokens.len();
    let mut out = vec![next; tokens.len()];
    for (i, slot) in out.iter_mut().enumerate().rev() {
        if is_blank_line(document, tokens, i) {
            next = i;
        }
        *slot = next;
    }
    out
}

fn is_blank_line(document: &Document, tokens: &[Token], i: usize) -> bool {
    tokens.get(i).is_some_and(|t| {
        t.kind == TokenKind::Break && document.slice(t.span).bytes().filter(|b| *b == b'\n').count() > 1
    })
}

/// All quotation marks: token, meaning, number of tokens.
fn marks(document: &Document, tokens: &[Token]) -> Vec<(usize, Mark, usize)> {
    let text = document.text();
    let mut out = Vec::new();
    let mut i = 0;
    while let Some(token) = tokens.get(i) {
        let doubled =
            |c: &str| tokens.get(i + 1).is_some_and(|n| n.span.start == token.span.end && document.slice(n.span) == c);
        let (mark, width) = match document.slice(token.span) {
            "«" => (Some(Mark::Open(Family::Guillemets)), 1),
            "»" => (Some(Mark::Close(Family::Guillemets)), 1),
            "“" | "„" => (Some(Mark::Open(Family::Curly)), 1),
            "”" => (Some(Mark::Close(Family::Curly)), 1),
            "\"" => {
                let before = text.get(..token.span.start).and_then(|t| t.chars().next_back());
                let behind = text.get(token.span.end..).and_then(|t| t.chars().next());
                (Some(straight(before, behind)), 1)
            }
            "``" => (Some(Mark::Open(Family::Grave)), 1),
            "''" => (Some(Mark::Close(Family::Grave)), 1),
            "`" if doubled("`") => (Some(Mark::Open(Family::Grave)), 2),
            "'" if doubled("'") => (Some(Mark::Close(Family::Grave)), 2),
            _ => (None, 1),
        };
        out.extend(mark.map(|mark| (i, mark, width)));
        i += width;
    }
    out
}

/// What a straight mark does, by the characters around it.
fn straight(before: Option<char>, behind: Option<char>) -> Mark {
    let spaced = |c: Option<char>| c.is_none_or(char::is_whitespace);
    if behind.is_some_and(|c| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')')) {
        return Mark::Close(Family::Straight);
    }
    match (spaced(before) || matches!(before, Some('\'' | '(' | '-' | '_')), spaced(behind)) {
        (true, false) => Mark::Open(Family::Straight),
        (false, true) => Mark::Close(Family::Straight),
        _ => Mark::Either,
    }
}
