//! Trees to programs, cut at the anchor.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::code::{MATCH, TURN, Writer};
use super::expand::{Tree, wanted_kinds};
use super::wanted::Sets;
use super::{Atom, ClassId, Gate, Instruction, Kinds, Program, Test, Vocabulary, Wanted, WordId};

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
    /// What must stand right before and right behind the anchor.
    pub(super) beside: [u16; 2],
    pub(super) anchors: Vec<Anchor>,
}

/// What programs share.
pub(super) struct Emitter<'a> {
    pub(super) writer: Writer<'a>,
    pub(super) wanted: &'a mut Wanted,
    pub(super) known: &'a mut Known,
}

impl Emitter<'_> {
    /// The program of one variant; `None` where all elements are optional.
    pub(super) fn emit(&mut self, rule: u32, items: &[Item]) -> Option<Emitted> {
        let vocabulary = self.writer.vocabulary;
        let best = |item: &Item| match item {
            Item::Tree(Tree::Atom(atom)) => anchor(atom, vocabulary),
            _ => None,
        };
        let (_, at, anchor) = items
            .iter()
            .enumerate()
            .filter_map(|(at, item)| best(item).map(|(cost, a)| (cost, at, a)))
            .min_by_key(|c| c.0)?;
        let (before, behind) = items.split_at(at);
        let (extent_before, extent_behind) = (self.known.all(before), self.known.all(behind));
        let backwards_first = !before.is_empty() && extent_before.size < extent_behind.size;
        let (end_behind, end_before) = if backwards_first { (MATCH, TURN) } else { (TURN, MATCH) };
        // Invariant: the anchor is a member of `items`, the first of those behind.
        let (own, rest) = behind.split_at(1);
        let from_rest = rest.iter().rev().fold(end_behind, |next, item| self.item(item, false, next));
        let from_anchor = own.iter().fold(from_rest, |next, item| self.item(item, false, next));
        let from_before = before.iter().fold(end_before, |next, item| self.item(item, true, next));
        let (entry, second) = if backwards_first { (from_before, from_anchor) } else { (from_anchor, from_before) };
        let program = Program { rule, entry, second, backwards_first, ..Program::default() };
        let (before, rest) = self.within_sentence(before, own, rest);
        let mut gate = Gate::new(&program, &self.known.needs(before), &self.known.needs(rest));
        let sets = &mut self.known.sets;
        gate.want(&self.wanted.add(before, sets, vocabulary), &self.wanted.add(rest, sets, vocabulary));
        let beside = [from_before, from_rest].map(|step| self.writer.coder.guard_number(step));
        Some(Emitted { program, gate, beside, anchors: vec![anchor] })
    }

    /// The program that reads the whole pattern forwards from where it is started.
    pub(super) fn forward(&mut self, rule: u32, tree: &Tree) -> Program {
        let mut items = Vec::new();
        flatten(tree, &mut items);
        let entry = items.iter().rev().fold(TURN, |next, item| self.item(item, false, next));
        Program { rule, entry, second: MATCH, needs: self.known.needs(&items), ..Program::default() }
    }

    /// The parts of `before` and `behind` the anchor `own` that stand in its sentence: up to what may read a boundary.
    fn within_sentence<'i>(
        &mut self,
        before: &'i [Item],
        own: &[Item],
        behind: &'i [Item],
    ) -> (&'i [Item], &'i [Item]) {
        let mut reads_boundary = |item: &Item| self.known.all(std::slice::from_ref(item)).reads_boundary;
        let start = before.iter().rposition(&mut reads_boundary).map_or(0, |at| at + 1);
        // Behind an anchor that is a boundary another sentence begins.
        let end =
            if own.iter().any(&mut reads_boundary) { Some(0) } else { behind.iter().position(&mut reads_boundary) };
        // Invariant: positions lie in what they were looked for in.
        (&before[start..], &behind[..end.unwrap_or(behind.len())])
    }

    fn item(&mut self, item: &Item, backwards: bool, next: u32) -> u32 {
        match item {
            Item::Tree(tree) => self.writer.tree(tree, backwards, next),
            Item::Open(name) => self.writer.coder.pass(Instruction::Open(*name), next),
            Item::Close(name) => self.writer.coder.pass(Instruction::Close(*name), next),
        }
    }
}

/// What is known of the parts of patterns, each of which stands in many: by the address of what it holds. Parts live as long as
/// the patterns, so that no other comes to stand there.
#[derive(Debug, Default)]
pub(super) struct Known {
    extents: FxHashMap<usize, Extent>,
    kinds: FxHashMap<usize, Option<Kinds>>,
    sets: Sets,
}

/// How long a part of a pattern is.
#[derive(Clone, Copy, Debug, Default)]
struct Extent {
    /// About how many units it may read.
    size: usize,
    /// Whether it may read a boundary.
    reads_boundary: bool,
}

impl Extent {
    fn new(size: usize, reads_boundary: bool) -> Self {
        Self { size, reads_boundary }
    }

    fn and(self, other: Self) -> Self {
        Self::new(self.size + other.size, self.reads_boundary || other.reads_boundary)
    }
}

impl Known {
    fn all(&mut self, items: &[Item]) -> Extent {
        items.iter().fold(Extent::default(), |sum, item| {
            sum.and(match item {
                Item::Tree(tree) => self.tree(tree),
                Item::Open(_) | Item::Close(_) => Extent::new(1, false),
            })
        })
    }

    fn tree(&mut self, tree: &Tree) -> Extent {
        match tree {
            Tree::Atom(atom) => Extent::new(1, atom.wants_boundary()),
            Tree::Start | Tree::End | Tree::Look { .. } => Extent::new(1, false),
            Tree::Sequence(all) => self.parts(all),
            Tree::Alternatives(all) => self.parts(all).and(Extent::new(2 * all.len().saturating_sub(1), false)),
            Tree::Capture(_, tree) => self.tree(tree).and(Extent::new(2, false)),
            Tree::Repeat { tree, min, max, .. } => {
                let (Extent { size: one, reads_boundary }, min) = (self.tree(tree), *min as usize);
                let more = max.map_or(one + 2, |max| (max as usize).saturating_sub(min) * (one + 1));
                Extent::new(min * one + more, reads_boundary)
            }
        }
    }

    fn parts(&mut self, all: &Rc<[Tree]>) -> Extent {
        let address = Rc::as_ptr(all).cast::<Tree>() as usize;
        if let Some(known) = self.extents.get(&address) {
            return *known;
        }
        let extent = all.iter().fold(Extent::default(), |sum, tree| sum.and(self.tree(tree)));
        self.extents.insert(address, extent);
        extent
    }

    /// Sets of kinds of which a sequence reads one each, the rarest first.
    fn needs(&mut self, items: &[Item]) -> Vec<Kinds> {
        let kinds = |item: &Item| match item {
            Item::Tree(tree) => self.kinds(tree),
            Item::Open(_) | Item::Close(_) => None,
        };
        let mut needs: Vec<Kinds> = items.iter().filter_map(kinds).collect();
        needs.sort_by_key(|kinds| kinds.0.count_ones());
        needs
    }

    /// The kinds of which a pattern reads one in any case; `None` where it may do without.
    fn kinds(&mut self, tree: &Tree) -> Option<Kinds> {
        match tree {
            Tree::Atom(atom) => wanted_kinds(atom).filter(|kinds| !kinds.meets(Kinds::BOUNDARIES)),
            Tree::Sequence(all) | Tree::Alternatives(all) => {
                let address = Rc::as_ptr(all).cast::<Tree>() as usize;
                if let Some(known) = self.kinds.get(&address) {
                    return *known;
                }
                let mut each = all.iter().map(|tree| self.kinds(tree));
                let kinds = if matches!(tree, Tree::Sequence(_)) {
                    each.flatten().min_by_key(|kinds| kinds.0.count_ones())
                } else {
                    each.try_fold(Kinds::NONE, |sum, kinds| Some(sum.or(kinds?)))
                };
                self.kinds.insert(address, kinds);
                kinds
            }
            Tree::Capture(_, tree) => self.kinds(tree),
            Tree::Repeat { tree, min, .. } if *min > 0 => self.kinds(tree),
            _ => None,
        }
    }
}
