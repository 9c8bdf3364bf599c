//! What goes wrong on the way from a request to its answer, and the answer that says so.

use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// Why a request gets no other answer. The answer is a line of text that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The request is not well formed.
    #[error("{0}")]
    BadRequest(String),
    /// Writing was asked of a server that only reads, or without the token.
    #[error("the token is missing or wrong: send the header `Authorization: Bearer TOKEN`")]
    Unauthorized,
    /// The server was started without `--writable`.
    #[error("this server only reads: start it with `--writable`")]
    ReadOnly,
    /// Nothing has that IRI or path.
    #[error("nothing is known about {0}")]
    NotFound(String),
    /// The method is not allowed there.
    #[error("the method is not allowed here: use {0}")]
    Method(&'static str),
    /// None of the formats at hand is accepted.
    #[error("none of the accepted formats is available: {0}")]
    NotAcceptable(String),
    /// The body's media type is unknown.
    #[error("the content type `{0}` is not understood: {1}")]
    MediaType(String, &'static str),
    /// The body is too long.
    #[error("the request is too large: the limit is {0} bytes")]
    TooLarge(usize),
    /// The query's time is over.
    #[error(
        "the query took longer than {0} s and was stopped: ask for less, or start the server with a longer `--timeout`"
    )]
    Timeout(u64),
    /// The query has more results than allowed.
    #[error("the query has more than {0} results: add LIMIT, or start the server with a larger `--max-results`")]
    TooManyResults(usize),
    /// The process has too little memory left.
    #[error(
        "the query needs more memory than the server has: ask for less, or start the server with a larger `--max-memory`"
    )]
    Memory,
    /// Too many queries at once.
    #[error("too many queries at once: try again in a few seconds")]
    Busy,
    /// The request itself cannot be carried out (a function or service that is not there).
    #[error("{0}")]
    Refused(String),
    /// The store or the index failed.
    #[error("internal error: {0}")]
    Internal(String),
}

impl ServeError {
    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::ReadOnly => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable(_) => StatusCode::NOT_ACCEPTABLE,
            Self::MediaType(..) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Timeout(_) => StatusCode::GATEWAY_TIMEOUT,
            Self::Busy | Self::Memory => StatusCode::SERVICE_UNAVAILABLE,
            // "QueryRequestRefused" of the SPARQL 1.1 Protocol.
            Self::TooManyResults(_) | Self::Refused(_) | Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What a page says of it.
    pub fn in_words(&self, language: super::texts::Language) -> String {
        match (self, language) {
            (Self::Timeout(seconds), super::texts::Language::French) => {
                format!("La réponse demande plus de {seconds}\u{a0}s\u{202f}: précisez la question.")
            }
            (Self::Memory, super::texts::Language::French) => {
                "La réponse demande plus de mémoire que le serveur n’en a\u{a0}: précisez la question.".to_owned()
            }
            (Self::Timeout(seconds), _) => format!("The answer takes more than {seconds} s: ask for less."),
            (Self::Memory, _) => "The answer needs more memory than the server has: ask for less.".to_owned(),
            _ => self.to_string(),
        }
    }

    /// An internal error with the message of `error`.
    pub fn internal(error: impl std::fmt::Display) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<crate::store::QueryError> for ServeError {
    fn from(error: crate::store::QueryError) -> Self {
        Self::BadRequest(error.to_string())
    }
}

impl IntoResponse for ServeError {
    fn into_response(self) -> Response {
        if let Self::Internal(message) = &self {
            tracing::error!(message, "request failed");
        }
        let mut response = (self.status(), format!("{self}\n")).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        match self {
            Self::Busy | Self::Memory => _ = headers.insert(RETRY_AFTER, HeaderValue::from_static("2")),
            Self::Unauthorized => _ = headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            Self::Method(methods) => _ = headers.insert(ALLOW, HeaderValue::from_static(methods)),
            _ => {}
        }
        response
    }
}
