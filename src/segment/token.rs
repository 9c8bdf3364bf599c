use super::address;
use super::scan::{self, Class};
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
    /// Anything else, one character each; full stops and hyphens in a row are one token.
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

/// Abbreviations that keep their full stop. Those of the second list only before a digit or a word
/// in lower case: elsewhere they may be words at the end of a sentence.
const ABBREVIATIONS: [&str; 37] = [
    "M", "MM", "Mme", "Mmes", "Mlle", "Mlles", "Dr", "Drs", "Pr", "Prs", "Me", "St", "Ste", "Cie", "etc", "cf", "Cf",
    "bd", "Bd", "éd", "tél", "Tél", "Inc", "Ltd", "Corp", "Co", "Jr", "Sr", "Mgr", "Vve", "resp", "hab", "Ch", "Ph",
    "Th", "av", "Av",
];
const BEFORE_LOWER_CASE: [&str; 10] = ["ex", "env", "vol", "art", "Art", "al", "chap", "fig", "max", "min"];

/// Parts the endings of a word that means both genders.
const BOTH: char = '·';

/// Words whose final vowel is elided before the apostrophe.
const ELIDED: [&str; 12] = ["l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu"];

/// Pronouns that stand behind their verb with a hyphen.
const INVERTED: [&str; 10] = ["il", "ils", "elle", "elles", "on", "je", "tu", "nous", "vous", "ce"];

/// What may follow the digits of an ordinal or a time.
const ORDINALS: [&str; 15] =
    ["er", "ers", "ère", "ères", "re", "e", "es", "ème", "èmes", "eme", "ième", "ièmes", "nd", "nde", "h"];

/// The tokens of `text` in order. White space other than line breaks lies in the gaps.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(text.len() / 5);
    let mut mails = address::Mails::new(text);
    let mut at = 0;
    while let Some((class, first)) = scan::class_at(text, at) {
        let (end, kind) = match class {
            Class::Space => {
                at += first;
                continue;
            }
            Class::Break => (scan::white_space_end(text, at), TokenKind::Break),
            Class::Letter | Class::Digit | Class::Other => {
                if let Some(end) = mails.at(at).or_else(|| address::url(text, at)) {
                    (end, TokenKind::Address)
                } else {
                    match class {
                        Class::Letter => (word(text, at), TokenKind::Word),
                        Class::Digit => (number(text, at), TokenKind::Number),
                        _ => other(text, at, first),
                    }
                }
            }
        };
        out.push(Token { span: Span::new(at, end), kind });
        // Every branch consumes at least the first character.
        at = end.max(at + first);
    }
    out
}

/// The end of the word that begins at `at` with a letter.
fn word(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = scan::letters_end(text, at);
    let first = &text[at..end];
    match bytes.get(end) {
        Some(b'\'') if is_elided(first) => return end + 1,
        Some(b'.') => {
            if let Some(end) = initials(text, at, end) {
                return end;
            }
            if ABBREVIATIONS.contains(&first) || BEFORE_LOWER_CASE.contains(&first) && goes_on(text, end + 1) {
                return end + 1;
            }
        }
        // `n°`, also with the ordinal sign
        Some(0xC2) if first.eq_ignore_ascii_case("n") && matches!(bytes.get(end + 1), Some(0xB0 | 0xBA)) => {
            return end + 2;
        }
        _ => {}
    }
    // Parts joined by one sign each: `Saint-Denis`, `R&D`, `aujourd'hui`, `sanofi.com`.
    while let Some(sign @ (b'\'' | b'&' | b'+' | b'.' | b'-')) = bytes.get(end) {
        let next = scan::letters_end(text, end + 1);
        if next == end + 1 {
            break;
        }
        // A missing space behind a full stop; a pronoun behind its verb.
        let stops = *sign == b'.' && ends_in_lower_case(&text[at..end]) && begins_in_upper_case(&text[end + 1..next]);
        if stops || *sign == b'-' && inversion(text, end).is_some() && !text[at..end].eq_ignore_ascii_case("rendez") {
            break;
        }
        end = next;
    }
    // `président·e`, `lauréat·es`: both genders in one word.
    while text.get(end..).is_some_and(|rest| rest.starts_with(BOTH)) && ends_in_lower_case(&text[at..end]) {
        let next = scan::letters_end(text, end + BOTH.len_utf8());
        if next == end + BOTH.len_utf8() {
            break;
        }
        end = next;
    }
    end
}

/// Whether a word that ends here goes on with a digit or a word in lower case: the full stop
/// between them is that of an abbreviation.
fn goes_on(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or("").trim_start_matches(' ');
    rest.starts_with(|c: char| c.is_ascii_digit() || c.is_lowercase())
}

fn is_elided(word: &str) -> bool {
    word.len() <= 7 && (ELIDED.iter().any(|own| own.eq_ignore_ascii_case(word)) || word.eq_ignore_ascii_case("quoiqu"))
}

/// The end of initials or an acronym with full stops, whose first letters end at `end`: `J.`, `J.-P.`, `S.A.`.
fn initials(text: &str, at: usize, mut end: usize) -> Option<usize> {
    let single = |from: usize, to: usize| {
        let mut letters = text.get(from..to).unwrap_or("").chars();
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
    };
    if !single(at, end) {
        return None;
    }
    end += 1;
    loop {
        let start = end + usize::from(text.as_bytes().get(end) == Some(&b'-'));
        let next = scan::letters_end(text, start);
        if text.as_bytes().get(next) != Some(&b'.') || !single(start, next) {
            return Some(end);
        }
        end = next + 1;
    }
}

fn ends_in_lower_case(word: &str) -> bool {
    word.ends_with(char::is_lowercase)
}

fn begins_in_upper_case(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

/// The end of an inverted pronoun whose hyphen stands at `at`: `-il`, `-t-elle`.
fn inversion(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let skip = if rest.starts_with("-t-") { 3 } else { 1 };
    let end = scan::letters_end(text, at + skip);
    let pronoun = text.get(at + skip..end)?;
    // Not where the word goes on behind it: `Saint-Ce-lin`.
    let joined = matches!(text.as_bytes().get(end), Some(b'-' | b'\'')) && scan::letters_end(text, end + 1) > end + 1;
    (INVERTED.contains(&pronoun) && !joined).then_some(end)
}

/// The end of the number that begins at `at` with a digit.
fn number(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes.get(from..).unwrap_or(&[]).iter().take_while(|b| b.is_ascii_digit()).count();
    let first = digits(at);
    let mut end = at + first;
    // Groups of three: `12 000`, `1.250.000,50`.
    if first <= 3 {
        let mut grouped = end;
        while matches!(bytes.get(grouped), Some(b' ' | b'.')) && digits(grouped + 1) == 3 {
            grouped += 4;
        }
        if grouped > end {
            let fraction = if bytes.get(grouped) == Some(&b',') { digits(grouped + 1) } else { 0 };
            end = if fraction > 0 { grouped + 1 + fraction } else { grouped };
        }
    }
    while matches!(bytes.get(end), Some(b'.' | b',' | b'/' | b':')) {
        let more = digits(end + 1);
        if more == 0 {
            break;
        }
        end += 1 + more;
    }
    // `1er`, `2e`, `10h30`, `25°`
    let letters = scan::letters_end(text, end);
    let suffix = text.get(end..letters).unwrap_or("");
    if ORDINALS.contains(&suffix) {
        return letters;
    }
    match suffix.as_bytes() {
        [b'h' | b'H', minutes @ ..] if minutes.len() == 2 && minutes.iter().all(u8::is_ascii_digit) => letters,
        [] if text.get(end..).is_some_and(|rest| rest.starts_with('°')) => end + '°'.len_utf8(),
        _ => end,
    }
}

/// The end of what is neither word nor number, and its kind: an inverted pronoun is a word.
fn other(text: &str, at: usize, first: usize) -> (usize, TokenKind) {
    let bytes = text.as_bytes();
    match bytes[at] {
        sign @ (b'.' | b'-') if bytes.get(at + 1) == Some(&sign) => {
            let run = bytes[at..].iter().take_while(|b| **b == sign).count();
            (at + run, TokenKind::Punctuation)
        }
        b'-' => match inversion(text, at).or_else(|| adverb(text, at)) {
            Some(end) => (end, TokenKind::Word),
            None => (at + 1, TokenKind::Punctuation),
        },
        _ => (at + first, TokenKind::Punctuation),
    }
}

/// The end of `-ci` or `-là` at `at`.
fn adverb(text: &str, at: usize) -> Option<usize> {
    let end = scan::letters_end(text, at + 1);
    matches!(text.get(at + 1..end)?, "ci" | "là").then_some(end)
}
