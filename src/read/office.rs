//! What DOCX and ODT share: the files in their ZIP archive, and tables that are lists or layout.

use std::io::{Cursor, Read};

use super::entry::Converted;
use super::html::blocks::Blocks;
use super::xml::{Token, walk};
use super::{Format, Metadata, Reason, decode, html};

/// Bytes that a file of a document may unpack to.
const LIMIT: u64 = 64 << 20;
/// A row whose cells are all shorter, in characters, stands in one line.
const SHORT_CELL: usize = 100;

/// The files of a document.
pub(super) struct Archive<'a> {
    zip: zip::ZipArchive<Cursor<&'a [u8]>>,
    format: &'static str,
}

impl<'a> Archive<'a> {
    pub(super) fn new(bytes: &'a [u8], format: &'static str) -> Result<Self, Reason> {
        let zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(format, &error))?;
        Ok(Self { zip, format })
    }

    /// The text of the file `name`.
    pub(super) fn read(&mut self, name: &str) -> Result<String, Reason> {
        let file = self.zip.by_name(name).map_err(|error| damaged(self.format, &error))?;
        let mut bytes = Vec::new();
        file.take(LIMIT + 1).read_to_end(&mut bytes).map_err(|error| damaged(self.format, &error))?;
        if bytes.len() as u64 > LIMIT {
            return Err(Reason::TooLarge(LIMIT >> 20));
        }
        Ok(decode(&bytes)?.into_owned())
    }

    /// Title and language that the document declares in `name`, a file with Dublin Core.
    pub(super) fn dublin_core(&mut self, name: &str) -> (Option<String>, Option<String>) {
        let (mut title, mut language) = (String::new(), String::new());
        let mut within = String::new();
        let source = self.read(name).unwrap_or_default();
        // A fault in the metadata is no fault of the text.
        let _ = walk(&source, self.format, |token| match token {
            Token::Open(element) => element.name().clone_into(&mut within),
            Token::Close(_) => within.clear(),
            Token::Text(text) if within == "dc:title" => title.push_str(text),
            Token::Text(text) if within == "dc:language" => language.push_str(text),
            Token::Text(_) => {}
        });
        let some = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        (some(title), some(language))
    }
}

fn damaged(format: &'static str, error: &dyn std::fmt::Display) -> Reason {
    Reason::Damaged { format, detail: error.to_string() }
}

/// Collects the text of a document.
#[derive(Default)]
pub(super) struct Writer {
    blocks: Blocks,
    /// The cells around the text that is written now: what stood before each.
    outer: Vec<Blocks>,
    /// The cells of the rows around, finished.
    rows: Vec<Vec<String>>,
    title: Option<String>,
    title_from: Option<usize>,
}

impl Writer {
    pub(super) fn text(&mut self, text: &str) {
        self.blocks.verbatim(text);
    }

    pub(super) fn line(&mut self) {
        self.blocks.line();
    }

    pub(super) fn item(&mut self) {
        self.blocks.item();
    }

    pub(super) fn paragraph(&mut self) {
        self.blocks.paragraph();
    }

    /// The paragraph that begins here is the headline, if it is the first that says so.
    pub(super) fn begin_title(&mut self) {
        if self.title.is_none() {
            self.title_from = Some(self.blocks.len());
        }
    }

    /// Ends a paragraph.
    pub(super) fn end_paragraph(&mut self) {
        if let Some(start) = self.title_from.take() {
            let title = self.blocks.text_from(start).trim().replace('\n', " ");
            self.title = Some(title).filter(|title| !title.is_empty());
        }
        self.blocks.paragraph();
    }

    pub(super) fn begin_row(&mut self) {
        self.rows.push(Vec::new());
    }

    pub(super) fn begin_cell(&mut self) {
        self.outer.push(std::mem::take(&mut self.blocks));
    }

    pub(super) fn end_cell(&mut self) {
        if let Some(outer) = self.outer.pop() {
            let cell = std::mem::replace(&mut self.blocks, outer).finish();
            if let Some(row) = self.rows.last_mut() {
                row.push(cell);
            }
        }
    }

    /// Writes a row: short cells in one line, as in a table of figures; else each as a paragraph, as in a layout.
    pub(super) fn end_row(&mut self) {
        let cells = self.rows.pop().unwrap_or_default();
        let cells: Vec<&str> = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
        let is_short = |cell: &&str| !cell.contains('\n') && cell.chars().count() <= SHORT_CELL;
        self.blocks.line();
        if cells.len() > 1 && cells.iter().all(is_short) {
            self.blocks.verbatim(&cells.join("\t"));
            self.blocks.line();
        } else {
            for cell in cells {
                self.blocks.paragraph();
                self.blocks.verbatim(cell);
            }
            self.blocks.paragraph();
        }
    }

    /// The document's text, with the headline and language that it `declared`.
    pub(super) fn finish(mut self, format: Format, declared: (Option<String>, Option<String>)) -> Converted {
        while let Some(outer) = self.outer.pop() {
            let cell = std::mem::replace(&mut self.blocks, outer).finish();
            self.blocks.paragraph();
            self.blocks.verbatim(&cell);
        }
        let text = self.blocks.finish().trim().to_owned();
        // Titles in properties are often those of a template: only one that the text begins with is believed.
        let title = self.title.or_else(|| declared.0.filter(|title| html::begins_with(&text, title)));
        Converted { text, metadata: Metadata { title, language: declared.1, ..Metadata::of(format) }, url: None }
    }
}
