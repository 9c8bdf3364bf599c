//! Training of the models from corpora and annotated releases. Features stand with the taggers in
//! [`crate::tag`]; training imports them, so that the two cannot drift apart. The same data, options and seed
//! give the same bytes.

mod corpus;
mod error;
mod marked;
pub mod morph;
pub mod names;
mod random;
pub mod treebank;

pub use corpus::{CorpusError, Labelled, LabelledName, Meaning, gold_texts, read_conll};
pub use error::TrainError;
pub use marked::{MarkedError, read_marked};
pub(crate) use random::Random;
