//! Bytes to text: what a file is, its encoding, its main text and metadata, the language, and the
//! parts of a release.
//!
//! Each format has a reader of its own, from bytes to text and [`Metadata`]; [`Entry`] brings them
//! together. No reader does input or output: [`crate::input`] walks files, folders and archives.

pub mod csv;
mod date;
mod decode;
mod docx;
mod eml;
mod entry;
mod feed;
mod format;
mod guard;
mod html;
mod json;
mod language;
mod layout;
mod markdown;
mod odt;
mod office;
mod pdf;
mod record;
mod release;
mod xml;

pub use date::parse_date;
pub use decode::{DecodeError, decode};
pub use entry::{Content, Entry};
pub use format::{SNIFF, Sniffed, sniff};
pub use guard::THREAD;
pub use language::{Language, language};
pub use layout::{Dateline, Layout, Section, SectionKind};
pub use record::Fields;
pub use release::{Format, Metadata, Origin, Place, Reason, Refusal, Release, Source};

/// `text` as the absolute address of a web page, without its fragment; none if it is not one that can be an IRI.
fn web_address(text: &str) -> Option<String> {
    let address = text.trim().split('#').next().unwrap_or("");
    let host = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let sound = !host.starts_with(['/', '?', ':', '.']) && !host.is_empty() && address.len() <= 2000;
    let allowed = |c: char| !c.is_whitespace() && !c.is_control() && !"<>\"{}|\\^`".contains(c);
    (sound && address.chars().all(allowed)).then(|| address.to_owned())
}
