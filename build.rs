//! The linguistic data is embedded in the library: build it anew when a file of `data/` or `queries/` changes.

fn main() {
    for folder in ["data", "queries"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
