//! The whole extraction, and its output as JSON.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use pressgraph::pipeline::Extractor;

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| Extractor::new().expect("the built-in data compiles"));

fuzz_target!(|text: &str| {
    let extraction = EXTRACTOR.extract(text);
    let length = extraction.document.text().len();
    for entity in &extraction.resolution.entities {
        for mention in &entity.mentions {
            assert!(mention.end <= length && !extraction.document.slice(*mention).is_empty());
        }
    }
    let json = pressgraph::output::to_json("fuzz", &extraction);
    assert!(json.is_object());
});
