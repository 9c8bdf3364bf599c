//! One thing, one node: which entities of different releases are the same.
//!
//! A [`Record`] is what a release says of an entity that helps to tell it: names, identifiers, what it
//! belongs to. Records that say the same share a [`Signature`]; a release that says nothing new costs no
//! comparison. Signatures that might be the same lie in one block: the same name or nearly the same letters, the same sound of
//! the name in one context, an identifier or an acronym in common. Where a name is crowded, the name alone is no reason:
//! its bearers meet where they share a context. [`cluster`] parts a block into identities, a function of the block alone: so the
//! order of ingestion does not matter, and a removed release leaves no trace. [`Joiner`] keeps the result
//! up to date in an [`Index`], block by block.
//!
//! Blocking and scored pairs after Fellegi and Sunter (1969); the sound of names after Soundex (Russell 1918).

mod attachment;
mod changes;
mod cluster;
mod decision;
mod evidence;
mod index;
mod joiner;
mod keys;
mod likeness;
mod memory;
mod naming;
mod parts;
mod record;
mod told;

pub use cluster::{Assignment, cluster};
pub use decision::{Decision, Side, Verdict};
pub use index::{Authority, Delta, Index, Property, SignatureId, Statement};
pub use joiner::Joiner;
pub use keys::{Key, Keys};
pub use likeness::likeness;
pub use memory::MemoryIndex;
pub use record::{Record, Signature, element};
pub use told::{Told, unpacked};
