//! The server: in process, without a socket, and in a real browser.

#[path = "serve/browser.rs"]
mod browser;
#[path = "serve/ingestion.rs"]
mod ingestion;
#[path = "serve/linked_data.rs"]
mod linked_data;
#[path = "serve/pages.rs"]
mod pages;
#[path = "serve/protocol.rs"]
mod protocol;
#[path = "serve/synthetic.rs"]
mod synthetic;
#[path = "serve/webdriver.rs"]
mod webdriver;

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use oxrdfio::{RdfFormat, RdfParser};
use pressgraph::pipeline::Extractor;
use pressgraph::serve::{App, Index, Options, router};
use pressgraph::store::{Changes, Store};
use tower::ServiceExt;

/// The token of writers in the tests.
pub const TOKEN: &str = "test-token";

/// The fixture's three releases.
pub fn fixture() -> Changes {
    let text = include_str!("../fixtures/serve/releases.trig");
    let quads = RdfParser::from_format(RdfFormat::TriG).for_slice(text);
    Changes { remove: Vec::new(), insert: quads.collect::<Result<_, _>>().expect("the fixture is TriG") }
}

/// A server over the fixture in memory.
pub fn app(options: Options) -> App {
    let store = Store::in_memory("https://pressgraph.example/").expect("a store");
    store.apply(fixture()).expect("the fixture is loaded");
    let index = Index::open(None).expect("an index");
    let extractor = Arc::new(Extractor::new().expect("the built-in data"));
    let app = App::new(Arc::new(store), index, extractor, options);
    app.repair_index().expect("an index in step");
    app
}

/// Options of a server that can be written.
pub fn writable() -> Options {
    Options { writable: true, token: Some(TOKEN.to_owned()), ..Options::default() }
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// A header as text; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }
}

/// Sends a request to `app`.
pub async fn send(app: &App, request: Request<Body>) -> Answer {
    let response = router(app.clone()).oneshot(request).await.expect("the router never fails");
    let (head, body) = response.into_parts();
    let bytes = body.collect().await.expect("a whole body").to_bytes();
    let body = String::from_utf8_lossy(&bytes).into_owned();
    Answer { status: head.status, headers: head.headers, body }
}

/// Sends a GET with an `Accept` header.
pub async fn get(app: &App, uri: &str, accept: &str) -> Answer {
    let request = Request::get(uri).header("Accept", accept).body(Body::empty()).expect("a request");
    send(app, request).await
}

/// Percent-encodes a value.
pub fn encode(value: &str) -> String {
    percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC).to_string()
}
