//! The data that the stages read: models, lexicons, rules; embedded in the program, overridable by a folder.
//!
//! A model is a [`Container`] of sections; a [`ModelFile`] also says what it is and holds a checksum.

pub mod container;
mod format;
mod resources;

pub use container::{Builder, Container, ContainerError};
pub use format::{ModelError, ModelFile, Reader, put_f32s, put_length, put_u32, write_model};
pub use resources::{ResourceError, Resources};
