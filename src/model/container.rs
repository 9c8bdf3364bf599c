//! The binary format of trained models: magic, version, provenance, named sections.
//!
//! ```text
//! magic "PGMODEL\0" (8 bytes) · version u32 · section count u32
//! per section: name length u32, data length u64, name
//! the data of the sections, in the same order
//! ```
//!
//! All numbers are little-endian. The section `provenance` is a JSON object that says which corpora
//! the model was trained on, under which licences, with which seed and which scores.

use std::borrow::Cow;
use std::ops::Range;

const MAGIC: &[u8; 8] = b"PGMODEL\0";
const VERSION: u32 = 1;
const PROVENANCE: &str = "provenance";

/// Why bytes are no model of this program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContainerError {
    /// They begin with something else.
    #[error("not a pressgraph model: it does not begin with the magic number")]
    Magic,
    /// Written by another version of the program.
    #[error("the model has format version {0}, this program reads version {VERSION}: train it again")]
    Version(u32),
    /// Fewer bytes than the lengths in it promise, or more.
    #[error("the model is damaged: its lengths do not fit its {0} bytes: copy or train it again")]
    Length(usize),
    /// A part that the reader needs is not there.
    #[error("the model has no section {0}: it was made for something else")]
    Section(String),
    /// A section whose content does not make sense.
    #[error("section {section} of the model is damaged: {reason}")]
    Content {
        /// Which section.
        section: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// A model file: named sections of bytes.
#[derive(Clone, Debug)]
pub struct Container {
    bytes: Cow<'static, [u8]>,
    sections: Vec<(String, Range<usize>)>,
}

impl Container {
    /// Reads the table of sections; all lengths are checked, so that later reads cannot run out of bounds.
    pub fn parse(bytes: Cow<'static, [u8]>) -> Result<Self, ContainerError> {
        let damaged = || ContainerError::Length(bytes.len());
        let mut rest: &[u8] = bytes.strip_prefix(MAGIC.as_slice()).ok_or(ContainerError::Magic)?;
        let version = take_u32(&mut rest).ok_or_else(damaged)?;
        if version != VERSION {
            return Err(ContainerError::Version(version));
        }
        let count = take_u32(&mut rest).ok_or_else(damaged)?;
        let mut headers = Vec::new();
        for _ in 0..count {
            let name_length = take_u32(&mut rest).ok_or_else(damaged)? as usize;
            let (length, after) = rest.split_first_chunk::<8>().ok_or_else(damaged)?;
            let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| damaged())?;
            let name = after.get(..name_length).ok_or_else(damaged)?;
            rest = after.get(name_length..).ok_or_else(damaged)?;
            headers.push((String::from_utf8_lossy(name).into_owned(), length));
        }
        let mut start = bytes.len() - rest.len();
        let mut sections = Vec::new();
        for (name, length) in headers {
            let end = start.checked_add(length).filter(|end| *end <= bytes.len()).ok_or_else(damaged)?;
            sections.push((name, start..end));
            start = end;
        }
        if start != bytes.len() {
            return Err(damaged());
        }
        Ok(Self { bytes, sections })
    }

    /// The bytes of the section `name`.
    pub fn section(&self, name: &str) -> Result<&[u8], ContainerError> {
        let (_, range) = self
            .sections
            .iter()
            .find(|(own, _)| own == name)
            .ok_or_else(|| ContainerError::Section(name.to_owned()))?;
        // Invariant: `parse` checked that every section lies in the bytes.
        Ok(&self.bytes[range.clone()])
    }

    /// The section `name` as lines of text.
    pub fn text(&self, name: &'static str) -> Result<&str, ContainerError> {
        str::from_utf8(self.section(name)?)
            .map_err(|_| ContainerError::Content { section: name, reason: "it is not UTF-8" })
    }

    /// The section `name` as 32-bit numbers.
    pub fn numbers(&self, name: &'static str) -> Result<Vec<u32>, ContainerError> {
        let (chunks, rest) = self.section(name)?.as_chunks::<4>();
        if rest.is_empty() {
            Ok(chunks.iter().map(|chunk| u32::from_le_bytes(*chunk)).collect())
        } else {
            Err(ContainerError::Content { section: name, reason: "its length is not a multiple of four" })
        }
    }

    /// Where the model comes from, as JSON.
    pub fn provenance(&self) -> &str {
        self.text(PROVENANCE).unwrap_or("{}")
    }
}

fn take_u32(rest: &mut &[u8]) -> Option<u32> {
    let (number, after) = rest.split_first_chunk::<4>()?;
    *rest = after;
    Some(u32::from_le_bytes(*number))
}

/// Builds a model file section by section.
#[derive(Clone, Debug)]
pub struct Builder {
    sections: Vec<(String, Vec<u8>)>,
}

impl Builder {
    /// A file with the given provenance (a JSON object).
    pub fn new(provenance: &str) -> Self {
        Self { sections: vec![(PROVENANCE.to_owned(), provenance.as_bytes().to_vec())] }
    }

    /// Replaces the provenance, for what is only known once the model is measured.
    #[must_use]
    pub fn provenance(mut self, provenance: &str) -> Self {
        self.sections.retain(|(name, _)| name != PROVENANCE);
        self.sections.insert(0, (PROVENANCE.to_owned(), provenance.as_bytes().to_vec()));
        self
    }

    /// Adds a section; names are unique.
    #[must_use]
    pub fn section(mut self, name: &str, data: Vec<u8>) -> Self {
        debug_assert!(self.sections.iter().all(|(other, _)| other != name), "section {name} twice");
        self.sections.push((name.to_owned(), data));
        self
    }

    /// Adds a section of 32-bit numbers.
    #[must_use]
    pub fn numbers(self, name: &str, numbers: &[u32]) -> Self {
        self.section(name, numbers.iter().flat_map(|number| number.to_le_bytes()).collect())
    }

    /// The bytes of the file.
    pub fn finish(self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend(VERSION.to_le_bytes());
        out.extend((self.sections.len() as u32).to_le_bytes());
        for (name, data) in &self.sections {
            out.extend((name.len() as u32).to_le_bytes());
            out.extend((data.len() as u64).to_le_bytes());
            out.extend(name.as_bytes());
        }
        for (_, data) in self.sections {
            out.extend(data);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<u8> {
        Builder::new(r#"{"seed":1}"#).numbers("weights", &[1, 2, 3]).section("words", b"a\nb".to_vec()).finish()
    }

    #[test]
    fn sections_come_back() {
        let container = Container::parse(sample().into()).expect("just built");
        assert_eq!(container.numbers("weights"), Ok(vec![1, 2, 3]));
        assert_eq!(container.text("words"), Ok("a\nb"));
        assert_eq!(container.provenance(), r#"{"seed":1}"#);
        assert_eq!(container.section("other"), Err(ContainerError::Section("other".to_owned())));
    }

    #[test]
    fn cut_and_changed_bytes_are_errors() {
        let bytes = sample();
        for length in 0..bytes.len() {
            assert!(Container::parse(bytes[..length].to_vec().into()).is_err(), "{length} bytes were accepted");
        }
        let mut longer = bytes.clone();
        longer.push(0);
        assert!(Container::parse(longer.into()).is_err());
        let mut other = bytes;
        other[8] = 9;
        assert_eq!(Container::parse(other.into()).err(), Some(ContainerError::Version(9)));
    }
}
