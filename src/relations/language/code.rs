//! The steps of all programs in one table. A step names the one that follows it, and equal steps stand there once, so that
//! patterns which go on alike share what follows: made from the end, as minimal automata are (Daciuk et al. 2000,
//! "Incremental construction of minimal acyclic finite-state automata").

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::expand::Tree;
use super::guard::{Branches, Guard};
use super::{AnyOf, Atom, Checks, Instruction, Step, Stretch, Vocabulary};

/// The step that ends the side read first.
pub(super) const TURN: u32 = 0;

/// The step that ends a program.
pub(super) const MATCH: u32 = 1;

/// An endless repetition of one unit reads so many at the most.
const LONGEST_STRETCH: u16 = 1000;

/// Writes steps, each behind what it leads to.
#[derive(Debug)]
pub(super) struct Coder {
    steps: Vec<Step>,
    numbers: FxHashMap<Step, u32>,
    /// What each step and what follows it want of the next unit.
    guards: Vec<Guard>,
    branches: Branches,
    /// Where the parts of patterns were written that come again with the same continuation. The parts are kept, so that no
    /// other comes to stand at their address.
    written: FxHashMap<Part, (Tree, u32)>,
}

/// A part of a pattern, by its address, with how often it is repeated, its direction and the step that follows it.
type Part = (usize, Option<Repetition>, bool, u32);
type Repetition = (u32, Option<u32>, bool);

impl Default for Coder {
    fn default() -> Self {
        let end = |instruction| Step { instruction, next: MATCH };
        Self {
            steps: vec![end(Instruction::Turn), end(Instruction::Match)],
            numbers: FxHashMap::default(),
            guards: vec![Guard::ALL; 2],
            branches: Branches::default(),
            written: FxHashMap::default(),
        }
    }
}

impl Coder {
    /// The steps, and what branches want.
    pub(super) fn finish(self) -> (Vec<Step>, Branches) {
        (self.steps, self.branches)
    }

    /// What a step and what follows it want of the next unit.
    pub(super) fn guard(&self, step: u32) -> Guard {
        self.guards.get(step as usize).copied().unwrap_or(Guard::ALL)
    }

    /// A step that wants `guard` and is followed by `next`: one that stands already, or a new one.
    fn add(&mut self, instruction: Instruction, guard: Guard, next: u32) -> u32 {
        let step = Step { instruction, next };
        let new = self.steps.len() as u32;
        let number = *self.numbers.entry(step).or_insert(new);
        if number == new {
            self.steps.push(step);
            self.guards.push(guard);
        }
        number
    }

    /// The instruction that goes on at `next` or at `other`.
    fn split(&mut self, next: u32, other: u32, other_first: bool) -> Instruction {
        let guards = [next, other].map(|step| self.guard(step));
        Instruction::Split { other, other_first, guards: guards.map(|guard| self.branches.number(guard)) }
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
        let part = part(tree).map(|(address, repetition)| (address, repetition, backwards, next));
        if let Some((_, step)) = part.and_then(|part| self.coder.written.get(&part)) {
            return *step;
        }
        let step = self.write(tree, backwards, next);
        self.coder.written.extend(part.map(|part| (part, (tree.clone(), step))));
        step
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
                let checks = self.checks(atoms);
                self.coder.pass(Instruction::Look { ahead: *ahead, negative: *negative, checks }, next)
            }
        }
    }

    /// A step that reads a unit that one of `atoms` matches.
    fn read(&mut self, atoms: &[Atom], next: u32) -> u32 {
        let checks = self.checks(atoms);
        let guard = self.checks.guard(checks);
        self.coder.add(Instruction::Read(checks), guard, next)
    }

    /// A step that reads up to `most` units that one of `atoms` matches.
    fn stretch(&mut self, atoms: &[Atom], most: Option<u32>, greedy: bool, next: u32) -> u32 {
        let most = most.map_or(LONGEST_STRETCH, |most| u16::try_from(most).unwrap_or(LONGEST_STRETCH));
        if most == 0 {
            return next;
        }
        let checks = self.checks(atoms);
        let behind = self.coder.guard(next);
        let guard = self.coder.branches.number(behind);
        let own = self.checks.guard(checks);
        self.coder.add(Instruction::Stretch(Stretch { checks, most, greedy, guard }), own.or(behind), next)
    }

    /// A loop: its first step stands before what it leads to, and is never one with another's.
    fn endless(&mut self, tree: &Tree, backwards: bool, other_first: bool, next: u32) -> u32 {
        let behind = self.coder.guard(next);
        let guard = self.settled(behind, |this, guard| this.first(tree, backwards, guard).or(behind));
        let start = self.coder.steps.len() as u32;
        self.coder.steps.push(Step { instruction: Instruction::Match, next });
        self.coder.guards.push(guard);
        let body = self.tree(tree, backwards, start);
        let instruction = self.coder.split(body, next, other_first);
        // Invariant: the step was pushed above, and steps only become more.
        self.coder.steps[start as usize] = Step { instruction, next: body };
        start
    }

    /// What a pattern wants of the next unit, where what follows it wants `behind`.
    fn first(&mut self, tree: &Tree, backwards: bool, behind: Guard) -> Guard {
        match tree {
            Tree::Atom(atom) => {
                let checks = self.checks(std::slice::from_ref(atom));
                self.checks.guard(checks)
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

    fn checks(&mut self, atoms: &[Atom]) -> AnyOf {
        self.checks.add(atoms, self.vocabulary)
    }
}

/// The atoms of a pattern that reads one unit, whichever of them matches it; `None` for other patterns.
fn single(tree: &Tree) -> Option<Vec<Atom>> {
    match tree {
        Tree::Atom(atom) => Some(vec![atom.clone()]),
        Tree::Alternatives(all) if all.iter().all(|tree| matches!(tree, Tree::Atom(_) | Tree::Alternatives(_))) => {
            Some(all.iter().map(single).collect::<Option<Vec<_>>>()?.concat())
        }
        _ => None,
    }
}

/// The address of what a compound part holds, and how often it is repeated.
fn part(tree: &Tree) -> Option<(usize, Option<Repetition>)> {
    match tree {
        Tree::Sequence(all) | Tree::Alternatives(all) => Some((Rc::as_ptr(all).cast::<Tree>() as usize, None)),
        Tree::Repeat { tree, min, max, greedy } => Some((Rc::as_ptr(tree) as usize, Some((*min, *max, *greedy)))),
        _ => None,
    }
}
