//! `pressgraph` reads French press releases and builds a knowledge graph: who holds which role
//! where, who signed with whom about what, who bought, funded or supplies whom, who said what.
//!
//! The modules in reading order, which is also the order in which data flows:
//!
//! * [`text`]: a decoded release and spans in it;
//! * [`read`]: bytes to text, and the parts of a release;
//! * [`segment`]: sentences and tokens;
//! * [`model`]: models, lexicons and rules, embedded or from a folder;
//! * [`tag`]: parts of speech, morphology, lemmas, names;
//! * [`mentions`]: names and values in the text;
//! * [`entities`]: which mentions name the same thing;
//! * [`relations`]: typed facts, found by rules, with their evidence;
//! * [`pipeline`]: the stages in their order;
//! * [`output`]: extractions as JSON and for people;
//! * [`evaluate`]: gold annotations and scores against them;
//! * [`graph`]: facts to RDF quads;
//! * [`input`]: files, folders and archives to what `read` converts;
//! * `train`: training of the models (feature `train`);
//! * [`identity`]: which entities of different releases are one thing;
//! * `store`: the embedded triple store (feature `store`);
//! * `serve`: the store over HTTP (feature `serve`);
//! * [`cli`]: the commands.
//!
//! ```
//! let extractor = pressgraph::pipeline::Extractor::new()?;
//! let release = extractor.extract("Marie Durand, directrice générale de Valoria, se félicite de cet accord.");
//! for fact in &release.facts {
//!     println!("{} ({})", fact.relation.schema().name, fact.rule);
//! }
//! assert_eq!(release.facts[0].relation.schema().name, "role");
//! # Ok::<(), pressgraph::pipeline::ExtractorError>(())
//! ```

// Both panic where the reader has gone (`| head`): write to a handle, and let the error through.
#![deny(clippy::print_stdout, clippy::print_stderr)]

pub mod cli;
pub mod entities;
pub mod evaluate;
pub mod graph;
pub mod identity;
pub mod input;
pub mod mentions;
pub mod model;
pub mod output;
pub mod pipeline;
pub mod read;
pub mod relations;
pub mod segment;
#[cfg(feature = "serve")]
pub mod serve;
#[cfg(feature = "store")]
pub mod store;
pub mod tag;
pub mod text;
#[cfg(feature = "train")]
pub mod train;
