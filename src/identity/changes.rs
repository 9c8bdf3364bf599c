//! An index with changes on top of it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Delta, Index, Property};

/// What changes of a subject: property, value, and whether that is inserted (else removed).
type OfSubject = Vec<(Property, String, bool)>;

/// An index as it will be: reads see the changes that were put.
pub(super) struct Changes<'a, I: Index> {
    index: &'a I,
    /// By subject.
    changes: FxHashMap<String, OfSubject>,
    /// By key: signatures, and whether they are inserted (else removed).
    bearing: FxHashMap<String, Vec<(String, bool)>>,
    /// By signature: entities, and whether they are inserted.
    members: FxHashMap<String, Vec<(String, bool)>>,
    /// Subjects that the index does not have: it is not asked for them.
    fresh: FxHashSet<String>,
    /// The subjects of keys in the index, as far as all were read.
    bearers: FxHashMap<String, Vec<String>>,
}

/// What is said of a subject.
#[derive(Debug, Default)]
pub(super) struct Told(Vec<(Property, String)>);

impl Told {
    /// The values of a property.
    pub(super) fn get(&self, property: Property) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(own, _)| *own == property).map(|(_, value)| value.as_str())
    }
}

impl<'a, I: Index> Changes<'a, I> {
    pub(super) fn new(index: &'a I) -> Self {
        Self {
            index,
            changes: FxHashMap::default(),
            bearing: FxHashMap::default(),
            members: FxHashMap::default(),
            fresh: FxHashSet::default(),
            bearers: FxHashMap::default(),
        }
    }

    /// The index without the changes.
    pub(super) fn index(&self) -> &'a I {
        self.index
    }

    /// Takes note that the index does not have the subject.
    pub(super) fn note_fresh(&mut self, subject: &str) {
        self.fresh.insert(subject.to_owned());
    }

    /// How many signatures of the index have the key, counted up to `most`.
    pub(super) fn count_bearers(&mut self, key: &str, most: usize) -> Result<usize, I::Error> {
        if let Some(bearers) = self.bearers.get(key) {
            return Ok(bearers.len().min(most));
        }
        let bearers = self.index.subjects_up_to(Property::Key, key, most)?;
        let count = bearers.len();
        if count < most {
            self.bearers.insert(key.to_owned(), bearers);
        }
        Ok(count)
    }

    /// Records a change; one that undoes an earlier one cancels it.
    pub(super) fn put(&mut self, subject: &str, property: Property, value: String, insert: bool) {
        let of_subject = match self.changes.get_mut(subject) {
            Some(of_subject) => of_subject,
            None => self.changes.entry(subject.to_owned()).or_default(),
        };
        let reversed = match property {
            Property::Key => Some(&mut self.bearing),
            Property::Signature => Some(&mut self.members),
            _ => None,
        };
        let known = of_subject.iter().position(|(p, v, _)| *p == property && *v == value);
        if let Some(at) = known {
            // Invariant: a position in the list.
            if of_subject[at].2 == insert {
                return;
            }
            of_subject.swap_remove(at);
            if let Some(subjects) = reversed.and_then(|reversed| reversed.get_mut(&value)) {
                subjects.retain(|(known, _)| known != subject);
            }
            return;
        }
        if let Some(reversed) = reversed {
            reversed.entry(value.clone()).or_default().push((subject.to_owned(), insert));
        }
        of_subject.push((property, value, insert));
    }

    /// Makes `value` the only value of the property, of which the subject has those `told`; whether that was new.
    pub(super) fn replace(&mut self, subject: &str, told: &Told, property: Property, value: &str) -> bool {
        let mut found = false;
        for old in told.get(property) {
            if old == value {
                found = true;
            } else {
                self.put(subject, property, old.to_owned(), false);
            }
        }
        if !found {
            self.put(subject, property, value.to_owned(), true);
        }
        !found
    }

    /// All that is said of a subject but its keys, read at once.
    pub(super) fn told(&self, subject: &str) -> Result<Told, I::Error> {
        let mut told = if self.fresh.contains(subject) { Vec::new() } else { self.index.describe(subject)? };
        for (property, value, insert) in self.of(subject) {
            told.retain(|known| (known.0, &known.1) != (*property, value));
            if *insert {
                told.push((*property, value.clone()));
            }
        }
        Ok(Told(told))
    }

    fn of(&self, subject: &str) -> impl Iterator<Item = &(Property, String, bool)> {
        self.changes.get(subject).into_iter().flatten()
    }

    /// The values of a property, sorted.
    pub(super) fn values(&self, subject: &str, property: Property) -> Result<Vec<String>, I::Error> {
        let mut values =
            if self.fresh.contains(subject) { Vec::new() } else { self.index.values(subject, property)? };
        for (_, value, insert) in self.of(subject).filter(|(own, _, _)| *own == property) {
            values.retain(|known| known != value);
            if *insert {
                values.push(value.clone());
            }
        }
        values.sort();
        Ok(values)
    }

    /// Whether the subject has the value.
    pub(super) fn has(&self, subject: &str, property: Property, value: &str) -> Result<bool, I::Error> {
        match self.of(subject).find(|(own, known, _)| *own == property && known == value) {
            Some((_, _, insert)) => Ok(*insert),
            None if self.fresh.contains(subject) => Ok(false),
            None => self.index.has(subject, property, value),
        }
    }

    /// The subjects of a value, each once, in any order; of keys and signatures only.
    pub(super) fn subjects(&self, property: Property, value: &str) -> Result<Vec<String>, I::Error> {
        let mut subjects = match self.bearers.get(value) {
            Some(bearers) if property == Property::Key => bearers.clone(),
            // No entity had the signature.
            _ if property == Property::Signature && self.fresh.contains(value) => Vec::new(),
            _ => self.index.subjects_up_to(property, value, usize::MAX)?,
        };
        let reversed = if property == Property::Key { &self.bearing } else { &self.members };
        if let Some(changed) = reversed.get(value).filter(|changed| !changed.is_empty()) {
            if !subjects.is_empty() {
                // What is inserted may be there already.
                let known: FxHashSet<&str> = changed.iter().map(|(subject, _)| subject.as_str()).collect();
                subjects.retain(|subject| !known.contains(subject.as_str()));
            }
            subjects.extend(changed.iter().filter(|(_, insert)| *insert).map(|(subject, _)| subject.clone()));
        }
        Ok(subjects)
    }

    /// Whether a signature that is there or was added has entities.
    pub(super) fn has_members(&self, hash: &str) -> Result<bool, I::Error> {
        match self.members.get(hash) {
            Some(changed) if changed.iter().any(|(_, insert)| *insert) => Ok(true),
            Some(changed) if !changed.is_empty() => {
                // Only as many can be gone as were removed.
                let most = changed.len() + 1;
                Ok(self.index.subjects_up_to(Property::Signature, hash, most)?.len() > changed.len())
            }
            // Invariant: the index has no signature without entities.
            _ => Ok(true),
        }
    }

    /// All changes, sorted.
    pub(super) fn into_delta(self) -> Delta {
        let mut delta = Delta::default();
        let mut changes: Vec<(String, OfSubject)> = self.changes.into_iter().collect();
        changes.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        for (subject, mut of_subject) in changes {
            of_subject.sort_unstable();
            for (property, value, insert) in of_subject {
                let statement = (subject.clone(), property, value);
                if insert { delta.insert.push(statement) } else { delta.remove.push(statement) }
            }
        }
        delta
    }
}
