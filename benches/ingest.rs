//! Ingestion end to end, in one run, against Oxigraph's bulk loader alone; re-ingestion; one release into a full graph; the
//! cost per release as the graph grows.
//!
//! `cargo bench --bench ingest` takes 2,000 releases; `PRESSGRAPH_RELEASES=20000` others. `PRESSGRAPH_PARTS=rate` measures
//! against the bulk loader only, `PRESSGRAPH_PARTS=growth` the rest only; `PRESSGRAPH_NO_BULK=1` leaves the loader out. `PRESSGRAPH_STORE=DIR` makes the store of the second part
//! there and keeps it (what it holds already is not ingested again: the table goes on from there). Processor time is that of all threads, the merging (compaction) of the database
//! included.
//!
//! Both sides of the comparison end at the same point: all is committed, and the database's log is written to its files. What
//! the database then merges in the background is not in these times; the last column tells what that costs, by merging all.

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

/// The most memory that the process had, in megabytes.
fn memory() -> u64 {
    let line = told("/proc/self/status", "VmHWM");
    line.split(' ').nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) / 1024
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

/// Writes the quads of a store as N-Quads, release by release, as a program that extracts would.
fn write_quads(store: &Store, file: &Path) {
    let out = std::io::BufWriter::new(std::fs::File::create(file).expect("a file"));
    let mut serializer = Serializer::new(pressgraph::graph::RdfFormat::NQuads, out).expect("a file");
    let snapshot = store.snapshot().expect("a snapshot");
    for graph in snapshot.graphs().expect("the graphs") {
        for quad in snapshot.quads(None, None, None, Some(graph.as_ref())) {
            serializer.write(&[quad.expect("a quad")]).expect("the disk has room");
        }
    }
    serializer.finish().and_then(|mut out| std::io::Write::flush(&mut out)).expect("the disk has room");
}

/// Loads N-Quads with Oxigraph's bulk loader as its documentation has it: the threads and the memory are its own choice.
fn bulk_load(database: &Path, file: &Path) -> Spent {
    let ((), time) = spent(|| {
        let bare = oxigraph::store::Store::open(database).expect("a store");
        let mut loader = bare.bulk_loader();
        loader.parallel_load_from_file(RdfParser::from_format(RdfFormat::NQuads), file).expect("N-Quads");
        loader.commit().expect("the disk has room");
        bare.flush().expect("the disk has room");
    });
    time
}

/// Has the database merge all its files, of which there are so many.
fn merge(database: &Path) -> (Spent, usize) {
    let files = std::fs::read_dir(database).into_iter().flatten().flatten();
    let count = files.filter(|file| file.path().extension().is_some_and(|end| end == "sst")).count();
    let ((), time) = spent(|| {
        let bare = oxigraph::store::Store::open(database).expect("a store");
        bare.optimize().expect("the disk has room");
    });
    (time, count)
}

/// One run into a new store, and the bulk loader with the same quads.
fn rate(extractor: &Extractor, count: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, file, bare) =
        (folder.path().join("s.db"), folder.path().join("quads.nq"), folder.path().join("bare.db"));
    let ((), ours) = spent(|| {
        let store = Store::create(&path, DEFAULT_BASE).expect("a new store");
        ingest(&store, extractor, 0, count);
        store.flush().expect("the disk has room");
    });
    println!("peak memory of the run: {} MB", memory());
    if std::env::var_os("PRESSGRAPH_NO_BULK").is_some() {
        println!("{:.1} s, processor {:.1} s", ours.wall.as_secs_f64(), ours.processor.as_secs_f64());
        return;
    }
    let (merging, our_files) = merge(&path.join("database"));
    let store = Store::open(&path).expect("the store");
    let quads = store.len().expect("the store");
    write_quads(&store, &file);
    drop(store);
    let theirs = bulk_load(&bare, &file);
    println!("| {count} releases, {quads} quads | wall s | processor s | files | merged: wall s | processor s |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    let (bare_merging, bare_files) = merge(&bare);
    let (mut merged, mut bare_merged) = (ours, theirs);
    merged += merging;
    bare_merged += bare_merging;
    for (name, time, files, all) in
        [("ingestion", ours, our_files, merged), ("bulk loader alone", theirs, bare_files, bare_merged)]
    {
        let [wall, processor, all_wall, all_processor] =
            [time.wall, time.processor, all.wall, all.processor].map(|time| time.as_secs_f64());
        println!("| {name} | {wall:.1} | {processor:.1} | {files} | {all_wall:.1} | {all_processor:.1} |");
    }
    let ratio = |a: Duration, b: Duration| a.as_secs_f64() / b.as_secs_f64().max(0.01);
    println!(
        "rate of the ingestion in terms of the bulk loader's: {:.2} ({:.2} by processor time); all merged {:.2} ({:.2})",
        ratio(theirs.wall, ours.wall),
        ratio(theirs.processor, ours.processor),
        ratio(bare_merged.wall, merged.wall),
        ratio(bare_merged.processor, merged.processor)
    );
}

/// How many releases there are after each part of the run.
const STEPS: [usize; 8] = [1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 75_000, 100_000];

/// How many releases are then ingested one by one.
const SINGLES: usize = 21;

/// The cost as the graph grows; then one release at a time, and all again.
fn growth(extractor: &Extractor, count: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = std::env::var_os("PRESSGRAPH_STORE").map(std::path::PathBuf::from);
    let store = Store::create(&kept.unwrap_or_else(|| folder.path().join("s.db")), DEFAULT_BASE).expect("a new store");
    let held = store.snapshot().and_then(|snapshot| snapshot.graphs()).expect("the graphs");
    let held = held.iter().filter(|graph| graph.as_str().contains("/release/s/")).count();
    let count = count.max(held);
    println!("| releases before | added | wall ms each | processor ms each | quads per s | memory MB, peak |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: |");
    let (mut total, mut from) = (Spent::default(), held);
    for to in STEPS.into_iter().filter(|step| (held + 1..count).contains(step)).chain([count]) {
        let (time, quads) = ingest(&store, extractor, from, to);
        let each = |time: Duration| time.as_secs_f64() * 1000.0 / (to - from).max(1) as f64;
        println!(
            "| {from} | {} | {:.2} | {:.2} | {:.0} | {} |",
            to - from,
            each(time.wall),
            each(time.processor),
            quads as f64 / time.wall.as_secs_f64(),
            memory(),
        );
        total += time;
        from = to;
    }
    let singles: Vec<Spent> = (0..SINGLES).map(|i| ingest(&store, extractor, count + i, count + i + 1).0).collect();
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
    let (again, _) = ingest(&store, extractor, 0, count);
    let ratio = |a: Duration, b: Duration| a.as_secs_f64() / b.as_secs_f64().max(0.01);
    println!(
        "again, unchanged: {:.2} s; {:.0} times faster than the {} above ({:.0} by processor time)",
        again.wall.as_secs_f64(),
        ratio(total.wall, again.wall),
        count - held,
        ratio(total.processor, again.processor)
    );
}

fn main() {
    let count: usize = std::env::var("PRESSGRAPH_RELEASES").ok().and_then(|n| n.parse().ok()).unwrap_or(2000);
    let parts = std::env::var("PRESSGRAPH_PARTS").unwrap_or_default();
    let extractor = Extractor::new().expect("the built-in data compiles");
    println!("load before: {}", std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
    if parts != "growth" {
        rate(&extractor, count);
    }
    if parts != "rate" {
        growth(&extractor, count);
    }
    println!("load after: {}", std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
}
