/// What is wrong with a rule or lexicon file, and where.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// A line that cannot be read.
    #[error("{file}:{line}: {cause}")]
    Syntax {
        /// The file, below `data/`.
        file: String,
        /// Its line, from 1.
        line: usize,
        /// What is wrong and what to do.
        cause: String,
    },
    /// A name that nothing defines.
    #[error("{file}:{line}: no {what} `{name}`: {hint}")]
    Unknown {
        /// The file, below `data/`.
        file: String,
        /// Its line, from 1.
        line: usize,
        /// What kind of thing was named (`macro`, `lexicon`, `relation`…).
        what: &'static str,
        /// The name.
        name: String,
        /// What to do.
        hint: &'static str,
    },
    /// A name that is defined twice.
    #[error("{file}:{line}: {what} `{name}` is defined twice: rename one")]
    Duplicate {
        /// The file, below `data/`.
        file: String,
        /// Its line, from 1.
        line: usize,
        /// What kind of thing.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A data file that cannot be read.
    #[error(transparent)]
    Resource(#[from] crate::model::ResourceError),
}

/// A place in a rule file: makes the errors there.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    pub(super) file: String,
    pub(super) line: usize,
}

impl Place {
    pub(super) fn syntax(&self, cause: impl Into<String>) -> RuleError {
        RuleError::Syntax { file: self.file.clone(), line: self.line, cause: cause.into() }
    }

    pub(super) fn unknown(&self, what: &'static str, name: &str, hint: &'static str) -> RuleError {
        RuleError::Unknown { file: self.file.clone(), line: self.line, what, name: name.to_owned(), hint }
    }

    pub(super) fn duplicate(&self, what: &'static str, name: &str) -> RuleError {
        RuleError::Duplicate { file: self.file.clone(), line: self.line, what, name: name.to_owned() }
    }
}
