//! What identities are called: their IRIs, preferred and other names, and what their authority says.

use std::collections::{BTreeMap, BTreeSet};

use super::{Authority, Property, Signature};
use crate::entities::EntityType;

/// A name, as kind and words.
type Named<'b> = (EntityType, &'b [String]);

/// The IRIs of the identities of a block (numbers to members): the slug of the fullest name; where several have it, with
/// what tells them apart. `crowded` tells which members have a name of many namesakes, most of them in other blocks.
pub(super) fn names(
    base: &str,
    block: &[Signature],
    crowded: &[bool],
    identities: &BTreeMap<usize, Vec<usize>>,
) -> BTreeMap<usize, String> {
    let mut slugs: BTreeMap<Named<'_>, (bool, Vec<usize>)> = BTreeMap::new();
    for (number, members) in identities {
        let fullest = members.iter().copied().max_by_key(|at| {
            let s = &block[*at]; // Invariant: members are indices of the block.
            let spelled =
                !s.is_acronym() && !s.words.iter().any(|word| word.len() == 1 && s.kind == EntityType::Person);
            (spelled, s.words.concat().len(), std::cmp::Reverse(&s.words), crowded[*at])
        });
        if let Some(at) = fullest {
            let (in_crowd, numbers) = slugs.entry((block[at].kind, &block[at].words)).or_default();
            *in_crowd |= crowded[at];
            numbers.push(*number);
        }
    }
    let mut names = BTreeMap::new();
    for ((kind, words), (in_crowd, numbers)) in slugs {
        let slug = words.join("-");
        let iri = |slug: &str| format!("{base}{}/{}", kind.as_str().to_lowercase(), encoded(slug));
        if !in_crowd && let [only] = numbers[..] {
            names.insert(only, iri(&slug));
            continue;
        }
        let mut taken: BTreeSet<String> = BTreeSet::new();
        for number in numbers {
            let members = identities.get(&number).map_or(&[][..], Vec::as_slice);
            let of_identity: Vec<&Signature> = members.iter().map(|at| &block[*at]).collect();
            let mark = if in_crowd { narrow_mark(&of_identity, words) } else { mark(&of_identity) };
            let mut name = format!("{slug}-{mark}");
            if taken.contains(&name) {
                let text = of_identity.first().map(|signature| signature.text()).unwrap_or_default();
                name = format!("{name}-{}", &Signature::hash(&text)[..8]);
            }
            names.insert(number, iri(&name));
            taken.insert(name);
        }
    }
    names
}

/// What tells an identity from its namesakes: its authority, the first thing that it belongs to, or a hash of what it says.
fn mark(members: &[&Signature]) -> String {
    if let Some(id) = first_id(members) {
        return id;
    }
    let elements: BTreeSet<&str> =
        members.iter().flat_map(|s| s.context.iter().chain(&s.surroundings)).map(String::as_str).collect();
    match elements.first().and_then(|element| element.split_once(':')) {
        Some((_, words)) => words.replace(' ', "-"),
        None => hash_mark(members),
    }
}

/// The same where namesakes lie in other blocks: only what a key of the block holds tells it from them.
fn narrow_mark(members: &[&Signature], words: &[String]) -> String {
    if let Some(id) = first_id(members) {
        return id;
    }
    let named = || members.iter().filter(|s| s.words == words);
    let elements: BTreeSet<&str> = named().flat_map(|s| s.context.iter().map(String::as_str)).collect();
    let issuers = || named().flat_map(|s| s.issuers()).collect::<BTreeSet<&str>>();
    match elements.first().copied().or_else(|| issuers().first().copied()).and_then(|element| element.split_once(':')) {
        // Most belong to an organisation: the name of another kind is marked, that no two are the same.
        Some(("o", words)) => words.replace(' ', "-"),
        Some((kind, words)) => format!("{kind}.{}", words.replace(' ', "-")),
        None => hash_mark(members),
    }
}

fn first_id(members: &[&Signature]) -> Option<String> {
    let ids: BTreeSet<&str> = members.iter().flat_map(|s| &s.identifiers).map(String::as_str).collect();
    let id = ids.first()?;
    Some(id.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or(id).to_lowercase())
}

fn hash_mark(members: &[&Signature]) -> String {
    Signature::hash(&members.first().map(|signature| signature.text()).unwrap_or_default())[..12].to_owned()
}

/// Kind, names, identifiers and what the authority says of an identity.
pub(super) fn facts(
    members: &[&Signature],
    authority: &dyn Fn(&Signature) -> Authority,
) -> BTreeSet<(Property, String)> {
    let mut votes: BTreeMap<&str, (usize, bool)> = BTreeMap::new();
    let mut facts: BTreeSet<(Property, String)> = BTreeSet::new();
    for signature in members {
        let initials = signature.kind == EntityType::Person && signature.words.iter().any(|word| word.len() == 1);
        votes.entry(&signature.label).or_insert((0, !signature.is_acronym() && !initials)).0 += 1;
        for acronym in &signature.acronyms {
            votes.entry(acronym).or_insert((0, false));
        }
        facts.insert((Property::Kind, signature.kind.as_str().to_owned()));
        let written = signature.identifiers.iter().filter(|id| !id.starts_with("auth:"));
        facts.extend(written.map(|id| (Property::Identifier, id.clone())));
    }
    let linked = members.iter().find(|s| s.identifiers.iter().any(|id| id.starts_with("auth:")));
    let mut known = linked.map(|signature| authority(signature)).unwrap_or_default();
    let preferred = known.iter().position(|(property, _)| *property == Property::Name).map(|at| known.remove(at).1);
    let preferred = preferred.or_else(|| {
        let best = votes
            .iter()
            .max_by_key(|(label, (count, spelled))| (*spelled, *count, label.len(), std::cmp::Reverse(**label)));
        best.map(|(label, _)| (*label).to_owned())
    });
    let preferred = preferred.unwrap_or_default();
    facts.extend(known);
    for label in votes.into_keys().filter(|label| *label != preferred) {
        facts.insert((Property::OtherName, label.to_owned()));
    }
    facts.insert((Property::Name, preferred));
    facts
}

/// The slug as a part of an IRI: words are ASCII letters and digits but for other scripts.
fn encoded(slug: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(slug, PART).to_string()
}
