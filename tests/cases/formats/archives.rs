//! ZIP, tar, gzip and Zstandard, within each other too.

use std::fs;

use pressgraph::read::Reason;

use super::make::{docx, gzip, tar, zip, zstd};
use super::{TEXT, read_path};

#[test]
fn archives_are_read_member_by_member() {
    let folder = tempfile::tempdir().expect("a folder");
    let second = TEXT.replace("Valoria", "Biosylve");
    let document = docx("<w:p><w:r><w:t>La société Hydravel ouvre une usine.</w:t></w:r></w:p>", "");
    let line = serde_json::json!({ "text": TEXT }).to_string();
    let inner = tar(&[("b/second.txt", second.as_bytes()), ("./.cache", b"x"), ("un.jsonl", line.as_bytes())]);
    let archive = zip(&[
        ("a/premier.txt", TEXT.as_bytes()),
        ("doc.docx", &document),
        ("inner.tar.gz", &gzip(&inner)),
        ("__MACOSX/x", b"x"),
    ]);
    fs::write(folder.path().join("newsroom.zip"), archive).expect("written");
    fs::write(folder.path().join("un.txt.zst"), zstd(TEXT.as_bytes())).expect("written");
    let (good, bad) = read_path(folder.path());
    assert!(bad.is_empty(), "{bad:?}");
    let paths: Vec<&str> = good.iter().map(|release| release.source.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "newsroom.zip/a/premier.txt",
            "newsroom.zip/doc.docx",
            "newsroom.zip/inner.tar.gz/b/second.txt",
            "newsroom.zip/inner.tar.gz/un.jsonl/1",
            "un.txt.zst"
        ]
    );
    assert_eq!(good[2].text, second);
    assert_eq!(good[4].text, TEXT);
}

#[test]
fn several_frames_and_members_of_a_stream_are_one_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let (head, tail) = TEXT.as_bytes().split_at(100);
    let skipped = b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc";
    fs::write(folder.path().join("a.zst"), [skipped.as_slice(), &zstd(head), skipped, &zstd(tail)].concat())
        .expect("written");
    fs::write(folder.path().join("b.gz"), [gzip(head), gzip(tail)].concat()).expect("written");
    let (good, bad) = read_path(folder.path());
    assert_eq!(good.iter().map(|release| release.text.as_str()).collect::<Vec<_>>(), [TEXT, TEXT], "{bad:?}");
}

#[test]
fn paths_that_leave_the_archive_are_refused_and_the_rest_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let members: [(&str, &[u8]); 3] = [("../../etc/a.txt", b"x"), ("/b.txt", b"x"), ("c.txt", TEXT.as_bytes())];
    fs::write(folder.path().join("a.zip"), zip(&members)).expect("written");
    fs::write(folder.path().join("b.tar"), tar(&members)).expect("written");
    let (good, bad) = read_path(folder.path());
    assert_eq!(good.len(), 2);
    assert_eq!(bad.len(), 4, "{bad:?}");
    assert!(bad.iter().all(|refusal| refusal.reason == Reason::UnsafePath), "{bad:?}");
}

#[test]
fn a_truncated_archive_gives_what_came_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = gzip(&tar(&[("a.txt", TEXT.as_bytes()), ("b.txt", &noise(200_000))]));
    fs::write(folder.path().join("a.tar.gz"), &whole[..whole.len() / 2]).expect("written");
    let (good, bad) = read_path(folder.path());
    assert_eq!(good.len(), 1);
    assert!(!bad.is_empty() && bad.iter().all(|refusal| matches!(refusal.reason, Reason::Damaged { .. })), "{bad:?}");
}

/// Letters that do not compress well.
fn noise(length: u32) -> Vec<u8> {
    (0..length).map(|at| b'a' + (at.wrapping_mul(2_654_435_761) >> 24) as u8 % 26).collect()
}
