//! Atoms as the matcher tests them: what a unit is as bits of one number, so that most tests are one `and`.

use rustc_hash::FxHashMap;

use super::guard::Guard;
use super::{Atom, ClassId, Kinds, Morph, Shape, Test, Vocabulary, WordId};
use crate::tag::{Morphology, Upos};

/// What a unit is, but for its words: a bit for each part of speech, kind, shape and value of a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Signature(pub(super) u64);

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
    /// What stands where there is no unit.
    pub const NONE: Self = Self(1 << 63);

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

/// Words as one number, a Bloom filter (Bloom 1970): what has no bit in common has no word in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Sketch(u64);

impl Sketch {
    /// No word.
    pub(super) const NONE: Self = Self(0);
    /// All words.
    pub(super) const ALL: Self = Self(u64::MAX);

    fn of(word: WordId, spread: u32) -> Self {
        // The upper bits of a product are the best mixed.
        Self(if word == WordId::default() { 0 } else { 1 << (word.0.wrapping_mul(spread) >> 26) })
    }

    fn form(word: WordId) -> Self {
        Self::of(word, 0x9e37_79b1)
    }

    fn lemma(word: WordId) -> Self {
        Self::of(word, 0x85eb_ca6b)
    }

    fn first(word: WordId) -> Self {
        Self::of(word, 0xc2b2_ae35)
    }

    /// The words of a unit: its form, its lemma, and the first word of a name.
    pub fn new(form: WordId, lemma: WordId, first: WordId) -> Self {
        Self::form(form).or(Self::lemma(lemma)).or(Self::first(first))
    }

    /// The words that pass a test of words; none for other tests.
    fn wanted(test: Test, vocabulary: &Vocabulary) -> Self {
        let all =
            |words: &[WordId], one: fn(WordId) -> Self| words.iter().fold(Self(0), |all, word| all.or(one(*word)));
        let members = |ClassId(class)| vocabulary.members.get(class as usize);
        match test {
            Test::Form(word) => Self::form(word),
            Test::Lemma(word) => Self::lemma(word),
            Test::Class(class) => members(class)
                .map_or(Self(0), |members| all(&members.forms, Self::form).or(all(&members.lemmas, Self::lemma))),
            Test::First(class) => members(class).map_or(Self(0), |members| all(&members.forms, Self::first)),
            _ => Self(0),
        }
    }

    /// Either's words.
    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// How many bits it has: the fewer, the more it tells.
    pub(super) fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether the two may have a word in common.
    pub(super) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// The words of a unit.
#[derive(Clone, Copy, Debug, Default)]
pub struct Words {
    /// Its form.
    pub form: WordId,
    /// Its lemma.
    pub lemma: WordId,
    /// The first word of a name.
    pub first: WordId,
    /// All of them.
    pub sketch: Sketch,
}

/// An [`Atom`] in this form.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
struct Check {
    /// None of these bits.
    forbidden: u64,
    /// Any of these bits.
    required: u64,
    /// What the tests of the last range must not find.
    banned: Sketch,
    /// The other tests, as ranges of those of the program: from `first` to `words`, and from there to `end` those of words
    /// that must not be.
    first: u32,
    words: u32,
    end: u32,
    /// Whether it is enough that the next check passes.
    or_next: bool,
}

/// A test that is no mere absence of bits; `false`: must not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trial {
    /// Any of these bits.
    Bits(u64),
    /// Any of the first and any of the second bits, or not so.
    Both(bool, u64, u64),
    /// A test of the words, and which words pass it.
    Words(bool, Test, Sketch),
}

/// The checks of all programs, each once: what lies together is read fast.
#[derive(Clone, Debug, Default)]
pub struct Checks {
    checks: Vec<Check>,
    trials: Vec<Trial>,
    /// Where the checks of atoms begin, one behind the other.
    places: FxHashMap<Vec<Atom>, u32>,
    /// What lets through whatever passes a check.
    guards: Vec<Guard>,
}

impl Checks {
    /// The index of the check that passes whatever one of `atoms` matches.
    pub(super) fn add(&mut self, atoms: &[Atom], vocabulary: &Vocabulary) -> u32 {
        if let Some(place) = self.places.get(atoms) {
            return *place;
        }
        let place = self.checks.len();
        for atom in atoms {
            self.push(atom, vocabulary);
        }
        let (checks, guards) = (self.checks.iter_mut().skip(place), self.guards.iter_mut().skip(place));
        let mut behind = None;
        for (check, guard) in checks.zip(guards).rev() {
            check.or_next = behind.is_some();
            *guard = behind.map_or(*guard, |behind| guard.or(behind));
            behind = Some(*guard);
        }
        self.places.insert(atoms.to_vec(), place as u32);
        place as u32
    }

    /// The guard of the check of that index.
    pub(super) fn guard(&self, index: u32) -> Guard {
        self.guards.get(index as usize).copied().unwrap_or(Guard::ALL)
    }

    fn push(&mut self, atom: &Atom, vocabulary: &Vocabulary) {
        // Boundaries pass only where they are asked for.
        let mut forbidden = if atom.wants_boundary() { 0 } else { kinds_bits(Kinds::BOUNDARIES) };
        let mut required = None;
        let (mut trials, mut absent) = (Vec::new(), Vec::new());
        let mut banned = Sketch::default();
        for (holds, test) in &atom.tests {
            let bits = match *test {
                Test::Any if *holds => continue,
                Test::Any => 0,
                Test::Upos(bits) => u64::from(bits) & ALL_UPOS,
                Test::Kinds(kinds) => kinds_bits(kinds),
                Test::Named => 1 << NAMED,
                Test::Shape(shape) => shape_bit(shape),
                Test::Feature(upos, feature) => {
                    let upos = if upos == 0 { ALL_UPOS } else { u64::from(upos) & ALL_UPOS };
                    trials.push(Trial::Both(*holds, upos, feature_bit(feature)));
                    continue;
                }
                Test::Form(_) | Test::Lemma(_) | Test::Class(_) | Test::First(_) => {
                    let sketch = Sketch::wanted(*test, vocabulary);
                    banned = if *holds { banned } else { banned.or(sketch) };
                    let list = if *holds { &mut trials } else { &mut absent };
                    list.push(Trial::Words(*holds, *test, sketch));
                    continue;
                }
            };
            match required {
                _ if !*holds && *test != Test::Any => forbidden |= bits,
                None => required = Some(bits),
                Some(_) => trials.push(Trial::Bits(bits)),
            }
        }
        let first = self.trials.len() as u32;
        self.trials.append(&mut trials);
        let words = self.trials.len() as u32;
        self.trials.append(&mut absent);
        let (required, end) = (required.unwrap_or(ALL_UPOS), self.trials.len() as u32);
        self.guards.push(Guard::of(forbidden, required, &self.trials[first as usize..words as usize]));
        self.checks.push(Check { forbidden, required, banned, first, words, end, or_next: false });
    }

    /// Whether a unit passes the check of that index.
    pub fn pass(&self, mut index: u32, signature: Signature, words: Words, vocabulary: &Vocabulary) -> bool {
        loop {
            // Invariant: programs hold indices of their own checks, behind which those of the same atoms stand.
            let check = &self.checks[index as usize];
            if self.passes(check, signature, words, vocabulary) {
                return true;
            }
            if !check.or_next {
                return false;
            }
            index += 1;
        }
    }

    fn passes(&self, check: &Check, Signature(bits): Signature, words: Words, vocabulary: &Vocabulary) -> bool {
        // Invariant: checks hold ranges of their own trials.
        if bits & check.forbidden != 0 || bits & check.required == 0 {
            return false;
        }
        let end = if words.sketch.meets(check.banned) { check.end } else { check.words };
        self.trials[check.first as usize..end as usize].iter().all(|trial| match *trial {
            Trial::Bits(any) => bits & any != 0,
            Trial::Both(holds, first, second) => (bits & first != 0 && bits & second != 0) == holds,
            Trial::Words(holds, test, sketch) => {
                let passes = words.sketch.meets(sketch)
                    && match test {
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
