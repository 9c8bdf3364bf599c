use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::Response;
use oxrdf::{NamedNode, Term};

use super::{Asked, Page, Titled};
use crate::serve::ServeError;
use crate::serve::app::{App, blocking};
use crate::serve::data::{encode, end_of};
use crate::serve::search::Filters;
use crate::serve::sparql::{Rows, evaluate, rows};
use crate::store::{NamedQuery, Parameter, Query};

/// Rows shown on the page; the export has all.
const ROWS: usize = 500;
/// Releases that a question without parameters is answered from on the page; the export has all.
const NEWEST: usize = 1000;

#[derive(Template)]
#[template(path = "queries.html")]
struct QueriesPage {
    page: Page,
    queries: Vec<&'static NamedQuery>,
}

#[derive(Template)]
#[template(path = "query.html")]
struct QueryPage {
    page: Page,
    query: &'static NamedQuery,
    fields: Vec<(&'static Parameter, String)>,
    problem: Option<String>,
    answer: Option<Answer>,
    csv: String,
    editor: String,
}

/// A table of results as the page shows it.
struct Answer {
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
    more: bool,
    /// From how many of the newest releases the answer is, where it is not from all.
    newest: Option<usize>,
}

#[derive(Default)]
struct Cell {
    label: String,
    href: String,
}

/// The list of named queries.
///
/// # Errors
/// When the template fails.
pub async fn queries(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ServeError> {
    let asked = Asked::read(&uri, &headers)?;
    let page = asked.page(&app, "queries", asked.language.say("Questions", "Questions"));
    asked.answer(&QueriesPage { page, queries: NamedQuery::all().values().collect() })
}

/// A named query with a form for its parameters, and its answer once the form is sent.
///
/// # Errors
/// When there is no such query, or the server is busy.
pub async fn query(
    State(app): State<App>,
    Path(name): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ServeError> {
    let asked = Asked::read(&uri, &headers)?;
    let (name, is_csv) = name.strip_suffix(".csv").map_or((name.as_str(), false), |name| (name, true));
    let query = NamedQuery::all().get(name).ok_or_else(|| ServeError::NotFound(format!("/queries/{name}")))?;
    let fields: Vec<(&Parameter, String)> =
        query.parameters.iter().map(|p| (p, asked.get(&format!("p.{}", p.name)).trim().to_owned())).collect();
    let given: Vec<(String, String)> =
        fields.iter().filter(|(_, v)| !v.is_empty()).map(|(p, v)| (p.name.clone(), v.clone())).collect();
    if is_csv {
        let (bound, _) = bind(&app, query, given, false).await?;
        let wanted = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("text/csv, text/turtle;q=0.5"))]);
        return evaluate(&app, &wanted, bound).await;
    }
    let link = |path: &str, extra: &str| {
        let values = given.iter().map(|(name, value)| format!("&p.{}={}", encode(name), encode(value)));
        format!("{path}?{extra}{}", values.collect::<String>())
    };
    let mut page = QueryPage {
        page: asked.page(&app, "queries", query.title(&asked.language)),
        query,
        problem: None,
        answer: None,
        csv: link(&format!("/queries/{name}.csv"), ""),
        editor: link("/editor", &format!("named={}", encode(name))),
        fields,
    };
    if asked.get("run") == "1" || query.parameters.is_empty() {
        match bind(&app, query, given, true).await {
            Ok((bound, newest)) => match run(&app, bound).await {
                Ok(answer) => page.answer = Some(Answer { newest, ..answer }),
                Err(ServeError::Busy) => return Err(ServeError::Busy),
                Err(error) => page.problem = Some(error.to_string()),
            },
            Err(ServeError::Busy) => return Err(ServeError::Busy),
            Err(error) => page.problem = Some(error.to_string()),
        }
    }
    asked.answer(&page)
}

/// The query with its parameters; names are looked up in the search index, or in the store while that is behind.
/// Without any parameter, `scoped` to the newest releases of a large store, whose number is returned.
async fn bind(
    app: &App,
    query: &'static NamedQuery,
    given: Vec<(String, String)>,
    scoped: bool,
) -> Result<(Query, Option<usize>), ServeError> {
    // Whatever is wrong with a value is told at once.
    query.with(&given).map_err(|error| ServeError::BadRequest(error.to_string()))?;
    let bound = app.read(move |app, data| {
        if let (true, true, Some(variable)) = (scoped, given.is_empty(), &query.scope) {
            let newest = Filters { kind: "release".to_owned(), ..Filters::default() };
            let found = app.index().find(&newest, 0, NEWEST, false).map_err(ServeError::internal)?;
            if found.total > NEWEST {
                let releases = found.hits.into_iter().map(|hit| NamedNode::new_unchecked(hit.iri)).collect();
                return Ok((query.with(&given)?.restrict(variable, releases), Some(NEWEST)));
            }
        }
        let narrowed = query.narrowed(&given, |words| {
            if let Some(entities) = app.index().bearing(words).map_err(ServeError::internal)? {
                let mut members = Vec::new();
                for entity in entities {
                    members.extend(data.members(entity.as_ref(), 0, usize::MAX)?);
                }
                return Ok(members);
            }
            data.entities_named(words)
        });
        Ok((narrowed?, None))
    });
    bound.await
}

async fn run(app: &App, query: Query) -> Result<Answer, ServeError> {
    let permit = app.query_permit().await?;
    let running = app.start_query();
    let (token, worker, base) = (running.token(), app.clone(), app.base().to_owned());
    let result = blocking(move || {
        let _permit = permit;
        rows(&worker, &query, &token, ROWS)
    })
    .await;
    let Rows { columns, rows, more } = result.map_err(|error| running.stopped().unwrap_or(error))?;
    let rows = rows.into_iter().map(|row| row.into_iter().map(|term| cell(term, &base)).collect()).collect();
    Ok(Answer { columns, rows, more, newest: None })
}

fn cell(term: Option<Term>, base: &str) -> Cell {
    match term {
        None => Cell::default(),
        Some(Term::NamedNode(iri)) => match iri.as_str().strip_prefix(base) {
            Some(path) if !path.contains('#') => Cell { label: readable(path), href: format!("/{path}") },
            Some(path) => {
                let href = format!("/resource?iri={}", encode(iri.as_str()));
                Cell { label: readable(path), href }
            }
            None => {
                let is_link = iri.as_str().starts_with("http");
                let href = if is_link { format!("/resource?iri={}", encode(iri.as_str())) } else { String::new() };
                Cell { label: end_of(iri.as_str()).to_owned(), href }
            }
        },
        Some(term) => Cell { label: crate::serve::data::text_of(&term), href: String::new() },
    }
}

fn readable(path: &str) -> String {
    percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned()
}
