//! Ingestion while serving, and a reader that follows another process.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use pressgraph::pipeline::Extractor;
use pressgraph::serve::follow::Follower;
use pressgraph::serve::{App, Index, Options, Progress};
use pressgraph::store::{Changes, Store};

use super::{TOKEN, app, fixture, get, send, writable};

const TEXT: &str = "Bricolia ouvre une usine à Nantes\n\nNantes, le 12 mars 2024 – Le groupe Bricolia a annoncé \
    l'ouverture d'une usine à Nantes, où cent personnes travailleront. « Nous sommes très fiers de cette usine », \
    a déclaré Paul Brun, directeur général de Bricolia.\n";

async fn post(app: &App, uri: &str, token: &str, body: &str) -> super::Answer {
    let request =
        Request::post(uri).header("Authorization", format!("Bearer {token}")).body(Body::from(body.to_owned()));
    send(app, request.expect("a request")).await
}

#[tokio::test]
async fn a_posted_release_is_found_at_once_and_replaced_by_its_name() {
    let app = app(writable());
    assert_eq!(post(&app, "/releases?name=bricolia.txt", "wrong", TEXT).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(post(&app, "/releases", TOKEN, TEXT).await.status, StatusCode::BAD_REQUEST);
    let added = post(&app, "/releases?name=bricolia.txt", TOKEN, TEXT).await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.body);
    assert!(added.body.contains("\"added\":1"), "{}", added.body);
    assert!(get(&app, "/api/search?q=bricolia+nantes&kind=release", "*/*").await.body.contains("\"total\":1"));
    // Answers are kept, but not beyond a change.
    let list = async || get(&app, "/queries/releases?run=1", "text/html").await.body;
    assert!(list().await.contains("Bricolia ouvre une usine à Nantes") && list().await.contains("à Nantes"));
    let again = post(&app, "/releases?name=bricolia.txt", TOKEN, TEXT).await;
    assert!(again.body.contains("\"unchanged\":1"), "{}", again.body);
    let changed = post(&app, "/releases?name=bricolia.txt", TOKEN, &TEXT.replace("Nantes", "Angers")).await;
    assert!(changed.body.contains("\"replaced\":1"), "{}", changed.body);
    assert!(list().await.contains("Bricolia ouvre une usine à Angers"));
    assert!(get(&app, "/api/search?q=bricolia+nantes&kind=release", "*/*").await.body.contains("\"total\":0"));
    assert!(get(&app, "/api/search?q=bricolia+angers&kind=release", "*/*").await.body.contains("\"total\":1"));
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_its_reason() {
    let app = app(writable());
    let english = "The company announced today that it has signed a new agreement with its partners for the next \
        five years, and that the results of the quarter were better than what the analysts had expected.";
    let refused = post(&app, "/releases?name=english.txt", TOKEN, english).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    assert!(
        refused.body.contains("\"language\"") && refused.body.contains("\"path\":\"english.txt\""),
        "{}",
        refused.body
    );
    // A name that leads out of the spool folder does not.
    let sly = post(&app, "/releases?name=../../../etc/x.txt", TOKEN, TEXT).await;
    assert_eq!(sly.status, StatusCode::OK, "{}", sly.body);
}

#[tokio::test]
async fn json_lines_are_many_releases() {
    let app = app(writable());
    let line = |name: &str| serde_json::json!({ "id": name, "text": TEXT.replace("Bricolia", name) }).to_string();
    let body = format!("{}\n{}\n", line("Alphaval"), line("Betamax"));
    let added = post(&app, "/releases?name=batch.jsonl", TOKEN, &body).await;
    assert!(added.body.contains("\"added\":2"), "{}", added.body);
}

#[test]
fn a_reader_follows_what_another_opening_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    drop(Store::create(&path, "https://pressgraph.example/").expect("a store"));
    let (mut follower, before) = Follower::open(&path).expect("a follower");
    let count = |store: &Store| store.snapshot().expect("a snapshot").quads(None, None, None, None).count();
    assert_eq!(count(&before), 0);
    assert!(follower.refresh().expect("nothing new").is_none());
    // The reader holds no lock, so a writer can come.
    let writer = Store::open(&path).expect("a writer beside the reader");
    writer.apply(fixture()).expect("written");
    assert!(follower.refresh().expect("a writer is at it").is_none());
    drop(writer);
    let after = follower.refresh().expect("read anew").expect("the store has changed");
    assert!(count(&after) > 100);
    assert_eq!(count(&before), 0, "who reads the former state keeps it");
    drop(follower);
    let left = std::fs::read_dir(&path)
        .expect("the store")
        .flatten()
        .filter(|e| e.file_name().to_string_lossy().starts_with("readers-"));
    assert_eq!(left.count(), 0);
}

#[test]
fn an_index_that_missed_something_is_brought_in_step_at_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let extractor = Arc::new(Extractor::new().expect("the built-in data"));
    let store = Arc::new(Store::in_memory("https://pressgraph.example/").expect("a store"));
    let start = |store: &Arc<Store>| {
        let index = Index::open(Some(&folder.path().join("search"))).expect("an index");
        let app = App::new(Arc::clone(store), index, Arc::clone(&extractor), Options::default());
        assert!(matches!(app.index().progress(), Progress::Behind { .. }));
        app.repair_index().expect("in step");
        assert_eq!(app.index().progress(), Progress::Ready);
        app
    };
    let releases = |app: &App| app.index().releases().expect("a number");
    let app = start(&store);
    assert_eq!(releases(&app), 0);
    drop(app);
    store.apply(fixture()).expect("written while nobody served");
    let app = start(&store);
    assert_eq!(releases(&app), 3);
    drop(app);
    // One that has seen all changes has nothing to do, and follows what comes.
    let app = start(&store);
    let number = |app: &App, kind: &str| {
        let filters = format!("/api/search?kind={kind}");
        let answer = tokio::runtime::Runtime::new().expect("a runtime").block_on(get(app, &filters, "*/*"));
        serde_json::from_str::<serde_json::Value>(&answer.body).expect("JSON")["total"].as_u64().expect("a number")
    };
    let before = ["release", "person", "organization", "place"].map(|kind| number(&app, kind));
    assert!(before.iter().all(|number| *number > 0), "{before:?}");
    drop(app);
    store.apply(Changes::default()).expect("a change of nothing");
    let app = start(&store);
    assert_eq!(["release", "person", "organization", "place"].map(|kind| number(&app, kind)), before);
    drop(app);
    // A damaged index is made anew.
    std::fs::write(folder.path().join("search/meta.json"), "{").expect("damaged");
    assert_eq!(releases(&start(&store)), 3);
}
