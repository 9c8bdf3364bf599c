//! Media types and suffixes of RDF and of query results.

use axum::http::HeaderMap;
use oxigraph::sparql::results::QueryResultsFormat;
use oxrdfio::{JsonLdProfileSet, RdfFormat, RdfSerializer};

use super::ServeError;
use super::data::PREFIXES;
use super::negotiate::media_type;

/// A format of RDF that is offered.
#[derive(Clone, Copy, Debug)]
pub struct GraphFormat {
    /// Its media type.
    pub media_type: &'static str,
    /// The suffix of paths.
    pub suffix: &'static str,
    /// As the serialiser knows it.
    pub format: RdfFormat,
    /// Its IRI, for the service description.
    pub iri: &'static str,
}

/// The formats of RDF, best first.
pub const GRAPHS: [GraphFormat; 6] = [
    graph("text/turtle", "ttl", RdfFormat::Turtle, "http://www.w3.org/ns/formats/Turtle"),
    graph("application/n-triples", "nt", RdfFormat::NTriples, "http://www.w3.org/ns/formats/N-Triples"),
    graph("application/rdf+xml", "rdf", RdfFormat::RdfXml, "http://www.w3.org/ns/formats/RDF_XML"),
    graph(
        "application/ld+json",
        "jsonld",
        RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() },
        "http://www.w3.org/ns/formats/JSON-LD",
    ),
    graph("application/trig", "trig", RdfFormat::TriG, "http://www.w3.org/ns/formats/TriG"),
    graph("application/n-quads", "nq", RdfFormat::NQuads, "http://www.w3.org/ns/formats/N-Quads"),
];

const fn graph(media_type: &'static str, suffix: &'static str, format: RdfFormat, iri: &'static str) -> GraphFormat {
    GraphFormat { media_type, suffix, format, iri }
}

/// The formats of tables and truth values, best first.
pub const TABLES: [(&str, QueryResultsFormat); 4] = [
    ("application/sparql-results+json", QueryResultsFormat::Json),
    ("application/sparql-results+xml", QueryResultsFormat::Xml),
    ("text/csv", QueryResultsFormat::Csv),
    ("text/tab-separated-values", QueryResultsFormat::Tsv),
];

/// Other names under which clients ask for the formats of tables.
const TABLE_ALIASES: [(&str, usize); 5] =
    [("application/json", 0), ("application/xml", 1), ("text/xml", 1), ("text/json", 0), ("text/tsv", 3)];
/// Other names under which clients ask for formats of RDF.
const GRAPH_ALIASES: [(&str, usize); 5] =
    [("application/x-turtle", 0), ("text/plain", 1), ("application/xml", 2), ("application/json", 3), ("text/xml", 2)];

/// The format of a table that the client wants.
///
/// # Errors
/// When it accepts none.
pub fn table_format(headers: &HeaderMap) -> Result<(&'static str, QueryResultsFormat), ServeError> {
    let offers: Vec<&str> = TABLES.iter().map(|t| t.0).chain(TABLE_ALIASES.iter().map(|a| a.0)).collect();
    let wanted = media_type(headers, &offers).ok_or_else(|| not_acceptable(TABLES.iter().map(|t| t.0)))?;
    let index = wanted.checked_sub(TABLES.len()).map_or(wanted, |alias| TABLE_ALIASES.get(alias).map_or(0, |a| a.1));
    TABLES.get(index).copied().ok_or_else(|| not_acceptable(TABLES.iter().map(|t| t.0)))
}

/// The format of RDF that the client wants.
///
/// # Errors
/// When it accepts none.
pub fn graph_format(headers: &HeaderMap) -> Result<GraphFormat, ServeError> {
    let offers: Vec<&str> = GRAPHS.iter().map(|g| g.media_type).chain(GRAPH_ALIASES.iter().map(|a| a.0)).collect();
    let wanted = media_type(headers, &offers).ok_or_else(|| not_acceptable(GRAPHS.iter().map(|g| g.media_type)))?;
    let index = wanted.checked_sub(GRAPHS.len()).map_or(wanted, |alias| GRAPH_ALIASES.get(alias).map_or(0, |a| a.1));
    GRAPHS.get(index).copied().ok_or_else(|| not_acceptable(GRAPHS.iter().map(|g| g.media_type)))
}

fn not_acceptable(offers: impl Iterator<Item = &'static str>) -> ServeError {
    ServeError::NotAcceptable(offers.collect::<Vec<_>>().join(", "))
}

/// A serialiser that shortens the IRIs of the graph's vocabularies where the format can.
pub fn serializer(format: RdfFormat) -> RdfSerializer {
    PREFIXES.into_iter().fold(RdfSerializer::from_format(format), |serializer, (prefix, iri)| {
        // Invariant: the prefixes are constants and valid.
        serializer.clone().with_prefix(prefix, iri).unwrap_or(serializer)
    })
}
