//! XML as a flat sequence of opening and closing elements and text, for the readers of office
//! documents. Entities that a document defines are left out, so none can grow; nesting is bounded.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Reason;

/// Elements within each other that a document may have.
const DEPTH: usize = 512;

/// A step through a document. Names stand with the prefix that all known writers use (`w:p`).
pub(super) enum Token<'a> {
    /// An element begins.
    Open(&'a Element<'a>),
    /// The element of that name ends.
    Close(&'a str),
    /// Text within an element.
    Text(&'a str),
}

/// A start tag.
pub(super) struct Element<'a>(BytesStart<'a>);

impl Element<'_> {
    /// Its name with its prefix.
    pub(super) fn name(&self) -> &str {
        self.0.name().0
    }

    /// The value of an attribute, entities resolved.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let attribute = self.0.try_get_attribute(name).ok()??;
        Some(
            quick_xml::escape::unescape(&attribute.value)
                .map_or_else(|_| attribute.value.to_string(), |v| v.into_owned()),
        )
    }
}

/// Walks through `source`. What comes after the first fault is not seen; a fault before any element is an error.
pub(super) fn walk(source: &str, format: &'static str, mut visit: impl FnMut(Token<'_>)) -> Result<(), Reason> {
    let mut reader = Reader::from_str(source);
    reader.config_mut().check_end_names = false;
    let mut depth = 0_usize;
    let mut seen = false;
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(_) if seen => return Ok(()),
            Err(error) => return Err(Reason::Damaged { format, detail: error.to_string() }),
        };
        match event {
            Event::Start(start) => {
                seen = true;
                depth += 1;
                if depth > DEPTH {
                    return Err(Reason::TooDeep(DEPTH));
                }
                visit(Token::Open(&Element(start)));
            }
            Event::Empty(start) => {
                seen = true;
                let element = Element(start);
                visit(Token::Open(&element));
                visit(Token::Close(element.name()));
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                visit(Token::Close(end.name().0));
            }
            Event::Text(text) => visit(Token::Text(&text.xml10_content())),
            Event::CData(text) => visit(Token::Text(&text.xml10_content())),
            Event::GeneralRef(reference) => {
                let written = format!("&{};", reference.xml10_content());
                if let Ok(text) = quick_xml::escape::unescape(&written) {
                    visit(Token::Text(&text));
                }
            }
            Event::Eof => return Ok(()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

/// Refuses what is nested too deeply.
pub(super) fn check_depth(source: &str, format: &'static str) -> Result<(), Reason> {
    walk(source, format, |_| {})
}
