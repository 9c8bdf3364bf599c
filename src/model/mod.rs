//! The data that the stages read: models, lexicons, rules; embedded in the program, overridable by a folder.

mod resources;

pub use resources::{ResourceError, Resources};
