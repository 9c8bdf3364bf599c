//! The SPARQL 1.1 Graph Store HTTP Protocol at `/store`: reading for all, writing with the token.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use oxrdf::{GraphName, NamedNode, Quad};
use oxrdfio::{RdfFormat, RdfParser};

use super::app::App;
use super::data::{Data, ns};
use super::formats::{graph_format, serializer};
use super::pages::Asked;
use super::stream::answer;
use super::{ServeError, access};
use crate::store::{Changes, IngestOptions, Ingester, UpdateRefusal};

/// Which graph a request is about.
#[derive(Clone)]
enum Target {
    /// The union of all graphs.
    Default,
    Named(NamedNode),
}

/// Answers a request to `/store?graph=IRI` or `/store?default`.
///
/// # Errors
/// When the request is malformed, not allowed or fails, or there is no such graph.
pub async fn graph_store(
    State(app): State<App>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ServeError> {
    let asked = Asked::read(&uri, &headers)?;
    let is_default = uri.query().unwrap_or("").split('&').any(|pair| pair == "default" || pair.starts_with("default="));
    let target = match (is_default, asked.get("graph")) {
        (true, "") => Target::Default,
        (false, iri) if !iri.is_empty() => Target::Named(
            NamedNode::new(iri).map_err(|_| ServeError::BadRequest(format!("`graph`: `{iri}` is no absolute IRI")))?,
        ),
        _ => return Err(ServeError::BadRequest("name one graph: `?graph=IRI` or `?default`".into())),
    };
    match method {
        Method::GET | Method::HEAD => read(&app, &headers, target).await,
        Method::PUT | Method::POST | Method::DELETE => {
            access::check(&app, &headers)?;
            let Target::Named(graph) = target else {
                return Err(ServeError::BadRequest("the default graph is the union of all graphs: name one".into()));
            };
            write(&app, &method, &headers, graph, body).await
        }
        _ => Err(ServeError::Method("GET, HEAD, PUT, POST, DELETE, OPTIONS")),
    }
}

async fn read(app: &App, headers: &HeaderMap, target: Target) -> Result<Response, ServeError> {
    let format = graph_format(headers)?;
    let permit = app.query_permit().await?;
    let running = app.start_query();
    let (token, metrics, worker) = (running.token(), app.metrics(), app.clone());
    answer(
        token,
        move || _ = metrics.cancelled.inc(),
        app.options().timeout,
        move |sink| {
            let _permit = permit;
            let store = worker.store();
            let snapshot = store.snapshot().map_err(ServeError::internal)?;
            let data = Data::new(&snapshot);
            sink.set_type(format.media_type);
            let graph = match &target {
                Target::Named(graph) => Some(graph.as_ref()),
                Target::Default => None,
            };
            let mut serializer = serializer(format.format).for_writer(sink);
            let mut count = 0;
            let mut previous = None;
            for quad in data.quads(None, None, None, graph) {
                if let Some(error) = running.stopped() {
                    return Err(error);
                }
                let Quad { subject, predicate, object, .. } = quad?;
                let triple = oxrdf::Triple { subject, predicate, object };
                count += 1;
                // Copies of a triple in several graphs follow each other in the store's order.
                if previous.as_ref() != Some(&triple) {
                    serializer.serialize_triple(&triple).map_err(ServeError::internal)?;
                    previous = Some(triple);
                }
            }
            if let (0, Target::Named(graph)) = (count, &target) {
                return Err(ServeError::NotFound(format!("the graph <{}>", graph.as_str())));
            }
            serializer.finish().map_err(ServeError::internal)?;
            Ok(())
        },
    )
    .await
}

async fn write(
    app: &App,
    method: &Method,
    headers: &HeaderMap,
    graph: NamedNode,
    body: Bytes,
) -> Result<Response, ServeError> {
    let mut insert = if *method == Method::DELETE { Vec::new() } else { parse(headers, &graph, &body)? };
    let (adds, deletes) = (*method == Method::POST, *method == Method::DELETE);
    let existed = app
        .write(move |app, store| {
            if store.is_derived(graph.as_ref()) {
                return Err(ServeError::BadRequest(UpdateRefusal::Derived(graph.into_string()).to_string()));
            }
            let snapshot = store.snapshot().map_err(ServeError::internal)?;
            let former = Data::new(&snapshot).quads(None, None, None, Some(graph.as_ref()));
            let former = former.collect::<Result<Vec<_>, _>>()?;
            drop(snapshot);
            let existed = !former.is_empty();
            if deletes && !existed {
                return Err(ServeError::NotFound(format!("the graph <{}>", graph.as_str())));
            }
            let is_release =
                former.iter().any(|quad| quad.predicate.as_str().strip_prefix(ns::PG) == Some("contentHash"));
            let extractor = app.extractor();
            if deletes && is_release {
                // As `pressgraph remove` does: a copy takes its place.
                let ingester = Ingester::new(store, &extractor, IngestOptions::new(store));
                let report = ingester.withdraw(&[graph]).map_err(ServeError::internal)?;
                return Ok((existed, report.changed));
            }
            if adds {
                insert.extend(former);
            }
            let mut changed = vec![graph.as_str().to_owned()];
            let changes = Changes { remove: vec![graph], insert };
            changed.extend(store.apply_joined(changes, extractor.authorities()).map_err(ServeError::internal)?);
            Ok((existed, changed))
        })
        .await?;
    Ok(if existed { StatusCode::NO_CONTENT } else { StatusCode::CREATED }.into_response())
}

fn parse(headers: &HeaderMap, graph: &NamedNode, body: &[u8]) -> Result<Vec<Quad>, ServeError> {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("text/turtle");
    let known = "use text/turtle, application/n-triples, application/rdf+xml or application/ld+json";
    let format = RdfFormat::from_media_type(media_type)
        .filter(|format| !format.supports_datasets() || matches!(format, RdfFormat::JsonLd { .. }));
    let format = format.ok_or_else(|| ServeError::MediaType(media_type.to_owned(), known))?;
    let parser =
        RdfParser::from_format(format).with_default_graph(GraphName::from(graph.clone())).without_named_graphs();
    parser
        .for_slice(body)
        .map(|quad| quad.map_err(|error| ServeError::BadRequest(format!("the body is no valid RDF: {error}"))))
        .collect()
}
