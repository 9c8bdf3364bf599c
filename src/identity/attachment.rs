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

/// What is asked of the groups of a block, which are known by their roots.
struct Known<'a, 'b> {
    block: &'a [&'b Signature],
    names: &'a [Vec<usize>],
    groups: &'a Groups<'b>,
    /// Root of each signature.
    roots: Vec<usize>,
    /// By root: whether the group holds evidence.
    evident: Vec<bool>,
    /// By signature: the number of its name.
    name: Vec<usize>,
    /// By signature: the acronyms that it gives, as keys; nothing where the block has no acronym.
    spelled: Vec<Vec<String>>,
}

impl<'a, 'b> Known<'a, 'b> {
    fn new(block: &'a [&'b Signature], names: &'a [Vec<usize>], groups: &'a Groups<'b>) -> Self {
        let roots: Vec<usize> = (0..block.len()).map(|at| groups.root(at)).collect();
        let mut evident = vec![false; block.len()];
        for (signature, root) in block.iter().zip(&roots) {
            let is_told = signature.kind == EntityType::Organization && !signature.is_ambiguous();
            evident[*root] |= is_told || !is_bare(signature); // Invariant: roots are indices of the block.
        }
        let mut name = vec![0; block.len()];
        for (number, members) in names.iter().enumerate() {
            members.iter().for_each(|at| name[*at] = number);
        }
        let mut spelled = Vec::new();
        if block.iter().any(|signature| signature.is_acronym()) {
            let keys = |signature: &&Signature| signature.acronyms.iter().map(|acronym| acronym_key(acronym)).collect();
            spelled = block.iter().map(keys).collect();
        }
        Self { block, names, groups, roots, evident, name, spelled }
    }

    /// The signatures of a group.
    fn members(&self, root: usize) -> impl Iterator<Item = &'b Signature> {
        let own = self.block.iter().zip(&self.roots).filter(move |(_, other)| **other == root);
        own.map(|(signature, _)| *signature)
    }

    /// The groups with evidence in which a signature's name is.
    fn named(&self, at: usize) -> impl Iterator<Item = usize> {
        let namesakes = self.names.get(self.name[at]).into_iter().flatten();
        namesakes.map(|at| self.roots[*at]).filter(|root| self.evident[*root])
    }

    /// The groups that the acronym with this key stands for: those of which releases say so, else those with its initials.
    fn meant(&self, key: &str) -> Vec<usize> {
        let spelled = self.spelled.iter().zip(&self.roots);
        let mut meant: Vec<usize> =
            spelled.filter(|(keys, _)| keys.iter().any(|own| own == key)).map(|(_, root)| *root).collect();
        if meant.is_empty() {
            let has_initials = |signature: &Signature| signature.initials().is_some_and(|initials| initials == key);
            let all = self.block.iter().zip(&self.roots);
            meant = all.filter(|(signature, _)| has_initials(signature)).map(|(_, root)| *root).collect();
        }
        meant
    }

    /// Whether a group spells an acronym out.
    fn is_spelled(&self, root: usize, key: &str) -> bool {
        let own = self.spelled.iter().zip(&self.roots).filter(|(_, other)| **other == root);
        own.flat_map(|(keys, _)| keys).any(|own| own == key)
    }

    /// The seats of a group, sorted.
    fn seats(&self, root: usize) -> Vec<&'b str> {
        let elements = self.members(root).flat_map(|signature| &signature.context);
        let mut seats: Vec<&str> = elements.map(String::as_str).filter(|element| element.starts_with("l:")).collect();
        seats.sort_unstable();
        seats
    }

    /// Whether a group has seats, and none of these.
    fn elsewhere(&self, root: usize, seats: &[&str]) -> bool {
        let own = || self.members(root).flat_map(|signature| &signature.context).filter(|e| e.starts_with("l:"));
        !seats.is_empty() && own().next().is_some() && !own().any(|seat| seats.binary_search(&seat.as_str()).is_ok())
    }

    /// Whether something that surrounds the signature is what the group, one with evidence, belongs to.
    fn is_near(&self, root: usize, signature: &Signature, in_crowd: bool) -> bool {
        let belongs = |element: &str| self.members(root).any(|member| member.context.iter().any(|own| own == element));
        if !self.evident[root] {
            return false;
        }
        if in_crowd {
            return signature.issuers().any(belongs);
        }
        signature.surroundings.iter().any(|element| belongs(element.strip_prefix("i/").unwrap_or(element)))
    }
}

fn is_bare(signature: &Signature) -> bool {
    signature.context.is_empty() && signature.identifiers.is_empty()
}

/// Signatures without context or identifier, each attached to the identity that fits, where only one does. All look at the
/// groups as they are, not at each other.
pub(super) fn attachments<'b>(
    block: &[&'b Signature],
    names: &[Vec<usize>],
    crowded: &[bool],
    groups: &Groups<'b>,
) -> Vec<Edge<'b>> {
    if !block.iter().any(|signature| is_bare(signature) && signature.is_ambiguous() || signature.is_acronym()) {
        return Vec::new();
    }
    let known = Known::new(block, names, groups);
    let attached = |at: usize| attach(&known, at, crowded[at]); // Invariant: one flag a signature.
    (0..block.len()).filter_map(attached).collect()
}

/// The edge from a signature that says little to the only identity that fits.
fn attach<'b>(known: &Known<'_, 'b>, at: usize, in_crowd: bool) -> Option<Edge<'b>> {
    let signature = known.block.get(at)?;
    let (own, acronym) = (known.roots[at], signature.is_acronym());
    if !acronym && (known.evident[own] || !is_bare(signature) || !signature.is_ambiguous()) {
        return None;
    }
    let key = if acronym { acronym_key(&signature.label) } else { String::new() };
    if acronym && (known.is_spelled(own, &key) || (!signature.context.is_empty() && key.len() < 4)) {
        return None;
    }
    // What releases say that the acronym stands for, else what has its initials.
    let meant = if acronym { known.meant(&key) } else { Vec::new() };
    let mut candidates: Vec<usize> = known.named(at).chain(meant.iter().copied()).collect();
    candidates.sort_unstable();
    candidates.dedup();
    let seats = known.seats(own);
    candidates.retain(|root| *root != own && !known.groups.conflict(own, *root) && !known.elsewhere(*root, &seats));
    let near: Vec<usize> =
        candidates.iter().copied().filter(|root| known.is_near(*root, signature, in_crowd)).collect();
    let (target, score, reason) = match (near[..].first(), candidates.first()) {
        (Some(&only), _) if near.len() == 1 => (only, 750, "même nom, communiqué de la même organisation"),
        (None, Some(&only)) if candidates.len() == 1 && meant.contains(&only) => {
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
    block: &[&'b Signature],
    names: &[Vec<usize>],
    crowded: &[bool],
    groups: &Groups<'b>,
) -> Vec<Edge<'b>> {
    let mut edges = Vec::new();
    if !block.iter().any(|signature| is_bare(signature)) {
        return edges;
    }
    // By root.
    let mut size = vec![0; block.len()];
    for at in 0..block.len() {
        size[groups.root(at)] += 1;
    }
    for members in names.iter().filter(|members| members.len() > 1) {
        let alone = |at: &usize| is_bare(block[*at]) && size[groups.root(*at)] == 1;
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
