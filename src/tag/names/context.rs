use std::ops::Range;

use rustc_hash::FxHashSet;

use super::cues::{CUES, Cues};
use super::gazetteer::{CLASSES, Gazetteer};
use super::labels::Position;
use super::runs::{self, Runs};
use super::word::{Shape, Word};
use crate::segment::{Segmentation, TokenKind};

/// Tokens further than this from anything with a capital letter are taken to be outside names.
const REACH: usize = 4;

/// Longest name, in tokens, that an acronym is looked for at.
const EXPANSION: usize = 14;

const FIRST: u16 = 0;
const SECOND: u16 = 1;
const HEADLINE: u16 = 2;
const CAPITALS: u16 = 3;
const LIST_ITEM: u16 = 4;
const NO_STOP: u16 = 5;
const SHORT: u16 = 6;
const QUOTED: u16 = 7;
const BRACKETED: u16 = 8;
const ALONE_IN_BRACKETS: u16 = 9;
const ACRONYM: u16 = 10;
const EXPANDED: u16 = 11;
const LOWER_TOO: u16 = 12;
const GLUED: u16 = 13;
const MATCHES: u16 = 16;
const OTHERS: u16 = MATCHES + 4 * CLASSES.len() as u16;
const RUN: u16 = OTHERS + CUES as u16;
const SHAPES: u16 = RUN + runs::FEATURES as u16;

/// How many features of the context there are.
pub(crate) const FEATURES: usize = SHAPES as usize + Shape::COUNT * Shape::COUNT * Shape::COUNT;

/// A document as the tagger sees it: its tokens without line breaks, and what their surroundings say.
#[derive(Debug, Default)]
pub(crate) struct Context {
    /// The token of the segmentation that each word is.
    pub(crate) tokens: Vec<u32>,
    /// The number that the caller gave each word.
    pub(crate) ids: Vec<u32>,
    words: Vec<Word>,
    /// Sentences, as ranges of words.
    pub(crate) sentences: Vec<Range<usize>>,
    /// Stretches near capital letters, in which names can be: a sentence and a range of words in it.
    pub(crate) stretches: Vec<(usize, Range<usize>)>,
    features: Vec<u16>,
    /// Where the features of each word end.
    ends: Vec<u32>,
    lower: FxHashSet<u32>,
    flags: Vec<u16>,
    matches: Vec<(Range<usize>, u32)>,
    cues: Cues,
}

impl Context {
    /// The features of the surroundings of word `at`.
    pub(crate) fn features(&self, at: usize) -> &[u16] {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |&end| end as usize);
        let end = self.ends.get(at).map_or(start, |&end| end as usize);
        self.features.get(start..end).unwrap_or(&[])
    }

    /// Analyses a document of which `text` are the words and `segmentation` the tokens; `number`
    /// describes the word of a token and gives it a number.
    pub(crate) fn fill(
        &mut self,
        text: &str,
        segmentation: &Segmentation,
        gazetteer: &Gazetteer,
        mut number: impl FnMut(usize, &str, TokenKind) -> (u32, Word),
    ) {
        for list in [&mut self.tokens, &mut self.ids, &mut self.ends] {
            list.clear();
        }
        self.words.clear();
        self.sentences.clear();
        self.stretches.clear();
        self.features.clear();
        self.lower.clear();
        for sentence in &segmentation.sentences {
            let start = self.words.len();
            for at in sentence.tokens.clone() {
                let Some(token) = segmentation.tokens.get(at).filter(|t| t.kind != TokenKind::Break) else { continue };
                let (id, word) = number(at, text.get(token.span.range()).unwrap_or(""), token.kind);
                if word.shape == Shape::Lower {
                    self.lower.insert(word.key);
                }
                self.tokens.push(u32::try_from(at).unwrap_or(u32::MAX));
                self.ids.push(id);
                self.words.push(word);
            }
            if start < self.words.len() {
                self.sentences.push(start..self.words.len());
            }
        }
        self.cues.count(&self.words, &self.sentences);
        for sentence in 0..self.sentences.len() {
            self.find_stretches(sentence);
        }
        for at in 0..self.stretches.len() {
            self.describe(at, segmentation, gazetteer);
        }
        self.ends.resize(self.words.len(), u32::try_from(self.features.len()).unwrap_or(u32::MAX));
    }

    /// Adds the stretches of a sentence.
    fn find_stretches(&mut self, sentence: usize) {
        let Some(range) = self.sentences.get(sentence).cloned() else { return };
        let mut open: Option<Range<usize>> = None;
        for at in range.clone() {
            if !self.words.get(at).is_some_and(|word| word.shape.has_capital()) {
                continue;
            }
            let (start, end) = (at.saturating_sub(REACH).max(range.start), (at + REACH + 1).min(range.end));
            match &mut open {
                Some(stretch) if start <= stretch.end => stretch.end = end,
                _ => {
                    self.stretches.extend(open.take().map(|stretch| (sentence, stretch)));
                    open = Some(start..end);
                }
            }
        }
        self.stretches.extend(open.map(|stretch| (sentence, stretch)));
    }

    /// Adds the features of the words of a stretch.
    fn describe(&mut self, stretch: usize, segmentation: &Segmentation, gazetteer: &Gazetteer) {
        let Some((sentence, stretch)) = self.stretches.get(stretch).cloned() else { return };
        let Some(range) = self.sentences.get(sentence).cloned() else { return };
        let words = &self.words;
        self.ends.resize(stretch.start, u32::try_from(self.features.len()).unwrap_or(u32::MAX));
        find_entries(words, &range, &stretch, gazetteer, &mut self.matches);
        sentence_flags(words, &range, sentence, &mut self.flags);
        let acronyms = acronyms(words, &range, &stretch);
        let open = marks_before(words, range.start, stretch.start);
        let (mut quoted, mut bracketed) = open;
        let mut runs = Runs::default();
        for at in stretch.clone() {
            let shape = |at: Option<usize>| {
                at.filter(|at| range.contains(at)).map_or(Shape::Edge, |at| words[at].shape) as usize
            };
            let (before, here, after) = (shape(at.checked_sub(1)), words[at].shape as usize, shape(Some(at + 1)));
            let shapes = (before * Shape::COUNT + here) * Shape::COUNT + after;
            self.features.push(SHAPES + u16::try_from(shapes).unwrap_or(0));
            self.features.extend_from_slice(&self.flags);
            match words[at].mark {
                '«' | '“' => quoted = true,
                '»' | '”' => quoted = false,
                '"' => quoted = !quoted,
                '(' => bracketed = true,
                ')' => bracketed = false,
                _ => {}
            }
            let alone =
                at > range.start && words[at - 1].mark == '(' && words.get(at + 1).is_some_and(|w| w.mark == ')');
            let token = |at: usize| self.tokens.get(at).and_then(|&t| segmentation.tokens.get(t as usize));
            let glued = at > range.start
                && token(at).zip(token(at - 1)).is_some_and(|(here, before)| here.span.start == before.span.end);
            let flags = [
                (FIRST, at == range.start),
                (SECOND, at == range.start + 1),
                (QUOTED, quoted),
                (BRACKETED, bracketed),
                (ALONE_IN_BRACKETS, alone),
                (ACRONYM, acronyms.iter().any(|(acronym, _)| *acronym == at)),
                (EXPANDED, acronyms.iter().any(|(_, expansion)| expansion.contains(&at))),
                (LOWER_TOO, words[at].shape.has_capital() && self.lower.contains(&words[at].key)),
                (GLUED, glued),
            ];
            self.features.extend(flags.iter().filter(|flag| flag.1).map(|flag| flag.0));
            let features = &mut self.features;
            self.cues.others(at, &words[at], |cue| features.push(OTHERS + u16::try_from(cue).unwrap_or(0)));
            push_matches(&self.matches, at, &mut self.features);
            let features = &mut self.features;
            runs.describe(words, &range, at, |feature| features.push(RUN + u16::try_from(feature).unwrap_or(0)));
            self.ends.push(u32::try_from(self.features.len()).unwrap_or(u32::MAX));
        }
    }
}

/// The entries of the gazetteer that begin in `stretch` of the sentence `range`, with a capital at one of their ends: their words
/// and their classes.
fn find_entries(
    words: &[Word],
    range: &Range<usize>,
    stretch: &Range<usize>,
    gazetteer: &Gazetteer,
    out: &mut Vec<(Range<usize>, u32)>,
) {
    out.clear();
    for at in stretch.clone().filter(|&at| words[at].starts_entry) {
        let keys = words[at..range.end].iter().map(|word| word.key);
        let capital = words[at].shape.has_capital();
        gazetteer.walk(keys, |length, classes| {
            let last = words.get(at + length - 1).is_some_and(|word| word.shape.has_capital());
            if capital || last {
                out.push((at..at + length, classes));
            }
        });
    }
}

/// The features of a whole sentence.
fn sentence_flags(words: &[Word], range: &Range<usize>, sentence: usize, out: &mut Vec<u16>) {
    out.clear();
    let own = &words[range.clone()];
    let capitals = own.iter().filter(|word| word.shape == Shape::Capitals).count();
    let others = own.iter().filter(|w| matches!(w.shape, Shape::Lower | Shape::Capitalised | Shape::Mixed)).count();
    let flags = [
        (HEADLINE, sentence == 0),
        (CAPITALS, capitals > 2 * others && capitals > 1),
        (LIST_ITEM, own.first().is_some_and(|word| matches!(word.mark, '-' | '–' | '—' | '•' | '*' | '·'))),
        (NO_STOP, !own.last().is_some_and(|word| matches!(word.mark, '.' | '!' | '?' | '…' | ';' | '»' | '"'))),
        (SHORT, own.len() < 8),
    ];
    out.extend(flags.iter().filter(|flag| flag.1).map(|flag| flag.0));
}

/// Whether a quotation and a bracket are open at word `to` of a sentence that begins at `from`.
fn marks_before(words: &[Word], from: usize, to: usize) -> (bool, bool) {
    words[from..to].iter().fold((false, false), |(quoted, bracketed), word| match word.mark {
        '«' | '“' => (true, bracketed),
        '»' | '”' => (false, bracketed),
        '"' => (!quoted, bracketed),
        '(' => (quoted, true),
        ')' => (quoted, false),
        _ => (quoted, bracketed),
    })
}

/// Adds for each class of entries that cover word `at` where in the longest such entry it stands.
fn push_matches(matches: &[(Range<usize>, u32)], at: usize, out: &mut Vec<u16>) {
    let covering = || matches.iter().filter(|(span, _)| span.contains(&at));
    let all = covering().fold(0, |all, (_, classes)| all | classes);
    for class in (0..CLASSES.len()).filter(|class| all & (1 << class) != 0) {
        let longest = covering().filter(|(_, classes)| classes & (1 << class) != 0).max_by_key(|(span, _)| span.len());
        let Some((span, _)) = longest else { continue };
        let position = match at {
            at if at == span.start => Position::Begin,
            at if at + 1 == span.end => Position::End,
            _ => Position::Inside,
        };
        out.push(MATCHES + 4 * u16::try_from(class).unwrap_or(0) + position as u16);
    }
}

/// Acronyms in brackets behind the name that they shorten (`Centre national d'études spatiales
/// (CNES)`): the word and the words of the name.
fn acronyms(words: &[Word], range: &Range<usize>, stretch: &Range<usize>) -> Vec<(usize, Range<usize>)> {
    let mut out = Vec::new();
    for at in stretch.clone() {
        let in_brackets =
            at > range.start + 1 && words[at - 1].mark == '(' && words.get(at + 1).is_some_and(|w| w.mark == ')');
        if !in_brackets || !matches!(words[at].shape, Shape::Capitals | Shape::Mixed) {
            continue;
        }
        let end = at - 1;
        let begins = (range.start.max(end.saturating_sub(EXPANSION))..end.saturating_sub(1))
            .find(|&start| words[start].initial == words[at].initial && words[start].shape.has_capital());
        out.extend(begins.map(|start| (at, start..end)));
    }
    out
}
