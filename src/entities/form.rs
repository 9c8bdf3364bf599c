//! How a name is written: its words in a form fit for comparison, its initials.

use crate::text::fold;

/// Articles, prepositions and conjunctions, which initials and comparisons may pass over.
pub(super) fn is_function_word(word: &str) -> bool {
    matches!(
        word,
        "de" | "du"
            | "des"
            | "d"
            | "la"
            | "le"
            | "les"
            | "l"
            | "et"
            | "a"
            | "au"
            | "aux"
            | "en"
            | "pour"
            | "sur"
            | "par"
            | "dans"
            | "of"
            | "and"
            | "the"
            | "for"
            | "in"
            | "on"
            | "&"
    )
}

/// Whether nothing but single spaces between words is white space.
fn is_single_spaced(text: &str) -> bool {
    !text.starts_with(' ')
        && !text.ends_with(' ')
        && !text.contains("  ")
        && !text.chars().any(|c| c != ' ' && c.is_whitespace())
}

/// One way in which a text writes a name.
#[derive(Debug)]
pub(super) struct Form {
    /// As written (normalised text, white space as single spaces).
    pub(super) text: String,
    /// Its words, folded; hyphens, apostrophes and other marks part words.
    pub(super) words: Vec<String>,
}

impl Form {
    pub(super) fn new(text: &str) -> Self {
        let words = Self::words(text);
        let text = if is_single_spaced(text) {
            text.to_owned()
        } else {
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        Self { text, words }
    }

    /// The words of a name alone.
    pub(super) fn words(text: &str) -> Vec<String> {
        fold(text)
            .split(|c: char| !(c.is_alphanumeric() || matches!(c, '&' | '.' | '+')))
            .map(|word| word.trim_matches('.'))
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// The words as one key. Function words and the gaps between words do not count (`Île-de-France`,
    /// `Ile de France`), unless there is nothing else.
    pub(super) fn key(&self) -> String {
        let content: String = self.words.iter().filter(|word| !is_function_word(word)).map(String::as_str).collect();
        if content.is_empty() { self.words.concat() } else { content }
    }

    /// The first letters of all words, and of those that are no function words.
    pub(super) fn initials(&self) -> [String; 2] {
        let of = |skip: bool| {
            let words = self.words.iter().filter(|word| !(skip && is_function_word(word)));
            words.filter_map(|word| word.chars().next()).collect()
        };
        [of(false), of(true)]
    }

    /// Whether it is written like an acronym: one short word, mostly capitals (`ICR`, `E2C`, `CMi`).
    pub(super) fn is_acronym(&self) -> bool {
        let letters = self.text.chars().count();
        let capitals = self.text.chars().filter(|c| c.is_uppercase()).count();
        !self.text.contains(' ') && (2..=10).contains(&letters) && capitals >= 2 && capitals * 2 >= letters
    }

    /// Whether every letter is a capital, as in headlines.
    pub(super) fn is_shouted(&self) -> bool {
        self.text.chars().any(char::is_uppercase) && !self.text.chars().any(char::is_lowercase)
    }

    /// Whether the letters of the acronym `short` stand in this name in order, the first of them at
    /// the head of a word.
    pub(super) fn spells(&self, short: &Self) -> bool {
        let mut wanted = short.words.iter().flat_map(|word| word.chars()).filter(|c| c.is_alphabetic()).peekable();
        let Some(&first) = wanted.peek() else { return false };
        let Some(start) = self.words.iter().position(|word| word.starts_with(first)) else { return false };
        for letter in self.words[start..].iter().flat_map(|word| word.chars()) {
            if wanted.peek() == Some(&letter) {
                wanted.next();
            }
        }
        wanted.peek().is_none() && self.words.len() > 1
    }
}
