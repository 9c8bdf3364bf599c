//! Valid files of every format, damaged at random: each gives releases or refusals, never a panic,
//! and what once failed stays mended.

use std::fs;

use pressgraph::input::{Input, Limits, Options, releases};
use pressgraph::read::{Content, Entry, Format, Origin, Reason};
use proptest::prelude::*;

use super::make::{docx, gzip, odt, pdf, tar, zip, zstd};
use super::{TEXT, split};

/// A way to damage bytes: at a place from 0 to 1.
#[derive(Clone, Debug)]
enum Damage {
    Flip(f64, u8),
    Cut(f64),
    Remove(f64, usize),
    Repeat(f64, usize, usize),
    Insert(f64, Vec<u8>),
}

fn damage() -> impl Strategy<Value = Damage> {
    let place = || 0.0..1.0;
    prop_oneof![
        4 => (place(), 1..=255_u8).prop_map(|(at, bits)| Damage::Flip(at, bits)),
        1 => place().prop_map(Damage::Cut),
        1 => (place(), 1..200_usize).prop_map(|(at, length)| Damage::Remove(at, length)),
        1 => (place(), 1..100_usize, 1..50_usize).prop_map(|(at, length, times)| Damage::Repeat(at, length, times)),
        2 => (place(), prop::collection::vec(any::<u8>(), 1..8)).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        1 => (place(), "[<>&;\"'{}\\[\\]()/\\\\=:,\n-]{1,6}").prop_map(|(at, text)| Damage::Insert(at, text.into_bytes())),
    ]
}

fn apply(bytes: &mut Vec<u8>, damages: &[Damage]) {
    for damage in damages {
        let at = |place: f64| ((bytes.len() as f64 * place) as usize).min(bytes.len().saturating_sub(1));
        if bytes.is_empty() {
            return;
        }
        match damage {
            Damage::Flip(place, bits) => {
                let at = at(*place);
                bytes[at] ^= bits;
            }
            Damage::Cut(place) => bytes.truncate(at(*place)),
            Damage::Remove(place, length) => {
                let at = at(*place);
                bytes.drain(at..(at + length).min(bytes.len()));
            }
            Damage::Repeat(place, length, times) => {
                let at = at(*place);
                let part = bytes[at..(at + length).min(bytes.len())].repeat(*times);
                bytes.splice(at..at, part);
            }
            Damage::Insert(place, inserted) => {
                let at = at(*place);
                bytes.splice(at..at, inserted.iter().copied());
            }
        }
    }
}

const PARAGRAPH: &str = "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>La société Valoria &amp; Mecaloire</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>120</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";

/// A sound file of each format.
fn files() -> Vec<(Format, Vec<u8>)> {
    let page = "<!DOCTYPE html><html lang=fr><head><title>Un accord</title><meta name=date content=2024-03-12><script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"headline\":\"Un accord\"}</script></head><body><nav>Menu</nav><article><h1>Un accord</h1><p>La société <b>Valoria</b>&nbsp;signe.<ul><li>Nantes<li>Angers</ul><table><tr><td>1<td>2</table></article></body></html>";
    let mail = "From: Valoria <a@valoria.example>\r\nSubject: =?utf-8?b?VW4gYWNjb3Jk?=\r\nDate: Tue, 12 Mar 2024 08:00:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>La soci=C3=A9t=C3=A9</p>\r\n--b\r\nContent-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b--\r\n";
    let feed = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Valoria - Presse</title><item><title>Un accord</title><link>https://valoria.example/1</link><pubDate>Tue, 12 Mar 2024 08:00:00 +0100</pubDate><description>&lt;p&gt;La société&lt;/p&gt;</description></item></channel></rss>";
    let markdown = "---\ntitle: Un accord\n---\n# Un accord\n\n- Nantes\n- [Angers](https://a.example)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> <b>fin</b>\n";
    let json = "[{\"text\": \"La soci\\u00e9t\\u00e9 \\ud83d\\ude00\", \"date\": \"2024-03-12\", \"url\": \"https://a.example/1\"}, {\"content\": {\"rendered\": \"<p>x</p>\"}}]";
    vec![
        (Format::Text, TEXT.into()),
        (Format::Html, page.into()),
        (Format::Eml, mail.into()),
        (Format::Feed, feed.into()),
        (Format::Markdown, markdown.into()),
        (Format::Json, json.into()),
        (Format::Docx, docx(PARAGRAPH, "Un accord")),
        (Format::Odt, odt("<text:h>Un accord</text:h><text:p>La<text:s/>société</text:p>")),
        (Format::Pdf, pdf(&[vec![(72.0, 700.0, 12.0, "La société Valo-"), (72.0, 686.0, 12.0, "ria signe.")]])),
    ]
}

/// Reads a file; a reader of ours must not panic, one of a library may, behind the guard.
fn check(format: Format, bytes: &[u8]) {
    let entry = Entry { origin: Origin::default(), content: Content::File(format, bytes.to_vec()) };
    for result in entry.releases() {
        match result {
            Ok(release) => assert!(!release.text.trim().is_empty()),
            Err(refusal) => assert!(
                format == Format::Pdf || !matches!(refusal.reason, Reason::Panicked(_) | Reason::Timeout(_)),
                "{format}: {refusal}"
            ),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn damaged_files_are_read_or_refused(damages in prop::collection::vec(damage(), 1..6)) {
        for (format, mut bytes) in files() {
            apply(&mut bytes, &damages);
            check(format, &bytes);
        }
    }

    #[test]
    fn damaged_xml_in_sound_archives_is_read_or_refused(damages in prop::collection::vec(damage(), 1..6)) {
        let mut word = format!("<w:document><w:body>{PARAGRAPH}</w:body></w:document>").into_bytes();
        apply(&mut word, &damages);
        check(Format::Docx, &zip(&[("word/document.xml", &word)]));
        let mut text = b"<office:text><text:list><text:list-item><text:p>a</text:p></text:list-item></text:list></office:text>".to_vec();
        apply(&mut text, &damages);
        check(Format::Odt, &zip(&[("mimetype", b"x"), ("content.xml", &text)]));
    }

    #[test]
    fn damaged_archives_are_read_or_refused(damages in prop::collection::vec(damage(), 1..6)) {
        let line = serde_json::json!({ "text": TEXT }).to_string();
        let members: [(&str, &[u8]); 2] = [("a.txt", TEXT.as_bytes()), ("b.jsonl", line.as_bytes())];
        let table = "titre;texte\nUn;\"La société\nValoria\"\n";
        let files = [zip(&members), tar(&members), gzip(&tar(&members)), zstd(line.as_bytes()), table.into(), line.clone().into()];
        let folder = tempfile::tempdir().expect("a folder");
        for (number, mut bytes) in files.into_iter().enumerate() {
            apply(&mut bytes, &damages);
            fs::write(folder.path().join(number.to_string()), bytes).expect("written");
        }
        let limits = Limits { file: 1 << 20, record: 1 << 16, archive: 1 << 20, ..Limits::default() };
        let options = Options { any_language: true, limits, ..Options::default() };
        let (good, bad) = split(releases(vec![Input::Path(folder.path().to_owned())], options));
        prop_assert!(good.len() + bad.len() >= 1);
        for refusal in bad {
            prop_assert!(!matches!(refusal.reason, Reason::Panicked(_)), "{refusal}");
        }
    }
}

/// What fuzzing has found, by the name of the target: `readers` inputs begin with a byte for the format.
#[test]
fn what_fuzzing_found_stays_mended() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/regressions");
    let mut names: Vec<_> =
        fs::read_dir(folder).expect("the folder is there").flatten().map(|entry| entry.path()).collect();
    names.sort();
    for path in names {
        let bytes = fs::read(&path).expect("a fixture");
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        if let Ok(text) = str::from_utf8(&bytes) {
            let extractor = pressgraph::pipeline::Extractor::new().expect("built in");
            let extraction = extractor.extract(text);
            assert!(extraction.document.text().len() <= text.len() * 4, "{name}");
        }
        let (good, bad) =
            split(releases(vec![Input::Path(path)], Options { any_language: true, ..Options::default() }));
        assert!(good.len() + bad.len() > 0, "{name}");
    }
}
