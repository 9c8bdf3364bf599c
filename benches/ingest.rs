//! Ingestion end to end against Oxigraph's bulk loader alone, re-ingestion, one release into a full
//! graph, and the cost per release as the graph grows.
//!
//! `cargo bench --bench ingest` takes 2,000 releases; `PRESSGRAPH_RELEASES=20000` others. `PRESSGRAPH_STORE=DIR` makes the
//! store there and keeps it; `PRESSGRAPH_NO_BULK=1` leaves the bulk loader out. Prints a table; processor time is that of all
//! threads, compactions of the database included, and tells more than wall time where others use the machine.

use std::path::Path;
use std::time::{Duration, Instant};

use oxigraph::io::{RdfFormat, RdfParser};
use pressgraph::evaluate::generate::{Synthetic, releases};
use pressgraph::graph::{DEFAULT_BASE, Serializer};
use pressgraph::pipeline::Extractor;
use pressgraph::read::{Content, Entry, Origin, Place, Refusal, Source};
use pressgraph::store::{IngestOptions, Ingester, Progress, Store};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn entry(release: Synthetic) -> Result<Entry, Refusal> {
    let source = Source { collection: "s".to_owned(), path: "s.jsonl".to_owned(), url: None };
    let origin = Origin { source, place: Place::default() };
    let json =
        serde_json::json!({ "id": release.id, "title": release.title, "text": release.text, "date": release.date });
    Ok(Entry { origin, content: Content::Line(json.to_string().into_bytes()) })
}

/// Wall and processor time, of all threads.
#[derive(Clone, Copy, Default)]
struct Spent {
    wall: Duration,
    processor: Duration,
}

impl std::ops::AddAssign for Spent {
    fn add_assign(&mut self, other: Self) {
        self.wall += other.wall;
        self.processor += other.processor;
    }
}

/// What `work` gives, and what it took.
fn spent<T>(work: impl FnOnce() -> T) -> (T, Spent) {
    let (started, before) = (Instant::now(), processor());
    let result = work();
    (result, Spent { wall: started.elapsed(), processor: processor().saturating_sub(before) })
}

/// The processor time of the process (Linux; elsewhere zero): fields 14 and 15 of its state, in hundredths of a second.
fn processor() -> Duration {
    let state = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = state.rsplit(')').next().unwrap_or_default().split_whitespace();
    Duration::from_millis(10 * fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>())
}

/// A line of a file below `/proc`.
fn told(file: &str, key: &str) -> String {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.lines().find(|line| line.starts_with(key)).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Ingests releases `from..to` of the generator; what it took, and how many quads.
fn ingest(store: &Store, extractor: &Extractor, from: usize, to: usize) -> (Spent, usize) {
    let mut quads = 0;
    let (report, time) = spent(|| {
        let entries = releases(1).skip(from).take(to - from).map(entry);
        let tell = |progress: Progress| quads = progress.quads;
        let report = Ingester::new(store, extractor, IngestOptions::new(store)).ingest(entries, tell);
        store.tidy().expect("the disk has room");
        report.expect("the store takes the releases")
    });
    assert!(report.refused.is_empty(), "{:?}", report.refused.first());
    (time, quads)
}

/// Loads the same quads with Oxigraph's bulk loader.
fn bulk_load(store: &Store, folder: &Path) -> Spent {
    let file = folder.join("quads.nq");
    let out = std::io::BufWriter::new(std::fs::File::create(&file).expect("a file"));
    let mut serializer = Serializer::new(pressgraph::graph::RdfFormat::NQuads, out).expect("a file");
    let snapshot = store.snapshot().expect("a snapshot");
    for quad in snapshot.quads(None, None, None, None) {
        serializer.write(&[quad.expect("a quad")]).expect("the disk has room");
    }
    drop(serializer.finish().expect("the disk has room"));
    let ((), time) = spent(|| {
        let bare = oxigraph::store::Store::open(folder.join("bare.db")).expect("a store");
        let mut loader = bare.bulk_loader();
        loader.parallel_load_from_file(RdfParser::from_format(RdfFormat::NQuads), &file).expect("N-Quads");
        loader.commit().expect("the disk has room");
        bare.flush().expect("the disk has room");
    });
    time
}

/// How many releases there are after each part of the run.
const STEPS: [usize; 8] = [1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 75_000, 100_000];

/// How many releases are then ingested one by one.
const SINGLES: usize = 21;

fn main() {
    let count: usize = std::env::var("PRESSGRAPH_RELEASES").ok().and_then(|n| n.parse().ok()).unwrap_or(2000);
    let folder = tempfile::tempdir().expect("a folder");
    let kept = std::env::var_os("PRESSGRAPH_STORE").map(std::path::PathBuf::from);
    let extractor = Extractor::new().expect("the built-in data compiles");
    let store = Store::create(&kept.unwrap_or_else(|| folder.path().join("s.db")), DEFAULT_BASE).expect("a new store");
    println!("load before: {}", std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
    println!("| releases before | added | wall ms each | processor ms each | quads per s | memory |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: |");
    let (mut total, mut all_quads, mut from) = (Spent::default(), 0, 0);
    for to in STEPS.into_iter().filter(|step| *step < count).chain([count]) {
        let (time, quads) = ingest(&store, &extractor, from, to);
        let each = |time: Duration| time.as_secs_f64() * 1000.0 / (to - from) as f64;
        println!(
            "| {from} | {} | {:.2} | {:.2} | {:.0} | {} |",
            to - from,
            each(time.wall),
            each(time.processor),
            quads as f64 / time.wall.as_secs_f64(),
            told("/proc/self/status", "VmHWM")
        );
        total += time;
        (all_quads, from) = (all_quads + quads, to);
    }
    println!("{count} releases, {all_quads} quads: {:.1} s end to end", total.wall.as_secs_f64());
    let singles: Vec<Spent> = (0..SINGLES).map(|i| ingest(&store, &extractor, count + i, count + i + 1).0).collect();
    let mut walls: Vec<Duration> = singles.iter().map(|time| time.wall).collect();
    walls.sort();
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    println!(
        "one release into {count}: {:.1} to {:.1} ms, median {:.1} ms, processor {:.1} ms",
        ms(walls[0]),
        ms(walls[SINGLES - 1]),
        ms(walls[SINGLES / 2]),
        ms(singles.iter().map(|time| time.processor).sum()) / SINGLES as f64
    );
    let (again, _) = ingest(&store, &extractor, 0, count);
    let ratio = |a: Duration, b: Duration| a.as_secs_f64() / b.as_secs_f64().max(0.01);
    println!(
        "again, unchanged: {:.2} s, {:.0} times faster ({:.0} by processor time)",
        again.wall.as_secs_f64(),
        ratio(total.wall, again.wall),
        ratio(total.processor, again.processor)
    );
    if std::env::var_os("PRESSGRAPH_NO_BULK").is_none() {
        let bulk = bulk_load(&store, folder.path());
        println!(
            "bulk loader alone on the same quads: {:.1} s; ratio {:.2} ({:.2} by processor time)",
            bulk.wall.as_secs_f64(),
            ratio(bulk.wall, total.wall),
            ratio(bulk.processor, total.processor)
        );
    }
    println!("load after: {}", std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
}
