//! What patterns compile to: instructions over units.

use super::{ClassId, WordId};
use crate::tag::{EntityType, Gender, Mood, Number, Person, Tense, VerbForm};

/// A set of kinds of units: names by their type, values, boundaries. Words are of no kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Kinds(pub u16);

impl Kinds {
    /// No kind: a word.
    pub const NONE: Self = Self(0);
    /// All types of names.
    pub const NAMES: Self = Self(0x7f);
    /// A date.
    pub const DATE: Self = Self(1 << 7);
    /// A duration.
    pub const DURATION: Self = Self(1 << 8);
    /// An amount of money.
    pub const AMOUNT: Self = Self(1 << 9);
    /// A percentage.
    pub const PERCENT: Self = Self(1 << 10);
    /// A number of something.
    pub const COUNT: Self = Self(1 << 11);
    /// A line break between sentences.
    pub const LINE: Self = Self(1 << 12);
    /// A blank line.
    pub const BLANK: Self = Self(1 << 13);
    /// The end of a sentence within a line.
    pub const STOP: Self = Self(1 << 14);
    /// No kind of a unit: where any kinds will do, what stands there has this one too.
    pub const OPEN: Self = Self(1 << 15);
    /// All boundaries.
    pub const BOUNDARIES: Self = Self(0x7000);

    /// The kind of a name.
    pub const fn of(kind: EntityType) -> Self {
        Self(1 << kind as u16)
    }

    /// Either set's kinds.
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The kinds that are not in the other set.
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the two share a kind.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The set of one name, as the language spells it.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "any" => Self::NAMES,
            "date" => Self::DATE,
            "duration" => Self::DURATION,
            "amount" => Self::AMOUNT,
            "percent" => Self::PERCENT,
            "count" => Self::COUNT,
            "line" => Self::LINE,
            "blank" => Self::BLANK,
            "stop" => Self::STOP,
            name => Self::of(EntityType::parse(name)?),
        })
    }
}

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// First letter a capital.
    Capitalised,
    /// Two or more letters, all capitals.
    Upper,
    /// Digits.
    Number,
    /// A mark that is neither letter nor digit.
    Mark,
}

/// One morphological feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Morph {
    /// Gender.
    Gender(Gender),
    /// Number.
    Number(Number),
    /// Person.
    Person(Person),
    /// Tense.
    Tense(Tense),
    /// Mood.
    Mood(Mood),
    /// Verb form.
    Form(VerbForm),
}

impl Morph {
    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "Masc" => Self::Gender(Gender::Masculine),
            "Fem" => Self::Gender(Gender::Feminine),
            "Sing" => Self::Number(Number::Singular),
            "Plur" => Self::Number(Number::Plural),
            "1" => Self::Person(Person::First),
            "2" => Self::Person(Person::Second),
            "3" => Self::Person(Person::Third),
            "Pres" => Self::Tense(Tense::Present),
            "Past" => Self::Tense(Tense::Past),
            "Imp" => Self::Tense(Tense::Imperfect),
            "Fut" => Self::Tense(Tense::Future),
            "Ind" => Self::Mood(Mood::Indicative),
            "Cnd" => Self::Mood(Mood::Conditional),
            "Sub" => Self::Mood(Mood::Subjunctive),
            "Fin" => Self::Form(VerbForm::Finite),
            "Inf" => Self::Form(VerbForm::Infinitive),
            "Part" => Self::Form(VerbForm::Participle),
            _ => return None,
        })
    }
}

/// A test of one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Test {
    /// Anything but a boundary.
    Any,
    /// The form.
    Form(WordId),
    /// The lemma.
    Lemma(WordId),
    /// The class of form or lemma.
    Class(ClassId),
    /// One of these parts of speech, as bits.
    Upos(u32),
    /// One of these parts of speech (any, if 0) with a feature.
    Feature(u32, Morph),
    /// A name, value or boundary of these kinds.
    Kinds(Kinds),
    /// A name itself, no reference.
    Named,
    /// The first word of a name is in the class.
    First(ClassId),
    /// How it is written.
    Shape(Shape),
}

/// Tests that must all hold; `false` beside one: must not hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Atom {
    /// The tests.
    pub tests: Vec<(bool, Test)>,
}

impl Atom {
    /// Whether it is about boundaries.
    pub fn wants_boundary(&self) -> bool {
        self.tests.iter().any(|(holds, test)| *holds && matches!(test, Test::Kinds(k) if k.meets(Kinds::BOUNDARIES)))
    }
}

/// One step of the matcher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    /// What it does.
    pub instruction: Instruction,
    /// The step that follows, in [`RuleSet::code`](super::RuleSet::code).
    pub next: u32,
}

/// What a step does. Before and after [`Instruction::Turn`] steps read in different directions from the anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Instruction {
    /// Reads a unit that passes the check of that index in [`Checks`](super::Checks).
    Read(u32),
    /// Reads units that each pass a check and goes on behind any of them, or before the first.
    Stretch {
        /// The check.
        check: u32,
        /// How many units at most.
        most: u16,
        /// Whether more units are tried before fewer.
        greedy: bool,
        /// What the next step wants of the next unit, by its number in [`Branches`](super::Branches).
        guard: u16,
    },
    /// Goes on at the next step or at another; where the one fails, at the other.
    Split {
        /// The other step.
        other: u32,
        /// Whether that is tried first.
        other_first: bool,
        /// What the next step and the other want of the next unit, by their numbers in [`Branches`](super::Branches).
        guards: [u16; 2],
    },
    /// A capture begins here.
    Open(u8),
    /// A capture ends here.
    Close(u8),
    /// The unit before is a boundary, or there is none.
    AtStart,
    /// The unit after is a boundary, or there is none.
    AtEnd,
    /// The next (or previous) unit passes (or does not pass) a check.
    Look {
        /// The next unit, not the previous.
        ahead: bool,
        /// It must not pass.
        negative: bool,
        /// The check.
        check: u32,
    },
    /// Back to the anchor, and in the other direction from there, at the program's second side.
    Turn,
    /// The pattern has matched.
    Match,
}

/// A compiled pattern.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The rule it belongs to.
    pub rule: u32,
    /// Its first step in [`RuleSet::code`](super::RuleSet::code).
    pub entry: u32,
    /// Its first step on the other side of the anchor.
    pub second: u32,
    /// Whether it reads backwards first: the shorter side, as most attempts fail.
    pub backwards_first: bool,
    /// The sentence must have a unit of each of these sets of kinds (empty for patterns that cross sentences).
    pub needs: Vec<Kinds>,
    /// What it reads instead of units in their order: a clause.
    pub clause: Option<ClausePattern>,
}

/// Active, passive or reflexive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// `rachète`, `a racheté`
    Active,
    /// `a été racheté`, `racheté par`
    Passive,
    /// `s'est engagé`
    Reflexive,
}

/// The time that a verb tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// `a racheté`, `rachetait`, `avoir racheté`
    Past,
    /// `rachète`, `racheter`
    Present,
    /// `rachètera`, `va racheter`
    Future,
}

/// What stands in a place of a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Who does it, or to whom it is done in the passive.
    Subject,
    /// The object, or the attribute of `être`.
    Object,
    /// A complement with a preposition; `par` in the passive is the agent.
    Complement,
}

/// A clause that a rule asks for.
#[derive(Clone, Debug, Default)]
pub struct ClausePattern {
    /// What the verb must be: one of these.
    pub verb: Vec<Atom>,
    /// Its voice; any, if `None`.
    pub voice: Option<Voice>,
    /// Its time; any, if `None`.
    pub when: Option<When>,
    /// What must stand, or may, in its places.
    pub slots: Vec<Slot>,
}

/// One place of a clause and what must stand there.
#[derive(Clone, Debug)]
pub struct Slot {
    /// Which place.
    pub place: Place,
    /// The prepositions of a complement; any, if empty.
    pub prepositions: Vec<WordId>,
    /// Whether the clause does not match without it.
    pub required: bool,
    /// What a phrase there must hold: read from each unit of its core, up to the end of its complements.
    pub program: Program,
}
