//! Ingestion end to end against Oxigraph's bulk loader alone; re-ingestion; one release into a full graph; the cost per
//! release as the graph grows.
//!
//! `cargo bench --bench ingest` takes 2,000 releases; `PRESSGRAPH_RELEASES=20000` others. `PRESSGRAPH_PARTS=rate` measures
//! against the bulk loader only, `PRESSGRAPH_PARTS=growth` the rest only; `PRESSGRAPH_NO_BULK=1` leaves the loader out.
//! `PRESSGRAPH_STORE=DIR` makes the store of the second part there and keeps it (what it holds already is not ingested
//! again: the table goes on from there). Processor time is that of all threads, the merging (compaction) of the database
//! included.
//!
//! Against the loader: `PRESSGRAPH_ROUNDS=3` rounds, each with both sides, the one and the other first by turns, each in a
//! process of its own; the ratio is that of the medians. Before each side all that is to be written is written (`sync`), so
//! that neither waits for the other's pages. Both end at the same point: all is committed, and the database's log is written to its files. What the
//! database then merges in the background is not in these times; the last columns tell what that costs, by merging all.

use std::path::Path;
use std::time::{Duration, Instant};

use oxigraph::io::{RdfFormat, RdfParser};
use pressgraph::evaluate::generate::{Synthetic, releases_from};
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

impl std::ops::Add for Spent {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self += other;
        self
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
        let entries = releases_from(1, from).take(to - from).map(entry);
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

/// One side of the comparison in one round.
struct Side {
    time: Spent,
    /// Files of the database at the end.
    files: usize,
    /// With all files merged.
    merged: Spent,
    /// At most, in megabytes, before the merging.
    memory: u64,
}

/// Has the system write what it holds in memory for the disk.
fn sync() {
    let _ = std::process::Command::new("sync").status();
}

/// Measures the side that the parent asks for, and tells it in one line.
fn side(extractor: &Extractor, name: &str, folder: &Path, count: usize) {
    let (path, bare) = (folder.join("s.db"), folder.join("bare.db"));
    let (database, time) = if name == "ingestion" {
        let ((), time) = spent(|| {
            let store = Store::create(&path, DEFAULT_BASE).expect("a new store");
            ingest(&store, extractor, 0, count);
            store.flush().expect("the disk has room");
        });
        (path.join("database"), time)
    } else {
        (bare.clone(), bulk_load(&bare, &folder.join("quads.nq")))
    };
    let memory = memory();
    let (merging, files) = merge(&database);
    let [wall, processor, all_wall, all_processor] =
        [time.wall, time.processor, (time + merging).wall, (time + merging).processor].map(|t| t.as_millis());
    println!("{wall} {processor} {files} {all_wall} {all_processor} {memory}");
}

impl Side {
    /// Measures a side in a process of its own: neither has the other's memory.
    fn measured(name: &str, folder: &Path, count: usize) -> Self {
        sync();
        let program = std::env::current_exe().expect("this program");
        let mut child = std::process::Command::new(program);
        child.arg("--bench").env("PRESSGRAPH_RELEASES", count.to_string());
        child.env("PRESSGRAPH_SIDE", name).env("PRESSGRAPH_FOLDER", folder);
        if name == "ingestion" {
            // As the program does. The loader alone is not faster with it: it has little memory that it could use again.
            child.envs(pressgraph::cli::ALLOCATOR);
        }
        let output = child.stderr(std::process::Stdio::inherit()).output().expect("this program runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let numbers: Vec<u64> = text.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        let [wall, processor, files, all_wall, all_processor, memory] = numbers[..] else { panic!("{text}") };
        let spent =
            |wall, processor| Spent { wall: Duration::from_millis(wall), processor: Duration::from_millis(processor) };
        for made in ["s.db", "bare.db"] {
            let _ = std::fs::remove_dir_all(folder.join(made));
        }
        Self { time: spent(wall, processor), files: files as usize, merged: spent(all_wall, all_processor), memory }
    }
}

/// Runs into new stores, and the bulk loader with the same quads.
fn rate(extractor: &Extractor, count: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    // The first run makes the quads for the loader, and is not counted.
    let store = Store::create(&folder.path().join("s.db"), DEFAULT_BASE).expect("a new store");
    let (time, _) = ingest(&store, extractor, 0, count);
    println!("first run: {:.1} s, peak memory {} MB", time.wall.as_secs_f64(), memory());
    if std::env::var_os("PRESSGRAPH_NO_BULK").is_some() {
        return;
    }
    let quads = store.len().expect("the store");
    write_quads(&store, &folder.path().join("quads.nq"));
    drop(store);
    std::fs::remove_dir_all(folder.path().join("s.db")).expect("the folder is ours");
    println!(
        "| {count} releases, {quads} quads | wall s | processor s | files | memory MB | merged: wall s | processor s |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    let rounds: usize = std::env::var("PRESSGRAPH_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(3);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        let mut sides = [("ingestion", &mut ours), ("bulk loader alone", &mut theirs)];
        if round % 2 == 1 {
            sides.reverse();
        }
        for (name, all) in sides {
            let side = Side::measured(name, folder.path(), count);
            let [wall, processor, all_wall, all_processor] =
                [side.time.wall, side.time.processor, side.merged.wall, side.merged.processor]
                    .map(|time| time.as_secs_f64());
            println!(
                "| {name} | {wall:.1} | {processor:.1} | {} | {} | {all_wall:.1} | {all_processor:.1} |",
                side.files, side.memory
            );
            all.push(side);
        }
    }
    let ratio = |of: fn(&Side) -> Duration| {
        let middle = |sides: &[Side]| median(sides.iter().map(of).collect()).as_secs_f64();
        middle(&theirs) / middle(&ours).max(0.01)
    };
    println!(
        "rate of the ingestion in terms of the bulk loader's, medians: {:.2} ({:.2} by processor time); all merged {:.2} ({:.2})",
        ratio(|side| side.time.wall),
        ratio(|side| side.time.processor),
        ratio(|side| side.merged.wall),
        ratio(|side| side.merged.processor)
    );
}

/// The one in the middle.
fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// How many releases there are after each part of the run.
const STEPS: [usize; 8] = [1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 75_000, 100_000];

/// How many releases are then ingested one by one.
const SINGLES: usize = 21;

/// Ingests releases one by one.
fn singles(store: &Store, extractor: &Extractor, from: usize, when: &str) {
    let times: Vec<Spent> = (from..from + SINGLES).map(|i| ingest(store, extractor, i, i + 1).0).collect();
    let walls: Vec<Duration> = times.iter().map(|time| time.wall).collect();
    let ms = |time: Option<Duration>| time.unwrap_or_default().as_secs_f64() * 1000.0;
    println!(
        "one release into {from}, {when}: {:.1} to {:.1} ms, median {:.1} ms, processor {:.1} ms",
        ms(walls.iter().min().copied()),
        ms(walls.iter().max().copied()),
        ms(Some(median(walls.clone()))),
        ms(Some(times.iter().map(|time| time.processor).sum())) / SINGLES as f64
    );
}

/// Waits until the database has merged what it wanted to merge: until a second passes with hardly any work.
fn settle() {
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(300) {
        let ((), time) = spent(|| std::thread::sleep(Duration::from_secs(1)));
        if time.processor < Duration::from_millis(30) {
            break;
        }
    }
    println!("at rest after {:.0} s", started.elapsed().as_secs_f64());
}

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
    singles(&store, extractor, count, "right after the load");
    settle();
    singles(&store, extractor, count + SINGLES, "the database at rest");
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
    if let (Ok(name), Some(folder)) = (std::env::var("PRESSGRAPH_SIDE"), std::env::var_os("PRESSGRAPH_FOLDER")) {
        return side(&extractor, &name, Path::new(&folder), count);
    }
    println!("load before: {}", std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
    if parts != "growth" {
        rate(&extractor, count);
    }
    if parts != "rate" {
        growth(&extractor, count);
    }
    println!("load after: {}", std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
}
