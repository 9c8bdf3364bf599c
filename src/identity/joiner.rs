//! Keeps identities up to date as releases come and go, block by block.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::changes::Changes;
use super::{
    Assignment, Authority, Decision, Delta, Index, Key, Keys, Property, Record, Signature, SignatureId, Told, cluster,
    naming,
};

/// A name that many things may have, or an acronym, is crowded when more signatures have it: its bearers are compared where they
/// share a context, and no more because they have it. A function of what there is, not of the order in which it came.
const CROWD: usize = 24;

/// Computes what a change of releases changes in the index.
pub struct Joiner<'a, I: Index> {
    base: &'a str,
    decisions: &'a [Decision],
    authority: &'a dyn Fn(&Signature) -> Authority,
    changes: Changes<'a, I>,
    /// Signatures that the index does not have, with their keys, until they are joined.
    fresh: FxHashMap<SignatureId, (Signature, Keys)>,
    /// Identities whose statements were taken back: once only, whichever blocks they held together.
    cleared: BTreeSet<String>,
    /// Keys of names and acronyms, and whether they are crowded after the change.
    crowds: FxHashMap<Key, bool>,
    /// Those of them that became crowded, or are so no longer.
    turned: FxHashSet<Key>,
    /// Whether decisions are new or forgotten.
    is_decided_anew: bool,
    /// Keys of names that decisions speak of: their blocks stay whole.
    decided: FxHashSet<Key>,
}

/// A signature of a block, what is said of it, and the keys that hold it there.
struct Joined {
    signature: Signature,
    id: SignatureId,
    told: Told,
    /// The key of a name that many things may have.
    name: Option<Key>,
    links: Vec<Key>,
}

/// Entities by signature, with what the index says of that.
type Placed = BTreeMap<SignatureId, (Told, Vec<String>)>;

/// The signatures of a block, sorted: memory for all in one piece would come fresh from the system each time.
type Block = Vec<Box<Joined>>;

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
            fresh: FxHashMap::default(),
            cleared: BTreeSet::new(),
            crowds: FxHashMap::default(),
            turned: FxHashSet::default(),
            is_decided_anew: false,
            decided: sides.filter_map(|side| side.block_key()).collect(),
        }
    }

    /// Takes away the entities `removed` (IRIs), adds `added`, and joins anew what that touches; `touched` are keys of blocks
    /// to join anew besides (those of new or forgotten decisions).
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn update(mut self, removed: &[String], added: &[Record], touched: &[Key]) -> Result<Delta, I::Error> {
        let mut dirty = self.take_away(removed)?;
        let placed = self.place(added, &mut dirty)?;
        let mut queue = self.queue(dirty)?;
        self.is_decided_anew = !touched.is_empty();
        queue.extend(self.changes.bearers(touched)?.into_iter().flatten());
        let mut done = FxHashSet::default();
        while let Some(id) = queue.pop_first() {
            if !done.contains(&id) {
                done.extend(self.block(id)?);
            }
        }
        for (id, (told, entities)) in placed {
            let told = self.changes.as_changed(id, told);
            for identity in told.get(Property::BelongsTo) {
                for entity in &entities {
                    self.changes.put(entity, Property::Identity, identity.to_owned(), true);
                }
            }
        }
        Ok(self.changes.into_delta())
    }

    /// Takes entities away; gives the signatures that they had.
    fn take_away(&mut self, removed: &[String]) -> Result<BTreeSet<SignatureId>, I::Error> {
        let mut dirty = BTreeSet::new();
        for entity in removed {
            let told = self.changes.index().describe(entity)?;
            for id in told.get(Property::Signature).filter_map(SignatureId::parse) {
                self.changes.put_member(entity, id, false);
                for identity in self.changes.signature(id)?.get(Property::BelongsTo) {
                    self.changes.put(entity, Property::Identity, identity.to_owned(), false);
                }
                dirty.insert(id);
            }
        }
        Ok(dirty)
    }

    /// Adds entities; gives them by signature, with what the index says of that.
    fn place(&mut self, added: &[Record], dirty: &mut BTreeSet<SignatureId>) -> Result<Placed, I::Error> {
        let signed: Vec<(Signature, String, SignatureId)> = added
            .par_iter()
            .with_min_len(64)
            .map(|record| {
                let signature = Signature::new(record);
                let text = signature.text();
                let id = SignatureId::of(&text);
                (signature, text, id)
            })
            .collect();
        let mut ids: Vec<SignatureId> = signed.iter().map(|(_, _, id)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        let told = self.changes.signatures(&ids)?;
        let mut placed: Placed = ids.into_iter().zip(told.into_iter().map(|told| (told, Vec::new()))).collect();
        for (record, (signature, text, id)) in added.iter().zip(signed) {
            if signature.words.is_empty() {
                continue;
            }
            let Some((told, entities)) = placed.get_mut(&id) else { continue };
            if told.is_empty() && entities.is_empty() {
                self.changes.note_fresh(id);
                let keys = signature.keys();
                for key in keys.all() {
                    self.changes.put_key(*key, id, true);
                }
                for (property, value) in
                    [(Property::Text, text), (Property::Words, signature.key()), (Property::Keys, keys.text())]
                {
                    self.changes.put_signature(id, property, value, true);
                }
                self.fresh.insert(id, (signature, keys));
                dirty.insert(id);
            }
            self.changes.put_member(&record.entity, id, true);
            entities.push(record.entity.clone());
        }
        Ok(placed)
    }

    /// The signatures whose blocks are to be joined anew: those that came or have gone, and all of a name that becomes
    /// crowded or is so no longer. What still has members and was there before needs no new look.
    fn queue(&mut self, dirty: BTreeSet<SignatureId>) -> Result<BTreeSet<SignatureId>, I::Error> {
        let mut queue = BTreeSet::new();
        let mut sizes: BTreeMap<Key, (usize, usize)> = BTreeMap::new();
        for id in dirty {
            if let Some((_, keys)) = self.fresh.get(&id) {
                keys.crowding().iter().for_each(|key| sizes.entry(*key).or_default().0 += 1);
            } else if !self.changes.has_members(id)? {
                let told = self.changes.signature(id)?;
                if let Some(keys) = told.first(Property::Keys).and_then(Keys::parse) {
                    keys.crowding().iter().for_each(|key| sizes.entry(*key).or_default().1 += 1);
                }
            } else {
                continue;
            }
            queue.insert(id);
        }
        for (key, (came, went)) in sizes {
            let before = self.changes.count_bearers(key, CROWD + 1 + went)?;
            let free = !self.decided.contains(&key);
            let now = free && before + came - went.min(before) > CROWD;
            if now != (free && before > CROWD) {
                self.turned.insert(key);
                queue.extend(self.changes.bearers(&[key])?.into_iter().flatten());
            }
            self.crowds.insert(key, now);
        }
        Ok(queue)
    }

    /// Whether a name or an acronym, as the key of a block, is crowded.
    fn is_crowded(&mut self, key: Key) -> Result<bool, I::Error> {
        if self.decided.contains(&key) {
            return Ok(false);
        }
        if let Some(crowded) = self.crowds.get(&key) {
            return Ok(*crowded);
        }
        let crowded = self.changes.count_bearers(key, CROWD + 1)? > CROWD;
        self.crowds.insert(key, crowded);
        Ok(crowded)
    }

    /// The keys that hold a signature's block together, with those that decisions add.
    fn links(&mut self, signature: &Signature, keys: &Keys) -> Result<Vec<Key>, I::Error> {
        let mut links = Vec::with_capacity(keys.all().len());
        let mut crowded = Vec::new();
        for key in keys.crowding() {
            if self.is_crowded(*key)? {
                crowded.push(*key);
            }
        }
        links.extend(keys.all().iter().filter(|key| !crowded.contains(key)));
        for decision in self.decisions {
            let sides = [&decision.left, &decision.right];
            if sides.iter().any(|side| side.matches(signature)) {
                links.extend(sides.iter().filter_map(|side| side.block_key()));
            }
        }
        Ok(links)
    }

    /// A signature of which so much is said, with its keys; `None` where it has gone.
    fn look(&mut self, id: SignatureId, told: &Told) -> Option<(Signature, Keys)> {
        self.fresh.remove(&id).or_else(|| {
            let signature = Signature::parse_with(told.first(Property::Text)?, told.first(Property::Words)?)?;
            Some((signature, Keys::parse(told.first(Property::Keys)?)?))
        })
    }

    /// Joins the block of a signature anew; gives all signatures that it held.
    fn block(&mut self, start: SignatureId) -> Result<FxHashSet<SignatureId>, I::Error> {
        let (mut members, mut wave) = (FxHashSet::from_iter([start]), vec![start]);
        let mut keys: FxHashSet<Key> = FxHashSet::default();
        let mut former: BTreeSet<String> = BTreeSet::new();
        let mut living: Block = Vec::new();
        // Whether each signature has a key of one before it, and whether nothing but new signatures came to the block.
        let (mut is_whole, mut has_grown) = (true, !self.is_decided_anew);
        while !wave.is_empty() {
            let mut reached = Vec::new();
            let told = self.changes.signatures(&wave)?;
            for (id, told) in wave.drain(..).zip(told) {
                let Some((signature, own)) = self.look(id, &told) else { continue };
                let mut is_linked = id == start;
                let links = self.links(&signature, &own)?;
                has_grown &= !self.has_turned(&own);
                for key in &links {
                    if keys.insert(*key) { reached.push(*key) } else { is_linked = true }
                }
                for identity in told.get(Property::BelongsTo) {
                    if !former.contains(identity) {
                        former.insert(identity.to_owned());
                    }
                }
                if self.changes.has_members(id)? {
                    living.push(Box::new(Joined { signature, id, told, name: own.crowding_name(), links }));
                    is_whole &= is_linked;
                } else {
                    self.forget(id, &own, &told);
                    is_whole = false;
                }
            }
            let bearers = self.changes.bearers(&reached)?.into_iter().flatten();
            wave.extend(bearers.filter(|id| members.insert(*id)));
        }
        sort(&mut living);
        if is_whole && has_grown {
            self.settle(&living, former)?;
        } else {
            self.clear(former)?;
            let parts = if is_whole { vec![living] } else { parts(living) };
            for part in parts {
                self.settle(&part, BTreeSet::new())?;
            }
        }
        Ok(members)
    }

    /// Whether one of the keys became crowded, or is so no longer.
    fn has_turned(&self, keys: &Keys) -> bool {
        !self.turned.is_empty() && keys.crowding().iter().any(|key| self.turned.contains(key))
    }

    /// Takes back what is said of identities.
    fn clear(&mut self, former: BTreeSet<String>) -> Result<(), I::Error> {
        for identity in former {
            if !self.cleared.contains(&identity) {
                for (property, value) in self.changes.index().describe(&identity)?.iter() {
                    self.changes.put(&identity, property, value.to_owned(), false);
                }
                self.cleared.insert(identity);
            }
        }
        Ok(())
    }

    /// Joins the signatures of a block, and writes what has changed. `former` are their identities, where nothing but new
    /// signatures came to them since those were written; else all is to be written anew.
    fn settle(&mut self, living: &[Box<Joined>], mut former: BTreeSet<String>) -> Result<(), I::Error> {
        let block: Vec<&Signature> = living.iter().map(|joined| &joined.signature).collect();
        // Namesakes whose name tells the thing are all here.
        let mut crowded = Vec::with_capacity(living.len());
        for joined in living {
            crowded.push(if let Some(name) = joined.name { self.is_crowded(name)? } else { false });
        }
        let assignments = cluster(&block, &crowded, self.decisions);
        let mut identities: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, assignment) in assignments.iter().enumerate() {
            identities.entry(assignment.identity).or_default().push(at);
        }
        for (joined, assignment) in living.iter().zip(&assignments) {
            self.explain(joined, assignment);
        }
        if !former.is_empty() {
            let belonged: Vec<Option<&str>> =
                living.iter().map(|joined| joined.told.first(Property::BelongsTo)).collect();
            for number in naming::unchanged(&block, &crowded, &identities, &belonged) {
                if let Some(identity) = identities.remove(&number).and_then(|members| belonged[*members.first()?]) {
                    former.remove(identity);
                }
            }
            self.clear(former)?;
        }
        let names = naming::names(self.base, &block, &crowded, &identities);
        for (number, members) in &identities {
            let Some(iri) = names.get(number) else { continue };
            let of_identity: Vec<&Signature> = members.iter().map(|at| block[*at]).collect();
            for (property, value) in naming::facts(&of_identity, self.authority) {
                self.changes.put(iri, property, value, true);
            }
            for &at in members {
                self.assign(&living[at], iri)?; // Invariant: members are indices of the block.
            }
        }
        Ok(())
    }

    /// Writes the identity of a signature and of its entities.
    fn assign(&mut self, Joined { id, told, .. }: &Joined, iri: &str) -> Result<(), I::Error> {
        if self.changes.replace_signature(*id, told, Property::BelongsTo, iri) {
            for entity in self.changes.members(*id)? {
                for identity in told.get(Property::BelongsTo) {
                    self.changes.put(&entity, Property::Identity, identity.to_owned(), false);
                }
                self.changes.put(&entity, Property::Identity, iri.to_owned(), true);
            }
        }
        Ok(())
    }

    /// Writes why a signature was joined; there is nothing to say of the first of an identity.
    fn explain(&mut self, Joined { id, told, .. }: &Joined, assignment: &Assignment) {
        let id = *id;
        if assignment.reason.is_empty() {
            for property in [Property::Score, Property::Reason] {
                for old in told.get(property) {
                    self.changes.put_signature(id, property, old.to_owned(), false);
                }
            }
            return;
        }
        if told.first(Property::Score).and_then(|score| score.parse().ok()) != Some(assignment.score) {
            let score = format!("{:.3}", assignment.score);
            let score = score.trim_end_matches('0').trim_end_matches('.');
            self.changes.replace_signature(id, told, Property::Score, score);
        }
        self.changes.replace_signature(id, told, Property::Reason, &assignment.reason);
    }

    /// Removes all that the index holds of a signature.
    fn forget(&mut self, id: SignatureId, keys: &Keys, told: &Told) {
        for (property, value) in told.iter() {
            self.changes.put_signature(id, property, value.to_owned(), false);
        }
        for key in keys.all() {
            self.changes.put_key(*key, id, false);
        }
    }
}

fn sort(block: &mut Block) {
    block.sort_unstable_by(|a, b| (&a.signature, a.id).cmp(&(&b.signature, b.id)));
}

/// The signatures that hang together: one that was removed may have held two blocks together.
fn parts(living: Block) -> Vec<Block> {
    let mut part_of_key: BTreeMap<Key, usize> = BTreeMap::new();
    let mut parts: Vec<Block> = Vec::new();
    for joined in living {
        let meeting: BTreeSet<usize> = joined.links.iter().filter_map(|key| part_of_key.get(key)).copied().collect();
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
        part_of_key.extend(joined.links.iter().map(|key| (*key, home)));
        parts[home].push(joined);
    }
    parts.retain(|part| !part.is_empty());
    parts.iter_mut().for_each(sort);
    parts
}
