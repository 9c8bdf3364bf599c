use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use super::context::Context;
use super::decode::Decoder;
use super::labels::{LABELS, LANES, OUTSIDE, Position, Scores, Transitions, part};
use super::network::{Block, Network, add_rows};
use super::vectors::WordVectors;
use super::word::{self, Feature, SLOTS, Word};
use crate::model::{ModelError, ResourceError, Resources};
use crate::segment::{Segmentation, TokenKind};
use crate::tag::index::WordIndex;
use crate::tag::{NameTag, Tags, take};
use crate::text::Document;

/// Where the model of names lies below `data/`.
const MODEL: &str = "models/names.model";

/// Where the word vectors lie below `data/`.
const VECTORS: &str = "models/vectors.model";

/// Words that a buffer remembers before it begins anew.
const REMEMBERED: usize = 1 << 14;

/// What each word outside of names loses where names are proposed: a missed name costs its facts, a wrong one seldom makes any.
const EAGERNESS: f32 = 0.4;

/// Finds names: an immutable model, shared by all threads.
#[derive(Debug)]
pub struct NameTagger {
    network: Network,
    vectors: WordVectors,
    /// The transitions of the network with [`EAGERNESS`].
    eager: Transitions,
    /// Buffers that no document uses now.
    idle: Mutex<Vec<Worker>>,
}

/// Why the name tagger could not be read.
#[derive(Debug, thiserror::Error)]
pub enum NameTaggerError {
    /// A model file is missing or cannot be read.
    #[error(transparent)]
    Resource(#[from] ResourceError),
    /// A model file is damaged or of another version.
    #[error(transparent)]
    Model(#[from] ModelError),
}

/// What a thread keeps from document to document: words with what they add, and room to compute in.
#[derive(Debug)]
struct Worker {
    /// The number of each word, for each kind of token.
    numbers: WordIndex,
    words: Vec<Word>,
    /// What each of them adds; apart, as it is long.
    blocks: Vec<Block>,
    /// For the lasting numbers of words in [`Tags`]: the word here, and the kind of token it was.
    recurring: Vec<Option<(u32, TokenKind)>>,
    /// The [`Tags::memory`] of these numbers.
    memory: u64,
    features: Vec<Feature>,
    context: Context,
    scores: Vec<Scores>,
    hidden: Vec<f32>,
    decoder: Decoder,
}

impl NameTagger {
    /// Reads the models of `resources`; `None` when there is no model of names.
    pub fn read(resources: &Resources) -> Result<Option<Self>, NameTaggerError> {
        let bytes = match resources.bytes(MODEL) {
            Ok(bytes) => bytes,
            Err(ResourceError::Missing { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let network = Network::read(MODEL, bytes)?;
        let vectors = WordVectors::read(VECTORS, resources.bytes(VECTORS)?)?;
        Ok(Some(Self::new(network, vectors)))
    }

    /// A tagger with these models.
    pub fn new(network: Network, vectors: WordVectors) -> Self {
        let mut eager = network.transitions.clone();
        eager.after.iter_mut().for_each(|after| after[OUTSIDE] -= EAGERNESS);
        Self { network, vectors, eager, idle: Mutex::new(Vec::new()) }
    }

    /// The models.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The names in `document` that are likelier than not, in order; they do not overlap.
    pub fn tag(&self, document: &Document, segmentation: &Segmentation) -> Vec<NameTag> {
        self.tag_all(document, segmentation, None)
    }

    /// What may be the names in `document`, of which the later stages choose: some more than [`NameTagger::tag`] gives. The parts
    /// of speech tell what words recur.
    pub fn propose(&self, document: &Document, segmentation: &Segmentation, tags: &Tags) -> Vec<NameTag> {
        self.tag_all(document, segmentation, Some(tags))
    }

    fn tag_all(&self, document: &Document, segmentation: &Segmentation, tags: Option<&Tags>) -> Vec<NameTag> {
        let idle = take(&self.idle, |worker| tags.is_some_and(|tags| tags.memory() == worker.memory));
        let mut worker = idle.unwrap_or_else(|| Worker::new(self));
        let names = worker.tag(self, document.text(), segmentation, tags);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
        names
    }
}

impl Worker {
    fn new(tagger: &NameTagger) -> Self {
        let mut worker = Self {
            numbers: WordIndex::default(),
            words: Vec::new(),
            blocks: Vec::new(),
            recurring: Vec::new(),
            memory: 0,
            features: Vec::new(),
            context: Context::default(),
            scores: Vec::new(),
            hidden: Vec::new(),
            decoder: Decoder::default(),
        };
        worker.forget(tagger);
        worker
    }

    /// Drops all words but the edge of a sentence, which is word 0.
    fn forget(&mut self, tagger: &NameTagger) {
        self.numbers.clear();
        self.recurring.clear();
        self.words.clear();
        self.blocks.clear();
        word::features(None, &Word::EDGE, &tagger.vectors, &mut self.features);
        self.words.push(Word::EDGE);
        self.blocks.push(tagger.network.block(&self.features, None, &tagger.vectors));
    }

    fn tag(
        &mut self,
        tagger: &NameTagger,
        text: &str,
        segmentation: &Segmentation,
        tags: Option<&Tags>,
    ) -> Vec<NameTag> {
        if self.words.len() > REMEMBERED {
            self.forget(tagger);
        }
        let network = &tagger.network;
        let mut context = std::mem::take(&mut self.context);
        if let Some(tags) = tags.filter(|tags| tags.memory() != self.memory) {
            self.memory = tags.memory();
            self.recurring.clear();
        }
        context.fill(text, segmentation, &network.gazetteer, |at, form, kind| {
            self.recurring(tagger, tags.and_then(|tags| tags.lasting(at)), form, kind)
        });
        // Where parts of speech are known, later stages follow and choose ([`NameTagger::propose`]).
        let transitions = if tags.is_some() { &tagger.eager } else { &network.transitions };
        let mut names = Vec::new();
        for (sentence, stretch) in &context.stretches {
            let Some(range) = context.sentences.get(*sentence) else { continue };
            self.score(network, &context, range, stretch);
            self.decoder.decode(&self.scores, transitions);
            self.collect(&context, stretch.start, &mut names);
        }
        self.context = context;
        names
    }

    /// The number of a word of which `known` is the lasting number in the [`Tags`] of the document, if there are any.
    fn recurring(&mut self, tagger: &NameTagger, known: Option<usize>, form: &str, kind: TokenKind) -> (u32, Word) {
        if let Some((number, same)) = known.and_then(|known| self.recurring.get(known).copied().flatten())
            && same == kind
            && let Some(word) = self.words.get(number as usize)
        {
            return (number, *word);
        }
        let (number, word) = self.number(tagger, form, kind);
        if let Some(known) = known {
            if self.recurring.len() <= known {
                self.recurring.resize(known + 1, None);
            }
            // Invariant: just made long enough.
            self.recurring[known] = Some((number, kind));
        }
        (number, word)
    }

    /// The number of a word, which is described when it is new.
    fn number(&mut self, tagger: &NameTagger, form: &str, kind: TokenKind) -> (u32, Word) {
        if let Some(number) = self.numbers.get(kind as u8, form)
            && let Some(word) = self.words.get(number as usize)
        {
            return (number, *word);
        }
        let word = Word::new(form, kind, &tagger.network.gazetteer);
        let row = word::features(Some(form), &word, &tagger.vectors, &mut self.features);
        let number = u32::try_from(self.words.len()).unwrap_or(0);
        self.words.push(word);
        self.blocks.push(tagger.network.block(&self.features, row, &tagger.vectors));
        self.numbers.insert(kind as u8, form, number);
        (number, word)
    }

    /// Scores the labels of the words of `stretch` in the sentence `range`.
    fn score(&mut self, network: &Network, context: &Context, range: &Range<usize>, stretch: &Range<usize>) {
        let hidden = network.hidden();
        self.scores.clear();
        self.scores.resize(stretch.len(), [0.0; LANES]);
        self.hidden.clear();
        self.hidden.resize(stretch.len() * hidden, 0.0);
        let tokens = self.scores.iter_mut().zip(self.hidden.chunks_exact_mut(hidden));
        for (at, (scores, sums)) in stretch.clone().zip(tokens) {
            network.start(context.features(at), scores, sums);
            let blocks: [&Block; SLOTS] = std::array::from_fn(|slot| {
                let around = (at + slot).checked_sub(SLOTS / 2).filter(|around| range.contains(around));
                let number = around.and_then(|around| context.ids.get(around)).copied().unwrap_or(0);
                // Invariant: each word that has a number has a block.
                &self.blocks[number as usize]
            });
            // The word at distance +d adds to the token d before it.
            let own = |slot: usize| (blocks[slot], SLOTS - 1 - slot);
            let wide = |slot: usize| own(slot).0.wide[own(slot).1].as_slice();
            // Invariant: a block has sums of all hidden units for each slot.
            let deep = |slot: usize| &own(slot).0.deep[own(slot).1 * hidden..][..hidden];
            add_rows::<SLOTS>(scores, std::array::from_fn(wide));
            add_rows::<SLOTS>(sums, std::array::from_fn(deep));
            network.finish(sums, scores);
        }
    }

    /// Appends the names of the last decoded stretch, whose first word is `start`.
    fn collect(&self, context: &Context, start: usize, names: &mut Vec<NameTag>) {
        let mut begin = 0;
        for (at, &label) in self.decoder.labels.iter().enumerate() {
            let Some((kind, position)) = part(usize::from(label)) else { continue };
            if matches!(position, Position::Begin | Position::Single) {
                begin = at;
            }
            if !matches!(position, Position::End | Position::Single) {
                continue;
            }
            let token = |at: usize| context.tokens.get(start + at).map(|&token| token as usize);
            let Some((first, last)) = token(begin).zip(token(at)) else { continue };
            let sure = (begin..=at).filter_map(|at| {
                let (scores, label) = (self.scores.get(at)?, self.decoder.labels.get(at)?);
                Some(probability(scores, usize::from(*label)))
            });
            names.push(NameTag { tokens: first..last + 1, kind, score: sure.fold(1.0, f32::min) });
        }
    }
}

/// The share of one label among all by their scores.
fn probability(scores: &Scores, label: usize) -> f32 {
    let own = scores.get(label).copied().unwrap_or(0.0);
    1.0 / scores.iter().take(LABELS).map(|score| (score - own).exp()).sum::<f32>()
}
