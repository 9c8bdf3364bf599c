//! Arrows between modules point one way: no stage imports a later one.

use std::fs;
use std::path::Path;

/// The modules in the order in which data flows.
const ORDER: [&str; 19] = [
    "text",
    "read",
    "input",
    "segment",
    "model",
    "tag",
    "mentions",
    "entities",
    "relations",
    "pipeline",
    "output",
    "evaluate",
    "train",
    "graph",
    "identity",
    "store",
    "serve",
    "cli",
    "main",
];

/// Pairs beyond the order: the left one must not import the right one, although it comes later.
const FORBIDDEN: [(&str, &str); 4] =
    [("store", "train"), ("serve", "graph"), ("serve", "relations"), ("graph", "output")];

#[test]
fn modules_import_only_earlier_ones() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut checked = 0;
    for entry in walkdir::WalkDir::new(&source).sort_by_file_name() {
        let entry = entry.expect("the source can be listed");
        if entry.path().extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let relative = entry.path().strip_prefix(&source).expect("it lies below the source");
        let first = relative.components().next().expect("a file has a name").as_os_str().to_string_lossy();
        let module = first.trim_end_matches(".rs").to_owned();
        if module == "lib" {
            continue;
        }
        let rank = |name: &str| ORDER.iter().position(|m| *m == name);
        let own = rank(&module).unwrap_or_else(|| panic!("module {module} has no place in the order"));
        for (number, line) in fs::read_to_string(entry.path()).expect("a source file is text").lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for used in line.split("crate::").skip(1) {
                let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let Some(other) = rank(&used) else { continue };
                let place = format!("{}:{}: {module} imports {used}", entry.path().display(), number + 1);
                assert!(other <= own, "{place}, a later stage");
                assert!(!FORBIDDEN.contains(&(module.as_str(), used.as_str())), "{place}");
                checked += 1;
            }
        }
    }
    assert!(checked > 10, "only {checked} imports seen");
}
