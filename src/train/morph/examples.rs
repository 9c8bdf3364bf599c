//! Treebank sentences as examples for the perceptron.

use std::collections::{BTreeMap, BTreeSet};

use super::perceptron::{Example, Word};
use crate::tag::morph::dictionary::Dictionary;
use crate::tag::morph::features::{self, Place, WordFeatures};
use crate::tag::morph::lexicon::Lexicon;
use crate::tag::morph::tagset::Tag;
use crate::tag::morph::{is_headline, opens};
use crate::train::treebank::Sentence;

/// Sentences to learn from, and the features of each distinct word in them.
#[derive(Debug)]
pub(super) struct Corpus {
    sentences: Vec<(Sentence, Vec<Type>)>,
    features: BTreeMap<Type, WordFeatures>,
}

impl Corpus {
    /// The sentences of treebanks. Headlines in capitals and words that no lexicon knows are rare
    /// there: some sentences come again in capitals, some again with their rarer words as if unknown.
    pub(super) fn new(sentences: &[Sentence], lexicon: &Lexicon, frequent: &BTreeSet<String>) -> Self {
        let mut all: Vec<(Sentence, bool)> = sentences.iter().map(|sentence| (sentence.clone(), false)).collect();
        all.extend(sentences.iter().step_by(4).filter_map(in_capitals).map(|sentence| (sentence, false)));
        all.extend(sentences.iter().skip(1).step_by(4).map(|sentence| (sentence.clone(), true)));
        let with_types = |(sentence, unknown): (Sentence, bool)| {
            let types = types_of(&sentence, unknown, frequent);
            (sentence, types)
        };
        let sentences: Vec<(Sentence, Vec<Type>)> = all.into_iter().map(with_types).collect();
        let mut features = BTreeMap::new();
        for word in sentences.iter().flat_map(|(_, types)| types) {
            features.entry(word.clone()).or_insert_with(|| {
                let (lower, analyses) = features::look_up(lexicon, &word.form);
                let frequent = frequent.contains(&lower);
                if word.unknown {
                    features::features(&word.form, &lower, word.place, &[], frequent, false).without_form(&lower)
                } else {
                    features::features(&word.form, &lower, word.place, analyses, frequent, false)
                }
            });
        }
        Self { sentences, features }
    }

    /// The examples; `closed` gives the words that can have tags of closed classes, with those tags as bits.
    pub(super) fn examples(
        &self,
        closed: &BTreeMap<String, u64>,
        dictionary: &Dictionary,
        lexicon: &Lexicon,
    ) -> Vec<Example<'_>> {
        let sure = |kind: &Type| {
            let (lower, analyses) = features::look_up(lexicon, &kind.form);
            let tag = dictionary.tag(&kind.form, kind.place, analyses, closed.contains_key(&lower));
            tag.filter(|_| !kind.unknown)
        };
        let example = |(sentence, types): &(Sentence, Vec<Type>)| {
            let words = types.iter().zip(&sentence.words).map(|(kind, word)| Word {
                // Invariant: the features of every type were entered in `new`.
                features: &self.features[kind],
                possible: !Tag::closed() | closed.get(&word.form.to_lowercase()).copied().unwrap_or_default(),
                tag: word.gold.as_ref().map(|gold| gold.tag),
                sure: sure(kind),
            });
            Example { words: words.collect() }
        };
        self.sentences.iter().map(example).collect()
    }
}

/// The same sentence as a headline in capitals; `None` when it is too short to be one.
fn in_capitals(sentence: &Sentence) -> Option<Sentence> {
    let mut out = sentence.clone();
    for word in &mut out.words {
        word.form = word.form.to_uppercase();
    }
    is_headline(&text(&out)).then_some(out)
}

fn text(sentence: &Sentence) -> String {
    sentence.words.iter().map(|word| word.form.as_str()).collect::<Vec<_>>().join(" ")
}

/// A word as the tagger sees it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Type {
    form: String,
    place: Place,
    /// Whether it is to be learnt as a word that is not known.
    unknown: bool,
}

/// The words of a sentence; those in lower case that are not frequent as `unknown`.
fn types_of(sentence: &Sentence, unknown: bool, frequent: &BTreeSet<String>) -> Vec<Type> {
    let headline = is_headline(&text(sentence));
    let mut initial = true;
    let mut out = Vec::new();
    for word in &sentence.words {
        let place = Place::of(&word.form, headline, initial);
        let rare = word.form.starts_with(char::is_lowercase) && !frequent.contains(&word.form);
        out.push(Type { form: word.form.clone(), place, unknown: unknown && rare });
        initial = opens(&word.form);
    }
    out
}
