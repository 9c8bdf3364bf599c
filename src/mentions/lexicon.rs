//! Nouns of named things and the gender of first names, read from `data/lexicons` and `data/gazetteers`.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::{ResourceError, Resources};
use crate::tag::{EntityType, Gender};
use crate::text::fold;

/// How a noun stands with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadUse {
    /// It never belongs to the name (`la Société Valoria` gives `Valoria`).
    Outside,
    /// It belongs to the name with a capital only (`Association Envol`, `association Envol`).
    Apart,
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
    /// Whether with an article alone it may mean any organisation (`le groupe`).
    pub topic: bool,
}

impl Head {
    /// Whether it may name a place: then it is never a reference (`la ville`).
    pub fn is_place(&self) -> bool {
        self.kinds.contains(&EntityType::Place)
    }
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
    labels: FxHashMap<Box<str>, EntityType>,
    first_names: FxHashMap<Box<str>, Gender>,
    company_tails: FxHashSet<Box<str>>,
    towns: FxHashSet<Box<str>>,
    countries: FxHashSet<Box<str>>,
    regions: FxHashSet<Box<str>>,
    nouns: FxHashSet<Box<str>>,
    functions: FxHashSet<Box<str>>,
    common_acronyms: FxHashSet<Box<str>>,
}

const HEADS: &str = "lexicons/heads.tsv";
const LABELS: &str = "lexicons/labels.tsv";
const COMPANY_TAILS: &str = "lexicons/company_tails.txt";
const COMMON_ACRONYMS: &str = "lexicons/common_acronyms.txt";
const LEGAL_FORMS: &str = "gazetteers/legal_forms.txt";
const COUNTRIES: &str = "gazetteers/countries.txt";
const REGIONS: &str = "gazetteers/regions.txt";
const TOWNS: [&str; 2] = ["gazetteers/communes.txt", "gazetteers/cities.txt"];
const NOUNS: [&str; 4] =
    ["gazetteers/demonyms.txt", "gazetteers/titles.txt", "gazetteers/honorifics.txt", "gazetteers/months.txt"];
const FUNCTIONS: &str = "lexicons/titles.txt";
const FEMININE: &str = "gazetteers/first_names_f.txt";
const MASCULINE: &str = "gazetteers/first_names_m.txt";

impl Lexicon {
    /// Reads `lexicons/heads.tsv` and the first names of `gazetteers`.
    pub fn load(resources: &Resources) -> Result<Self, LexiconError> {
        let first_names = first_names(&resources.text(FEMININE)?, &resources.text(MASCULINE)?);
        let mut company_tails = words(&resources.text(COMPANY_TAILS)?);
        company_tails.extend(words(&resources.text(LEGAL_FORMS)?));
        let countries = places(resources, &[COUNTRIES])?;
        let regions = places(resources, &[REGIONS])?;
        let towns = places(resources, &TOWNS)?;
        let mut nouns = FxHashSet::default();
        for file in NOUNS {
            nouns.extend(words(&resources.text(file)?));
        }
        let functions = words(&resources.text(FUNCTIONS)?);
        let acronyms = resources.text(COMMON_ACRONYMS)?;
        let common_acronyms = entries(&acronyms).map(Box::from).collect();
        let heads = heads(&resources.text(HEADS)?)?;
        let labels = labels(&resources.text(LABELS)?)?;
        Ok(Self {
            heads,
            labels,
            first_names,
            company_tails,
            towns,
            countries,
            regions,
            nouns,
            functions,
            common_acronyms,
        })
    }

    /// The noun `word` (lower case, singular or plural).
    pub fn head(&self, word: &str) -> Option<&Head> {
        self.heads.get(word).or_else(|| {
            let singular = word.strip_suffix(['s', 'x'])?;
            self.heads.get(singular).or_else(|| self.heads.get(format!("{}al", singular.strip_suffix("au")?).as_str()))
        })
    }

    /// What stands behind the colon of a label with `word` (lower case): `partenaires`.
    pub fn label(&self, word: &str) -> Option<EntityType> {
        self.labels.get(word).copied()
    }

    /// Whether a name that ends in `word` (lower case) is that of a company: `ventures`, `sas`.
    pub fn is_company_tail(&self, word: &str) -> bool {
        self.company_tails.contains(word)
    }

    /// Whether `form`, as written, is an acronym of a common noun: `PME`, `R&D`.
    pub fn is_common_acronym(&self, form: &str) -> bool {
        self.common_acronyms.contains(form)
    }

    /// Whether `word` (lower case) is a demonym, a title, a month or the noun of a kind of thing: with a capital it is no name yet.
    pub fn is_known_noun(&self, word: &str) -> bool {
        let known = |word: &str| self.nouns.contains(word) || self.heads.contains_key(word);
        known(word) || word.strip_suffix('s').is_some_and(known)
    }

    /// Whether `word` (lower case) is a noun of who somebody is by trade or function: `ingénieure`, `directeur`.
    pub fn is_function(&self, word: &str) -> bool {
        self.functions.contains(word)
    }

    /// Whether `name`, folded, is a commune, city, region or country.
    pub fn is_place(&self, name: &str) -> bool {
        self.towns.contains(name) || self.is_region(name) || self.is_country(name)
    }

    /// Whether `name`, folded, is a part of France (région, département) or of the world (`Afrique`).
    pub fn is_region(&self, name: &str) -> bool {
        self.regions.contains(name)
    }

    /// Whether `name`, folded, is a country.
    pub fn is_country(&self, name: &str) -> bool {
        self.countries.contains(name)
    }

    /// The gender of a first name, folded to lower case without accents; of a double name that of its
    /// first part.
    pub fn gender(&self, first_name: &str) -> Option<Gender> {
        let first = first_name.split('-').next().unwrap_or(first_name);
        self.first_names.get(first).copied()
    }
}

/// The names of the lists `files`, folded.
fn places(resources: &Resources, files: &[&str]) -> Result<FxHashSet<Box<str>>, ResourceError> {
    let mut out = FxHashSet::default();
    for file in files {
        out.extend(entries(&resources.text(file)?).map(|name| Box::from(fold(name))));
    }
    Ok(out)
}

fn words(text: &str) -> FxHashSet<Box<str>> {
    entries(text).map(|word| word.to_lowercase().into()).collect()
}

/// The lines of a list that are no comments.
fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
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
        let (usage, topic) = usage.strip_suffix(",topic").map_or((usage, false), |usage| (usage, true));
        let usage = match usage {
            "outside" => HeadUse::Outside,
            "apart" => HeadUse::Apart,
            "name" => HeadUse::Name,
            other => return Err(wrong(format!("unknown use {other:?}: write name, apart or outside"))),
        };
        out.insert(noun.into(), Head { gender, kinds, usage, topic });
    }
    Ok(out)
}

fn labels(text: &str) -> Result<FxHashMap<Box<str>, EntityType>, LexiconError> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let label = |(i, line): (usize, &str)| {
        let wrong = |cause: String| LexiconError::Line { file: LABELS, line: i + 1, cause };
        let (word, kind) =
            line.split_once('\t').ok_or_else(|| wrong("a word, a tab and its type are wanted".to_owned()))?;
        let kind = EntityType::parse(kind).ok_or_else(|| wrong(EntityType::unknown(kind)))?;
        Ok((word.into(), kind))
    };
    lines.map(label).collect()
}

fn gender_of(letter: &str) -> Option<Gender> {
    match letter {
        "f" => Some(Gender::Feminine),
        "m" => Some(Gender::Masculine),
        _ => None,
    }
}

/// First names by gender; those that both genders bear are left out.
fn first_names(feminine: &str, masculine: &str) -> FxHashMap<Box<str>, Gender> {
    let names = |text: &str| -> Vec<Box<str>> { entries(text).map(|name| fold(name).into()).collect() };
    let (feminine, masculine) = (names(feminine), names(masculine));
    let mut out: FxHashMap<Box<str>, Gender> = FxHashMap::default();
    out.extend(feminine.iter().map(|name| (name.clone(), Gender::Feminine)));
    for name in masculine {
        match out.get(&name) {
            Some(Gender::Feminine) => drop(out.remove(&name)),
            _ => drop(out.insert(name, Gender::Masculine)),
        }
    }
    out
}
