//! Training of the models from corpora. Features stand with the taggers in [`crate::tag`]; training
//! imports them, so that the two cannot drift apart.

mod error;
pub mod morph;
pub mod treebank;

pub use error::TrainError;
