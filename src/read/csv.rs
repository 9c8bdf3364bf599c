//! Rows of CSV to records: comma, semicolon or tab, fields named by the first row.

use std::io::Read;

use super::record::{Fields, is_known_field};
use super::{Reason, decode};

/// The separators that are tried.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Whether the first line of `text` names at least two known fields, one of them for the text.
pub(super) fn has_header(text: &str) -> bool {
    header_separator(text.lines().next().unwrap_or("")).is_some()
}

/// The separator by which `line` parts into known names of fields.
fn header_separator(line: &str) -> Option<u8> {
    SEPARATORS.into_iter().find(|&separator| {
        let (mut known, mut text) = (0, false);
        for name in line.split(char::from(separator)) {
            let (is_known, is_text) = is_known_field(name);
            known += usize::from(is_known);
            text |= is_text;
        }
        known >= 2 && text
    })
}

/// The separator of a file that begins with `start`: by its names of fields, else the most frequent of its first line.
pub fn separator(start: &[u8]) -> u8 {
    let line = start.split(|&b| b == b'\n').next().unwrap_or(start);
    let text = String::from_utf8_lossy(line);
    header_separator(&text).unwrap_or_else(|| {
        let count = |separator: u8| line.iter().filter(|&&b| b == separator).count();
        // The first of the most frequent.
        SEPARATORS.into_iter().rev().max_by_key(|&separator| count(separator)).unwrap_or(b',')
    })
}

/// Reads records lazily.
pub struct Records<R> {
    reader: csv::Reader<Limited<R>>,
    names: Vec<String>,
    limit: u64,
    ended: bool,
}

impl<R: Read> Records<R> {
    /// The records of `input`, separated by `separator`; a record of more than `limit` bytes is refused.
    pub fn new(input: R, separator: u8, limit: u64) -> Result<Self, Reason> {
        let mut reader = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(Limited {
            inner: input,
            left: limit,
            exceeded: false,
        });
        let names = reader.byte_headers().map_err(|error| damaged(&error))?.iter().map(text).collect();
        Ok(Self { reader, names, limit, ended: false })
    }
}

impl<R: Read> Iterator for Records<R> {
    type Item = (u64, Result<Fields, Reason>);

    /// The next record and the line where it begins.
    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        self.reader.get_mut().left = self.limit;
        let mut record = csv::ByteRecord::new();
        match self.reader.read_byte_record(&mut record) {
            Ok(false) if self.reader.get_ref().exceeded => {}
            Ok(false) => return None,
            Ok(true) if !self.reader.get_ref().exceeded => {
                let line = record.position().map_or(0, csv::Position::line);
                let fields = self.names.iter().cloned().zip(record.iter().map(text)).collect();
                return Some((line, Ok(fields)));
            }
            Ok(true) => {}
            Err(error) => {
                self.ended = true;
                return Some((self.reader.position().line(), Err(damaged(&error))));
            }
        }
        // Past the limit nothing tells where the next record begins.
        self.ended = true;
        Some((self.reader.position().line(), Err(Reason::TooLarge(self.limit >> 20))))
    }
}

fn damaged(error: &csv::Error) -> Reason {
    Reason::Damaged { format: "CSV", detail: error.to_string() }
}

/// A field as text; each is decoded by itself, since none may be text by itself.
fn text(bytes: &[u8]) -> String {
    decode(bytes).map(|text| text.trim_start_matches('\u{feff}').to_owned()).unwrap_or_default()
}

/// Ends the input once more than `left` bytes are read for one record, as of a quotation mark that is never closed.
struct Limited<R> {
    inner: R,
    left: u64,
    exceeded: bool,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            self.exceeded = true;
            return Ok(0);
        }
        let wanted = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let read = self.inner.read(buffer.get_mut(..wanted).unwrap_or_default())?;
        self.left -= read as u64;
        Ok(read)
    }
}
