//! The function words that the analysis of clauses knows by their numbers.

use super::{Vocabulary, WordId};

/// Numbers of function words.
#[derive(Clone, Debug, Default)]
pub(in crate::relations) struct Grammar {
    pub(in crate::relations) etre: WordId,
    pub(in crate::relations) avoir: WordId,
    pub(in crate::relations) aller: WordId,
    pub(in crate::relations) de: WordId,
    pub(in crate::relations) qui: WordId,
    /// The lemma `à`.
    pub(in crate::relations) to: WordId,
    /// `de` without an article.
    pub(in crate::relations) bare_de: Vec<WordId>,
    pub(in crate::relations) ne: Vec<WordId>,
    pub(in crate::relations) reflexive: Vec<WordId>,
    pub(in crate::relations) que: Vec<WordId>,
    /// Relative pronouns besides `qui` and `que`.
    pub(in crate::relations) relative: Vec<WordId>,
    /// Pronouns before a verb that are no subject.
    pub(in crate::relations) clitics: Vec<WordId>,
    /// Verbs that take `être` in the active voice.
    pub(in crate::relations) with_etre: Vec<WordId>,
    /// Adverbs that begin a preposition (`auprès de`).
    pub(in crate::relations) adverbs: Vec<WordId>,
    /// Prepositions that mix in lists of places (`en Bretagne et au Maroc`).
    pub(in crate::relations) locative: Vec<WordId>,
    /// Marks that end all clauses.
    pub(in crate::relations) strong: Vec<WordId>,
    /// Marks and words that join the members of a list.
    pub(in crate::relations) and: Vec<WordId>,
    /// `ainsi`, which joins with `que` behind it.
    pub(in crate::relations) ainsi: WordId,
    /// Verbs whose object does what their infinitive tells (`invite A à participer`).
    pub(in crate::relations) urging: Vec<WordId>,
    /// Verbs whose complement with `à` does it (`permet à A de participer`).
    pub(in crate::relations) allowing: Vec<WordId>,
    pub(in crate::relations) dashes: Vec<WordId>,
    pub(in crate::relations) comma: WordId,
    pub(in crate::relations) open: WordId,
    pub(in crate::relations) close: WordId,
}

impl Grammar {
    pub(super) fn new(vocabulary: &mut Vocabulary) -> Self {
        let mut all = |words: &str| words.split(' ').map(|word| vocabulary.intern(word)).collect::<Vec<_>>();
        let mut one = |word: &str| all(word).first().copied().unwrap_or_default();
        Self {
            etre: one("être"),
            avoir: one("avoir"),
            aller: one("aller"),
            de: one("de"),
            qui: one("qui"),
            ainsi: one("ainsi"),
            to: one("à"),
            comma: one(","),
            open: one("("),
            close: one(")"),
            bare_de: all("de d'"),
            ne: all("ne n'"),
            reflexive: all("se s'"),
            que: all("que qu'"),
            relative: all("dont où lequel laquelle lesquels lesquelles duquel auquel auxquels"),
            clitics: all("se s' le la les l' lui leur y en me m' te t'"),
            with_etre: all(
                "aller venir devenir naître partir rester entrer arriver parvenir intervenir mourir retourner \
                 tomber décéder revenir sortir monter descendre",
            ),
            adverbs: all("auprès lors près loin autour hors outre grâce"),
            locative: all("à en dans"),
            strong: all("; : « » ! ? …"),
            and: all("et & ou puis"),
            urging: all(
                "appeler inviter encourager inciter autoriser obliger aider exhorter convier contraindre pousser amener \
                 convaincre persuader accompagner",
            ),
            allowing: all("permettre demander recommander conseiller interdire suggérer"),
            dashes: all("- – — |"),
        }
    }
}
