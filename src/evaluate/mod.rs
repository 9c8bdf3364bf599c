//! Annotated releases and corpora, and scores against them.

mod alignment;
mod folds;
pub mod generate;
mod gold;
mod relations;
mod score;

pub use folds::{Folds, FoldsError};
pub use gold::{Gold, GoldEntity, GoldError, GoldMention};
pub use relations::{Judged, RelationScores};
pub use score::{NameScores, NameSpan, Tally};
