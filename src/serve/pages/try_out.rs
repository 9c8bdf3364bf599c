use askama::Template;
use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

use super::{Asked, Page};
use crate::serve::ServeError;
use crate::serve::app::{App, blocking};
use crate::serve::releases::read_one;
use crate::serve::texts::Language;
use crate::serve::view::{ReleaseView, preview};

#[derive(Template)]
#[template(path = "preview.html")]
struct PreviewPage {
    page: Page,
    text: String,
    problem: Option<String>,
    shown: Option<ReleaseView>,
    writable: bool,
}

/// The form to try a release.
///
/// # Errors
/// When the template fails.
pub async fn preview_form(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ServeError> {
    let asked = Asked::read(&uri, &headers)?;
    let page = asked.page(&app, "preview", asked.language.say("Essayer un communiqué", "Try a release"));
    asked.answer(&PreviewPage { page, text: String::new(), problem: None, shown: None, writable: false })
}

/// What would be extracted from the text or file of the form. Nothing is stored.
///
/// # Errors
/// When the form is malformed.
pub async fn preview_post(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    mut form: Multipart,
) -> Result<Response, ServeError> {
    let mut asked = Asked::read(&uri, &headers)?;
    let (mut bytes, mut name) = (Vec::new(), "texte.txt".to_owned());
    while let Some(field) = form.next_field().await.map_err(malformed)? {
        let (field_name, file_name) = (field.name().unwrap_or("").to_owned(), field.file_name().map(str::to_owned));
        let value = field.bytes().await.map_err(malformed)?;
        match field_name.as_str() {
            "lang" => asked.language = str::from_utf8(&value).ok().and_then(Language::parse).unwrap_or(asked.language),
            "text" if bytes.is_empty() => bytes = value.to_vec(),
            "file" if !value.is_empty() => {
                bytes = value.to_vec();
                name = file_name.unwrap_or(name);
            }
            _ => {}
        }
    }
    let extractor = app.extractor();
    let result = blocking(move || {
        let release = read_one(&name, &bytes)?;
        let extraction = extractor.extract_release(&release);
        Ok((extraction.document.source().to_owned(), preview(&extraction)))
    })
    .await;
    let page = asked.page(&app, "preview", asked.language.say("Essayer un communiqué", "Try a release"));
    let writable = app.options().writable;
    let page = match result {
        Ok((text, shown)) => PreviewPage { page, text, problem: None, shown: Some(shown), writable },
        Err(error) => {
            PreviewPage { page, text: String::new(), problem: Some(error.to_string()), shown: None, writable: false }
        }
    };
    asked.answer(&page)
}

fn malformed(error: MultipartError) -> ServeError {
    ServeError::BadRequest(error.to_string())
}
