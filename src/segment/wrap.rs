//! Lines wrapped at a fixed width: where their breaks mean nothing.

/// Fewest and most bytes of a line that may have been wrapped.
const LENGTHS: std::ops::RangeInclusive<usize> = 40..=160;

/// Lines that must go on in lower case before a text counts as wrapped.
const EVIDENCE: usize = 3;

/// The width at which the lines of a text were wrapped, if they were.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wrapping(Option<usize>);

impl Wrapping {
    /// Tells from the lines that go on in lower case.
    pub(super) fn of(text: &str) -> Self {
        let (mut count, mut width) = (0, 0);
        let mut lines = text.split('\n').peekable();
        while let Some(line) = lines.next() {
            let next = lines.peek().map_or("", |next| next.trim_start());
            let length = line.trim_end().len();
            if LENGTHS.contains(&length) && next.starts_with(char::is_lowercase) {
                count += 1;
                width = width.max(length);
            }
        }
        Self((count >= EVIDENCE).then_some(width))
    }

    /// Whether the line that ends at byte `end` was wrapped before `next`: it had no room for that
    /// word, and does not end as a sentence, a heading or a list item does.
    pub(super) fn joins(self, text: &str, end: usize, next: &str) -> bool {
        let Some(width) = self.0 else { return false };
        let before = text.get(..end).unwrap_or("");
        let start = memchr::memrchr(b'\n', before.as_bytes()).map_or(0, |at| at + 1);
        let line = before[start..].trim_end();
        LENGTHS.contains(&line.len())
            && line.len() + 1 + next.len() > width
            && line.ends_with(|c: char| c.is_alphanumeric() || c == '\'' || c == '-')
            && next.starts_with(char::is_alphanumeric)
    }
}
