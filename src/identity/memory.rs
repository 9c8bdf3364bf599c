use std::convert::Infallible;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Delta, Index, Property, Statement};

/// An index in memory: for tests, measurements and who joins without a store.
#[derive(Debug, Default)]
pub struct MemoryIndex {
    /// By subject.
    statements: FxHashMap<Box<str>, Vec<(Property, Box<str>)>>,
    /// By the value of what is asked for backwards: keys and signatures.
    bearers: FxHashMap<Box<str>, FxHashSet<Box<str>>>,
    members: FxHashMap<Box<str>, FxHashSet<Box<str>>>,
}

impl MemoryIndex {
    /// Does what a joiner has found.
    pub fn apply(&mut self, delta: Delta) {
        for (subject, property, value) in delta.remove {
            if let Some(of_subject) = self.statements.get_mut(subject.as_str()) {
                of_subject.retain(|(own, known)| *own != property || **known != *value);
                if of_subject.is_empty() {
                    self.statements.remove(subject.as_str());
                }
            }
            if let Some(reversed) = self.reversed(property)
                && let Some(subjects) = reversed.get_mut(value.as_str())
            {
                subjects.remove(subject.as_str());
                if subjects.is_empty() {
                    reversed.remove(value.as_str());
                }
            }
        }
        for (subject, property, value) in delta.insert {
            let (subject, value) = (subject.into_boxed_str(), value.into_boxed_str());
            if let Some(reversed) = self.reversed(property) {
                reversed.entry(value.clone()).or_default().insert(subject.clone());
            }
            let of_subject = self.statements.entry(subject).or_default();
            if !of_subject.iter().any(|(own, known)| *own == property && *known == value) {
                of_subject.push((property, value));
            }
        }
    }

    fn reversed(&mut self, property: Property) -> Option<&mut FxHashMap<Box<str>, FxHashSet<Box<str>>>> {
        match property {
            Property::Key => Some(&mut self.bearers),
            Property::Signature => Some(&mut self.members),
            _ => None,
        }
    }

    fn of(&self, subject: &str) -> impl Iterator<Item = &(Property, Box<str>)> {
        self.statements.get(subject).into_iter().flatten()
    }

    /// All statements, sorted.
    pub fn statements(&self) -> Vec<Statement> {
        #[expect(clippy::iter_over_hash_type, reason = "sorted below")]
        let mut all: Vec<Statement> = {
            let mut all = Vec::new();
            for (subject, statements) in &self.statements {
                let of_subject = statements.iter();
                all.extend(of_subject.map(|(property, value)| (subject.to_string(), *property, value.to_string())));
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
        let of_property = self.of(subject).filter(|(own, _)| *own == property);
        Ok(of_property.map(|(_, value)| value.to_string()).collect())
    }

    /// Of keys and signatures only.
    fn subjects_up_to(&self, property: Property, value: &str, most: usize) -> Result<Vec<String>, Infallible> {
        let reversed = match property {
            Property::Key => &self.bearers,
            Property::Signature => &self.members,
            _ => return Ok(Vec::new()),
        };
        Ok(reversed.get(value).into_iter().flatten().take(most).map(|subject| subject.to_string()).collect())
    }

    fn has(&self, subject: &str, property: Property, value: &str) -> Result<bool, Infallible> {
        Ok(self.of(subject).any(|(own, known)| *own == property && **known == *value))
    }

    fn describe(&self, subject: &str) -> Result<Vec<(Property, String)>, Infallible> {
        let told = self.of(subject).filter(|(property, _)| *property != Property::Key);
        Ok(told.map(|(property, value)| (*property, value.to_string())).collect())
    }
}
