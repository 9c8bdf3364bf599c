use std::collections::BTreeSet;
use std::convert::Infallible;

use rustc_hash::FxHashMap;

use super::{Delta, Index, Property, Statement};

/// An index in memory: for tests, measurements and who joins without a store.
#[derive(Debug, Default)]
pub struct MemoryIndex {
    values: FxHashMap<(String, Property), BTreeSet<String>>,
    subjects: FxHashMap<(Property, String), BTreeSet<String>>,
}

impl MemoryIndex {
    /// Does what a joiner has found.
    pub fn apply(&mut self, delta: Delta) {
        for (subject, property, value) in delta.remove {
            if let Some(values) = self.values.get_mut(&(subject.clone(), property)) {
                values.remove(&value);
                if values.is_empty() {
                    self.values.remove(&(subject.clone(), property));
                }
            }
            if let Some(subjects) = self.subjects.get_mut(&(property, value.clone())) {
                subjects.remove(&subject);
                if subjects.is_empty() {
                    self.subjects.remove(&(property, value));
                }
            }
        }
        for (subject, property, value) in delta.insert {
            self.values.entry((subject.clone(), property)).or_default().insert(value.clone());
            self.subjects.entry((property, value)).or_default().insert(subject);
        }
    }

    /// All statements, sorted.
    pub fn statements(&self) -> Vec<Statement> {
        #[expect(clippy::iter_over_hash_type, reason = "sorted below")]
        let mut all: Vec<Statement> = {
            let mut all = Vec::new();
            for ((subject, property), values) in &self.values {
                all.extend(values.iter().map(|value| (subject.clone(), *property, value.clone())));
            }
            all
        };
        all.sort();
        all
    }
}

impl Index for MemoryIndex {
    type Error = Infallible;

    fn values(&self, subject: &str, property: Property) -> Result<Vec<String>, Infallible> {
        Ok(self.values.get(&(subject.to_owned(), property)).into_iter().flatten().cloned().collect())
    }

    fn subjects_up_to(&self, property: Property, value: &str, most: usize) -> Result<Vec<String>, Infallible> {
        Ok(self.subjects.get(&(property, value.to_owned())).into_iter().flatten().take(most).cloned().collect())
    }

    fn has(&self, subject: &str, property: Property, value: &str) -> Result<bool, Infallible> {
        Ok(self.values.get(&(subject.to_owned(), property)).is_some_and(|values| values.contains(value)))
    }

    fn describe(&self, identity: &str) -> Result<Vec<(Property, String)>, Infallible> {
        let mut out = Vec::new();
        for property in Property::OF_IDENTITY {
            out.extend(self.values(identity, property)?.into_iter().map(|value| (property, value)));
        }
        Ok(out)
    }
}
