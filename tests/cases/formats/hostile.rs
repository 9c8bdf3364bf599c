//! Input made to harm: bounded time and memory, a clear refusal, the rest of the batch done.

use std::fs;
use std::io::{Read, Write};
use std::time::{Duration, Instant};

use pdf_extract::{Dictionary, Object, Stream, dictionary};
use pressgraph::input::{Input, Options, releases};
use pressgraph::read::{Format, Reason, Refusal};

use super::make::{docx, gzip, pdf_of_contents, zip, zstd};
use super::{TEXT, read_all, read_one, refusal, split};

/// Reads `bytes` as a file beside a sound one: the reason of its refusal.
fn refused(name: &str, bytes: &[u8]) -> Reason {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(name), bytes).expect("written");
    fs::write(folder.path().join("zz.txt"), TEXT).expect("written");
    let start = Instant::now();
    let (good, bad) = split(releases(vec![Input::Path(folder.path().to_owned())], Options::default()));
    assert!(start.elapsed() < Duration::from_secs(180), "{name} took {:?}", start.elapsed());
    assert_eq!(good.iter().map(|release| release.text.as_str()).collect::<Vec<_>>(), [TEXT], "the rest is done");
    let [Refusal { reason, origin }] = bad.as_slice() else { panic!("{bad:?}") };
    assert!(origin.place.file.ends_with(name) || origin.place.file.contains(&format!("{name}/")), "{origin:?}");
    reason.clone()
}

/// `count` megabytes of zeros in gzip.
fn zeros(count: u64) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::copy(&mut std::io::repeat(0).take(count << 20), &mut encoder).expect("memory takes all");
    encoder.finish().expect("the stream closes")
}

#[test]
fn compression_bombs_are_refused() {
    assert_eq!(refused("a.gz", &zeros(200)), Reason::Bomb(150));
    assert_eq!(refused("b.txt.gz", &gzip(&zeros(200))), Reason::Bomb(150));
    assert_eq!(refused("c.zst", &zstd(&vec![b'a'; 100 << 20])), Reason::Bomb(150));
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file("a.txt", zip::write::SimpleFileOptions::default()).expect("a name is free");
    writer.write_all(&vec![b'a'; 100 << 20]).expect("memory takes all");
    assert_eq!(refused("d.zip", &writer.finish().expect("closes").into_inner()), Reason::Bomb(150));
}

#[test]
fn a_bomb_of_json_lines_is_refused_after_bounded_work() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::copy(&mut std::io::repeat(b'\n').take(300 << 20), &mut encoder).expect("memory takes all");
    assert_eq!(refused("a.jsonl.gz", &encoder.finish().expect("closes")), Reason::Bomb(150));
}

#[test]
fn archives_within_archives_end() {
    let mut archive = zip(&[("a.txt", TEXT.as_bytes())]);
    for _ in 0..8 {
        archive = zip(&[("inner.zip", &archive)]);
    }
    assert_eq!(refused("a.zip", &archive), Reason::TooDeep(5));
    let mut stream = TEXT.as_bytes().to_vec();
    for _ in 0..20 {
        stream = gzip(&stream);
    }
    assert_eq!(refused("a.gz", &stream), Reason::TooDeep(5));
}

#[test]
fn entity_bombs_do_not_grow() {
    let entities: String =
        (1..20).map(|n| format!("<!ENTITY e{n} \"{}\">", format!("&e{};", n - 1).repeat(10))).collect();
    let head = format!("<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e0 \"boum\">{entities}]>");
    let feed = format!(
        "{head}<rss version=\"2.0\"><channel><title>t</title><item><title>&e19;</title><description>Un texte de la société.</description></item></channel></rss>"
    );
    let releases = read_all("a.xml", feed.as_bytes());
    assert!(releases.iter().flatten().all(|release| release.text.len() < 1000), "{releases:?}");
    let document = format!(
        "{head}<w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t>&e19; fin</w:t></w:r></w:p></w:body></w:document>"
    );
    let document = zip(&[("word/document.xml", document.as_bytes())]);
    assert_eq!(read_one("a.docx", &document).text, "fin");
}

#[test]
fn deep_nesting_is_refused() {
    assert_eq!(refused("a.html", format!("<html>{}x", "<div>".repeat(200_000)).as_bytes()), Reason::TooDeep(512));
    assert_eq!(refused("a.xml", format!("<rss>{}", "<a>".repeat(100_000)).as_bytes()), Reason::TooDeep(512));
    assert_eq!(refused("a.docx", &docx(&"<w:p>".repeat(100_000), "")), Reason::TooDeep(512));
    assert!(matches!(refused("a.json", "[".repeat(100_000).as_bytes()), Reason::Damaged { .. } | Reason::Language(_)));
    let json = format!("{{\"text\": {}", "[".repeat(100_000));
    assert!(matches!(refused("b.json", json.as_bytes()), Reason::Damaged { format: "JSON", .. }));
    let elements = "<b>x</b>".repeat(300_000);
    assert!(matches!(
        refused("c.html", format!("<html>{elements}").as_bytes()),
        Reason::Damaged { format: "HTML", .. }
    ));
}

#[test]
fn gigantic_lines_and_cells_are_skipped() {
    let folder = tempfile::tempdir().expect("a folder");
    let line = serde_json::json!({ "text": TEXT }).to_string();
    let long = "x".repeat(20 << 20);
    fs::write(folder.path().join("a.jsonl"), format!("{line}\n{{\"text\": \"{long}\"}}\n{line}\n")).expect("written");
    let (good, bad) = split(releases(vec![Input::Path(folder.path().to_owned())], Options::default()));
    assert_eq!(good.iter().map(|r| r.place.line).collect::<Vec<_>>(), [Some(1), Some(3)]);
    assert_eq!(bad[0].reason, Reason::TooLarge(16));
    let open = format!("titre;texte\nA;\"{long}");
    assert_eq!(refused("b.csv", open.as_bytes()), Reason::TooLarge(16));
    assert_eq!(refused("c.txt", "é".repeat(40 << 20).as_bytes()), Reason::TooLarge(64));
}

#[test]
fn lone_surrogates_zero_bytes_and_marks_of_direction_are_dirty_text() {
    let json = r#"{"text": "La soci\u00e9t\u00e9 \ud83d Valoria \ude00 et \ud83d\ude00 \\ud800"}"#;
    assert_eq!(read_one("a.json", json.as_bytes()).text, "La société \u{fffd} Valoria \u{fffd} et 😀 \\ud800");
    let zero = r#"{"text": "La soci\u00e9t\u00e9 Val\u0000oria annonce un accord avec Mecaloire"}"#;
    assert!(
        read_one("a.json", zero.as_bytes()).text.contains("Val\0oria"),
        "kept, so that offsets are those of the text"
    );
    let marked = "\u{202e}La société\u{202c} \u{2067}Valoria\u{2069} signe.";
    assert_eq!(read_one("a.txt", marked.as_bytes()).text, marked);
    let extraction = pressgraph::pipeline::Extractor::new().expect("built in").extract(marked);
    assert_eq!(extraction.document.text(), "La société Valoria signe.");
}

/// A PDF with a form that draws what `content` says, under the name `Fm`.
fn pdf_with_form(content: &[u8], forms: &[(&str, &[u8])]) -> Vec<u8> {
    pdf_of_contents(&[content.to_vec()], |document, resources| {
        let ids: Vec<(String, pdf_extract::ObjectId)> =
            forms.iter().map(|(name, _)| ((*name).to_owned(), document.new_object_id())).collect();
        let mut named = Dictionary::new();
        for (name, id) in &ids {
            named.set(name.as_str(), *id);
        }
        for ((_, content), (_, id)) in forms.iter().zip(&ids) {
            let dict = dictionary! {
                "Type" => "XObject", "Subtype" => "Form", "BBox" => vec![0.into(), 0.into(), 9.into(), 9.into()],
                "Resources" => dictionary! { "XObject" => named.clone() },
            };
            document.objects.insert(*id, Object::Stream(Stream::new(dict, content.to_vec())));
        }
        resources.set("XObject", named);
    })
}

#[test]
fn pdfs_that_draw_themselves_are_refused() {
    assert_eq!(refused("a.pdf", &pdf_with_form(b"/A Do", &[("A", b"/B Do"), ("B", b"/A Do")])), Reason::TooDeep(12));
    let ten = |name: &str| format!("/{name} Do ").repeat(100);
    let (a, b, c, d, e) = (ten("B"), ten("C"), ten("D"), ten("E"), "0 0 1 1 re f ".repeat(100));
    let forms: [(&str, &[u8]); 5] =
        [("A", a.as_bytes()), ("B", b.as_bytes()), ("C", c.as_bytes()), ("D", d.as_bytes()), ("E", e.as_bytes())];
    assert_eq!(refused("b.pdf", &pdf_with_form(b"/A Do", &forms)), Reason::TooLarge(64));
    assert_eq!(
        refused("c.pdf", &pdf_of_contents(&["q ".repeat(100_000).into_bytes()], |_, _| {})),
        Reason::TooDeep(512)
    );
}

#[test]
fn pdfs_whose_pages_are_above_themselves_are_refused() {
    let pdf = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1/Parent 2 0 R>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R>>endobj\n4 0 obj<</Length 8>>stream\nBT ET q \nendstream endobj\n";
    assert!(matches!(refused("a.pdf", with_table(pdf).as_bytes()), Reason::TooDeep(64) | Reason::Damaged { .. }));
    let nested = format!("%PDF-1.4\n1 0 obj{}{}endobj\n", "[".repeat(50_000), "]".repeat(50_000));
    assert_eq!(refused("b.pdf", with_table(&nested).as_bytes()), Reason::TooDeep(200));
}

/// Found by fuzzing: the library that reads PDF panics on it.
#[test]
fn a_pdf_without_its_font_is_refused() {
    let bytes = pdf_of_contents(&[b"BT /F1 12 Tf (Bonjour) Tj ET".to_vec()], |_, resources| {
        resources.set("Font", dictionary! { "F1" => Object::Reference((99, 0)) });
    });
    assert_eq!(refused("a.pdf", &bytes), Reason::Panicked(Format::Pdf));
}

#[test]
fn a_pdf_with_a_bomb_of_a_stream_is_refused() {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::copy(&mut std::io::repeat(b' ').take(200 << 20), &mut encoder).expect("memory takes all");
    let bomb = encoder.finish().expect("closes");
    let bytes = pdf_of_contents(&[b"BT ET".to_vec()], |document, _| {
        document.add_object(Stream::new(dictionary! { "Filter" => "FlateDecode" }, bomb.clone()));
    });
    assert_eq!(refused("a.pdf", &bytes), Reason::Bomb(200));
}

/// A cross-reference table for the objects that `pdf` writes.
fn with_table(pdf: &str) -> String {
    let offsets: Vec<usize> = pdf.match_indices(" 0 obj").map(|(at, _)| at - 1).collect();
    let entries: String = offsets.iter().map(|offset| format!("{offset:010} 00000 n \n")).collect();
    let count = offsets.len() + 1;
    format!(
        "{pdf}xref\n0 {count}\n0000000000 65535 f \n{entries}trailer<</Size {count}/Root 1 0 R>>\nstartxref\n{}\n%%EOF",
        pdf.len()
    )
}

#[test]
fn panics_of_a_parser_are_refusals() {
    // A text without a font, on which the library panics.
    let reason = refusal("a.pdf", &pdf_of_contents(&[b"BT (sans police) Tj ET".to_vec()], |_, _| {}));
    assert!(matches!(reason, Reason::Panicked(_)), "{reason:?}");
}
