use super::record::{Fields, Record, read_record};
use super::{Format, Metadata, Origin, Reason, Refusal, Release, Source, decode, guard, json};
use super::{docx, eml, feed, html, markdown, odt, pdf};

/// What is read of a file in one piece: bytes that hold a release, or several.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where it was found.
    pub origin: Origin,
    /// What was found.
    pub content: Content,
}

/// The content of an [`Entry`].
#[derive(Clone, Debug)]
pub enum Content {
    /// A whole file.
    File(Format, Vec<u8>),
    /// A line of JSON Lines.
    Line(Vec<u8>),
    /// A row of CSV.
    Row(Fields),
}

/// What a reader makes of a release.
#[derive(Debug, Default)]
pub(super) struct Converted {
    pub(super) text: String,
    pub(super) metadata: Metadata,
    /// Its address on the web.
    pub(super) url: Option<String>,
}

/// One release within a file, with its name in the file where that holds several.
pub(super) struct Part {
    pub(super) name: Option<String>,
    pub(super) content: Result<Converted, Reason>,
}

impl Entry {
    /// About how much memory it holds, in bytes.
    pub fn size(&self) -> usize {
        match &self.content {
            Content::File(_, bytes) | Content::Line(bytes) => bytes.len(),
            Content::Row(fields) => fields.iter().map(|(name, value)| name.len() + value.len()).sum(),
        }
    }

    /// Converts it: the releases in it, in order, or why there are none. Pure work without input or
    /// output, which several threads may do for several entries; never panics.
    ///
    /// ```
    /// use pressgraph::read::{Content, Entry, Format, Origin};
    /// let html = b"<title>Un accord</title><p>Valoria et Mecaloire ont sign\xC3\xA9.</p>".to_vec();
    /// let entry = Entry { origin: Origin::default(), content: Content::File(Format::Html, html) };
    /// let releases = entry.releases();
    /// assert!(releases[0].as_ref().is_ok_and(|release| release.text.contains("Mecaloire ont signé.")));
    /// ```
    pub fn releases(self) -> Vec<Result<Release, Refusal>> {
        let Self { origin, content } = self;
        let (format, parts) = match content {
            Content::File(format, bytes) => (format, read_file(format, bytes)),
            Content::Line(bytes) => (Format::Json, Ok(vec![from_record(json::read_line(&bytes), Format::Json)])),
            Content::Row(fields) => (Format::Csv, Ok(vec![from_record(Ok(fields), Format::Csv)])),
        };
        let parts = match parts {
            Ok(parts) if parts.is_empty() => return vec![Err(Refusal { origin, reason: Reason::NoText(format) })],
            Ok(parts) => parts,
            Err(reason) => return vec![Err(Refusal { origin, reason })],
        };
        parts.into_iter().map(|part| part.release(&origin, format)).collect()
    }
}

impl Part {
    /// The release of this part of the file at `origin`. A record is named by its identifier or line.
    fn release(self, origin: &Origin, format: Format) -> Result<Release, Refusal> {
        let origin = match (self.name, origin.place.line) {
            (Some(name), None) => origin.part(&name),
            (None, None) => origin.clone(),
            (name, Some(line)) => {
                let name = name.unwrap_or_else(|| line.to_string());
                Origin { source: origin.source.part(&name), place: origin.place.clone() }
            }
        };
        match self.content {
            Ok(Converted { text, .. }) if text.trim().is_empty() => {
                Err(Refusal { origin, reason: Reason::NoText(format) })
            }
            Ok(Converted { text, metadata, url }) => {
                let Origin { source, place } = origin;
                Ok(Release { source: Source { url, ..source }, text, metadata, place })
            }
            Err(reason) => Err(Refusal { origin, reason }),
        }
    }
}

/// Converts a whole file. Formats whose libraries can fail badly on hostile input run guarded.
fn read_file(format: Format, bytes: Vec<u8>) -> Result<Vec<Part>, Reason> {
    let one = |converted| vec![Part { name: None, content: Ok(converted) }];
    match format {
        Format::Text => Ok(one(Converted { text: decode(&bytes)?.into_owned(), ..Converted::default() })),
        Format::Markdown => guard::catch(format, || markdown::read(&decode(&bytes)?)).map(one),
        Format::Json => {
            let fields = json::read_document(&bytes)?;
            let several = fields.len() > 1;
            let numbered = |(number, fields): (usize, _)| {
                let mut part = from_record(fields, Format::Json);
                part.name = part.name.or_else(|| several.then(|| (number + 1).to_string()));
                part
            };
            Ok(fields.into_iter().enumerate().map(numbered).collect())
        }
        Format::Csv => Err(Reason::Damaged { format: "CSV", detail: "a CSV file is read by rows".to_owned() }),
        Format::Html => guard::run(format, move || html::read(&bytes)).map(one),
        Format::Pdf => guard::run(format, move || pdf::read(&bytes)).map(one),
        Format::Docx => guard::run(format, move || docx::read(&bytes)).map(one),
        Format::Odt => guard::run(format, move || odt::read(&bytes)).map(one),
        Format::Eml => guard::run(format, move || eml::read(&bytes)),
        Format::Feed => guard::run(format, move || feed::read(&bytes)),
    }
}

/// The release of a record; named by its identifier.
fn from_record(fields: Result<Fields, Reason>, format: Format) -> Part {
    match fields.and_then(|fields| guard::catch(format, || read_record(format, &fields))) {
        Ok(Record { converted, key }) => Part { name: key, content: Ok(converted) },
        Err(reason) => Part { name: None, content: Err(reason) },
    }
}
