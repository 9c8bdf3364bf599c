//! Training of the name model: first on corpora, then on annotated releases.

mod crf;
mod data;
mod trainer;

use rayon::prelude::*;

use crate::evaluate::{Folds, Gold};
use crate::model::Resources;
use crate::tag::names::gazetteer::Gazetteer;
use crate::tag::names::network::Network;
use crate::tag::names::{NameTaggerError, WordVectors};
use crate::train::{Labelled, Random, gold_texts};
use data::{Example, Lexicon};
use trainer::{Material, Trainer};

/// How the name model is trained.
#[derive(Clone, Debug)]
pub struct Options {
    /// Fixes all that is random.
    pub seed: u64,
    /// Hidden units.
    pub hidden: usize,
    /// Passes over the corpora.
    pub corpus_epochs: usize,
    /// Passes over the releases afterwards.
    pub release_epochs: usize,
    /// Size of the first steps.
    pub rate: f32,
    /// Size of the steps on releases.
    pub release_rate: f32,
    /// Steps of sparse features, in those of the others.
    pub sparse_rate: f32,
    /// Shrinking of the dense weights.
    pub decay: f32,
    /// Share of words of which the model sees all but the word itself.
    pub word_dropout: f32,
    /// Share of features left out.
    pub feature_dropout: f32,
    /// Share of hidden units left out.
    pub hidden_dropout: f32,
    /// Features of fewer words than this are not learnt.
    pub rarest: usize,
    /// Runs over the releases from the same start whose weights are averaged (Wortsman et al. 2022, "Model soups").
    pub averaged: usize,
    /// Sentences of corpora mixed into the passes over releases, for each of the releases.
    pub mixed: f32,
    /// How often each pass over the corpora sees each marked release.
    pub marked: usize,
}

impl Options {
    /// Sets the option `name`, as its field is called.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let wrong = |_| format!("{value} is no number that fits");
        let count = || value.parse::<usize>().map_err(|e| wrong(e.to_string()));
        let number = || value.parse::<f32>().map_err(|e| wrong(e.to_string()));
        match name {
            "hidden" => self.hidden = count()?.clamp(8, 1024),
            "corpus_epochs" => self.corpus_epochs = count()?,
            "release_epochs" => self.release_epochs = count()?,
            "rate" => self.rate = number()?,
            "release_rate" => self.release_rate = number()?,
            "sparse_rate" => self.sparse_rate = number()?,
            "decay" => self.decay = number()?,
            "word_dropout" => self.word_dropout = number()?.clamp(0.0, 0.9),
            "feature_dropout" => self.feature_dropout = number()?.clamp(0.0, 0.9),
            "hidden_dropout" => self.hidden_dropout = number()?.clamp(0.0, 0.9),
            "rarest" => self.rarest = count()?,
            "averaged" => self.averaged = count()?.clamp(1, 64),
            "mixed" => self.mixed = number()?,
            "marked" => self.marked = count()?,
            _ => {
                return Err(format!(
                    "there is no option {name}; there are hidden, corpus_epochs, release_epochs, rate, release_rate, sparse_rate, decay, word_dropout, feature_dropout, hidden_dropout, rarest, averaged, mixed, marked"
                ));
            }
        }
        Ok(())
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            hidden: 64,
            corpus_epochs: 3,
            release_epochs: 5,
            rate: 0.002,
            release_rate: 0.003,
            sparse_rate: 10.0,
            decay: 0.01,
            word_dropout: 0.3,
            feature_dropout: 0.15,
            hidden_dropout: 0.3,
            rarest: 2,
            averaged: 6,
            mixed: 0.0,
            marked: 1,
        }
    }
}

/// The data that all models of a run share.
struct Prepared {
    vectors: WordVectors,
    gazetteer: Gazetteer,
}

impl Prepared {
    fn new(resources: &Resources) -> Result<Self, NameTaggerError> {
        let name = "models/vectors.model";
        let vectors = WordVectors::read(name, resources.bytes(name)?)?;
        Ok(Self { vectors, gazetteer: Gazetteer::compile(resources)? })
    }
}

/// What models of names are trained on.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    /// Corpora of general language, for the first phase.
    pub corpora: Vec<Labelled>,
    /// Annotated releases.
    pub releases: Vec<Gold>,
    /// Marked releases, for the first phase: they have more names than real ones.
    pub marked: Vec<Labelled>,
}

/// Trains a model of names on the corpora, then on the releases; returns the bytes of the model file.
pub fn train(
    texts: &Texts,
    resources: &Resources,
    options: &Options,
    provenance: &str,
) -> Result<Vec<u8>, NameTaggerError> {
    let models = train_all(texts, |_| None, &[0], resources, options, provenance)?;
    Ok(models.into_iter().next().unwrap_or_default())
}

/// Trains a model for each fold of `numbers`, on the annotated releases of all the other folds.
pub fn train_folds(
    texts: &Texts,
    (folds, numbers): (&Folds, &[usize]),
    resources: &Resources,
    options: &Options,
    provenance: &str,
) -> Result<Vec<Vec<u8>>, NameTaggerError> {
    train_all(texts, |release| folds.of(&release.stem), numbers, resources, options, provenance)
}

/// Trains models that share the first phase; model `n` does not see the releases that `held_out` gives `n`.
fn train_all(
    texts: &Texts,
    held_out: impl Fn(&Gold) -> Option<usize>,
    numbers: &[usize],
    resources: &Resources,
    options: &Options,
    provenance: &str,
) -> Result<Vec<Vec<u8>>, NameTaggerError> {
    let prepared = Prepared::new(resources)?;
    let mut lexicon = Lexicon::new(&prepared.vectors, &prepared.gazetteer);
    let mut general: Vec<Example> = texts.corpora.iter().flat_map(|text| lexicon.examples(text)).collect();
    let mut own: Vec<(Option<usize>, Vec<Example>)> = Vec::new();
    for (release, text) in texts.releases.iter().zip(gold_texts(&texts.releases)) {
        own.push((held_out(release), lexicon.examples(&text)));
    }
    for text in &texts.marked {
        let examples = lexicon.examples(text);
        general.extend((0..options.marked).flat_map(|_| examples.iter().cloned()));
    }
    let data = Material { lexicon: &lexicon, vectors: &prepared.vectors, options };
    let mut random = Random::new(options.seed);
    let mut first = Trainer::new(&lexicon, options);
    let all: Vec<&Example> = general.iter().collect();
    tracing::info!(words = lexicon.words.len(), features = lexicon.features.len(), sentences = all.len(), "read");
    first.learn(&data, &all, options.corpus_epochs, options.rate, &mut random);
    let models = numbers.into_par_iter().map(|&fold| {
        let mut seen: Vec<&Example> =
            own.iter().filter(|(out, _)| *out != Some(fold)).flat_map(|(_, examples)| examples).collect();
        let mut random = random.clone();
        let mixed = ((seen.len() as f32 * options.mixed) as usize).min(all.len());
        let mut sample = all.clone();
        random.shuffle(&mut sample);
        seen.extend(&sample[..mixed]);
        let mut learn = || {
            let mut trainer = first.clone();
            let mut random = Random::new(random.next());
            trainer.learn(&data, &seen, options.release_epochs, options.release_rate, &mut random);
            trainer
        };
        let trainer = learn();
        let others: Vec<Trainer> = (1..options.averaged).map(|_| learn()).collect();
        Network::write(&trainer.average(&others).weights(&lexicon), &prepared.gazetteer, provenance)
    });
    // Each model has random numbers of its own, so that the number of threads changes nothing.
    Ok(models.collect())
}
