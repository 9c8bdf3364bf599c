//! RSS and Atom to a release per item.

use feed_rs::model::{Entry, Feed};

use super::decode::decode_declared;
use super::entry::{Converted, Part};
use super::{Format, Metadata, Reason, html, parse_date, web_address, xml};

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Part>, Reason> {
    let source = decode_declared(bytes, "encoding=")?;
    // The parser would decode the text once more, as its declaration says.
    let source = source
        .split_once("?>")
        .filter(|(head, _)| head.trim_start().starts_with("<?xml"))
        .map_or(&*source, |(_, rest)| rest);
    xml::check_depth(source, "feed")?;
    let parser = feed_rs::parser::Builder::new()
        .sanitize_content(false)
        // The day as written, whatever the time zone; and no invented identifiers.
        .timestamp_parser(|text| format!("{}T12:00:00Z", parse_date(text)?).parse().ok())
        .id_generator(|_, _, _| String::new())
        .build();
    let feed = parser
        .parse(source.as_bytes())
        .map_err(|error| Reason::Damaged { format: "feed", detail: error.to_string() })?;
    let issuer = feed.title.as_ref().and_then(|title| issuer(&html::plain(&title.content)));
    let item = |(number, entry): (usize, &Entry)| {
        let link = entry.links.iter().find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"));
        let url = link.and_then(|link| web_address(&link.href));
        let named = [Some(&entry.id), url.as_ref()].into_iter().flatten().find(|name| !name.is_empty());
        let name = named.cloned().unwrap_or_else(|| (number + 1).to_string());
        Part { name: Some(name), content: convert(&feed, entry, issuer.clone(), url) }
    };
    Ok(feed.entries.iter().enumerate().map(item).collect())
}

fn convert(feed: &Feed, entry: &Entry, issuer: Option<String>, url: Option<String>) -> Result<Converted, Reason> {
    let content = entry.content.as_ref().and_then(|content| content.body.as_deref());
    let summary = entry.summary.as_ref().map(|summary| summary.content.as_str());
    let source = content.filter(|body| !body.trim().is_empty()).or(summary).unwrap_or("");
    let text = if html::looks_like_html(source) { html::fragment(source)? } else { html::plain_lines(source) };
    if text.trim().is_empty() {
        return Err(Reason::NoText(Format::Feed));
    }
    let metadata = Metadata {
        title: entry.title.as_ref().map(|title| html::plain(&title.content)).filter(|title| !title.is_empty()),
        issued: entry.published.or(entry.updated).and_then(|date| parse_date(&date.to_rfc3339())),
        issuer,
        language: entry.language.clone().or_else(|| feed.language.clone()),
        format: Format::Feed,
    };
    Ok(Converted { text: html::with_title(text, metadata.title.as_deref()), metadata, url })
}

/// The organisation in the title of a feed: what is left of `Valoria – Communiqués de presse`
/// without the parts that say what the feed is.
fn issuer(title: &str) -> Option<String> {
    const ABOUT: [&str; 10] =
        ["communiqu", "actualit", "presse", "press", "news", "rss", "flux", "atom", "publication", "média"];
    let parts = title.split([':', '|', '–', '—', '·']).flat_map(|part| part.split(" - "));
    let is_name = |part: &&str| {
        let part = part.to_lowercase();
        !part.is_empty() && !ABOUT.iter().any(|word| part.contains(word))
    };
    let names: Vec<&str> = parts.map(str::trim).filter(is_name).collect();
    match names.as_slice() {
        [name] => Some((*name).to_owned()).filter(|name| name.chars().count() <= 80),
        _ => None,
    }
}
