//! Keeps identities up to date as releases come and go, block by block.

use std::collections::{BTreeMap, BTreeSet};

use super::{Decision, Record, Signature, cluster};
use crate::entities::EntityType;

/// What the index says of its subjects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Property {
    /// Entity of a release: its identity (IRI).
    Identity,
    /// Entity of a release: its signature (hash).
    Signature,
    /// Signature: what it says, as [`Signature::text`].
    Text,
    /// Signature: a key of its block.
    Key,
    /// Signature: the identity that it belongs to (IRI).
    BelongsTo,
    /// Signature: how sure that is, from 0 to 1.
    Score,
    /// Signature: why, for people.
    Reason,
    /// Identity: what it is, as the name of an entity type.
    Kind,
    /// Identity: its preferred name.
    Name,
    /// Identity: another name.
    OtherName,
    /// Identity: the IRI of the same thing elsewhere.
    SameAs,
    /// Identity: an identifier, `SCHEME:VALUE`.
    Identifier,
    /// Identity: latitude in degrees.
    Latitude,
    /// Identity: longitude in degrees.
    Longitude,
    /// Identity: the place that contains it (IRI elsewhere).
    Within,
}

/// Subject, property, value.
pub type Statement = (String, Property, String);

/// What is known of the authority that a signature is linked to: properties of the identity.
pub type Authority = Vec<(Property, String)>;

/// What the joiner remembers, as statements.
pub trait Index {
    /// Why it may fail.
    type Error;
    /// The values of a property, in any order.
    ///
    /// # Errors
    /// When the index cannot be read.
    fn values(&self, subject: &str, property: Property) -> Result<Vec<String>, Self::Error>;
    /// The subjects of a property's value, in any order.
    ///
    /// # Errors
    /// When the index cannot be read.
    fn subjects(&self, property: Property, value: &str) -> Result<Vec<String>, Self::Error>;
    /// Whether there are subjects of a property's value.
    ///
    /// # Errors
    /// When the index cannot be read.
    fn has_subjects(&self, property: Property, value: &str) -> Result<bool, Self::Error>;
    /// All statements of an identity itself (its kind, names and so on).
    ///
    /// # Errors
    /// When the index cannot be read.
    fn describe(&self, identity: &str) -> Result<Vec<(Property, String)>, Self::Error>;
}

/// What changes in the index: sorted, nothing both removed and inserted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delta {
    /// Statements to remove.
    pub remove: Vec<Statement>,
    /// Statements to insert.
    pub insert: Vec<Statement>,
}

/// Computes what a change of releases changes in the index.
pub struct Joiner<'a, I: Index> {
    index: &'a I,
    base: &'a str,
    decisions: &'a [Decision],
    authority: &'a dyn Fn(&Signature) -> Authority,
    /// Statement to whether it is inserted (else removed), on top of the index.
    changes: BTreeMap<Statement, bool>,
    /// Identities whose statements were taken back: once only, whichever blocks they held together.
    cleared: BTreeSet<String>,
    /// The same by property and value, then subject.
    reversed: BTreeMap<(Property, String), BTreeMap<String, bool>>,
}

impl<'a, I: Index> Joiner<'a, I> {
    /// A joiner over `index`, whose identities have IRIs below `base`; `authority` tells what an identity linked to an
    /// authority is known as.
    pub fn new(
        index: &'a I,
        base: &'a str,
        decisions: &'a [Decision],
        authority: &'a dyn Fn(&Signature) -> Authority,
    ) -> Self {
        Self {
            index,
            base,
            decisions,
            authority,
            changes: BTreeMap::new(),
            cleared: BTreeSet::new(),
            reversed: BTreeMap::new(),
        }
    }

    /// Takes away the entities `removed` (IRIs), adds `added`, and joins anew what that touches; `touched` are keys of blocks
    /// to join anew besides (those of new or forgotten decisions).
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn update(mut self, removed: &[String], added: &[Record], touched: &[String]) -> Result<Delta, I::Error> {
        let mut dirty: BTreeSet<String> = BTreeSet::new();
        for entity in removed {
            for hash in self.values(entity, Property::Signature)? {
                self.put((entity.clone(), Property::Signature, hash.clone()), false);
                dirty.insert(hash);
            }
            for identity in self.values(entity, Property::Identity)? {
                self.put((entity.clone(), Property::Identity, identity), false);
            }
        }
        let mut placed: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for record in added {
            let signature = Signature::new(record);
            if signature.words.is_empty() {
                continue;
            }
            let text = signature.text();
            let hash = Signature::hash(&text);
            if self.values(&hash, Property::Text)?.is_empty() {
                for key in signature.block_keys() {
                    self.put((hash.clone(), Property::Key, key), true);
                }
                self.put((hash.clone(), Property::Text, text), true);
                dirty.insert(hash.clone());
            }
            self.put((record.entity.clone(), Property::Signature, hash.clone()), true);
            placed.entry(hash).or_default().push(record.entity.clone());
        }
        // What still has members and was there before needs no new look.
        let mut queue: BTreeSet<String> = BTreeSet::new();
        for hash in dirty {
            if !self.has_members(&hash)? || self.values(&hash, Property::BelongsTo)?.is_empty() {
                queue.insert(hash);
            }
        }
        for key in touched {
            queue.extend(self.subjects(Property::Key, key)?);
        }
        let mut done = BTreeSet::new();
        while let Some(hash) = queue.pop_first() {
            if !done.contains(&hash) {
                done.extend(self.block(&hash)?);
            }
        }
        for (hash, entities) in placed {
            for identity in self.values(&hash, Property::BelongsTo)? {
                for entity in &entities {
                    self.put((entity.clone(), Property::Identity, identity.clone()), true);
                }
            }
        }
        let mut delta = Delta::default();
        for (statement, insert) in self.changes {
            if insert { delta.insert.push(statement) } else { delta.remove.push(statement) }
        }
        Ok(delta)
    }

    /// The keys of a signature's block, with those that decisions add.
    fn all_keys(&self, signature: &Signature) -> Vec<String> {
        let mut keys = signature.block_keys();
        for decision in self.decisions {
            let sides = [&decision.left, &decision.right];
            if sides.iter().any(|side| side.matches(signature)) {
                keys.extend(sides.iter().filter_map(|side| side.block_key()));
            }
        }
        keys.sort();
        keys.dedup();
        keys
    }

    /// Joins the block of a signature anew; gives all signatures that it held.
    fn block(&mut self, start: &str) -> Result<BTreeSet<String>, I::Error> {
        let (mut members, mut queue) = (BTreeSet::new(), vec![start.to_owned()]);
        let mut keys = BTreeSet::new();
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        while let Some(hash) = queue.pop() {
            if !members.insert(hash.clone()) {
                continue;
            }
            let Some(text) = self.values(&hash, Property::Text)?.into_iter().next() else { continue };
            let own = Signature::parse(&text).map(|signature| self.all_keys(&signature)).unwrap_or_default();
            texts.insert(hash, text);
            for key in own {
                if keys.insert(key.clone()) {
                    queue.extend(self.subjects(Property::Key, &key)?);
                }
            }
        }
        let mut former: BTreeSet<String> = BTreeSet::new();
        let mut living: Vec<(Signature, String)> = Vec::new();
        for (hash, text) in texts {
            former.extend(self.values(&hash, Property::BelongsTo)?);
            if !self.has_members(&hash)? {
                self.forget(&hash)?;
            } else if let Some(signature) = Signature::parse(&text) {
                living.push((signature, hash));
            }
        }
        for identity in &former {
            if !self.cleared.insert(identity.clone()) {
                continue;
            }
            for (property, value) in self.index.describe(identity)? {
                self.put((identity.clone(), property, value), false);
            }
        }
        living.sort();
        for part in self.parts(living) {
            self.settle(&part)?;
        }
        Ok(members)
    }

    /// The signatures that still hang together: one that was removed may have held two blocks together.
    fn parts(&self, living: Vec<(Signature, String)>) -> Vec<Vec<(Signature, String)>> {
        let mut part_of_key: BTreeMap<String, usize> = BTreeMap::new();
        let mut parts: Vec<Vec<(Signature, String)>> = Vec::new();
        for (signature, hash) in living {
            let keys = self.all_keys(&signature);
            let meeting: BTreeSet<usize> = keys.iter().filter_map(|key| part_of_key.get(key)).copied().collect();
            let home = meeting.first().copied().unwrap_or(parts.len());
            if home == parts.len() {
                parts.push(Vec::new());
            }
            for other in meeting.into_iter().skip(1) {
                let moved = std::mem::take(&mut parts[other]); // Invariant: numbers of parts.
                parts[home].extend(moved);
                for part in part_of_key.values_mut().filter(|part| **part == other) {
                    *part = home;
                }
            }
            part_of_key.extend(keys.into_iter().map(|key| (key, home)));
            parts[home].push((signature, hash));
        }
        parts.retain(|part| !part.is_empty());
        for part in &mut parts {
            part.sort();
        }
        parts
    }

    /// Joins the signatures of a block, and writes what has changed.
    fn settle(&mut self, living: &[(Signature, String)]) -> Result<(), I::Error> {
        let block: Vec<Signature> = living.iter().map(|(signature, _)| signature.clone()).collect();
        let assignments = cluster(&block, self.decisions);
        let mut identities: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, assignment) in assignments.iter().enumerate() {
            identities.entry(assignment.identity).or_default().push(at);
        }
        let names = self.names(&block, &identities);
        for (number, members) in &identities {
            let Some(iri) = names.get(number) else { continue };
            self.describe(iri, &block, members);
            for &at in members {
                let hash = &living[at].1;
                let score = format!("{:.3}", assignments[at].score);
                let changed = self.replace(hash, Property::BelongsTo, iri)?;
                self.replace(hash, Property::Score, &score)?;
                self.replace(hash, Property::Reason, &assignments[at].reason)?;
                if changed {
                    for entity in self.subjects(Property::Signature, hash)? {
                        self.replace(&entity, Property::Identity, iri)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The IRIs of the identities of a block: the slug of the fullest name; where several have it, with what tells them apart.
    fn names(&self, block: &[Signature], identities: &BTreeMap<usize, Vec<usize>>) -> BTreeMap<usize, String> {
        let mut slugs: BTreeMap<(EntityType, String), Vec<usize>> = BTreeMap::new();
        for (number, members) in identities {
            let fullest = members.iter().map(|at| &block[*at]).max_by_key(|s| {
                let spelled =
                    !s.is_acronym() && !s.words.iter().any(|word| word.len() == 1 && s.kind == EntityType::Person);
                (spelled, s.words.concat().len(), std::cmp::Reverse(s.words.clone()))
            });
            if let Some(signature) = fullest {
                slugs.entry((signature.kind, signature.words.join("-"))).or_default().push(*number);
            }
        }
        let mut names = BTreeMap::new();
        for ((kind, slug), numbers) in slugs {
            let iri = |slug: &str| format!("{}{}/{}", self.base, kind.as_str().to_lowercase(), encoded(slug));
            if let [only] = numbers[..] {
                names.insert(only, iri(&slug));
                continue;
            }
            let mut taken: BTreeSet<String> = BTreeSet::new();
            for number in numbers {
                let members = identities.get(&number).map_or(&[][..], Vec::as_slice);
                let mut name = format!("{slug}-{}", mark(block, members));
                if taken.contains(&name) {
                    let text = members.first().map(|at| block[*at].text()).unwrap_or_default();
                    name = format!("{name}-{}", &Signature::hash(&text)[..8]);
                }
                names.insert(number, iri(&name));
                taken.insert(name);
            }
        }
        names
    }

    /// Kind, names, identifiers and what the authority says of an identity.
    fn describe(&mut self, iri: &str, block: &[Signature], members: &[usize]) {
        let mut votes: BTreeMap<&str, (usize, bool)> = BTreeMap::new();
        let mut facts: BTreeSet<(Property, String)> = BTreeSet::new();
        for signature in members.iter().map(|at| &block[*at]) {
            let initials = signature.kind == EntityType::Person && signature.words.iter().any(|word| word.len() == 1);
            votes.entry(&signature.label).or_insert((0, !signature.is_acronym() && !initials)).0 += 1;
            for acronym in &signature.acronyms {
                votes.entry(acronym).or_insert((0, false));
            }
            facts.insert((Property::Kind, signature.kind.as_str().to_owned()));
            let written = signature.identifiers.iter().filter(|id| !id.starts_with("auth:"));
            facts.extend(written.map(|id| (Property::Identifier, id.clone())));
        }
        let linked =
            members.iter().map(|at| &block[*at]).find(|s| s.identifiers.iter().any(|id| id.starts_with("auth:")));
        let mut known = linked.map(|signature| (self.authority)(signature)).unwrap_or_default();
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
        for (property, value) in facts {
            self.put((iri.to_owned(), property, value), true);
        }
    }

    /// Removes all that the index holds of a signature.
    fn forget(&mut self, hash: &str) -> Result<(), I::Error> {
        for property in [Property::Text, Property::Key, Property::BelongsTo, Property::Score, Property::Reason] {
            for value in self.values(hash, property)? {
                self.put((hash.to_owned(), property, value), false);
            }
        }
        Ok(())
    }

    /// Makes `value` the only value of the property; whether that was new.
    fn replace(&mut self, subject: &str, property: Property, value: &str) -> Result<bool, I::Error> {
        let mut found = false;
        for old in self.values(subject, property)? {
            if old == value {
                found = true;
            } else {
                self.put((subject.to_owned(), property, old), false);
            }
        }
        if !found {
            self.put((subject.to_owned(), property, value.to_owned()), true);
        }
        Ok(!found)
    }

    /// Records a change; one that undoes an earlier one cancels it.
    fn put(&mut self, statement: Statement, insert: bool) {
        let key = (statement.1, statement.2.clone());
        match self.changes.get(&statement) {
            Some(&before) if before != insert => {
                if let Some(subjects) = self.reversed.get_mut(&key) {
                    subjects.remove(&statement.0);
                }
                self.changes.remove(&statement);
            }
            _ => {
                self.reversed.entry(key).or_default().insert(statement.0.clone(), insert);
                self.changes.insert(statement, insert);
            }
        }
    }

    fn values(&self, subject: &str, property: Property) -> Result<Vec<String>, I::Error> {
        let mut values = self.index.values(subject, property)?;
        let from = (subject.to_owned(), property, String::new());
        for ((other, own, value), insert) in self.changes.range(from..) {
            if other != subject || *own != property {
                break;
            }
            values.retain(|known| known != value);
            if *insert {
                values.push(value.clone());
            }
        }
        values.sort();
        Ok(values)
    }

    /// Whether a signature has entities.
    fn has_members(&self, hash: &str) -> Result<bool, I::Error> {
        match self.reversed.get(&(Property::Signature, hash.to_owned())) {
            Some(changed) if changed.values().any(|insert| *insert) => Ok(true),
            Some(changed) if !changed.is_empty() => Ok(!self.subjects(Property::Signature, hash)?.is_empty()),
            _ => self.index.has_subjects(Property::Signature, hash),
        }
    }

    fn subjects(&self, property: Property, value: &str) -> Result<Vec<String>, I::Error> {
        let mut subjects: BTreeSet<String> = self.index.subjects(property, value)?.into_iter().collect();
        for (subject, insert) in self.reversed.get(&(property, value.to_owned())).into_iter().flatten() {
            if *insert {
                subjects.insert(subject.clone());
            } else {
                subjects.remove(subject);
            }
        }
        Ok(subjects.into_iter().collect())
    }
}

/// What tells an identity from its namesakes: its authority, the first thing that it belongs to, or a hash of what it says.
fn mark(block: &[Signature], members: &[usize]) -> String {
    let signatures = || members.iter().map(|at| &block[*at]);
    let ids: BTreeSet<&str> = signatures().flat_map(|s| &s.identifiers).map(String::as_str).collect();
    if let Some(id) = ids.first() {
        let value = id.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or(id);
        return value.to_lowercase();
    }
    let elements: BTreeSet<&str> =
        signatures().flat_map(|s| s.context.iter().chain(&s.surroundings)).map(String::as_str).collect();
    match elements.first().and_then(|element| element.split_once(':')) {
        Some((_, words)) => words.replace(' ', "-"),
        None => Signature::hash(&signatures().next().map(Signature::text).unwrap_or_default())[..8].to_owned(),
    }
}

/// The slug as a part of an IRI: words are ASCII letters and digits but for other scripts.
fn encoded(slug: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(slug, PART).to_string()
}
