//! What a file is, by its first bytes. Its name decides only between formats that look alike.

use super::Format;

/// How many bytes of a file are enough to tell what it is.
pub const SNIFF: usize = 8192;

/// What the first bytes of a file say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sniffed {
    /// Compressed by gzip: sniff what is inside.
    Gzip,
    /// Compressed by Zstandard: sniff what is inside.
    Zstd,
    /// A ZIP archive, or a DOCX or ODT: its directory tells.
    Zip,
    /// A tar archive.
    Tar,
    /// Releases, one or many.
    Format(Format),
    /// Something known that is not read.
    Unsupported(&'static str),
}

/// Signatures at the beginning of files that are known and not read.
const UNSUPPORTED: [(&[u8], &str); 12] = [
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Word, Excel or Outlook (.doc, .xls, .msg)"),
    (b"{\\rtf", "RTF"),
    (b"\xfd7zXZ\0", "xz"),
    (b"BZh", "bzip2"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x89PNG\r\n", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF8", "GIF image"),
    (b"\x00asm", "WebAssembly"),
    (b"SQLite format 3\0", "SQLite"),
    (b"PAR1", "Parquet"),
];

/// What `bytes`, the first [`SNIFF`] or all of a file named `name`, begin.
///
/// ```
/// use pressgraph::read::{Format, Sniffed, sniff};
/// assert_eq!(sniff("release.txt", b"%PDF-1.7\n"), Sniffed::Format(Format::Pdf));
/// assert_eq!(sniff("release", b"<!DOCTYPE html><title>T</title>"), Sniffed::Format(Format::Html));
/// ```
pub fn sniff(name: &str, bytes: &[u8]) -> Sniffed {
    if bytes.starts_with(b"\x1f\x8b") {
        return Sniffed::Gzip;
    }
    if bytes.starts_with(b"\x28\xb5\x2f\xfd") || is_skippable_zstd(bytes) {
        return Sniffed::Zstd;
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Sniffed::Zip;
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Sniffed::Tar;
    }
    if let Some((_, what)) = UNSUPPORTED.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Sniffed::Unsupported(what);
    }
    let start = bytes.get(..1024).unwrap_or(bytes);
    if memchr::memmem::find(start, b"%PDF-").is_some() {
        return Sniffed::Format(Format::Pdf);
    }
    // Text of a binary or empty file is plain text here; decoding refuses it.
    let text = super::decode(bytes).unwrap_or_default();
    Sniffed::Format(text_format(&extension(name), &text))
}

/// A frame of Zstandard that decoders skip, as some tools write first.
fn is_skippable_zstd(bytes: &[u8]) -> bool {
    matches!(bytes, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

/// The extension of `name` in lower case, below those of compression.
fn extension(name: &str) -> String {
    let name = name.to_lowercase();
    let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    name.rsplit_once('.').map(|(_, extension)| extension.to_owned()).unwrap_or_default()
}

fn text_format(extension: &str, text: &str) -> Format {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('{') && text.contains('"') || is_json_array(text) {
        return Format::Json;
    }
    if let Some(format) = markup(text) {
        return format;
    }
    if is_mail(text) {
        return Format::Eml;
    }
    match extension {
        "jsonl" | "ndjson" | "json" => Format::Json,
        "csv" | "tsv" => Format::Csv,
        "md" | "markdown" => Format::Markdown,
        "html" | "htm" | "xhtml" if text.contains('<') => Format::Html,
        "eml" => Format::Eml,
        "txt" | "text" => Format::Text,
        _ if super::csv::has_header(text) => Format::Csv,
        _ if is_markdown(text) => Format::Markdown,
        _ => Format::Text,
    }
}

fn is_json_array(text: &str) -> bool {
    text.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with(['{', ']']))
}

/// HTML or a feed, by the first element.
fn markup(text: &str) -> Option<Format> {
    if !text.starts_with('<') {
        return None;
    }
    let lower = text.get(..text.floor_char_boundary(4096)).unwrap_or(text).to_ascii_lowercase();
    let mut rest = lower.as_str();
    loop {
        rest = rest.trim_start();
        let end = if rest.starts_with("<!--") {
            "-->"
        } else if rest.starts_with("<?") {
            "?>"
        } else if rest.starts_with("<!doctype html") {
            return Some(Format::Html);
        } else if rest.starts_with("<!doctype") {
            // An internal subset may hold `>`; an entity bomb does.
            if rest.find('[').is_some_and(|at| rest.find('>').is_none_or(|end| at < end)) { "]>" } else { ">" }
        } else {
            break;
        };
        let Some(at) = rest.find(end) else { break };
        rest = rest.get(at + end.len()..)?;
    }
    let name = rest.strip_prefix('<')?;
    let name = name.get(..name.find(|c: char| !c.is_ascii_alphanumeric() && c != ':').unwrap_or(name.len()))?;
    match name {
        "rss" | "feed" | "rdf:rdf" | "atom:feed" => Some(Format::Feed),
        "html" | "head" | "body" | "title" | "meta" | "div" | "p" | "h1" | "h2" | "article" | "main" | "section"
        | "table" | "span" | "a" | "ul" | "br" | "link" | "script" | "style" => Some(Format::Html),
        _ => None,
    }
}

/// Whether the text begins with header lines that only mails have.
fn is_mail(text: &str) -> bool {
    const HEADERS: [&str; 14] = [
        "from",
        "to",
        "subject",
        "date",
        "received",
        "message-id",
        "mime-version",
        "return-path",
        "delivered-to",
        "content-type",
        "x-mailer",
        "dkim-signature",
        "reply-to",
        "sender",
    ];
    const TELLING: [&str; 5] = ["received", "message-id", "mime-version", "return-path", "dkim-signature"];
    let mut known = 0;
    let mut telling = false;
    for line in text.lines().take(60) {
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let line = line.strip_prefix("From ").map_or(line, |_| "from:");
        let Some((name, _)) = line.split_once(':') else { break };
        let name = name.to_ascii_lowercase();
        if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            break;
        }
        known += usize::from(HEADERS.contains(&name.as_str()));
        telling |= TELLING.contains(&name.as_str());
    }
    known >= 2 && (telling || known >= 3)
}

/// Whether at least two kinds of marks stand in the text that plain text does not have.
fn is_markdown(text: &str) -> bool {
    let heading = text.lines().any(|line| {
        let rest = line.trim_start_matches('#');
        (1..=6).contains(&(line.len() - rest.len())) && rest.starts_with(' ')
    });
    let link = text.split("](").skip(1).any(|rest| rest.starts_with("http") || rest.starts_with('/'));
    let strong = text.matches("**").count() >= 2;
    let front_matter = text.starts_with("---\n") && text.get(4..).is_some_and(|rest| rest.contains("\n---"));
    usize::from(heading) + usize::from(link) + usize::from(strong) + usize::from(front_matter) >= 2
}
