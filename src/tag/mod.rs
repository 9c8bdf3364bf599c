//! What each token is: part of speech, morphology, lemma; and which tokens are names.

mod entity_type;
mod index;
#[cfg_attr(not(feature = "train"), expect(dead_code, reason = "only training makes and writes the parts of a model"))]
pub mod morph;
mod morphology;
#[cfg_attr(not(feature = "train"), expect(dead_code, reason = "only training makes and writes the parts of a model"))]
pub mod names;

pub use entity_type::EntityType;
pub use morph::{MorphError, MorphTagger};
pub use morphology::{Gender, Mood, Morphology, Number, Person, Tags, Tense, Upos, VerbForm};

use std::ops::Range;

/// A run of tokens that the name tagger takes for a name.
#[derive(Clone, Debug, PartialEq)]
pub struct NameTag {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// What it names.
    pub kind: EntityType,
    /// How sure the tagger is, from 0 to 1.
    pub score: f32,
}
