//! DOCX (Office Open XML, ECMA-376): the paragraphs of `word/document.xml` as they read when all
//! changes are accepted.

use super::entry::Converted;
use super::office::{Archive, Writer};
use super::xml::{Token, walk};
use super::{Format, Reason};

/// Elements whose text is not that of the document: deleted or moved text, field codes, the
/// alternative of a drawing for old programs, notes.
const LEFT_OUT: [&str; 5] = ["w:del", "w:moveFrom", "w:instrText", "mc:Fallback", "w:comment"];

pub(super) fn read(bytes: &[u8]) -> Result<Converted, Reason> {
    let mut archive = Archive::new(bytes, "DOCX")?;
    let source = archive.read("word/document.xml")?;
    let mut writer = Writer::default();
    let mut left_out = 0_usize;
    let mut is_text = false;
    walk(&source, "DOCX", |token| match token {
        Token::Open(element) if left_out > 0 || LEFT_OUT.contains(&element.name()) => left_out += 1,
        Token::Close(_) if left_out > 0 => left_out -= 1,
        Token::Open(element) => match element.name() {
            "w:t" => is_text = true,
            "w:numPr" => writer.item(),
            "w:pStyle" if element.attribute("w:val").is_some_and(|style| is_title(&style)) => writer.begin_title(),
            "w:br" | "w:cr" => writer.line(),
            "w:tab" => writer.text(" "),
            "w:noBreakHyphen" => writer.text("-"),
            "w:tr" => writer.begin_row(),
            "w:tc" => writer.begin_cell(),
            _ => {}
        },
        Token::Close(name) => match name {
            "w:t" => is_text = false,
            "w:p" => writer.end_paragraph(),
            "w:tc" => writer.end_cell(),
            "w:tr" => writer.end_row(),
            _ => {}
        },
        Token::Text(text) if is_text && left_out == 0 => writer.text(text),
        Token::Text(_) => {}
    })?;
    Ok(writer.finish(Format::Docx, archive.dublin_core("docProps/core.xml")))
}

/// Whether a style is that of the headline, by its identifier in English or French.
fn is_title(style: &str) -> bool {
    matches!(style, "Title" | "Titre" | "Heading1" | "Titre1")
}
