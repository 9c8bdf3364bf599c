use std::ops::Range;

use super::wrap::Wrapping;
use super::{Token, TokenKind};
use crate::text::Span;

/// A sentence: a run of tokens. A heading, a list item and a table cell are sentences too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Indices of its tokens; line breaks stand at its end.
    pub tokens: Range<usize>,
    /// From its first to its last token that is no line break.
    pub span: Span,
    /// Whether a blank line stands before it (or it is the first).
    pub opens_paragraph: bool,
}

/// Splits `tokens` of `text` into sentences: at `.`, `!`, `?` and `…` before a capital, a quotation
/// mark or a digit, and at line breaks, unless the line was only wrapped (it goes on in lower case,
/// or had no room for the next word where other lines were wrapped).
pub fn sentences(text: &str, tokens: &[Token]) -> Vec<Sentence> {
    let word = |i: usize| tokens.get(i).and_then(|t: &Token| text.get(t.span.range())).unwrap_or("");
    let wrapping = Wrapping::of(text);
    let mut out = Vec::new();
    let mut start = 0;
    let mut blank = true;
    for i in 0..tokens.len() {
        let ends = match tokens[i].kind {
            TokenKind::Break => {
                let open =
                    i > start && ends_open(word(i - 1)) || wrapping.joins(text, tokens[i].span.start, word(i + 1));
                breaks_sentence(word(i), word(i + 1), open)
            }
            _ => ends_sentence(&word, tokens, i) || is_bullet(word(i + 1)),
        };
        if ends {
            push(&mut out, tokens, start, i + 1, &mut blank, text);
            start = i + 1;
        }
    }
    push(&mut out, tokens, start, tokens.len(), &mut blank, text);
    out
}

/// Whether a line break ends a sentence: always at a blank line; else unless the next line goes on
/// in lower case or the line before is open.
fn breaks_sentence(line_break: &str, next: &str, open: bool) -> bool {
    let blank = line_break.matches('\n').count() > 1;
    blank || !(open || next.chars().next().is_some_and(char::is_lowercase))
}

fn ends_open(word: &str) -> bool {
    word == ","
}

/// Whether the sentence ends with token `i`: a stop whose closing marks come with it, before
/// something that can begin a sentence.
fn ends_sentence<'a>(word: &impl Fn(usize) -> &'a str, tokens: &[Token], i: usize) -> bool {
    let closes = |w: &str| matches!(w, "»" | "”" | ")" | "]");
    let here = word(i);
    // Most tokens are words: those end no sentence, but for abbreviations.
    if tokens[i].kind == TokenKind::Word && !here.ends_with('.') || tokens[i].kind == TokenKind::Number {
        return false;
    }
    let last_stop = if is_stop(here) || is_final_abbreviation(here, word(i + 1)) {
        i
    } else if closes(here) && i > 0 && is_stop(word(i - 1)) {
        i - 1
    } else {
        return false;
    };
    let next = word(i + 1);
    if next.is_empty() || is_stop(next) || (closes(next) && last_stop == i) {
        return false;
    }
    if here == ")" || here == "]" {
        return false;
    }
    let glued = tokens.get(i + 1).is_some_and(|t| t.span.start == tokens[i].span.end);
    let starts = |w: &str| {
        w.chars().next().is_some_and(|c| {
            c.is_uppercase() || c.is_numeric() || matches!(c, '«' | '“' | '"' | '-' | '–' | '—' | '•' | '(')
        })
    };
    (!glued || next == "«") && (starts(next) || tokens.get(i + 1).is_some_and(|t| t.kind == TokenKind::Address))
}

fn is_stop(word: &str) -> bool {
    matches!(word, "!" | "?" | "…") || word.starts_with('.') && word.bytes().all(|byte| byte == b'.')
}

/// Whether an abbreviation is the last word of a sentence: the next word is one that begins sentences.
fn is_final_abbreviation(word: &str, next: &str) -> bool {
    const TITLES: [&str; 12] = ["M.", "MM.", "Mme.", "Mlle.", "Dr.", "Pr.", "Me.", "St.", "Ste.", "Mgr.", "cf.", "Cf."];
    const OPENERS: [&str; 44] = [
        "Le", "La", "Les", "L'", "Un", "Une", "Des", "Ce", "Cet", "Cette", "Ces", "C'", "Il", "Ils", "Elle", "Elles",
        "On", "Nous", "Vous", "Je", "Notre", "Nos", "Son", "Sa", "Ses", "Leur", "Leurs", "En", "Dans", "Pour", "Avec",
        "Depuis", "Au", "Aux", "Du", "De", "Selon", "Par", "Sur", "Mais", "Et", "À", "Ainsi", "Enfin",
    ];
    // `J. Le Guen`, `J.-P. De Smet`: a particle behind an initial belongs to a name.
    const PARTICLES: [&str; 7] = ["Le", "La", "Les", "L'", "De", "Du", "Des"];
    let initial = word.split(['.', '-']).all(|part| part.chars().nth(1).is_none())
        && (word.matches('.').count() == 1 || word.contains('-'));
    word.len() > 1
        && word.ends_with('.')
        && !is_stop(word)
        && !TITLES.contains(&word)
        && OPENERS.contains(&next)
        && !(initial && PARTICLES.contains(&next))
}

/// Whether a token begins a list item, also within a line.
fn is_bullet(word: &str) -> bool {
    matches!(word, "•" | "▪" | "◦" | "■" | "►" | "➢" | "➔" | "✓" | "●" | "○" | "‣" | "\u{f0b7}" | "\u{f0a7}")
}

fn push(out: &mut Vec<Sentence>, tokens: &[Token], start: usize, end: usize, blank: &mut bool, text: &str) {
    if start >= end {
        return;
    }
    let is_break = |t: &&Token| t.kind == TokenKind::Break;
    let mut words = tokens[start..end].iter().filter(|t| !is_break(t));
    let span = match (words.clone().next(), words.next_back()) {
        (Some(first), Some(last)) => first.span.cover(last.span),
        _ => {
            // Only line breaks: they belong to the sentence before, or to an empty first one.
            let span = tokens[start].span;
            *blank = true;
            if let Some(last) = out.last_mut() {
                last.tokens.end = end;
            } else {
                out.push(Sentence {
                    tokens: start..end,
                    span: Span::new(span.start, span.start),
                    opens_paragraph: true,
                });
            }
            return;
        }
    };
    out.push(Sentence { tokens: start..end, span, opens_paragraph: *blank });
    *blank = tokens[start..end]
        .iter()
        .filter(is_break)
        .any(|t| text.get(t.span.range()).is_some_and(|gap| gap.matches('\n').count() > 1))
        && tokens[end - 1].kind == TokenKind::Break;
}
