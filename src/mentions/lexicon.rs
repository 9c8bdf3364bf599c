//! Nouns of named things and the gender of first names, read from `data/lexicons`.

use rustc_hash::FxHashMap;

use crate::model::{ResourceError, Resources};
use crate::tag::{EntityType, Gender};

/// How a noun stands with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadUse {
    /// In lower case it stays outside the name (`association Envol`).
    Apart,
    /// As `Apart`; alone with an article it may mean any organisation (`le groupe`).
    Topic,
    /// It belongs to the name (`université de Lille`).
    Name,
}

/// A noun that says what a named thing is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its gender.
    pub gender: Gender,
    /// What it may name, the commonest first.
    pub kinds: Vec<EntityType>,
    /// How it stands with a name.
    pub usage: HeadUse,
}

/// Why a lexicon could not be used.
#[derive(Debug, thiserror::Error)]
pub enum LexiconError {
    /// The file is missing or cannot be read.
    #[error(transparent)]
    Resource(#[from] ResourceError),
    /// A line does not say what its file is for.
    #[error("data file {file}, line {line}: {cause}")]
    Line {
        /// The file, relative to `data/`.
        file: &'static str,
        /// Line, from 1.
        line: usize,
        /// What is wrong with it.
        cause: String,
    },
}

/// The nouns and first names that the stages `mentions` and `entities` know.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    heads: FxHashMap<Box<str>, Head>,
    first_names: FxHashMap<Box<str>, Gender>,
}

const HEADS: &str = "lexicons/heads.tsv";
const FIRST_NAMES: &str = "lexicons/first_names.txt";

impl Lexicon {
    /// Reads `lexicons/heads.tsv` and `lexicons/first_names.txt`.
    pub fn load(resources: &Resources) -> Result<Self, LexiconError> {
        Ok(Self { heads: heads(&resources.text(HEADS)?)?, first_names: first_names(&resources.text(FIRST_NAMES)?)? })
    }

    /// The noun `word` (lower case, singular or plural).
    pub fn head(&self, word: &str) -> Option<&Head> {
        self.heads.get(word).or_else(|| {
            let singular = word.strip_suffix(['s', 'x'])?;
            self.heads.get(singular).or_else(|| self.heads.get(format!("{}al", singular.strip_suffix("au")?).as_str()))
        })
    }

    /// The gender of a first name, folded to lower case without accents; of a double name that of its
    /// first part.
    pub fn gender(&self, first_name: &str) -> Option<Gender> {
        let first = first_name.split('-').next().unwrap_or(first_name);
        self.first_names.get(first).copied()
    }
}

fn heads(text: &str) -> Result<FxHashMap<Box<str>, Head>, LexiconError> {
    let mut out = FxHashMap::default();
    for (i, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let wrong = |cause: String| LexiconError::Line { file: HEADS, line: i + 1, cause };
        let columns: Vec<&str> = line.split('\t').collect();
        let &[noun, gender, kinds, usage] = columns.as_slice() else {
            return Err(wrong("four columns parted by tabs are wanted: noun, gender, types, use".to_owned()));
        };
        let gender = gender_of(gender).ok_or_else(|| wrong(format!("gender {gender:?}: write f or m")))?;
        let kinds = kinds
            .split(',')
            .map(|kind| EntityType::parse(kind).ok_or_else(|| wrong(format!("unknown type {kind:?}"))))
            .collect::<Result<Vec<_>, _>>()?;
        let usage = match usage {
            "apart" => HeadUse::Apart,
            "topic" => HeadUse::Topic,
            "name" => HeadUse::Name,
            other => return Err(wrong(format!("unknown use {other:?}: write apart, topic or name"))),
        };
        out.insert(noun.into(), Head { gender, kinds, usage });
    }
    Ok(out)
}

fn gender_of(letter: &str) -> Option<Gender> {
    match letter {
        "f" => Some(Gender::Feminine),
        "m" => Some(Gender::Masculine),
        _ => None,
    }
}

fn first_names(text: &str) -> Result<FxHashMap<Box<str>, Gender>, LexiconError> {
    let mut out = FxHashMap::default();
    let mut gender = None;
    for (i, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let wrong = |cause: &str| LexiconError::Line { file: FIRST_NAMES, line: i + 1, cause: cause.to_owned() };
        if let Some(section) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            gender = Some(gender_of(section).ok_or_else(|| wrong("unknown section: write [f] or [m]"))?);
            continue;
        }
        let gender = gender.ok_or_else(|| wrong("names before the first section: write [f] or [m] above"))?;
        out.extend(line.split_whitespace().map(|name| (Box::from(name), gender)));
    }
    Ok(out)
}
