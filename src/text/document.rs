use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Span;

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
    /// (byte in `text`, byte in `source`, code point in `source`) of each run in which all three
    /// advance by whole characters of equal length in both; sorted by the first.
    characters: Vec<Character>,
}

#[derive(Clone, Copy, Debug)]
struct Character {
    text: usize,
    source: usize,
    code_point: usize,
}

impl Document {
    /// Normalises `source`; line endings (`\r\n`, `\r`) become one line feed first, so that source
    /// offsets count each as one.
    pub fn new(source: &str) -> Self {
        let source =
            if source.contains('\r') { source.replace("\r\n", "\n").replace('\r', "\n") } else { source.to_owned() };
        let (text, characters) = normalise(&source);
        Self { source, text, characters }
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
        let (start, end) = (self.locate(span.start, false), self.locate(span.end, true));
        self.source.get(start.source..end.source.max(start.source)).unwrap_or("")
    }

    /// Start and end of `span` in Unicode code points of the source: what users see.
    pub fn code_points(&self, span: Span) -> (usize, usize) {
        let (start, end) = (self.locate(span.start, false).code_point, self.locate(span.end, true).code_point);
        (start, end.max(start))
    }

    /// The span of the normalised text that covers the source's code points `start..end`.
    pub fn span_of_code_points(&self, start: usize, end: usize) -> Span {
        let byte = |code_point: usize| {
            let after = self.characters.partition_point(|c| c.code_point < code_point);
            self.characters.get(after).map_or(self.text.len(), |c| c.text)
        };
        Span::new(byte(start), byte(end))
    }

    /// The source position of the normalised byte `at`. An end sits right behind its last
    /// character, before anything that normalisation dropped.
    fn locate(&self, at: usize, is_end: bool) -> Character {
        let next = self.characters.partition_point(|c| c.text < at);
        let here = self.characters.get(next).copied().unwrap_or(Character {
            text: self.text.len(),
            source: self.source.len(),
            code_point: self.characters.last().map_or(0, |last| {
                last.code_point + self.source.get(last.source..).map_or(0, |rest| rest.chars().count())
            }),
        });
        if !is_end || next == 0 {
            return here;
        }
        // Invariant: next > 0, so the character before exists.
        let previous = self.characters[next - 1];
        let between = self.source.get(previous.source..here.source).unwrap_or("");
        let kept = between.trim_end_matches(is_dropped);
        let kept = if kept.is_empty() { between } else { kept };
        Character {
            text: at,
            source: previous.source + kept.len(),
            code_point: previous.code_point + kept.chars().count(),
        }
    }
}

/// The normalised text and where each of its characters begins in the source. A character that one
/// source character expands to (a ligature's second letter) has the same source position.
fn normalise(source: &str) -> (String, Vec<Character>) {
    let mut text = String::with_capacity(source.len());
    let mut characters = Vec::with_capacity(source.len());
    let mut rest = source.char_indices().enumerate().peekable();
    let mut cluster = String::new();
    while let Some((code_point, (at, first))) = rest.next() {
        if is_dropped(first) {
            continue;
        }
        cluster.clear();
        cluster.push(first);
        while let Some(&(_, (_, mark))) = rest.peek() {
            if !is_combining_mark(mark) {
                break;
            }
            cluster.push(mark);
            rest.next();
        }
        let mut push = |c: char| {
            characters.push(Character { text: text.len(), source: at, code_point });
            text.push(c);
        };
        for c in cluster.nfc() {
            match fold(c) {
                Folded::Char(c) => push(c),
                Folded::Letters(letters) => letters.chars().for_each(&mut push),
            }
        }
    }
    (text, characters)
}

enum Folded {
    Char(char),
    Letters(&'static str),
}

fn fold(c: char) -> Folded {
    Folded::Char(match c {
        '\u{2019}' | '\u{2018}' | '\u{02BC}' | '\u{00B4}' | '\u{2032}' => '\'',
        '\u{00A0}'
        | '\u{202F}'
        | '\u{2009}'
        | '\u{2007}'
        | '\u{2008}'
        | '\u{2002}'..='\u{2006}'
        | '\u{200A}'
        | '\u{3000}' => ' ',
        '\u{2010}' | '\u{2011}' => '-',
        '\u{2028}' | '\u{2029}' | '\u{0085}' | '\u{000C}' => '\n',
        'ﬀ' => return Folded::Letters("ff"),
        'ﬁ' => return Folded::Letters("fi"),
        'ﬂ' => return Folded::Letters("fl"),
        'ﬃ' => return Folded::Letters("ffi"),
        'ﬄ' => return Folded::Letters("ffl"),
        'ﬅ' | 'ﬆ' => return Folded::Letters("st"),
        other => other,
    })
}

/// Characters without a trace in the normalised text.
fn is_dropped(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\0')
}
