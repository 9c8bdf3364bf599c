//! A record with named fields (an object of JSON, a row of CSV) to a release.

use super::entry::Converted;
use super::{Format, Metadata, Reason, html, parse_date};

/// The names of a field, the best first; compared without case, accents, `_`, `-` and spaces.
const TEXT: &[&str] = &[
    "text",
    "texte",
    "fulltext",
    "body",
    "bodytext",
    "corps",
    "content",
    "contenu",
    "articlebody",
    "html",
    "bodyhtml",
    "contenthtml",
    "contentencoded",
    "article",
    "message",
    "description",
];
const TITLE: &[&str] = &["title", "titre", "headline", "subject", "objet", "name"];
const DATE: &[&str] = &[
    "date",
    "issued",
    "published",
    "publishedat",
    "datepublished",
    "publicationdate",
    "publishdate",
    "pubdate",
    "datepublication",
    "datedepublication",
    "dateparution",
    "datetime",
    "timestamp",
    "createdat",
    "created",
];
const ISSUER: &[&str] = &[
    "issuer",
    "emetteur",
    "publisher",
    "editeur",
    "organization",
    "organisation",
    "company",
    "societe",
    "entreprise",
    "newsroom",
    "source",
    "sitename",
    "author",
    "auteur",
];
const URL: &[&str] = &["url", "link", "lien", "permalink", "canonical", "canonicalurl", "href", "adresse"];
const LANGUAGE: &[&str] = &["lang", "language", "langue", "inlanguage", "locale"];
const KEY: &[&str] = &["id", "guid", "uuid", "slug", "identifier", "identifiant", "reference", "ref", "key"];

/// A record as read, in the order of its fields.
pub type Fields = Vec<(String, String)>;

/// What a record says: its text, its metadata, and the field that identifies it.
#[derive(Debug)]
pub(super) struct Record {
    /// The text, from HTML where it is, and the other fields that are known.
    pub(super) converted: Converted,
    /// Its own identifier.
    pub(super) key: Option<String>,
}

/// Whether `name` is that of a field which is understood, and whether it can hold the text.
pub(super) fn is_known_field(name: &str) -> (bool, bool) {
    let name = fold(name);
    let known = [TITLE, DATE, ISSUER, URL, LANGUAGE, KEY].iter().any(|names| names.contains(&name.as_str()));
    let text = TEXT.contains(&name.as_str());
    (known || text, text)
}

/// Reads the release out of `fields`.
pub(super) fn read_record(format: Format, fields: &Fields) -> Result<Record, Reason> {
    let Some(text) = field(fields, TEXT) else { return Err(without_text(fields)) };
    let text = if html::looks_like_html(text) { html::fragment(text)? } else { text.to_owned() };
    if text.trim().is_empty() {
        return Err(Reason::NoText(format));
    }
    let owned = |names| field(fields, names).map(str::to_owned);
    let metadata = Metadata {
        title: field(fields, TITLE).map(html::plain),
        issued: field(fields, DATE).and_then(parse_date),
        issuer: field(fields, ISSUER).map(html::plain).filter(|issuer| !issuer.contains("://")),
        language: owned(LANGUAGE),
        format,
    };
    let url = field(fields, URL).and_then(super::web_address);
    Ok(Record { converted: Converted { text, metadata, url }, key: owned(KEY) })
}

/// Why a record has no text: no field of it can hold one, or those that can are empty.
fn without_text(fields: &Fields) -> Reason {
    if let Some((name, _)) = fields.iter().find(|(name, _)| is_known_field(name).1) {
        return Reason::EmptyField(name.clone());
    }
    let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).take(12).collect();
    Reason::NoTextField(if names.is_empty() { "none".to_owned() } else { names.join(", ") })
}

/// The first field with a value, by the order of `names`.
fn field<'a>(fields: &'a Fields, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| {
        let value = fields.iter().find(|(key, value)| fold(key) == *name && !value.trim().is_empty());
        value.map(|(_, value)| value.as_str())
    })
}

/// The name of a field without what differs between spellings.
fn fold(name: &str) -> String {
    let plain = |c| match c {
        'é' | 'è' | 'ê' => 'e',
        'à' | 'â' => 'a',
        other => other,
    };
    name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).map(plain).collect()
}
