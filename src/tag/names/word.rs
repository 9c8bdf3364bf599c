use super::cues;
use super::gazetteer::{self, Gazetteer};
use super::runs;
use super::vectors::WordVectors;
use crate::segment::TokenKind;
use crate::text::lower;

/// Words on either side whose features count for a token, itself included.
pub(crate) const SLOTS: usize = 5;

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Edge,
    Lower,
    Capitalised,
    Capitals,
    Mixed,
    Number,
    WithDigit,
    Punctuation,
    Initial,
}

impl Shape {
    /// How many shapes there are.
    pub(crate) const COUNT: usize = 9;

    /// Whether it has a capital letter, as names do.
    pub(crate) fn has_capital(self) -> bool {
        matches!(self, Self::Capitalised | Self::Capitals | Self::Mixed | Self::Initial | Self::WithDigit)
    }

    fn of(word: &str, kind: TokenKind) -> Self {
        match kind {
            TokenKind::Number => return Self::Number,
            TokenKind::Break | TokenKind::Punctuation | TokenKind::Address => return Self::Punctuation,
            TokenKind::Word => {}
        }
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        let capitals = word.chars().filter(|c| c.is_uppercase()).count();
        let first = word.chars().next().is_some_and(char::is_uppercase);
        match () {
            () if word.chars().any(|c| c.is_ascii_digit()) => Self::WithDigit,
            () if capitals == 0 => Self::Lower,
            () if letters == 1 => Self::Initial,
            () if capitals == letters => Self::Capitals,
            () if first && (capitals == 1 || word.contains(['-', '\''])) => Self::Capitalised,
            () => Self::Mixed,
        }
    }
}

/// What the rest of the features is made from, for one distinct word.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    /// How it is written.
    pub(crate) shape: Shape,
    /// The lists it is in, a bit each.
    pub(crate) classes: u32,
    /// Its hash without regard to case and accents.
    pub(crate) key: u32,
    /// Whether an entry of a list begins with it.
    pub(crate) starts_entry: bool,
    /// Its first letter in lower case.
    pub(crate) initial: char,
    /// Which punctuation mark it is; a space if none.
    pub(crate) mark: char,
    /// What it says of a name beside it, a bit each (see [`cues`](super::cues)).
    pub(crate) cues: (u32, u32),
    /// What it says of a run that it begins or ends, a bit each (see [`runs`](super::runs)).
    pub(crate) ends: u16,
}

impl Word {
    /// What stands before the first and after the last word of a sentence.
    pub(crate) const EDGE: Self = Self {
        shape: Shape::Edge,
        classes: 0,
        key: 0,
        starts_entry: false,
        initial: ' ',
        mark: ' ',
        cues: (0, 0),
        ends: 0,
    };

    /// Describes the word `form`.
    pub(crate) fn new(form: &str, kind: TokenKind, gazetteer: &Gazetteer) -> Self {
        let shape = Shape::of(form, kind);
        let key = gazetteer::key(form);
        let (classes, starts_entry) = gazetteer.word(key, shape == Shape::Lower);
        let first = form.chars().next().unwrap_or(' ');
        let initial = first.to_lowercase().next().unwrap_or(' ');
        let mark = if kind == TokenKind::Punctuation { first } else { ' ' };
        let cues = cues::of(form, shape, classes);
        let ends = runs::ends(classes);
        Self { shape, classes, key, starts_entry, initial, mark, cues, ends }
    }
}

/// Kinds of features of a word; each says at which distances it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Form,
    Cased,
    Shape,
    LongShape,
    Suffix,
    Prefix,
    Coarse,
    Fine,
    Class,
}

impl Kind {
    /// The words around that such a feature counts for: 5 within two, 3 within one, 1 the word alone.
    pub(crate) fn slots(self) -> usize {
        match self {
            Self::Form | Self::Shape | Self::Coarse | Self::Fine | Self::Class => 5,
            Self::LongShape | Self::Suffix | Self::Prefix => 3,
            Self::Cased => 1,
        }
    }

    /// Whether such a feature tells the word itself, which training leaves out at times so that the
    /// model learns from the context too.
    pub(crate) fn is_identity(self) -> bool {
        matches!(self, Self::Form | Self::Cased)
    }
}

/// A feature of a word: its kind, and a hash of kind and value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Feature {
    /// Its kind.
    pub(crate) kind: Kind,
    /// Identifies kind and value.
    pub(crate) hash: u64,
}

/// Appends the features of the word `form` (`None`: the edge of a sentence) to `out` and returns the
/// row of its vector.
pub(crate) fn features(
    form: Option<&str>,
    word: &Word,
    vectors: &WordVectors,
    out: &mut Vec<Feature>,
) -> Option<usize> {
    out.clear();
    let mut push = |kind: Kind, value: &[u8]| out.push(Feature { kind, hash: hash(kind, value) });
    push(Kind::Shape, &[word.shape as u8]);
    let form = form?;
    let lower = lower(form);
    push(Kind::Form, normal(&lower).as_bytes());
    push(Kind::Cased, form.as_bytes());
    push(Kind::LongShape, long_shape(form).as_bytes());
    if form.chars().any(char::is_alphabetic) {
        let ends: Vec<usize> = lower.char_indices().map(|(at, _)| at).chain([lower.len()]).collect();
        for length in 1..=4.min(ends.len() - 1) {
            // Invariant: `ends` holds one position more than there are characters.
            push(Kind::Prefix, [b"p", &lower.as_bytes()[..ends[length]]].concat().as_slice());
            push(Kind::Suffix, [b"s", &lower.as_bytes()[ends[ends.len() - 1 - length]..]].concat().as_slice());
        }
    }
    for class in (0..32_u8).filter(|class| word.classes & (1 << class) != 0) {
        push(Kind::Class, &[class]);
    }
    let row = vectors.find(form, &lower);
    if let Some(row) = row {
        let (coarse, fine) = vectors.clusters(row);
        push(Kind::Coarse, &coarse.to_le_bytes());
        push(Kind::Fine, &fine.to_le_bytes());
    } else if word.shape.has_capital() {
        push(Kind::Coarse, b"unknown");
    }
    row
}

/// The form under which a word counts: digits are alike, but for years.
fn normal(lower: &str) -> String {
    let is_year = lower.len() == 4 && lower.bytes().all(|b| b.is_ascii_digit()) && lower.starts_with(['1', '2']);
    if is_year {
        return "year".to_owned();
    }
    lower.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
}

/// The word with each run of capitals, small letters and digits as one sign.
fn long_shape(form: &str) -> String {
    let mut out = String::new();
    for c in form.chars() {
        let sign = match c {
            c if c.is_uppercase() => 'A',
            c if c.is_alphabetic() => 'a',
            c if c.is_ascii_digit() => '0',
            c => c,
        };
        if !out.ends_with(sign) {
            out.push(sign);
        }
    }
    out
}

fn hash(kind: Kind, value: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ (kind as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for &byte in value {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash ^ (hash >> 29)
}
