//! Parts of speech, morphology and lemmas: an averaged perceptron (Collins 2002) that tags from
//! left to right, a full-form lexicon, and rules over suffixes for what it does not know.
//!
//! Almost all features belong to one word and its distance from the tagged one. So each distinct
//! word's weights are summed once, as a block of one score vector per distance; a token then costs
//! five additions of short vectors and a few look-ups of pairs.

mod decode;
pub(crate) mod dictionary;
pub(crate) mod features;
pub(crate) mod lemma;
pub(crate) mod lexicon;
pub(crate) mod tagset;
pub(crate) mod weights;

use std::sync::Mutex;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::{Container, ContainerError, ResourceError, Resources};
use crate::segment::Segmentation;
use crate::tag::Tags;
use crate::text::Document;

#[cfg(feature = "train")]
pub(crate) use decode::{is_headline, opens};

use decode::Worker;
use dictionary::Dictionary;
use features::{Place, pair};
use lemma::Lemmatizer;
use lexicon::{Analysis, Lexicon};
use tagset::Tag;
use weights::{LANES, Scores, Weights};

/// The file of the trained weights, below `data/`.
pub const MODEL: &str = "morphology/morph.model";
/// The file of the lexicon, below `data/`.
pub const LEXICON: &str = "morphology/lefff/lexicon.model";

/// Why the tagger could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum MorphError {
    /// A file is missing or cannot be read.
    #[error(transparent)]
    Resource(#[from] ResourceError),
    /// A file is no model.
    #[error("data file {name}: {source}")]
    Content {
        /// Which file.
        name: &'static str,
        /// What is wrong with it.
        source: ContainerError,
    },
}

/// The tagger of parts of speech, morphology and lemmas: immutable, shared by all threads.
#[derive(Debug)]
pub struct MorphTagger {
    model: Model,
    /// Buffers of workers that are done; each thread takes one and gives it back.
    idle: Mutex<Vec<Worker>>,
}

/// What was trained.
#[derive(Debug)]
pub(crate) struct Model {
    pub weights: Weights,
    /// Scores by the last tag; the row past the tags is the start of a sentence.
    pub after: Vec<Scores>,
    /// Scores by the last two tags, the one before the last first.
    pub after_two: Vec<Scores>,
    /// Forms that are classes of their own in pairs.
    pub frequent: FxHashSet<Box<str>>,
    /// Words in lower case that can have tags of closed classes, as bits.
    pub closed: FxHashMap<Box<str>, u64>,
    pub dictionary: Dictionary,
    pub lexicon: Lexicon,
    pub lemmatizer: Lemmatizer,
}

impl Model {
    /// The tags that a word in lower case can have, as bits.
    pub(crate) fn possible(&self, lower: &str) -> u64 {
        !Tag::closed() | self.closed.get(lower).copied().unwrap_or_default()
    }
}

impl Model {
    /// The tag of a word, if it can have but one.
    pub(crate) fn sure(&self, word: &str, lower: &str, place: Place, analyses: &[Analysis]) -> Option<Tag> {
        self.dictionary.tag(word, place, analyses, self.closed.contains_key(lower))
    }
}

/// The tag index that stands for what is before a sentence.
pub(crate) const START: u8 = Tag::COUNT as u8;

/// The key of the feature of the last tag.
pub(crate) fn after_key(last: u8) -> u32 {
    pair(7, u32::from(last), 0)
}

/// The key of the feature of the last two tags.
pub(crate) fn after_two_key(before: u8, last: u8) -> u32 {
    pair(8, u32::from(before), u32::from(last))
}

impl MorphTagger {
    /// Loads the tagger.
    pub fn load(resources: &Resources) -> Result<Self, MorphError> {
        let open = |name: &'static str| -> Result<Container, MorphError> {
            Container::parse(resources.bytes(name)?).map_err(|source| MorphError::Content { name, source })
        };
        Self::from_containers(&open(MODEL)?, &open(LEXICON)?)
    }

    /// The tagger of a model and a lexicon.
    pub fn from_containers(model: &Container, lexicon: &Container) -> Result<Self, MorphError> {
        let in_model = |source| MorphError::Content { name: MODEL, source };
        let in_lexicon = |source| MorphError::Content { name: LEXICON, source };
        let weights = Weights::read(model).map_err(in_model)?;
        let row = |key: u32| {
            let mut scores = [0; LANES];
            weights.add(key, &mut scores);
            scores
        };
        let after = (0..=START).map(|last| row(after_key(last))).collect();
        let after_two = (0..=START).flat_map(|before| (0..=START).map(move |last| (before, last)));
        let after_two = after_two.map(|(before, last)| row(after_two_key(before, last))).collect();
        let frequent = model.text("frequent").map_err(in_model)?.lines().map(Into::into).collect();
        let closed = model.text("closed").map_err(in_model)?.lines().map(|line| {
            let (form, bits) = line.split_once('\t')?;
            Some((form.into(), bits.parse().ok()?))
        });
        let closed = closed
            .collect::<Option<_>>()
            .ok_or(ContainerError::Content { section: "closed", reason: "a line is not a form and a number" });
        let closed = closed.map_err(in_model)?;
        let dictionary = Dictionary::read(model).map_err(in_model)?;
        let lemmatizer = Lemmatizer::read(model, lexicon).map_err(in_model)?;
        let lexicon = Lexicon::read(lexicon).map_err(in_lexicon)?;
        let model = Model { weights, after, after_two, frequent, closed, dictionary, lexicon, lemmatizer };
        Ok(Self { model, idle: Mutex::default() })
    }

    /// Tags every token of a document.
    pub fn tag(&self, document: &Document, segmentation: &Segmentation) -> Tags {
        let idle = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        let mut worker = idle.unwrap_or_else(|| Worker::new(&self.model));
        let tags = worker.tag(&self.model, document, segmentation);
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(worker);
        }
        tags
    }
}
