//! Every reader: the format by the first byte or by the content, then the conversion.
#![no_main]

mod others;

use libfuzzer_sys::fuzz_target;
use pressgraph::read::{Content, Entry, Format, Origin, Sniffed, sniff};

fuzz_target!(init: others::may_panic(), |data: &[u8]| {
    let Some((&choice, bytes)) = data.split_first() else { return };
    const FORMATS: [Format; 9] = [
        Format::Text,
        Format::Markdown,
        Format::Html,
        Format::Pdf,
        Format::Docx,
        Format::Odt,
        Format::Eml,
        Format::Feed,
        Format::Json,
    ];
    let format = FORMATS.get(usize::from(choice)).copied().or(match sniff("", bytes) {
        Sniffed::Format(format) => Some(format),
        _ => None,
    });
    let content = match format {
        Some(format) => Content::File(format, bytes.to_vec()),
        None => Content::Line(bytes.to_vec()),
    };
    for release in (Entry { origin: Origin::default(), content }).releases() {
        match release {
            Ok(release) => assert!(!release.text.trim().is_empty()),
            Err(refusal) => assert!(!refusal.to_string().is_empty()),
        }
    }
});
