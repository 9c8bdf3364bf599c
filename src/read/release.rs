use crate::text::PartialDate;

/// Where a release comes from: what identifies it, whatever its text says. An edited text under the
/// same source replaces the former one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Source {
    /// Name of the set of files that the release belongs to, such as the folder given to `ingest`.
    pub collection: String,
    /// Path within the collection, with `/`; for one of several releases of a file, with what tells
    /// them apart (`feed.xml/guid`, `batch.jsonl/12`).
    pub path: String,
    /// Address of the release on the web, where it has one: then it alone identifies the release.
    pub url: Option<String>,
}

/// What the format of a file says about a release, beyond its text.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Metadata {
    /// The headline.
    pub title: Option<String>,
    /// Date of publication.
    pub issued: Option<PartialDate>,
    /// Name of the publisher.
    pub issuer: Option<String>,
    /// Language of the text as declared (BCP 47).
    pub language: Option<String>,
}

/// A release as read.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Release {
    /// Where it comes from.
    pub source: Source,
    /// Its text, decoded.
    pub text: String,
    /// What its format says about it.
    pub metadata: Metadata,
}
