//! Word classes (`data/lexicons/*.txt`) and the words that rules know.

use rustc_hash::FxHashMap;

use super::RuleError;
use super::error::Place;

/// A word that some rule or lexicon mentions; 0 for all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct WordId(pub u32);

/// A word class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClassId(pub u32);

/// A lexicon file: `form`, `= lemma`, `two words`, each with an optional tab and value; `#` comments.
#[derive(Clone, Debug, Default)]
pub(super) struct Lexicon {
    pub(super) entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) words: Vec<String>,
    pub(super) is_lemma: bool,
    pub(super) value: Option<String>,
}

impl Lexicon {
    /// Reads the text of `file`.
    pub(super) fn parse(text: &str, file: &str) -> Result<Self, RuleError> {
        let mut entries = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (words, value) = match line.split_once('\t') {
                Some((words, value)) => (words, Some(value.trim().to_owned())),
                None => (line, None),
            };
            let (words, is_lemma) = words.strip_prefix("= ").map_or((words, false), |lemma| (lemma, true));
            let words: Vec<String> = split(words);
            let place = Place { file: file.to_owned(), line: number + 1 };
            if words.is_empty() {
                return Err(place.syntax("an entry without words"));
            }
            if is_lemma && words.len() > 1 {
                return Err(place.syntax("a lemma is one word; list phrases by their forms"));
            }
            entries.push(Entry { words, is_lemma, value });
        }
        Ok(Self { entries })
    }
}

/// Splits a phrase as the tokens of the text are: elided words keep their apostrophe, abbreviations
/// (`m.`, `dr.`) their stop, which the text knows by their capital.
pub(super) fn split(phrase: &str) -> Vec<String> {
    let phrase = phrase.to_lowercase();
    let words = phrase.split_whitespace().flat_map(|word| {
        // Letters alone are one token; most words are.
        if word.len() > 1 && word.ends_with('.') || word.chars().all(char::is_alphabetic) {
            return vec![word.to_owned()];
        }
        let tokens = crate::segment::tokens(word);
        tokens.iter().map(|token| word.get(token.span.range()).unwrap_or("").to_owned()).collect()
    });
    words.collect()
}

/// All words of rules and lexicons, and which classes they are in.
#[derive(Debug, Default)]
pub struct Vocabulary {
    ids: FxHashMap<Box<str>, WordId>,
    /// Pairs (word, class) as bits: a row of `stride` words of 64 bits per word.
    forms: Vec<u64>,
    lemmas: Vec<u64>,
    stride: usize,
    pub(super) members: Vec<Members>,
    /// The classes by their members, so that equal ones are one: fewer bits for each word.
    classes: FxHashMap<Members, ClassId>,
}

/// The single words of a class.
#[derive(Debug, Default, Clone, PartialEq, Eq, Hash)]
pub(super) struct Members {
    pub(super) forms: Vec<WordId>,
    pub(super) lemmas: Vec<WordId>,
}

impl Members {
    /// In order and each once, so that equal sets look alike.
    pub(super) fn sorted(mut self) -> Self {
        for words in [&mut self.forms, &mut self.lemmas] {
            words.sort_unstable();
            words.dedup();
        }
        self
    }
}

/// Words in many sentences: poor anchors.
const FREQUENT: [&str; 44] = [
    "de", "du", "des", "d'", "la", "le", "les", "l'", "et", "à", "en", ",", "au", "aux", "un", "une", "pour", "par",
    "dans", "sur", "avec", "(", ")", "-", "–", ":", "«", "»", "est", "a", "qui", "que", "qu'", "se", "s'", "plus",
    "ce", "cette", "son", "sa", "ses", "ont", "sont", "été",
];

/// So many of them, the first, stand in about every sentence.
const EVERYWHERE: usize = 12;

/// Which frequent words stand somewhere: a bit for each, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Frequent(u64);

impl Frequent {
    /// None.
    pub const NONE: Self = Self(0);

    /// The words of a unit, as far as they are frequent.
    pub fn of(form: WordId, lemma: WordId) -> Self {
        // Invariant: `Vocabulary::new` numbers the frequent words first, from 1; 0 is no word.
        let bit = |WordId(word): WordId| u64::from((1..=FREQUENT.len() as u32).contains(&word)) << (word % 64);
        Self(bit(form) | bit(lemma))
    }

    /// Either's words.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the two have a word in common.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl Vocabulary {
    /// The vocabulary of the most frequent words.
    pub(super) fn new() -> Self {
        let mut vocabulary = Self::default();
        for word in FREQUENT {
            vocabulary.intern(word);
        }
        vocabulary
    }

    /// Whether the word is frequent.
    pub(super) fn is_frequent(&self, word: WordId) -> bool {
        // Invariant: `new` numbers the frequent words first, from 1.
        (1..=FREQUENT.len()).contains(&(word.0 as usize))
    }

    /// Whether the word stands in about every sentence, so that it tells nothing.
    pub(super) fn is_everywhere(&self, word: WordId) -> bool {
        self.is_frequent(word) && word.0 as usize <= EVERYWHERE
    }

    /// The number of a word in lower case.
    pub fn word(&self, lower: &str) -> WordId {
        self.ids.get(lower).copied().unwrap_or_default()
    }

    /// Whether a unit with this form and lemma is in the class.
    pub fn is_in(&self, form: WordId, lemma: WordId, class: ClassId) -> bool {
        self.bit(&self.forms, form, class) || self.bit(&self.lemmas, lemma, class)
    }

    fn bit(&self, rows: &[u64], word: WordId, class: ClassId) -> bool {
        let at = word.0 as usize * self.stride + class.0 as usize / 64;
        rows.get(at).is_some_and(|row| row >> (class.0 % 64) & 1 == 1)
    }

    pub(in crate::relations) fn intern(&mut self, word: &str) -> WordId {
        if let Some(&id) = self.ids.get(word) {
            return id;
        }
        let id = WordId(self.ids.len() as u32 + 1);
        self.ids.insert(word.into(), id);
        id
    }

    pub(super) fn add_class(&mut self, members: Members) -> ClassId {
        *self.classes.entry(members.sorted()).or_insert_with_key(|members| {
            self.members.push(members.clone());
            ClassId(self.members.len() as u32 - 1)
        })
    }

    /// Fills the bits, when all classes are known.
    pub(super) fn seal(&mut self) {
        self.stride = self.members.len().div_ceil(64).max(1);
        let size = (self.ids.len() + 1) * self.stride;
        self.forms = vec![0; size];
        self.lemmas = vec![0; size];
        for (class, members) in self.members.iter().enumerate() {
            for (rows, words) in [(&mut self.forms, &members.forms), (&mut self.lemmas, &members.lemmas)] {
                for word in words {
                    // Invariant: ids run from 1 to `ids.len()`, so the row exists.
                    rows[word.0 as usize * self.stride + class / 64] |= 1 << (class % 64);
                }
            }
        }
    }
}
