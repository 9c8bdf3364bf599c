//! An index with changes on top of it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Delta, Index, Key, Property, SignatureId, Told};

/// What changes of a subject: property, value, and whether that is inserted (else removed).
type OfSubject = Vec<(Property, String, bool)>;

/// An index as it will be: reads see the changes that were put.
pub(super) struct Changes<'a, I: Index> {
    index: &'a I,
    signatures: FxHashMap<SignatureId, OfSubject>,
    /// Entities and identities, by their IRIs.
    nodes: FxHashMap<String, OfSubject>,
    /// By key: signatures, and whether they are inserted (else removed).
    keys: FxHashMap<Key, Vec<(SignatureId, bool)>>,
    /// By signature: entities, and whether they are inserted.
    members: FxHashMap<SignatureId, Vec<(String, bool)>>,
    /// Signatures that the index does not have: it is not asked for them.
    fresh: FxHashSet<SignatureId>,
    /// The signatures of keys in the index, as far as all were read.
    bearers: FxHashMap<Key, Vec<SignatureId>>,
}

impl<'a, I: Index> Changes<'a, I> {
    pub(super) fn new(index: &'a I) -> Self {
        Self {
            index,
            signatures: FxHashMap::default(),
            nodes: FxHashMap::default(),
            keys: FxHashMap::default(),
            members: FxHashMap::default(),
            fresh: FxHashSet::default(),
            bearers: FxHashMap::default(),
        }
    }

    /// The index without the changes.
    pub(super) fn index(&self) -> &'a I {
        self.index
    }

    /// Takes note that the index does not have the signature.
    pub(super) fn note_fresh(&mut self, id: SignatureId) {
        self.fresh.insert(id);
    }

    /// Records a change of an entity or an identity; one that undoes an earlier one cancels it.
    pub(super) fn put(&mut self, iri: &str, property: Property, value: String, insert: bool) {
        change(&mut self.nodes, iri, |of_node| put(of_node, property, value, insert));
    }

    /// The same of a signature.
    pub(super) fn put_signature(&mut self, id: SignatureId, property: Property, value: String, insert: bool) {
        put(self.signatures.entry(id).or_default(), property, value, insert);
    }

    /// The same of the signature that an entity has.
    pub(super) fn put_member(&mut self, entity: &str, id: SignatureId, insert: bool) {
        self.put(entity, Property::Signature, id.text(), insert);
        let members = self.members.entry(id).or_default();
        match members.iter().position(|(known, _)| known == entity) {
            Some(at) if members.get(at).is_some_and(|known| known.1 != insert) => {
                members.swap_remove(at);
            }
            Some(_) => {}
            None => members.push((entity.to_owned(), insert)),
        }
    }

    /// The same of the key of a signature.
    pub(super) fn put_key(&mut self, key: Key, id: SignatureId, insert: bool) {
        let bearers = self.keys.entry(key).or_default();
        match bearers.iter().position(|(known, _)| *known == id) {
            Some(at) if bearers.get(at).is_some_and(|known| known.1 != insert) => {
                bearers.swap_remove(at);
            }
            Some(_) => {}
            None => bearers.push((id, insert)),
        }
    }

    /// Makes `value` the only value of a signature's property, of which it has those `told`; whether that was new.
    pub(super) fn replace_signature(&mut self, id: SignatureId, told: &Told, property: Property, value: &str) -> bool {
        let is_new = !told.is_only(property, value);
        if is_new {
            replace(self.signatures.entry(id).or_default(), told, property, value);
        }
        is_new
    }

    /// All that is said of a signature.
    pub(super) fn signature(&self, id: SignatureId) -> Result<Told, I::Error> {
        let told = if self.fresh.contains(&id) { Told::default() } else { self.index.signature(id)? };
        Ok(self.as_changed(id, told))
    }

    /// All that is said of each of several signatures.
    pub(super) fn signatures(&self, ids: &[SignatureId]) -> Result<Vec<Told>, I::Error> {
        let asked: Vec<SignatureId> = ids.iter().filter(|id| !self.fresh.contains(id)).copied().collect();
        let mut told = self.index.signatures(&asked)?.into_iter();
        let told = ids.iter().map(|id| {
            let told = if self.fresh.contains(id) { None } else { told.next() };
            self.as_changed(*id, told.unwrap_or_default())
        });
        Ok(told.collect())
    }

    /// What was `told` of a signature before, with the changes since.
    pub(super) fn as_changed(&self, id: SignatureId, told: Told) -> Told {
        with(told, self.signatures.get(&id))
    }

    /// How many signatures of the index have the key, counted up to `most`.
    pub(super) fn count_bearers(&mut self, key: Key, most: usize) -> Result<usize, I::Error> {
        if let Some(bearers) = self.bearers.get(&key) {
            return Ok(bearers.len().min(most));
        }
        let bearers = self.index.bearers(key, most)?;
        let count = bearers.len();
        if count < most {
            self.bearers.insert(key, bearers);
        }
        Ok(count)
    }

    /// The signatures with each of the keys, each once, in any order.
    pub(super) fn bearers(&self, keys: &[Key]) -> Result<Vec<Vec<SignatureId>>, I::Error> {
        let asked: Vec<Key> = keys.iter().filter(|key| !self.bearers.contains_key(key)).copied().collect();
        let mut read = self.index.bearers_of(&asked)?.into_iter();
        let all = keys.iter().map(|key| {
            let mut bearers = match self.bearers.get(key) {
                Some(bearers) => bearers.clone(),
                None => read.next().unwrap_or_default(),
            };
            if let Some(changed) = self.keys.get(key).filter(|changed| !changed.is_empty()) {
                if !bearers.is_empty() {
                    // What is inserted may be there already.
                    let known: FxHashSet<SignatureId> = changed.iter().map(|(id, _)| *id).collect();
                    bearers.retain(|id| !known.contains(id));
                }
                bearers.extend(changed.iter().filter(|(_, insert)| *insert).map(|(id, _)| *id));
            }
            bearers
        });
        Ok(all.collect())
    }

    /// The entities of the index that still have a signature, each once, in any order.
    pub(super) fn members(&self, id: SignatureId) -> Result<Vec<String>, I::Error> {
        // No entity had a new signature.
        if self.fresh.contains(&id) {
            return Ok(Vec::new());
        }
        let mut members = self.index.members(id, usize::MAX)?;
        if let Some(changed) = self.members.get(&id).filter(|changed| !changed.is_empty()) {
            let known: FxHashSet<&str> = changed.iter().map(|(entity, _)| entity.as_str()).collect();
            members.retain(|entity| !known.contains(entity.as_str()));
        }
        Ok(members)
    }

    /// Whether a signature that is there or was added has entities.
    pub(super) fn has_members(&self, id: SignatureId) -> Result<bool, I::Error> {
        match self.members.get(&id) {
            Some(changed) if changed.iter().any(|(_, insert)| *insert) => Ok(true),
            Some(changed) if !changed.is_empty() => {
                // Only as many can be gone as were removed.
                Ok(self.index.members(id, changed.len() + 1)?.len() > changed.len())
            }
            // Invariant: the index has no signature without entities.
            _ => Ok(true),
        }
    }

    /// All changes, sorted.
    pub(super) fn into_delta(self) -> Delta {
        let mut delta = Delta::default();
        let signatures = self.signatures.into_iter().map(|(id, changed)| (id.text(), changed));
        let mut changes: Vec<(String, OfSubject)> = signatures.chain(self.nodes).collect();
        changes.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        for (subject, mut of_subject) in changes {
            of_subject.sort_unstable();
            for (property, value, insert) in of_subject {
                let statement = (subject.clone(), property, value);
                if insert { delta.insert.push(statement) } else { delta.remove.push(statement) }
            }
        }
        let keys = self.keys.into_iter();
        delta.keys = keys.flat_map(|(key, ids)| ids.into_iter().map(move |(id, insert)| (key, id, insert))).collect();
        delta.keys.sort_unstable();
        delta
    }
}

/// Changes what is put of a node; most are known, and their IRIs are not copied again.
fn change(nodes: &mut FxHashMap<String, OfSubject>, iri: &str, change: impl FnOnce(&mut OfSubject)) {
    match nodes.get_mut(iri) {
        Some(of_node) => change(of_node),
        None => change(nodes.entry(iri.to_owned()).or_default()),
    }
}

/// Records a change; one that undoes an earlier one cancels it.
fn put(of_subject: &mut OfSubject, property: Property, value: String, insert: bool) {
    match of_subject.iter().position(|(p, v, _)| *p == property && *v == value) {
        Some(at) if of_subject.get(at).is_some_and(|known| known.2 != insert) => {
            of_subject.swap_remove(at);
        }
        Some(_) => {}
        None => of_subject.push((property, value, insert)),
    }
}

fn replace(of_subject: &mut OfSubject, told: &Told, property: Property, value: &str) {
    for old in told.get(property).filter(|old| *old != value) {
        put(of_subject, property, old.to_owned(), false);
    }
    if !told.has(property, value) {
        put(of_subject, property, value.to_owned(), true);
    }
}

/// What was told with the changes since.
fn with(mut told: Told, changed: Option<&OfSubject>) -> Told {
    for (property, value, insert) in changed.into_iter().flatten() {
        told.retain(|own, known| (own, known) != (*property, value));
        if *insert {
            told.push(*property, value);
        }
    }
    told
}
