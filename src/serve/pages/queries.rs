use std::collections::BTreeMap;
use std::sync::Arc;

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
use crate::serve::search::{Filters, Progress};
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
    answer: Option<Arc<Answer>>,
    csv: String,
    editor: String,
}

/// A table of results as the page shows it.
#[derive(Debug)]
pub struct Answer {
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
    more: bool,
    /// What it is from, where that is not all.
    part: Option<Part>,
}

/// A part of the releases that a question is answered from.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    /// How many releases.
    releases: usize,
    /// Whether they bear a name that was asked for.
    named: bool,
    /// Whether they are whatever is at hand, not the newest: the index is being made.
    incomplete: bool,
}

#[derive(Debug, Default)]
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
        match answer(&app, query, given, asked.language).await {
            Ok(answer) => page.answer = Some(answer),
            Err(ServeError::Busy) => return Err(ServeError::Busy),
            Err(error) => page.problem = Some(error.in_words(asked.language)),
        }
    }
    asked.answer(&page)
}

/// The answer on the page: as it was made before in this state of store and index, or made now.
async fn answer(
    app: &App,
    query: &'static NamedQuery,
    given: Vec<(String, String)>,
    language: Language,
) -> Result<Arc<Answer>, ServeError> {
    // Before the store is read: what is made may be newer than its number, never older.
    let state = app.state();
    let values = given.iter().map(|(name, value)| format!("&{}={}", encode(name), encode(value)));
    let key = format!("{} {}{}", language.tag(), query.name, values.collect::<String>());
    if let Some(answer) = app.answers().get(state, &key) {
        return Ok(answer);
    }
    // Of many who ask at once, one makes the answer.
    let turn = app.answers().turn(&key);
    let _turn = turn.lock().await;
    if let Some(answer) = app.answers().get(state, &key) {
        return Ok(answer);
    }
    // Of the state as it is now, however long others took.
    let state = app.state();
    let (bound, part) = bind(app, query, given, Some(NEWEST)).await?;
    let answer = Arc::new(Answer { part, ..run(app, bound, language).await? });
    app.answers().put(state, key, Arc::clone(&answer));
    Ok(answer)
}

/// The query with its parameters; names are looked up in the search index, or in the store while that is behind. With
/// `newest`, over so many releases at most, the newest that bear the names.
async fn bind(
    app: &App,
    query: &'static NamedQuery,
    given: Vec<(String, String)>,
    newest: Option<usize>,
) -> Result<(Query, Option<Part>), ServeError> {
    // Whatever is wrong with a value is told at once.
    query.with(&given).map_err(|error| ServeError::BadRequest(error.to_string()))?;
    let bound = app.read(move |app, data| {
        if query.is_narrowed_by(&given) {
            return narrow(app, data, query, &given, newest);
        }
        if let (Some(limit), true) = (newest, query.scope.is_some()) {
            let newest = Filters { kind: "release".to_owned(), ..Filters::default() };
            let found = app.index().find(&newest, 0, limit, false).map_err(ServeError::internal)?;
            let incomplete = found.incomplete;
            let (mut total, mut releases) = (found.total, found.hits.into_iter().map(|hit| hit.iri).collect());
            if incomplete && total < limit {
                releases = data.releases(limit + 1)?;
                total = releases.len();
                releases.truncate(limit);
            }
            if total > limit {
                let part = Part { releases: limit, incomplete, named: false };
                let releases = releases.into_iter().map(NamedNode::new_unchecked).collect();
                return Ok((query.among(&given, releases)?, Some(part)));
            }
        }
        Ok((query.with(&given)?, None))
    });
    bound.await
}

/// The query over those that bear the names. A page looks at what the index holds by now; for all, it must be in step.
fn narrow(
    app: &App,
    data: Data<'_>,
    query: &NamedQuery,
    given: &[(String, String)],
    newest: Option<usize>,
) -> Result<(Query, Option<Part>), ServeError> {
    let mut part = Part { named: true, ..Part::default() };
    let incomplete = app.index().progress() != Progress::Ready;
    let narrowed = query.narrowed(given, |words| {
        if newest.is_none() && incomplete {
            return data.entities_named(words);
        }
        let limit = newest.unwrap_or(usize::MAX);
        let Some((entities, releases)) = app.index().named(words, limit).map_err(ServeError::internal)? else {
            return data.entities_named(words);
        };
        if releases > limit || incomplete {
            part = Part { releases: part.releases.max(releases.min(limit)), incomplete, ..part };
        }
        Ok(entities)
    })?;
    Ok((narrowed, newest.and((part.releases > 0 || part.incomplete).then_some(part))))
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
        Ok(Answer { columns, rows: table, more, part: None })
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
