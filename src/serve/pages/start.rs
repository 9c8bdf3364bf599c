use std::collections::BTreeMap;

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use oxrdf::NamedNode;
use serde_json::json;

use super::{Asked, Page, Titled};
use crate::serve::ServeError;
use crate::serve::app::App;
use crate::serve::data::{Data, KINDS};
use crate::serve::search::{Filters, Found, Hit};
use crate::serve::view::distinction;
use crate::store::NamedQuery;

/// Results on a page.
const RESULTS: usize = 20;

struct Counts {
    releases: usize,
    entities: usize,
    incomplete: bool,
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    page: Page,
    query: String,
    counts: Counts,
    latest: Vec<Hit>,
    queries: Vec<&'static NamedQuery>,
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    page: Page,
    filters: Filters,
    kinds: [&'static str; 8],
    found: Found,
    previous: Option<String>,
    next: Option<String>,
}

/// The first page.
///
/// # Errors
/// When the store or the index fails.
pub async fn home(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ServeError> {
    let asked = Asked::read(&uri, &headers)?;
    let latest = Filters { kind: "release".to_owned(), ..Filters::default() };
    let (latest, all) = app
        .read(move |app, data| {
            let latest = find(app, data, &latest, 0, 10, false)?;
            let all = app.index().find(&Filters::default(), 0, 1, false).map_err(ServeError::internal)?;
            Ok((latest, all.total))
        })
        .await?;
    let entities = all.saturating_sub(latest.total);
    let counts = Counts { releases: latest.total, entities, incomplete: latest.incomplete };
    let title = asked.language.say("Accueil", "Home");
    asked.answer(&HomePage {
        page: asked.page(&app, "", title),
        query: String::new(),
        counts,
        latest: latest.hits,
        // Who asks for the evidence of a fact comes from the fact.
        queries: NamedQuery::all().values().filter(|query| !query.needs_iri()).collect(),
    })
}

/// The filters of a request.
fn filters(asked: &Asked) -> Filters {
    let get = |name| asked.get(name).trim_start().chars().take(200).collect::<String>();
    Filters { text: get("q"), kind: get("kind"), from: get("from"), to: get("to"), issuer: get("issuer") }
}

/// Refuses a kind that there is not and dates that are none, by which nothing would be found.
fn check(filters: &Filters) -> Result<(), ServeError> {
    if !filters.kind.is_empty() && !KINDS.contains(&filters.kind.as_str()) {
        return Err(ServeError::BadRequest(format!("`kind` is one of {}, not `{}`", KINDS.join(", "), filters.kind)));
    }
    for (name, date) in [("from", &filters.from), ("to", &filters.to)] {
        let numbers: Option<Vec<u16>> = date.trim().split('-').map(|part| part.parse().ok()).collect();
        let is_date =
            matches!(numbers.as_deref(), Some([1000..3000] | [1000..3000, 1..=12] | [1000..3000, 1..=12, 1..=31]));
        if !date.is_empty() && !is_date {
            let expected = "a date such as 2024, 2024-03 or 2024-03-12";
            return Err(ServeError::BadRequest(format!("`{name}` is {expected}, not `{date}`")));
        }
    }
    Ok(())
}

/// Searches, and says where the page of each result is.
fn find(
    app: &App,
    data: Data<'_>,
    filters: &Filters,
    skip: usize,
    limit: usize,
    whole: bool,
) -> Result<Found, ServeError> {
    let mut found = app.index().find(filters, skip, limit, whole).map_err(ServeError::internal)?;
    for hit in &mut found.hits {
        hit.href = data.href(&hit.iri);
    }
    tell_namesakes_apart(app, data, &mut found.hits)?;
    if whole {
        app.index().add_snippets(data, filters, &mut found.hits).map_err(ServeError::internal)?;
    }
    Ok(found)
}

/// Says of entities of one name what tells them apart.
fn tell_namesakes_apart(app: &App, data: Data<'_>, hits: &mut [Hit]) -> Result<(), ServeError> {
    let name = |hit: &Hit| (hit.kind.clone(), hit.label.to_lowercase());
    let mut bearers: BTreeMap<(String, String), usize> = BTreeMap::new();
    for hit in hits.iter().filter(|hit| hit.releases > 0) {
        *bearers.entry(name(hit)).or_default() += 1;
    }
    for hit in hits.iter_mut().take(RESULTS) {
        if bearers.get(&name(hit)).is_some_and(|count| *count > 1) {
            let entity = NamedNode::new_unchecked(hit.iri.as_str());
            hit.distinction = distinction(data, app.index(), entity.as_ref())?.unwrap_or_default();
        }
    }
    Ok(())
}

/// The page of search results.
///
/// # Errors
/// When the store or the index fails.
pub async fn search(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ServeError> {
    let asked = Asked::read(&uri, &headers)?;
    let filters = filters(&asked);
    let page = asked.page_number().min(500);
    let wanted = filters.clone();
    let found = app.read(move |app, data| find(app, data, &wanted, (page - 1) * RESULTS, RESULTS, true)).await?;
    asked.answer(&SearchPage {
        page: asked.page(&app, "search", asked.language.say("Recherche", "Search")),
        previous: (page > 1).then(|| filters.href(page - 1)),
        next: (found.total > page * RESULTS && page < 500).then(|| filters.href(page + 1)),
        kinds: KINDS,
        filters,
        found,
    })
}

/// The results as JSON, for suggestions while one types and for other programs.
///
/// # Errors
/// When a filter is wrong, or the store or the index fails.
pub async fn search_json(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ServeError> {
    let asked = Asked::read(&uri, &headers)?;
    let filters = filters(&asked);
    check(&filters)?;
    let limit = asked.get("limit").parse().unwrap_or(RESULTS).clamp(1, 100);
    let skip = asked.get("offset").parse().unwrap_or(0).min(10_000);
    let counts = asked.get("counts") == "1";
    let found = app.read(move |app, data| {
        let mut found = app.index().find(&filters, skip, limit, counts).map_err(ServeError::internal)?;
        tell_namesakes_apart(app, data, &mut found.hits)?;
        Ok(found)
    });
    let found = found.await?;
    let hits: Vec<_> = found
        .hits
        .iter()
        .map(|hit| {
            json!({
                "iri": hit.iri, "label": hit.label, "kind": hit.kind, "kindLabel": asked.language.kind(&hit.kind),
                "date": hit.date, "issuer": hit.issuer, "releases": hit.releases, "distinction": hit.distinction,
            })
        })
        .collect();
    let counts: serde_json::Map<_, _> = found
        .counts
        .iter()
        .map(|(key, facets)| {
            let facets = facets.iter().map(|facet| json!({ "value": facet.value, "count": facet.count }));
            ((*key).to_owned(), facets.collect::<Vec<_>>().into())
        })
        .collect();
    Ok(Json(json!({ "total": found.total, "hits": hits, "counts": counts, "incomplete": found.incomplete }))
        .into_response())
}
