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
pub(super) struct Edge {
    /// In thousandths, to sort exactly.
    pub(super) score: u32,
    pub(super) ends: (usize, usize),
    pub(super) reason: String,
}

/// Parts `block` (sorted, each once) into identities: edges joined from the surest on, but never what conflicts; then
/// signatures that say little are attached where only one identity fits. `crowded` tells which signatures have a name
/// whose other bearers may lie in other blocks.
pub fn cluster(block: &[Signature], crowded: &[bool], decisions: &[Decision]) -> Vec<Assignment> {
    let mut groups = Groups::new(block, decisions);
    for edge in evidence::edges(block, decisions) {
        groups.join(edge);
    }
    for edge in attachment::attachments(block, crowded, &groups) {
        groups.join(edge);
    }
    for edge in attachment::leftovers(block, crowded, &groups) {
        groups.join(edge);
    }
    groups.assignments()
}

/// Union-find with what must not come together.
pub(super) struct Groups {
    parent: Vec<usize>,
    /// By root: identifiers of which a thing has one only, by scheme.
    unique: Vec<BTreeMap<String, String>>,
    /// By root: the sides of decisions against a join (decision, left or right).
    sides: Vec<BTreeSet<(usize, bool)>>,
    /// Score and reason by which a signature was joined.
    why: Vec<(f64, String)>,
}

impl Groups {
    fn new(block: &[Signature], decisions: &[Decision]) -> Self {
        let unique = block
            .iter()
            .map(|signature| {
                let mut own = BTreeMap::new();
                for id in &signature.identifiers {
                    if let Some((scheme, value)) = id.split_once(':')
                        && matches!(scheme, "auth" | "siren" | "lei")
                    {
                        own.insert(scheme.to_owned(), value.to_owned());
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
        Self { parent: (0..block.len()).collect(), unique, sides, why: vec![(1.0, String::new()); block.len()] }
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

    fn join(&mut self, edge: Edge) {
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
        self.why[high] = (f64::from(edge.score) / 1000.0, edge.reason);
    }

    fn assignments(&self) -> Vec<Assignment> {
        let mut numbers = BTreeMap::new();
        (0..self.parent.len())
            .map(|at| {
                let next = numbers.len();
                let identity = *numbers.entry(self.root(at)).or_insert(next);
                let (score, reason) = self.why[at].clone();
                Assignment { identity, score: score.min(1.0), reason }
            })
            .collect()
    }
}
