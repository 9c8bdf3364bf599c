use std::sync::LazyLock;

use regex::Regex;

use crate::text::Span;

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters, with inner hyphens, apostrophes and digits (`aujourd'hui`, `Saint-Denis`, `CO2`, `l'`).
    Word,
    /// Digits, with separators (`1 200`, `3,5`, `2024`).
    Number,
    /// A web or e-mail address.
    Address,
    /// A line break; two or more in a row make one token.
    Break,
    /// Anything else, one character each.
    Punctuation,
}

/// One token: a stretch of the text without white space around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands.
    pub span: Span,
    /// What it is made of.
    pub kind: TokenKind,
}

/// The pattern of all tokens; the alternatives in order of preference. Clitics that elide keep
/// their apostrophe (`l'`, `qu'`), hyphenated inversions part (`dit-il` is `dit`, `-il`).
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?x)(?P<address> (?:https?://|www\.)[^\s<>«»]*[^\s<>«»()\[\],.;:!?'\x22] | [\w.+-]+@[\w-]+(?:\.[\w-]+)+ )",
        r"|(?P<break> \n[\s]* )",
        r"|(?P<number> \d{1,3}(?:[\ .]\d{3})+(?:,\d+)?\b | \d+(?:[.,/:]\d+)* (?:(?:e|er|ère|ème|eme|nd|nde|h|°)\b)? )",
        r"|(?P<abbreviation> (?:M|MM|Mme|Mlle|Dr|Pr|Me|St|Ste|Cie|etc|cf|Cf|av|bd|éd|ex|env|tél|Tél|vol|art|al|Inc|Ltd|Corp|Co)\. | [nN]° | (?:\p{Lu}\.){2,} | \p{Lu}\.(?:-\p{Lu}\.)* )",
        r"|(?P<clitic> (?i:[ldjmtscn]|qu|jusqu|lorsqu|puisqu|quoiqu)' )",
        r"|(?P<inverted> -(?:t-)?(?:ils?|elles?|on|je|tu|nous|vous|ce|ci|là)\b )",
        r"|(?P<word> [\p{L}\d&&[^\d]] (?: [\p{L}\p{M}\d]* ) (?: ['&+.-]?[\p{L}\p{M}\d]+ )* )",
        r"|(?P<other> [^\s] )",
    ))
    .expect("the token pattern is a constant and compiles")
});

/// The tokens of `text` in order. White space other than line breaks lies in the gaps.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(text.len() / 5);
    let mut at = 0;
    while let Some(captures) = TOKEN.captures_at(text, at) {
        let Some(whole) = captures.get(0) else { break };
        let kind = if captures.name("address").is_some() {
            TokenKind::Address
        } else if captures.name("break").is_some() {
            TokenKind::Break
        } else if captures.name("number").is_some() {
            TokenKind::Number
        } else if captures.name("other").is_some() || captures.name("inverted").is_some() {
            TokenKind::Punctuation
        } else {
            TokenKind::Word
        };
        let mut span = Span::new(whole.start(), whole.end());
        let kind = if captures.name("inverted").is_some() { TokenKind::Word } else { kind };
        if captures.name("word").is_some() {
            span.end = span.start + word_length(whole.as_str());
        }
        out.push(Token { span, kind });
        at = span.end;
    }
    out
}

/// How much of what looks like a word is one: an inverted pronoun (`a-t-il`, `explique-t-elle`) and
/// a dot between lower-case letters (a missing space after a full stop) end it.
fn word_length(word: &str) -> usize {
    static INVERSION: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"-(?:t-)?(?:ils?|elles?|on|je|tu|nous|vous|ce)$").expect("a constant pattern"));
    static STOP: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\p{Ll}(\.)\p{Lu}").expect("a constant pattern"));
    let end = STOP.captures(word).and_then(|c| c.get(1)).map_or(word.len(), |dot| dot.start());
    match INVERSION.find(&word[..end]) {
        Some(found) if found.start() > 0 && !word.starts_with("rendez-vous") => found.start(),
        _ => end,
    }
}
