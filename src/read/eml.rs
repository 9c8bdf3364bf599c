//! A mail (RFC 5322, MIME) to the release it carries: its body, or what is attached to it.

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::entry::{Converted, Part};
use super::format::{Sniffed, sniff};
use super::{Format, Metadata, Reason, docx, html, odt, parse_date, pdf, web_address};

/// Mails within mails that are looked into.
const DEPTH: usize = 4;
/// A body of fewer characters only announces what is attached; an attached text of fewer is none.
const COVER_NOTE: usize = 600;

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Part>, Reason> {
    let damaged = || Reason::Damaged { format: "mail", detail: "there are no headers".to_owned() };
    let message = MessageParser::default().parse(bytes).ok_or_else(damaged)?;
    let mut parts = Vec::new();
    read_message(&message, DEPTH, None, &mut parts)?;
    Ok(parts)
}

/// Adds the releases of `message`: its body and its attachments, each by itself.
fn read_message(
    message: &Message<'_>,
    depth: usize,
    name: Option<String>,
    parts: &mut Vec<Part>,
) -> Result<(), Reason> {
    let Some(below) = depth.checked_sub(1) else { return Err(Reason::TooDeep(DEPTH)) };
    let body = body(message)?;
    let mut attached = Vec::new();
    for (number, part) in message.attachments().enumerate() {
        let name =
            part.attachment_name().map_or_else(|| (number + 1).to_string(), |name| name.replace(['/', '\\'], "_"));
        match &part.body {
            PartType::Message(inner) => read_message(inner, below, Some(name), &mut attached)?,
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                let converted = match sniff(&name, bytes) {
                    Sniffed::Format(Format::Pdf) => pdf::read(bytes),
                    Sniffed::Zip if name.to_lowercase().ends_with(".docx") => docx::read(bytes),
                    Sniffed::Zip if name.to_lowercase().ends_with(".odt") => odt::read(bytes),
                    // Logos, signatures and the like are no releases.
                    _ => continue,
                };
                attached.push(Part { name: Some(name), content: converted });
            }
            PartType::Text(text) if is_document(part, text) => {
                let converted = Converted { text: text.to_string(), ..Converted::default() };
                attached.push(Part { name: Some(name), content: Ok(converted) });
            }
            PartType::Html(source) if is_document(part, source) => {
                attached.push(Part { name: Some(name), content: html::page(source) });
            }
            PartType::Text(_) | PartType::Html(_) | PartType::Multipart(_) => {}
        }
    }
    let is_cover_note = body.text.chars().count() < COVER_NOTE && attached.iter().any(|part| part.content.is_ok());
    if !is_cover_note {
        parts.push(Part { name, content: Ok(body) });
    }
    parts.append(&mut attached);
    Ok(())
}

/// Whether an attached text is long enough for a release: mail servers attach their notices too.
fn is_document(part: &MessagePart<'_>, text: &str) -> bool {
    let is_plain = part.is_content_type("text", "plain") || part.is_content_type("text", "html");
    let is_attached = part.content_disposition().is_some_and(|disposition| disposition.is_attachment());
    is_plain && is_attached && text.chars().count() >= COVER_NOTE
}

/// The body, from HTML where there is some, for its paragraphs are whole.
fn body(message: &Message<'_>) -> Result<Converted, Reason> {
    let from_html = message.html_bodies().find_map(|part| match &part.body {
        PartType::Html(source) => Some(html::fragment(source)),
        _ => None,
    });
    let text = match from_html.transpose()?.filter(|text| !text.trim().is_empty()) {
        Some(text) => text,
        None => {
            let texts = message.text_bodies().filter_map(|part| match &part.body {
                PartType::Text(text) => {
                    let is_flowed = part.content_type().and_then(|kind| kind.attribute("format")) == Some("flowed");
                    Some(if is_flowed { unflow(text) } else { text.to_string() })
                }
                _ => None,
            });
            texts.collect::<Vec<_>>().join("\n\n")
        }
    };
    let header =
        |name: &'static str| message.header(name).and_then(|value| value.as_text()).map(|text| text.trim().to_owned());
    let title = message.subject().map(subject).filter(|title| !title.is_empty());
    let metadata = Metadata {
        issued: message.date().and_then(|date| parse_date(&date.to_rfc3339())),
        issuer: header("Organization").or_else(|| header("Organisation")),
        language: header("Content-Language"),
        title,
        format: Format::Eml,
    };
    let url = header("Archived-At").and_then(|url| web_address(url.trim_matches(['<', '>'])));
    Ok(Converted { text: html::with_title(text, metadata.title.as_deref()), metadata, url })
}

/// A subject without the marks of replies and forwards.
fn subject(subject: &str) -> String {
    let mut rest = subject.trim();
    loop {
        let mark = ["re", "fw", "fwd", "tr", "ref"].iter().find_map(|mark| {
            let (head, tail) = rest.split_once(':')?;
            head.trim().eq_ignore_ascii_case(mark).then_some(tail)
        });
        match mark {
            Some(tail) => rest = tail.trim(),
            None => return rest.split_whitespace().collect::<Vec<_>>().join(" "),
        }
    }
}

/// Joins the lines that a mail program broke (RFC 3676: those that end with a space).
fn unflow(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        // The line before a signature is `-- `.
        let flows = line.ends_with(' ') && line != "-- ";
        out.push_str(line);
        if !flows {
            out.push('\n');
        }
    }
    out
}
