//! The SPARQL 1.1 Protocol at `/sparql`.

mod description;
mod execute;
mod request;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};

pub use execute::{Rows, evaluate, rows};
pub use request::{Operation, pairs};

use super::app::App;
use super::negotiate::media_type;
use super::{ServeError, access};
use crate::store::Query;

/// Answers a request to `/sparql`: a query, an update, or, without either, the service description.
///
/// # Errors
/// When the request is malformed, not allowed or fails.
pub async fn sparql(
    State(app): State<App>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ServeError> {
    let request = request::read(&method, &uri, &headers, &body)?;
    match request.operation {
        Operation::Query(text) => {
            let query = Query::parse(&text).map_err(execute::refused)?;
            evaluate(&app, &headers, query.over(request.default_graphs, request.named_graphs)).await
        }
        Operation::Update(update) => {
            access::check(&app, &headers)?;
            if !request.default_graphs.is_empty() || !request.named_graphs.is_empty() {
                let message = "`using-graph-uri` is not supported: write USING in the update";
                return Err(ServeError::BadRequest(message.into()));
            }
            app.update(update).await?;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        Operation::Describe => {
            // A browser that comes without a query wants the editor.
            if media_type(&headers, &["text/turtle", "text/html"]) == Some(1) {
                return Ok(Redirect::to("/editor").into_response());
            }
            description::answer(&app, &headers)
        }
    }
}
