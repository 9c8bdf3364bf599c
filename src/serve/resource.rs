//! Linked data: every IRI under the base leads to pages and RDF (303, suffixes, `Link`).

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, LINK, LOCATION, VARY};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use oxrdf::{NamedNode, Quad};

use super::ServeError;
use super::app::App;
use super::data::{Data, encode, node, ns};
use super::formats::{GRAPHS, GraphFormat, serializer};
use super::negotiate::media_type;
use super::pages::{Asked, EntityPage, ReleasePage, problem};
use super::view::{entity, release};

/// Quads about one thing at most.
const QUADS: usize = 20_000;

/// How a thing is shown.
#[derive(Clone, Copy)]
enum Shown {
    Html,
    Rdf(GraphFormat),
}

/// Answers for an IRI under the base: the thing's own address leads on to a document about it.
///
/// # Errors
/// When nothing is known about it, or the store fails.
pub async fn resource(
    State(app): State<App>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ServeError> {
    if !matches!(method, Method::GET | Method::HEAD) {
        return Err(ServeError::Method("GET, HEAD"));
    }
    let asked = Asked::read(&uri, &headers)?;
    let path = uri.path().trim_start_matches('/').to_owned();
    let candidates = candidates(app.base(), &path);
    let known = app.read(move |_, data| {
        for (iri, shown) in candidates {
            if data.is_known(iri.as_ref())? {
                return Ok(Some((iri, shown)));
            }
        }
        Ok(None)
    });
    match known.await? {
        None => Ok(problem(&app, &asked, &ServeError::NotFound(format!("/{path}")))),
        Some((_, None)) => see_other(&uri, &headers, &path),
        Some((iri, Some(shown))) => document(&app, &asked, iri, shown, &format!("/{path}")).await,
    }
}

/// Answers for any IRI in the store: `/resource?iri=…`, with `&format=ttl` for RDF.
///
/// # Errors
/// When the IRI is malformed or nothing is known about it.
pub async fn any_resource(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ServeError> {
    let asked = Asked::read(&uri, &headers)?;
    let iri =
        NamedNode::new(asked.get("iri")).map_err(|_| ServeError::BadRequest("`iri` is no absolute IRI".into()))?;
    let shown = match GRAPHS.iter().find(|format| format.suffix == asked.get("format")) {
        Some(format) => Shown::Rdf(*format),
        None => negotiated(&headers).ok_or_else(|| ServeError::NotAcceptable("text/html, text/turtle".into()))?,
    };
    document(&app, &asked, iri, shown, "").await
}

/// What a path may mean: the thing with that very IRI, else with a suffix the document about it.
fn candidates(base: &str, path: &str) -> Vec<(NamedNode, Option<Shown>)> {
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
    let mut found = Vec::new();
    for written in [path, decoded.as_str()] {
        // An IRI may be written with letters such as é or with their percent-encoding.
        let mut add = |name: &str, shown| {
            if let Ok(iri) = NamedNode::new(format!("{base}{name}")) {
                found.push((iri, shown));
            }
        };
        add(written, None);
        if let Some(name) = written.strip_suffix(".html") {
            add(name, Some(Shown::Html));
        }
        for format in GRAPHS {
            if let Some(name) = written.strip_suffix(format.suffix).and_then(|name| name.strip_suffix('.')) {
                add(name, Some(Shown::Rdf(format)));
            }
        }
    }
    found
}

/// The suffix of the document that the client wants.
fn negotiated(headers: &HeaderMap) -> Option<Shown> {
    let offers: Vec<&str> =
        ["text/html", "application/xhtml+xml"].into_iter().chain(GRAPHS.iter().map(|g| g.media_type)).collect();
    match media_type(headers, &offers)? {
        0 | 1 => Some(Shown::Html),
        index => GRAPHS.get(index - 2).copied().map(Shown::Rdf),
    }
}

/// 303: the thing itself is no document, but there are documents about it.
fn see_other(uri: &Uri, headers: &HeaderMap, path: &str) -> Result<Response, ServeError> {
    let shown = negotiated(headers).ok_or_else(|| ServeError::NotAcceptable("text/html, text/turtle".into()))?;
    let suffix = match shown {
        Shown::Html => "html",
        Shown::Rdf(format) => format.suffix,
    };
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut response = StatusCode::SEE_OTHER.into_response();
    let location = HeaderValue::try_from(format!("/{path}.{suffix}{query}")).map_err(ServeError::internal)?;
    response.headers_mut().insert(LOCATION, location);
    response.headers_mut().append(VARY, HeaderValue::from_static("Accept"));
    Ok(response)
}

/// The document about a thing.
async fn document(app: &App, asked: &Asked, iri: NamedNode, shown: Shown, path: &str) -> Result<Response, ServeError> {
    let about = iri.as_str().to_owned();
    // Where the documents in other formats are.
    let stem = path.rsplit_once('.').map(|(stem, _)| stem.to_owned());
    let alternate = |suffix: &str| match &stem {
        Some(stem) => format!("{stem}.{suffix}"),
        None => format!("/resource?iri={}&format={suffix}", encode(&about)),
    };
    let alternates: Vec<(&'static str, String)> =
        GRAPHS.iter().take(4).map(|format| (format.media_type, alternate(format.suffix))).collect();
    let mut response = match shown {
        Shown::Rdf(format) => {
            let bytes = app.read(move |_, data| describe(data, &iri, format)).await?;
            let mut response = bytes.into_response();
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(format.media_type));
            response
        }
        Shown::Html => match page(app, asked, iri, alternates.clone()).await {
            Ok(response) => response,
            Err(error @ ServeError::NotFound(_)) => problem(app, asked, &error),
            Err(error) => return Err(error),
        },
    };
    response.headers_mut().append(VARY, HeaderValue::from_static("Accept"));
    let mut links = vec![format!("<{about}>; rel=\"describes\"")];
    links.extend(alternates.iter().map(|(kind, href)| format!("<{href}>; rel=\"alternate\"; type=\"{kind}\"")));
    if let Ok(value) = HeaderValue::try_from(links.join(", ")) {
        response.headers_mut().insert(LINK, value);
    }
    Ok(response)
}

/// What the page of an IRI shows.
enum View {
    Release(Box<super::view::ReleaseView>),
    Entity(Arc<super::view::EntityView>),
    /// An entity whose page has to be made, and the key under which it is kept.
    Unmade(NamedNode, String),
}

/// The page of a release, of what a fragment of one names, or of an entity.
async fn page(
    app: &App,
    asked: &Asked,
    iri: NamedNode,
    alternates: Vec<(&'static str, String)>,
) -> Result<Response, ServeError> {
    let (number, language) = (asked.page_number(), asked.language);
    // Before the store is read: what is made may be newer than its number, never older.
    let state = app.state();
    let kept = iri.clone();
    let first = app.read(move |app, data| {
        let is_release = data.quads(Some(kept.as_ref()), Some(node(ns::PG, "contentHash").as_ref()), None, None).next();
        if is_release.transpose()?.is_some() {
            return Ok(View::Release(Box::new(release(data, kept.as_ref(), number)?)));
        }
        let joined = data.joined(kept.as_ref())?;
        let key = format!("{} {number} {}", joined.as_str(), language.tag());
        Ok(app.entities().get(state, &key).map_or(View::Unmade(joined, key), View::Entity))
    });
    let view = match first.await? {
        View::Unmade(joined, key) => {
            // Of many who ask at once, one makes the page.
            let turn = app.entities().turn(&key);
            let _turn = turn.lock().await;
            let made = app.read(move |app, data| {
                if let Some(view) = app.entities().get(state, &key) {
                    return Ok(view);
                }
                let mut view = entity(data, app.index(), joined.as_ref(), language, number)?;
                let extractor = app.extractor();
                view.name_containers(language, |iri| extractor.authorities().name_of_container(iri));
                let view = Arc::new(view);
                app.entities().put(data.state(), key, Arc::clone(&view));
                Ok(view)
            });
            View::Entity(made.await?)
        }
        made => made,
    };
    match view {
        View::Release(release) => {
            let mut page = asked.page(app, "", release.thing.label.clone());
            page.alternates = alternates;
            asked.answer(&ReleasePage { page, release: *release })
        }
        View::Entity(entity) => {
            let mut page = asked.page(app, "", entity.thing.label.clone());
            page.alternates = alternates;
            asked.answer(&EntityPage { page, entity })
        }
        View::Unmade(joined, _) => Err(ServeError::NotFound(joined.into_string())),
    }
}

/// What the store says about a thing: its own graph if it names one, else all quads that it stands
/// in, and those about the entities of releases that are it.
fn describe(data: Data<'_>, iri: &NamedNode, format: GraphFormat) -> Result<Vec<u8>, ServeError> {
    let mut quads: Vec<Quad> = Vec::new();
    let mut take = |found: &mut dyn Iterator<Item = Result<Quad, ServeError>>| -> Result<(), ServeError> {
        let room = QUADS.saturating_sub(quads.len());
        for quad in found.take(room) {
            quads.push(quad?);
        }
        Ok(())
    };
    take(&mut data.quads(None, None, None, Some(iri.as_ref())))?;
    take(&mut data.quads(Some(iri.as_ref()), None, None, None))?;
    take(&mut data.quads(None, None, Some(iri.as_ref().into()), None))?;
    for member in data.members(iri.as_ref(), 0, 500)? {
        if member != *iri {
            take(&mut data.quads(Some(member.as_ref()), None, None, None))?;
            take(&mut data.quads(None, None, Some(member.as_ref().into()), None))?;
        }
    }
    if quads.is_empty() {
        return Err(ServeError::NotFound(iri.as_str().to_owned()));
    }
    let has_graphs = format.format.supports_datasets();
    if !has_graphs {
        for quad in &mut quads {
            quad.graph_name = oxrdf::GraphName::DefaultGraph;
        }
    }
    quads.sort_by_cached_key(|quad| (quad.graph_name.to_string(), quad.to_string()));
    quads.dedup();
    let mut serializer = serializer(format.format).for_writer(Vec::new());
    for quad in &quads {
        serializer.serialize_quad(quad).map_err(ServeError::internal)?;
    }
    serializer.finish().map_err(ServeError::internal)
}
