//! Runs of words with capitals (`Institut de recherche` is none, `Institut Lorbec de la Mer` is one): what stands in front of a
//! run, its first and its last word tell of all words in it, however far they stand from them.

use std::ops::Range;

use super::cues;
use super::gazetteer::CLASSES;
use super::word::{Shape, Word};

/// Classes of words that tell of the run that they begin or end.
const ENDS: [&str; 10] = [
    "organization_nouns",
    "legal_forms",
    "titles",
    "event_nouns",
    "program_nouns",
    "product_nouns",
    "site_nouns",
    "place_nouns",
    "honorifics",
    "speech_verbs",
];

const HEAD: usize = cues::FOR_NEXT;
const TAIL: usize = HEAD + ENDS.len();
const LENGTH: usize = TAIL + ENDS.len();

/// How many features of runs there are.
pub(super) const FEATURES: usize = LENGTH + 5;

/// The run at the word that was described last.
#[derive(Debug, Default)]
pub(super) struct Runs {
    run: Range<usize>,
    /// The first word behind all that was searched for runs.
    next: usize,
}

impl Runs {
    /// Calls `found` with each feature that the run around word `at` of `words` gives; `sentence` is the sentence. The words are to be
    /// described in their order. Invariant: the sentence lies within `words`, and a run within its sentence.
    pub(super) fn describe(
        &mut self,
        words: &[Word],
        sentence: &Range<usize>,
        at: usize,
        mut found: impl FnMut(usize),
    ) {
        if at >= self.next {
            let joins = |word: &Word| word.shape.has_capital() || connects(word);
            let end = (at..sentence.end).find(|&i| !joins(&words[i])).unwrap_or(sentence.end);
            let capital = |i: &usize| words[*i].shape.has_capital();
            let first = (at..end).find(capital).unwrap_or(end);
            let last = (first..end).rev().find(capital).map_or(first, |last| last + 1);
            (self.run, self.next) = (first..last, end.max(at + 1));
        }
        let run = &self.run;
        if !run.contains(&at) {
            return;
        }
        if run.len() > 1 {
            push_ends(&words[run.start], HEAD, &mut found);
            push_ends(&words[run.end - 1], TAIL, &mut found);
        }
        if run.start > sentence.start {
            let before = words[run.start - 1].cues.0;
            (0..cues::FOR_NEXT).filter(|bit| before & (1 << bit) != 0).for_each(&mut found);
        }
        found(
            LENGTH
                + match run.len() {
                    0..=1 => 0,
                    2 => 1,
                    3 => 2,
                    4 | 5 => 3,
                    _ => 4,
                },
        );
    }
}

/// The classes among [`ENDS`] that a word has by its `classes`, a bit each.
pub(super) fn ends(classes: u32) -> u16 {
    let has = |name: &str| CLASSES.iter().position(|class| *class == name).is_some_and(|bit| classes & (1 << bit) != 0);
    ENDS.iter().enumerate().fold(0, |all, (i, name)| all | u16::from(has(name)) << i)
}

/// The features from `base` on of the first or last word of a run.
fn push_ends(word: &Word, base: usize, found: impl FnMut(usize)) {
    (0..ENDS.len()).filter(|i| word.ends & (1 << i) != 0).map(|i| base + i).for_each(found);
}

/// Whether a word joins the words of a name: `de`, `la`, `&`.
fn connects(word: &Word) -> bool {
    word.shape == Shape::Lower && cues::is_link(word.cues.0) || matches!(word.mark, '&' | '-')
}
