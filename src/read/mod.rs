//! Bytes to text: encoding detection and a check that the text is French.

mod decode;
mod language;
mod layout;
mod release;

pub use decode::{DecodeError, decode};
pub use language::{Language, language};
pub use layout::{Dateline, Layout, Section, SectionKind};
pub use release::{Metadata, Release, Source};
