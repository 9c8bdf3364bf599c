//! Lines to paragraphs, across pages: without the headers and footers that repeat, words whole again.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::Line;

/// Part of a page's height at top and bottom where these stand.
const MARGIN: f64 = 0.15;
/// First parts of compounds, which keep their hyphen at the end of a line.
const COMPOUNDS: [&str; 30] = [
    "vice", "peut", "ci", "là", "celui", "celle", "ceux", "celles", "lui", "elle", "elles", "eux", "nous", "vous",
    "moi", "soi", "grand", "demi", "mi", "ex", "non", "contre", "avant", "après", "arrière", "quasi", "sud", "nord",
    "rendez", "chef",
];

/// The text of a document.
pub(super) fn join(mut pages: Vec<Vec<Line>>) -> String {
    drop_repeated(&mut pages);
    let hyphens = Hyphens::new(&pages);
    let mut out = String::new();
    for page in pages {
        let shapes = Shapes::new(&page);
        let mut last: Option<&Line> = None;
        for line in &page {
            let link = match last {
                Some(last) => shapes.link(last, line),
                None if out.is_empty() => Link::Paragraph,
                None if continues(&out, &line.text) => Link::Word,
                None => Link::Paragraph,
            };
            append(&mut out, &line.text, link, &hyphens);
            last = Some(line);
        }
    }
    out
}

/// How a line follows the one before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    /// As the next word.
    Word,
    /// As the next line: the one before is short, or this one is an item.
    Line,
    Paragraph,
}

fn append(out: &mut String, text: &str, link: Link, hyphens: &Hyphens) {
    match link {
        _ if out.is_empty() => {}
        Link::Paragraph => out.push_str("\n\n"),
        Link::Line => out.push('\n'),
        Link::Word => match hyphens.at_end(out, text) {
            Hyphen::None => out.push(' '),
            Hyphen::Kept => {}
            Hyphen::Dropped => {
                out.pop();
            }
        },
    }
    out.push_str(text);
}

/// Whether the first line of a page goes on with the sentence of the last one.
fn continues(before: &str, text: &str) -> bool {
    let open = before.chars().last().is_some_and(|c| c.is_alphanumeric() || matches!(c, ',' | '-' | '\'' | '’' | ';'));
    open && text.chars().next().is_some_and(char::is_lowercase)
}

/// What is usual on a page.
struct Shapes {
    /// Distance of baselines within paragraphs, by the size of the letters.
    leading: f64,
    /// The right edge of each block.
    edges: BTreeMap<usize, (f64, f64)>,
}

impl Shapes {
    fn new(page: &[Line]) -> Self {
        let pairs = page.iter().zip(page.iter().skip(1)).filter(|(a, b)| a.block == b.block && a.y > b.y);
        let mut distances: Vec<f64> =
            pairs.map(|(a, b)| (a.y - b.y) / a.size.max(b.size)).filter(|distance| *distance < 3.0).collect();
        distances.sort_by(f64::total_cmp);
        // Within paragraphs most lines stand as close as they ever do.
        let leading = distances.get(distances.len() * 2 / 5).copied().unwrap_or(1.2);
        let mut edges: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        for line in page {
            let edge = edges.entry(line.block).or_insert((line.x, line.end));
            *edge = (edge.0.min(line.x), edge.1.max(line.end));
        }
        Self { leading, edges }
    }

    fn link(&self, last: &Line, line: &Line) -> Link {
        let (size, other) = (last.size.max(line.size), last.size.min(line.size));
        let distance = (last.y - line.y) / size;
        if last.block != line.block {
            return if continues(&last.text, &line.text) { Link::Word } else { Link::Paragraph };
        }
        if distance > self.leading * 1.35 || distance < 0.0 || size > other * 1.15 {
            return Link::Paragraph;
        }
        let (left, right) = self.edges.get(&last.block).copied().unwrap_or((last.x, last.end));
        // The first word of this line would have fitted onto the last one.
        let word = line.text.split(' ').next().map_or(0, |word| word.chars().count() + 1);
        #[expect(clippy::cast_precision_loss, reason = "the length of a word")]
        let needed = word as f64 * size * 0.5;
        let is_short = last.end + needed + (right - left) * 0.05 < right;
        let is_tabular = last.text.contains('\t') || line.text.contains('\t');
        let ends = last.text.ends_with(';');
        if is_item(&line.text) || is_short || is_tabular || ends { Link::Line } else { Link::Word }
    }
}

/// Whether a line begins an item of a list.
fn is_item(text: &str) -> bool {
    let mut chars = text.chars();
    let mark = chars.next().is_some_and(|c| "•‣▪●■◦○–—-*➢➤✓→·o\u{f0b7}\u{f0a7}".contains(c));
    mark && chars.next() == Some(' ')
}

/// What becomes of a hyphen at the end of a line.
enum Hyphen {
    None,
    Kept,
    Dropped,
}

/// The words of the document, which tell whether a hyphen is part of one.
struct Hyphens {
    words: BTreeSet<String>,
}

impl Hyphens {
    fn new(pages: &[Vec<Line>]) -> Self {
        let lines = pages.iter().flatten().flat_map(|line| line.text.split(|c: char| !c.is_alphanumeric() && c != '-'));
        let words = lines.filter(|word| word.len() > 2 && !word.ends_with('-')).map(str::to_lowercase).collect();
        Self { words }
    }

    fn at_end(&self, before: &str, text: &str) -> Hyphen {
        let Some(head) = before.strip_suffix(['-', '\u{2010}', '\u{ad}']) else { return Hyphen::None };
        let is_inner = |c: char| c.is_alphanumeric() || c == '-';
        let first = head.rsplit(|c: char| !is_inner(c)).next().unwrap_or("").to_lowercase();
        let second: String = text.chars().take_while(|c| is_inner(*c)).collect::<String>().to_lowercase();
        if first.is_empty() || second.is_empty() {
            // A dash between two words.
            return if head.ends_with(' ') || second.is_empty() { Hyphen::None } else { Hyphen::Kept };
        }
        if before.ends_with('\u{ad}') {
            return Hyphen::Dropped;
        }
        let is_name = !text.starts_with(char::is_lowercase);
        if self.words.contains(&format!("{first}{second}")) {
            Hyphen::Dropped
        } else if self.words.contains(&format!("{first}-{second}"))
            || is_name
            || first.contains('-')
            || COMPOUNDS.contains(&first.as_str())
            || first.ends_with(|c: char| c.is_ascii_digit())
        {
            Hyphen::Kept
        } else {
            Hyphen::Dropped
        }
    }
}

/// Takes out page numbers, what browsers print, and what stands at the edge of half of the pages: headers stay
/// on the first page, footers on the last, so that they part no sentence.
fn drop_repeated(pages: &mut [Vec<Line>]) {
    let count = pages.len();
    let mut seen: BTreeMap<(bool, String), BTreeSet<usize>> = BTreeMap::new();
    for (number, page) in pages.iter().enumerate() {
        for line in page {
            if let Some(is_top) = edge(line) {
                seen.entry((is_top, shape(&line.text))).or_default().insert(number);
            }
        }
    }
    for (number, page) in pages.iter_mut().enumerate() {
        let has = |top, is: fn(&str) -> bool| page.iter().any(|line| edge(line) == Some(top) && is(&line.text));
        let is_printed = has(true, is_print_header) && has(false, is_print_footer);
        page.retain(|line| {
            let Some(is_top) = edge(line) else { return true };
            if (count > 1 || is_printed) && is_page_number(&line.text) {
                return false;
            }
            if is_printed && (if is_top { is_print_header(&line.text) } else { is_print_footer(&line.text) }) {
                return false;
            }
            let on = seen.get(&(is_top, shape(&line.text)));
            let repeats = on.is_some_and(|on| on.len() > 1 && on.len() * 2 >= count);
            let kept = on.and_then(|on| if is_top { on.first() } else { on.last() });
            !repeats || kept == Some(&number)
        });
    }
}

/// Whether a line stands at the top edge of its page (true), the bottom edge (false) or within.
fn edge(line: &Line) -> Option<bool> {
    if line.height > 1.0 - MARGIN {
        Some(true)
    } else if line.height < MARGIN {
        Some(false)
    } else {
        None
    }
}

/// What browsers print above a page: date, time and title (`29/11/2024 09:30   Communiqué`).
fn is_print_header(text: &str) -> bool {
    let of_numbers = |word: &str, marks: &[char], count: usize| {
        let parts: Vec<&str> = word.split(marks).collect();
        parts.len() == count && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    };
    let mut words = text.split_whitespace();
    let is_date = words.next().is_some_and(|word| of_numbers(word.trim_end_matches(','), &['/', '.', '-'], 3));
    is_date && words.next().is_some_and(|word| of_numbers(word, &[':'], 2))
}

/// What browsers print below a page: its address and number (`https://www.valoria.example/12   1/2`).
fn is_print_footer(text: &str) -> bool {
    let address = text.split_whitespace().next().unwrap_or_default();
    let rest = text.trim_start().strip_prefix(address).unwrap_or_default();
    address.contains("://") && (rest.is_empty() || is_page_number(rest))
}

/// A line without its numbers, which differ from page to page.
fn shape(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect::<String>().replace("00", "0")
}

/// `3`, `- 3 -`, `3/7`, `Page 3 sur 7`.
fn is_page_number(text: &str) -> bool {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let is_number = |word: &str| word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit());
    let known = |word: &String| is_number(word) || matches!(word.as_str(), "page" | "p" | "sur" | "de" | "of");
    words.len() <= 4 && words.iter().all(known) && words.iter().any(|word| is_number(word))
}
