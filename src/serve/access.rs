//! Who may write.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::ServeError;
use super::app::App;

/// Checks that the server takes writing, and that the request has its token.
///
/// # Errors
/// When it does not.
pub fn check(app: &App, headers: &HeaderMap) -> Result<(), ServeError> {
    let options = app.options();
    let Some(token) = options.token.as_deref().filter(|_| options.writable) else {
        return Err(ServeError::ReadOnly);
    };
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or("");
    let given =
        given.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, t)| t.trim());
    // Digests have one length, so that the comparison tells neither length nor content by its time.
    let digest = |text: &str| Sha256::digest(text.as_bytes());
    match given {
        Some(given) if bool::from(digest(given).ct_eq(&digest(token))) => Ok(()),
        _ => Err(ServeError::Unauthorized),
    }
}
