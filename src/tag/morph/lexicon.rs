//! The full-form lexicon: which analyses a form can have. A minimal acyclic automaton (crate `fst`)
//! maps each form to a set of analyses; the forms of one paradigm share their sets.

use crate::model::{Container, ContainerError};
use crate::tag::{Gender, Morphology, Number, Person};

use super::tagset::Tag;

/// A rule that makes the lemma from a form: cut bytes at the end, add others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Rewrite {
    /// Bytes to cut at the end.
    pub cut: u8,
    /// What to add then.
    pub add: String,
}

impl Rewrite {
    /// The rule that leads from `form` to `lemma`, cutting as little as it can.
    pub(crate) fn between(form: &str, lemma: &str) -> Self {
        let mut common = form.bytes().zip(lemma.bytes()).take_while(|(a, b)| a == b).count();
        while !form.is_char_boundary(common) || !lemma.is_char_boundary(common) {
            common -= 1;
        }
        Self { cut: u8::try_from(form.len() - common).unwrap_or(u8::MAX), add: lemma[common..].to_owned() }
    }

    /// The lemma of `form`; `None` where the rule does not fit.
    pub(crate) fn apply(&self, form: &str) -> Option<String> {
        let stem = form.get(..form.len().checked_sub(usize::from(self.cut))?)?;
        Some(format!("{stem}{}", self.add))
    }
}

/// Gender, number and person, packed in a byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Agreement(pub u8);

impl Agreement {
    pub(crate) fn new(gender: Option<Gender>, number: Option<Number>, person: Option<Person>) -> Self {
        let gender = gender.map_or(0, |g| g as u8 + 1);
        let number = number.map_or(0, |n| n as u8 + 1);
        let person = person.map_or(0, |p| p as u8 + 1);
        Self(gender | number << 2 | person << 4)
    }

    /// What both say; where they differ, nothing.
    pub(crate) fn common(self, other: Self) -> Self {
        let part = |mask: u8| if self.0 & mask == other.0 & mask { self.0 & mask } else { 0 };
        Self(part(0b11) | part(0b1100) | part(0b11_0000))
    }

    /// Writes it into `morphology`.
    pub(crate) fn fill(self, morphology: &mut Morphology) {
        morphology.gender = match self.0 & 3 {
            1 => Some(Gender::Masculine),
            2 => Some(Gender::Feminine),
            _ => None,
        };
        morphology.number = match self.0 >> 2 & 3 {
            1 => Some(Number::Singular),
            2 => Some(Number::Plural),
            _ => None,
        };
        morphology.person = match self.0 >> 4 & 3 {
            1 => Some(Person::First),
            2 => Some(Person::Second),
            3 => Some(Person::Third),
            _ => None,
        };
    }
}

/// One analysis of a form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Analysis {
    pub tag: Tag,
    pub agreement: Agreement,
    pub lemma: Rewrite,
}

/// Forms with their analyses.
#[derive(Debug)]
pub(crate) struct Lexicon {
    forms: fst::Map<Vec<u8>>,
    sets: Vec<Vec<Analysis>>,
}

impl Lexicon {
    /// Reads the sections `forms` and `analyses`.
    pub(crate) fn read(container: &Container) -> Result<Self, ContainerError> {
        let damaged = |section, reason| ContainerError::Content { section, reason };
        let forms =
            fst::Map::new(container.section("forms")?.to_vec()).map_err(|_| damaged("forms", "it is no automaton"))?;
        let mut sets = Vec::new();
        for line in container.text("analyses")?.lines() {
            let set = line.split(' ').map(parse_analysis).collect::<Option<Vec<_>>>();
            sets.push(set.ok_or_else(|| damaged("analyses", "an analysis has not the form tag,agreement,cut,add"))?);
        }
        Ok(Self { forms, sets })
    }

    /// The analyses of a form in lower case; empty when it is not known.
    pub(crate) fn analyses(&self, form: &str) -> &[Analysis] {
        let set = self.forms.get(form).and_then(|set| usize::try_from(set).ok());
        set.and_then(|set| self.sets.get(set)).map_or(&[], Vec::as_slice)
    }

    /// Builds the two sections from forms with their analyses.
    #[cfg(feature = "train")]
    pub(crate) fn build(
        entries: &std::collections::BTreeMap<String, Vec<Analysis>>,
    ) -> Result<(Vec<u8>, String), fst::Error> {
        use std::collections::BTreeMap;
        let mut uses: BTreeMap<&[Analysis], usize> = BTreeMap::new();
        for set in entries.values() {
            *uses.entry(set).or_default() += 1;
        }
        // Frequent sets first: small numbers make a small automaton.
        let mut order: Vec<(&[Analysis], usize)> = uses.into_iter().collect();
        order.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let index: BTreeMap<&[Analysis], usize> = order.iter().enumerate().map(|(i, (set, _))| (*set, i)).collect();
        let mut builder = fst::MapBuilder::memory();
        for (form, set) in entries {
            builder.insert(form, index.get(set.as_slice()).copied().unwrap_or_default() as u64)?;
        }
        let text = order.iter().map(|(set, _)| {
            let analyses: Vec<String> = set
                .iter()
                .map(|a| format!("{},{},{},{}", a.tag.0, a.agreement.0, a.lemma.cut, a.lemma.add.replace(' ', "_")))
                .collect();
            analyses.join(" ") + "\n"
        });
        Ok((builder.into_inner()?, text.collect()))
    }
}

fn parse_analysis(text: &str) -> Option<Analysis> {
    let mut parts = text.splitn(4, ',');
    let tag = Tag::from_index(parts.next()?.parse().ok()?)?;
    let agreement = Agreement(parts.next()?.parse().ok()?);
    let lemma = Rewrite { cut: parts.next()?.parse().ok()?, add: parts.next()?.replace('_', " ") };
    Some(Analysis { tag, agreement, lemma })
}
