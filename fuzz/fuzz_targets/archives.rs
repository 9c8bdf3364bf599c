//! A file as the walk finds it: compression, archives, records, whatever the bytes say they are.
#![no_main]

mod others;

use std::io::Write;

use libfuzzer_sys::fuzz_target;
use pressgraph::input::{Input, Limits, Options, releases};

fuzz_target!(init: others::may_panic(), |data: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(data).expect("it takes the bytes");
    let limits = Limits { file: 1 << 20, record: 1 << 16, archive: 1 << 20, ..Limits::default() };
    let options = Options { any_language: true, limits, ..Options::default() };
    for release in releases(vec![Input::Path(file.path().to_owned())], options) {
        if let Ok(release) = release {
            assert!(!release.source.path.split('/').any(|part| part == ".."), "{:?}", release.source);
        }
    }
});
