use std::collections::HashMap;

use rustc_hash::FxHashMap;

use super::crf::Allowed;
use crate::segment::{Segmentation, TokenKind};
use crate::tag::EntityType;
use crate::tag::names::WordVectors;
use crate::tag::names::context::Context;
use crate::tag::names::gazetteer::Gazetteer;
use crate::tag::names::labels::{OUTSIDE, Position, label};
use crate::tag::names::word::{self, Feature, SLOTS, Word};
use crate::text::Document;
use crate::train::{Labelled, LabelledName};

/// A stretch of text to learn from.
#[derive(Clone, Debug)]
pub(super) struct Example {
    /// Its words and two on either side, as numbers of the [`Lexicon`].
    pub(super) words: Vec<u32>,
    /// The features of the context of each word, one after the other.
    pub(super) context: Vec<u16>,
    /// Where those of each word end.
    pub(super) ends: Vec<usize>,
    /// The labels that each word may have.
    pub(super) allowed: Vec<Allowed>,
}

impl Example {
    /// The features of the context of word `at`.
    pub(super) fn context_of(&self, at: usize) -> &[u16] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.context[start..self.ends[at]]
    }
}

/// The features of one distinct word.
#[derive(Debug)]
pub(super) struct Entry {
    /// Numbers of the features, in [`Lexicon::features`].
    pub(super) features: Vec<u32>,
    /// The row of its vector.
    pub(super) row: Option<usize>,
}

/// All words and features of the training data.
#[derive(Debug)]
pub(super) struct Lexicon<'a> {
    /// The words; 0 is the edge of a sentence.
    pub(super) words: Vec<Entry>,
    /// The features, each with how many distinct words and tokens have it.
    pub(super) features: Vec<(Feature, u32)>,
    described: Vec<Word>,
    numbers: HashMap<(Box<str>, u8), u32>,
    feature_numbers: FxHashMap<u64, u32>,
    vectors: &'a WordVectors,
    gazetteer: &'a Gazetteer,
    buffer: Vec<Feature>,
}

impl<'a> Lexicon<'a> {
    pub(super) fn new(vectors: &'a WordVectors, gazetteer: &'a Gazetteer) -> Self {
        let mut lexicon = Self {
            words: Vec::new(),
            features: Vec::new(),
            described: Vec::new(),
            numbers: HashMap::new(),
            feature_numbers: FxHashMap::default(),
            vectors,
            gazetteer,
            buffer: Vec::new(),
        };
        lexicon.add(None, Word::EDGE);
        lexicon
    }

    fn add(&mut self, form: Option<&str>, word: Word) -> u32 {
        let row = word::features(form, &word, self.vectors, &mut self.buffer);
        let mut features = Vec::with_capacity(self.buffer.len());
        for &feature in &self.buffer {
            let next = u32::try_from(self.features.len()).unwrap_or(u32::MAX);
            let number = *self.feature_numbers.entry(feature.hash).or_insert(next);
            if number == next {
                self.features.push((feature, 0));
            }
            features.push(number);
        }
        self.words.push(Entry { features, row });
        self.described.push(word);
        u32::try_from(self.words.len() - 1).unwrap_or(0)
    }

    fn number(&mut self, form: &str, kind: TokenKind) -> (u32, Word) {
        let key = (Box::<str>::from(form), kind as u8);
        if let Some(&number) = self.numbers.get(&key) {
            return (number, self.described[number as usize]);
        }
        let word = Word::new(form, kind, self.gazetteer);
        let number = self.add(Some(form), word);
        self.numbers.insert(key, number);
        (number, word)
    }

    /// The examples in a labelled text.
    pub(super) fn examples(&mut self, labelled: &Labelled) -> Vec<Example> {
        let document = Document::new(&labelled.text);
        let segmentation = Segmentation::new(&document);
        let mut context = Context::default();
        let gazetteer = self.gazetteer;
        context.fill(document.text(), &segmentation, gazetteer, |_, form, kind| self.number(form, kind));
        let mut allowed = vec![1 << OUTSIDE; segmentation.tokens.len()];
        for name in &labelled.names {
            mark(name, &document, &segmentation, &mut allowed);
        }
        let mut examples = Vec::new();
        for (sentence, stretch) in &context.stretches {
            let range = &context.sentences[*sentence];
            let reach = SLOTS / 2;
            let words = (stretch.start..stretch.end + 2 * reach)
                .map(|at| at.checked_sub(reach).filter(|at| range.contains(at)).map_or(0, |at| context.ids[at]))
                .collect::<Vec<_>>();
            for &word in &words {
                for &feature in &self.words[word as usize].features {
                    self.features[feature as usize].1 += 1;
                }
            }
            let mut example = Example { words, context: Vec::new(), ends: Vec::new(), allowed: Vec::new() };
            for at in stretch.clone() {
                example.context.extend_from_slice(context.features(at));
                example.ends.push(example.context.len());
                example.allowed.push(allowed[context.tokens[at] as usize]);
            }
            close(&mut example.allowed);
            examples.push(example);
        }
        examples
    }
}

/// Sets the labels of the tokens of a name.
fn mark(name: &LabelledName, document: &Document, segmentation: &Segmentation, allowed: &mut [Allowed]) {
    let span = document.span_of_code_points(name.start, name.end);
    let first = segmentation.tokens.partition_point(|token| token.span.end <= span.start);
    let end = segmentation.tokens.partition_point(|token| token.span.start < span.end);
    let tokens: Vec<usize> = (first..end).filter(|&at| segmentation.tokens[at].kind != TokenKind::Break).collect();
    for (at, &token) in tokens.iter().enumerate() {
        let position = match (at == 0, at + 1 == tokens.len()) {
            (true, true) => Position::Single,
            (true, false) => Position::Begin,
            (false, true) => Position::End,
            (false, false) => Position::Inside,
        };
        let kinds = EntityType::ALL.into_iter().filter(|&kind| name.meaning.allows(kind));
        allowed[token] = kinds.fold(0, |all, kind| all | 1 << label(kind, position));
        if name.meaning.allows_none() {
            allowed[token] |= 1 << OUTSIDE;
        }
    }
}

/// Makes what a name that lies in two stretches leaves there a name of its own, so that a labelling exists.
fn close(allowed: &mut [Allowed]) {
    let begins = |set: Allowed| position_of(set).is_none_or(|p| matches!(p, Position::Begin | Position::Single));
    for at in 0..allowed.len() {
        let Some(position) = position_of(allowed[at]) else { continue };
        let opened =
            at > 0 && position_of(allowed[at - 1]).is_some_and(|p| matches!(p, Position::Begin | Position::Inside));
        let goes_on = allowed.get(at + 1).is_some_and(|&next| !begins(next));
        let wanted = match position {
            Position::Inside | Position::End if !opened => {
                if goes_on {
                    Position::Begin
                } else {
                    Position::Single
                }
            }
            Position::Begin if !goes_on => Position::Single,
            Position::Inside if !goes_on => Position::End,
            position => position,
        };
        if wanted != position {
            let kinds = EntityType::ALL.into_iter().filter(|&kind| allowed[at] & (1 << label(kind, position)) != 0);
            let none = allowed[at] & (1 << OUTSIDE);
            allowed[at] = kinds.fold(none, |all, kind| all | 1 << label(kind, wanted));
        }
    }
}

/// The position in a name that a set of labels holds; `None` for outside alone.
fn position_of(set: Allowed) -> Option<Position> {
    [Position::Begin, Position::Inside, Position::End, Position::Single]
        .into_iter()
        .find(|&position| EntityType::ALL.into_iter().any(|kind| set & (1 << label(kind, position)) != 0))
}
