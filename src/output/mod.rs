//! Extractions in the forms that people and programs read.

mod json;

pub use json::to_json;
