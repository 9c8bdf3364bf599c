//! Plain text, Markdown, encodings, and telling formats by their content.

use pressgraph::read::{DecodeError, Format, Reason, Sniffed, sniff};

use super::{TEXT, issued, read_one, refusal};

#[test]
fn text_is_read_in_the_encodings_of_old_and_new_programs() {
    for encoding in [encoding_rs::UTF_8, encoding_rs::WINDOWS_1252] {
        assert_eq!(read_one("a.txt", &encoding.encode(TEXT).0).text, TEXT, "{}", encoding.name());
    }
    for little in [true, false] {
        let mut bytes: Vec<u8> = Vec::new();
        for unit in "\u{feff}".encode_utf16().chain(TEXT.encode_utf16()) {
            bytes.extend(if little { unit.to_le_bytes() } else { unit.to_be_bytes() });
        }
        assert_eq!(read_one("a", &bytes).text, TEXT, "UTF-16, little endian: {little}");
    }
}

#[test]
fn formats_are_told_by_content_whatever_the_name() {
    let cases: [(&str, &[u8], Format); 14] = [
        ("a.txt", b"<!DOCTYPE html><p>Bonjour", Format::Html),
        ("a.txt", b"<!-- note --><html><body>", Format::Html),
        ("a.html", b"Valoria annonce un accord.", Format::Text),
        ("a.txt", b"<?xml version='1.0'?><rss version='2.0'><channel>", Format::Feed),
        ("a.txt", b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a \"<b>\">]><feed>", Format::Feed),
        ("a.txt", b"%PDF-1.4\n", Format::Pdf),
        ("a.txt", b"{\"text\": \"Bonjour\"}", Format::Json),
        ("a.txt", b"[ {\"text\": \"Bonjour\"} ]", Format::Json),
        ("export", b"title;date;text\nA;2024;B\n", Format::Csv),
        ("export.csv", b"un,deux\n1,2\n", Format::Csv),
        ("a.txt", b"From: a@b.example\nSubject: Accord\nMIME-Version: 1.0\n\nBonjour", Format::Eml),
        ("a", b"# Accord\n\n**Valoria** signe, voir [le site](https://valoria.example).", Format::Markdown),
        ("a.md", b"Valoria signe.", Format::Markdown),
        ("a", b"Contact : presse@valoria.example\nDate : 12 mars 2024\n\nValoria", Format::Text),
    ];
    for (name, bytes, format) in cases {
        assert_eq!(sniff(name, bytes), Sniffed::Format(format), "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn markdown_keeps_paragraphs_items_and_the_front_matter() {
    let source = "---\ntitle: \"Un accord\"\ndate: 2024-03-12\nlang: fr\n---\n# Valoria signe\n\nLa **société**\nValoria [signe](https://a.example).\n\n- Nantes\n- Angers\n\n> Une citation\n\n![logo](x.png)\n";
    let release = read_one("a.md", source.as_bytes());
    assert_eq!(release.text, "Valoria signe\n\nLa société Valoria signe.\n\n• Nantes\n• Angers\n\nUne citation");
    assert_eq!(release.metadata.title.as_deref(), Some("Un accord"));
    assert_eq!(issued(&release), "2024-03-12");
    assert_eq!(release.metadata.language.as_deref(), Some("fr"));
}

#[test]
fn what_is_no_text_is_refused_with_its_name() {
    assert_eq!(refusal("a.txt", b"  \n"), Reason::Decode(DecodeError::Empty));
    assert_eq!(refusal("a.txt", b"MZ\x90\0\x03\0\0\0\x04"), Reason::Decode(DecodeError::Binary));
    assert_eq!(
        sniff("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0"),
        Sniffed::Unsupported("old Word, Excel or Outlook (.doc, .xls, .msg)")
    );
    assert_eq!(sniff("a", b"{\\rtf1\\ansi"), Sniffed::Unsupported("RTF"));
}
