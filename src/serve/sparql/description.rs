use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use oxrdf::{NamedNode, Triple};

use crate::serve::ServeError;
use crate::serve::app::App;
use crate::serve::data::{node, ns};
use crate::serve::formats::{GRAPHS, TABLES, graph_format, serializer};

const SD: &str = "http://www.w3.org/ns/sparql-service-description#";

/// The SPARQL 1.1 Service Description.
pub(super) fn answer(app: &App, headers: &HeaderMap) -> Result<Response, ServeError> {
    let format = graph_format(headers)?;
    let mut serializer = serializer(format.format).for_writer(Vec::new());
    for triple in triples(app) {
        serializer.serialize_triple(&triple).map_err(ServeError::internal)?;
    }
    let mut response = serializer.finish().map_err(ServeError::internal)?.into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(format.media_type));
    Ok(response)
}

fn triples(app: &App) -> Vec<Triple> {
    let base = app.base();
    let (service, endpoint) = (iri(&format!("{base}sparql#service")), iri(&format!("{base}sparql")));
    let dataset = iri(&format!("{base}sparql#dataset"));
    let kind = node(ns::RDF, "type");
    let mut out = vec![
        Triple::new(service.clone(), kind.clone(), node(SD, "Service")),
        Triple::new(service.clone(), node(SD, "endpoint"), endpoint),
        Triple::new(service.clone(), node(SD, "supportedLanguage"), node(SD, "SPARQL11Query")),
        Triple::new(service.clone(), node(SD, "feature"), node(SD, "UnionDefaultGraph")),
        Triple::new(service.clone(), node(SD, "defaultDataset"), dataset.clone()),
        Triple::new(dataset, kind, node(SD, "Dataset")),
    ];
    if app.options().writable {
        out.push(Triple::new(service.clone(), node(SD, "supportedLanguage"), node(SD, "SPARQL11Update")));
    }
    let tables = TABLES.iter().map(|(_, format)| iri(format.iri()));
    let graphs = GRAPHS.iter().map(|format| iri(format.iri));
    out.extend(tables.chain(graphs).map(|format| Triple::new(service.clone(), node(SD, "resultFormat"), format)));
    out
}

fn iri(text: &str) -> NamedNode {
    // Invariant: constants, or the base IRI that the store was made with.
    NamedNode::new_unchecked(text)
}
