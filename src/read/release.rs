use std::fmt;

use super::{DecodeError, Language, language};
use crate::text::PartialDate;

/// Where a release comes from: what identifies it, whatever its text says. An edited text under the
/// same source replaces the former one. Two folders, archives or records never share one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Source {
    /// Name of the set of files that the release belongs to: the folder, relative to the root of the
    /// options or as `file:/folder`, or the name that the user gave; empty for the root itself.
    pub collection: String,
    /// Path within the collection, with `/`; for one of several releases of a file, with what tells
    /// them apart (`feed.xml/guid`, `batch.jsonl/12`, `newsroom.zip/a/b.txt`).
    pub path: String,
    /// Address of the release on the web, where it has one: then it alone identifies the release.
    pub url: Option<String>,
}

impl Source {
    /// Collection and path as one: what identifies a release that has no URL.
    pub fn id(&self) -> String {
        if self.collection.is_empty() { self.path.clone() } else { format!("{}/{}", self.collection, self.path) }
    }

    /// The source of a part of this file (a member, item or record), by its name in it.
    #[must_use]
    pub fn part(&self, name: &str) -> Self {
        Self { path: format!("{}/{name}", self.path), ..self.clone() }
    }
}

/// Where in the files that the user named something stands: for messages, and the output of `extract`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file as the user named it, with the path within an archive.
    pub file: String,
    /// The line of the file where the record begins, from 1; none for whole files.
    pub line: Option<u64>,
}

impl fmt::Display for Place {
    /// The file and the line: `releases.jsonl:17`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        self.line.map_or(Ok(()), |line| write!(f, ":{line}"))
    }
}

/// A file or part of a file on its way to becoming releases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// What identifies it.
    pub source: Source,
    /// What messages call it.
    pub place: Place,
}

impl Origin {
    /// The origin of a part of this one (a member or item), by its name in it.
    #[must_use]
    pub fn part(&self, name: &str) -> Self {
        Self {
            source: self.source.part(name),
            place: Place { file: format!("{}/{name}", self.place.file), line: None },
        }
    }

    /// The origin of a record at `line` of this file.
    #[must_use]
    pub fn at_line(&self, line: u64) -> Self {
        Self { source: self.source.clone(), place: Place { line: Some(line), ..self.place.clone() } }
    }
}

/// What a file is, told by its content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// Plain text.
    #[default]
    Text,
    /// Markdown (CommonMark).
    Markdown,
    /// HTML, also XHTML.
    Html,
    /// PDF.
    Pdf,
    /// Office Open XML text (`.docx`).
    Docx,
    /// OpenDocument text (`.odt`).
    Odt,
    /// A mail (`.eml`).
    Eml,
    /// RSS or Atom, with an item per release.
    Feed,
    /// JSON, an object per release, in lines or as one value.
    Json,
    /// Values separated by comma, semicolon or tab, with named fields; a record per release.
    Csv,
}

impl fmt::Display for Format {
    /// The name for people and reports.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "plain text",
            Self::Markdown => "Markdown",
            Self::Html => "HTML",
            Self::Pdf => "PDF",
            Self::Docx => "DOCX",
            Self::Odt => "ODT",
            Self::Eml => "mail",
            Self::Feed => "feed",
            Self::Json => "JSON",
            Self::Csv => "CSV",
        })
    }
}

/// What the format itself, outside the text, says of a release. It wins over what the layout of
/// the text suggests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Metadata {
    /// The headline.
    pub title: Option<String>,
    /// Date of publication.
    pub issued: Option<PartialDate>,
    /// Name of the organisation that publishes the release.
    pub issuer: Option<String>,
    /// Language of the text as declared (BCP 47); the text decides, not this.
    pub language: Option<String>,
    /// What the file was.
    pub format: Format,
}

impl Metadata {
    /// Nothing known but the format.
    pub fn of(format: Format) -> Self {
        Self { format, ..Self::default() }
    }
}

/// A release as read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Release {
    /// Where it comes from.
    pub source: Source,
    /// Its text, decoded.
    pub text: String,
    /// What its format says about it.
    pub metadata: Metadata,
    /// Where it stands in the user's files.
    pub place: Place,
}

/// Bytes of the longest text that is taken for a release: some five thousand pages.
const LONGEST: usize = 16 << 20;

impl Release {
    /// Refuses a text that is too long to be a release, before it costs minutes.
    pub fn check_size(&self) -> Result<(), Refusal> {
        if self.text.len() <= LONGEST {
            return Ok(());
        }
        let origin = Origin { source: self.source.clone(), place: self.place.clone() };
        Err(Refusal { origin, reason: Reason::TooLarge((LONGEST >> 20) as u64) })
    }

    /// Refuses a text that is surely in another language than French. Costs up to half a
    /// millisecond, so ask after you know that the text is new.
    pub fn check_language(&self) -> Result<(), Refusal> {
        match language(&self.text) {
            Language::Other(name) => {
                let origin = Origin { source: self.source.clone(), place: self.place.clone() };
                Err(Refusal { origin, reason: Reason::Language(name) })
            }
            Language::French | Language::Unknown => Ok(()),
        }
    }
}

/// An input that gave no release, and why. The others of the batch are not touched by it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}", place = .origin.place)]
pub struct Refusal {
    /// What was refused: a file, or the part of one.
    pub origin: Origin,
    /// Why, and what to do.
    pub reason: Reason,
}

/// Why an input is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The system would not read it.
    #[error("cannot read: {0}")]
    Io(String),
    /// A pattern or a list without a single file.
    #[error("no file matches: check the path or pattern")]
    NothingFound,
    /// Bytes that are no text.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The text is in another language, named in English.
    #[error("the text is in {0}, not French: leave it out, or pass --any-language")]
    Language(&'static str),
    /// A known format that this program does not read.
    #[error("{0} files are not read: convert to text, HTML, PDF, DOCX or ODT")]
    Unsupported(&'static str),
    /// The file breaks the rules of its format.
    #[error("damaged {format} file: {detail}: save or fetch it anew")]
    Damaged {
        /// What it claims to be.
        format: &'static str,
        /// What is wrong.
        detail: String,
    },
    /// Encrypted.
    #[error("protected by a password: remove the protection first")]
    Encrypted,
    /// The format is fine but there are no words in it.
    #[error("no text in this {0} file{hint}", hint = if *.0 == Format::Pdf { " (scanned pages?): run a text recognition first" } else { ": is it a release?" })]
    NoText(Format),
    /// A record without a field for the text.
    #[error(
        "no field with the text: name one of them text, texte, body, content, contenu or html (the fields are {0})"
    )]
    NoTextField(String),
    /// A record whose field for the text, of that name, is empty.
    #[error("the field {0} is empty: fill it in, or leave the record out")]
    EmptyField(String),
    /// Larger than what is taken into memory at once.
    #[error("larger than {0} MiB: split it, or use JSON Lines for many releases")]
    TooLarge(u64),
    /// Unpacks to so much more than its size that it can only be an attack or a mistake.
    #[error("unpacks to more than {0} times its size: looks like a decompression bomb; unpack it by hand if it is not")]
    Bomb(u64),
    /// Archives within archives, elements within elements, beyond reason.
    #[error("nested more than {0} levels deep: unpack or simplify it")]
    TooDeep(usize),
    /// The name of an archive member leaves the archive.
    #[error("the member's path leaves the archive: rename it and pack again")]
    UnsafePath,
    /// A symbolic link to a folder above itself.
    #[error("a symbolic link leads back to a folder above it: remove the link")]
    LinkLoop,
    /// Reading took too long.
    #[error("not read within {0} seconds: simplify or convert it")]
    Timeout(u64),
    /// A library failed on it in a way it should not.
    #[error("the {0} reader failed on it: convert it to another format, and report the file")]
    Panicked(Format),
}

impl Reason {
    /// A short stable name for reports, such as `language`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "io",
            Self::NothingFound => "nothing-found",
            Self::Decode(DecodeError::Empty) => "empty",
            Self::Decode(DecodeError::Binary) => "binary",
            Self::Language(_) => "language",
            Self::Unsupported(_) => "unsupported",
            Self::Damaged { .. } => "damaged",
            Self::Encrypted => "encrypted",
            Self::NoText(_) | Self::EmptyField(_) => "no-text",
            Self::NoTextField(_) => "no-text-field",
            Self::TooLarge(_) => "too-large",
            Self::Bomb(_) => "bomb",
            Self::TooDeep(_) => "too-deep",
            Self::UnsafePath => "unsafe-path",
            Self::LinkLoop => "link-loop",
            Self::Timeout(_) => "timeout",
            Self::Panicked(_) => "panicked",
        }
    }
}

impl From<std::io::Error> for Reason {
    fn from(error: std::io::Error) -> Self {
        Self::Io(match error.kind() {
            std::io::ErrorKind::NotFound => "there is no such file or folder: check the path".to_owned(),
            std::io::ErrorKind::PermissionDenied => {
                "not permitted: give the user who runs this program the right to read it".to_owned()
            }
            _ => error.to_string(),
        })
    }
}
