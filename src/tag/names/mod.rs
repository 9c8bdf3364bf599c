//! Which tokens are names, and what they name: features, the network over them, decoding.

pub(crate) mod context;
pub(crate) mod cues;
pub(crate) mod decode;
pub(crate) mod gazetteer;
pub(crate) mod labels;
pub(crate) mod network;
mod runs;
mod tagger;
pub(crate) mod vectors;
pub(crate) mod word;

pub use network::Network;
pub use tagger::{NameTagger, NameTaggerError};
pub use vectors::WordVectors;
