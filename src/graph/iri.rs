//! The IRIs of releases and of what they speak about.

use oxrdf::NamedNode;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::read::Release;

/// The base of the IRIs unless the user names another.
pub const DEFAULT_BASE: &str = "https://pressgraph.example/";

/// All but the unreserved characters of RFC 3986, so that every IRI is a URI too.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The IRI of a release: its address where it has one, else from its source. The text has no part in
/// it, so that an edited release replaces its former self.
pub fn release_iri(base: &str, release: &Release) -> NamedNode {
    let address = release.source.url.as_deref().filter(|url| url.starts_with("http") && !url.contains('#'));
    if let Some(Ok(iri)) = address.map(NamedNode::new) {
        return iri;
    }
    let id = match &release.source.url {
        Some(url) => format!("url/{url}"),
        None => release.source.id(),
    };
    coined(base, "release", &id)
}

/// The IRI `BASE/KIND/PATH`; the parts of the path, parted by `/`, are percent-encoded.
pub fn coined(base: &str, kind: &str, path: &str) -> NamedNode {
    let mut iri = format!("{base}{kind}");
    for part in path.split('/').filter(|part| !part.is_empty()) {
        iri.push('/');
        if part.chars().all(|c| c == '.') {
            // `.` and `..` would be taken for steps in the path.
            iri.push_str(&part.replace('.', "%2E"));
        } else {
            iri.extend(utf8_percent_encode(part, SEGMENT));
        }
    }
    // Invariant: the base was checked when the store was made, and the rest is percent-encoded.
    NamedNode::new_unchecked(iri)
}

/// The IRI `RELEASE#NAME` of something that a release speaks about.
pub fn local(release: &NamedNode, name: &str) -> NamedNode {
    // Invariant: a valid IRI without a fragment, and percent-encoded characters.
    NamedNode::new_unchecked(format!("{}#{}", release.as_str(), utf8_percent_encode(name, SEGMENT)))
}

/// The IRI of a stretch of the release's text (RFC 5147): code points of the decoded source.
pub fn stretch(release: &NamedNode, (start, end): (usize, usize)) -> NamedNode {
    NamedNode::new_unchecked(format!("{}#char={start},{end}", release.as_str()))
}

/// The short name of a release for people: the decoded end of its IRI.
pub fn short_name(iri: &str) -> String {
    let path = iri.split_once("/release/").map_or(iri, |(_, path)| path);
    percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned()
}

/// A base IRI as given by the user, with `/` at its end.
///
/// # Errors
/// When it is no absolute IRI, or has a fragment.
pub fn base_iri(given: &str) -> Result<String, String> {
    let base = if given.ends_with('/') { given.to_owned() } else { format!("{given}/") };
    match NamedNode::new(base.as_str()) {
        Ok(_) if !base.contains('#') => Ok(base),
        _ => Err(format!("{given:?} is no base for IRIs: give one such as {DEFAULT_BASE}")),
    }
}

/// `text` as a part of an IRI that people can read: lower case, accents dropped, words joined by `-`.
pub fn slug(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let folded = text.to_lowercase().replace('œ', "oe").replace('æ', "ae");
    let mut out = String::new();
    for c in folded.nfd().filter(|&c| !unicode_normalization::char::is_combining_mark(c)) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}
