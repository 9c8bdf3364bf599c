//! HTML to its main text, without menus, banners and footers, and the metadata of its head.

pub(super) mod blocks;
mod metadata;

use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{Html, Node};

use self::blocks::Blocks;
use super::Reason;
use super::decode::decode_declared;
use super::entry::Converted;

/// Elements within each other that a page may have; browsers stop at 512 too.
const DEPTH: usize = 512;
/// Elements that a page may have.
const ELEMENTS: usize = 200_000;
/// The main text that the finder of articles must find to be trusted, in bytes.
const ENOUGH: usize = 200;

/// The main text of a page and what its head says.
pub(super) fn read(bytes: &[u8]) -> Result<Converted, Reason> {
    page(&decode_declared(bytes, "charset=")?)
}

/// As [`read`], of a page that is decoded.
pub(super) fn page(source: &str) -> Result<Converted, Reason> {
    check_shape(source)?;
    let page = Html::parse_document(source);
    let (metadata, url) = metadata::read(&page);
    let whole = text_of(&page, is_furniture);
    let article = article(source).filter(|text| text.len() >= ENOUGH.min(whole.len() / 2));
    let text = article.unwrap_or(whole);
    if text.trim().is_empty() {
        return Err(Reason::NoText(super::Format::Html));
    }
    Ok(Converted { text: with_title(text, metadata.title.as_deref()), metadata, url })
}

/// The text of a piece of HTML, all of it.
pub(super) fn fragment(source: &str) -> Result<String, Reason> {
    check_shape(source)?;
    Ok(text_of(&Html::parse_fragment(source), is_hidden))
}

/// The words of a short piece of HTML or of text with entities, in one line.
pub(super) fn plain(source: &str) -> String {
    if !source.contains(['<', '&']) || check_shape(source).is_err() {
        return source.trim().to_owned();
    }
    let text: String = Html::parse_fragment(source).root_element().text().collect();
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of tags within other text, with the spaces around them.
pub(super) fn inline(source: &str) -> String {
    let words = plain(source);
    if source.trim_start().to_ascii_lowercase().starts_with("<br") { "\n".to_owned() } else { words }
}

/// Whether a text has the tags of HTML.
pub(super) fn looks_like_html(text: &str) -> bool {
    const TAGS: [&str; 16] =
        ["p", "br", "div", "ul", "li", "strong", "em", "b", "i", "a", "h1", "h2", "h3", "span", "table", "html"];
    text.split('<').skip(1).any(|rest| {
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        let name = rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("").to_ascii_lowercase();
        TAGS.contains(&name.as_str()) && rest.contains('>')
    })
}

/// As [`plain`], with the lines kept.
pub(super) fn plain_lines(source: &str) -> String {
    source.trim().lines().map(plain).collect::<Vec<_>>().join("\n")
}

/// `text` with its headline before it, unless it begins with it.
pub(super) fn with_title(text: String, title: Option<&str>) -> String {
    match title.map(str::trim).filter(|title| !title.is_empty() && !begins_with(&text, title)) {
        Some(title) => format!("{title}\n\n{text}"),
        None => text,
    }
}

/// Whether `title` stands near the beginning of `text`, whatever the case and the marks.
pub(super) fn begins_with(text: &str, title: &str) -> bool {
    let letters =
        |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect() };
    let start = text.get(..text.floor_char_boundary(title.len() * 2 + 600)).unwrap_or(text);
    letters(start).contains(&letters(title))
}

/// Refuses what parsers take too long for: elements nested or counted beyond reason. A look at the
/// tags is enough; those that end by themselves (`p`, `li`, `br`…) do not nest.
fn check_shape(source: &str) -> Result<(), Reason> {
    const FLAT: [&str; 30] = [
        "p", "li", "dd", "dt", "tr", "td", "th", "option", "optgroup", "thead", "tbody", "tfoot", "body", "html",
        "head", "br", "img", "hr", "meta", "link", "input", "area", "base", "col", "embed", "source", "track", "wbr",
        "param", "colgroup",
    ];
    let (mut depth, mut elements) = (0_usize, 0_usize);
    for tag in source.split('<').skip(1) {
        let (closes, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').next().unwrap_or("");
        if name.is_empty() || FLAT.iter().any(|flat| name.eq_ignore_ascii_case(flat)) {
            elements += usize::from(!name.is_empty());
            continue;
        }
        if closes {
            depth = depth.saturating_sub(1);
        } else if !tag.split('>').next().is_some_and(|inner| inner.ends_with('/')) {
            depth += 1;
            elements += 1;
        }
        if depth > DEPTH {
            return Err(Reason::TooDeep(DEPTH));
        }
    }
    if elements > ELEMENTS {
        return Err(Reason::Damaged { format: "HTML", detail: format!("more than {ELEMENTS} elements") });
    }
    Ok(())
}

/// The article that Readability's algorithm finds (Mozilla's, by `dom_smoothie`).
fn article(source: &str) -> Option<String> {
    let config =
        dom_smoothie::Config { max_elements_to_parse: ELEMENTS / 4, disable_json_ld: true, ..Default::default() };
    let article = dom_smoothie::Readability::new(source, None, Some(config)).ok()?.parse().ok()?;
    let text = text_of(&Html::parse_fragment(&article.content), is_hidden);
    (!text.trim().is_empty()).then_some(text)
}

/// The text below the root but that of elements which `is_left_out`; block elements part it.
fn text_of(page: &Html, is_left_out: fn(&Element) -> bool) -> String {
    let mut blocks = Blocks::default();
    let mut skipped = 0_usize;
    let mut preformatted = 0_usize;
    for edge in page.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(element) => {
                    if skipped > 0 || is_left_out(element) {
                        skipped += 1;
                    } else {
                        preformatted += usize::from(element.name() == "pre");
                        open(&mut blocks, element.name());
                    }
                }
                Node::Text(text) if skipped == 0 && preformatted > 0 => blocks.verbatim(text),
                Node::Text(text) if skipped == 0 => blocks.text(text),
                _ => {}
            },
            Edge::Close(node) => {
                if let Node::Element(element) = node.value() {
                    if skipped > 0 {
                        skipped -= 1;
                    } else {
                        preformatted -= usize::from(element.name() == "pre" && preformatted > 0);
                        close(&mut blocks, element.name());
                    }
                }
            }
        }
    }
    blocks.finish()
}

fn open(blocks: &mut Blocks, name: &str) {
    match name {
        "li" => blocks.item(),
        "br" | "tr" | "dt" | "dd" => blocks.line(),
        name if is_block(name) => blocks.paragraph(),
        _ => {}
    }
}

fn close(blocks: &mut Blocks, name: &str) {
    match name {
        "li" | "tr" | "dt" | "dd" => blocks.line(),
        "td" | "th" => blocks.cell(),
        name if is_block(name) => blocks.paragraph(),
        _ => {}
    }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "ul"
            | "ol"
            | "dl"
            | "table"
            | "blockquote"
            | "section"
            | "article"
            | "main"
            | "header"
            | "footer"
            | "aside"
            | "nav"
            | "figure"
            | "figcaption"
            | "address"
            | "hr"
            | "pre"
            | "form"
            | "fieldset"
            | "details"
            | "summary"
            | "body"
    )
}

/// Whether an element is never shown as text.
fn is_hidden(element: &Element) -> bool {
    let is_marked = element.attr("hidden").is_some()
        || element.attr("aria-hidden") == Some("true")
        || element.attr("style").is_some_and(|style| {
            let style = style.replace(' ', "").to_ascii_lowercase();
            style.contains("display:none") || style.contains("visibility:hidden")
        });
    is_marked
        || matches!(
            element.name(),
            "script"
                | "style"
                | "noscript"
                | "template"
                | "head"
                | "svg"
                | "math"
                | "iframe"
                | "object"
                | "select"
                | "button"
                | "textarea"
                | "input"
                | "canvas"
                | "audio"
                | "video"
                | "map"
                | "datalist"
        )
}

/// Whether an element is part of the site around the text: menus, banners, footers, buttons to share.
fn is_furniture(element: &Element) -> bool {
    const WORDS: [&str; 17] = [
        "cookie",
        "consent",
        "gdpr",
        "rgpd",
        "navbar",
        "menu",
        "breadcrumb",
        "sidebar",
        "share",
        "social",
        "newsletter",
        "related",
        "popup",
        "modal",
        "skip-link",
        "pagination",
        "advert",
    ];
    const ROLES: [&str; 6] = ["navigation", "banner", "contentinfo", "search", "dialog", "menu"];
    if is_hidden(element) || matches!(element.name(), "nav" | "footer" | "aside" | "form" | "dialog" | "menu") {
        return true;
    }
    if matches!(element.name(), "html" | "body" | "main" | "article") {
        return false;
    }
    let named = |name: &str| {
        element.attr(name).is_some_and(|value| {
            let value = value.to_ascii_lowercase();
            WORDS.iter().any(|word| value.contains(word))
        })
    };
    named("class") || named("id") || element.attr("role").is_some_and(|role| ROLES.contains(&role))
}
