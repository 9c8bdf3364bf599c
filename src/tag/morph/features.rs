//! What the tagger sees of a word. Features stand here alone, for training and for use.
//!
//! All features but a few pairs belong to one word and the distance at which it stands from the
//! word being tagged; so their weights are summed once per distinct word, not once per token.

use super::lexicon::{Analysis, Lexicon};
use crate::text::lower;

/// Distances of the words whose features count: from two before to two behind.
pub(crate) const OFFSETS: usize = 5;

/// How a word stands in its sentence, as far as its features depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// Among others.
    Inside,
    /// Where any word has a capital: at the beginning of a sentence, behind an opening quotation mark.
    Initial,
    /// In a sentence that is all capitals.
    Headline,
}

impl Place {
    /// How `word` stands in a sentence that is all capitals or not, where a capital is due or not.
    pub(crate) fn of(word: &str, headline: bool, initial: bool) -> Self {
        if headline {
            Self::Headline
        } else if initial && word.starts_with(char::is_uppercase) {
            Self::Initial
        } else {
            Self::Inside
        }
    }
}

/// The features of one distinct word.
#[derive(Clone, Debug, Default)]
pub(crate) struct WordFeatures {
    /// Per distance (0 is two words before the tagged one), the keys of its features.
    pub keys: [Vec<u32>; OFFSETS],
    /// A coarse class of the word, for features of pairs.
    pub class: u32,
}

impl WordFeatures {
    /// The features that the word would have if no corpus had it: all but its form.
    #[cfg(feature = "train")]
    pub(crate) fn without_form(mut self, lower: &str) -> Self {
        let form = extend(start(1), lower.as_bytes());
        for (offset, keys) in self.keys.iter_mut().enumerate() {
            keys.retain(|key| *key != finish(extend(form, &[offset as u8])));
        }
        self
    }
}

/// Extends a hash (FNV-1a) by bytes.
fn extend(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

/// Spreads a hash over 32 bits (the finaliser of splitmix64).
fn finish(hash: u64) -> u32 {
    let mixed = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed >> 32) as u32
}

fn start(kind: u8) -> u64 {
    extend(0xcbf2_9ce4_8422_2325, &[kind])
}

/// The key of a feature of two values.
pub(crate) fn pair(kind: u8, first: u32, second: u32) -> u32 {
    let value = (u64::from(first) << 32 | u64::from(second)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    finish(value ^ u64::from(kind).wrapping_mul(0xff51_afd7_ed55_8ccd))
}

/// Capitals, digits and hyphens of a word, as a small number.
fn shape(word: &str) -> u8 {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let first = letters.next();
    let capital = first.is_some_and(char::is_uppercase);
    let (mut upper, mut lower) = (0, 0);
    for c in letters {
        if c.is_uppercase() {
            upper += 1;
        } else {
            lower += 1;
        }
    }
    let case = match (first, capital, upper, lower) {
        (None, ..) => 0,
        (_, false, 0, _) => 1,
        (_, false, ..) => 2,
        (_, true, 0, 0) => 3,
        (_, true, 0, _) => 4,
        (_, true, _, 0) => 5,
        _ => 6,
    };
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let digit = match digits {
        0 => 0,
        _ if first.is_none() => 1 + u8::from(digits == 4),
        _ => 3,
    };
    case + 7 * (digit + 4 * (u8::from(word.contains('-')) + 2 * u8::from(word.contains('.'))))
}

/// What the features of a word are made of.
struct Parts<'a> {
    lower: &'a str,
    /// Where each character begins, the last first.
    ends: Vec<usize>,
    /// Hashes of the form, of how it is written, and of the tags that the lexicon gives.
    form: u64,
    shape: u64,
    readings: u64,
    case: [u8; 2],
    tags: Vec<u8>,
    /// Gender and number that the lexicon gives: inflections agree.
    agreements: Vec<u8>,
}

impl Parts<'_> {
    /// The last `n` characters.
    fn suffix(&self, n: usize) -> &[u8] {
        self.ends.get(n - 1).and_then(|at| self.lower.get(*at..)).unwrap_or(self.lower).as_bytes()
    }

    fn is_unknown(&self) -> bool {
        self.tags.is_empty()
    }

    /// Adds the features of the word itself.
    fn own(&self, mut add: impl FnMut(u64)) {
        add(start(5));
        add(self.form);
        add(self.shape);
        add(self.readings);
        add(extend(self.readings, &self.case));
        for tag in &self.tags {
            add(extend(start(6), &[*tag]));
        }
        for n in 1..=5.min(self.ends.len()) {
            add(extend(extend(start(7), &[n as u8, u8::from(self.is_unknown())]), self.suffix(n)));
        }
        add(extend(extend(extend(start(8), self.suffix(3)), &self.case), &self.tags));
        for n in 1..=3 {
            let end = self.ends.len().checked_sub(n + 1).and_then(|at| self.ends.get(at)).copied();
            let prefix = self.lower.get(..end.unwrap_or(self.lower.len())).unwrap_or(self.lower);
            add(extend(extend(start(9), &[n as u8]), prefix.as_bytes()));
        }
        add(extend(extend(start(10), &self.agreements), &self.tags));
    }

    /// Adds the features of a neighbour.
    fn near(&self, mut add: impl FnMut(u64)) {
        add(self.form);
        add(extend(self.shape, &[1]));
        add(self.readings);
        add(extend(extend(start(11), self.suffix(3)), &self.case));
        add(extend(start(12), self.suffix(2)));
        add(extend(extend(start(10), &self.agreements), &self.tags));
    }

    /// Adds the features of the word two away.
    fn far(&self, mut add: impl FnMut(u64)) {
        add(self.form);
        add(self.readings);
        add(extend(start(13), self.suffix(2)));
    }
}

/// The features of `word`, whose form in lower case is `lower` and whose analyses are `analyses`.
/// `frequent` says whether the word is a class of its own, `sure` that its tag is known: then only those for its neighbours.
pub(crate) fn features(
    word: &str,
    lower: &str,
    place: Place,
    analyses: &[Analysis],
    frequent: bool,
    sure: bool,
) -> WordFeatures {
    let shape = shape(word);
    let mut tags: Vec<u8> = analyses.iter().map(|a| a.tag.0).collect();
    tags.sort_unstable();
    tags.dedup();
    let capital = word.chars().next().is_some_and(char::is_uppercase);
    let parts = Parts {
        lower,
        ends: lower.char_indices().map(|(at, _)| at).rev().collect(),
        form: extend(start(1), lower.as_bytes()),
        shape: extend(start(2), &[shape, place as u8]),
        readings: extend(start(3), &tags),
        case: [u8::from(capital), place as u8],
        tags,
        agreements: analyses.iter().map(|a| a.agreement.0).collect(),
    };
    let class = finish(if frequent {
        parts.form
    } else if parts.is_unknown() {
        extend(extend(start(4), parts.suffix(3)), &[shape])
    } else {
        extend(parts.readings, &parts.case)
    });
    let mut out = WordFeatures { class, ..WordFeatures::default() };
    for (offset, keys) in out.keys.iter_mut().enumerate() {
        let add = |hash: u64| keys.push(finish(extend(hash, &[offset as u8])));
        match offset {
            2 if sure => {}
            2 => parts.own(add),
            1 | 3 => parts.near(add),
            _ => parts.far(add),
        }
    }
    out
}

/// The features of what stands before and behind a sentence.
pub(crate) fn border() -> WordFeatures {
    let mut out = WordFeatures { class: finish(start(14)), ..WordFeatures::default() };
    for (offset, keys) in out.keys.iter_mut().enumerate() {
        keys.push(finish(extend(start(14), &[offset as u8])));
    }
    out
}

/// How many pairs of classes around a word are features.
pub(crate) const PAIRS: usize = 4;

/// The keys of the pairs of classes around a word: `classes` are those of the five words around it.
pub(crate) fn pairs(classes: [u32; OFFSETS]) -> [u32; PAIRS] {
    let [_, before, here, next, second] = classes;
    [pair(1, before, here), pair(2, here, next), pair(3, before, next), pair(4, next, second)]
}

/// How many pairs of the last tag and a class are features.
pub(crate) const HISTORY: usize = 2;

/// The keys of the pairs of the last tag with the classes of this word and the next.
pub(crate) fn history(previous: u8, here: u32, next: u32) -> [u32; HISTORY] {
    [pair(5, u32::from(previous), here), pair(6, u32::from(previous), next)]
}

/// The analyses of a word and its form in lower case: those of the form as written come first
/// (some nouns have a capital), else those in lower case.
pub(crate) fn look_up<'a>(lexicon: &'a Lexicon, word: &str) -> (String, &'a [Analysis]) {
    let lower = lower(word);
    let analyses = lexicon.analyses(&lower);
    (lower, analyses)
}
