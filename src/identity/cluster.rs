//! A block of signatures parted into identities: a function of the block alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::record::is_generic_acronym;
use super::{Decision, Signature, Verdict, likeness};
use crate::entities::EntityType;
use crate::entities::authority::name::acronym_key;

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

/// The most frequent surnames of France: two namesakes among them are two until something joins them.
static COMMON: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| include_str!("../../data/authorities/common-surnames.txt").lines().collect());

/// A reason to join two signatures.
struct Edge {
    /// In thousandths, to sort exactly.
    score: u32,
    ends: (usize, usize),
    reason: String,
}

/// Parts `block` (sorted, each once) into identities: edges joined from the surest on, but never what conflicts; then
/// signatures that say little are attached where only one identity fits.
pub fn cluster(block: &[Signature], decisions: &[Decision]) -> Vec<Assignment> {
    let mut groups = Groups::new(block, decisions);
    let mut edges = Vec::new();
    decided(block, decisions, &mut edges);
    identified(block, &mut edges);
    same_name(block, &mut edges);
    variants(block, &mut edges);
    edges.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.ends.cmp(&b.ends)).then_with(|| a.reason.cmp(&b.reason)));
    for edge in edges {
        groups.join(edge);
    }
    for edge in attachments(block, &groups) {
        groups.join(edge);
    }
    for edge in leftovers(block, &groups) {
        groups.join(edge);
    }
    groups.assignments()
}

/// Union-find with what must not come together.
struct Groups {
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

    fn root(&self, mut at: usize) -> usize {
        while self.parent[at] != at {
            at = self.parent[at]; // Invariant: parents are indices of the block.
        }
        at
    }

    fn conflict(&self, a: usize, b: usize) -> bool {
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

/// Edges from the first of `members` to each other one.
fn star(members: &[usize], score: u32, reason: impl Fn() -> String, edges: &mut Vec<Edge>) {
    if let Some((first, rest)) = members.split_first() {
        edges.extend(rest.iter().map(|other| Edge { score, ends: (*first, *other), reason: reason() }));
    }
}

fn decided(block: &[Signature], decisions: &[Decision], edges: &mut Vec<Edge>) {
    for decision in decisions.iter().filter(|decision| decision.verdict == Verdict::Same) {
        let members: Vec<usize> = (0..block.len())
            .filter(|&at| decision.left.matches(&block[at]) || decision.right.matches(&block[at]))
            .collect();
        star(&members, 2000, || "décision d'un analyste".to_owned(), edges);
    }
}

fn identified(block: &[Signature], edges: &mut Vec<Edge>) {
    let mut by_id: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, signature) in block.iter().enumerate() {
        for id in &signature.identifiers {
            by_id.entry(id).or_default().push(at);
        }
    }
    for (id, members) in by_id {
        star(&members, 1000, || format!("identifiant commun {id}"), edges);
    }
}

/// Signatures by kind and name.
fn by_name(block: &[Signature]) -> BTreeMap<(EntityType, &[String]), Vec<usize>> {
    let mut names: BTreeMap<(EntityType, &[String]), Vec<usize>> = BTreeMap::new();
    for (at, signature) in block.iter().enumerate() {
        names.entry((signature.kind, &signature.words)).or_default().push(at);
    }
    names
}

fn same_name(block: &[Signature], edges: &mut Vec<Edge>) {
    for members in by_name(block).into_values() {
        let mut by_context: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for &at in &members {
            for element in &block[at].context {
                by_context.entry(element).or_default().push(at);
            }
        }
        for (element, sharing) in by_context {
            star(&sharing, 920, || format!("même nom, même rattachement : {}", shown(element)), edges);
        }
        let Some(first) = members.first().map(|at| &block[*at]) else { continue };
        let expansions = || {
            block.iter().filter(|full| stands_for(full, first)).map(|full| &full.words).collect::<BTreeSet<_>>().len()
        };
        let long_acronym = first.is_acronym() && acronym_key(&first.label).len() > 3 && expansions() < 2;
        if first.is_ambiguous() && !long_acronym {
            continue;
        }
        // A name that several known things bear tells none of them.
        let identifiers: BTreeSet<&str> =
            members.iter().flat_map(|at| &block[*at].identifiers).map(String::as_str).collect();
        let rivals = |scheme: &str| identifiers.iter().filter(|id| id.starts_with(scheme)).count() > 1;
        let (plain, identified): (Vec<usize>, Vec<usize>) =
            members.iter().partition(|at| block[**at].identifiers.is_empty());
        if rivals("auth:") || rivals("siren:") || (first.kind == EntityType::Place && !identified.is_empty()) {
            star(&plain, 900, || "même nom".to_owned(), edges);
        } else {
            star(&members, 900, || "même nom".to_owned(), edges);
        }
    }
}

/// Alike names: slips and initials need something in common, acronyms what they stand for.
fn variants(block: &[Signature], edges: &mut Vec<Edge>) {
    let names: Vec<Vec<usize>> = by_name(block).into_values().collect();
    for (rank, left) in names.iter().enumerate() {
        for right in &names[rank + 1..] {
            let (Some(&a), Some(&b)) = (left.first(), right.first()) else { continue };
            let alike = likeness(&block[a], &block[b]);
            if alike <= 0.0 {
                continue;
            }
            let ambiguous = block[a].is_ambiguous() || block[b].is_ambiguous();
            if alike >= 0.9 && !ambiguous {
                edges.push(Edge {
                    score: (850.0 * alike) as u32,
                    ends: (a.min(b), a.max(b)),
                    reason: "nom presque identique".into(),
                });
            }
            for &x in left {
                if let Some(&y) = right.iter().find(|y| block[x].context.iter().any(|e| block[**y].context.contains(e)))
                {
                    edges.push(Edge {
                        score: (800.0 * alike) as u32,
                        ends: (x.min(y), x.max(y)),
                        reason: "variante du nom, même rattachement".into(),
                    });
                }
            }
        }
    }
    // A short form and what it stands for, in the same context.
    for (at, signature) in block.iter().enumerate().filter(|(_, s)| s.is_acronym() && !is_generic_acronym(&s.label)) {
        for (other, full) in block.iter().enumerate() {
            if stands_for(full, signature) && signature.context.iter().any(|element| full.context.contains(element)) {
                edges.push(Edge {
                    score: 780,
                    ends: (at.min(other), at.max(other)),
                    reason: format!("sigle de {}, même rattachement", full.label),
                });
            }
        }
    }
}

fn stands_for(full: &Signature, short: &Signature) -> bool {
    let key = acronym_key(&short.label);
    full.acronyms.iter().any(|acronym| acronym_key(acronym) == key)
}

/// Signatures without context or identifier, each attached to the identity that fits, where only one does. All look at the
/// groups as they are, not at each other.
fn attachments(block: &[Signature], groups: &Groups) -> Vec<Edge> {
    let mut edges = Vec::new();
    let bare = |signature: &Signature| signature.context.is_empty() && signature.identifiers.is_empty();
    // Candidates by name: roots whose group holds evidence.
    let mut evident: BTreeSet<usize> = BTreeSet::new();
    for (at, signature) in block.iter().enumerate() {
        if !bare(signature) || (signature.kind == EntityType::Organization && !signature.is_ambiguous()) {
            evident.insert(groups.root(at));
        }
    }
    let mut by_words: BTreeMap<(EntityType, &[String]), BTreeSet<usize>> = BTreeMap::new();
    let mut by_acronym: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    let mut by_initials: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    let mut elements: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    let mut seats: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for (at, signature) in block.iter().enumerate() {
        let root = groups.root(at);
        if evident.contains(&root) {
            by_words.entry((signature.kind, &signature.words)).or_default().insert(root);
            elements.entry(root).or_default().extend(signature.context.iter().map(String::as_str));
        }
        for acronym in &signature.acronyms {
            by_acronym.entry(acronym_key(acronym)).or_default().insert(root);
        }
        if let Some(initials) = signature.initials() {
            by_initials.entry(initials).or_default().insert(root);
        }
        seats
            .entry(root)
            .or_default()
            .extend(signature.context.iter().filter(|e| e.starts_with("l:")).map(String::as_str));
    }
    for (at, signature) in block.iter().enumerate() {
        let own = groups.root(at);
        let acronym = signature.is_acronym();
        if !(acronym || bare(signature) && signature.is_ambiguous()) {
            continue;
        }
        let named = by_words.get(&(signature.kind, signature.words.as_slice()));
        let key = acronym_key(&signature.label);
        // What releases say that the acronym stands for, else what has its initials.
        let meant = acronym.then(|| by_acronym.get(&key).or_else(|| by_initials.get(&key))).flatten();
        let elsewhere = |root: &usize| {
            let (here, there) = (seats.get(&own), seats.get(root));
            here.zip(there)
                .is_some_and(|(here, there)| !here.is_empty() && !there.is_empty() && here.is_disjoint(there))
        };
        let candidates: BTreeSet<usize> = named
            .into_iter()
            .chain(meant)
            .flatten()
            .copied()
            .filter(|root| *root != own && !groups.conflict(own, *root) && !elsewhere(root))
            .collect();
        let spelled_out =
            || block.iter().enumerate().any(|(other, full)| groups.root(other) == own && stands_for(full, signature));
        if evident.contains(&own) && !acronym
            || acronym && (spelled_out() || (!signature.context.is_empty() && key.len() < 4))
        {
            continue;
        }
        let near: Vec<usize> = candidates
            .iter()
            .copied()
            .filter(|root| {
                elements
                    .get(root)
                    .is_some_and(|e| signature.surroundings.iter().any(|s| e.contains(s.trim_start_matches("i/"))))
            })
            .collect();
        let (target, score, reason) = match (near[..].first(), candidates.first()) {
            (Some(&only), _) if near.len() == 1 => (only, 750, "même nom, communiqué de la même organisation"),
            (None, Some(&only)) if candidates.len() == 1 && meant.is_some_and(|m| m.contains(&only)) => {
                (only, 700, "seul développé connu du sigle")
            }
            (None, Some(&only))
                if candidates.len() == 1 && signature.kind == EntityType::Person && !is_common(signature) =>
            {
                (only, 650, "nom rare, seule personne connue de ce nom")
            }
            _ => continue,
        };
        edges.push(Edge { score, ends: (target.min(at), target.max(at)), reason: reason.to_owned() });
    }
    edges
}

/// What is left bare: the same name in releases of one publisher, and rare names.
fn leftovers(block: &[Signature], groups: &Groups) -> Vec<Edge> {
    let mut size: BTreeMap<usize, usize> = BTreeMap::new();
    for at in 0..block.len() {
        *size.entry(groups.root(at)).or_default() += 1;
    }
    let mut edges = Vec::new();
    for members in by_name(block).into_values() {
        let bare: Vec<usize> = members
            .iter()
            .copied()
            .filter(|&at| {
                let signature = &block[at];
                signature.context.is_empty()
                    && signature.identifiers.is_empty()
                    && size.get(&groups.root(at)) == Some(&1)
            })
            .collect();
        let mut by_issuer: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for &at in &bare {
            for element in block[at].surroundings.iter().filter(|element| element.starts_with("i/")) {
                by_issuer.entry(element).or_default().push(at);
            }
        }
        for (element, sharing) in by_issuer {
            star(&sharing, 600, || format!("même nom, communiqués de {}", shown(element)), &mut edges);
        }
        let rare = bare.first().is_some_and(|at| {
            let signature = &block[*at];
            signature.kind == EntityType::Person && !is_common(signature)
        });
        if rare && bare.len() == members.len() {
            star(&bare, 550, || "nom rare".to_owned(), &mut edges);
        }
    }
    edges
}

fn is_common(signature: &Signature) -> bool {
    signature.words.len() < 2 || signature.words.last().is_some_and(|surname| COMMON.contains(surname.as_str()))
}

/// An element of a context for people.
fn shown(element: &str) -> &str {
    element.split_once(':').map_or(element, |(_, words)| words)
}
