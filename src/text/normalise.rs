//! Folding of what differs only in typography, recorded as changes against the source.

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A stretch of the source that the normalised text spells otherwise. Between two changes both are
/// the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// Where it begins in the text, in bytes.
    pub text: usize,
    /// Its bytes in the text; 0 where something was dropped.
    pub text_length: usize,
    /// Where it begins in the source, in bytes.
    pub source: usize,
    /// Its bytes in the source.
    pub source_length: usize,
}

impl Change {
    pub(super) fn text_end(&self) -> usize {
        self.text + self.text_length
    }

    pub(super) fn source_end(&self) -> usize {
        self.source + self.source_length
    }
}

/// The normalised text and what was changed, in order.
pub(super) fn normalise(source: &str) -> (String, Vec<Change>) {
    let mut text = String::with_capacity(source.len());
    let mut changes: Vec<Change> = Vec::new();
    // All of the source before `copied` stands in `text`.
    let mut copied = 0;
    let mut at = 0;
    while let Some(next) = next_special(source, at) {
        let cluster = cluster(source, next, copied);
        at = cluster.end;
        let original = &source[cluster.clone()];
        let folded = fold_cluster(original);
        if folded == original {
            continue;
        }
        text.push_str(&source[copied..cluster.start]);
        changes.push(Change {
            text: text.len(),
            text_length: folded.len(),
            source: cluster.start,
            source_length: original.len(),
        });
        text.push_str(&folded);
        copied = cluster.end;
    }
    text.push_str(&source[copied..]);
    (text, changes)
}

/// The first character from `at` on that may need a change: neither ASCII nor a letter of Latin-1,
/// or a control character that is folded or dropped.
fn next_special(source: &str, mut at: usize) -> Option<usize> {
    let bytes = source.as_bytes();
    loop {
        match *bytes.get(at)? {
            0 | 0x0C => return Some(at),
            0..0x80 => at += 1,
            // U+00C0 to U+00FF: letters that are composed already.
            0xC3 => at += 2,
            _ => return Some(at),
        }
    }
}

/// The character at `at` with the marks that combine with it. Where the character is such a mark
/// itself, the cluster begins with the character before it, unless that is in the text already.
fn cluster(source: &str, at: usize, copied: usize) -> std::ops::Range<usize> {
    let mut rest = source[at..].chars();
    let first = rest.next().unwrap_or_default();
    let mut end = at + first.len_utf8();
    if is_dropped(first) {
        return at..end;
    }
    for c in rest.take_while(|c| combines(*c)) {
        end += c.len_utf8();
    }
    let base = source[copied..at].chars().next_back().filter(|_| combines(first));
    at - base.map_or(0, char::len_utf8)..end
}

/// Whether a character can make one with the character before it.
fn combines(c: char) -> bool {
    !c.is_ascii() && (is_combining_mark(c) || is_nfc_quick(std::iter::once(c)) == IsNormalized::Maybe)
}

/// The characters of a cluster, composed and folded.
fn fold_cluster(original: &str) -> String {
    let mut out = String::new();
    for c in original.nfc().filter(|c| !is_dropped(*c)) {
        match ligature(c) {
            Some(letters) => out.push_str(letters),
            None => out.push(fold(c)),
        }
    }
    out
}

fn ligature(c: char) -> Option<&'static str> {
    Some(match c {
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' | 'ﬆ' => "st",
        _ => return None,
    })
}

fn fold(c: char) -> char {
    match c {
        '\u{2019}' | '\u{2018}' | '\u{02BC}' | '\u{00B4}' | '\u{2032}' => '\'',
        '\u{00A0}' | '\u{202F}' | '\u{2000}'..='\u{200A}' | '\u{205F}' | '\u{3000}' => ' ',
        '\u{2010}' | '\u{2011}' => '-',
        '\u{2028}' | '\u{2029}' | '\u{0085}' | '\u{000C}' => '\n',
        other => other,
    }
}

/// Characters without a trace in the normalised text.
fn is_dropped(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\0')
}
