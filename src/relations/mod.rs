//! Typed facts with the words that state them, found by rules that are data.

mod fact;

pub use fact::{Fact, RelationType, Schema, Status, Value};
