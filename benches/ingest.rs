//! Ingestion end to end against Oxigraph's bulk loader alone, re-ingestion, one release into a full
//! graph, and the cost per release as the graph grows.
//!
//! `cargo bench --bench ingest` takes 2,000 releases; `PRESSGRAPH_RELEASES=20000` others. Prints a table.

use std::path::Path;
use std::time::{Duration, Instant};

use oxigraph::io::{RdfFormat, RdfParser};
use pressgraph::evaluate::generate::{Synthetic, releases};
use pressgraph::graph::{DEFAULT_BASE, Serializer};
use pressgraph::pipeline::Extractor;
use pressgraph::read::{Content, Entry, Origin, Place, Refusal, Source};
use pressgraph::store::{IngestOptions, Ingester, Progress, Store};

fn entry(release: Synthetic) -> Result<Entry, Refusal> {
    let source = Source { collection: "s".to_owned(), path: "s.jsonl".to_owned(), url: None };
    let origin = Origin { source, place: Place::default() };
    let json =
        serde_json::json!({ "id": release.id, "title": release.title, "text": release.text, "date": release.date });
    Ok(Entry { origin, content: Content::Line(json.to_string().into_bytes()) })
}

/// Ingests releases `from..to` of the generator; how long, and how many quads.
fn ingest(store: &Store, extractor: &Extractor, from: usize, to: usize) -> (Duration, usize) {
    let started = Instant::now();
    let mut quads = 0;
    let entries = releases(1).skip(from).take(to - from).map(entry);
    let tell = |progress: Progress| quads = progress.quads;
    let report = Ingester::new(store, extractor, IngestOptions::new(store)).ingest(entries, tell);
    let report = report.expect("the store takes the releases");
    store.tidy().expect("the disk has room");
    assert!(report.refused.is_empty(), "{:?}", report.refused.first());
    (started.elapsed(), quads)
}

/// Loads the same quads with Oxigraph's bulk loader.
fn bulk_load(store: &Store, folder: &Path) -> Duration {
    let file = folder.join("quads.nq");
    let out = std::io::BufWriter::new(std::fs::File::create(&file).expect("a file"));
    let mut serializer = Serializer::new(pressgraph::graph::RdfFormat::NQuads, out).expect("a file");
    let snapshot = store.snapshot().expect("a snapshot");
    for graph in snapshot.graphs().expect("the graphs") {
        serializer.write(&snapshot.graph(graph.as_ref()).expect("the quads")).expect("the disk has room");
    }
    drop(serializer.finish().expect("the disk has room"));
    let started = Instant::now();
    let bare = oxigraph::store::Store::open(folder.join("bare.db")).expect("a store");
    let mut loader = bare.bulk_loader();
    loader.parallel_load_from_file(RdfParser::from_format(RdfFormat::NQuads), &file).expect("N-Quads");
    loader.commit().expect("the disk has room");
    bare.flush().expect("the disk has room");
    started.elapsed()
}

fn main() {
    let count: usize = std::env::var("PRESSGRAPH_RELEASES").ok().and_then(|n| n.parse().ok()).unwrap_or(2000);
    let folder = tempfile::tempdir().expect("a folder");
    let extractor = Extractor::new().expect("the built-in data compiles");
    let store = Store::create(&folder.path().join("s.db"), DEFAULT_BASE).expect("a new store");
    println!("| releases before | added | ms per release | quads per s |\n| ---: | ---: | ---: | ---: |");
    let (mut total, mut all_quads, mut from) = (Duration::ZERO, 0, 0);
    for part in 1..=4 {
        let to = count * part / 4;
        let (time, quads) = ingest(&store, &extractor, from, to);
        let each = time.as_secs_f64() * 1000.0 / (to - from) as f64;
        println!("| {from} | {} | {each:.2} | {:.0} |", to - from, quads as f64 / time.as_secs_f64());
        (total, all_quads, from) = (total + time, all_quads + quads, to);
    }
    let (again, _) = ingest(&store, &extractor, 0, count);
    let mut single: Vec<Duration> = (0..9).map(|i| ingest(&store, &extractor, count + i, count + i + 1).0).collect();
    single.sort();
    let bulk = bulk_load(&store, folder.path());
    println!("{count} releases, {all_quads} quads: {:.1} s end to end", total.as_secs_f64());
    println!(
        "bulk loader alone on the same quads: {:.1} s; ratio {:.2}",
        bulk.as_secs_f64(),
        bulk.as_secs_f64() / total.as_secs_f64()
    );
    println!(
        "again, unchanged: {:.2} s, {:.0} times faster",
        again.as_secs_f64(),
        total.as_secs_f64() / again.as_secs_f64()
    );
    println!("one release into {count}: median {:.1} ms", single[4].as_secs_f64() * 1000.0);
}
