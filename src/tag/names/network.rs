use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::context;
use super::gazetteer::Gazetteer;
use super::labels::{LABELS, LANES, Scores, Transitions};
use super::vectors::{DIMENSIONS, WordVectors};
use super::word::{Feature, SLOTS};
use crate::model::{ModelError, ModelFile, put_f32s, put_length, put_u32, write_model};

/// Numbers that the features of a word are reduced to, beside its vector.
pub(crate) const EMBEDDED: usize = 32;

/// Inputs of the hidden layer for each word.
pub(crate) const INPUTS: usize = DIMENSIONS + EMBEDDED;

const KIND: &str = "names 1";
const SECTIONS: [&str; 4] = ["rows", "weights", "layers", "gazetteer"];

/// The weights of the name model: a wide part, linear in the features of the words within two and of
/// the context, and a deep part, a layer of hidden units over the vectors of the same words (Cheng et
/// al. 2016, "Wide & deep learning"); a linear-chain CRF over their sum (Lafferty et al. 2001).
///
/// All features of one word are summed once (Chen and Manning 2014, "A fast and accurate dependency
/// parser using neural networks"), into what one word adds to the tokens around it.
#[derive(Debug)]
pub struct Network {
    /// The row of each known feature.
    rows: FxHashMap<u64, Row>,
    /// Weights of the features, each times the scale of its row.
    weights: Vec<i8>,
    /// From the inputs of a word to the hidden units, for each place in the window.
    input: Vec<f32>,
    /// From each hidden unit to all labels.
    output: Vec<Scores>,
    hidden_bias: Vec<f32>,
    pub(crate) bias: Scores,
    context_wide: Vec<Scores>,
    context_deep: Vec<f32>,
    pub(crate) transitions: Transitions,
    pub(crate) gazetteer: Gazetteer,
    provenance: String,
}

/// Where the weights of a feature are.
#[derive(Clone, Copy, Debug)]
struct Row {
    start: u32,
    slots: u8,
    scale: f32,
}

/// What one word adds to the tokens around it, its features summed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Block {
    /// To the labels of the token two before, one before, itself…
    pub(crate) wide: [Scores; SLOTS],
    /// To the hidden units of the same tokens.
    pub(crate) deep: Vec<f32>,
}

/// The weights of the parts of a network in full precision, as training leaves them.
#[derive(Debug)]
pub(crate) struct Weights {
    /// Each feature with its weights, `slots * LABELS + EMBEDDED`.
    pub(crate) features: Vec<(Feature, Vec<f32>)>,
    pub(crate) input: Vec<f32>,
    pub(crate) output: Vec<f32>,
    pub(crate) hidden_bias: Vec<f32>,
    pub(crate) bias: Vec<f32>,
    pub(crate) context_wide: Vec<f32>,
    pub(crate) context_deep: Vec<f32>,
    pub(crate) transitions: Transitions,
}

impl Network {
    /// How many hidden units there are.
    pub(crate) fn hidden(&self) -> usize {
        self.hidden_bias.len()
    }

    /// What the model was made from, as JSON.
    pub fn provenance(&self) -> &str {
        &self.provenance
    }

    /// Sums the features of a word whose vector is in `row`.
    pub(crate) fn block(&self, features: &[Feature], row: Option<usize>, vectors: &WordVectors) -> Block {
        let mut wide = [[0.0; LANES]; SLOTS];
        let mut inputs = [0.0; INPUTS];
        if let Some(row) = row {
            for (input, &step) in inputs.iter_mut().zip(vectors.vector(row)) {
                *input = f32::from(step) * VECTOR_STEP;
            }
        }
        for row in features.iter().filter_map(|feature| self.rows.get(&feature.hash)) {
            let slots = usize::from(row.slots);
            let length = slots * LABELS + EMBEDDED;
            let weights = self.weights.get(row.start as usize..row.start as usize + length).unwrap_or(&[]);
            let (labels, embedded) = weights.split_at_checked(slots * LABELS).unwrap_or((&[], &[]));
            let first = (SLOTS - slots) / 2;
            for (scores, own) in wide.iter_mut().skip(first).zip(labels.chunks_exact(LABELS)) {
                for (score, &weight) in scores.iter_mut().zip(own) {
                    *score += f32::from(weight) * row.scale;
                }
            }
            for (input, &weight) in inputs.iter_mut().skip(DIMENSIONS).zip(embedded) {
                *input += f32::from(weight) * row.scale;
            }
        }
        let hidden = self.hidden();
        let mut deep = vec![0.0; SLOTS * hidden];
        let inputs: Vec<(usize, f32)> = inputs.into_iter().enumerate().filter(|(_, input)| *input != 0.0).collect();
        for (slot, sums) in deep.chunks_exact_mut(hidden.max(1)).enumerate() {
            // Invariant: `input` holds a row for each input in each slot.
            let row = |(at, input): (usize, f32)| {
                let start = (slot * INPUTS + at) * hidden;
                (input, &self.input[start..start + hidden])
            };
            let (fours, rest) = inputs.as_chunks::<4>();
            fours.iter().for_each(|four| add_scaled_rows(sums, four.map(row)));
            rest.iter().for_each(|one| add_scaled_rows(sums, [row(*one)]));
        }
        Block { wide, deep }
    }

    /// Sets the scores of a token's labels and its hidden sums to what the context says.
    pub(crate) fn start(&self, features: &[u16], scores: &mut Scores, hidden: &mut [f32]) {
        *scores = self.bias;
        hidden.copy_from_slice(&self.hidden_bias);
        // Invariant: there are rows for all features of the context.
        let width = hidden.len();
        let wide = |feature: u16| self.context_wide[usize::from(feature)].as_slice();
        let deep = |feature: u16| &self.context_deep[usize::from(feature) * width..][..width];
        let (fours, rest) = features.as_chunks::<4>();
        for four in fours {
            add_rows(scores, four.map(wide));
            add_rows(hidden, four.map(deep));
        }
        for &one in rest {
            add_rows(scores, [wide(one)]);
            add_rows(hidden, [deep(one)]);
        }
    }

    /// Adds what the hidden units say, from their sums.
    #[inline(never)]
    pub(crate) fn finish(&self, hidden: &[f32], scores: &mut Scores) {
        // A copy, which stays in registers.
        let mut sums = *scores;
        for (&unit, weights) in hidden.iter().zip(&self.output) {
            if unit > 0.0 {
                sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += unit * weight);
            }
        }
        *scores = sums;
    }

    /// Makes the network, its weights reduced to eight bits each; features whose weights are all
    /// small are left out.
    pub(crate) fn write(weights: &Weights, gazetteer: &Gazetteer, provenance: &str) -> Vec<u8> {
        let kept: Vec<(&Feature, f32, Vec<i8>)> = weights
            .features
            .iter()
            .filter_map(|(feature, row)| {
                let largest = row.iter().fold(0.0_f32, |largest, weight| largest.max(weight.abs()));
                let scale = largest / 127.0;
                (largest > SMALL).then(|| (feature, scale, row.iter().map(|w| eight_bits(w / scale)).collect()))
            })
            .collect();
        let mut rows = Vec::new();
        put_length(&mut rows, kept.len());
        for (feature, _, _) in &kept {
            rows.extend_from_slice(&feature.hash.to_le_bytes());
        }
        kept.iter().for_each(|(feature, _, _)| rows.push(feature.kind.slots() as u8));
        put_f32s(&mut rows, &kept.iter().map(|row| row.1).collect::<Vec<_>>());
        let bytes: Vec<u8> = kept.iter().flat_map(|row| &row.2).map(|weight| weight.to_le_bytes()[0]).collect();
        let mut layers = Vec::new();
        put_length(&mut layers, weights.hidden_bias.len());
        put_u32(&mut layers, context::FEATURES as u32);
        let parts = [
            &weights.input,
            &weights.output,
            &weights.hidden_bias,
            &weights.bias,
            &weights.context_wide,
            &weights.context_deep,
            &weights.transitions.to_numbers(),
        ];
        parts.into_iter().for_each(|part| put_f32s(&mut layers, part));
        let sections = SECTIONS.into_iter().zip([rows, bytes, layers, gazetteer.write()]).collect();
        write_model(KIND, provenance, sections)
    }

    /// Reads a model of names from the bytes of the file `name`.
    pub fn read(name: &str, bytes: Cow<'static, [u8]>) -> Result<Self, ModelError> {
        let file = ModelFile::read(name, bytes, KIND, &SECTIONS)?;
        let mut section = file.section("rows")?;
        let count = section.u32()? as usize;
        let hashes = section.bytes(count.checked_mul(8).ok_or_else(|| section.damaged("a length is too big"))?)?;
        let slots = section.bytes(count)?.to_vec();
        let scales = section.f32s(count)?;
        let mut rows = FxHashMap::with_capacity_and_hasher(count, rustc_hash::FxBuildHasher);
        let mut start = 0_usize;
        for ((hash, &slots), &scale) in hashes.chunks_exact(8).zip(&slots).zip(&scales) {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(hash);
            if !matches!(slots, 1 | 3 | 5) {
                return Err(section.damaged("a row of another size"));
            }
            let row = Row { start: u32::try_from(start).unwrap_or(u32::MAX), slots, scale };
            rows.insert(u64::from_le_bytes(bytes), row);
            start += usize::from(slots) * LABELS + EMBEDDED;
        }
        let weights = file.section("weights")?.i8s(start)?;
        let mut section = file.section("layers")?;
        let (hidden, contexts) = (section.u32()? as usize, section.u32()? as usize);
        if hidden > 4096 || contexts != context::FEATURES {
            return Err(section.damaged("layers of another size"));
        }
        let input = section.f32s(SLOTS * INPUTS * hidden)?;
        let output = scores(&section.f32s(hidden * LANES)?);
        let hidden_bias = section.f32s(hidden)?;
        let bias = scores(&section.f32s(LANES)?).first().copied().unwrap_or([0.0; LANES]);
        let context_wide = scores(&section.f32s(contexts * LANES)?);
        let context_deep = section.f32s(contexts * hidden)?;
        let transitions = Transitions::from_numbers(&section.f32s(Transitions::NUMBERS)?);
        let gazetteer = Gazetteer::read(&mut file.section("gazetteer")?)?;
        let provenance = file.provenance().to_owned();
        Ok(Self {
            rows,
            weights,
            input,
            output,
            hidden_bias,
            bias,
            context_wide,
            context_deep,
            transitions,
            gazetteer,
            provenance,
        })
    }
}

/// What one step of a word vector is worth.
pub(crate) const VECTOR_STEP: f32 = 1.0 / 64.0;

/// Rows without a weight above this are left out of the model.
const SMALL: f32 = 0.02;

#[expect(clippy::cast_possible_truncation, reason = "rounded and held within the range")]
fn eight_bits(weight: f32) -> i8 {
    weight.round().clamp(-127.0, 127.0) as i8
}

fn scores(numbers: &[f32]) -> Vec<Scores> {
    numbers
        .chunks_exact(LANES)
        .map(|chunk| {
            let mut scores = [0.0; LANES];
            scores.copy_from_slice(chunk);
            scores
        })
        .collect()
}

/// Adds `other` to `sums`. Not inlined: where the length is known, the loop is unrolled into single additions
/// instead of vector registers.
#[inline(never)]
pub(crate) fn add(sums: &mut [f32], other: &[f32]) {
    for (sum, other) in sums.iter_mut().zip(other) {
        *sum += other;
    }
}

/// Adds rows as long as `sums` or longer, to each number in their order, so that it is read and written once for all of them.
/// Not inlined, as above.
#[inline(never)]
pub(crate) fn add_rows<const N: usize>(sums: &mut [f32], rows: [&[f32]; N]) {
    let rows = rows.map(|row| &row[..sums.len()]);
    for (at, sum) in sums.iter_mut().enumerate() {
        // Invariant: the rows are cut to the length of `sums`.
        *sum = rows.iter().fold(*sum, |sum, row| sum + row[at]);
    }
}

/// Likewise rows each times a factor.
#[inline(never)]
fn add_scaled_rows<const N: usize>(sums: &mut [f32], rows: [(f32, &[f32]); N]) {
    let rows = rows.map(|(factor, row)| (factor, &row[..sums.len()]));
    for (at, sum) in sums.iter_mut().enumerate() {
        // Invariant: as above.
        *sum = rows.iter().fold(*sum, |sum, (factor, row)| sum + factor * row[at]);
    }
}

/// Adds `factor` times `other` to `sums`; not inlined either.
#[inline(never)]
pub(crate) fn add_scaled(sums: &mut [f32], other: &[f32], factor: f32) {
    for (sum, other) in sums.iter_mut().zip(other) {
        *sum += factor * other;
    }
}
