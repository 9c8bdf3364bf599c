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
use std::sync::{Mutex, PoisonError};

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

/// Takes a buffer from those that no thread uses now: one that `fits` if there is one, as it knows the words already.
pub(crate) fn take<T>(idle: &Mutex<Vec<T>>, fits: impl FnMut(&T) -> bool) -> Option<T> {
    let mut idle = idle.lock().unwrap_or_else(PoisonError::into_inner);
    let fitting = idle.iter().rposition(fits);
    fitting.map(|at| idle.swap_remove(at)).or_else(|| idle.pop())
}
