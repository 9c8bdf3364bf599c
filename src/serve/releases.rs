//! New releases over HTTP (`POST /releases`), through the same path as `pressgraph ingest`.

use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::app::App;
use super::pages::Asked;
use super::{ServeError, access};
use crate::input::{self, Input};
use crate::read::{Entry, Refusal, Release};
use crate::store::{IngestOptions, Ingester, Report, Run, Store};

/// Takes in the releases of the body: text, HTML, PDF, a feed, JSON Lines… told by the content. The
/// parameter `name` is their path, and identifies them: the same name again replaces what it held
/// before; `collection` names the set that they belong to.
///
/// # Errors
/// When the token is wrong, the body unreadable, or the store fails.
pub async fn post_releases(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ServeError> {
    access::check(&app, &headers)?;
    let asked = Asked::read(&uri, &headers)?;
    let name = asked.get("name").trim().to_owned();
    if name.is_empty() {
        return Err(ServeError::BadRequest("the parameter `name` is missing: POST /releases?name=PATH".into()));
    }
    let collection = match asked.get("collection").trim() {
        "" => "http".to_owned(),
        collection => collection.to_owned(),
    };
    let any_language = asked.get("any-language") == "1";
    let report = app
        .write(move |app, store| {
            let report = ingest(app, store, entries(&name, Some(&collection), &body)?, any_language, "POST /releases")?;
            let changed = report.changed.clone();
            Ok((report, changed))
        })
        .await?;
    let status = if report.refused.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Json(report)).into_response())
}

/// Runs the ingestion of `pressgraph ingest` over `entries`, in batches that readers see whole, and
/// records the run under the name `command`.
pub(super) fn ingest(
    app: &App,
    store: &Store,
    entries: impl IntoIterator<Item = Result<Entry, Refusal>, IntoIter: Send>,
    any_language: bool,
    command: &str,
) -> Result<Report, ServeError> {
    let mut options = IngestOptions { any_language, ..IngestOptions::new(store) };
    if let Some(generator) = &app.options().generator {
        options.graph.generator.clone_from(generator);
    }
    let (extractor, generator) = (app.extractor(), options.graph.generator.clone());
    let (started, clock) = (jiff::Timestamp::now(), Instant::now());
    let report = Ingester::new(store, &extractor, options).ingest(entries.into_iter(), |_| ());
    let report = report.map_err(ServeError::internal)?;
    let run = Run::new(command, started, clock.elapsed().as_secs_f64(), &generator, &report);
    // A store in memory has no folder for its log.
    if store.path().is_dir() {
        store.record_run(&run).map_err(ServeError::internal)?;
    }
    app.metrics().ingested.inc_by((report.added + report.replaced) as u64);
    Ok(report)
}

/// The entries of a body, read as a file of that name would be: archives and compressed files too.
fn entries(name: &str, collection: Option<&str>, bytes: &[u8]) -> Result<Vec<Result<Entry, Refusal>>, ServeError> {
    let spool = Spool::new(name, bytes)?;
    let options =
        input::Options { collection: collection.map(str::to_owned), root: Some(spool.0.clone()), ..Default::default() };
    let mut entries: Vec<_> = input::entries(vec![Input::Path(spool.0.clone())], &options).collect();
    // Messages name what was sent, not where it was spooled.
    let hidden = format!("{}/", spool.0.display());
    for entry in &mut entries {
        let origin = match entry {
            Ok(entry) => &mut entry.origin,
            Err(refusal) => &mut refusal.origin,
        };
        origin.place.file = origin.place.file.replace(&hidden, "");
    }
    Ok(entries)
}

/// A folder of its own with one file, removed when dropped.
struct Spool(PathBuf);

impl Spool {
    fn new(name: &str, bytes: &[u8]) -> Result<Self, ServeError> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("pressgraph-{}-{number}", std::process::id()));
        let spool = Self(folder);
        // Only plain names: nothing that leads out of the folder, or that readers of folders skip.
        let plain =
            |part: &Component<'_>| matches!(part, Component::Normal(name) if !name.to_string_lossy().starts_with('.'));
        let path: PathBuf = Path::new(name).components().filter(plain).collect();
        let file = spool.0.join(if path.as_os_str().is_empty() { Path::new("release.txt") } else { &path });
        let parent = file.parent().unwrap_or(&spool.0);
        std::fs::create_dir_all(parent).and_then(|()| std::fs::write(&file, bytes)).map_err(ServeError::internal)?;
        Ok(spool)
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // What cannot be removed is left to the system's own cleaning.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The first release in a file, to look at without a store.
///
/// # Errors
/// When there is none, or the file cannot be read.
pub(super) fn read_one(name: &str, bytes: &[u8]) -> Result<Release, ServeError> {
    let mut releases = entries(name, None, bytes)?.into_iter().flat_map(|entry| match entry {
        Ok(entry) => entry.releases(),
        Err(refusal) => vec![Err(refusal)],
    });
    let first = releases.next().ok_or_else(|| ServeError::BadRequest("no text was given".into()))?;
    first.map_err(|refusal| ServeError::BadRequest(refusal.reason.to_string()))
}
