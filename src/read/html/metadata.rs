//! What a page says of itself: schema.org in JSON-LD, Open Graph, Dublin Core, `<title>`.

use scraper::{Html, Selector};
use serde_json::Value;

use super::super::{Format, Metadata, parse_date, web_address};
use super::plain;

/// Objects of JSON-LD within each other that are looked into.
const DEPTH: usize = 8;

/// Services that publish the releases of others: their names are not those of issuers.
const WIRES: [&str; 14] = [
    "business wire",
    "businesswire",
    "globenewswire",
    "globe newswire",
    "pr newswire",
    "prnewswire",
    "newswire",
    "cision",
    "actusnews",
    "actus news",
    "euronext",
    "presseportal",
    "boursorama",
    "zonebourse",
];

/// The metadata and the address of `page`: the more exact statement first.
pub(super) fn read(page: &Html) -> (Metadata, Option<String>) {
    let article = linked_data(page);
    let from = |pairs: &[(&str, &str)]| pairs.iter().find_map(|(attribute, name)| meta(page, attribute, name));
    let ld =
        |keys: &[&str]| article.as_ref().and_then(|article| keys.iter().find_map(|key| name_of(article.get(*key)?)));
    let site = ld(&["sourceOrganization", "publisher", "author"])
        .or_else(|| from(&[("name", "dcterms.publisher"), ("name", "dc.publisher"), ("name", "publisher")]))
        .or_else(|| from(&[("property", "og:site_name"), ("name", "application-name")]));
    let issued = ld(&["datePublished", "dateCreated"])
        .and_then(|date| parse_date(&date))
        .or_else(|| {
            const DATES: [(&str, &str); 12] = [
                ("property", "article:published_time"),
                ("property", "og:article:published_time"),
                ("name", "dcterms.issued"),
                ("name", "dcterms.date"),
                ("name", "dc.date.issued"),
                ("name", "dc.date"),
                ("name", "citation_publication_date"),
                ("name", "publish-date"),
                ("name", "pubdate"),
                ("name", "date"),
                ("itemprop", "datePublished"),
                ("itemprop", "datepublished"),
            ];
            DATES.iter().find_map(|(attribute, name)| parse_date(&meta(page, attribute, name)?))
        })
        .or_else(|| time_element(page));
    let url = attribute(page, r#"link[rel="canonical"]"#, "href")
        .or_else(|| meta(page, "property", "og:url"))
        .or_else(|| ld(&["url", "mainEntityOfPage", "@id"]))
        .and_then(|url| web_address(&url))
        .filter(|url| is_page(url));
    let metadata = Metadata {
        title: ld(&["headline", "name"]).or_else(|| title(page)),
        issued,
        issuer: site.filter(|name| {
            let name = name.to_lowercase();
            !WIRES.iter().any(|wire| name.contains(wire)) && !name.contains("://")
        }),
        language: attribute(page, "html", "lang")
            .or_else(|| ld(&["inLanguage"]))
            .or_else(|| meta(page, "property", "og:locale").map(|locale| locale.replace('_', "-"))),
        format: Format::Html,
    };
    (metadata, url)
}

/// Whether an address is that of a page of the site; some name the site itself as canonical on all pages.
fn is_page(url: &str) -> bool {
    url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).is_some_and(|(_, path)| !path.is_empty())
}

/// The headline: Open Graph, the only `h1`, or `<title>` without the name of the site.
fn title(page: &Html) -> Option<String> {
    let site = meta(page, "property", "og:site_name");
    let headings = texts(page, "h1");
    let only_heading = if let [heading] = headings.as_slice() { Some(heading.clone()) } else { None };
    only_heading.or_else(|| meta(page, "property", "og:title")).or_else(|| meta(page, "name", "dcterms.title")).or_else(
        || {
            let title = texts(page, "title").into_iter().next()?;
            let suffix = [" | ", " - ", " – ", " — "].iter().find_map(|mark| {
                let (head, tail) = title.rsplit_once(mark)?;
                let is_site = site.as_deref().map_or(*mark == " | ", |site| tail.trim().eq_ignore_ascii_case(site));
                is_site.then(|| head.trim().to_owned())
            });
            suffix.or(Some(title))
        },
    )
}

/// The texts of the elements that `selector` matches, those that are not empty.
fn texts(page: &Html, selector: &str) -> Vec<String> {
    let Ok(selector) = Selector::parse(selector) else { return Vec::new() };
    let words = |text: String| text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    page.select(&selector).map(|element| words(element.text().collect())).filter(|text| !text.is_empty()).collect()
}

/// The attribute `name` of the first element that `selector` matches.
fn attribute(page: &Html, selector: &str, name: &str) -> Option<String> {
    let selector = Selector::parse(selector).ok()?;
    let values = page.select(&selector).filter_map(|element| element.attr(name));
    values.map(|value| value.trim().to_owned()).find(|value| !value.is_empty())
}

/// The content of the first `<meta>` whose `attribute` is `name`, without regard to case.
fn meta(page: &Html, attribute: &str, name: &str) -> Option<String> {
    let selector = Selector::parse("meta[content]").ok()?;
    let found = page.select(&selector).filter(|element| {
        let is = |attribute: &str| element.attr(attribute).is_some_and(|value| value.eq_ignore_ascii_case(name));
        // Many pages write `name` for `property` and the other way round.
        is(attribute) || attribute == "property" && is("name") || attribute == "name" && is("property")
    });
    found.filter_map(|element| element.attr("content")).map(plain).find(|content| !content.is_empty())
}

/// The first date of a `<time datetime>` within the article.
fn time_element(page: &Html) -> Option<crate::text::PartialDate> {
    ["article time[datetime]", "main time[datetime]", "time[datetime]", "time[pubdate]"]
        .iter()
        .find_map(|selector| parse_date(&attribute(page, selector, "datetime")?))
}

/// The object of schema.org that describes an article.
fn linked_data(page: &Html) -> Option<Value> {
    let selector = Selector::parse(r#"script[type="application/ld+json"]"#).ok()?;
    page.select(&selector).find_map(|script| {
        let value: Value = serde_json::from_str(&script.text().collect::<String>()).ok()?;
        find_article(value, DEPTH)
    })
}

fn find_article(value: Value, depth: usize) -> Option<Value> {
    let below = depth.checked_sub(1)?;
    match value {
        Value::Array(values) => values.into_iter().find_map(|value| find_article(value, below)),
        Value::Object(mut object) => {
            let is_article =
                |kind: &Value| kind.as_str().is_some_and(|kind| kind.contains("Article") || kind.contains("Posting"));
            let kinds = object.get("@type").cloned().unwrap_or_default();
            if is_article(&kinds) || kinds.as_array().is_some_and(|kinds| kinds.iter().any(is_article)) {
                return Some(Value::Object(object));
            }
            ["@graph", "mainEntity", "mainEntityOfPage"]
                .iter()
                .find_map(|key| object.remove(*key).and_then(|value| find_article(value, below)))
        }
        _ => None,
    }
}

/// A value as text: itself, or the name or identifier of what it describes; authors who are people do not publish.
fn name_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(plain(text)).filter(|text| !text.is_empty()),
        Value::Array(values) => values.iter().find_map(name_of),
        Value::Object(object) if object.get("@type").and_then(Value::as_str) == Some("Person") => None,
        Value::Object(object) => ["name", "@id", "url"].iter().find_map(|key| name_of(object.get(*key)?)),
        _ => None,
    }
}
