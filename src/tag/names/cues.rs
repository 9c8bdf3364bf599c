//! What the other occurrences of a word in the document tell of it: what stands before and after them, how many
//! there are. `la société Railor` in one sentence says what `Railor` is in all others.

use rustc_hash::FxHashMap;

use super::gazetteer::CLASSES;
use super::word::{Shape, Word};
use crate::text::lower;

/// Words before a name that tell of it, beside those of a gazetteer class.
const BEFORE: [&[&str]; 8] =
    [&["à"], &["en"], &["chez"], &["par"], &["l'"], &["le", "la", "les"], &["de", "d'"], &["du", "au", "des", "aux"]];

/// Classes of words before a name that tell of it.
const CLASSES_BEFORE: [&str; 10] = [
    "first_names_m",
    "first_names_f",
    "organization_nouns",
    "honorifics",
    "titles",
    "event_nouns",
    "program_nouns",
    "product_nouns",
    "site_nouns",
    "place_nouns",
];

/// Classes of words after a name that tell of it.
const CLASSES_AFTER: [&str; 2] = ["legal_forms", "speech_verbs"];

/// How many cues a word may give for a name behind it.
pub(crate) const FOR_NEXT: usize = BEFORE.len() + CLASSES_BEFORE.len();

const BRACKET_AFTER: usize = FOR_NEXT + CLASSES_AFTER.len();
const NUMBER_AFTER: usize = BRACKET_AFTER + 1;
const ALONE_IN_BRACKETS: usize = NUMBER_AFTER + 1;
const IN_HEADLINE: usize = ALONE_IN_BRACKETS + 1;

/// What is counted of each word.
const COUNTED: usize = IN_HEADLINE + 1;

/// How many cues there are: those counted, and how often the word occurs elsewhere.
pub(crate) const CUES: usize = COUNTED + 4;

/// The cues that a word gives for a name behind it, and for one before it.
pub(crate) fn of(form: &str, shape: Shape, classes: u32) -> (u32, u32) {
    let bit = |at: usize, holds: bool| u32::from(holds) << at;
    let holds = |class: &&str| CLASSES.iter().position(|c| c == class).is_some_and(|bit| classes & (1 << bit) != 0);
    let lower = lower(form);
    let mut for_next = 0;
    for (at, words) in BEFORE.iter().enumerate() {
        for_next |= bit(at, words.contains(&lower.as_str()));
    }
    for (at, class) in CLASSES_BEFORE.iter().enumerate() {
        for_next |= bit(BEFORE.len() + at, holds(class));
    }
    let mut for_last = bit(BRACKET_AFTER, form == "(") | bit(NUMBER_AFTER, shape == Shape::Number);
    for (at, class) in CLASSES_AFTER.iter().enumerate() {
        for_last |= bit(BEFORE.len() + CLASSES_BEFORE.len() + at, holds(class));
    }
    (for_next, for_last)
}

/// Whether cues for the next word are those of a word that joins the words of a name: `en`, `l'`, `la`, `de`, `du`.
pub(crate) fn is_link(for_next: u32) -> bool {
    const LINKS: u32 = 1 << 1 | 0b1111 << 4;
    for_next & LINKS != 0
}

/// The cues of all words with a capital letter in a document.
#[derive(Debug, Default)]
pub(crate) struct Cues {
    counts: FxHashMap<u32, [u8; COUNTED + 1]>,
    own: Vec<u32>,
}

impl Cues {
    /// Counts the cues of `words`, of which `sentences` are the sentences.
    pub(crate) fn count(&mut self, words: &[Word], sentences: &[std::ops::Range<usize>]) {
        self.counts.clear();
        self.own.clear();
        self.own.resize(words.len(), 0);
        for (number, sentence) in sentences.iter().enumerate() {
            for at in sentence.clone().filter(|&at| words[at].shape.has_capital()) {
                let mut own = u32::from(number == 0) << IN_HEADLINE;
                let before = (at > sentence.start).then(|| &words[at - 1]);
                let after = (at + 1 < sentence.end).then(|| &words[at + 1]);
                own |= before.map_or(0, |word| word.cues.0) | after.map_or(0, |word| word.cues.1);
                if before.is_some_and(|word| word.mark == '(') && after.is_some_and(|word| word.mark == ')') {
                    own |= 1 << ALONE_IN_BRACKETS;
                }
                self.own[at] = own;
                let counts = self.counts.entry(words[at].key).or_insert([0; COUNTED + 1]);
                for (bit, count) in counts.iter_mut().enumerate().take(COUNTED) {
                    *count = count.saturating_add(u8::from(own & (1 << bit) != 0));
                }
                counts[COUNTED] = counts[COUNTED].saturating_add(1);
            }
        }
    }

    /// Calls `found` with each cue that the other occurrences of word `at` give.
    pub(crate) fn others(&self, at: usize, word: &Word, mut found: impl FnMut(usize)) {
        let Some(counts) = self.counts.get(&word.key).filter(|_| word.shape.has_capital()) else { return };
        let own = self.own.get(at).copied().unwrap_or(0);
        for (bit, &count) in counts.iter().enumerate().take(COUNTED) {
            if u32::from(count) > (own >> bit & 1) {
                found(bit);
            }
        }
        match counts[COUNTED] {
            0 | 1 => found(COUNTED),
            2 => found(COUNTED + 1),
            3..6 => found(COUNTED + 2),
            _ => found(COUNTED + 3),
        }
    }
}
