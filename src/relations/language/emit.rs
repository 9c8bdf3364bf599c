//! Trees to programs, cut at the anchor.

use super::expand::{Tree, wanted_kinds};
use super::guard::{Branches, Guards};
use super::{Atom, Checks, ClassId, Gate, Instruction, Kinds, Program, Test, Vocabulary, Wanted, WordId};

/// The element that a program starts from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Anchor {
    Form(WordId),
    Lemma(WordId),
    Class(ClassId),
    Kinds(Kinds),
    Upos(u32),
}

/// A piece of the top level of a pattern.
#[derive(Clone, Debug)]
pub(super) enum Item {
    Tree(Tree),
    Open(u8),
    Close(u8),
}

/// More variants of a pattern than this are not made.
const MOST_VARIANTS: usize = 24;

/// The pattern as sequences without alternatives of its own at the top level, where that gives each
/// of them a rarer anchor.
pub(super) fn variants(tree: &Tree, vocabulary: &Vocabulary) -> Vec<Vec<Item>> {
    let mut items = Vec::new();
    flatten(tree, &mut items);
    split(items, MOST_VARIANTS, vocabulary)
}

fn flatten(tree: &Tree, out: &mut Vec<Item>) {
    match tree {
        Tree::Sequence(all) => all.iter().for_each(|tree| flatten(tree, out)),
        Tree::Capture(name, tree) => {
            out.push(Item::Open(*name));
            flatten(tree, out);
            out.push(Item::Close(*name));
        }
        Tree::Repeat { tree, min, max, greedy } if *min > 0 => {
            flatten(tree, out);
            let max = max.map(|max| max - 1);
            if max != Some(0) {
                out.push(Item::Tree(Tree::Repeat { tree: tree.clone(), min: min - 1, max, greedy: *greedy }));
            }
        }
        other => out.push(Item::Tree(other.clone())),
    }
}

fn split(items: Vec<Item>, most: usize, vocabulary: &Vocabulary) -> Vec<Vec<Item>> {
    let plain = items.iter().filter_map(|item| item_cost(item, vocabulary)).min();
    let alternative = items
        .iter()
        .enumerate()
        .filter_map(|(at, item)| match item {
            Item::Tree(Tree::Alternatives(all)) if all.len() <= most => {
                let costs = all.iter().map(|tree| tree_cost(tree, vocabulary)).collect::<Option<Vec<u32>>>()?;
                Some((costs.iter().sum::<u32>(), at))
            }
            _ => None,
        })
        .min();
    let Some((cost, at)) = alternative.filter(|(cost, _)| plain.is_none_or(|plain| *cost * 2 < plain)) else {
        return vec![items];
    };
    debug_assert!(cost > 0, "every anchor costs something");
    let Item::Tree(Tree::Alternatives(all)) = &items[at] else { return vec![items] };
    let most = most / all.len();
    all.iter()
        .flat_map(|branch| {
            let mut variant = items[..at].to_vec();
            flatten(branch, &mut variant);
            variant.extend_from_slice(&items[at + 1..]);
            split(variant, most, vocabulary)
        })
        .collect()
}

fn item_cost(item: &Item, vocabulary: &Vocabulary) -> Option<u32> {
    match item {
        Item::Tree(Tree::Atom(atom)) => anchor(atom, vocabulary).map(|(cost, _)| cost),
        _ => None,
    }
}

fn tree_cost(tree: &Tree, vocabulary: &Vocabulary) -> Option<u32> {
    match tree {
        Tree::Atom(atom) => anchor(atom, vocabulary).map(|(cost, _)| cost),
        Tree::Sequence(all) => all.iter().filter_map(|tree| tree_cost(tree, vocabulary)).min(),
        Tree::Capture(_, tree) => tree_cost(tree, vocabulary),
        Tree::Repeat { tree, min, .. } if *min > 0 => tree_cost(tree, vocabulary),
        Tree::Alternatives(all) => {
            Some(all.iter().map(|tree| tree_cost(tree, vocabulary)).collect::<Option<Vec<_>>>()?.iter().sum())
        }
        _ => None,
    }
}

/// What an anchor at this atom costs (about its share of the units), and the anchor.
pub(super) fn anchor(atom: &Atom, vocabulary: &Vocabulary) -> Option<(u32, Anchor)> {
    let frequent = |word: WordId| if vocabulary.is_frequent(word) { 150 } else { 2 };
    let kinds_cost = |kinds: Kinds| {
        let costs = [70, 110, 70, 20, 20, 20, 20, 60, 10, 10, 10, 30, 150, 150, 150, 0];
        costs.iter().enumerate().filter(|(bit, _)| kinds.0 >> bit & 1 == 1).map(|(_, cost)| *cost).sum::<u32>()
    };
    atom.tests
        .iter()
        .filter(|(holds, _)| *holds)
        .filter_map(|(_, test)| match test {
            Test::Form(word) => Some((frequent(*word), Anchor::Form(*word))),
            Test::Lemma(word) => Some((frequent(*word) + 1, Anchor::Lemma(*word))),
            Test::Class(class) => {
                let members = vocabulary.members.get(class.0 as usize);
                let words = members.into_iter().flat_map(|m| m.forms.iter().chain(&m.lemmas));
                let sum = words.map(|word| frequent(*word)).filter(|cost| *cost > 2).sum::<u32>();
                Some((4 + sum, Anchor::Class(*class)))
            }
            Test::Kinds(kinds) => Some((kinds_cost(*kinds), Anchor::Kinds(*kinds))),
            Test::Upos(bits) => Some((400 * bits.count_ones(), Anchor::Upos(*bits))),
            _ => None,
        })
        .min_by_key(|(cost, _)| *cost)
}

/// A program with what is tested before it is run, and where it starts.
pub(super) struct Emitted {
    pub(super) program: Program,
    pub(super) gate: Gate,
    pub(super) anchors: Vec<Anchor>,
}

/// What programs share.
pub(super) struct Emitter<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) checks: &'a mut Checks,
    pub(super) branches: &'a mut Branches,
    pub(super) wanted: &'a mut Wanted,
}

impl Emitter<'_> {
    /// The program of one variant; `None` where all elements are optional.
    pub(super) fn emit(&mut self, rule: u32, items: &[Item]) -> Option<Emitted> {
        let best = |item: &Item| match item {
            Item::Tree(Tree::Atom(atom)) => anchor(atom, self.vocabulary),
            _ => None,
        };
        let (_, at, anchor) = items
            .iter()
            .enumerate()
            .filter_map(|(at, item)| best(item).map(|(cost, a)| (cost, at, a)))
            .min_by_key(|c| c.0)?;
        let mut program = Program { rule, ..Program::default() };
        let (before, behind) = items.split_at(at);
        program.backwards_first = !before.is_empty() && size(before) < size(behind);
        let sides = [program.backwards_first, !program.backwards_first];
        // Where the two sides begin: behind the anchor, which is read first of its side, and before it.
        let (mut behind_from, mut before_from) = (0, 0);
        let mut writer = Writer { shared: self, program: &mut program, reads_boundary: false };
        for (number, backwards) in sides.into_iter().enumerate() {
            if backwards {
                before_from = writer.program.code.len();
                before.iter().rev().for_each(|item| writer.item(item, true));
            } else {
                behind_from = writer.program.code.len() + 1;
                behind.iter().for_each(|item| writer.item(item, false));
            }
            writer.program.code.push(if number == 0 { Instruction::Turn } else { Instruction::Match });
        }
        let reads_boundary = writer.reads_boundary;
        let guards = writer.finish();
        let rest = behind.get(1..).unwrap_or_default();
        let mut gate = if reads_boundary {
            Gate::new(&program, &[], &[])
        } else {
            let mut gate = Gate::new(&program, &needs(before), &needs(rest));
            gate.want(&self.wanted.add(before, self.vocabulary), &self.wanted.add(rest, self.vocabulary));
            gate
        };
        (gate.before, gate.behind) = (guards.at(before_from), guards.at(behind_from));
        Some(Emitted { program, gate, anchors: vec![anchor] })
    }

    /// The program that reads the whole pattern forwards from where it is started.
    pub(super) fn forward(&mut self, rule: u32, tree: &Tree) -> Program {
        let mut items = Vec::new();
        flatten(tree, &mut items);
        let mut program = Program { rule, needs: needs(&items), ..Program::default() };
        let mut writer = Writer { shared: self, program: &mut program, reads_boundary: false };
        items.iter().for_each(|item| writer.item(item, false));
        writer.program.code.extend([Instruction::Turn, Instruction::Match]);
        writer.finish();
        program
    }
}

/// The kinds that a sequence asks for.
fn needs(items: &[Item]) -> Vec<Kinds> {
    let wanted = |item: &Item| match item {
        Item::Tree(Tree::Atom(atom)) => wanted_kinds(atom),
        _ => None,
    };
    items.iter().filter_map(wanted).collect()
}

/// How many instructions a part of a pattern comes to.
fn size(items: &[Item]) -> usize {
    let one = |item: &Item| match item {
        Item::Tree(tree) => tree_size(tree),
        Item::Open(_) | Item::Close(_) => 1,
    };
    items.iter().map(one).sum()
}

fn tree_size(tree: &Tree) -> usize {
    let sum = |all: &[Tree]| all.iter().map(tree_size).sum::<usize>();
    match tree {
        Tree::Atom(_) | Tree::Start | Tree::End | Tree::Look { .. } => 1,
        Tree::Sequence(all) => sum(all),
        Tree::Alternatives(all) => sum(all) + 2 * all.len().saturating_sub(1),
        Tree::Capture(_, tree) => tree_size(tree) + 2,
        Tree::Repeat { tree, min, max, .. } => {
            let (one, min) = (tree_size(tree), *min as usize);
            min * one + max.map_or(one + 2, |max| (max as usize).saturating_sub(min) * (one + 1))
        }
    }
}

/// Writes the code of a program.
struct Writer<'w, 'a> {
    shared: &'w mut Emitter<'a>,
    program: &'w mut Program,
    /// Whether some atom is about boundaries, so that the pattern may cross sentences.
    reads_boundary: bool,
}

impl Writer<'_, '_> {
    /// Adds what is derived from the code.
    fn finish(self) -> Guards {
        Guards::new(&mut self.program.code, self.shared.checks, self.shared.branches)
    }

    fn push(&mut self, instruction: Instruction) {
        self.program.code.push(instruction);
    }

    fn checks(&mut self, atoms: &[Atom]) -> u32 {
        self.reads_boundary |= atoms.iter().any(Atom::wants_boundary);
        self.shared.checks.add(atoms, self.shared.vocabulary)
    }

    fn item(&mut self, item: &Item, backwards: bool) {
        match item {
            Item::Tree(tree) => self.tree(tree, backwards),
            Item::Open(name) => self.push(Instruction::Open(*name)),
            Item::Close(name) => self.push(Instruction::Close(*name)),
        }
    }

    fn tree(&mut self, tree: &Tree, backwards: bool) {
        match tree {
            Tree::Atom(atom) => {
                let at = self.checks(std::slice::from_ref(atom));
                self.push(Instruction::Read(at));
            }
            Tree::Sequence(all) if backwards => all.iter().rev().for_each(|tree| self.tree(tree, true)),
            Tree::Sequence(all) => all.iter().for_each(|tree| self.tree(tree, false)),
            Tree::Alternatives(all) => self.alternatives(all, backwards),
            Tree::Repeat { tree, min, max, greedy } => self.repeat(tree, *min, *max, *greedy, backwards),
            Tree::Capture(name, tree) => {
                let (open, close) = (Instruction::Open(*name), Instruction::Close(*name));
                let (first, last) = if backwards { (close, open) } else { (open, close) };
                self.push(first);
                self.tree(tree, backwards);
                self.push(last);
            }
            Tree::Start => self.push(Instruction::AtStart),
            Tree::End => self.push(Instruction::AtEnd),
            Tree::Look { ahead, negative, atoms } => {
                let (first, count) = (self.checks(atoms), atoms.len() as u32);
                self.push(Instruction::Look { ahead: *ahead, negative: *negative, first, count });
            }
        }
    }

    fn alternatives(&mut self, all: &[Tree], backwards: bool) {
        let mut jumps = Vec::new();
        for (number, tree) in all.iter().enumerate() {
            if number + 1 == all.len() {
                self.tree(tree, backwards);
                break;
            }
            let split = self.hole();
            self.tree(tree, backwards);
            jumps.push(self.hole());
            self.split(split, false);
        }
        let end = self.program.code.len() as u32;
        jumps.into_iter().for_each(|jump| self.program.code[jump] = Instruction::Jump(end));
    }

    fn repeat(&mut self, tree: &Tree, min: u32, max: Option<u32>, greedy: bool, backwards: bool) {
        (0..min).for_each(|_| self.tree(tree, backwards));
        match max {
            None => {
                let split = self.hole();
                self.tree(tree, backwards);
                self.push(Instruction::Jump(split as u32));
                self.split(split, !greedy);
            }
            Some(max) => {
                let mut splits = Vec::new();
                for _ in min..max {
                    splits.push(self.hole());
                    self.tree(tree, backwards);
                }
                splits.into_iter().for_each(|split| self.split(split, !greedy));
            }
        }
    }

    /// Makes the instruction at `at` a split between the next one and what will be written next.
    fn split(&mut self, at: usize, other_first: bool) {
        let (other, number) = (self.program.code.len() as u32, self.program.splits);
        self.program.splits += 1;
        self.program.code[at] = Instruction::Split { other, other_first, number, guards: [0; 2] };
    }

    /// A place for an instruction that is not known yet.
    fn hole(&mut self) -> usize {
        self.push(Instruction::Match);
        self.program.code.len() - 1
    }
}
