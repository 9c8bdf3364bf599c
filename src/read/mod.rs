//! Bytes to text: encoding detection and a check that the text is French.

mod decode;
mod language;
mod layout;

pub use decode::{DecodeError, decode};
pub use language::{Language, language};
pub use layout::{Dateline, Layout, Section, SectionKind};
