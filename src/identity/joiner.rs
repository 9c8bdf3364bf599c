//! Keeps identities up to date as releases come and go, block by block.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::changes::{Changes, Told};
use super::{Assignment, Authority, Decision, Delta, Index, Property, Record, Signature, cluster, naming};

/// A name that many things may have, or an acronym, is crowded when more signatures have it: its bearers are compared where they
/// share a context, and no more because they have it. A function of what there is, not of the order in which it came.
const CROWD: usize = 24;

/// Computes what a change of releases changes in the index.
pub struct Joiner<'a, I: Index> {
    base: &'a str,
    decisions: &'a [Decision],
    authority: &'a dyn Fn(&Signature) -> Authority,
    changes: Changes<'a, I>,
    /// Identities whose statements were taken back: once only, whichever blocks they held together.
    cleared: BTreeSet<String>,
    /// Keys of names and acronyms, and whether they are crowded after the change.
    crowds: BTreeMap<String, bool>,
    /// Keys of names that decisions speak of: their blocks stay whole.
    decided: BTreeSet<String>,
}

/// The signatures of a block, sorted, with their hashes and what is said of them.
type Block = Vec<(Signature, String, Told)>;

impl<'a, I: Index> Joiner<'a, I> {
    /// A joiner over `index`, whose identities have IRIs below `base`; `authority` tells what an identity linked to an
    /// authority is known as.
    pub fn new(
        index: &'a I,
        base: &'a str,
        decisions: &'a [Decision],
        authority: &'a dyn Fn(&Signature) -> Authority,
    ) -> Self {
        let sides = decisions.iter().flat_map(|decision| [&decision.left, &decision.right]);
        Self {
            base,
            decisions,
            authority,
            changes: Changes::new(index),
            cleared: BTreeSet::new(),
            crowds: BTreeMap::new(),
            decided: sides.filter_map(|side| side.block_key()).collect(),
        }
    }

    /// Takes away the entities `removed` (IRIs), adds `added`, and joins anew what that touches; `touched` are keys of blocks
    /// to join anew besides (those of new or forgotten decisions).
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn update(mut self, removed: &[String], added: &[Record], touched: &[String]) -> Result<Delta, I::Error> {
        let mut dirty = self.take_away(removed)?;
        let placed = self.place(added, &mut dirty)?;
        let mut queue = self.queue(dirty)?;
        for key in touched {
            queue.extend(self.changes.subjects(Property::Key, key)?);
        }
        let mut done = FxHashSet::default();
        while let Some(hash) = queue.pop_first() {
            if !done.contains(&hash) {
                done.extend(self.block(&hash)?);
            }
        }
        for (hash, entities) in placed {
            for identity in self.changes.values(&hash, Property::BelongsTo)? {
                for entity in &entities {
                    self.changes.put(entity, Property::Identity, identity.clone(), true);
                }
            }
        }
        Ok(self.changes.into_delta())
    }

    /// Takes entities away; gives the signatures that they had.
    fn take_away(&mut self, removed: &[String]) -> Result<BTreeSet<String>, I::Error> {
        let mut dirty = BTreeSet::new();
        for entity in removed {
            for hash in self.changes.values(entity, Property::Signature)? {
                self.changes.put(entity, Property::Signature, hash.clone(), false);
                dirty.insert(hash);
            }
            for identity in self.changes.values(entity, Property::Identity)? {
                self.changes.put(entity, Property::Identity, identity, false);
            }
        }
        Ok(dirty)
    }

    /// Adds entities; gives them by signature.
    fn place(
        &mut self,
        added: &[Record],
        dirty: &mut BTreeSet<String>,
    ) -> Result<BTreeMap<String, Vec<String>>, I::Error> {
        let signed: Vec<(Signature, String, String)> = added
            .par_iter()
            .with_min_len(64)
            .map(|record| {
                let signature = Signature::new(record);
                let text = signature.text();
                let hash = Signature::hash(&text);
                (signature, text, hash)
            })
            .collect();
        let mut placed: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (record, (signature, text, hash)) in added.iter().zip(signed) {
            if signature.words.is_empty() {
                continue;
            }
            if !placed.contains_key(&hash) && !self.changes.has(&hash, Property::Text, &text)? {
                self.changes.note_fresh(&hash);
                for key in signature.block_keys() {
                    self.changes.put(&hash, Property::Key, key, true);
                }
                self.changes.put(&hash, Property::Text, text, true);
                dirty.insert(hash.clone());
            }
            self.changes.put(&record.entity, Property::Signature, hash.clone(), true);
            placed.entry(hash).or_default().push(record.entity.clone());
        }
        Ok(placed)
    }

    /// The signatures whose blocks are to be joined anew: those that came or have gone, and all of a name that becomes
    /// crowded or is so no longer. What still has members and was there before needs no new look.
    fn queue(&mut self, dirty: BTreeSet<String>) -> Result<BTreeSet<String>, I::Error> {
        let mut queue = BTreeSet::new();
        let mut sizes: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for hash in dirty {
            let dead = !self.changes.has_members(&hash)?;
            if !dead && !self.changes.values(&hash, Property::BelongsTo)?.is_empty() {
                continue;
            }
            let signature = self.changes.values(&hash, Property::Text)?;
            if let Some(signature) = signature.first().and_then(|text| Signature::parse(text)) {
                for key in signature.crowd_keys(&signature.block_keys()) {
                    let (came, went) = sizes.entry(key.clone()).or_default();
                    *(if dead { went } else { came }) += 1;
                }
            }
            queue.insert(hash);
        }
        for (key, (came, went)) in sizes {
            let before = self.changes.count_bearers(&key, CROWD + 1 + went)?;
            let free = !self.decided.contains(&key);
            let now = free && before + came - went.min(before) > CROWD;
            if now != (free && before > CROWD) {
                queue.extend(self.changes.subjects(Property::Key, &key)?);
            }
            self.crowds.insert(key, now);
        }
        Ok(queue)
    }

    /// Whether a name or an acronym, as the key of a block, is crowded.
    fn is_crowded(&mut self, key: &str) -> Result<bool, I::Error> {
        if self.decided.contains(key) {
            return Ok(false);
        }
        if let Some(crowded) = self.crowds.get(key) {
            return Ok(*crowded);
        }
        let crowded = self.changes.count_bearers(key, CROWD + 1)? > CROWD;
        self.crowds.insert(key.to_owned(), crowded);
        Ok(crowded)
    }

    /// The keys that hold a signature's block together, with those that decisions add.
    fn links(&mut self, signature: &Signature) -> Result<Vec<String>, I::Error> {
        let mut keys = signature.block_keys();
        let mut crowded = Vec::new();
        for key in signature.crowd_keys(&keys) {
            if self.is_crowded(key)? {
                crowded.push(key.clone());
            }
        }
        keys.retain(|key| !crowded.contains(key));
        for decision in self.decisions {
            let sides = [&decision.left, &decision.right];
            if sides.iter().any(|side| side.matches(signature)) {
                keys.extend(sides.iter().filter_map(|side| side.block_key()));
            }
        }
        Ok(keys)
    }

    /// Joins the block of a signature anew; gives all signatures that it held.
    fn block(&mut self, start: &str) -> Result<FxHashSet<String>, I::Error> {
        let (mut members, mut queue) = (FxHashSet::default(), vec![start.to_owned()]);
        let mut keys: FxHashSet<String> = FxHashSet::default();
        let mut former: BTreeSet<String> = BTreeSet::new();
        let mut living: Block = Vec::new();
        // Whether each signature has a key of one before it.
        let mut is_whole = true;
        while let Some(hash) = queue.pop() {
            if members.contains(&hash) {
                continue;
            }
            let told = self.changes.told(&hash)?;
            members.insert(hash.clone());
            let Some(signature) = told.get(Property::Text).next().and_then(Signature::parse) else { continue };
            let mut is_linked = members.len() == 1;
            for key in self.links(&signature)? {
                if keys.contains(&key) {
                    is_linked = true;
                } else {
                    let bearers = self.changes.subjects(Property::Key, &key)?;
                    queue.extend(bearers.into_iter().filter(|hash| !members.contains(hash)));
                    keys.insert(key);
                }
            }
            for identity in told.get(Property::BelongsTo) {
                if !former.contains(identity) {
                    former.insert(identity.to_owned());
                }
            }
            if self.changes.has_members(&hash)? {
                living.push((signature, hash, told));
                is_whole &= is_linked;
            } else {
                self.forget(&hash)?;
                is_whole = false;
            }
        }
        self.clear(former)?;
        living.sort_unstable_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        let parts = if is_whole { vec![living] } else { self.parts(living)? };
        for part in parts {
            self.settle(part)?;
        }
        Ok(members)
    }

    /// The signatures that hang together: one that was removed may have held two blocks together.
    fn parts(&mut self, living: Block) -> Result<Vec<Block>, I::Error> {
        let mut part_of_key: BTreeMap<String, usize> = BTreeMap::new();
        let mut parts: Vec<Block> = Vec::new();
        for (signature, hash, told) in living {
            let keys = self.links(&signature)?;
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
            parts[home].push((signature, hash, told));
        }
        parts.retain(|part| !part.is_empty());
        for part in &mut parts {
            part.sort_unstable_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        }
        Ok(parts)
    }

    /// Takes back what is said of identities.
    fn clear(&mut self, former: BTreeSet<String>) -> Result<(), I::Error> {
        for identity in former {
            if !self.cleared.contains(&identity) {
                for (property, value) in self.changes.index().describe(&identity)? {
                    self.changes.put(&identity, property, value, false);
                }
                self.cleared.insert(identity);
            }
        }
        Ok(())
    }

    /// Joins the signatures of a block, and writes what has changed.
    fn settle(&mut self, living: Block) -> Result<(), I::Error> {
        let (mut block, mut rest) = (Vec::with_capacity(living.len()), Vec::with_capacity(living.len()));
        for (signature, hash, told) in living {
            block.push(signature);
            rest.push((hash, told));
        }
        // Namesakes whose name tells the thing are all here.
        let flag = |signature: &Signature| Ok(signature.can_crowd() && self.is_crowded(&signature.name_key())?);
        let crowded = block.iter().map(flag).collect::<Result<Vec<_>, _>>()?;
        let assignments = cluster(&block, &crowded, self.decisions);
        let mut identities: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, assignment) in assignments.iter().enumerate() {
            identities.entry(assignment.identity).or_default().push(at);
        }
        let names = naming::names(self.base, &block, &crowded, &identities);
        for (number, members) in &identities {
            let Some(iri) = names.get(number) else { continue };
            let of_identity: Vec<&Signature> = members.iter().map(|at| &block[*at]).collect();
            for (property, value) in naming::facts(&of_identity, self.authority) {
                self.changes.put(iri, property, value, true);
            }
            for &at in members {
                let (hash, told) = &rest[at]; // Invariant: members are indices of the block.
                let changed = self.changes.replace(hash, told, Property::BelongsTo, iri);
                self.explain(hash, told, &assignments[at]);
                if changed {
                    for entity in self.changes.subjects(Property::Signature, hash)? {
                        let of_entity = self.changes.told(&entity)?;
                        self.changes.replace(&entity, &of_entity, Property::Identity, iri);
                    }
                }
            }
        }
        Ok(())
    }

    /// Writes why a signature was joined; there is nothing to say of the first of an identity.
    fn explain(&mut self, hash: &str, told: &Told, assignment: &Assignment) {
        let score = if assignment.reason.is_empty() { String::new() } else { format!("{:.3}", assignment.score) };
        let reasons = [
            (Property::Score, score.trim_end_matches('0').trim_end_matches('.')),
            (Property::Reason, assignment.reason.as_str()),
        ];
        for (property, value) in reasons {
            if !assignment.reason.is_empty() {
                self.changes.replace(hash, told, property, value);
                continue;
            }
            for old in told.get(property) {
                self.changes.put(hash, property, old.to_owned(), false);
            }
        }
    }

    /// Removes all that the index holds of a signature.
    fn forget(&mut self, hash: &str) -> Result<(), I::Error> {
        for property in [Property::Text, Property::Key, Property::BelongsTo, Property::Score, Property::Reason] {
            for value in self.changes.values(hash, property)? {
                self.changes.put(hash, property, value, false);
            }
        }
        Ok(())
    }
}
