//! The store over HTTP: SPARQL protocol, linked data, search, and pages for people.
//!
//! Each handler is a function from request to answer, tested without a socket through `router`.
//!
//! * `sparql`: queries, updates, the service description; `graph_store`: whole graphs;
//! * `resource`: every IRI under the base as page and RDF;
//! * `search`: the full-text index; `view`: what pages show; `pages`: the pages;
//! * `releases` and `watch`: ingestion while serving; `follow`: readers that see what other
//!   processes ingest;
//! * `app`: what they share; `run`: the server on a socket.

mod access;
pub mod app;
mod assets;
mod cache;
mod columns;
mod data;
mod error;
pub mod follow;
mod formats;
mod graph_store;
mod log;
mod metrics;
pub mod negotiate;
mod options;
mod pages;
pub mod priority;
mod releases;
mod resource;
mod run;
mod search;
mod sparql;
mod stream;
pub mod texts;
mod view;
mod watch;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderValue, Method};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use tower_http::compression::CompressionLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};

pub use app::App;
pub use error::ServeError;
pub use options::Options;
pub use run::{RunError, run};
pub use search::{Index, Progress, SearchError};

/// All routes.
pub fn router(app: App) -> Router {
    let limit = app.options().max_body;
    Router::new()
        .route("/", get(pages::home))
        .route("/search", get(pages::search))
        .route("/queries", get(pages::queries))
        .route("/queries/{name}", get(pages::query))
        .route("/editor", get(pages::editor))
        .route("/graph", get(pages::graph))
        .route("/preview", get(pages::preview_form).post(pages::preview_post))
        .route("/resource", get(resource::any_resource))
        .route("/api/search", get(pages::search_json))
        .route("/api/graph", get(pages::graph_json))
        .route("/assets/{*path}", get(assets::asset))
        .route("/sparql", any(sparql::sparql))
        .route("/store", any(graph_store::graph_store))
        .route("/releases", post(releases::post_releases))
        .route("/healthz", get(health))
        .route("/metrics", get(metrics_text))
        .fallback(resource::resource)
        .layer(CompressionLayer::new())
        .layer(DefaultBodyLimit::max(limit))
        .layer(cors(app.options()))
        .layer(from_fn_with_state(app.clone(), log::surround))
        .with_state(app)
}

/// Pages of which origins may read.
fn cors(options: &Options) -> CorsLayer {
    let origins = if options.cors.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(options.cors.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()))
    };
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([ACCEPT, AUTHORIZATION, CONTENT_TYPE])
}

/// Whether the store answers, and how far the search index is.
async fn health(State(app): State<App>) -> Result<String, ServeError> {
    app.read(|app, data| {
        data.quads(None, None, None, None).next().transpose()?;
        Ok(match app.index().progress() {
            Progress::Ready => "ok\n".to_owned(),
            Progress::Behind { done, total } => format!("ok\nsearch index: {done} of {total} documents\n"),
        })
    })
    .await
}

/// The counters.
async fn metrics_text(State(app): State<App>) -> Result<Response, ServeError> {
    let text = app.metrics().text().map_err(ServeError::internal)?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(CONTENT_TYPE, kind)], text).into_response())
}
