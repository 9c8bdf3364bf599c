use std::path::{Path, PathBuf};

use crate::evaluate::Gold;
use crate::tag::EntityType;

/// Sentences of a corpus that are read as one text: corpora do not say where a document ends.
const SENTENCES_PER_TEXT: usize = 12;

/// Why a corpus could not be read.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// The file system said no.
    #[error("{}: cannot read: {source}", path.display())]
    Io {
        /// The corpus.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line that is not a token, a tab and its tag.
    #[error("{}:{line}: `{found}` is not a token, a tab and a tag such as B-ORG, I-ORG or O", path.display())]
    Line {
        /// The corpus.
        path: PathBuf,
        /// Its line, from 1.
        line: usize,
        /// What stands there.
        found: String,
    },
}

/// What a name of a corpus may be: corpora of three classes do not tell sites from places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning(u8);

impl Meaning {
    const NO_NAME: u8 = 1 << 7;

    /// One type.
    pub fn of(kind: EntityType) -> Self {
        Self(1 << kind as u8)
    }

    /// The types that a tag of a corpus stands for; `None` where it is no name (dates).
    fn parse(tag: &str) -> Option<Self> {
        let any = |kinds: &[EntityType]| kinds.iter().fold(0, |all, &kind| all | Self::of(kind).0);
        Some(Self(match tag {
            "PER" => any(&[EntityType::Person]),
            "ORG" => any(&[EntityType::Organization]),
            "LOC" => any(&[EntityType::Place, EntityType::Site]),
            "EVENT" => any(&[EntityType::Event, EntityType::Program]),
            "PRODUCT" => any(&[EntityType::Product]),
            "MISC" => any(&[EntityType::Product, EntityType::Program, EntityType::Event]) | Self::NO_NAME,
            other => return EntityType::parse(other).map(Self::of),
        }))
    }

    /// Whether it may be of `kind`.
    pub fn allows(self, kind: EntityType) -> bool {
        self.0 & (1 << kind as u8) != 0
    }

    /// Whether it may be no name at all.
    pub fn allows_none(self) -> bool {
        self.0 & Self::NO_NAME != 0
    }
}

/// A text with its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// The text.
    pub text: String,
    /// Its names, in order.
    pub names: Vec<LabelledName>,
}

/// A name in a labelled text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LabelledName {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// What it may be.
    pub meaning: Meaning,
}

/// The annotated releases as labelled texts.
pub fn gold_texts(releases: &[Gold]) -> Vec<Labelled> {
    let text = |release: &Gold| {
        let names = release.mentions().into_iter().filter_map(|mention| {
            let meaning = Meaning::of(release.entities.get(mention.entity)?.kind);
            Some(LabelledName { start: mention.start, end: mention.end, meaning })
        });
        Labelled { text: release.text.clone(), names: names.collect() }
    };
    releases.iter().map(text).collect()
}

/// Reads a corpus of one token and its BIO tag a line, blank lines between sentences, and puts the
/// spaces back where French has them.
pub fn read_conll(path: &Path) -> Result<Vec<Labelled>, CorpusError> {
    let text = std::fs::read_to_string(path).map_err(|source| CorpusError::Io { path: path.to_owned(), source })?;
    let mut texts = Vec::new();
    let mut builder = Builder::default();
    for (number, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            builder.end_sentence();
            if builder.sentences >= SENTENCES_PER_TEXT {
                texts.push(std::mem::take(&mut builder).finish());
            }
            continue;
        }
        let wrong = || CorpusError::Line { path: path.to_owned(), line: number + 1, found: line.to_owned() };
        let (token, tag) = line.split_once('\t').ok_or_else(wrong)?;
        if tag != "O" && !matches!(tag.split_once('-'), Some(("B" | "I", _))) {
            return Err(wrong());
        }
        builder.push(token, tag);
    }
    builder.end_sentence();
    texts.push(builder.finish());
    Ok(texts)
}

#[derive(Default)]
struct Builder {
    text: String,
    length: usize,
    names: Vec<LabelledName>,
    last: String,
    open: bool,
    sentences: usize,
    in_sentence: bool,
}

impl Builder {
    fn write(&mut self, text: &str) {
        self.text.push_str(text);
        self.length += text.chars().count();
    }

    fn push(&mut self, token: &str, tag: &str) {
        if self.in_sentence && has_space(&self.last, token) {
            self.write(" ");
        }
        self.in_sentence = true;
        let start = self.length;
        self.write(token);
        let kind = tag.get(2..).unwrap_or("");
        let meaning = Meaning::parse(kind);
        match self.names.last_mut() {
            Some(name) if self.open && tag.starts_with('I') && Some(name.meaning) == meaning => name.end = self.length,
            _ => self.names.extend(meaning.map(|meaning| LabelledName { start, end: self.length, meaning })),
        }
        self.open = meaning.is_some();
        token.clone_into(&mut self.last);
    }

    fn end_sentence(&mut self) {
        if self.in_sentence {
            self.write("\n\n");
            self.sentences += 1;
        }
        self.in_sentence = false;
        self.open = false;
        self.last.clear();
    }

    fn finish(self) -> Labelled {
        Labelled { text: self.text, names: self.names }
    }
}

/// Whether French writes a space between two tokens.
fn has_space(before: &str, token: &str) -> bool {
    let opens = matches!(before, "(" | "[" | "{");
    let elided = before.ends_with(['\'', '’']) && before.chars().count() > 1;
    let closes = matches!(token, "," | "." | ")" | "]" | "}" | "…" | "..." | "%");
    let inverted = token.starts_with('-') && token.chars().nth(1).is_some_and(char::is_alphabetic);
    !(opens || elided || closes || inverted)
}
