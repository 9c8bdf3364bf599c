//! Markdown to text, by the events of a CommonMark parser.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::entry::Converted;
use super::html::blocks::Blocks;
use super::record::Fields;
use super::{Format, Metadata, Reason, html, parse_date};

/// The text of `source`, its headline and what its front matter says.
pub(super) fn read(source: &str) -> Result<Converted, Reason> {
    let (fields, body) = front_matter(source);
    let field =
        |names: &[&str]| fields.iter().find(|(name, _)| names.contains(&name.as_str())).map(|(_, v)| v.as_str());
    let mut metadata = Metadata {
        title: field(&["title", "titre"]).map(str::to_owned),
        issued: field(&["date", "published"]).and_then(parse_date),
        issuer: field(&["issuer", "publisher", "author", "auteur", "organisation"]).map(str::to_owned),
        language: field(&["lang", "language", "langue"]).map(str::to_owned),
        format: Format::Markdown,
    };
    let url = field(&["url", "link", "canonical"]).and_then(super::web_address);
    let mut blocks = Blocks::default();
    let mut heading = None;
    let mut hidden = 0_usize;
    for event in Parser::new_ext(body, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => {
                blocks.paragraph();
                heading = Some(blocks.len());
            }
            Event::End(TagEnd::Heading(HeadingLevel::H1)) => {
                let title = heading.take().map(|start| blocks.text_from(start).trim().to_owned());
                metadata.title = metadata.title.or(title.filter(|title| !title.is_empty()));
                blocks.paragraph();
            }
            Event::Start(Tag::Image { .. } | Tag::CodeBlock(_)) => hidden += 1,
            Event::End(TagEnd::Image | TagEnd::CodeBlock) => hidden = hidden.saturating_sub(1),
            Event::Start(Tag::Item) => blocks.item(),
            Event::End(TagEnd::Item) | Event::Start(Tag::TableRow) => blocks.line(),
            Event::End(TagEnd::TableCell) => blocks.cell(),
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::BlockQuote(_) | Tag::List(_) | Tag::Table(_))
            | Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Table,
            ) => blocks.paragraph(),
            Event::Text(text) | Event::Code(text) if hidden == 0 => blocks.text(&text),
            Event::SoftBreak => blocks.text(" "),
            Event::HardBreak => blocks.line(),
            Event::Html(source) | Event::InlineHtml(source) if hidden == 0 => blocks.text(&html::inline(&source)),
            _ => {}
        }
    }
    Ok(Converted { text: blocks.finish(), metadata, url })
}

/// The lines `name: value` between two lines `---` at the beginning, and what follows them.
fn front_matter(source: &str) -> (Fields, &str) {
    let inner = source.strip_prefix("---\n").or_else(|| source.strip_prefix("---\r\n"));
    let Some((head, body)) = inner.and_then(|inner| inner.split_once("\n---")) else { return (Vec::new(), source) };
    let value = |line: &str| {
        let (name, value) = line.split_once(':')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (!value.is_empty()).then(|| (name.trim().to_lowercase(), value.to_owned()))
    };
    (head.lines().filter_map(value).collect(), body.split_once('\n').map_or("", |(_, body)| body))
}
