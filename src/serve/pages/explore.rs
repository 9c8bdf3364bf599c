use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use oxrdf::NamedNode;

use super::{Asked, Page};
use crate::serve::ServeError;
use crate::serve::app::App;
use crate::serve::search::{Filters, Hit};
use crate::serve::view::connections;

#[derive(Template)]
#[template(path = "graph.html")]
struct GraphPage {
    page: Page,
    iri: String,
    label: String,
    hidden: bool,
    query: String,
    starts: Vec<Hit>,
}

/// The IRI of the parameter `iri`.
fn iri(asked: &Asked) -> Result<NamedNode, ServeError> {
    let text = asked.get("iri");
    NamedNode::new(text).map_err(|_| ServeError::BadRequest(format!("`iri`: `{text}` is no absolute IRI")))
}

/// The graph view from an entity; without one, entities to start from.
///
/// # Errors
/// When the IRI is malformed or unknown, or the store fails.
pub async fn graph(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ServeError> {
    let asked = Asked::read(&uri, &headers)?;
    let mut page = GraphPage {
        page: asked.page(&app, "graph", asked.language.say("Graphe", "Graph")),
        iri: String::new(),
        label: String::new(),
        hidden: false,
        query: String::new(),
        starts: Vec::new(),
    };
    if asked.get("iri").is_empty() {
        let organizations = Filters { kind: "organization".to_owned(), ..Filters::default() };
        let found =
            app.read(move |app, _| app.index().find(&organizations, 0, 10, false).map_err(ServeError::internal));
        page.starts = found.await?.hits;
    } else {
        let iri = iri(&asked)?;
        page.iri = iri.as_str().to_owned();
        page.label = app.read(move |_, data| data.label(iri.as_ref())).await?;
    }
    asked.answer(&page)
}

/// What is around an entity, as JSON for the graph view.
///
/// # Errors
/// When the IRI is malformed or unknown, or the store fails.
pub async fn graph_json(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ServeError> {
    let asked = Asked::read(&uri, &headers)?;
    let (iri, language) = (iri(&asked)?, asked.language);
    let found = app.read(move |app, data| connections(data, app.index(), iri.as_ref(), language)).await?;
    Ok(Json(found).into_response())
}
