//! Lemmas and agreement of a word whose tag is known: first what the treebank says, then the
//! lexicon, then rules over suffixes.

use rustc_hash::FxHashMap;

use crate::model::{Container, ContainerError};
use crate::tag::{Morphology, Upos};

use super::lexicon::{Agreement, Analysis, Rewrite};
use super::tagset::Tag;

/// How a lemma that is the word as written stands in the model.
pub(crate) const AS_WRITTEN: &str = "=";

/// Longest suffix that rules speak of, in characters.
pub(crate) const LONGEST_SUFFIX: usize = 5;

/// Lemmas of words that the lexicon does not know, or knows otherwise than the treebank.
#[derive(Debug, Default)]
pub(crate) struct Lemmatizer {
    /// Tag and form in lower case ([`key`]) to lemma and agreement.
    exceptions: FxHashMap<Box<str>, (Box<str>, Agreement)>,
    /// Tag and suffix to the rule and the usual agreement.
    suffixes: FxHashMap<Box<str>, (Rewrite, Agreement)>,
}

/// Tag and form as one string, to look up with.
pub(crate) fn key(tag: Tag, form: &str) -> String {
    format!("{}{form}", char::from(b'A' + tag.0))
}

impl Lemmatizer {
    /// Reads the section `exceptions` of the model and `suffixes` of the lexicon.
    pub(crate) fn read(model: &Container, lexicon: &Container) -> Result<Self, ContainerError> {
        let damaged = |section| ContainerError::Content { section, reason: "a line has not the right fields" };
        let mut out = Self::default();
        for line in model.text("exceptions")?.lines() {
            let (form, lemma, agreement) = parse_exception(line).ok_or_else(|| damaged("exceptions"))?;
            out.exceptions.insert(form.into(), (lemma.into(), agreement));
        }
        for line in lexicon.text("suffixes")?.lines() {
            let (suffix, rule, agreement) = parse_suffix(line).ok_or_else(|| damaged("suffixes"))?;
            out.suffixes.insert(suffix.into(), (rule, agreement));
        }
        Ok(out)
    }

    /// Lemma and morphology of `word`, in lower case `lower`, under `tag`.
    pub(crate) fn analyse(&self, word: &str, lower: &str, analyses: &[Analysis], tag: Tag) -> (String, Morphology) {
        let (lemma, agreement) = match self.exceptions.get(key(tag, lower).as_str()) {
            Some((lemma, agreement)) if &**lemma == AS_WRITTEN => (word.to_owned(), *agreement),
            Some((lemma, agreement)) => (lemma.to_string(), *agreement),
            None => self.regular(word, lower, analyses, tag),
        };
        let mut morphology = tag.morphology();
        agreement.fill(&mut morphology);
        (lemma, morphology)
    }

    /// What lexicon and suffixes say.
    pub(crate) fn regular(&self, word: &str, lower: &str, analyses: &[Analysis], tag: Tag) -> (String, Agreement) {
        let upos = tag.upos();
        if matches!(upos, Upos::Propn | Upos::Punct | Upos::Sym | Upos::Num | Upos::X) {
            return (word.to_owned(), Agreement::default());
        }
        let readings = |fits: &dyn Fn(&Analysis) -> bool| {
            let mut fitting = analyses.iter().filter(|a| fits(a));
            let first = fitting.next()?;
            let lemma = first.lemma.apply(lower)?;
            let agreement = fitting.fold(first.agreement, |sum, other| sum.common(other.agreement));
            Some((lemma, agreement))
        };
        let known = readings(&|a| a.tag == tag)
            .or_else(|| readings(&|a| a.tag.upos() == upos))
            .or_else(|| readings(&|a| tag.conjugation().is_some() && a.tag.conjugation() == tag.conjugation()))
            .or_else(|| match upos {
                Upos::Adj => readings(&|a| a.tag.upos() == Upos::Noun),
                Upos::Noun => readings(&|a| a.tag.upos() == Upos::Adj),
                _ => None,
            });
        known.or_else(|| self.by_suffix(lower, tag)).unwrap_or_else(|| (lower.to_owned(), Agreement::default()))
    }

    /// The rule of the longest known suffix.
    fn by_suffix(&self, lower: &str, tag: Tag) -> Option<(String, Agreement)> {
        let mut starts: Vec<usize> = lower.char_indices().rev().take(LONGEST_SUFFIX).map(|(at, _)| at).collect();
        starts.reverse();
        starts.iter().find_map(|at| {
            let (rule, agreement) = self.suffixes.get(key(tag, &lower[*at..]).as_str())?;
            Some((rule.apply(lower).filter(|lemma| !lemma.is_empty())?, *agreement))
        })
    }

    /// A lemmatizer with these suffix rules and no exceptions yet.
    #[cfg(feature = "train")]
    pub(crate) fn from_suffixes(lines: &str) -> Option<Self> {
        let mut out = Self::default();
        for line in lines.lines() {
            let (suffix, rule, agreement) = parse_suffix(line)?;
            out.suffixes.insert(suffix.into(), (rule, agreement));
        }
        Some(out)
    }
}

fn parse_exception(line: &str) -> Option<(&str, &str, Agreement)> {
    let mut fields = line.split('\t');
    let out = (fields.next()?, fields.next()?, Agreement(fields.next()?.parse().ok()?));
    fields.next().is_none().then_some(out)
}

fn parse_suffix(line: &str) -> Option<(&str, Rewrite, Agreement)> {
    let mut fields = line.split('\t');
    let suffix = fields.next()?;
    let rule = Rewrite { cut: fields.next()?.parse().ok()?, add: fields.next()?.to_owned() };
    let agreement = Agreement(fields.next()?.parse().ok()?);
    fields.next().is_none().then_some((suffix, rule, agreement))
}
