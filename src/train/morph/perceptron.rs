//! The averaged perceptron (Collins 2002): greedy decoding from left to right, an update at each wrong tag.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::tag::morph::features::{OFFSETS, WordFeatures, history, pairs};
use crate::tag::morph::tagset::Tag;
use crate::tag::morph::{START, after_key, after_two_key};

const TAGS: usize = Tag::COUNT;

/// A sentence to learn from.
#[derive(Debug)]
pub(super) struct Example<'a> {
    pub words: Vec<Word<'a>>,
}

/// A word to learn from.
#[derive(Debug)]
pub(super) struct Word<'a> {
    pub features: &'a WordFeatures,
    /// The tags that it can have, as bits.
    pub possible: u64,
    /// Its tag, where the treebank gives one.
    pub tag: Option<Tag>,
    /// Its tag, where the dictionary tells it: nothing is learnt there.
    pub sure: Option<Tag>,
}

/// Weights in training: dense rows per feature.
#[derive(Debug, Default)]
pub(super) struct Perceptron {
    /// Features seen too seldom to learn from.
    rare: FxHashSet<u32>,
    rows: FxHashMap<u32, u32>,
    weights: Vec<[f32; TAGS]>,
    /// Sums of the updates, each times the step at which it was made.
    sums: Vec<[f32; TAGS]>,
    step: f32,
}

impl Perceptron {
    /// A perceptron that disregards features seen less than `least` times in `examples`: what is
    /// known of a word that occurs once would hide how unknown words are to be treated.
    pub(super) fn new(examples: &[Example<'_>], border: &WordFeatures, least: usize) -> Self {
        let mut counts: FxHashMap<u32, usize> = FxHashMap::default();
        for example in examples {
            for i in 0..example.words.len() {
                keys(example, i, border, START, START).into_iter().for_each(|key| *counts.entry(key).or_default() += 1);
            }
        }
        let rare = counts.into_iter().filter(|(_, count)| *count < least).map(|(key, _)| key).collect();
        Self { rare, ..Self::default() }
    }

    fn row(&mut self, key: u32) -> usize {
        let next = self.weights.len() as u32;
        let row = *self.rows.entry(key).or_insert(next);
        if row == next {
            self.weights.push([0.0; TAGS]);
            self.sums.push([0.0; TAGS]);
        }
        row as usize
    }

    /// One pass over `examples` in the given order; returns how many tags were right, and of how many.
    pub(super) fn pass(&mut self, examples: &[Example<'_>], order: &[usize], border: &WordFeatures) -> (usize, usize) {
        let (mut right, mut all) = (0, 0);
        let mut rows = Vec::new();
        for index in order {
            let example = &examples[*index];
            let (mut before, mut last) = (START, START);
            for i in 0..example.words.len() {
                if let Some(sure) = example.words[i].sure {
                    let gold = example.words[i].tag;
                    all += usize::from(gold.is_some());
                    right += usize::from(gold == Some(sure));
                    (before, last) = (last, sure.0);
                    continue;
                }
                let keys = keys(example, i, border, before, last);
                rows.clear();
                for key in keys {
                    if !self.rare.contains(&key) {
                        rows.push(self.row(key));
                    }
                }
                let mut scores = [0.0; TAGS];
                for row in &rows {
                    for (score, weight) in scores.iter_mut().zip(&self.weights[*row]) {
                        *score += weight;
                    }
                }
                let possible = (0..TAGS).filter(|tag| example.words[i].possible >> tag & 1 == 1);
                let best = possible.reduce(|best, tag| if scores[tag] > scores[best] { tag } else { best });
                let best = best.unwrap_or_default();
                self.step += 1.0;
                if let Some(gold) = example.words[i].tag {
                    all += 1;
                    let gold = usize::from(gold.0);
                    if best == gold {
                        right += 1;
                    } else {
                        for row in &rows {
                            self.weights[*row][gold] += 1.0;
                            self.sums[*row][gold] += self.step;
                            self.weights[*row][best] -= 1.0;
                            self.sums[*row][best] -= self.step;
                        }
                    }
                }
                (before, last) = (last, best as u8);
            }
        }
        (right, all)
    }

    /// The averaged weights as numbers of one byte, by ascending key: `scale` steps make one; rows of zeros are left out.
    pub(super) fn quantised(&self, scale: f32) -> Vec<(u32, Vec<(u8, i8)>)> {
        let mut keys: Vec<(u32, u32)> = self.rows.iter().map(|(key, row)| (*key, *row)).collect();
        keys.sort_unstable();
        let rows = keys.into_iter().map(|(key, row)| {
            let (weights, sums) = (&self.weights[row as usize], &self.sums[row as usize]);
            let averages = weights.iter().zip(sums).map(|(weight, sum)| weight - sum / self.step.max(1.0));
            let entries = averages.enumerate().filter_map(|(tag, average)| {
                let weight = (average * scale).round().clamp(-127.0, 127.0) as i8;
                (weight != 0).then_some((tag as u8, weight))
            });
            (key, entries.collect::<Vec<_>>())
        });
        rows.filter(|(_, entries)| !entries.is_empty()).collect()
    }
}

/// The keys of all features of word `i`.
fn keys(example: &Example<'_>, i: usize, border: &WordFeatures, before: u8, last: u8) -> Vec<u32> {
    let at = |offset: usize| {
        let index = (i + offset).checked_sub(OFFSETS / 2);
        index.and_then(|index| example.words.get(index)).map_or(border, |word| word.features)
    };
    let window: [&WordFeatures; OFFSETS] = std::array::from_fn(at);
    let classes = window.map(|features| features.class);
    let mut out = vec![after_key(last), after_two_key(before, last)];
    out.extend(pairs(classes));
    out.extend(history(last, classes[2], classes[3]));
    for (offset, features) in window.iter().enumerate() {
        out.extend_from_slice(&features.keys[offset]);
    }
    out
}
