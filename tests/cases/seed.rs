//! The Sanofi release, and the same release with every name replaced: both must score alike, so what
//! is found is found by what the language says and not by the names.

use std::path::Path;

use pressgraph::evaluate::{Gold, NameScores, NameSpan, RelationScores};
use pressgraph::output::to_json;

use crate::support::EXTRACTOR;

/// F1 of mentions and relations of the release `name` of `tests/fixtures`.
fn scores(name: &str) -> (f64, f64) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let gold = Gold::read(&folder.join(format!("{name}.json"))).expect("an annotated release");
    let extraction = EXTRACTOR.extract(&gold.text);
    let found: Vec<NameSpan> = extraction
        .resolution
        .entities
        .iter()
        .flat_map(|entity| entity.mentions.iter().map(move |span| (*span, entity.kind)))
        .map(|(span, kind)| {
            let (start, end) = extraction.document.code_points(span);
            (start, end, kind)
        })
        .collect();
    let expected: Vec<NameSpan> =
        gold.mentions().iter().map(|m| (m.start, m.end, gold.entities[m.entity].kind)).collect();
    let mut names = NameScores::default();
    names.count(&found, &expected);
    let mut relations = RelationScores::default();
    relations.count(&gold, &to_json(name, &extraction));
    (names.all().f1(), relations.all().f1())
}

#[test]
fn the_reference_release_is_read_whole() {
    let (mentions, relations) = scores("sanofi-oncopole");
    assert!(mentions >= 0.95, "mentions F1 {mentions}");
    assert!(relations >= 0.92, "relations F1 {relations}");
}

#[test]
fn other_names_give_the_same_scores() {
    assert_eq!(scores("substitute"), scores("sanofi-oncopole"));
}
