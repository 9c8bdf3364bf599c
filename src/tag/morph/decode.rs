//! Decoding: from tokens to tags and lemmas, with a cache of what is known of each distinct word.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::segment::{Segmentation, TokenKind};
use crate::tag::index::WordIndex;
use crate::tag::{Morphology, Tags};
use crate::text::Document;

use super::features::{HISTORY, OFFSETS, PAIRS, Place, border, features, history, look_up, pairs};
use super::tagset::Tag;
use super::weights::{LANES, NO_FEATURE, Rows, Scores};
use super::{Model, START};

/// Distinct words that a worker remembers at most (about 500 bytes each).
const MOST_WORDS: usize = 30_000;

/// Tokens tagged at once; a longer sentence is parted, so that the cache can be emptied between.
const MOST_TOKENS: usize = 1000;

/// The score of a tag that a word cannot have: lower than what all other features can make good.
const IMPOSSIBLE: i16 = -12_000;

/// The buffers of one thread.
#[derive(Debug)]
pub(crate) struct Worker {
    /// Words to their indices, for each [`Place`].
    indices: WordIndex,
    words: Vec<Word>,
    /// Per word, the scores that it gives to the words around it, from the second behind it to the second before. Apart from
    /// what else is known of words, which is short and read more often.
    sums: Vec<[Scores; OFFSETS]>,
    /// Tells the memory of this worker from those of others, and from its own before it was cleared.
    memory: u64,
    /// How many analyses it holds.
    lemmas: u32,
    /// The number of documents seen: tells whether a lemma stands in the present document already.
    document: u32,
    sentence: Vec<u32>,
    tokens: Vec<usize>,
    /// Their tags, where they can have but one.
    sure: Vec<Option<Tag>>,
    /// Per collected word whose tag is not sure, what it and its neighbours say of it.
    scores: Vec<Scores>,
    /// Likewise the keys of the pairs around it, and of the tag before it where that is sure.
    keys: Vec<[u32; PAIRS + HISTORY]>,
    rows: Rows,
}

/// What is known of a distinct word.
#[derive(Debug)]
struct Word {
    /// Its class in features of pairs.
    class: u32,
    /// Its tag, if it can have but one.
    sure: Option<Tag>,
    /// The last tag that it had, in which document, and the index of both in the tags of that.
    last: (Tag, u32, u32),
    /// What it is under the tag that it had first; most words have but one, and need no look elsewhere in memory.
    first: Option<Lemma>,
    /// What it is under its other tags.
    others: Vec<Lemma>,
}

impl Word {
    /// What it is under `tag`; made by `analyse` where it never had that tag before.
    fn lemma(&mut self, tag: Tag, analyse: impl FnOnce() -> Lemma) -> &mut Lemma {
        if self.first.as_ref().is_none_or(|first| first.tag == tag) {
            return self.first.get_or_insert_with(analyse);
        }
        let at = self.others.iter().position(|lemma| lemma.tag == tag).unwrap_or_else(|| {
            self.others.push(analyse());
            self.others.len() - 1
        });
        // Invariant: there is one at that place, found or pushed just now.
        &mut self.others[at]
    }
}

/// Lemma and morphology under one tag.
#[derive(Debug)]
struct Lemma {
    tag: Tag,
    morphology: Morphology,
    text: Box<str>,
    /// The word in lower case.
    lower: Box<str>,
    /// Its number among all in the worker's memory.
    lasting: u32,
    /// The last document that it was used in, and its index in the tags of that.
    document: u32,
    index: u32,
}

/// A word that no document has had yet.
const NEVER: (Tag, u32, u32) = (Tag(0), 0, 0);

/// A number that no memory of words had before. It is no part of any result.
fn new_memory() -> u64 {
    static MEMORIES: AtomicU64 = AtomicU64::new(1);
    MEMORIES.fetch_add(1, Ordering::Relaxed)
}

/// The index of the border of sentences among a worker's words.
const BORDER: u32 = 0;

impl Worker {
    pub(crate) fn new(model: &Model) -> Self {
        let mut worker = Self {
            indices: WordIndex::default(),
            words: Vec::new(),
            sums: Vec::new(),
            memory: 0,
            lemmas: 0,
            document: 0,
            sentence: Vec::new(),
            tokens: Vec::new(),
            sure: Vec::new(),
            scores: Vec::new(),
            keys: Vec::new(),
            rows: Rows::default(),
        };
        worker.clear(model);
        worker
    }

    /// Forgets all words.
    fn clear(&mut self, model: &Model) {
        self.indices.clear();
        self.words.clear();
        self.sums.clear();
        (self.memory, self.lemmas) = (new_memory(), 0);
        let border = border();
        let sums = self.sum(model, &border.keys);
        self.add(border.class, None, sums);
    }

    /// Tags the tokens of a document.
    pub(crate) fn tag(&mut self, model: &Model, document: &Document, segmentation: &Segmentation) -> Tags {
        self.document = self.document.wrapping_add(1).max(1);
        let memory = self.memory;
        let mut tags = Tags::new(segmentation.tokens.len(), memory);
        for sentence in &segmentation.sentences {
            let headline = is_headline(document.slice(sentence.span));
            let mut at = sentence.tokens.start;
            while at < sentence.tokens.end {
                let end = sentence.tokens.end.min(at + MOST_TOKENS);
                if self.words.len() > MOST_WORDS {
                    self.clear(model);
                }
                self.collect(model, document, segmentation, at..end, headline);
                self.score(model);
                self.decode(model, &mut tags, document, segmentation, at..end);
                at = end;
            }
        }
        if self.memory != memory {
            tags.detach(new_memory());
        }
        tags
    }

    /// Looks up the words of `range`, leaving out line breaks.
    fn collect(
        &mut self,
        model: &Model,
        document: &Document,
        segmentation: &Segmentation,
        range: std::ops::Range<usize>,
        headline: bool,
    ) {
        self.sentence.clear();
        self.sentence.extend([BORDER, BORDER]);
        self.tokens.clear();
        self.sure.clear();
        let mut initial = true;
        for at in range {
            let token = segmentation.tokens[at];
            if token.kind == TokenKind::Break {
                continue;
            }
            let word = document.slice(token.span);
            let place = Place::of(word, headline, initial);
            let index = self.index(model, word, place);
            self.sentence.push(index);
            self.tokens.push(at);
            self.sure.push(self.words.get(index as usize).and_then(|word| word.sure));
            initial = opens(word);
        }
        self.sentence.extend([BORDER, BORDER]);
    }

    /// The index of `word`; its scores are summed when it is new.
    fn index(&mut self, model: &Model, word: &str, place: Place) -> u32 {
        if let Some(index) = self.indices.get(place as u8, word) {
            return index;
        }
        let (lower, analyses) = look_up(&model.lexicon, word);
        let frequent = model.frequent.contains(lower.as_str());
        let sure = model.sure(word, &lower, place, analyses);
        let features = features(word, &lower, place, analyses, frequent, sure.is_some());
        let index = self.words.len() as u32;
        let mut scores = self.sum(model, &features.keys);
        let possible = model.possible(&lower);
        for (tag, score) in scores[OFFSETS / 2].iter_mut().enumerate() {
            if possible >> tag & 1 == 0 {
                *score = IMPOSSIBLE;
            }
        }
        self.add(features.class, sure, scores);
        self.indices.insert(place as u8, word, index);
        index
    }

    /// The sums of the weights of features, per distance.
    fn sum(&mut self, model: &Model, keys: &[Vec<u32>; OFFSETS]) -> [Scores; OFFSETS] {
        let mut out = [[0; LANES]; OFFSETS];
        model.weights.add_all(keys, &mut self.rows, &mut out);
        out
    }

    /// Adds a word.
    fn add(&mut self, class: u32, sure: Option<Tag>, sums: [Scores; OFFSETS]) {
        self.words.push(Word { class, sure, last: NEVER, first: None, others: Vec::new() });
        self.sums.push(sums);
    }

    /// Sums what does not depend on the tags before, or on sure ones: a pass of its own, in which no look-up waits for another.
    fn score(&mut self, model: &Model) {
        self.scores.clear();
        self.keys.clear();
        let before = [Some(Tag(START))].into_iter().chain(self.sure.iter().copied());
        let words = self.sentence.windows(OFFSETS).zip(&self.sure).zip(before);
        for ((window, _), before) in words.filter(|((_, sure), _)| sure.is_none()) {
            let mut scores = [0_i16; LANES];
            // Invariant: windows hold words for all offsets.
            let word = |offset: usize| window[offset] as usize;
            let classes = std::array::from_fn(|offset| self.words[word(offset)].class);
            add_rows::<OFFSETS>(&mut scores, std::array::from_fn(|offset| self.sums[word(offset)][offset].as_slice()));
            let [first, second, third, fourth] = pairs(classes);
            let [here, behind] = before.map_or([NO_FEATURE; HISTORY], |tag| history(tag.0, classes[2], classes[3]));
            self.keys.push([first, second, third, fourth, here, behind]);
            self.scores.push(scores);
        }
        model.weights.add_all(&self.keys, &mut self.rows, &mut self.scores);
    }

    /// Chooses the tags of the collected words from left to right.
    fn decode(
        &mut self,
        model: &Model,
        tags: &mut Tags,
        document: &Document,
        segmentation: &Segmentation,
        range: std::ops::Range<usize>,
    ) {
        let (mut before, mut last) = (START, START);
        let mut next = range.start;
        let mut scored = 0;
        for i in 0..self.tokens.len() {
            let at = self.tokens[i];
            (next..at).for_each(|_| tags.push_break());
            next = at + 1;
            let tag = if let Some(tag) = self.sure[i] {
                tag
            } else {
                let scores = &mut self.scores[scored];
                scored += 1;
                let last_two = usize::from(before) * (usize::from(START) + 1) + usize::from(last);
                add_rows(scores, [&model.after[usize::from(last)], &model.after_two[last_two]]);
                if i.checked_sub(1).is_some_and(|before| self.sure[before].is_none()) {
                    let [here, behind] = [i + 2, i + 3].map(|at| self.words[self.sentence[at] as usize].class);
                    model.weights.add_few(history(last, here, behind), scores);
                }
                best(scores)
            };
            self.push(model, tags, document.slice(segmentation.tokens[at].span), self.sentence[i + 2], tag);
            (before, last) = (last, tag.0);
        }
        (next..range.end).for_each(|_| tags.push_break());
    }

    /// Adds a token; its analysis stands in the document's tags once per word and tag.
    fn push(&mut self, model: &Model, tags: &mut Tags, text: &str, word: u32, tag: Tag) {
        let word = &mut self.words[word as usize];
        if (word.last.0, word.last.1) == (tag, self.document) {
            tags.push(word.last.2);
            return;
        }
        let lemma = word.lemma(tag, || {
            let (lower, analyses) = look_up(&model.lexicon, text);
            let (lemma, morphology) = model.lemmatizer.analyse(text, &lower, analyses, tag);
            let (document, lasting) = (self.document.wrapping_sub(1), self.lemmas);
            self.lemmas += 1;
            Lemma { tag, morphology, text: lemma.into(), lower: lower.into(), lasting, document, index: 0 }
        });
        let index = if lemma.document == self.document {
            lemma.index
        } else {
            tags.add(tag.upos(), lemma.morphology, &lemma.lower, &lemma.text, lemma.lasting)
        };
        (lemma.document, lemma.index) = (self.document, index);
        word.last = (tag, self.document, index);
        tags.push(index);
    }
}

/// Adds rows as long as `scores` to them. Not inlined: where the length is known, the loop is unrolled into single additions
/// instead of vector registers.
#[inline(never)]
fn add_rows<const N: usize>(scores: &mut [i16], rows: [&[i16]; N]) {
    let rows = rows.map(|row| &row[..scores.len()]);
    for (at, score) in scores.iter_mut().enumerate() {
        // Invariant: the rows are cut to the length of `scores`.
        *score = rows.iter().fold(*score, |sum, row| sum.wrapping_add(row[at]));
    }
}

/// The numbers of all tags.
const NUMBERS: [i16; Tag::COUNT] = {
    let mut numbers = [0; Tag::COUNT];
    let mut at = 0;
    while at < Tag::COUNT {
        numbers[at] = at as i16;
        at += 1;
    }
    numbers
};

/// The tag with the highest score, the first of equals.
fn best(scores: &Scores) -> Tag {
    let tags = &scores[..Tag::COUNT];
    let highest = tags.iter().copied().fold(i16::MIN, i16::max);
    // Without a branch, so that it is computed for eight tags at once.
    let first = tags
        .iter()
        .zip(&NUMBERS)
        .fold(i16::MAX, |first, (score, number)| first.min(if *score == highest { *number } else { i16::MAX }));
    Tag(first as u8)
}

/// Whether any word may have a capital behind this one.
pub(crate) fn opens(word: &str) -> bool {
    matches!(word, "«" | "“" | "\"" | "-" | "–" | "—" | "•" | "(" | ":" | "*")
}

/// Whether a sentence is all capitals: then capitals say nothing about its words.
pub(crate) fn is_headline(sentence: &str) -> bool {
    // A capital ASCII or accented letter is enough for the second test; most sentences fail the first letters.
    let (mut upper, mut lower) = (0_usize, 0_usize);
    for c in sentence.chars() {
        if c.is_lowercase() {
            lower += 1;
            if lower > 3 && lower > upper {
                return false;
            }
        } else if c.is_uppercase() {
            upper += 1;
        }
    }
    upper >= 10 && lower * 10 <= upper && sentence.contains(' ')
}
