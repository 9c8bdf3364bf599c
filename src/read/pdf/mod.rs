//! PDF to text. `pdf-extract` decodes the fonts and places each character; what the characters
//! read as (lines, columns, paragraphs, hyphens, headers and footers) is worked out here.

mod check;
mod columns;
mod glyphs;
mod lines;
mod mend;
mod pages;

use pdf_extract::{Document, OutputError};

use self::glyphs::Collector;
use super::entry::Converted;
use super::{Format, Metadata, Reason, html};

/// The text of a PDF. Its properties are those of the file and not of the release: only a title that
/// the text begins with is taken from them, and no date.
pub(super) fn read(bytes: &[u8]) -> Result<Converted, Reason> {
    check::streams(bytes)?;
    let mut document = Document::load_mem(bytes).map_err(|error| damaged(&error))?;
    if document.is_encrypted() && document.decrypt("").is_err() {
        return Err(Reason::Encrypted);
    }
    mend::images(&mut document);
    mend::widths(&mut document);
    check::structure(&document)?;
    let mut pages = Vec::new();
    for (number, _) in document.get_pages() {
        let mut collector = Collector::new();
        match pdf_extract::output_doc_page(&document, &mut collector, number) {
            Ok(()) => {}
            Err(_) if collector.is_late() => return Err(Reason::Timeout(super::guard::SECONDS)),
            Err(OutputError::PdfError(error)) if pages.is_empty() => return Err(damaged(&error)),
            // The other pages may be sound.
            Err(_) => continue,
        }
        pages.push(lines::of_page(collector.finish()));
    }
    let text = pages::join(pages);
    if text.trim().is_empty() {
        return Err(Reason::NoText(Format::Pdf));
    }
    let title = info(&document, b"Title").filter(|title| title.len() > 3 && html::begins_with(&text, title));
    let catalog_language = document.catalog().ok().and_then(|catalog| catalog.get(b"Lang").ok()).and_then(as_text);
    let metadata = Metadata { title, language: catalog_language, ..Metadata::of(Format::Pdf) };
    Ok(Converted { text, metadata, url: None })
}

fn damaged(error: &dyn std::fmt::Display) -> Reason {
    Reason::Damaged { format: "PDF", detail: error.to_string() }
}

/// An entry of the document's information dictionary.
fn info(document: &Document, key: &[u8]) -> Option<String> {
    let info = document.trailer.get(b"Info").ok()?;
    let info = match info.as_reference() {
        Ok(id) => document.get_dictionary(id).ok()?,
        Err(_) => info.as_dict().ok()?,
    };
    as_text(info.get(key).ok()?)
}

/// A text string: UTF-16 with a byte order mark, UTF-8, or nearly Latin-1.
fn as_text(object: &pdf_extract::Object) -> Option<String> {
    let bytes = object.as_str().ok()?;
    let text = super::decode(bytes).ok()?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}
