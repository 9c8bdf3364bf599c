//! The steps of all programs in one table. A step names the one that follows it, and equal steps stand there once, so that
//! patterns which go on alike share what follows: made from the end, as minimal automata are (Daciuk et al. 2000,
//! "Incremental construction of minimal acyclic finite-state automata").

use std::borrow::Cow;
use std::rc::Rc;

use super::expand::Tree;
use super::guard::{Branches, Guard};
use super::interner::Interner;
use super::{Atom, Checks, Instruction, Step, Vocabulary};

/// The step that ends the side read first.
pub(super) const TURN: u32 = 0;

/// The step that ends a program.
pub(super) const MATCH: u32 = 1;

/// An endless repetition of one unit reads so many at the most.
const LONGEST_STRETCH: u16 = 1000;

/// Writes steps, each behind what it leads to.
#[derive(Debug)]
pub(super) struct Coder {
    steps: Interner<Step>,
    /// What each step and what follows it want of the next unit.
    guards: Vec<Guard>,
    branches: Branches,
    /// Where the parts of patterns were written that come again with the same continuation. All patterns outlive the coder, so
    /// that no other part comes to stand at an address.
    written: Interner<Part>,
    /// Their first steps.
    starts: Vec<u32>,
}

/// At least, at most and whether greedily.
type Repetition = (u16, u16, bool);

/// A part of a pattern: the address of what it holds, its direction, the step that follows it, and how often it is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Part {
    address: usize,
    backwards: bool,
    next: u32,
    repetition: Option<Repetition>,
}

/// About so many steps a pattern has.
const USUAL_STEPS: usize = 180;

impl Coder {
    /// With room for the steps of so many patterns.
    pub(super) fn new(patterns: usize) -> Self {
        let room = patterns * USUAL_STEPS;
        let mut guards = Vec::with_capacity(room);
        guards.resize(2, Guard::ALL);
        let mut steps = Interner::with_capacity(room);
        for instruction in [Instruction::Turn, Instruction::Match] {
            steps.push(Step { instruction, next: MATCH });
        }
        Self {
            steps,
            guards,
            branches: Branches::default(),
            written: Interner::with_capacity(room / 2),
            starts: Vec::new(),
        }
    }

    /// The steps, and what branches want.
    pub(super) fn finish(self) -> (Vec<Step>, Branches) {
        (self.steps.into_values(), self.branches)
    }

    /// What a step and what follows it want of the next unit.
    pub(super) fn guard(&self, step: u32) -> Guard {
        self.guards.get(step as usize).copied().unwrap_or(Guard::ALL)
    }

    /// The same by its number in [`Branches`].
    pub(super) fn guard_number(&mut self, step: u32) -> u16 {
        self.branches.number(self.guard(step))
    }

    /// A step that wants `guard` and is followed by `next`: one that stands already, or a new one.
    fn add(&mut self, instruction: Instruction, guard: Guard, next: u32) -> u32 {
        let (number, is_new) = self.steps.number(Step { instruction, next });
        if is_new {
            self.guards.push(guard);
        }
        number
    }

    /// The instruction that goes on at `next` or at `other`.
    fn split(&mut self, next: u32, other: u32, other_first: bool) -> Instruction {
        Instruction::Split { other, other_first, guards: [next, other].map(|step| self.guard_number(step)) }
    }

    /// A step that goes on at `next` or at `other`.
    fn branch(&mut self, next: u32, other: u32, other_first: bool) -> u32 {
        let instruction = self.split(next, other, other_first);
        self.add(instruction, self.guard(next).or(self.guard(other)), next)
    }

    /// A step that reads no unit.
    pub(super) fn pass(&mut self, instruction: Instruction, next: u32) -> u32 {
        self.add(instruction, self.guard(next), next)
    }
}

/// Writes patterns.
pub(super) struct Writer<'a> {
    pub(super) coder: &'a mut Coder,
    pub(super) checks: &'a mut Checks,
    pub(super) vocabulary: &'a Vocabulary,
}

impl Writer<'_> {
    /// The first step of a pattern that `next` follows.
    pub(super) fn tree(&mut self, tree: &Tree, backwards: bool, next: u32) -> u32 {
        let Some((address, repetition)) = part(tree) else { return self.write(tree, backwards, next) };
        let (part, is_new) = self.coder.written.number(Part { address, backwards, next, repetition });
        let part = part as usize;
        if is_new {
            // No part is written within itself: patterns are trees.
            self.coder.starts.push(next);
            self.coder.starts[part] = self.write(tree, backwards, next);
        }
        // Invariant: each part that has a number has its first step.
        self.coder.starts[part]
    }

    fn write(&mut self, tree: &Tree, backwards: bool, next: u32) -> u32 {
        match tree {
            Tree::Atom(atom) => self.read(std::slice::from_ref(atom), next),
            Tree::Sequence(all) if backwards => all.iter().fold(next, |next, tree| self.tree(tree, true, next)),
            Tree::Sequence(all) => all.iter().rev().fold(next, |next, tree| self.tree(tree, false, next)),
            Tree::Alternatives(all) => {
                if let Some(atoms) = single(tree) {
                    return self.read(&atoms, next);
                }
                let starts: Vec<u32> = all.iter().map(|tree| self.tree(tree, backwards, next)).collect();
                let joined = starts.into_iter().rev().reduce(|rest, start| self.coder.branch(start, rest, false));
                joined.unwrap_or(next)
            }
            Tree::Repeat { tree, min, max, greedy } => {
                let rest = match (single(tree), max) {
                    (Some(atoms), max) => self.stretch(&atoms, max.map(|max| max - min), *greedy, next),
                    (None, Some(max)) => (*min..*max).fold(next, |rest, _| {
                        let start = self.tree(tree, backwards, rest);
                        self.coder.branch(start, next, !greedy)
                    }),
                    (None, None) => self.endless(tree, backwards, !greedy, next),
                };
                (0..*min).fold(rest, |rest, _| self.tree(tree, backwards, rest))
            }
            Tree::Capture(name, tree) => {
                let (open, close) = (Instruction::Open(*name), Instruction::Close(*name));
                let (first, last) = if backwards { (close, open) } else { (open, close) };
                let last = self.coder.pass(last, next);
                let inner = self.tree(tree, backwards, last);
                self.coder.pass(first, inner)
            }
            Tree::Start => self.coder.pass(Instruction::AtStart, next),
            Tree::End => self.coder.pass(Instruction::AtEnd, next),
            Tree::Look { ahead, negative, atoms } => {
                let check = self.check(atoms);
                self.coder.pass(Instruction::Look { ahead: *ahead, negative: *negative, check }, next)
            }
        }
    }

    /// A step that reads a unit that one of `atoms` matches.
    fn read(&mut self, atoms: &[Atom], next: u32) -> u32 {
        let check = self.check(atoms);
        let guard = self.checks.guard(check);
        self.coder.add(Instruction::Read(check), guard, next)
    }

    /// A step that reads up to `most` units that one of `atoms` matches.
    fn stretch(&mut self, atoms: &[Atom], most: Option<u32>, greedy: bool, next: u32) -> u32 {
        let most = most.map_or(LONGEST_STRETCH, |most| u16::try_from(most).unwrap_or(LONGEST_STRETCH));
        if most == 0 {
            return next;
        }
        let check = self.check(atoms);
        let behind = self.coder.guard(next);
        let guard = self.coder.branches.number(behind);
        let own = self.checks.guard(check);
        self.coder.add(Instruction::Stretch { check, most, greedy, guard }, own.or(behind), next)
    }

    /// A loop: its first step stands before what it leads to, and is never one with another's.
    fn endless(&mut self, tree: &Tree, backwards: bool, other_first: bool, next: u32) -> u32 {
        let behind = self.coder.guard(next);
        let guard = self.settled(behind, |this, guard| this.first(tree, backwards, guard).or(behind));
        let start = self.coder.steps.push(Step { instruction: Instruction::Match, next });
        self.coder.guards.push(guard);
        let body = self.tree(tree, backwards, start);
        let instruction = self.coder.split(body, next, other_first);
        if let Some(step) = self.coder.steps.get_mut(start) {
            *step = Step { instruction, next: body };
        }
        start
    }

    /// What a pattern wants of the next unit, where what follows it wants `behind`.
    fn first(&mut self, tree: &Tree, backwards: bool, behind: Guard) -> Guard {
        match tree {
            Tree::Atom(atom) => {
                let check = self.check(std::slice::from_ref(atom));
                self.checks.guard(check)
            }
            Tree::Sequence(all) if backwards => all.iter().fold(behind, |guard, tree| self.first(tree, true, guard)),
            Tree::Sequence(all) => all.iter().rev().fold(behind, |guard, tree| self.first(tree, false, guard)),
            Tree::Alternatives(all) => {
                let firsts = all.iter().map(|tree| self.first(tree, backwards, behind));
                firsts.reduce(Guard::or).unwrap_or(behind)
            }
            Tree::Repeat { tree, min, max, .. } => {
                let again = |this: &mut Self, guard| this.first(tree, backwards, guard).or(behind);
                let rest = match max {
                    Some(max) => (*min..*max).fold(behind, |guard, _| again(self, guard)),
                    None => self.settled(behind, again),
                };
                (0..*min).fold(rest, |guard, _| self.first(tree, backwards, guard))
            }
            Tree::Capture(_, tree) => self.first(tree, backwards, behind),
            Tree::Start | Tree::End | Tree::Look { .. } => behind,
        }
    }

    /// Applies `step`, which only adds to a guard, until nothing is added.
    fn settled(&mut self, mut guard: Guard, step: impl Fn(&mut Self, Guard) -> Guard) -> Guard {
        loop {
            let next = step(self, guard);
            if next == guard {
                return guard;
            }
            guard = next;
        }
    }

    fn check(&mut self, atoms: &[Atom]) -> u32 {
        self.checks.add(atoms, self.vocabulary)
    }
}

/// The atoms of a pattern that reads one unit, whichever of them matches it; `None` for other patterns.
fn single(tree: &Tree) -> Option<Cow<'_, [Atom]>> {
    match tree {
        Tree::Atom(atom) => Some(Cow::Borrowed(std::slice::from_ref(atom))),
        Tree::Alternatives(all) if all.iter().all(|tree| matches!(tree, Tree::Atom(_) | Tree::Alternatives(_))) => {
            Some(Cow::Owned(all.iter().map(single).collect::<Option<Vec<_>>>()?.concat()))
        }
        _ => None,
    }
}

/// The address of what a compound part holds, and how often it is repeated; `None` for single elements.
fn part(tree: &Tree) -> Option<(usize, Option<Repetition>)> {
    match tree {
        Tree::Sequence(all) | Tree::Alternatives(all) => Some((Rc::as_ptr(all).cast::<Tree>() as usize, None)),
        Tree::Repeat { tree, min, max, greedy } => {
            let (min, max) = (u16::try_from(*min).ok()?, max.map_or(Ok(u16::MAX), u16::try_from).ok()?);
            Some((Rc::as_ptr(tree) as usize, Some((min, max, *greedy))))
        }
        _ => None,
    }
}
