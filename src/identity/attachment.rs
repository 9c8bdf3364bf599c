//! Signatures that say little: attached where only one identity fits.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::Signature;
use super::cluster::{Edge, Groups, Reason};
use super::evidence::star;
use crate::entities::EntityType;
use crate::entities::authority::name::acronym_key;

/// The most frequent surnames of France: two namesakes among them are two until something joins them.
static COMMON: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| include_str!("../../data/authorities/common-surnames.txt").lines().collect());

/// What the groups of a block are known by, by their roots.
#[derive(Default)]
struct Known<'b> {
    /// Groups that hold evidence.
    evident: BTreeSet<usize>,
    by_words: BTreeMap<(EntityType, &'b [String]), BTreeSet<usize>>,
    by_acronym: BTreeMap<String, BTreeSet<usize>>,
    by_initials: BTreeMap<String, BTreeSet<usize>>,
    /// What evident groups belong to.
    elements: BTreeMap<usize, BTreeSet<&'b str>>,
    seats: BTreeMap<usize, BTreeSet<&'b str>>,
    /// Acronyms that a group spells out.
    spelled: BTreeMap<usize, BTreeSet<String>>,
}

impl<'b> Known<'b> {
    fn new(block: &'b [Signature], groups: &Groups<'_>) -> Self {
        let mut known = Self::default();
        for (at, signature) in block.iter().enumerate() {
            if !is_bare(signature) || (signature.kind == EntityType::Organization && !signature.is_ambiguous()) {
                known.evident.insert(groups.root(at));
            }
        }
        for (at, signature) in block.iter().enumerate() {
            let root = groups.root(at);
            if known.evident.contains(&root) {
                known.by_words.entry((signature.kind, &signature.words)).or_default().insert(root);
                known.elements.entry(root).or_default().extend(signature.context.iter().map(String::as_str));
            }
            for acronym in &signature.acronyms {
                known.by_acronym.entry(acronym_key(acronym)).or_default().insert(root);
                known.spelled.entry(root).or_default().insert(acronym_key(acronym));
            }
            if let Some(initials) = signature.initials() {
                known.by_initials.entry(initials).or_default().insert(root);
            }
            let seats = signature.context.iter().filter(|element| element.starts_with("l:"));
            known.seats.entry(root).or_default().extend(seats.map(String::as_str));
        }
        known
    }

    /// Whether two groups have seats, and none in common.
    fn elsewhere(&self, one: usize, other: usize) -> bool {
        let (here, there) = (self.seats.get(&one), self.seats.get(&other));
        here.zip(there).is_some_and(|(here, there)| !here.is_empty() && !there.is_empty() && here.is_disjoint(there))
    }

    /// Whether something that surrounds the signature is what the group belongs to.
    fn is_near(&self, root: usize, signature: &Signature, in_crowd: bool) -> bool {
        let Some(elements) = self.elements.get(&root) else { return false };
        if in_crowd {
            return signature.issuers().any(|issuer| elements.contains(issuer));
        }
        signature.surroundings.iter().any(|element| elements.contains(element.trim_start_matches("i/")))
    }
}

fn is_bare(signature: &Signature) -> bool {
    signature.context.is_empty() && signature.identifiers.is_empty()
}

/// Signatures without context or identifier, each attached to the identity that fits, where only one does. All look at the
/// groups as they are, not at each other.
pub(super) fn attachments<'b>(block: &'b [Signature], crowded: &[bool], groups: &Groups<'b>) -> Vec<Edge<'b>> {
    if !block.iter().any(|signature| signature.is_acronym() || is_bare(signature) && signature.is_ambiguous()) {
        return Vec::new();
    }
    let known = Known::new(block, groups);
    let attached = |at: usize| attach(block, at, crowded[at], groups, &known); // Invariant: one flag a signature.
    (0..block.len()).filter_map(attached).collect()
}

/// The edge from a signature that says little to the only identity that fits.
fn attach<'b>(
    block: &'b [Signature],
    at: usize,
    in_crowd: bool,
    groups: &Groups<'b>,
    known: &Known<'_>,
) -> Option<Edge<'b>> {
    let signature = block.get(at)?;
    let (own, acronym) = (groups.root(at), signature.is_acronym());
    if !(acronym || is_bare(signature) && signature.is_ambiguous()) {
        return None;
    }
    let key = acronym_key(&signature.label);
    let spelled_out = || known.spelled.get(&own).is_some_and(|keys| keys.contains(&key));
    if known.evident.contains(&own) && !acronym
        || acronym && (spelled_out() || (!signature.context.is_empty() && key.len() < 4))
    {
        return None;
    }
    let named = known.by_words.get(&(signature.kind, signature.words.as_slice()));
    // What releases say that the acronym stands for, else what has its initials.
    let meant = acronym.then(|| known.by_acronym.get(&key).or_else(|| known.by_initials.get(&key))).flatten();
    let candidates: BTreeSet<usize> = named
        .into_iter()
        .chain(meant)
        .flatten()
        .copied()
        .filter(|root| *root != own && !groups.conflict(own, *root) && !known.elsewhere(own, *root))
        .collect();
    let near: Vec<usize> =
        candidates.iter().copied().filter(|root| known.is_near(*root, signature, in_crowd)).collect();
    let (target, score, reason) = match (near[..].first(), candidates.first()) {
        (Some(&only), _) if near.len() == 1 => (only, 750, "même nom, communiqué de la même organisation"),
        (None, Some(&only)) if candidates.len() == 1 && meant.is_some_and(|m| m.contains(&only)) => {
            (only, 700, "seul développé connu du sigle")
        }
        // In a crowd there are others.
        (None, Some(&only))
            if !in_crowd && candidates.len() == 1 && signature.kind == EntityType::Person && !is_common(signature) =>
        {
            (only, 650, "nom rare, seule personne connue de ce nom")
        }
        _ => return None,
    };
    Some(Edge { score, ends: (target.min(at), target.max(at)), reason: Reason::Said(reason) })
}

/// What is left bare: the same name in releases of one publisher, and rare names.
pub(super) fn leftovers<'b>(
    block: &'b [Signature],
    names: &[Vec<usize>],
    crowded: &[bool],
    groups: &Groups<'b>,
) -> Vec<Edge<'b>> {
    let mut edges = Vec::new();
    if !block.iter().any(is_bare) {
        return edges;
    }
    // By root.
    let mut size = vec![0; block.len()];
    for at in 0..block.len() {
        size[groups.root(at)] += 1;
    }
    for members in names.iter().filter(|members| members.len() > 1) {
        let alone = |at: &usize| is_bare(&block[*at]) && size[groups.root(*at)] == 1;
        let bare: Vec<usize> = members.iter().copied().filter(alone).collect();
        let mut by_issuer: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for &at in &bare {
            for issuer in block[at].issuers() {
                by_issuer.entry(issuer).or_default().push(at);
            }
        }
        for (issuer, sharing) in by_issuer {
            star(&sharing, 600, Reason::Issuer(issuer), &mut edges);
        }
        let rare = bare.first().is_some_and(|&at| {
            let signature = &block[at];
            signature.kind == EntityType::Person && !crowded[at] && !is_common(signature)
        });
        if rare && bare.len() == members.len() {
            star(&bare, 550, Reason::Said("nom rare"), &mut edges);
        }
    }
    edges
}

fn is_common(signature: &Signature) -> bool {
    signature.words.len() < 2 || signature.words.last().is_some_and(|surname| COMMON.contains(surname.as_str()))
}
