use axum::http::HeaderMap;
use axum::response::Response;
use oxigraph::sparql::results::QueryResultsSerializer;
use oxrdf::Term;
use tokio::sync::OwnedSemaphorePermit;

use crate::serve::ServeError;
use crate::serve::app::{App, Running};
use crate::serve::formats::{graph_format, serializer, table_format};
use crate::serve::stream::{Sink, answer};
use crate::store::{CancellationToken, Query, QueryError, QueryResults};

/// Evaluates a query and answers in the format that the client wants. Stops when its time is over,
/// when it has too many results, or when the client goes.
///
/// # Errors
/// When the query is wrong, refused, or stopped before much was sent.
pub async fn evaluate(app: &App, headers: &HeaderMap, query: Query) -> Result<Response, ServeError> {
    let permit = app.query_permit().await?;
    let (running, headers) = (app.start_query(), headers.clone());
    let (token, metrics) = (running.token(), app.metrics());
    let app = app.clone();
    let on_cancel = move || _ = metrics.cancelled.inc();
    let limit = app.options().timeout;
    answer(token.clone(), on_cancel, limit, move |sink| {
        let result = write(&app, &headers, &query, &token, sink);
        finish(running, permit, result)
    })
    .await
}

/// What a stopped query is told: that its time was over, if that is why.
fn finish(running: Running, permit: OwnedSemaphorePermit, result: Result<(), ServeError>) -> Result<(), ServeError> {
    drop(permit);
    match result {
        Err(error) => Err(running.stopped().unwrap_or(error)),
        Ok(()) => Ok(()),
    }
}

fn write(
    app: &App,
    headers: &HeaderMap,
    query: &Query,
    token: &CancellationToken,
    sink: &mut Sink,
) -> Result<(), ServeError> {
    let store = app.store();
    let snapshot = store.snapshot().map_err(ServeError::internal)?;
    let limit = app.options().max_results;
    let io = |error: std::io::Error| ServeError::internal(error);
    match snapshot.query(query, Some(token.clone())).map_err(refused)? {
        QueryResults::Boolean(value) => {
            let (media_type, format) = table_format(headers)?;
            sink.set_type(media_type);
            QueryResultsSerializer::from_format(format).serialize_boolean_to_writer(sink, value).map_err(io)?;
        }
        QueryResults::Solutions(solutions) => {
            let (media_type, format) = table_format(headers)?;
            sink.set_type(media_type);
            let variables = solutions.variables().to_vec();
            let serializer = QueryResultsSerializer::from_format(format);
            let mut serializer = serializer.serialize_solutions_to_writer(sink, variables).map_err(io)?;
            for (count, solution) in solutions.enumerate() {
                let solution = solution.map_err(|error| refused(error.into()))?;
                if count >= limit {
                    return Err(ServeError::TooManyResults(limit));
                }
                serializer.serialize(&solution).map_err(io)?;
            }
            serializer.finish().map_err(io)?;
        }
        QueryResults::Graph(triples) => {
            let format = graph_format(headers)?;
            sink.set_type(format.media_type);
            let mut serializer = serializer(format.format).for_writer(sink);
            for (count, triple) in triples.enumerate() {
                let triple = triple.map_err(|error| refused(error.into()))?;
                if count >= limit {
                    return Err(ServeError::TooManyResults(limit));
                }
                serializer.serialize_triple(&triple).map_err(io)?;
            }
            serializer.finish().map_err(io)?;
        }
    }
    Ok(())
}

/// What the client is told about a query that fails.
pub(super) fn refused(error: QueryError) -> ServeError {
    match error {
        QueryError::Syntax(_) => ServeError::BadRequest(error.to_string()),
        other => ServeError::Refused(other.to_string()),
    }
}

/// The first rows of a query.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// A term, or none, per column.
    pub rows: Vec<Vec<Option<Term>>>,
    /// Whether there are more.
    pub more: bool,
}

/// The first `limit` rows of a query, for a page.
///
/// # Errors
/// As [`evaluate`].
pub fn rows(app: &App, query: &Query, token: &CancellationToken, limit: usize) -> Result<Rows, ServeError> {
    let store = app.store();
    let snapshot = store.snapshot().map_err(ServeError::internal)?;
    let mut out = Rows::default();
    match snapshot.query(query, Some(token.clone())).map_err(refused)? {
        QueryResults::Solutions(solutions) => {
            out.columns = solutions.variables().iter().map(|v| v.as_str().to_owned()).collect();
            for solution in solutions {
                if out.rows.len() == limit {
                    out.more = true;
                    break;
                }
                let solution = solution.map_err(|error| refused(error.into()))?;
                out.rows.push(out.columns.iter().map(|column| solution.get(column.as_str()).cloned()).collect());
            }
        }
        QueryResults::Boolean(value) => {
            out.columns = vec!["ASK".to_owned()];
            out.rows = vec![vec![Some(oxrdf::Literal::from(value).into())]];
        }
        QueryResults::Graph(triples) => {
            out.columns = ["subject", "predicate", "object"].map(str::to_owned).to_vec();
            for triple in triples {
                if out.rows.len() == limit {
                    out.more = true;
                    break;
                }
                let triple = triple.map_err(|error| refused(error.into()))?;
                out.rows.push(vec![Some(triple.subject.into()), Some(triple.predicate.into()), Some(triple.object)]);
            }
        }
    }
    Ok(out)
}
