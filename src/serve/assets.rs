//! Scripts, styles and pictures, embedded in the program.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use include_dir::{Dir, include_dir};

use super::ServeError;

static ASSETS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/serve/assets");

/// Answers with a file of the page.
///
/// # Errors
/// When there is none of that name.
pub async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, ServeError> {
    let file = ASSETS.get_file(&path).ok_or_else(|| ServeError::NotFound(format!("/assets/{path}")))?;
    let media_type = match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    };
    // The files change only with the program.
    let tag = concat!("\"", env!("CARGO_PKG_VERSION"), "\"");
    let tag = if cfg!(debug_assertions) { None } else { Some(HeaderValue::from_static(tag)) };
    if tag.is_some() && headers.get(IF_NONE_MATCH) == tag.as_ref() {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let mut response = file.contents().into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Some(tag) = tag {
        response.headers_mut().insert(ETAG, tag);
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
    Ok(response)
}
