use std::collections::BTreeMap;

use oxrdf::{NamedNode, NamedNodeRef, NamedOrBlankNode, Term};

use super::Thing;
use super::fact::{Names, Properties, Statement, code_points, statement};
use crate::serve::ServeError;
use crate::serve::data::{Data, KINDS, node, ns, text_of};

/// Code points of text on one page.
const PAGE: usize = 60_000;

/// A stretch of a release's text; with a link where it names something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its words.
    pub words: String,
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// What it names.
    pub thing: Option<Thing>,
}

/// What the page of a release shows.
#[derive(Clone, Debug, Default)]
pub struct ReleaseView {
    /// The release.
    pub thing: Thing,
    /// Its date (ISO).
    pub issued: Option<String>,
    /// Its publisher.
    pub issuer: Option<Thing>,
    /// Where it came from.
    pub source: Option<String>,
    /// Language of the text.
    pub language: String,
    /// The text in pieces.
    pub pieces: Vec<Piece>,
    /// Its facts in the order of the text.
    pub statements: Vec<Statement>,
    /// Where the rest of a very long text is.
    pub rest: Option<String>,
}

impl ReleaseView {
    /// Whether the source can be followed: never a script.
    pub fn source_is_link(&self) -> bool {
        self.source.as_deref().is_some_and(|source| source.starts_with("https://") || source.starts_with("http://"))
    }

    /// The kinds of things that the text names, in their usual order.
    pub fn kinds(&self) -> Vec<&'static str> {
        let has = |kind: &&str| self.pieces.iter().any(|p| p.thing.as_ref().is_some_and(|t| t.kind == *kind));
        KINDS.into_iter().filter(has).collect()
    }
}

/// Gathers a release from its graph. A text of more than 60,000 characters is shown in pages (from 1).
///
/// # Errors
/// When there is no such release, or the store fails.
pub fn release(data: Data<'_>, iri: NamedNodeRef<'_>, page: usize) -> Result<ReleaseView, ServeError> {
    let mut subjects: BTreeMap<String, Properties> = BTreeMap::new();
    for quad in data.quads(None, None, None, Some(iri)) {
        let quad = quad?;
        if let NamedOrBlankNode::NamedNode(subject) = quad.subject {
            let properties = subjects.entry(subject.into_string()).or_default();
            properties.entry(quad.predicate.into_string()).or_default().push(quad.object);
        }
    }
    let Some(own) = subjects.get(iri.as_str()) else {
        return Err(ServeError::NotFound(iri.as_str().to_owned()));
    };
    let first = |namespace: &str, name: &str| own.get(&format!("{namespace}{name}")).and_then(|v| v.first());
    let mut names = Names::default();
    let issuer = match first(ns::DCT, "publisher") {
        Some(Term::NamedNode(issuer)) => Some(names.joined(data, issuer)?),
        _ => None,
    };
    let text = first(ns::NIF, "isString").map(text_of).unwrap_or_default();
    let mut view = ReleaseView {
        thing: Thing { kind: "release", ..data.thing(iri)? },
        issued: first(ns::DCT, "issued").map(text_of),
        source: first(ns::DCT, "source").map(text_of),
        language: first(ns::DCT, "language").map(text_of).filter(|tag| tag.len() < 12).unwrap_or_else(|| "fr".into()),
        issuer,
        ..ReleaseView::default()
    };
    let mut mentions = Vec::new();
    let reference = node(ns::ITSRDF, "taIdentRef");
    for (subject, properties) in &subjects {
        let place = subject.rsplit_once('#').and_then(|(_, fragment)| code_points(fragment));
        let Some(Term::NamedNode(entity)) = properties.get(reference.as_str()).and_then(|v| v.first()) else {
            continue;
        };
        if let Some((start, end)) = place {
            mentions.push((start, end, names.joined(data, entity)?));
        }
    }
    for (subject, properties) in &subjects {
        let subject = NamedNode::new_unchecked(subject.as_str());
        let (release, issued) = (&view.thing, view.issued.as_deref());
        let fact = statement(data, &mut names, subject.as_ref(), properties, release, issued)?;
        view.statements.extend(fact);
    }
    view.statements.sort_by_cached_key(|s| (first_code_point(&s.lights), s.id.clone()));
    let page = page.max(1);
    let window = (page - 1) * PAGE..page * PAGE;
    view.pieces = pieces(&text, mentions, &view.statements, window.clone());
    if text.chars().nth(window.end).is_some() {
        view.rest = Some(match view.thing.href.contains('?') {
            true => format!("{}&page={}", view.thing.href, page + 1),
            false => format!("{}?page={}", view.thing.href, page + 1),
        });
    }
    Ok(view)
}

fn first_code_point(lights: &str) -> usize {
    lights.split('-').next().and_then(|start| start.parse().ok()).unwrap_or(usize::MAX)
}

/// Cuts the text within `window` (code points) at the borders of mentions and of evidence, so that
/// each piece is wholly lit or not.
pub(super) fn pieces(
    text: &str,
    mut mentions: Vec<(usize, usize, Thing)>,
    statements: &[Statement],
    window: std::ops::Range<usize>,
) -> Vec<Piece> {
    let characters: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let length = characters.len() - 1;
    let (from, to) = (window.start.min(length), window.end.min(length));
    // Of overlapping mentions the first, and of those the longest, wins.
    mentions.sort_by_key(|&(start, end, _)| (start, usize::MAX - end));
    let mut cuts: Vec<usize> = vec![from, to];
    let lights = statements.iter().flat_map(|statement| statement.lights.split_whitespace());
    let lights = lights.filter_map(|range| range.split_once('-')).flat_map(|(start, end)| [start.parse(), end.parse()]);
    cuts.extend(lights.filter_map(Result::ok).filter(|cut| (from..=to).contains(cut)));
    let mut kept: Vec<(usize, usize, Thing)> = Vec::new();
    for (start, end, thing) in mentions {
        if start >= from && end <= to && start < end && kept.last().is_none_or(|(_, last, _)| *last <= start) {
            cuts.retain(|cut| *cut <= start || *cut >= end);
            cuts.extend([start, end]);
            kept.push((start, end, thing));
        }
    }
    cuts.sort_unstable();
    cuts.dedup();
    let slice = |start: usize, end: usize| {
        let (start, end) = (characters.get(start).copied()?, characters.get(end).copied()?);
        text.get(start..end)
    };
    let mut kept = kept.into_iter().peekable();
    cuts.windows(2)
        .filter_map(|pair| {
            let (&[start, end], words) = (pair.first_chunk::<2>()?, slice(*pair.first()?, *pair.last()?)?);
            let thing = kept.next_if(|(at, _, _)| *at == start).map(|(_, _, thing)| thing);
            Some(Piece { words: words.to_owned(), start, end, thing })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thing(label: &str) -> Thing {
        Thing { label: label.into(), ..Thing::default() }
    }

    #[test]
    fn pieces_joined_are_the_text_whatever_the_mentions() {
        let text = "L’été, Éva Brun dirige Valoria.";
        let mentions = vec![
            (7, 15, thing("Éva Brun")),
            (11, 15, thing("Brun")),
            (23, 30, thing("Valoria")),
            (40, 50, thing("outside")),
        ];
        let statement = Statement { lights: "0-31 9-25".into(), ..Statement::default() };
        let cut = pieces(text, mentions, &[statement], 0..60_000);
        assert_eq!(cut.iter().map(|piece| piece.words.as_str()).collect::<String>(), text);
        let named: Vec<&str> = cut.iter().filter(|piece| piece.thing.is_some()).map(|p| p.words.as_str()).collect();
        assert_eq!(named, ["Éva Brun", "Valoria"]);
        assert!(cut.windows(2).all(|pair| pair[0].end == pair[1].start));
    }

    #[test]
    fn a_window_holds_only_its_own_code_points() {
        let cut = pieces("abcdefghij", vec![(1, 3, thing("bc")), (4, 6, thing("ef"))], &[], 3..8);
        assert_eq!(cut.iter().map(|piece| piece.words.as_str()).collect::<Vec<_>>(), ["d", "ef", "gh"]);
    }
}
