use rustc_hash::FxHashMap;

use crate::model::{ModelError, Reader, ResourceError, Resources, put_length, put_u32};
use crate::segment;

/// The lists of names and words in `data/gazetteers/`, a file each; the index is the bit of the class.
pub(crate) const CLASSES: [&str; 28] = [
    "first_names_m",
    "first_names_f",
    "surnames",
    "cities",
    "communes",
    "regions",
    "countries",
    "demonyms",
    "companies",
    "institutions",
    "universities",
    "media",
    "parties",
    "acronyms",
    "organization_nouns",
    "legal_forms",
    "honorifics",
    "titles",
    "event_nouns",
    "program_nouns",
    "product_nouns",
    "site_nouns",
    "place_nouns",
    "months",
    "products",
    "events",
    "programs",
    "speech_verbs",
];

/// Classes whose entries are common words: they count in lower case too (demonyms, organisation nouns to months,
/// speech verbs).
const WORDS: u32 = 1 << 7 | 0b11_1111_1111 << 14 | 1 << 27;

/// Longest entry in tokens.
const LONGEST: usize = 12;

/// Names by the tokens they are made of: chained hashes of tokens, each prefix of an entry a key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gazetteer {
    /// The chained hash of the first tokens of an entry to the classes of the entry that ends there.
    prefixes: FxHashMap<u32, u32>,
}

impl Gazetteer {
    /// Compiles the lists of `resources`; a list that is missing is empty.
    pub(crate) fn compile(resources: &Resources) -> Result<Self, ResourceError> {
        let mut out = Self::default();
        for (class, name) in CLASSES.iter().enumerate() {
            let text = match resources.text(&format!("gazetteers/{name}.txt")) {
                Ok(text) => text,
                Err(ResourceError::Missing { .. }) => continue,
                Err(error) => return Err(error),
            };
            for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
                out.insert(line, 1 << class);
            }
        }
        Ok(out)
    }

    /// Adds an entry.
    fn insert(&mut self, entry: &str, class: u32) {
        let tokens = segment::tokens(entry);
        if tokens.is_empty() || tokens.len() > LONGEST {
            return;
        }
        let mut chain = 0;
        for token in &tokens {
            chain = step(chain, key(entry.get(token.span.range()).unwrap_or("")));
            self.prefixes.entry(chain).or_default();
        }
        *self.prefixes.entry(chain).or_default() |= class;
    }

    /// The classes of a single word, and whether an entry begins with it.
    pub(crate) fn word(&self, key: u32, is_lower: bool) -> (u32, bool) {
        match self.prefixes.get(&step(0, key)) {
            Some(&classes) => (if is_lower { classes & WORDS } else { classes }, true),
            None => (0, false),
        }
    }

    /// Calls `found` with the length and classes of each entry of two tokens or more that begins
    /// with the first of `keys`.
    pub(crate) fn walk(&self, keys: impl Iterator<Item = u32>, mut found: impl FnMut(usize, u32)) {
        let mut chain = 0;
        for (at, key) in keys.take(LONGEST).enumerate() {
            chain = step(chain, key);
            match self.prefixes.get(&chain) {
                Some(0) => {}
                Some(&classes) if at > 0 => found(at + 1, classes),
                Some(_) => {}
                None => return,
            }
        }
    }

    /// The section of a model.
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut sorted: Vec<(u32, u32)> = Vec::with_capacity(self.prefixes.len());
        sorted.extend(self.prefixes.iter().map(|(&key, &classes)| (key, classes)));
        sorted.sort_unstable();
        let mut out = Vec::new();
        put_length(&mut out, sorted.len());
        sorted.iter().for_each(|entry| put_u32(&mut out, entry.0));
        sorted.iter().for_each(|entry| put_u32(&mut out, entry.1));
        out
    }

    /// The inverse of [`Gazetteer::write`].
    pub(crate) fn read(section: &mut Reader<'_>) -> Result<Self, ModelError> {
        let count = section.u32()? as usize;
        let (keys, classes) = (section.u32s(count)?, section.u32s(count)?);
        Ok(Self { prefixes: keys.into_iter().zip(classes).collect() })
    }
}

/// The hash of a word without regard to case and accents.
pub(crate) fn key(word: &str) -> u32 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut push = |c: char| hash = (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3);
    for c in word.chars() {
        if c.is_ascii() {
            push(c.to_ascii_lowercase());
        } else {
            match fold(c) {
                Some(plain) => plain.chars().for_each(&mut push),
                None => c.to_lowercase().for_each(&mut push),
            }
        }
    }
    u32::try_from(hash >> 32).unwrap_or(0)
}

/// The plain letters of an accented one.
fn fold(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'â' | 'ä' | 'á' | 'ã' | 'å' | 'À' | 'Â' | 'Ä' | 'Á' | 'Ã' | 'Å' => "a",
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => "e",
        'î' | 'ï' | 'í' | 'ì' | 'Î' | 'Ï' | 'Í' | 'Ì' => "i",
        'ô' | 'ö' | 'ó' | 'ò' | 'õ' | 'Ô' | 'Ö' | 'Ó' | 'Ò' | 'Õ' => "o",
        'û' | 'ü' | 'ú' | 'ù' | 'Û' | 'Ü' | 'Ú' | 'Ù' => "u",
        'ç' | 'Ç' => "c",
        'ñ' | 'Ñ' => "n",
        'œ' | 'Œ' => "oe",
        'æ' | 'Æ' => "ae",
        'ÿ' | 'Ÿ' | 'ý' | 'Ý' => "y",
        _ => return None,
    })
}

fn step(chain: u32, key: u32) -> u32 {
    let mixed = (u64::from(chain.rotate_left(7)) ^ u64::from(key)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    u32::try_from(mixed >> 32).unwrap_or(0)
}
