//! Words whose tag needs no context: a tag dictionary (Ratnaparkhi 1996, "A maximum entropy model for part-of-speech tagging"),
//! here only of words with one tag, which then cost no scores.

use rustc_hash::FxHashMap;

use crate::model::{Container, ContainerError};
use crate::tag::Upos;

use super::features::Place;
use super::lexicon::Analysis;
use super::tagset::{Conjugation, Tag};

/// What the treebanks say of words in lower case: the one tag that they have there, or that they have others than the lexicon
/// gives.
#[derive(Debug, Default)]
pub(crate) struct Dictionary {
    words: FxHashMap<Box<str>, Option<Tag>>,
}

impl Dictionary {
    /// Reads the section `dictionary`: per line a word, a tab, and the number of its tag, or `-` where it is not sure.
    pub(crate) fn read(model: &Container) -> Result<Self, ContainerError> {
        let line = |line: &str| {
            let (word, tag) = line.split_once('\t')?;
            let tag = if tag == "-" { None } else { Some(Tag::from_index(tag.parse().ok()?)?) };
            Some((word.into(), tag))
        };
        let words = model.text("dictionary")?.lines().map(line).collect::<Option<_>>();
        let reason = "a line is not a word and a tag";
        Ok(Self { words: words.ok_or(ContainerError::Content { section: "dictionary", reason })? })
    }

    /// What the treebanks say of words, made of such pairs.
    #[cfg(feature = "train")]
    pub(crate) fn new(words: &std::collections::BTreeMap<String, Option<Tag>>) -> Self {
        Self { words: words.iter().map(|(word, tag)| (word.as_str().into(), *tag)).collect() }
    }

    /// The tag of a word, if it can have but one: as the treebanks say, else as the lexicon does. `closed` says whether it can
    /// have a tag of a closed class.
    pub(crate) fn tag(&self, word: &str, place: Place, analyses: &[Analysis], closed: bool) -> Option<Tag> {
        if is_mark(word) {
            return Some(Tag::new(Upos::Punct, None));
        }
        // Only what is written small is no name.
        if place == Place::Headline || !word.starts_with(char::is_lowercase) || word.chars().any(char::is_uppercase) {
            return None;
        }
        match self.words.get(word) {
            Some(tag) => *tag,
            None => only(analyses).filter(|tag| !closed && is_plain(*tag)),
        }
    }
}

/// The one tag of all analyses.
pub(crate) fn only(analyses: &[Analysis]) -> Option<Tag> {
    let (first, rest) = analyses.split_first()?;
    rest.iter().all(|other| other.tag == first.tag).then_some(first.tag)
}

/// Whether words that have this tag in the lexicon have it in texts too. Participles are adjectives as well.
fn is_plain(tag: Tag) -> bool {
    match tag.conjugation() {
        Some(conjugation) => !matches!(conjugation, Conjugation::PastParticiple | Conjugation::PresentParticiple),
        None => matches!(tag.upos(), Upos::Noun | Upos::Adj | Upos::Adv),
    }
}

/// Whether a token is a mark that is punctuation wherever it stands.
fn is_mark(word: &str) -> bool {
    matches!(word, "," | "." | ";" | ":" | "(" | ")" | "«" | "»" | "\"" | "!" | "?" | "…")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tag::morph::lexicon::{Agreement, Rewrite};

    fn reading(upos: Upos) -> Analysis {
        let lemma = Rewrite { cut: 0, add: String::new() };
        Analysis { tag: Tag::new(upos, None), agreement: Agreement::default(), lemma }
    }

    #[test]
    fn sure_is_what_has_one_tag() {
        let known = [("dans".into(), Some(Tag::new(Upos::Adp, None))), ("cadre".into(), None)];
        let dictionary = Dictionary { words: known.into_iter().collect() };
        let (noun, adjective) = (reading(Upos::Noun), reading(Upos::Adj));
        let tag = |word: &str, place, analyses: &[Analysis], closed| {
            dictionary.tag(word, place, analyses, closed).map(Tag::upos)
        };
        assert_eq!(tag("dans", Place::Inside, &[], true), Some(Upos::Adp));
        assert_eq!(tag("cadre", Place::Inside, std::slice::from_ref(&noun), false), None);
        assert_eq!(tag("usine", Place::Inside, std::slice::from_ref(&noun), false), Some(Upos::Noun));
        assert_eq!(tag("Usine", Place::Initial, std::slice::from_ref(&noun), false), None);
        assert_eq!(tag("usine", Place::Headline, std::slice::from_ref(&noun), false), None);
        assert_eq!(tag("usine", Place::Inside, std::slice::from_ref(&noun), true), None);
        assert_eq!(tag("libre", Place::Inside, &[noun, adjective], false), None);
        assert_eq!(tag("»", Place::Inside, &[], false), Some(Upos::Punct));
    }
}
