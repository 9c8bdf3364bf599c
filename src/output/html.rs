use std::fmt::Write as _;
use std::io::{self, Write};

use crate::entities::EntityType;
use crate::pipeline::Extraction;
use crate::relations::{Fact, RelationType};
use crate::text::Span;

const STYLE: &str = include_str!("html.css");

/// Shows the sentence of the fact under the pointer.
const SCRIPT: &str = "for (const fact of document.querySelectorAll('.fact')) {
  const show = on => { for (const a of fact.querySelectorAll('a[href^=\"#\"]'))
    document.getElementById(a.hash.slice(1))?.classList.toggle('shown', on); };
  fact.addEventListener('mouseenter', () => show(true)); fact.addEventListener('mouseleave', () => show(false));
}";

/// One self-contained page: the text of each release with its names coloured, and the facts beside it.
#[derive(Debug)]
pub struct HtmlPage<W: Write> {
    out: W,
    releases: usize,
}

impl<W: Write> HtmlPage<W> {
    /// Begins the page on `out`.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn new(mut out: W) -> io::Result<Self> {
        write!(
            out,
            "<!DOCTYPE html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>pressgraph</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
        )?;
        Ok(Self { out, releases: 0 })
    }

    /// Adds a release.
    ///
    /// # Errors
    /// When the page cannot be written.
    pub fn write(&mut self, path: &str, extraction: &Extraction) -> io::Result<()> {
        self.releases += 1;
        let prefix = format!("r{}", self.releases);
        let title = extraction.title().unwrap_or(path);
        let issued = extraction.issued().map(|date| format!(" · {date}")).unwrap_or_default();
        write!(
            self.out,
            "<main>\n<header>\n<h1>{}</h1>\n<p class=\"source\">{}{issued}</p>\n{}</header>\n\
             <article class=\"text\">{}</article>\n<aside class=\"facts\">\n{}</aside>\n</main>\n",
            escape(title),
            escape(path),
            legend(extraction),
            text(extraction, &prefix),
            extraction.facts.iter().map(|fact| card(extraction, fact, &prefix)).collect::<String>()
        )
    }

    /// Ends the page.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        write!(self.out, "<script>{SCRIPT}</script>\n</body>\n</html>\n")?;
        Ok(self.out)
    }
}

/// The colours of the types, with how many entities there are of each.
fn legend(extraction: &Extraction) -> String {
    let entities = &extraction.resolution.entities;
    let items = EntityType::ALL.into_iter().filter_map(|kind| {
        let count = entities.iter().filter(|entity| entity.kind == kind).count();
        (count > 0).then(|| format!("<li class=\"chip {}\">{} {count}</li>", kind.as_str(), label(kind)))
    });
    format!("<ul class=\"legend\">{}</ul>\n", items.collect::<String>())
}

fn label(kind: EntityType) -> &'static str {
    match kind {
        EntityType::Person => "Personnes",
        EntityType::Organization => "Organisations",
        EntityType::Place => "Lieux",
        EntityType::Site => "Sites",
        EntityType::Product => "Produits",
        EntityType::Program => "Programmes",
        EntityType::Event => "Événements",
    }
}

/// The text with its sentences as targets of links and its names as marks.
fn text(extraction: &Extraction, prefix: &str) -> String {
    let mut names: Vec<(Span, usize)> = Vec::new();
    for (index, entity) in extraction.resolution.entities.iter().enumerate() {
        names.extend(entity.mentions.iter().map(|&span| (span, index)));
    }
    names.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
    let (mut out, mut at) = (String::new(), 0);
    for (index, sentence) in extraction.segmentation.sentences.iter().enumerate() {
        push(&mut out, extraction, Span::new(at, sentence.span.start), &names);
        let _ = write!(out, "<span class=\"sentence\" id=\"{prefix}s{index}\">");
        push(&mut out, extraction, sentence.span, &names);
        out.push_str("</span>");
        at = at.max(sentence.span.end);
    }
    push(&mut out, extraction, Span::new(at, extraction.document.text().len()), &names);
    out
}

/// The words of `span`, with the names that lie in it as marks.
fn push(out: &mut String, extraction: &Extraction, span: Span, names: &[(Span, usize)]) {
    let document = &extraction.document;
    let mut at = span.start;
    let first = names.partition_point(|(name, _)| name.start < span.start);
    for &(name, index) in names.iter().skip(first).take_while(|(name, _)| name.start < span.end) {
        // A name that reaches over the end of the sentence, or into another, is left plain.
        let Some(entity) =
            extraction.resolution.entities.get(index).filter(|_| name.start >= at && name.end <= span.end)
        else {
            continue;
        };
        out.push_str(&escape(document.source_slice(Span::new(at, name.start))));
        let (kind, title) = (entity.kind.as_str(), escape(&format!("{}: {}", entity.kind.as_str(), entity.name)));
        let words = escape(document.source_slice(name));
        let _ = write!(out, "<mark class=\"{kind}\" title=\"{title}\">{words}</mark>");
        at = name.end;
    }
    out.push_str(&escape(document.source_slice(Span::new(at, span.end))));
}

/// A fact with its parts and links to the sentences that state it.
fn card(extraction: &Extraction, fact: &Fact, prefix: &str) -> String {
    let mut rows = String::new();
    for (argument, id) in &fact.arguments {
        let Some(entity) = extraction.resolution.entities.get(id.0) else { continue };
        let (kind, name) = (entity.kind.as_str(), escape(&entity.name));
        let _ = write!(rows, "<dt>{argument}</dt><dd><span class=\"chip {kind}\">{name}</span></dd>");
    }
    for (name, value) in &fact.attributes {
        let words = match (fact.relation, value.span) {
            (RelationType::Quote, Some(span)) => extraction.document.source_slice(span),
            _ => &value.text,
        };
        let _ = write!(rows, "<dt>{name}</dt><dd>{}</dd>", escape(words));
    }
    let sentences = &extraction.segmentation.sentences;
    let mut links = String::new();
    for span in &fact.evidence {
        for (index, _) in sentences.iter().enumerate().filter(|(_, sentence)| sentence.span.overlaps(*span)) {
            let _ = write!(links, " <a href=\"#{prefix}s{index}\">phrase {}</a>", index + 1);
        }
    }
    let _ = write!(rows, "<dt>evidence</dt><dd>{links} · {} · {:.2}</dd>", escape(&fact.rule), fact.confidence);
    format!(
        "<section class=\"fact\">\n<h2>{} <span class=\"status\">{}</span></h2>\n<dl>{rows}</dl>\n</section>\n",
        fact.relation.schema().name,
        fact.status.as_str()
    )
}

/// `text` safe within elements and quoted attributes.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Bidirectional controls would reorder the page around them; NUL is not allowed in HTML.
            '\0' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}
