//! Annotated releases, folds over issuers, scores of names.

use std::fs;

use pressgraph::evaluate::{Folds, Gold, GoldMention, NameScores, Tally};
use pressgraph::tag::EntityType::{Organization, Person, Place, Site};

fn gold(text: &str, json: &str) -> Gold {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.txt"), text).expect("written");
    fs::write(folder.path().join("a.json"), json).expect("written");
    Gold::read(&folder.path().join("a.json")).expect("an annotation")
}

#[test]
fn forms_are_found_as_the_guide_says() {
    let text = "Élan (Élan Bois) et M. Roux. Élan-Sud, Roux et Élanne. Une Roux, Roux!";
    let json = r#"{"issuer": "o1", "issued": "2024", "relations": [], "entities": [
        {"id": "o1", "type": "Organization", "name": "Élan Bois", "forms": ["Élan", "Élan Bois"]},
        {"id": "p1", "type": "Person", "name": "Roux", "forms": ["M. Roux!Roux", "Roux#2,4"]}]}"#;
    let gold = gold(text, json);
    let found: Vec<(usize, String)> = gold
        .mentions()
        .iter()
        .map(|m: &GoldMention| (m.entity, text.chars().skip(m.start).take(m.end - m.start).collect()))
        .collect();
    let expected = [(0, "Élan"), (0, "Élan Bois"), (1, "Roux"), (0, "Élan"), (1, "Roux"), (1, "Roux")];
    assert_eq!(found, expected.map(|(entity, form)| (entity, form.to_owned())));
    assert_eq!(gold.issuer.as_deref(), Some("o1"));
}

#[test]
fn an_unknown_type_is_refused_with_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.txt"), "X").expect("written");
    fs::write(folder.path().join("a.json"), r#"{"entities":[{"id":"x1","type":"Thing","name":"X","forms":["X"]}]}"#)
        .expect("written");
    let error = Gold::read_folder(folder.path()).expect_err("an unknown type").to_string();
    assert!(error.contains("a.json") && error.contains("x1") && error.contains("Thing"), "{error}");
}

#[test]
fn no_issuer_is_in_two_folds() {
    let folder = tempfile::tempdir().expect("a folder");
    let sources = folder.path().join("SOURCES.tsv");
    let issuers = ["Alma", "Brio / Alma", "Brio", "Cova", "Cova", "Dune", "Ekla / Dune", "Fyne"];
    let lines: Vec<String> = issuers.iter().enumerate().map(|(at, issuer)| format!("r{at}\t{issuer}\tx")).collect();
    fs::write(&sources, format!("name\tissuer\tdomain\n{}\n", lines.join("\n"))).expect("written");
    let releases: Vec<Gold> = (0..issuers.len())
        .map(|at| Gold { stem: format!("r{at}"), text: "x".repeat(10 + at), ..gold("X", r#"{"entities":[]}"#) })
        .collect();
    let folds = Folds::new(&releases, &sources, 3).expect("all listed");
    let fold = |at: usize| folds.of(&format!("r{at}")).expect("divided");
    assert_eq!((fold(0), fold(1)), (fold(1), fold(2)), "Alma and Brio issue together");
    assert_eq!(fold(3), fold(4));
    assert_eq!(fold(5), fold(6));
    let used: std::collections::BTreeSet<usize> = (0..issuers.len()).map(fold).collect();
    assert_eq!(used.len(), 3, "no fold is empty");
    let missing = Gold { stem: "other".to_owned(), ..gold("X", r#"{"entities":[]}"#) };
    assert!(Folds::new(&[missing], &sources, 3).expect_err("not listed").to_string().contains("other"));
}

#[test]
fn scores_count_exact_spans_and_types() {
    let mut scores = NameScores::default();
    let expected = [(0, 4, Person), (5, 9, Organization), (10, 12, Site), (20, 24, Place)];
    let found = [(0, 4, Person), (5, 8, Organization), (10, 12, Place), (20, 24, Place)];
    scores.count(&found, &expected);
    assert_eq!(scores.kind(Person), Tally { right: 1, wrong: 0, missed: 0 });
    assert_eq!(scores.kind(Organization), Tally { right: 0, wrong: 1, missed: 1 });
    assert_eq!(scores.kind(Place), Tally { right: 1, wrong: 1, missed: 0 });
    assert_eq!(scores.kind(Site), Tally { right: 0, wrong: 0, missed: 1 });
    assert_eq!(scores.all(), Tally { right: 2, wrong: 2, missed: 2 });
    assert_eq!(scores.three(), Tally { right: 3, wrong: 1, missed: 1 }, "a site is a place");
    assert!((scores.three().f1() - 0.75).abs() < 1e-9);
    assert!(Tally::default().f1().abs() < 1e-9);
}
