//! The linguistic data is embedded in the library: build it anew when a file of `data/` or `queries/` changes.
//! The fingerprint of code and data tells the store whether a release was extracted by the same extractor.

use std::fs;
use std::path::Path;

/// What an extraction and its graph depend on.
const EXTRACTOR: [&str; 11] = [
    "src/text",
    "src/read",
    "src/segment",
    "src/model",
    "src/tag",
    "src/mentions",
    "src/entities",
    "src/relations",
    "src/pipeline.rs",
    "src/graph",
    "data",
];

/// Below `data/`, what no extraction reads.
const OTHER: [&str; 4] = ["data/releases", "data/training", "data/ontology.ttl", "data/shapes.ttl"];

fn main() {
    for folder in ["data", "queries"].iter().chain(&EXTRACTOR) {
        println!("cargo::rerun-if-changed={folder}");
    }
    let mut hash = 0xcbf2_9ce4_8422_2325;
    for path in EXTRACTOR {
        add(Path::new(path), &mut hash);
    }
    println!("cargo::rustc-env=PRESSGRAPH_FINGERPRINT={hash:016x}");
}

/// Adds names and contents below `path`, in the order of their names, to an FNV-1a hash
/// (Fowler, Noll, Vo: draft-eastlake-fnv), eight bytes at a time.
fn add(path: &Path, hash: &mut u64) {
    let name = path.to_string_lossy().replace('\\', "/");
    if OTHER.contains(&name.as_str()) {
        return;
    }
    if path.is_dir() {
        let mut entries: Vec<_> =
            fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        entries.sort();
        for entry in entries {
            add(&entry, hash);
        }
        return;
    }
    let contents = fs::read(path).unwrap_or_default();
    for chunk in name.as_bytes().chunks(8).chain(contents.chunks(8)) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        *hash = (*hash ^ u64::from_le_bytes(word)).wrapping_mul(0x0000_0100_0000_01b3);
        *hash ^= *hash >> 29;
    }
}
