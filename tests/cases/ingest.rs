//! Ingestion that is killed at random points.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use pressgraph::evaluate::generate::{Synthetic, releases};
use pressgraph::graph::DEFAULT_BASE;
use pressgraph::pipeline::Extractor;
use pressgraph::read::{Content, Entry, Origin, Place, Source};
use pressgraph::store::{IngestOptions, Ingester, Report, Store};

/// A run that is to be killed.
struct Plan {
    /// Kills at random points.
    kills: usize,
    releases: usize,
    /// Releases of a commit.
    batch: usize,
    /// So many kills at least must leave a part.
    partial: usize,
}

fn ingest(folder: &Path, store: &str, batch: usize) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pressgraph"));
    command.current_dir(folder).args(["ingest", "--store", store, "--batch", &batch.to_string(), "many.jsonl"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// The graphs of a store as N-Quads, by name.
fn graphs(path: &Path) -> BTreeMap<String, String> {
    let store = Store::open_read_only(path).expect("the store opens after a kill");
    let snapshot = store.snapshot().expect("a snapshot");
    let names = snapshot.graphs().expect("the graphs");
    let lines = |quads: Vec<oxrdf::Quad>| quads.iter().map(|quad| format!("{quad} .\n")).collect();
    names
        .into_iter()
        .map(|name| {
            let quads = snapshot.graph(name.as_ref()).expect("the quads");
            (name.into_string(), lines(quads))
        })
        .collect()
}

#[test]
fn a_killed_run_leaves_whole_releases_and_the_next_one_completes_it() {
    // Twelve commits, each a transaction.
    killed(&Plan { kills: 50, releases: 120, batch: 10, partial: 5 });
}

#[test]
fn a_run_killed_in_a_bulk_load_leaves_whole_releases_too() {
    // Three commits of more than 20,000 quads, which the bulk loader takes; two of them have something to delete after it.
    killed(&Plan { kills: 15, releases: 480, batch: 160, partial: 1 });
}

fn killed(plan: &Plan) {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let many: String = pressgraph::evaluate::generate::releases(11)
        .take(plan.releases)
        .map(|release| serde_json::json!({ "id": release.id, "text": release.text }).to_string() + "\n")
        .collect();
    std::fs::write(folder.join("many.jsonl"), many).expect("a file");
    let started = Instant::now();
    assert!(ingest(folder, "whole.db", plan.batch).status().expect("it runs").success());
    let whole_run = started.elapsed();
    let whole = graphs(&folder.join("whole.db"));
    assert!(whole.len() >= plan.releases);

    let mut seed = 42_u64;
    let (mut kills, mut partial, mut early, mut number) = (0, 0, 0, 0);
    let mut store = "0.db".to_owned();
    while kills < plan.kills {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let delay = whole_run.mul_f64((seed >> 33) as f64 / f64::from(1_u32 << 31));
        let mut child = ingest(folder, &store, plan.batch).spawn().expect("it runs");
        std::thread::sleep(delay.max(Duration::from_millis(1)));
        // SIGKILL: nothing of the process runs after it.
        let ended = child.try_wait().expect("its state is known").is_some();
        child.kill().ok();
        child.wait().expect("it has ended");
        if !ended {
            kills += 1;
        }
        let path = folder.join(&store);
        if !path.join("store.json").exists() {
            early += usize::from(!ended);
            continue;
        }
        let found = graphs(&path);
        // What is derived from all releases is another with fewer of them.
        for (name, quads) in found.iter().filter(|(name, _)| name.contains("/release/")) {
            assert_eq!(whole.get(name), Some(quads), "{name} is whole after kill {kills}");
        }
        partial += usize::from(!found.is_empty() && found.len() < whole.len());
        if ended || found.len() == whole.len() {
            number += 1;
            store = format!("{number}.db");
        }
    }
    assert!(
        partial >= plan.partial,
        "only {partial} of {kills} kills left a part ({early} came before there was a store)"
    );
    assert!(ingest(folder, &store, plan.batch).status().expect("it runs").success());
    assert_eq!(graphs(&folder.join(&store)), whole, "completed, it is as if it had never been killed");
    eprintln!("{kills} kills, {partial} left a part, {early} came before there was a store");
}

/// Ingests releases in this order; `part` are gathered at a time. A store that is there is gone on with.
fn load(path: &Path, extractor: &Extractor, all: &[Synthetic], batch: usize, part: usize) -> Report {
    let store = Store::create(path, DEFAULT_BASE).expect("a store");
    let options = IngestOptions { batch, part, ..IngestOptions::new(&store) };
    let entries = all.iter().map(|release| {
        let source = Source { collection: "s".to_owned(), path: "s.jsonl".to_owned(), url: None };
        let line = serde_json::json!({ "id": release.id, "title": release.title, "text": release.text });
        let content = Content::Line(line.to_string().into_bytes());
        Ok(Entry { origin: Origin { source, place: Place::default() }, content })
    });
    let report = Ingester::new(&store, extractor, options).ingest(entries, |_| ()).expect("it loads");
    assert_eq!(report.refused.len(), 0);
    report
}

#[test]
fn a_commit_in_parts_gives_what_small_transactions_give() {
    let extractor = Extractor::new().expect("the built-in data compiles");
    let folder = tempfile::tempdir().expect("a folder");
    let mut all: Vec<Synthetic> = releases(5).take(420).collect();
    let copy = |all: &[Synthetic], of: usize, id: &str| Synthetic { id: id.to_owned(), ..all[of].clone() };
    // Copies of releases of the first part come in the third: one is to be the witness, the others are not.
    all.insert(300, copy(&all, 10, "a/copy.txt"));
    all.insert(301, copy(&all, 20, "z/copy.txt"));
    all.insert(302, copy(&all, 20, "z/another.txt"));
    // And at the end, of such a copy: it has the witness of that.
    all.push(copy(&all, 301, "z/third.txt"));
    let run = |name: &str, batch: usize, part: usize| {
        let path = folder.path().join(name);
        let report = load(&path, &extractor, &all, batch, part);
        assert_eq!(report.added, 424, "{name}");
        graphs(&path)
    };
    // Parts of 140 releases have more quads than a transaction takes.
    let (small, parts) = (run("small.db", 10, 10), run("parts.db", 1000, 140));
    assert!(small == parts);
    let copies = |graphs: &BTreeMap<String, String>| graphs.values().filter(|quads| quads.contains("copyOf")).count();
    assert_eq!(copies(&parts), 4, "the earlier release and three that came later");
}

#[test]
fn the_index_of_identities_is_made_anew_where_it_is_missing_or_stale() {
    let extractor = Extractor::new().expect("the built-in data compiles");
    let folder = tempfile::tempdir().expect("a folder");
    let all: Vec<Synthetic> = releases(6).take(90).collect();
    let whole = folder.path().join("whole.db");
    load(&whole, &extractor, &all, 1000, 1000);
    let path = folder.path().join("broken.db");
    let index = path.join("identities.redb");
    load(&path, &extractor, &all[..30], 1000, 1000);
    let stale = std::fs::read(&index).expect("the index");
    load(&path, &extractor, &all[30..60], 1000, 1000);
    std::fs::remove_file(&index).expect("it is there");
    load(&path, &extractor, &all[60..70], 1000, 1000);
    std::fs::write(&index, &stale).expect("it is written");
    load(&path, &extractor, &all[70..80], 1000, 1000);
    std::fs::write(&index, "no index").expect("it is written");
    load(&path, &extractor, &all[80..], 1000, 1000);
    assert!(graphs(&path) == graphs(&whole));
}

#[test]
fn an_index_of_identities_of_an_older_format_is_made_anew() {
    use redb::{ReadableDatabase, ReadableTable, TableDefinition};
    const STATE: TableDefinition<'static, &'static str, u64> = TableDefinition::new("state");
    const BEARERS: TableDefinition<'static, (u64, u128), ()> = TableDefinition::new("bearers");
    let extractor = Extractor::new().expect("the built-in data compiles");
    let folder = tempfile::tempdir().expect("a folder");
    let all: Vec<Synthetic> = releases(6).take(60).collect();
    let whole = folder.path().join("whole.db");
    load(&whole, &extractor, &all, 1000, 1000);
    let path = folder.path().join("older.db");
    let index = path.join("identities.redb");
    load(&path, &extractor, &all[..30], 1000, 1000);
    let database = redb::Database::open(&index).expect("the index");
    let writing = database.begin_write().expect("a change");
    let mut state = writing.open_table(STATE).expect("the state");
    let format = state.get("format").expect("it is read").expect("it is there").value();
    state.insert("format", format - 1).expect("it is written");
    drop(state);
    // An older format has other keys: with none, nothing that comes would be joined to what is there.
    assert!(writing.delete_table(BEARERS).expect("it is deleted"));
    writing.commit().expect("it is kept");
    drop(database);
    load(&path, &extractor, &all[30..], 1000, 1000);
    assert!(graphs(&path) == graphs(&whole));
    let database = redb::Database::open(&index).expect("the index");
    let reading = database.begin_read().expect("a view");
    let state = reading.open_table(STATE).expect("the state");
    assert_eq!(state.get("format").expect("it is read").map(|number| number.value()), Some(format));
}
