//! The tags that the tagger chooses from: parts of speech, those of verbs split by mood and tense.

use crate::tag::{Mood, Morphology, Tense, Upos, VerbForm};

/// Mood, tense and form of a verb as one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Conjugation {
    Present,
    SimplePast,
    Imperfect,
    Future,
    Conditional,
    Subjunctive,
    SubjunctiveImperfect,
    Imperative,
    Infinitive,
    PastParticiple,
    PresentParticiple,
}

impl Conjugation {
    const ALL: [Self; 11] = [
        Self::Present,
        Self::SimplePast,
        Self::Imperfect,
        Self::Future,
        Self::Conditional,
        Self::Subjunctive,
        Self::SubjunctiveImperfect,
        Self::Imperative,
        Self::Infinitive,
        Self::PastParticiple,
        Self::PresentParticiple,
    ];

    /// As mood, tense and verb form of Universal Dependencies.
    fn morphology(self) -> Morphology {
        let (mood, tense, form) = match self {
            Self::Present => (Some(Mood::Indicative), Some(Tense::Present), VerbForm::Finite),
            Self::SimplePast => (Some(Mood::Indicative), Some(Tense::Past), VerbForm::Finite),
            Self::Imperfect => (Some(Mood::Indicative), Some(Tense::Imperfect), VerbForm::Finite),
            Self::Future => (Some(Mood::Indicative), Some(Tense::Future), VerbForm::Finite),
            Self::Conditional => (Some(Mood::Conditional), Some(Tense::Present), VerbForm::Finite),
            Self::Subjunctive => (Some(Mood::Subjunctive), Some(Tense::Present), VerbForm::Finite),
            Self::SubjunctiveImperfect => (Some(Mood::Subjunctive), Some(Tense::Imperfect), VerbForm::Finite),
            Self::Imperative => (Some(Mood::Imperative), Some(Tense::Present), VerbForm::Finite),
            Self::Infinitive => (None, None, VerbForm::Infinitive),
            Self::PastParticiple => (None, Some(Tense::Past), VerbForm::Participle),
            Self::PresentParticiple => (None, Some(Tense::Present), VerbForm::Participle),
        };
        Morphology { mood, tense, verb_form: Some(form), ..Morphology::default() }
    }
}

/// The parts of speech that are no verbs, in the order of their tags.
const NOMINAL: [Upos; 15] = [
    Upos::Adj,
    Upos::Adp,
    Upos::Adv,
    Upos::Cconj,
    Upos::Det,
    Upos::Intj,
    Upos::Noun,
    Upos::Num,
    Upos::Part,
    Upos::Pron,
    Upos::Propn,
    Upos::Punct,
    Upos::Sconj,
    Upos::Sym,
    Upos::X,
];

const FORMS: usize = Conjugation::ALL.len();

/// One tag, as an index below [`Tag::COUNT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Tag(pub u8);

impl Tag {
    /// How many tags there are.
    pub(crate) const COUNT: usize = NOMINAL.len() + 2 * FORMS;

    /// The tag of a part of speech; verbs and auxiliaries also have a `conjugation`.
    pub(crate) fn new(upos: Upos, conjugation: Option<Conjugation>) -> Self {
        let form = conjugation.unwrap_or(Conjugation::Present) as usize;
        let index = match upos {
            Upos::Verb => NOMINAL.len() + form,
            Upos::Aux => NOMINAL.len() + FORMS + form,
            _ => NOMINAL.iter().position(|other| *other == upos).unwrap_or(NOMINAL.len() - 1),
        };
        Self(index as u8)
    }

    /// The tags of closed classes, as bits: only words known to have them can have them.
    pub(crate) fn closed() -> u64 {
        let closed = |tag: &u8| {
            use Upos::{Adp, Aux, Cconj, Det, Part, Pron, Sconj};
            matches!(Tag(*tag).upos(), Adp | Aux | Cconj | Det | Part | Pron | Sconj)
        };
        (0..Self::COUNT as u8).filter(closed).fold(0, |bits, tag| bits | 1 << tag)
    }

    /// The tag with that index; `None` from [`Tag::COUNT`] on.
    pub(crate) fn from_index(index: u8) -> Option<Self> {
        (usize::from(index) < Self::COUNT).then_some(Self(index))
    }

    /// Its part of speech.
    pub(crate) fn upos(self) -> Upos {
        let index = usize::from(self.0);
        match NOMINAL.get(index) {
            Some(upos) => *upos,
            None if index < NOMINAL.len() + FORMS => Upos::Verb,
            None => Upos::Aux,
        }
    }

    /// Its conjugation, if it is a verb's.
    pub(crate) fn conjugation(self) -> Option<Conjugation> {
        let verbal = usize::from(self.0).checked_sub(NOMINAL.len())?;
        Conjugation::ALL.get(verbal % FORMS).copied()
    }

    /// What the tag alone says about morphology.
    pub(crate) fn morphology(self) -> Morphology {
        self.conjugation().map_or_else(Morphology::default, Conjugation::morphology)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_indices() {
        for index in 0..Tag::COUNT as u8 {
            let tag = Tag::from_index(index).expect("below the count");
            assert_eq!(Tag::new(tag.upos(), tag.conjugation()), tag);
        }
        assert_eq!(Tag::from_index(Tag::COUNT as u8), None);
    }
}
