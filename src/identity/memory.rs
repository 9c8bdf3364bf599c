use std::convert::Infallible;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Delta, Index, Key, Property, SignatureId, Statement, Told};

/// An index in memory: for tests, measurements and who joins without a store.
#[derive(Debug, Default)]
pub struct MemoryIndex {
    signatures: FxHashMap<SignatureId, Known>,
    /// Entities and identities, by their IRIs.
    nodes: FxHashMap<Arc<str>, Told>,
    bearers: FxHashMap<Key, Bearers>,
}

/// What is known of a signature.
#[derive(Debug, Default)]
struct Known {
    told: Told,
    /// The entities that have it.
    members: Vec<Arc<str>>,
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

    fn remove(&mut self, subject: &str, property: Property, value: &str) {
        let is_other = |own, known: &str| own != property || known != value;
        if let Some(id) = SignatureId::parse(subject) {
            if let Some(known) = self.signatures.get_mut(&id) {
                known.told.retain(is_other);
            }
            self.forget_if_empty(id);
            return;
        }
        if let Some(told) = self.nodes.get_mut(subject) {
            told.retain(is_other);
            if told.is_empty() {
                self.nodes.remove(subject);
            }
        }
        if let Some(id) = SignatureId::parse(value).filter(|_| property == Property::Signature) {
            if let Some(known) = self.signatures.get_mut(&id) {
                known.members.retain(|member| **member != *subject);
            }
            self.forget_if_empty(id);
        }
    }

    fn forget_if_empty(&mut self, id: SignatureId) {
        if self.signatures.get(&id).is_some_and(|known| known.told.is_empty() && known.members.is_empty()) {
            self.signatures.remove(&id);
        }
    }

    /// Inserts statements of one subject.
    fn insert(&mut self, statements: &[Statement]) {
        let Some((subject, _, _)) = statements.first() else { return };
        if let Some(id) = SignatureId::parse(subject) {
            tell(&mut self.signatures.entry(id).or_default().told, statements);
            return;
        }
        let iri: Arc<str> = subject.as_str().into();
        let told = self.nodes.entry(iri.clone()).or_default();
        for (_, property, value) in statements {
            if *property == Property::Signature
                && !told.has(*property, value)
                && let Some(id) = SignatureId::parse(value)
            {
                self.signatures.entry(id).or_default().members.push(iri.clone());
            }
        }
        tell(told, statements);
    }

    fn add_key(&mut self, key: Key, id: SignatureId) {
        match self.bearers.entry(key) {
            std::collections::hash_map::Entry::Vacant(new) => {
                new.insert(Bearers::One(id));
            }
            std::collections::hash_map::Entry::Occupied(mut known) => match known.get_mut() {
                Bearers::One(only) if *only == id => {}
                Bearers::One(only) => *known.get_mut() = Bearers::Many(vec![*only, id]),
                Bearers::Many(all) if all.contains(&id) => {}
                Bearers::Many(all) => all.push(id),
            },
        }
    }

    fn remove_key(&mut self, key: Key, id: SignatureId) {
        let is_last = match self.bearers.get_mut(&key) {
            Some(Bearers::One(only)) => *only == id,
            Some(Bearers::Many(all)) => {
                all.retain(|known| *known != id);
                all.is_empty()
            }
            None => false,
        };
        if is_last {
            self.bearers.remove(&key);
        }
    }

    /// The values of a property of an entity or an identity.
    pub fn values(&self, iri: &str, property: Property) -> Vec<String> {
        self.nodes.get(iri).into_iter().flat_map(|told| told.get(property)).map(str::to_owned).collect()
    }

    /// All statements, sorted.
    pub fn statements(&self) -> Vec<Statement> {
        #[expect(clippy::iter_over_hash_type, reason = "sorted below")]
        let mut all: Vec<Statement> = {
            let mut all = Vec::new();
            let mut add = |subject: &str, told: &Told| {
                all.extend(told.iter().map(|(property, value)| (subject.to_owned(), property, value.to_owned())));
            };
            for (id, known) in &self.signatures {
                add(&id.to_string(), &known.told);
            }
            for (iri, told) in &self.nodes {
                add(iri, told);
            }
            all
        };
        all.sort();
        all
    }

    /// All keys with their signatures, sorted.
    pub fn keys(&self) -> Vec<(Key, SignatureId)> {
        let pairs = self.bearers.iter().flat_map(|(key, bearers)| bearers.as_slice().iter().map(|id| (*key, *id)));
        let mut all: Vec<(Key, SignatureId)> = pairs.collect();
        all.sort_unstable();
        all
    }
}

/// Adds statements of one subject that are not there.
fn tell(told: &mut Told, statements: &[Statement]) {
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
        Ok(self.signatures.get(&id).map(|known| known.told.clone()).unwrap_or_default())
    }

    fn describe(&self, iri: &str) -> Result<Told, Infallible> {
        Ok(self.nodes.get(iri).cloned().unwrap_or_default())
    }

    fn bearers(&self, key: Key, most: usize) -> Result<Vec<SignatureId>, Infallible> {
        let bearers = self.bearers.get(&key).map(Bearers::as_slice).unwrap_or_default();
        Ok(bearers.iter().take(most).copied().collect())
    }

    fn members(&self, id: SignatureId, most: usize) -> Result<Vec<String>, Infallible> {
        let known = self.signatures.get(&id);
        Ok(known.into_iter().flat_map(|known| &known.members).take(most).map(|iri| iri.to_string()).collect())
    }
}
