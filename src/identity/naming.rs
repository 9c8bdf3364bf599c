//! What identities are called: their IRIs, preferred and other names, and what their authority says.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{Authority, Property, Signature, SignatureId};
use crate::entities::EntityType;

/// A name, as kind and words.
type Named<'b> = (EntityType, &'b [String]);

/// The IRIs of the identities of a block (numbers to members): the slug of the fullest name; where several have it, with
/// what tells them apart. `crowded` tells which members have a name of many namesakes, most of them in other blocks.
pub(super) fn names(
    base: &str,
    block: &[&Signature],
    crowded: &[bool],
    identities: &BTreeMap<usize, Vec<usize>>,
) -> BTreeMap<usize, String> {
    let mut slugs: BTreeMap<Named<'_>, (bool, Vec<usize>)> = BTreeMap::new();
    for (number, members) in identities {
        if let Some(at) = fullest(block, crowded, members) {
            let (in_crowd, numbers) = slugs.entry((block[at].kind, &block[at].words)).or_default();
            *in_crowd |= crowded[at];
            numbers.push(*number);
        }
    }
    let mut names = BTreeMap::new();
    for ((kind, words), (in_crowd, numbers)) in slugs {
        let slug = words.join("-");
        let iri = |slug: &str| {
            let mut iri = String::with_capacity(base.len() + 16 + slug.len());
            iri.push_str(base);
            iri.push_str(kind.as_str());
            iri[base.len()..].make_ascii_lowercase(); // Invariant: it starts with the base.
            iri.push('/');
            iri.extend(encoded(slug));
            iri
        };
        if !in_crowd && let [only] = numbers[..] {
            names.insert(only, iri(&slug));
            continue;
        }
        let mut taken: BTreeSet<String> = BTreeSet::new();
        for number in numbers {
            let members = identities.get(&number).map_or(&[][..], Vec::as_slice);
            let of_identity: Vec<&Signature> = members.iter().map(|at| block[*at]).collect();
            let mark = if in_crowd { narrow_mark(&of_identity, words) } else { mark(&of_identity) };
            let mut name = format!("{slug}-{mark}");
            if taken.contains(&name) {
                let text = of_identity.first().map(|signature| signature.text()).unwrap_or_default();
                name = format!("{name}-{:.8}", SignatureId::of(&text));
            }
            names.insert(number, iri(&name));
            taken.insert(name);
        }
    }
    names
}

/// The member of an identity with the fullest name.
fn fullest(block: &[&Signature], crowded: &[bool], members: &[usize]) -> Option<usize> {
    if let [only] = members {
        return Some(*only);
    }
    members.iter().copied().max_by_key(|at| {
        let s = &block[*at]; // Invariant: members are indices of the block.
        let spelled = !s.is_acronym() && !s.words.iter().any(|word| word.len() == 1 && s.kind == EntityType::Person);
        (spelled, s.words.iter().map(String::len).sum::<usize>(), Reverse(&s.words), crowded[*at])
    })
}

/// The identities of a block (numbers to members) of which nothing new is to be said, where nothing but new signatures came to
/// it: those with the members that they had, whose namesakes have theirs too. `former` gives the identity that each signature
/// had.
pub(super) fn unchanged(
    block: &[&Signature],
    crowded: &[bool],
    identities: &BTreeMap<usize, Vec<usize>>,
    former: &[Option<&str>],
) -> BTreeSet<usize> {
    let mut before: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, identity) in former.iter().enumerate() {
        if let Some(identity) = identity {
            before.entry(identity).or_default().push(at);
        }
    }
    let mut same = BTreeSet::new();
    for (number, members) in identities {
        let identity = members.first().and_then(|at| former[*at]); // Invariant: members are indices of the block.
        if let Some(identity) = identity.filter(|identity| before.get(identity) == Some(members)) {
            before.remove(identity);
            same.insert(*number);
        }
    }
    if same.is_empty() {
        return same;
    }
    let named = |members: &Vec<usize>| {
        fullest(block, crowded, members).map(|at| -> Named<'_> { (block[at].kind, &block[at].words) })
    };
    let came = identities.iter().filter(|(number, _)| !same.contains(number)).map(|(_, members)| members);
    let touched: BTreeSet<_> = came.chain(before.values()).filter_map(named).collect();
    same.retain(|number| identities.get(number).and_then(named).is_some_and(|name| !touched.contains(&name)));
    same
}

/// What tells an identity from its namesakes: its authority, the first thing that it belongs to, or a hash of what it says.
fn mark(members: &[&Signature]) -> String {
    if let Some(id) = first_id(members) {
        return id;
    }
    // What surrounds a name changes with each release; what it belongs to seldom.
    let first = |list: fn(&Signature) -> &Vec<String>| members.iter().flat_map(|s| list(s)).min();
    let told = first(|s| &s.context).or_else(|| first(|s| &s.surroundings));
    match told.and_then(|element| element.split_once(':')) {
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
    format!("{:.12}", SignatureId::of(&members.first().map(|signature| signature.text()).unwrap_or_default()))
}

/// The labels of an identity, with how many say so, and what tells the better of them.
#[derive(Default)]
struct Votes<'b>(BTreeMap<&'b str, Vote<'b>>);

/// What speaks for a label.
struct Vote<'b> {
    count: usize,
    /// Neither an acronym nor with initials.
    is_spelled: bool,
    words: &'b [String],
}

impl<'b> Votes<'b> {
    fn add(&mut self, label: &'b str, words: &'b [String], count: usize, is_spelled: bool) {
        self.0.entry(label).or_insert(Vote { count: 0, is_spelled, words }).count += count;
    }

    /// The label that most say, a full name before an acronym. Of its spellings, one that is not in capitals.
    fn preferred(&self) -> Option<&'b str> {
        let best =
            self.0.iter().max_by_key(|(label, vote)| (vote.is_spelled, vote.count, label.len(), Reverse(**label)))?;
        if self.0.len() == 1 {
            return Some(best.0);
        }
        let spellings = self.0.iter().filter(|(_, vote)| vote.is_spelled && vote.words == best.1.words);
        let calm = spellings.max_by_key(|(label, vote)| {
            let is_best = *label == best.0;
            (Reverse(capitals(label)), is_best, vote.count, label.len(), Reverse(**label))
        });
        Some(calm.unwrap_or(best).0)
    }
}

/// The number of words in capitals that are no acronyms: names of people, headlines.
fn capitals(label: &str) -> usize {
    let is_capital =
        |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() > 2 && !word.chars().any(char::is_lowercase);
    let words = || label.split([' ', '-', '\'', '’']).filter(|word| word.chars().count() > 2);
    let count = words().filter(|word| is_capital(word)).count();
    // One among others may be an acronym (`CCI Paris`), but no word is longer than one.
    if words().count() > count && words().filter(|word| is_capital(word)).all(|word| word.chars().count() < 5) {
        0
    } else {
        count
    }
}

/// Kind, names, identifiers and what the authority says of an identity.
pub(super) fn facts(
    members: &[&Signature],
    authority: &dyn Fn(&Signature) -> Authority,
) -> BTreeSet<(Property, String)> {
    let mut votes = Votes::default();
    let mut facts: BTreeSet<(Property, String)> = BTreeSet::new();
    let mut kinds = Vec::new();
    for signature in members {
        let initials = signature.kind == EntityType::Person && signature.words.iter().any(|word| word.len() == 1);
        votes.add(&signature.label, &signature.words, 1, !signature.is_acronym() && !initials);
        for acronym in &signature.acronyms {
            votes.add(acronym, &[], 0, false);
        }
        if !kinds.contains(&signature.kind) {
            kinds.push(signature.kind);
        }
        let written = signature.identifiers.iter().filter(|id| !id.starts_with("auth:"));
        facts.extend(written.map(|id| (Property::Identifier, id.clone())));
    }
    facts.extend(kinds.iter().map(|kind| (Property::Kind, kind.as_str().to_owned())));
    let linked = members.iter().find(|s| s.identifiers.iter().any(|id| id.starts_with("auth:")));
    let mut known = linked.map(|signature| authority(signature)).unwrap_or_default();
    let preferred = known.iter().position(|(property, _)| *property == Property::Name).map(|at| known.remove(at).1);
    let preferred = preferred.or_else(|| votes.preferred().map(str::to_owned)).unwrap_or_default();
    facts.extend(known);
    for label in votes.0.into_keys().filter(|label| *label != preferred) {
        facts.insert((Property::OtherName, label.to_owned()));
    }
    facts.insert((Property::Name, preferred));
    facts
}

/// The slug as a part of an IRI: words are ASCII letters and digits but for other scripts.
fn encoded(slug: &str) -> impl Iterator<Item = &str> {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(slug, PART)
}
