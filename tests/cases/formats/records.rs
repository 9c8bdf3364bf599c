//! JSON Lines, JSON and CSV.

use std::fs;

use pressgraph::read::{Format, Reason};

use super::{issued, read_all, read_path};

#[test]
fn a_line_of_json_is_a_release_with_named_fields() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("s.jsonl");
    let lines = [
        r#"{"id": "cp-7", "titre": "Un accord", "texte": "La société Valoria annonce la signature d’un accord.", "date_publication": "12/03/2024", "publisher": {"name": "Valoria"}, "url": "https://valoria.example/7", "lang": "fr"}"#,
        "",
        r#"{"title": {"rendered": "Titre"}, "content": {"rendered": "<p>La société Mecaloire ouvre une usine à Angers.</p><p>Fin.</p>"}, "date": "2024-05-17T10:00:00"}"#,
        r#"{"titre": "sans texte"}"#,
        r#"{"texte": "#,
        "[1, 2]",
    ];
    fs::write(&path, lines.join("\n")).expect("the file is written");
    let (good, bad) = read_path(&path);
    let [first, second] = good.as_slice() else { panic!("{good:?}") };
    assert_eq!(first.text, "La société Valoria annonce la signature d’un accord.");
    assert_eq!(first.metadata.title.as_deref(), Some("Un accord"));
    assert_eq!(issued(first), "2024-03-12");
    assert_eq!(first.metadata.issuer.as_deref(), Some("Valoria"));
    assert_eq!(first.metadata.language.as_deref(), Some("fr"));
    assert_eq!(first.source.url.as_deref(), Some("https://valoria.example/7"));
    assert!(first.source.path.ends_with("s.jsonl/cp-7"));
    assert_eq!(second.text, "La société Mecaloire ouvre une usine à Angers.\n\nFin.");
    assert!(second.source.path.ends_with("s.jsonl/3"), "{:?}", second.source);
    let lines: Vec<Option<u64>> = bad.iter().map(|refusal| refusal.origin.place.line).collect();
    assert_eq!(lines, [Some(4), Some(5), Some(6)]);
    assert_eq!(bad[0].reason, Reason::NoTextField("titre".to_owned()));
    assert!(bad[1].to_string().contains("s.jsonl:5: damaged JSON file"), "{}", bad[1]);
}

#[test]
fn json_over_several_lines_is_one_value() {
    let list = "[\n  {\"text\": \"Premier communiqué de la société.\"},\n  {\"id\": 9, \"text\": \"Second communiqué.\"},\n  3\n]";
    let releases = read_all("a.json", list.as_bytes());
    assert_eq!(releases.len(), 3);
    assert_eq!(releases[0].as_ref().expect("sound").text, "Premier communiqué de la société.");
    assert!(releases[1].as_ref().expect("sound").source.path.ends_with("/9"));
    assert!(releases[2].is_err());
    let wrapped = "{\"count\": 1,\n\"items\": [{\"body\": \"Texte.\"}]}";
    assert_eq!(read_all("a.json", wrapped.as_bytes())[0].as_ref().expect("sound").text, "Texte.");
    let after_others = "{\"tags\": [{\"name\": \"eau\"}],\n\"items\": [{\"id\": 1}, {\"body\": \"Texte.\"}]}";
    let releases = read_all("a.json", after_others.as_bytes());
    assert!(releases.len() == 2 && releases[1].as_ref().is_ok_and(|release| release.text == "Texte."), "{releases:?}");
    // What is no list of releases is refused once, not once for each of its objects.
    let annotations =
        "{\"issuer\": \"o1\",\n\"entities\": [{\"id\": \"o1\", \"name\": \"Valoria\"}, {\"id\": \"p1\"}]}";
    assert!(
        matches!(super::refusal("a.json", annotations.as_bytes()), Reason::NoTextField(names) if names.contains("issuer"))
    );
}

#[test]
fn csv_is_read_with_the_separators_and_encodings_of_spreadsheets() {
    let folder = tempfile::tempdir().expect("a folder");
    let table = "Identifiant;Titre;Émetteur;Date;Texte\nA1;Un accord;Valoria;12 mars 2024;\"La société Valoria annonce ; « un accord »\nà Nantes\"\nA2;;;;\n";
    fs::write(folder.path().join("a.csv"), encoding_rs::WINDOWS_1252.encode(table).0).expect("written");
    fs::write(folder.path().join("b.csv"), format!("\u{feff}{table}")).expect("written");
    let utf16: Vec<u8> =
        "\u{feff}".encode_utf16().chain(table.replace(';', "\t").encode_utf16()).flat_map(u16::to_le_bytes).collect();
    fs::write(folder.path().join("c.csv"), utf16).expect("written");
    let (good, bad) = read_path(folder.path());
    assert_eq!((good.len(), bad.len()), (3, 3), "{bad:?}");
    for release in &good {
        assert!(release.text.ends_with("« un accord »\nà Nantes"), "{}", release.text);
        assert_eq!(release.metadata.issuer.as_deref(), Some("Valoria"));
        assert_eq!(issued(release), "2024-03-12");
        assert_eq!(release.metadata.format, Format::Csv);
    }
    assert_eq!(good[0].source.path, "a.csv/A1");
    assert!(bad[0].to_string().contains("a.csv:4: the field Texte is empty"), "{}", bad[0]);
}
