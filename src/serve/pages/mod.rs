//! The pages for people.

mod editor;
mod explore;
mod queries;
mod start;
mod try_out;

pub use editor::editor;
pub use explore::{graph, graph_json};
pub(super) use queries::Answer;
pub use queries::{queries, query};
pub use start::{home, search, search_json};
pub use try_out::{preview_form, preview_post};

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE, SET_COOKIE, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::ServeError;
use super::app::App;
use super::data::encode;
use super::negotiate;
use super::sparql::pairs;
use super::texts::Language;
use super::view::{EntityView, ReleaseView};
use crate::store::{NamedQuery, Parameter};

/// What every page has.
#[derive(Clone, Debug)]
pub struct Page {
    /// The language.
    pub language: Language,
    /// Title of the window.
    pub title: String,
    /// Base of the IRIs.
    pub base: String,
    /// The part of the site, as in the menu.
    pub section: &'static str,
    /// The same page in the other language.
    pub switch: String,
    /// The same content in other formats: media type and address.
    pub alternates: Vec<(&'static str, String)>,
    /// Version of the program.
    pub version: &'static str,
}

/// What has a title in both languages.
pub trait Titled {
    /// Its title.
    fn title(&self, language: &Language) -> String;
}

impl Titled for NamedQuery {
    fn title(&self, language: &Language) -> String {
        let title = language.say(&self.title_fr, &self.title);
        language.typeset(if title.is_empty() { &self.name } else { title })
    }
}

impl Titled for Parameter {
    fn title(&self, language: &Language) -> String {
        let title = language.parameter(&self.name, &self.description);
        (if title.is_empty() { self.name.as_str() } else { title }).to_owned()
    }
}

/// A request for a page: its address, parameters and language.
#[derive(Clone, Debug)]
pub struct Asked {
    uri: Uri,
    parameters: BTreeMap<String, String>,
    /// The language of the answer.
    pub language: Language,
    switched: bool,
}

impl Asked {
    /// Reads the address and headers of a request.
    ///
    /// # Errors
    /// When the query string is not percent-encoded UTF-8.
    pub fn read(uri: &Uri, headers: &HeaderMap) -> Result<Self, ServeError> {
        let parameters: BTreeMap<String, String> = pairs(uri.query().unwrap_or(""))?.into_iter().collect();
        let switch = parameters.get("lang").map(String::as_str);
        let language = negotiate::language(switch, headers);
        let switched = switch.and_then(Language::parse).is_some();
        Ok(Self { uri: uri.clone(), parameters, language, switched })
    }

    /// A parameter; empty when it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }

    /// The number of the page asked for, from 1.
    pub fn page_number(&self) -> usize {
        self.get("page").parse().unwrap_or(1).clamp(1, 100_000)
    }

    /// What the templates need of it.
    pub fn page(&self, app: &App, section: &'static str, title: impl Into<String>) -> Page {
        let kept = self.parameters.iter().filter(|(name, _)| *name != "lang");
        let kept: String = kept.map(|(name, value)| format!("{}={}&", encode(name), encode(value))).collect();
        Page {
            language: self.language,
            title: title.into(),
            base: app.base().to_owned(),
            section,
            switch: format!("{}?{kept}lang={}", self.uri.path(), self.language.other().tag()),
            alternates: Vec::new(),
            version: env!("CARGO_PKG_VERSION"),
        }
    }

    /// A page as the answer; remembers the language once it was switched.
    ///
    /// # Errors
    /// When the template fails.
    pub fn answer(&self, template: &impl Template) -> Result<Response, ServeError> {
        let html = template.render().map_err(ServeError::internal)?;
        let mut response = html.into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(self.language.say("fr", "en")));
        headers.append(VARY, HeaderValue::from_static("Accept-Language, Cookie"));
        if self.switched {
            let cookie = match self.language {
                Language::French => "lang=fr; Path=/; Max-Age=31536000; SameSite=Lax",
                Language::English => "lang=en; Path=/; Max-Age=31536000; SameSite=Lax",
            };
            headers.insert(SET_COOKIE, HeaderValue::from_static(cookie));
        }
        Ok(response)
    }
}

/// The page of an entity.
#[derive(Template)]
#[template(path = "entity.html")]
pub struct EntityPage {
    /// What every page has.
    pub page: Page,
    /// What is shown.
    pub entity: Arc<EntityView>,
}

/// The page of a release.
#[derive(Template)]
#[template(path = "release.html")]
pub struct ReleasePage {
    /// What every page has.
    pub page: Page,
    /// What is shown.
    pub release: ReleaseView,
}

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage {
    page: Page,
    message: String,
    query: String,
}

/// An error as a page.
pub fn problem(app: &App, asked: &Asked, error: &ServeError) -> Response {
    let l = asked.language;
    let title = match error.status() {
        StatusCode::NOT_FOUND => l.say("Introuvable", "Not found"),
        _ => l.say("Cela n’a pas marché", "This did not work"),
    };
    let message = match error {
        ServeError::NotFound(what) => format!("{} {what}", l.say("Rien n’est connu sous", "Nothing is known about")),
        other => other.to_string(),
    };
    let page = MessagePage { page: asked.page(app, "", title), message, query: String::new() };
    match asked.answer(&page) {
        Ok(mut response) => {
            *response.status_mut() = error.status();
            response
        }
        Err(error) => error.into_response(),
    }
}
