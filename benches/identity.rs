//! Joining identities across synthetic releases with known identities, one release at a time: the time per release as the
//! graph grows, how many times the index is read for it, how many signatures it adds, with how many that were there those lie in one
//! block, and how right the joins are.
//!
//! `cargo bench --bench identity --no-default-features` takes 10,000 releases; `PRESSGRAPH_RELEASES=100000` others,
//! `PRESSGRAPH_BATCH=100` so many at a time.

#[path = "../tests/support/identities.rs"]
mod identities;

use std::cell::Cell;
use std::convert::Infallible;
use std::time::Duration;

use identities::{World, scores};
use pressgraph::identity::{Index, Joiner, Key, MemoryIndex, Property, Record, Signature, SignatureId, Told};

/// After so many releases a line is printed.
const STEPS: [usize; 7] = [1_000, 3_000, 10_000, 30_000, 50_000, 75_000, 100_000];

/// So many releases are joined, one after the other, between two readings of the clock, which costs as much as a release.
const AT_A_TIME: usize = 100;

/// As in the program.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What was read of an index.
#[derive(Default)]
struct Reads {
    count: Cell<usize>,
    bytes: Cell<usize>,
    /// Signatures that were there.
    signatures: Cell<usize>,
}

/// An index that counts what is read of it.
struct Counting<'a> {
    index: &'a MemoryIndex,
    reads: &'a Reads,
}

impl Counting<'_> {
    fn count<T>(&self, read: Result<T, Infallible>, bytes: impl Fn(&T) -> usize) -> Result<T, Infallible> {
        self.reads.count.set(self.reads.count.get() + 1);
        self.reads.bytes.set(self.reads.bytes.get() + read.as_ref().map(bytes).unwrap_or_default());
        read
    }
}

impl Index for Counting<'_> {
    type Error = Infallible;

    fn signature(&self, id: SignatureId) -> Result<Told, Infallible> {
        let told = self.count(self.index.signature(id), |told| told.as_bytes().len());
        let is_there = told.as_ref().is_ok_and(|told| !told.is_empty());
        self.reads.signatures.set(self.reads.signatures.get() + usize::from(is_there));
        told
    }

    fn signatures(&self, ids: &[SignatureId]) -> Result<Vec<Told>, Infallible> {
        let told = self.index.signatures(ids);
        for told in told.iter().flatten() {
            self.reads.count.set(self.reads.count.get() + 1);
            self.reads.bytes.set(self.reads.bytes.get() + told.as_bytes().len());
            self.reads.signatures.set(self.reads.signatures.get() + usize::from(!told.is_empty()));
        }
        told
    }

    fn describe(&self, iri: &str) -> Result<Told, Infallible> {
        self.count(self.index.describe(iri), |told| told.as_bytes().len())
    }

    fn bearers(&self, key: Key, most: usize) -> Result<Vec<SignatureId>, Infallible> {
        self.count(self.index.bearers(key, most), |bearers| size_of_val(&bearers[..]))
    }

    fn bearers_of(&self, keys: &[Key]) -> Result<Vec<Vec<SignatureId>>, Infallible> {
        let bearers = self.index.bearers_of(keys);
        for bearers in bearers.iter().flatten() {
            self.reads.count.set(self.reads.count.get() + 1);
            self.reads.bytes.set(self.reads.bytes.get() + size_of_val(&bearers[..]));
        }
        bearers
    }

    fn members(&self, id: SignatureId, most: usize) -> Result<Vec<String>, Infallible> {
        self.count(self.index.members(id, most), |members| members.iter().map(String::len).sum())
    }
}

/// The processor time of all threads (Linux; elsewhere zero), in nanoseconds.
fn processor() -> Duration {
    // The system notes it at its own ticks (some milliseconds) and where it switches threads.
    std::thread::sleep(Duration::from_nanos(1));
    let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let times = threads.filter_map(|thread| {
        let text = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(times.sum())
}

fn variable(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

fn main() {
    let (count, batch) = (variable("PRESSGRAPH_RELEASES", 10_000), variable("PRESSGRAPH_BATCH", 1));
    let world = World::new(count);
    let (mut index, mut labels) = (MemoryIndex::default(), Vec::new());
    let nothing = |_: &Signature| Vec::new();
    let (mut reads, mut new, mut since, mut spent) = (Reads::default(), 0, 0, Duration::ZERO);
    println!(
        "| releases | processor ms each | reads each | bytes read | signatures new | signatures read |\n\
         | ---: | ---: | ---: | ---: | ---: | ---: |"
    );
    for from in (0..count).step_by(AT_A_TIME.max(batch)) {
        let to = (from + AT_A_TIME.max(batch)).min(count);
        let known: Vec<Vec<_>> = (from..to).map(|number| world.release(number)).collect();
        let batches: Vec<Vec<Record>> = known
            .chunks(batch.max(1))
            .map(|releases| releases.iter().flatten().map(|known| known.record.clone()).collect())
            .collect();
        labels.extend(known.into_iter().flatten().map(|known| (known.record.entity, known.thing)));
        since += to - from;
        let before = processor();
        for records in batches {
            let counting = Counting { index: &index, reads: &reads };
            let delta = Joiner::new(&counting, "https://pressgraph.example/", &[], &nothing)
                .update(&[], &records, &[])
                .unwrap_or_else(|never| match never {});
            new += delta.insert.iter().filter(|(_, property, _)| *property == Property::Text).count();
            index.apply(delta);
        }
        spent += processor().saturating_sub(before);
        if STEPS.contains(&to) || to == count {
            let each = spent.as_secs_f64() * 1000.0 / since as f64;
            let counts = [reads.count.get(), reads.bytes.get(), new, reads.signatures.get()];
            let [read, bytes, added, met] = counts.map(|n| n as f64 / since as f64);
            println!("| {to} | {each:.3} | {read:.0} | {bytes:.0} | {added:.1} | {met:.1} |");
            (reads, new, since, spent) = (Reads::default(), 0, 0, Duration::ZERO);
        }
    }
    for (entity, _) in &mut labels {
        *entity = index.values(entity, Property::Identity).join(" ");
    }
    let [p, r, bp, br] = scores(&labels);
    println!("{count} releases, {} entities: pairs P {p:.4} R {r:.4}, B-cubed P {bp:.4} R {br:.4}", labels.len());
    println!("processor time of the process: {:.1} s", processor().as_secs_f64());
}
