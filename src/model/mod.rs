//! The data that the stages read: models, lexicons, rules; embedded in the program, overridable by a folder.

pub mod container;
mod resources;

pub use container::{Builder, Container, ContainerError};
pub use resources::{ResourceError, Resources};
