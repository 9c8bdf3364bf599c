use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::Response;
use oxrdf::{NamedNode, Term};

use super::{Asked, Page, Titled};
use crate::serve::ServeError;
use crate::serve::app::{App, blocking};
use crate::serve::data::{Data, encode, end_of, text_of};
use crate::serve::search::Filters;
use crate::serve::sparql::{Rows, evaluate, rows};
use crate::serve::texts::Language;
use crate::store::{NamedQuery, Parameter, Query};

/// Rows shown on the page; the export has all.
const ROWS: usize = 500;
/// Releases that a question is answered from on the page, the newest; the export has all.
const NEWEST: usize = 300;

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
    /// From how many of the newest releases the answer is, where it is not from all, and whether these bear a name.
    newest: Option<(usize, bool)>,
}

#[derive(Default)]
struct Cell {
    label: String,
    href: String,
    is_release: bool,
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
        let (bound, _) = bind(&app, query, given, None).await?;
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
    let missing = page.fields.iter().find(|(parameter, value)| parameter.required && value.is_empty());
    let missing = missing.map(|(parameter, _)| parameter.title(&asked.language));
    if asked.get("run") != "1" && !query.parameters.is_empty() {
        return asked.answer(&page);
    }
    if let Some(missing) = missing {
        let message = asked.language.say("Il manque une valeur\u{a0}:", "A value is missing:");
        page.problem = Some(format!("{message} {missing}"));
    } else {
        let is_narrowed = query.is_narrowed_by(&given);
        match bind(&app, query, given, Some(NEWEST)).await {
            Ok((bound, newest)) => match run(&app, bound, asked.language).await {
                Ok(answer) => {
                    page.answer = Some(Answer { newest: newest.map(|newest| (newest, is_narrowed)), ..answer })
                }
                Err(ServeError::Busy) => return Err(ServeError::Busy),
                Err(error) => page.problem = Some(error.in_words(asked.language)),
            },
            Err(ServeError::Busy) => return Err(ServeError::Busy),
            Err(error) => page.problem = Some(error.in_words(asked.language)),
        }
    }
    asked.answer(&page)
}

/// The query with its parameters; names are looked up in the search index, or in the store while that is behind. With
/// `newest`, over so many releases at most, the newest that bear the names; their number is returned where there are more.
async fn bind(
    app: &App,
    query: &'static NamedQuery,
    given: Vec<(String, String)>,
    newest: Option<usize>,
) -> Result<(Query, Option<usize>), ServeError> {
    // Whatever is wrong with a value is told at once.
    query.with(&given).map_err(|error| ServeError::BadRequest(error.to_string()))?;
    let bound = app.read(move |app, data| {
        let limit = newest.unwrap_or(usize::MAX);
        let mut more = false;
        if query.is_narrowed_by(&given) {
            let narrowed = query.narrowed(&given, |words| match app.index().named(words, limit) {
                Ok(Some((entities, releases))) => {
                    more |= releases > limit;
                    Ok(entities)
                }
                Ok(None) => data.entities_named(words),
                Err(error) => Err(ServeError::internal(error)),
            });
            return Ok((narrowed?, newest.filter(|_| more)));
        }
        if query.scope.is_some() && newest.is_some() {
            let newest = Filters { kind: "release".to_owned(), ..Filters::default() };
            let found = app.index().find(&newest, 0, limit, false).map_err(ServeError::internal)?;
            if found.total > limit {
                let releases = found.hits.into_iter().map(|hit| NamedNode::new_unchecked(hit.iri)).collect();
                return Ok((query.among(&given, releases)?, Some(limit)));
            }
        }
        Ok((query.with(&given)?, None))
    });
    bound.await
}

async fn run(app: &App, query: Query, language: Language) -> Result<Answer, ServeError> {
    let permit = app.query_permit().await?;
    let running = app.start_query();
    let (token, worker) = (running.token(), app.clone());
    let result = blocking(move || {
        let _permit = permit;
        let Rows { columns, rows, more } = rows(&worker, &query, &token, ROWS)?;
        let store = worker.store();
        let snapshot = store.snapshot().map_err(ServeError::internal)?;
        let mut cells = Cells { data: Data::new(&snapshot), language, titles: BTreeMap::new() };
        let mut table = Vec::with_capacity(rows.len());
        for row in rows {
            let row = columns.iter().zip(row).map(|(column, term)| cells.cell(column, term));
            table.push(row.collect::<Result<Vec<_>, _>>()?);
        }
        let columns = columns.iter().map(|column| language.column(column).to_owned()).collect();
        Ok(Answer { columns, rows: table, more, newest: None })
    })
    .await;
    result.map_err(|error| running.stopped().unwrap_or(error))
}

/// Makes the cells of a table.
struct Cells<'a> {
    data: Data<'a>,
    language: Language,
    /// The titles of releases that were met before.
    titles: BTreeMap<String, String>,
}

impl Cells<'_> {
    fn cell(&mut self, column: &str, term: Option<Term>) -> Result<Cell, ServeError> {
        Ok(match term {
            None => Cell::default(),
            Some(Term::NamedNode(iri)) => self.link(iri)?,
            Some(term) => Cell { label: self.language.cell(column, &text_of(&term)), ..Cell::default() },
        })
    }

    /// A release by its title, anything else by the end of its IRI.
    fn link(&mut self, iri: NamedNode) -> Result<Cell, ServeError> {
        let is_own = iri.as_str().starts_with(self.data.base());
        if is_own && self.data.kind(iri.as_str()) == "release" && !iri.as_str().contains('#') {
            let label = match self.titles.get(iri.as_str()) {
                Some(title) => title.clone(),
                None => {
                    let title = self.data.label(iri.as_ref())?;
                    self.titles.insert(iri.as_str().to_owned(), title.clone());
                    title
                }
            };
            return Ok(Cell { label, href: self.data.href(iri.as_str()), is_release: true });
        }
        let is_link = iri.as_str().starts_with("http");
        let href = if is_link { self.data.href(iri.as_str()) } else { String::new() };
        let label =
            if is_own { readable(end_of(iri.as_str())) } else { self.language.class(end_of(iri.as_str())).to_owned() };
        Ok(Cell { label, href, is_release: false })
    }
}

fn readable(path: &str) -> String {
    percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned()
}
