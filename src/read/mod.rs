//! Bytes to text: encoding detection and a check that the text is French.

mod decode;
mod language;

pub use decode::{DecodeError, decode};
pub use language::{Language, language};
