use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::tag::EntityType;

/// Why annotated releases could not be read.
#[derive(Debug, thiserror::Error)]
pub enum GoldError {
    /// The file system said no.
    #[error("{}: cannot read: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// An annotation that is no annotation.
    #[error("{}: {source}: write it as data/training/README.md shows", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// An annotation whose text is not text.
    #[error("{}: not the text of a release: {what}", path.display())]
    Text {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// A type of entity that there is not.
    #[error("{}: entity {id} has the unknown type {kind}", path.display())]
    Type {
        /// The file.
        path: PathBuf,
        /// The entity.
        id: String,
        /// Its type.
        kind: String,
    },
}

/// An annotated release: `NAME.txt` and `NAME.json`.
#[derive(Clone, Debug)]
pub struct Gold {
    /// `NAME`.
    pub stem: String,
    /// The release, line endings as line feeds.
    pub text: String,
    /// The entities it names.
    pub entities: Vec<GoldEntity>,
    /// The relations it states, as written in the annotation.
    pub relations: Vec<serde_json::Value>,
    /// The entity that publishes it.
    pub issuer: Option<String>,
    /// When it was published.
    pub issued: Option<String>,
}

/// An annotated entity.
#[derive(Clone, Debug)]
pub struct GoldEntity {
    /// Its identifier in the release.
    pub id: String,
    /// What it is.
    pub kind: EntityType,
    /// Its fullest form.
    pub name: String,
    /// The forms that name it, with the escapes of the annotation guide.
    pub forms: Vec<String>,
}

/// A mention in a gold release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GoldMention {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// Which of the entities.
    pub entity: usize,
}

#[derive(Deserialize)]
struct RawGold {
    entities: Vec<RawEntity>,
    #[serde(default)]
    relations: Vec<serde_json::Value>,
    issuer: Option<String>,
    issued: Option<String>,
}

#[derive(Deserialize)]
struct RawEntity {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    name: String,
    forms: Vec<String>,
}

impl Gold {
    /// Reads every pair of `NAME.txt` and `NAME.json` in `folder`, sorted by name.
    pub fn read_folder(folder: &Path) -> Result<Vec<Self>, GoldError> {
        let io = |source| GoldError::Io { path: folder.to_owned(), source };
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(io)? {
            let path = entry.map_err(io)?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                paths.push(path);
            }
        }
        paths.sort();
        paths.iter().map(|path| Self::read(path)).collect()
    }

    /// Reads the annotation `path` (`NAME.json`) and the text beside it.
    pub fn read(path: &Path) -> Result<Self, GoldError> {
        let read = |path: &Path| std::fs::read(path).map_err(|source| GoldError::Io { path: path.to_owned(), source });
        let raw: RawGold =
            serde_json::from_slice(&read(path)?).map_err(|source| GoldError::Json { path: path.to_owned(), source })?;
        let text_path = path.with_extension("txt");
        let text = crate::read::decode(&read(&text_path)?)
            .map_err(|error| GoldError::Text { path: text_path, what: error.to_string() })?
            .into_owned();
        let mut entities = Vec::new();
        for RawEntity { id, kind, name, forms } in raw.entities {
            let Some(kind) = EntityType::parse(&kind) else {
                return Err(GoldError::Type { path: path.to_owned(), id, kind });
            };
            entities.push(GoldEntity { id, kind, name, forms });
        }
        let characters: Vec<char> = text.chars().collect();
        for entity in &entities {
            for form in entity.forms.iter().filter(|form| form_spans(&characters, form).is_empty()) {
                tracing::warn!(
                    "{}: entity {}: its form {form:?} does not occur in the text",
                    path.display(),
                    entity.id
                );
            }
        }
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { stem, text, entities, relations: raw.relations, issuer: raw.issuer, issued: raw.issued })
    }

    /// Every mention, in order: each occurrence of a form; where forms overlap, the longest wins.
    pub fn mentions(&self) -> Vec<GoldMention> {
        let text: Vec<char> = self.text.chars().collect();
        let mut claims = Vec::new();
        for (entity, annotated) in self.entities.iter().enumerate() {
            for form in &annotated.forms {
                claims.extend(form_spans(&text, form).into_iter().map(|(start, end)| GoldMention {
                    start,
                    end,
                    entity,
                }));
            }
        }
        claims.sort_by_key(|claim| (std::cmp::Reverse(claim.end - claim.start), claim.start));
        let mut mentions: Vec<GoldMention> = Vec::new();
        for claim in claims {
            if mentions.iter().all(|taken| claim.end <= taken.start || taken.end <= claim.start) {
                mentions.push(claim);
            }
        }
        mentions.sort();
        mentions
    }
}

/// Where `form` stands in `text`, its escapes resolved.
fn form_spans(text: &[char], form: &str) -> Vec<(usize, usize)> {
    if let Some((context, inner)) = form.split_once('!') {
        let whole = occurrences(text, form);
        if !whole.is_empty() {
            return whole;
        }
        let mut spans = Vec::new();
        for (start, end) in occurrences(text, context) {
            let inside = text.get(start..end).unwrap_or(&[]);
            spans.extend(occurrences(inside, inner).into_iter().map(|(s, e)| (start + s, start + e)));
        }
        return spans;
    }
    if let Some((plain, numbers)) = form.rsplit_once('#')
        && !numbers.is_empty()
        && numbers.chars().all(|c| c.is_ascii_digit() || c == ',')
    {
        let spans = occurrences(text, plain);
        let chosen = numbers.split(',').filter_map(|n| n.parse::<usize>().ok()?.checked_sub(1));
        return chosen.filter_map(|n| spans.get(n).copied()).collect();
    }
    occurrences(text, form)
}

/// Where `needle` begins and ends at the edges of words.
fn occurrences(text: &[char], needle: &str) -> Vec<(usize, usize)> {
    let needle: Vec<char> = needle.chars().collect();
    if needle.is_empty() {
        return Vec::new();
    }
    let joined =
        |a: Option<&char>, b: Option<&char>| a.zip(b).is_some_and(|(a, b)| a.is_alphanumeric() && b.is_alphanumeric());
    text.windows(needle.len())
        .enumerate()
        .filter(|(at, window)| {
            let (at, end) = (*at, at + needle.len());
            *window == needle.as_slice()
                && !joined(at.checked_sub(1).and_then(|before| text.get(before)), text.get(at))
                && !joined(text.get(end - 1), text.get(end))
        })
        .map(|(at, _)| (at, at + needle.len()))
        .collect()
}
