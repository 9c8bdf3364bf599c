//! Ingestion that is killed at random points.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use pressgraph::store::Store;

/// Kills at random points.
const KILLS: usize = 50;
/// Releases of the run, which has twelve commits.
const RELEASES: usize = 120;
/// Releases of a transaction.
const BATCH: &str = "10";

fn ingest(folder: &Path, store: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pressgraph"));
    command.current_dir(folder).args(["ingest", "--store", store, "--batch", BATCH, "many.jsonl"]);
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
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let many: String = pressgraph::evaluate::generate::releases(11)
        .take(RELEASES)
        .map(|release| serde_json::json!({ "id": release.id, "text": release.text }).to_string() + "\n")
        .collect();
    std::fs::write(folder.join("many.jsonl"), many).expect("a file");
    let started = Instant::now();
    assert!(ingest(folder, "whole.db").status().expect("it runs").success());
    let whole_run = started.elapsed();
    let whole = graphs(&folder.join("whole.db"));
    assert!(whole.len() >= RELEASES);

    let mut seed = 42_u64;
    let (mut kills, mut partial, mut early, mut number) = (0, 0, 0, 0);
    let mut store = "0.db".to_owned();
    while kills < KILLS {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let delay = whole_run.mul_f64((seed >> 33) as f64 / f64::from(1_u32 << 31));
        let mut child = ingest(folder, &store).spawn().expect("it runs");
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
    assert!(partial >= 5, "only {partial} of {kills} kills left a part ({early} came before there was a store)");
    assert!(ingest(folder, &store).status().expect("it runs").success());
    assert_eq!(graphs(&folder.join(&store)), whole, "completed, it is as if it had never been killed");
    eprintln!("{kills} kills, {partial} left a part, {early} came before there was a store");
}
