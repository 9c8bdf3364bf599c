use super::Span;
use super::normalise::{Change, normalise};

/// Bytes of source between two counts of code points.
const BLOCK: usize = 256;

/// A decoded release: its source, and a normalised text with a map back to the source.
///
/// Normalisation composes accents (NFC), and folds what differs only in typography: curly
/// apostrophes to `'`, no-break and thin spaces to a space, the ligatures `ﬁ ﬂ ﬀ ﬃ ﬄ` to letters,
/// non-breaking hyphens to `-`; soft hyphens, zero-width characters and byte order marks vanish.
///
/// ```
/// use pressgraph::text::{Document, Span};
/// let document = Document::new("L\u{2019}e\u{301}quipe");
/// assert_eq!(document.text(), "L'équipe");
/// assert_eq!(document.code_points(Span::new(2, 4)), (2, 4)); // é is two code points in the source
/// ```
#[derive(Clone, Debug)]
pub struct Document {
    source: String,
    text: String,
    /// Where `text` differs from `source`, in order.
    changes: Vec<Change>,
    /// How many code points begin before each block of the source; empty when all is ASCII.
    counts: Vec<usize>,
}

impl Document {
    /// Normalises `source`; line endings (`\r\n`, `\r`) become one line feed first, so that source
    /// offsets count each as one.
    pub fn new(source: &str) -> Self {
        let source = if memchr::memchr(b'\r', source.as_bytes()).is_some() {
            source.replace("\r\n", "\n").replace('\r', "\n")
        } else {
            source.to_owned()
        };
        let (text, changes) = normalise(&source);
        let counts = if source.is_ascii() { Vec::new() } else { count_blocks(source.as_bytes()) };
        Self { source, text, changes, counts }
    }

    /// The normalised text, which all spans refer to.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The source as decoded, line endings as line feeds.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The normalised words of `span`; empty where the span does not lie on character boundaries.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// The words of `span` as the source spells them.
    pub fn source_slice(&self, span: Span) -> &str {
        let (start, end) = self.source_range(span);
        self.source.get(start..end).unwrap_or("")
    }

    /// Start and end of `span` in Unicode code points of the source: what users see.
    pub fn code_points(&self, span: Span) -> (usize, usize) {
        let (start, end) = self.source_range(span);
        (self.code_points_before(start), self.code_points_before(end))
    }

    /// The span of the normalised text that covers the source's code points `start..end`.
    pub fn span_of_code_points(&self, start: usize, end: usize) -> Span {
        let (start, end) = (self.byte_of_code_point(start), self.byte_of_code_point(end.max(start)));
        let after = |at: usize| self.changes.partition_point(|change| change.source <= at).checked_sub(1);
        let text = |at: usize, is_end: bool| match after(at).map(|index| &self.changes[index]) {
            None => at,
            Some(change) if at >= change.source_end() => change.text_end() + (at - change.source_end()),
            Some(change) if is_end && at > change.source => change.text_end(),
            Some(change) => change.text,
        };
        Span::new(text(start, false), text(end, true))
    }

    /// The bytes of the source that `span` stands for. It covers all of a change that it touches
    /// (both letters of a ligature), but nothing that was dropped before or behind it.
    fn source_range(&self, span: Span) -> (usize, usize) {
        let before = self.changes.partition_point(|change| change.text_end() <= span.start);
        let start = match self.changes.get(before) {
            Some(change) if change.text < span.start => change.source,
            _ => self.behind(before, span.start),
        };
        if span.is_empty() {
            return (start, start);
        }
        let is_before =
            |change: &Change| change.text_end() < span.end || change.text_end() == span.end && change.text_length > 0;
        let before = before + self.changes[before..].partition_point(is_before);
        let end = match self.changes.get(before) {
            Some(change) if change.text < span.end => change.source_end(),
            _ => self.behind(before, span.end),
        };
        (start, end.max(start))
    }

    /// The source byte of the text's byte `at`, which lies between the change `before - 1` and the next.
    fn behind(&self, before: usize, at: usize) -> usize {
        let last = before.checked_sub(1).and_then(|last| self.changes.get(last));
        let source = last.map_or(at, |last| last.source_end() + at.saturating_sub(last.text_end()));
        source.min(self.source.len())
    }

    /// How many code points of the source begin before its byte `at`.
    fn code_points_before(&self, at: usize) -> usize {
        let block = at / BLOCK;
        match self.counts.get(block) {
            Some(count) => count + count_code_points(self.source.as_bytes().get(block * BLOCK..at).unwrap_or(&[])),
            None => at,
        }
    }

    /// The byte at which the source's code point `index` begins; its length past the end.
    fn byte_of_code_point(&self, index: usize) -> usize {
        if self.counts.is_empty() {
            return index.min(self.source.len());
        }
        let block = self.counts.partition_point(|count| *count <= index).saturating_sub(1);
        let mut count = self.counts.get(block).copied().unwrap_or_default();
        let mut at = block * BLOCK;
        for byte in self.source.as_bytes().get(at..).unwrap_or(&[]) {
            if is_first(*byte) {
                if count == index {
                    return at;
                }
                count += 1;
            }
            at += 1;
        }
        at.min(self.source.len())
    }
}

/// Whether a byte of UTF-8 begins a code point.
fn is_first(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

fn count_code_points(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| is_first(**byte)).count()
}

/// The code points before each block, and before the end.
fn count_blocks(bytes: &[u8]) -> Vec<usize> {
    let mut counts = Vec::with_capacity(bytes.len() / BLOCK + 2);
    let mut count = 0;
    counts.push(0);
    for block in bytes.chunks(BLOCK) {
        count += count_code_points(block);
        counts.push(count);
    }
    counts
}
