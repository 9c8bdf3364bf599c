use std::convert::Infallible;
use std::hash::BuildHasher;
use std::sync::Arc;

use rustc_hash::FxBuildHasher;

use super::parts::{Hashed, Parts};
use super::{Delta, Index, Key, Property, SignatureId, Statement, Told};

/// An index in memory: for tests, measurements and who joins without a store.
#[derive(Debug, Default)]
pub struct MemoryIndex {
    signatures: Parts<Known>,
    entities: Parts<Entity>,
    identities: Parts<Identity>,
    bearers: Parts<Borne>,
}

/// What is known of a signature.
#[derive(Debug)]
struct Known {
    id: SignatureId,
    told: Told,
    /// The entities that have it.
    members: Vec<Arc<str>>,
}

/// An entity, whose identity is that of its signature.
#[derive(Debug)]
struct Entity {
    hash: u64,
    iri: Arc<str>,
    signature: SignatureId,
}

/// What is known of an identity.
#[derive(Debug)]
struct Identity {
    hash: u64,
    iri: Box<str>,
    told: Told,
}

/// A key with the signatures that have it.
#[derive(Debug)]
struct Borne {
    key: Key,
    bearers: Bearers,
}

impl Hashed for Known {
    fn hash(&self) -> u64 {
        self.id.low()
    }
}

impl Hashed for Entity {
    fn hash(&self) -> u64 {
        self.hash
    }
}

impl Hashed for Identity {
    fn hash(&self) -> u64 {
        self.hash
    }
}

impl Hashed for Borne {
    fn hash(&self) -> u64 {
        self.key.0
    }
}

/// The signatures of a key: one, for most.
#[derive(Debug)]
enum Bearers {
    One(SignatureId),
    Many(Vec<SignatureId>),
}

impl Bearers {
    fn as_slice(&self) -> &[SignatureId] {
        match self {
            Self::One(only) => std::slice::from_ref(only),
            Self::Many(all) => all,
        }
    }
}

impl MemoryIndex {
    /// Does what a joiner has found.
    pub fn apply(&mut self, delta: Delta) {
        for (subject, property, value) in delta.remove {
            self.remove(&subject, property, &value);
        }
        for of_subject in delta.insert.chunk_by(|one, other| one.0 == other.0) {
            self.insert(of_subject);
        }
        for (key, id, is_inserted) in delta.keys {
            if is_inserted { self.add_key(key, id) } else { self.remove_key(key, id) }
        }
    }

    fn known(&self, id: SignatureId) -> Option<&Known> {
        self.signatures.find(id.low(), |known| known.id == id)
    }

    fn known_mut(&mut self, id: SignatureId) -> &mut Known {
        let new = || Known { id, told: Told::default(), members: Vec::new() };
        self.signatures.find_or_insert(id.low(), |known| known.id == id, new)
    }

    fn entity(&self, iri: &str) -> Option<&Entity> {
        self.entities.find(FxBuildHasher.hash_one(iri), |entity| *entity.iri == *iri)
    }

    fn identity(&self, iri: &str) -> Option<&Identity> {
        self.identities.find(FxBuildHasher.hash_one(iri), |identity| *identity.iri == *iri)
    }

    fn borne(&self, key: Key) -> &[SignatureId] {
        let borne = self.bearers.find(key.0, |borne| borne.key == key);
        borne.map(|borne| borne.bearers.as_slice()).unwrap_or_default()
    }

    fn remove(&mut self, subject: &str, property: Property, value: &str) {
        let is_other = |own, known: &str| own != property || known != value;
        if let Some(id) = SignatureId::parse(subject) {
            self.known_mut(id).told.retain(is_other);
            self.forget_if_empty(id);
            return;
        }
        let hash = FxBuildHasher.hash_one(subject);
        match property {
            Property::Identity => {}
            Property::Signature => {
                self.entities.remove(hash, |entity| *entity.iri == *subject);
                if let Some(id) = SignatureId::parse(value) {
                    self.known_mut(id).members.retain(|member| **member != *subject);
                    self.forget_if_empty(id);
                }
            }
            _ => {
                let is_it = |identity: &Identity| *identity.iri == *subject;
                let Some(identity) = self.identities.find_mut(hash, is_it) else { return };
                identity.told.retain(is_other);
                if identity.told.is_empty() {
                    self.identities.remove(hash, is_it);
                }
            }
        }
    }

    fn forget_if_empty(&mut self, id: SignatureId) {
        if self.known(id).is_some_and(|known| known.told.is_empty() && known.members.is_empty()) {
            self.signatures.remove(id.low(), |known| known.id == id);
        }
    }

    /// Inserts statements of one subject.
    fn insert(&mut self, statements: &[Statement]) {
        let Some((subject, _, _)) = statements.first() else { return };
        if let Some(id) = SignatureId::parse(subject) {
            tell(&mut self.known_mut(id).told, statements);
            return;
        }
        let hash = FxBuildHasher.hash_one(subject.as_str());
        let of_entity = |property| matches!(property, Property::Identity | Property::Signature);
        if statements.iter().all(|(_, property, _)| of_entity(*property)) {
            let ids = statements.iter().filter(|(_, property, _)| *property == Property::Signature);
            for signature in ids.filter_map(|(_, _, value)| SignatureId::parse(value)) {
                let is_it = |entity: &Entity| *entity.iri == **subject && entity.signature == signature;
                if self.entities.find(hash, is_it).is_none() {
                    let iri: Arc<str> = subject.as_str().into();
                    self.entities.find_or_insert(hash, is_it, || Entity { hash, iri: iri.clone(), signature });
                    self.known_mut(signature).members.push(iri);
                }
            }
            return;
        }
        let new = || Identity { hash, iri: subject.as_str().into(), told: Told::default() };
        let identity = self.identities.find_or_insert(hash, |identity| *identity.iri == **subject, new);
        tell(&mut identity.told, statements);
    }

    fn add_key(&mut self, key: Key, id: SignatureId) {
        let new = || Borne { key, bearers: Bearers::One(id) };
        let borne = self.bearers.find_or_insert(key.0, |borne| borne.key == key, new);
        match &mut borne.bearers {
            Bearers::One(only) if *only == id => {}
            Bearers::One(only) => borne.bearers = Bearers::Many(vec![*only, id]),
            Bearers::Many(all) if all.contains(&id) => {}
            Bearers::Many(all) => all.push(id),
        }
    }

    fn remove_key(&mut self, key: Key, id: SignatureId) {
        let is_it = |borne: &Borne| borne.key == key;
        let is_last = match self.bearers.find_mut(key.0, is_it).map(|borne| &mut borne.bearers) {
            Some(Bearers::One(only)) => *only == id,
            Some(Bearers::Many(all)) => {
                all.retain(|known| *known != id);
                all.is_empty()
            }
            None => false,
        };
        if is_last {
            self.bearers.remove(key.0, is_it);
        }
    }

    /// The values of a property of an identity, or the identity of an entity.
    pub fn values(&self, iri: &str, property: Property) -> Vec<String> {
        let values = |told: &Told, property| told.get(property).map(str::to_owned).collect();
        match self.entity(iri).and_then(|entity| self.known(entity.signature)) {
            Some(known) if property == Property::Identity => values(&known.told, Property::BelongsTo),
            _ => self.identity(iri).map(|identity| values(&identity.told, property)).unwrap_or_default(),
        }
    }

    /// All statements, sorted.
    pub fn statements(&self) -> Vec<Statement> {
        let mut all: Vec<Statement> = Vec::new();
        let mut add = |subject: &str, told: &Told| {
            all.extend(told.iter().map(|(property, value)| (subject.to_owned(), property, value.to_owned())));
        };
        self.signatures.iter().for_each(|known| add(&known.id.text(), &known.told));
        self.identities.iter().for_each(|identity| add(&identity.iri, &identity.told));
        for entity in self.entities.iter() {
            let identities = self.values(&entity.iri, Property::Identity).into_iter();
            all.extend(identities.map(|identity| (entity.iri.to_string(), Property::Identity, identity)));
            all.push((entity.iri.to_string(), Property::Signature, entity.signature.text()));
        }
        all.sort();
        all
    }

    /// All keys with their signatures, sorted.
    pub fn keys(&self) -> Vec<(Key, SignatureId)> {
        let pairs = self.bearers.iter().flat_map(|borne| borne.bearers.as_slice().iter().map(|id| (borne.key, *id)));
        let mut all: Vec<(Key, SignatureId)> = pairs.collect();
        all.sort_unstable();
        all
    }
}

/// Adds statements of one subject that are not there.
fn tell(told: &mut Told, statements: &[Statement]) {
    told.reserve(statements.iter().map(|(_, _, value)| value.as_str()));
    for (_, property, value) in statements {
        if !told.has(*property, value) {
            told.push(*property, value);
        }
    }
    told.shrink();
}

impl Index for MemoryIndex {
    type Error = Infallible;

    fn signature(&self, id: SignatureId) -> Result<Told, Infallible> {
        Ok(self.known(id).map(|known| known.told.clone()).unwrap_or_default())
    }

    fn signatures(&self, ids: &[SignatureId]) -> Result<Vec<Told>, Infallible> {
        // Main memory is far: it is asked for all before the first is copied.
        let known: Vec<Option<&Known>> = ids.iter().map(|id| self.known(*id)).collect();
        let starts = known.iter().flatten().filter_map(|known| known.told.as_bytes().first());
        std::hint::black_box(starts.fold(0_u8, |all, start| all | start));
        Ok(known.into_iter().map(|known| known.map(|known| known.told.clone()).unwrap_or_default()).collect())
    }

    fn describe(&self, iri: &str) -> Result<Told, Infallible> {
        if let Some(identity) = self.identity(iri) {
            return Ok(identity.told.clone());
        }
        let mut told = Told::default();
        if let Some(entity) = self.entity(iri) {
            told.push(Property::Signature, &entity.signature.text());
        }
        Ok(told)
    }

    fn bearers(&self, key: Key, most: usize) -> Result<Vec<SignatureId>, Infallible> {
        Ok(self.borne(key).iter().take(most).copied().collect())
    }

    fn bearers_of(&self, keys: &[Key]) -> Result<Vec<Vec<SignatureId>>, Infallible> {
        let borne: Vec<&[SignatureId]> = keys.iter().map(|key| self.borne(*key)).collect();
        Ok(borne.into_iter().map(<[_]>::to_vec).collect())
    }

    fn members(&self, id: SignatureId, most: usize) -> Result<Vec<String>, Infallible> {
        let known = self.known(id);
        Ok(known.into_iter().flat_map(|known| &known.members).take(most).map(|iri| iri.to_string()).collect())
    }
}
