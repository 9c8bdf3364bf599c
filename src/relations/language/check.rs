//! Atoms as the matcher tests them: what a unit is as bits of one number, so that most tests are one `and`.

use super::{Atom, Kinds, Morph, Shape, Test, Vocabulary, WordId};
use crate::tag::{Morphology, Upos};

/// What a unit is, but for its words: a bit for each part of speech, kind, shape and value of a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Signature(u64);

const KINDS: u32 = 17;
const SHAPES: u32 = KINDS + 16;
const NAMED: u32 = SHAPES + 4;
const GENDER: u32 = NAMED + 1;
const NUMBER: u32 = GENDER + 2;
const PERSON: u32 = NUMBER + 2;
const TENSE: u32 = PERSON + 3;
const MOOD: u32 = TENSE + 4;
const FORM: u32 = MOOD + 4;

/// The bits of all parts of speech.
const ALL_UPOS: u64 = (1 << KINDS) - 1;

impl Signature {
    /// The signature of a unit; `named` for names, not what refers to them.
    pub fn new(
        upos: Upos,
        morphology: Morphology,
        kinds: Kinds,
        shapes: impl Iterator<Item = Shape>,
        named: bool,
    ) -> Self {
        let features = [
            morphology.gender.map(Morph::Gender),
            morphology.number.map(Morph::Number),
            morphology.person.map(Morph::Person),
            morphology.tense.map(Morph::Tense),
            morphology.mood.map(Morph::Mood),
            morphology.verb_form.map(Morph::Form),
        ];
        let features = features.into_iter().flatten().fold(0, |bits, feature| bits | feature_bit(feature));
        let shapes = shapes.fold(0, |bits, shape| bits | shape_bit(shape));
        Self(1 << upos as u64 | kinds_bits(kinds) | features | shapes | u64::from(named) << NAMED)
    }
}

fn kinds_bits(kinds: Kinds) -> u64 {
    u64::from(kinds.0) << KINDS
}

fn shape_bit(shape: Shape) -> u64 {
    1 << (SHAPES + shape as u32)
}

fn feature_bit(feature: Morph) -> u64 {
    1 << match feature {
        Morph::Gender(gender) => GENDER + gender as u32,
        Morph::Number(number) => NUMBER + number as u32,
        Morph::Person(person) => PERSON + person as u32,
        Morph::Tense(tense) => TENSE + tense as u32,
        Morph::Mood(mood) => MOOD + mood as u32,
        Morph::Form(form) => FORM + form as u32,
    }
}

/// The words of a unit: form, lemma, first word of a name.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// The form.
    pub form: WordId,
    /// The lemma.
    pub lemma: WordId,
    /// The first word of a name.
    pub first: WordId,
}

/// An [`Atom`] in this form.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Check {
    /// None of these bits.
    forbidden: u64,
    /// The other tests, as a range of those of the program.
    first: u32,
    end: u32,
}

/// A test that is no mere absence of bits; `false`: must not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trial {
    /// Any of these bits.
    Bits(u64),
    /// Any of the first and any of the second bits, or not so.
    Both(bool, u64, u64),
    /// A test of the words.
    Words(bool, Test),
}

/// The checks of a program.
#[derive(Clone, Debug, Default)]
pub struct Checks {
    checks: Vec<Check>,
    trials: Vec<Trial>,
}

impl Checks {
    /// The checks of `atoms`, in their order.
    pub(super) fn new(atoms: &[Atom]) -> Self {
        let mut out = Self::default();
        for atom in atoms {
            out.push(atom);
        }
        out
    }

    fn push(&mut self, atom: &Atom) {
        // Boundaries pass only where they are asked for.
        let mut forbidden = if atom.wants_boundary() { 0 } else { kinds_bits(Kinds::BOUNDARIES) };
        let first = self.trials.len() as u32;
        for (holds, test) in &atom.tests {
            let bits = match *test {
                Test::Any if *holds => continue,
                Test::Any => {
                    self.trials.push(Trial::Bits(0));
                    continue;
                }
                Test::Upos(bits) => u64::from(bits) & ALL_UPOS,
                Test::Kinds(kinds) => kinds_bits(kinds),
                Test::Named => 1 << NAMED,
                Test::Shape(shape) => shape_bit(shape),
                Test::Feature(upos, feature) => {
                    let upos = if upos == 0 { ALL_UPOS } else { u64::from(upos) & ALL_UPOS };
                    self.trials.push(Trial::Both(*holds, upos, feature_bit(feature)));
                    continue;
                }
                Test::Form(_) | Test::Lemma(_) | Test::Class(_) | Test::First(_) => {
                    self.trials.push(Trial::Words(*holds, *test));
                    continue;
                }
            };
            if *holds {
                self.trials.push(Trial::Bits(bits));
            } else {
                forbidden |= bits;
            }
        }
        self.checks.push(Check { forbidden, first, end: self.trials.len() as u32 });
    }

    /// Whether a unit passes the check of that index.
    pub fn pass(&self, index: u32, Signature(bits): Signature, words: Words, vocabulary: &Vocabulary) -> bool {
        // Invariant: programs hold indices of their own checks, and checks ranges of their own trials.
        let check = &self.checks[index as usize];
        bits & check.forbidden == 0
            && self.trials[check.first as usize..check.end as usize].iter().all(|trial| match *trial {
                Trial::Bits(any) => bits & any != 0,
                Trial::Both(holds, first, second) => (bits & first != 0 && bits & second != 0) == holds,
                Trial::Words(holds, test) => {
                    let passes = match test {
                        Test::Form(word) => words.form == word,
                        Test::Lemma(word) => words.lemma == word,
                        Test::Class(class) => vocabulary.is_in(words.form, words.lemma, class),
                        Test::First(class) => vocabulary.is_in(words.first, WordId::default(), class),
                        _ => false,
                    };
                    passes == holds
                }
            })
    }
}
