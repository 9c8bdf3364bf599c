//! What speaks for joining two signatures: decisions, identifiers, names with a context in common.

use std::collections::{BTreeMap, BTreeSet};

use super::cluster::{Edge, Reason, shown};
use super::record::is_generic_acronym;
use super::{Decision, Signature, Verdict, likeness};
use crate::entities::EntityType;
use crate::entities::authority::name::acronym_key;

/// All edges of a block, the surest first.
pub(super) fn edges<'b>(block: &[&'b Signature], names: &[Vec<usize>], decisions: &[Decision]) -> Vec<Edge<'b>> {
    let mut edges = Vec::new();
    decided(block, decisions, &mut edges);
    identified(block, &mut edges);
    same_name(block, names, &mut edges);
    variants(block, names, &mut edges);
    short_forms(block, &mut edges);
    edges.sort_unstable_by(|a, b| {
        b.score.cmp(&a.score).then_with(|| a.ends.cmp(&b.ends)).then_with(|| a.reason.cmp(&b.reason))
    });
    edges
}

/// Edges from the first of `members` to each other one.
pub(super) fn star<'b>(members: &[usize], score: u32, reason: Reason<'b>, edges: &mut Vec<Edge<'b>>) {
    if let Some((first, rest)) = members.split_first() {
        edges.extend(rest.iter().map(|other| Edge { score, ends: (*first, *other), reason }));
    }
}

fn decided<'b>(block: &[&'b Signature], decisions: &[Decision], edges: &mut Vec<Edge<'b>>) {
    for decision in decisions.iter().filter(|decision| decision.verdict == Verdict::Same) {
        let members: Vec<usize> = (0..block.len())
            .filter(|&at| decision.left.matches(block[at]) || decision.right.matches(block[at]))
            .collect();
        star(&members, 2000, Reason::Said("décision d'un analyste"), edges);
    }
}

fn identified<'b>(block: &[&'b Signature], edges: &mut Vec<Edge<'b>>) {
    // The code of a commune is written of the town and of its council, which are two things.
    let mut by_id: BTreeMap<(&str, bool), Vec<usize>> = BTreeMap::new();
    for (at, signature) in block.iter().enumerate() {
        for id in &signature.identifiers {
            by_id.entry((id, signature.kind == EntityType::Place)).or_default().push(at);
        }
    }
    for ((id, _), members) in by_id {
        star(&members, 1000, Reason::Identifier(id), edges);
    }
}

/// The signatures of each name (kind and words), names and signatures in their order.
pub(super) fn by_name(block: &[&Signature]) -> Vec<Vec<usize>> {
    let name = |at: &usize| (block[*at].kind, &block[*at].words); // Invariant: indices of the block.
    let mut sorted: Vec<usize> = (0..block.len()).collect();
    sorted.sort_by(|one, other| name(one).cmp(&name(other)));
    sorted.chunk_by(|one, other| name(one) == name(other)).map(<[_]>::to_vec).collect()
}

fn same_name<'b>(block: &[&'b Signature], names: &[Vec<usize>], edges: &mut Vec<Edge<'b>>) {
    for members in names.iter().filter(|members| members.len() > 1) {
        let contexts =
            members.iter().flat_map(|&at| block[at].context.iter().map(move |element| (element.as_str(), at)));
        let mut ties: Vec<(&str, usize)> = contexts.collect();
        ties.sort_unstable();
        for sharing in ties.chunk_by(|one, other| one.0 == other.0).filter(|sharing| sharing.len() > 1) {
            let (element, first) = sharing[0]; // Invariant: no chunk is empty.
            let reason = Reason::Tie(shown(element));
            edges.extend(sharing[1..].iter().map(|&(_, other)| Edge { score: 920, ends: (first, other), reason }));
        }
        let Some(first) = members.first().map(|at| &block[*at]) else { continue };
        let long_acronym =
            || first.is_acronym() && acronym_key(&first.label).len() > 3 && count_expansions(block, first) < 2;
        if first.is_ambiguous() && !long_acronym() {
            continue;
        }
        // A name that several known things bear tells none of them.
        let identifiers: BTreeSet<&str> =
            members.iter().flat_map(|at| &block[*at].identifiers).map(String::as_str).collect();
        let rivals = |scheme: &str| identifiers.iter().filter(|id| id.starts_with(scheme)).count() > 1;
        let (plain, identified): (Vec<usize>, Vec<usize>) =
            members.iter().partition(|at| block[**at].identifiers.is_empty());
        if rivals("auth:") || rivals("siren:") || (first.kind == EntityType::Place && !identified.is_empty()) {
            star(&plain, 900, Reason::Said("même nom"), edges);
        } else {
            star(members, 900, Reason::Said("même nom"), edges);
        }
    }
}

/// Alike names: slips and initials need something in common, acronyms what they stand for.
fn variants<'b>(block: &[&'b Signature], names: &[Vec<usize>], edges: &mut Vec<Edge<'b>>) {
    for (rank, left) in names.iter().enumerate() {
        for right in &names[rank + 1..] {
            let (Some(&a), Some(&b)) = (left.first(), right.first()) else { continue };
            let alike = likeness(block[a], block[b]);
            if alike <= 0.0 {
                continue;
            }
            let ambiguous = block[a].is_ambiguous() || block[b].is_ambiguous();
            if alike >= 0.9 && !ambiguous {
                edges.push(Edge {
                    score: (850.0 * alike) as u32,
                    ends: (a.min(b), a.max(b)),
                    reason: Reason::Said("nom presque identique"),
                });
            }
            for &x in left {
                if let Some(&y) = right.iter().find(|y| block[x].context.iter().any(|e| block[**y].context.contains(e)))
                {
                    edges.push(Edge {
                        score: (800.0 * alike) as u32,
                        ends: (x.min(y), x.max(y)),
                        reason: Reason::Said("variante du nom, même rattachement"),
                    });
                }
            }
        }
    }
}

/// A short form and what it stands for, in the same context.
fn short_forms<'b>(block: &[&'b Signature], edges: &mut Vec<Edge<'b>>) {
    if block.iter().all(|signature| signature.acronyms.is_empty()) {
        return;
    }
    let mut fulls: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (at, full) in block.iter().enumerate() {
        for acronym in &full.acronyms {
            fulls.entry(acronym_key(acronym)).or_default().insert(at);
        }
    }
    shortened(block, &fulls, edges);
    for (at, signature) in block.iter().enumerate().filter(|(_, s)| s.is_acronym() && !is_generic_acronym(&s.label)) {
        for &other in fulls.get(&acronym_key(&signature.label)).into_iter().flatten() {
            let full = &block[other]; // Invariant: an index of the block.
            if signature.context.iter().any(|element| full.context.contains(element)) {
                edges.push(Edge {
                    score: 780,
                    ends: (at.min(other), at.max(other)),
                    reason: Reason::Acronym(&full.label),
                });
            }
        }
    }
}

/// Long names that leave out words of another, given with the same long acronym.
fn shortened(block: &[&Signature], fulls: &BTreeMap<String, BTreeSet<usize>>, edges: &mut Vec<Edge<'_>>) {
    for members in fulls.iter().filter(|(acronym, _)| acronym.len() > 3).map(|(_, members)| members) {
        let words = |at: usize| block[at].words.iter().collect::<BTreeSet<_>>(); // Invariant: indices of the block.
        let names: BTreeMap<BTreeSet<&String>, usize> = members.iter().rev().map(|&at| (words(at), at)).collect();
        for (short, &a) in names.iter().filter(|(short, _)| short.len() > 4) {
            let fuller = names.iter().filter(|(full, _)| full.len() > short.len() && short.is_subset(full));
            edges.extend(fuller.map(|(_, &b)| Edge {
                score: 790,
                ends: (a.min(b), a.max(b)),
                reason: Reason::Said("même sigle, nom abrégé"),
            }));
        }
    }
}

/// How many names the acronym stands for; one that leaves out words of another is none of its own.
fn count_expansions(block: &[&Signature], short: &Signature) -> usize {
    let names: BTreeSet<BTreeSet<&String>> =
        block.iter().filter(|full| stands_for(full, short)).map(|full| full.words.iter().collect()).collect();
    names.iter().filter(|name| !names.iter().any(|other| other.len() > name.len() && name.is_subset(other))).count()
}

fn stands_for(full: &Signature, short: &Signature) -> bool {
    let key = acronym_key(&short.label);
    full.acronyms.iter().any(|acronym| acronym_key(acronym) == key)
}
