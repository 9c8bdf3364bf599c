//! ODT (OpenDocument, ISO/IEC 26300): the paragraphs of `content.xml`.

use super::entry::Converted;
use super::office::{Archive, Writer};
use super::xml::{Element, Token, walk};
use super::{Format, Reason};

/// Elements whose text is not that of the document: deleted text, notes, descriptions of images.
const LEFT_OUT: [&str; 6] =
    ["text:tracked-changes", "text:note", "office:annotation", "svg:title", "svg:desc", "text:sequence-decls"];

pub(super) fn read(bytes: &[u8]) -> Result<Converted, Reason> {
    let mut archive = Archive::new(bytes, "ODT")?;
    let source = archive.read("content.xml")?;
    let mut writer = Writer::default();
    let mut left_out = 0_usize;
    let mut paragraphs = 0_usize;
    let mut is_body = false;
    walk(&source, "ODT", |token| match token {
        Token::Open(element) if left_out > 0 || LEFT_OUT.contains(&element.name()) => left_out += 1,
        Token::Close(_) if left_out > 0 => left_out -= 1,
        Token::Open(element) => match element.name() {
            "office:text" => is_body = true,
            "text:p" | "text:h" => {
                paragraphs += 1;
                if is_title(element) {
                    writer.paragraph();
                    writer.begin_title();
                }
            }
            "text:list-item" => writer.item(),
            "text:line-break" => writer.line(),
            "text:tab" => writer.text(" "),
            "text:s" => {
                let count = element.attribute("text:c").and_then(|count| count.parse().ok()).unwrap_or(1_usize);
                writer.text(&" ".repeat(count.min(8)));
            }
            "table:table-row" => writer.begin_row(),
            "table:table-cell" => writer.begin_cell(),
            _ => {}
        },
        Token::Close(name) => match name {
            "office:text" => is_body = false,
            "text:p" | "text:h" => {
                paragraphs = paragraphs.saturating_sub(1);
                writer.end_paragraph();
            }
            "text:list-item" => writer.line(),
            "table:table-cell" => writer.end_cell(),
            "table:table-row" => writer.end_row(),
            _ => {}
        },
        Token::Text(text) if is_body && paragraphs > 0 && left_out == 0 => {
            // White space is written as elements; that of the file is layout.
            let text = text.replace(['\n', '\r', '\t'], " ");
            writer.text(&text);
        }
        Token::Text(_) => {}
    })?;
    Ok(writer.finish(Format::Odt, archive.dublin_core("meta.xml")))
}

/// Whether a paragraph is the headline, by its style or level.
fn is_title(element: &Element<'_>) -> bool {
    element.attribute("text:style-name").is_some_and(|style| style == "Title" || style == "Titre")
        || element.name() == "text:h" && element.attribute("text:outline-level").as_deref() == Some("1")
}
