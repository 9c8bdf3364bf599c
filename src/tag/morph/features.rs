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

/// The features of `word`, whose form in lower case is `lower` and whose analyses are `analyses`.
/// `frequent` says whether the word is a class of its own.
pub(crate) fn features(word: &str, lower: &str, place: Place, analyses: &[Analysis], frequent: bool) -> WordFeatures {
    let mut out = WordFeatures::default();
    let form = extend(start(1), lower.as_bytes());
    let shape = shape(word);
    let shape_key = extend(start(2), &[shape, place as u8]);
    let mut tags: Vec<u8> = analyses.iter().map(|a| a.tag.0).collect();
    tags.sort_unstable();
    tags.dedup();
    let readings = extend(start(3), &tags);
    let ends: Vec<usize> = lower.char_indices().map(|(at, _)| at).rev().collect();
    let suffix = |n: usize| ends.get(n - 1).map_or(lower, |at| &lower[*at..]).as_bytes();
    let capital = word.chars().next().is_some_and(char::is_uppercase);
    let case = [u8::from(capital), place as u8];
    let unknown = analyses.is_empty();
    out.class = finish(if frequent {
        form
    } else if unknown {
        extend(extend(start(4), suffix(3)), &[shape])
    } else {
        extend(readings, &case)
    });
    let mut add = |offset: usize, hash: u64| out.keys[offset].push(finish(extend(hash, &[offset as u8])));

    // The word itself.
    add(2, start(5));
    add(2, form);
    add(2, shape_key);
    add(2, readings);
    add(2, extend(readings, &case));
    for tag in &tags {
        add(2, extend(start(6), &[*tag]));
    }
    for n in 1..=5.min(ends.len()) {
        add(2, extend(extend(start(7), &[n as u8, u8::from(unknown)]), suffix(n)));
    }
    add(2, extend(extend(extend(start(8), suffix(3)), &case), &tags));
    for n in 1..=3 {
        let prefix: String = lower.chars().take(n).collect();
        add(2, extend(extend(start(9), &[n as u8]), prefix.as_bytes()));
    }
    // Inflections agree: gender and number that the lexicon gives.
    let agreements: Vec<u8> = analyses.iter().map(|a| a.agreement.0).collect();
    add(2, extend(extend(start(10), &agreements), &tags));

    // Its neighbours.
    for offset in [1, 3] {
        add(offset, form);
        add(offset, extend(shape_key, &[1]));
        add(offset, readings);
        add(offset, extend(extend(start(11), suffix(3)), &case));
        add(offset, extend(start(12), suffix(2)));
        add(offset, extend(extend(start(10), &agreements), &tags));
    }
    for offset in [0, 4] {
        add(offset, form);
        add(offset, readings);
        add(offset, extend(start(13), suffix(2)));
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
