//! Annotated releases and corpora, and scores against them.

mod folds;
mod gold;
mod score;

pub use folds::{Folds, FoldsError};
pub use gold::{Gold, GoldEntity, GoldError, GoldMention};
pub use score::{NameScores, NameSpan, Tally};
