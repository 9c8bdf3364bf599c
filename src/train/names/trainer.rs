use std::ops::Range;

use super::Options;
use super::crf::{ANY, Expectations, ForwardBackward, Steps};
use super::data::{Example, Lexicon};
use crate::tag::names::WordVectors;
use crate::tag::names::context;
use crate::tag::names::labels::{LABELS, LANES, Scores, Transitions};
use crate::tag::names::network::{EMBEDDED, INPUTS, VECTOR_STEP, Weights, add, add_scaled};
use crate::tag::names::vectors::DIMENSIONS;
use crate::tag::names::word::SLOTS;
use crate::train::Random;

/// Sentences whose gradients are summed before a step.
const BATCH: usize = 16;

/// The weights while they are learnt: those of sparse features by AdaGrad (Duchi et al. 2011), the
/// rest by Adam (Kingma and Ba 2015).
#[derive(Clone, Debug)]
pub(super) struct Trainer {
    hidden: usize,
    /// Where the weights of each feature begin; features that are too rare have none.
    starts: Vec<Option<u32>>,
    sparse: Vec<f32>,
    squares: Vec<f32>,
    dense: Vec<f32>,
    gradient: Vec<f32>,
    first: Vec<f32>,
    second: Vec<f32>,
    steps: i32,
    parts: Parts,
}

/// What training reads and how it goes about it.
#[derive(Clone, Copy)]
pub(super) struct Material<'a> {
    pub(super) lexicon: &'a Lexicon<'a>,
    pub(super) vectors: &'a WordVectors,
    pub(super) options: &'a Options,
}

/// Where the parts of the dense weights are.
#[derive(Clone, Debug)]
struct Parts {
    input: Range<usize>,
    output: Range<usize>,
    hidden_bias: Range<usize>,
    bias: Range<usize>,
    context_wide: Range<usize>,
    context_deep: Range<usize>,
    transitions: Range<usize>,
}

impl Parts {
    fn new(hidden: usize) -> Self {
        let mut at = 0;
        let mut part = |length: usize| {
            at += length;
            at - length..at
        };
        Self {
            input: part(SLOTS * INPUTS * hidden),
            output: part(hidden * LANES),
            hidden_bias: part(hidden),
            bias: part(LANES),
            context_wide: part(context::FEATURES * LANES),
            context_deep: part(context::FEATURES * hidden),
            transitions: part(Transitions::NUMBERS),
        }
    }
}

/// One distinct word of a batch.
struct Local {
    features: Vec<u32>,
    inputs: [f32; INPUTS],
    wide: [Scores; SLOTS],
    wide_gradient: [Scores; SLOTS],
}

/// Buffers of one step.
#[derive(Default)]
pub(super) struct Room {
    local_of: Vec<u32>,
    locals: Vec<Local>,
    words: Vec<u32>,
    deep: Vec<f32>,
    deep_gradient: Vec<f32>,
    scores: Vec<Scores>,
    sums: Vec<f32>,
    kept: Vec<bool>,
    expected: Expectations,
    observed: Expectations,
    passes: ForwardBackward,
}

impl Trainer {
    /// Weights to begin with for the features of `lexicon`.
    pub(super) fn new(lexicon: &Lexicon<'_>, options: &Options) -> Self {
        let hidden = options.hidden;
        let parts = Parts::new(hidden);
        let mut length = 0;
        let mut starts = Vec::with_capacity(lexicon.features.len());
        for (feature, count) in &lexicon.features {
            let kept = *count as usize >= SLOTS * options.rarest;
            starts.push(kept.then(|| u32::try_from(length).unwrap_or(u32::MAX)));
            if kept {
                length += feature.kind.slots() * LABELS + EMBEDDED;
            }
        }
        let mut random = Random::new(options.seed);
        let mut dense = vec![0.0; parts.transitions.end];
        let spread = |range: &Range<usize>, width: f32, random: &mut Random, dense: &mut [f32]| {
            dense[range.clone()].iter_mut().for_each(|weight| *weight = (random.unit() - 0.5) * 2.0 * width);
        };
        spread(&parts.input, (3.0 / (SLOTS * INPUTS) as f32).sqrt(), &mut random, &mut dense);
        spread(&parts.output, (1.0 / hidden.max(1) as f32).sqrt() * 0.5, &mut random, &mut dense);
        let size = dense.len();
        Self {
            hidden,
            starts,
            sparse: vec![0.0; length],
            squares: vec![0.0; length],
            dense,
            gradient: vec![0.0; size],
            first: vec![0.0; size],
            second: vec![0.0; size],
            steps: 0,
            parts,
        }
    }

    /// Learns from `examples`, `epochs` times over; the weights end as the mean of those after each epoch of
    /// the second half (Polyak and Juditsky 1992).
    pub(super) fn learn(
        &mut self,
        data: &Material<'_>,
        examples: &[&Example],
        epochs: usize,
        rate: f32,
        random: &mut Random,
    ) {
        let mut order: Vec<usize> = (0..examples.len()).collect();
        let mut room = Room { local_of: vec![0; data.lexicon.words.len()], ..Room::default() };
        let mut mean: Option<(Vec<f32>, Vec<f32>, f32)> = None;
        for epoch in 0..epochs {
            random.shuffle(&mut order);
            let mut loss = 0.0;
            let rate = rate * (1.0 - 0.8 * epoch as f32 / epochs.max(1) as f32);
            for batch in order.chunks(BATCH) {
                let batch: Vec<&Example> = batch.iter().map(|&at| examples[at]).collect();
                loss += self.step(data, &batch, rate, random, &mut room);
            }
            tracing::info!(epoch, loss = loss / examples.len().max(1) as f64, "learnt");
            if 2 * (epoch + 1) > epochs {
                let (sparse, dense, count) =
                    mean.get_or_insert_with(|| (vec![0.0; self.sparse.len()], vec![0.0; self.dense.len()], 0.0));
                add(sparse, &self.sparse);
                add(dense, &self.dense);
                *count += 1.0;
            }
        }
        if let Some((sparse, dense, count)) = mean {
            self.sparse = sparse.into_iter().map(|weight| weight / count).collect();
            self.dense = dense.into_iter().map(|weight| weight / count).collect();
        }
        self.first.fill(0.0);
        self.second.fill(0.0);
        self.steps = 0;
    }

    /// One step on the sentences of `batch`; returns the loss.
    fn step(
        &mut self,
        data: &Material<'_>,
        batch: &[&Example],
        rate: f32,
        random: &mut Random,
        room: &mut Room,
    ) -> f64 {
        room.locals.clear();
        room.words.clear();
        for &word in batch.iter().flat_map(|example| &example.words) {
            let local = &mut room.local_of[word as usize];
            if *local == 0 {
                room.words.push(word);
                *local = u32::try_from(room.words.len()).unwrap_or(0);
                room.locals.push(self.local(data, word, random));
            }
        }
        let width = SLOTS * self.hidden;
        room.deep.clear();
        room.deep.resize(room.locals.len() * width, 0.0);
        room.deep_gradient.clear();
        room.deep_gradient.resize(room.locals.len() * width, 0.0);
        for (local, deep) in room.locals.iter().zip(room.deep.chunks_exact_mut(width)) {
            for (slot, sums) in deep.chunks_exact_mut(self.hidden).enumerate() {
                for (at, &input) in local.inputs.iter().enumerate().filter(|(_, input)| **input != 0.0) {
                    let start = self.parts.input.start + (slot * INPUTS + at) * self.hidden;
                    add_scaled(sums, &self.dense[start..start + self.hidden], input);
                }
            }
        }
        let transitions = Transitions::from_numbers(&self.dense[self.parts.transitions.clone()]);
        let steps = Steps::new(&transitions);
        let mut loss = 0.0;
        for example in batch {
            self.forward(example, data.options, random, room);
            room.passes.run(&room.scores, |_| ANY, &steps, &mut room.expected);
            room.passes.run(&room.scores, |at| example.allowed[at], &steps, &mut room.observed);
            loss += room.expected.log_sum - room.observed.log_sum;
            self.backward(example, data.options, room);
        }
        self.update_words(data.lexicon, room, rate * data.options.sparse_rate);
        for &word in &room.words {
            room.local_of[word as usize] = 0;
        }
        self.update_dense(rate, data.options.decay);
        loss
    }

    /// Sums the features of a word, of which training leaves some out.
    fn local(&self, data: &Material<'_>, word: u32, random: &mut Random) -> Local {
        let (lexicon, options) = (data.lexicon, data.options);
        let entry = &lexicon.words[word as usize];
        let mut local = Local {
            features: Vec::with_capacity(entry.features.len()),
            inputs: [0.0; INPUTS],
            wide: [[0.0; LANES]; SLOTS],
            wide_gradient: [[0.0; LANES]; SLOTS],
        };
        let anonymous = random.unit() < options.word_dropout;
        for &number in &entry.features {
            let kind = lexicon.features[number as usize].0.kind;
            if self.starts[number as usize].is_none()
                || (anonymous && kind.is_identity())
                || random.unit() < options.feature_dropout
            {
                continue;
            }
            local.features.push(number);
        }
        if let Some(row) = entry.row {
            for (input, &step) in local.inputs.iter_mut().zip(data.vectors.vector(row)) {
                *input = f32::from(step) * VECTOR_STEP;
            }
        }
        local.features.retain(|&number| {
            let Some(start) = self.starts[number as usize] else { return false };
            let slots = lexicon.features[number as usize].0.kind.slots();
            let row = &self.sparse[start as usize..start as usize + slots * LABELS + EMBEDDED];
            let first = (SLOTS - slots) / 2;
            for (scores, own) in local.wide.iter_mut().skip(first).zip(row.chunks_exact(LABELS)).take(slots) {
                add(scores, own);
            }
            add(&mut local.inputs[DIMENSIONS..], &row[slots * LABELS..]);
            true
        });
        local
    }

    /// Scores the labels of an example.
    fn forward(&self, example: &Example, options: &Options, random: &mut Random, room: &mut Room) {
        let (hidden, count) = (self.hidden, example.allowed.len());
        room.scores.clear();
        room.sums.clear();
        room.kept.clear();
        let scale = 1.0 / (1.0 - options.hidden_dropout);
        for at in 0..count {
            let mut scores: Scores = [0.0; LANES];
            scores.copy_from_slice(&self.dense[self.parts.bias.clone()]);
            let mut sums = self.dense[self.parts.hidden_bias.clone()].to_vec();
            for &feature in example.context_of(at) {
                let wide = self.parts.context_wide.start + usize::from(feature) * LANES;
                add(&mut scores, &self.dense[wide..wide + LANES]);
                let deep = self.parts.context_deep.start + usize::from(feature) * hidden;
                add(&mut sums, &self.dense[deep..deep + hidden]);
            }
            for around in 0..SLOTS {
                let local = room.local_of[example.words[at + around] as usize] as usize - 1;
                let slot = SLOTS - 1 - around;
                add(&mut scores, &room.locals[local].wide[slot]);
                let start = local * SLOTS * hidden + slot * hidden;
                add(&mut sums, &room.deep[start..start + hidden]);
            }
            for (unit, sum) in sums.iter_mut().enumerate() {
                let kept = *sum > 0.0 && random.unit() >= options.hidden_dropout;
                room.kept.push(kept);
                *sum = if kept { *sum * scale } else { 0.0 };
                if kept {
                    let start = self.parts.output.start + unit * LANES;
                    add_scaled(&mut scores, &self.dense[start..start + LANES], *sum);
                }
            }
            room.scores.push(scores);
            room.sums.extend_from_slice(&sums);
        }
    }

    /// Adds the gradient of an example's loss.
    fn backward(&mut self, example: &Example, options: &Options, room: &mut Room) {
        let hidden = self.hidden;
        let scale = 1.0 / (1.0 - options.hidden_dropout);
        let expected = room.expected.steps.to_numbers();
        let observed = room.observed.steps.to_numbers();
        for ((gradient, expected), observed) in
            self.gradient[self.parts.transitions.clone()].iter_mut().zip(expected).zip(observed)
        {
            *gradient += expected - observed;
        }
        let mut back = vec![0.0; hidden];
        for at in 0..example.allowed.len() {
            let mut slope = room.expected.labels[at];
            for (slope, observed) in slope.iter_mut().zip(&room.observed.labels[at]) {
                *slope -= observed;
            }
            let sums = &room.sums[at * hidden..(at + 1) * hidden];
            for unit in 0..hidden {
                back[unit] = 0.0;
                if room.kept[at * hidden + unit] {
                    let start = self.parts.output.start + unit * LANES;
                    back[unit] = scale * dot(&self.dense[start..start + LANES], &slope);
                    add_scaled(&mut self.gradient[start..start + LANES], &slope, sums[unit]);
                }
            }
            add(&mut self.gradient[self.parts.bias.clone()], &slope);
            add(&mut self.gradient[self.parts.hidden_bias.clone()], &back);
            for &feature in example.context_of(at) {
                let wide = self.parts.context_wide.start + usize::from(feature) * LANES;
                add(&mut self.gradient[wide..wide + LANES], &slope);
                let deep = self.parts.context_deep.start + usize::from(feature) * hidden;
                add(&mut self.gradient[deep..deep + hidden], &back);
            }
            for around in 0..SLOTS {
                let local = room.local_of[example.words[at + around] as usize] as usize - 1;
                let slot = SLOTS - 1 - around;
                add(&mut room.locals[local].wide_gradient[slot], &slope);
                let start = local * SLOTS * hidden + slot * hidden;
                add(&mut room.deep_gradient[start..start + hidden], &back);
            }
        }
    }

    /// Steps the weights of the features of the batch's words.
    fn update_words(&mut self, lexicon: &Lexicon<'_>, room: &Room, rate: f32) {
        let hidden = self.hidden;
        for (local, deep) in room.locals.iter().zip(room.deep_gradient.chunks_exact(SLOTS * hidden)) {
            let mut inputs = [0.0; INPUTS];
            for (slot, back) in deep.chunks_exact(hidden).enumerate() {
                for (at, &input) in local.inputs.iter().enumerate() {
                    let start = self.parts.input.start + (slot * INPUTS + at) * hidden;
                    if input != 0.0 {
                        add_scaled(&mut self.gradient[start..start + hidden], back, input);
                    }
                    if at >= DIMENSIONS {
                        inputs[at] += dot(&self.dense[start..start + hidden], back);
                    }
                }
            }
            for &number in &local.features {
                let Some(start) = self.starts[number as usize] else { continue };
                let start = start as usize;
                let slots = lexicon.features[number as usize].0.kind.slots();
                let first = (SLOTS - slots) / 2;
                for slot in 0..slots {
                    let at = start + slot * LABELS;
                    self.adagrad(at, &local.wide_gradient[first + slot][..LABELS], rate);
                }
                self.adagrad(start + slots * LABELS, &inputs[DIMENSIONS..], rate);
            }
        }
    }

    fn adagrad(&mut self, start: usize, gradient: &[f32], rate: f32) {
        let end = start + gradient.len();
        let places = self.sparse[start..end].iter_mut().zip(&mut self.squares[start..end]);
        for ((weight, square), slope) in places.zip(gradient) {
            *square += slope * slope;
            *weight -= rate * slope / (square.sqrt() + 0.1);
        }
    }

    /// Steps the dense weights.
    fn update_dense(&mut self, rate: f32, decay: f32) {
        self.steps += 1;
        let (kept, kept_square) = (0.9_f32, 0.999_f32);
        let (bias, square_bias) = (1.0 - kept.powi(self.steps), 1.0 - kept_square.powi(self.steps));
        let moments = self.first.iter_mut().zip(&mut self.second);
        for ((weight, slope), (first, second)) in self.dense.iter_mut().zip(&mut self.gradient).zip(moments) {
            *first = kept * *first + (1.0 - kept) * *slope;
            *second = kept_square * *second + (1.0 - kept_square) * *slope * *slope;
            *weight -= rate * ((*first / bias) / ((*second / square_bias).sqrt() + 1e-8) + decay * *weight);
            *slope = 0.0;
        }
    }

    /// Becomes the mean of itself and `others`, which began at the same weights.
    pub(super) fn average(mut self, others: &[Self]) -> Self {
        for other in others {
            add(&mut self.sparse, &other.sparse);
            add(&mut self.dense, &other.dense);
        }
        let share = 1.0 / (others.len() + 1) as f32;
        self.sparse.iter_mut().chain(&mut self.dense).for_each(|weight| *weight *= share);
        self
    }

    /// The weights as they are.
    pub(super) fn weights(&self, lexicon: &Lexicon<'_>) -> Weights {
        let mut features = Vec::new();
        for ((feature, _), start) in lexicon.features.iter().zip(&self.starts) {
            if let Some(start) = start {
                let start = *start as usize;
                let row = &self.sparse[start..start + feature.kind.slots() * LABELS + EMBEDDED];
                features.push((*feature, row.to_vec()));
            }
        }
        let part = |range: &Range<usize>| self.dense[range.clone()].to_vec();
        Weights {
            features,
            input: part(&self.parts.input),
            output: part(&self.parts.output),
            hidden_bias: part(&self.parts.hidden_bias),
            bias: part(&self.parts.bias),
            context_wide: part(&self.parts.context_wide),
            context_deep: part(&self.parts.context_deep),
            transitions: Transitions::from_numbers(&part(&self.parts.transitions)),
        }
    }
}

/// The sum of products, over eight at a time so that it runs in vector registers.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0; 8];
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums.iter().sum()
}
