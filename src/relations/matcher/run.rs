//! Runs programs by backtracking, on one stack without recursion. Whether the rest of a pattern passes depends on
//! nothing but where it begins, so that no branch is tried twice at one place (as in RE2's bit-state matcher, Cox 2010).

use std::ops::Range;

use super::seen::Seen;
use super::units::{Around, Unit, Units};
use crate::relations::clauses::Clauses;
use crate::relations::language::{
    Anchored, Atom, Guard, Instruction, Kinds, Program, RuleSet, Shape, Signature, Sketch, Step, Test,
};

/// What a capture holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// Its number in [`RuleSet::captures`].
    pub name: u8,
    /// Its units.
    pub units: Range<usize>,
}

/// A match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The program.
    pub program: u32,
    /// The unit at its anchor.
    pub anchor: usize,
    /// All units it read.
    pub units: Range<usize>,
    /// Its captures, by name and place.
    pub captures: Vec<Capture>,
    /// What the verb of a clause says of the statement; for patterns of units the words around tell.
    pub sense: Option<Sense>,
}

/// What the verb of a clause says of the statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sense {
    /// Negated, conditional or merely possible.
    pub denied: bool,
    /// To come.
    pub planned: bool,
}

/// A step limit for one attempt: patterns that need more are cut off, not waited for.
const MOST_STEPS: u32 = 4000;

#[derive(Clone, Copy, Debug)]
struct Mark {
    name: u8,
    opens: bool,
    at: u32,
}

#[derive(Clone, Copy, Debug)]
struct Choice {
    pc: u32,
    at: u32,
    /// Where the side that was read first ends.
    turned: u32,
    backwards: bool,
    marks: u32,
}

impl Choice {
    /// The place behind the next unit.
    fn beyond(&self) -> u32 {
        // Invariant: asked only where there is a unit before, or behind.
        if self.backwards { self.at - 1 } else { self.at + 1 }
    }
}

/// An attempt in the highest bits, and a bit for each distance below [`FARTHEST`]: the table of all steps is read at random, so
/// that every byte of it counts.
type Tried = u64;

/// Steps farther from the anchor may be tried twice.
const FARTHEST: u32 = u64::BITS - u16::BITS;

/// The matcher's working memory; kept from one release to the next.
#[derive(Debug, Default)]
pub struct Machine {
    stack: Vec<Choice>,
    marks: Vec<Mark>,
    /// For each step that splits: the last attempt that came to it, and as bits the distances from the anchor at which it did.
    tried: Vec<Tried>,
    /// The number of the attempt.
    attempt: u16,
    seen: Seen,
    /// Whether it goes as far as it can where it is known that there is no match, for `explain`.
    is_thorough: bool,
    /// The farthest units that the last attempt read, for `explain`.
    pub(super) reach: (usize, usize),
    pub(super) clauses: Clauses,
}

impl Machine {
    /// A machine that tells how far failed attempts came.
    pub fn thorough() -> Self {
        Self { is_thorough: true, ..Self::default() }
    }

    /// Calls `on_match` for all matches in `units`, by the place of their anchors, and `on_failure`
    /// for the attempts that failed, with the units they read.
    pub fn run(
        &mut self,
        rules: &RuleSet,
        units: &Units,
        mut on_match: impl FnMut(Found),
        mut on_failure: impl FnMut(u32, usize, Range<usize>),
    ) {
        self.clauses.clear();
        self.seen.clear(rules.wanted.count());
        for (at, unit) in units.all.iter().enumerate() {
            let here = Here::new(units, at);
            let is_nameless = here.present.without(Kinds::BOUNDARIES) == Kinds::NONE && !self.is_thorough;
            let anchors = if is_nameless { &rules.nameless } else { &rules.anchors };
            for row in anchors.rows(unit.form, unit.lemma, unit.upos, unit.kinds) {
                for anchored in row {
                    match self.read(rules, units, &here, anchored) {
                        None => {}
                        Some(Ok(found)) => on_match(found),
                        Some(Err(read)) => on_failure(anchored.program, at, read),
                    }
                }
            }
        }
    }

    /// What a program finds at its anchor, else the units that it read; `None` where it is known without a step that it finds
    /// nothing. What tells that of most programs is asked first.
    #[inline]
    fn read(
        &mut self,
        rules: &RuleSet,
        units: &Units,
        here: &Here,
        anchored: &Anchored,
    ) -> Option<Result<Found, Range<usize>>> {
        let (id, at) = (anchored.program, here.at);
        let [before, behind] = anchored.needs;
        let lacks = || self.is_thorough.then_some(Err(at..at));
        if !(before.meets(here.kinds[0]) && behind.meets(here.kinds[1])) {
            return lacks();
        }
        let mut beside = anchored.beside.iter().zip(here.beside);
        let is_between = beside.all(|(guard, (bits, words))| rules.branches.guard(*guard).admits(bits, words));
        if !is_between && !self.is_thorough {
            return None;
        }
        // Invariant: anchors hold indices of programs, and each program has a gate.
        let gate = &rules.gates[id as usize];
        if !gate.admits(here.present, here.around.before.kinds, here.around.behind.kinds) {
            return lacks();
        }
        let is_seen = is_between && self.seen.has(gate, rules, units, at);
        if !is_seen && !self.is_thorough {
            return None;
        }
        let program = &rules.programs[id as usize];
        let found = match &program.clause {
            Some(_) => self.clause(rules, id, units, at),
            None => self.attempt(rules, program, &units.all, at).map(|range| {
                let captures = self.captures();
                Found { program: id, anchor: at, units: range, captures, sense: None }
            }),
        };
        Some(found.ok_or(self.reach.0..self.reach.1))
    }

    /// The units that `program` reads around its anchor `at`, if it matches.
    pub(super) fn attempt(
        &mut self,
        rules: &RuleSet,
        program: &Program,
        units: &[Unit],
        at: usize,
    ) -> Option<Range<usize>> {
        self.stack.clear();
        self.marks.clear();
        self.attempt = self.attempt.wrapping_add(1);
        if self.attempt == 0 {
            // Numbers begin anew: what the old ones said is void. No attempt has number 0.
            self.tried.clear();
            self.attempt = 1;
        }
        if self.tried.len() < rules.code.len() {
            self.tried.resize(rules.code.len(), 0);
        }
        self.reach = (at, at);
        let mut now = Choice {
            pc: program.entry,
            at: at as u32,
            turned: at as u32,
            backwards: program.backwards_first,
            marks: 0,
        };
        let is_second = |choice: &Choice| choice.backwards != program.backwards_first;
        for _ in 0..MOST_STEPS {
            match self.step(rules, program, units, at, &mut now) {
                Progress::On => {}
                // The other side of the anchor is the same for all ways on the first.
                Progress::Fail if is_second(&now) && !self.stack.last().is_some_and(is_second) => return None,
                Progress::Done => return Some(now.at.min(now.turned) as usize..now.at.max(now.turned) as usize),
                Progress::Fail => {
                    now = self.stack.pop()?;
                    self.marks.truncate(now.marks as usize);
                }
            }
        }
        None
    }

    #[inline]
    fn step(
        &mut self,
        rules: &RuleSet,
        program: &Program,
        units: &[Unit],
        anchor: usize,
        now: &mut Choice,
    ) -> Progress {
        let at = now.at as usize;
        let number = now.pc;
        // Invariant: programs hold indices of steps, and steps those of others.
        let Step { instruction, next } = rules.code[number as usize];
        now.pc = next;
        let (before, behind) = (at.checked_sub(1).and_then(|i| units.get(i)), units.get(at));
        let ahead = if now.backwards { before } else { behind };
        let passes = match instruction {
            Instruction::Read(check) => {
                let passes = ahead.is_some_and(|unit| pass(rules, unit, check));
                if passes {
                    now.at = now.beyond();
                    self.reaches(now.at);
                }
                passes
            }
            Instruction::Stretch { check, most, greedy, guard } => {
                let guard = rules.branches.guard(guard);
                self.is_new(number, at.abs_diff(anchor))
                    && self.stretch(rules, units, check, (most, greedy), guard, now)
            }
            Instruction::Split { other, other_first, guards } => {
                let (signature, words) = bits(ahead);
                let [next_may, other_may] = guards.map(|guard| rules.branches.guard(guard).admits(signature, words));
                let new = (next_may || other_may) && self.is_new(number, at.abs_diff(anchor));
                let (first, second) = if other_first { (other, now.pc) } else { (now.pc, other) };
                if new && next_may && other_may {
                    self.stack.push(Choice { pc: second, marks: self.marks.len() as u32, ..*now });
                    now.pc = first;
                } else if !next_may {
                    now.pc = other;
                }
                new
            }
            Instruction::Open(name) => self.mark(name, true, now.at),
            Instruction::Close(name) => self.mark(name, false, now.at),
            Instruction::AtStart => before.is_none_or(Unit::is_boundary),
            Instruction::AtEnd => behind.is_none_or(Unit::is_boundary),
            Instruction::Look { ahead, negative, check } => {
                let unit = if ahead { behind } else { before };
                unit.is_some_and(|unit| pass(rules, unit, check)) != negative
            }
            Instruction::Turn => {
                let backwards = !now.backwards;
                *now = Choice { pc: program.second, at: anchor as u32, turned: now.at, backwards, marks: now.marks };
                true
            }
            Instruction::Match => return Progress::Done,
        };
        if passes { Progress::On } else { Progress::Fail }
    }

    /// Reads up to `most` units and goes on where what follows may pass, at one place now and at the others later; `false` if
    /// there is none.
    fn stretch(
        &mut self,
        rules: &RuleSet,
        units: &[Unit],
        check: u32,
        (most, greedy): (u16, bool),
        guard: &Guard,
        now: &mut Choice,
    ) -> bool {
        let first = self.stack.len();
        let mut choice = Choice { marks: self.marks.len() as u32, ..*now };
        for left in (0..=most).rev() {
            let at = choice.at as usize;
            let unit = if now.backwards { at.checked_sub(1).and_then(|at| units.get(at)) } else { units.get(at) };
            let (signature, words) = bits(unit);
            if guard.admits(signature, words) {
                self.stack.push(choice);
            }
            if left == 0 || !unit.is_some_and(|unit| pass(rules, unit, check)) {
                break;
            }
            choice.at = choice.beyond();
        }
        self.reaches(choice.at);
        if !greedy {
            self.stack[first..].reverse();
        }
        let nearest = if self.stack.len() > first { self.stack.pop() } else { None };
        *now = nearest.unwrap_or(*now);
        nearest.is_some()
    }

    /// Notes how far an attempt came.
    fn reaches(&mut self, at: u32) {
        self.reach = (self.reach.0.min(at as usize), self.reach.1.max(at as usize));
    }

    /// Notes where a capture opens or closes.
    fn mark(&mut self, name: u8, opens: bool, at: u32) -> bool {
        self.marks.push(Mark { name, opens, at });
        true
    }

    /// Whether the present attempt has not yet tried the step of that number at that distance from its anchor; notes it.
    fn is_new(&mut self, number: u32, distance: usize) -> bool {
        let bit = if distance < FARTHEST as usize { 1 << distance } else { 0 };
        // Invariant: `tried` has as many members as there are steps, or more.
        let tried = &mut self.tried[number as usize];
        if *tried >> FARTHEST != u64::from(self.attempt) {
            *tried = u64::from(self.attempt) << FARTHEST;
        }
        let is_new = *tried & bit == 0;
        *tried |= bit;
        is_new
    }

    /// The captures of the last match: the marks paired by name and place.
    pub(super) fn captures(&mut self) -> Vec<Capture> {
        self.marks.sort_by_key(|mark| (mark.name, mark.opens, mark.at));
        let mut out = Vec::new();
        for group in self.marks.chunk_by(|a, b| a.name == b.name) {
            let closes = group.partition_point(|mark| !mark.opens);
            let (ends, starts) = group.split_at(closes);
            for (start, end) in starts.iter().zip(ends) {
                out.push(Capture { name: start.name, units: start.at as usize..end.at as usize });
            }
        }
        out
    }
}

/// What is asked of a unit for each program anchored there.
struct Here {
    at: usize,
    /// The kinds in its sentence.
    present: Kinds,
    around: Around,
    /// The kinds before and behind it, with the one that stands for any.
    kinds: [Kinds; 2],
    /// The units right before and right behind it.
    beside: [(Signature, Sketch); 2],
}

impl Here {
    fn new(units: &Units, at: usize) -> Self {
        let unit = |at: Option<usize>| bits(at.and_then(|at| units.all.get(at)));
        let sentence = units.all.get(at).map_or(0, |unit| unit.sentence as usize);
        let around = units.around(at);
        Self {
            at,
            present: units.kinds.get(sentence).copied().unwrap_or_default(),
            around,
            kinds: [around.before.kinds, around.behind.kinds].map(|kinds| kinds.or(Kinds::OPEN)),
            beside: [unit(at.checked_sub(1)), unit(Some(at + 1))],
        }
    }
}

/// Whether a unit passes the check of that index.
fn pass(rules: &RuleSet, unit: &Unit, check: u32) -> bool {
    rules.checks.pass(check, unit.signature, unit.words(), &rules.vocabulary)
}

/// What guards read of a unit.
fn bits(unit: Option<&Unit>) -> (Signature, Sketch) {
    unit.map_or((Signature::NONE, Sketch::default()), |unit| (unit.signature, unit.sketch))
}

/// How a step ended.
enum Progress {
    On,
    Fail,
    Done,
}

pub(super) fn passes(rules: &RuleSet, atom: &Atom, unit: &Unit) -> bool {
    let mut boundary = !unit.is_boundary();
    for (holds, test) in &atom.tests {
        if passes_test(rules, test, unit) != *holds {
            return false;
        }
        boundary |= *holds && matches!(test, Test::Kinds(kinds) if kinds.meets(Kinds::BOUNDARIES));
    }
    boundary
}

fn passes_test(rules: &RuleSet, test: &Test, unit: &Unit) -> bool {
    use crate::relations::language::Morph;
    match *test {
        Test::Any => true,
        Test::Form(word) => unit.form == word,
        Test::Lemma(word) => unit.lemma == word,
        Test::Class(class) => rules.vocabulary.is_in(unit.form, unit.lemma, class),
        Test::Upos(bits) => bits >> (unit.upos as u32) & 1 == 1,
        Test::Kinds(kinds) => kinds.meets(unit.kinds),
        Test::Named => matches!(unit.source, super::Source::Name(_)),
        Test::First(class) => rules.vocabulary.is_in(unit.first, Default::default(), class),
        Test::Shape(Shape::Capitalised) => unit.capitalised,
        Test::Shape(Shape::Upper) => unit.upper,
        Test::Shape(Shape::Number) => unit.number,
        Test::Shape(Shape::Mark) => unit.mark,
        Test::Feature(bits, morph) => {
            let m = &unit.morphology;
            (bits == 0 || bits >> (unit.upos as u32) & 1 == 1)
                && match morph {
                    Morph::Gender(x) => m.gender == Some(x),
                    Morph::Number(x) => m.number == Some(x),
                    Morph::Person(x) => m.person == Some(x),
                    Morph::Tense(x) => m.tense == Some(x),
                    Morph::Mood(x) => m.mood == Some(x),
                    Morph::Form(x) => m.verb_form == Some(x),
                }
        }
    }
}
