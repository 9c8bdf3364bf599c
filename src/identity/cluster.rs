//! A block of signatures parted into identities: a function of the block alone.

use std::collections::{BTreeMap, BTreeSet};

use super::{Decision, Signature, Verdict, attachment, evidence};

/// Where a signature belongs, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// Number of its identity within the block, by first signature.
    pub identity: usize,
    /// From 0 to 1: how sure the join is; 1 for the first of an identity.
    pub score: f64,
    /// What decided, for people.
    pub reason: String,
}

/// A reason to join two signatures.
pub(super) struct Edge<'b> {
    /// In thousandths, to sort exactly.
    pub(super) score: u32,
    pub(super) ends: (usize, usize),
    pub(super) reason: Reason<'b>,
}

/// Why two signatures are one thing. Written out for those that decide, which are few.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason<'b> {
    /// A sentence for people.
    Said(&'static str),
    /// An identifier in common.
    Identifier(&'b str),
    /// One name, and something in common that they belong to, as [`shown`].
    Tie(&'b str),
    /// An acronym of the name.
    Acronym(&'b str),
    /// One name, in releases of one publisher.
    Issuer(&'b str),
}

impl Reason<'_> {
    /// The reason as a sentence.
    fn text(self) -> String {
        match self {
            Self::Said(text) => text.to_owned(),
            Self::Identifier(id) => ["identifiant commun ", id].concat(),
            Self::Tie(element) => ["même nom, même rattachement : ", element].concat(),
            Self::Acronym(full) => ["sigle de ", full, ", même rattachement"].concat(),
            Self::Issuer(element) => ["même nom, communiqués de ", shown(element)].concat(),
        }
    }
}

/// An element of a context for people.
pub(super) fn shown(element: &str) -> &str {
    element.split_once(':').map_or(element, |(_, words)| words)
}

/// Parts `block` (sorted, each once) into identities: edges joined from the surest on, but never what conflicts; then
/// signatures that say little are attached where only one identity fits. `crowded` tells which signatures have a name
/// whose other bearers may lie in other blocks.
pub fn cluster(block: &[&Signature], crowded: &[bool], decisions: &[Decision]) -> Vec<Assignment> {
    if block.len() == 1 {
        return vec![Assignment { identity: 0, score: 1.0, reason: String::new() }];
    }
    let names = evidence::by_name(block);
    let mut groups = Groups::new(block, decisions);
    for edge in evidence::edges(block, &names, decisions) {
        groups.join(edge);
    }
    for edge in attachment::attachments(block, &names, crowded, &groups) {
        groups.join(edge);
    }
    for edge in attachment::leftovers(block, &names, crowded, &groups) {
        groups.join(edge);
    }
    groups.assignments()
}

/// Union-find with what must not come together.
pub(super) struct Groups<'b> {
    parent: Vec<usize>,
    /// By root: identifiers of which a thing has one only, by scheme.
    unique: Vec<BTreeMap<&'b str, &'b str>>,
    /// By root: the sides of decisions against a join (decision, left or right).
    sides: Vec<BTreeSet<(usize, bool)>>,
    /// Score and reason by which a signature was joined.
    why: Vec<Option<(u32, Reason<'b>)>>,
}

impl<'b> Groups<'b> {
    fn new(block: &[&'b Signature], decisions: &[Decision]) -> Self {
        let unique = block
            .iter()
            .map(|signature| {
                let mut own = BTreeMap::new();
                for id in &signature.identifiers {
                    if let Some((scheme, value)) = id.split_once(':')
                        && matches!(scheme, "auth" | "siren" | "lei")
                    {
                        own.insert(scheme, value);
                    }
                }
                own
            })
            .collect();
        let sides = block
            .iter()
            .map(|signature| {
                let mut own = BTreeSet::new();
                for (number, decision) in decisions.iter().enumerate().filter(|(_, d)| d.verdict == Verdict::Different)
                {
                    // Where both sides match (a name, and the same name in some context), the narrower one counts.
                    let (left, right) = (decision.left.matches(signature), decision.right.matches(signature));
                    match (left, right) {
                        (true, true) => {
                            own.insert((number, decision.left.context.is_empty()));
                        }
                        (true, false) => {
                            own.insert((number, false));
                        }
                        (false, true) => {
                            own.insert((number, true));
                        }
                        (false, false) => {}
                    }
                }
                own
            })
            .collect();
        Self { parent: (0..block.len()).collect(), unique, sides, why: vec![None; block.len()] }
    }

    pub(super) fn root(&self, mut at: usize) -> usize {
        while self.parent[at] != at {
            at = self.parent[at]; // Invariant: parents are indices of the block.
        }
        at
    }

    pub(super) fn conflict(&self, a: usize, b: usize) -> bool {
        let differs =
            self.unique[a].iter().any(|(scheme, value)| self.unique[b].get(scheme).is_some_and(|other| other != value));
        differs || self.sides[a].iter().any(|&(decision, side)| self.sides[b].contains(&(decision, !side)))
    }

    fn join(&mut self, edge: Edge<'b>) {
        let (a, b) = (self.root(edge.ends.0), self.root(edge.ends.1));
        if a == b || self.conflict(a, b) {
            return;
        }
        let (low, high) = (a.min(b), a.max(b));
        self.parent[high] = low;
        let unique = std::mem::take(&mut self.unique[high]);
        self.unique[low].extend(unique);
        let sides = std::mem::take(&mut self.sides[high]);
        self.sides[low].extend(sides);
        self.why[high] = Some((edge.score, edge.reason));
    }

    fn assignments(&self) -> Vec<Assignment> {
        // By root.
        let (mut numbers, mut next) = (vec![None; self.parent.len()], 0);
        (0..self.parent.len())
            .map(|at| {
                // Invariant: roots are indices of the block.
                let identity = *numbers[self.root(at)].get_or_insert_with(|| {
                    next += 1;
                    next - 1
                });
                let (score, reason) =
                    self.why[at].map_or((1000, String::new()), |(score, reason)| (score.min(1000), reason.text()));
                Assignment { identity, score: f64::from(score) / 1000.0, reason }
            })
            .collect()
    }
}
