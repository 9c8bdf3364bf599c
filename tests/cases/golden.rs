//! Annotated releases as extractions: what the graph is tested on, whatever the rules find today.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use pressgraph::entities::{EntityId, GivenEntity};
use pressgraph::evaluate::Gold;
use pressgraph::graph;
use pressgraph::pipeline::Extraction;
use pressgraph::read::{Place, Release, Source};
use pressgraph::relations::{Fact, RelationType, Status, Value};
use pressgraph::text::Span;

use crate::support::EXTRACTOR;

/// The annotated releases of the fixtures.
pub const NAMES: [&str; 5] =
    ["acquisition-mecaloire", "levee-biosylve", "nomination-hydravel", "partenariat-meteore", "sanofi-oncopole"];

/// A path in the repository.
pub fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// What the graphs of the tests depend on: nothing that changes with the program.
pub fn options() -> graph::Options {
    graph::Options { generator: "golden".to_owned(), ..graph::Options::default() }
}

/// The release of that name, with its annotation as extraction.
pub fn release(name: &str) -> (Release, Extraction) {
    let fixture = path("tests/fixtures").join(name);
    let (text, json) = if fixture.with_extension("txt").exists() {
        (fixture.with_extension("txt"), fixture.with_extension("json"))
    } else {
        (
            path("data/releases").join(format!("{name}.txt")),
            path("tests/fixtures/releases").join(format!("{name}.json")),
        )
    };
    let folder = tempfile::tempdir().expect("a folder for the pair");
    std::fs::copy(&text, folder.path().join("pair.txt")).expect("the text is there");
    std::fs::copy(&json, folder.path().join("pair.json")).expect("the annotation is there");
    let gold = Gold::read(&folder.path().join("pair.json")).expect("the annotation is valid");
    let source = Source { collection: "golden".to_owned(), path: format!("{name}.txt"), url: None };
    let place = Place { file: format!("{name}.txt"), line: None };
    let release = Release { source, text: gold.text.clone(), place, ..Release::default() };
    let extraction = extraction(&gold);
    (release, extraction)
}

/// The quads of the release of that name.
pub fn quads(name: &str, options: &graph::Options) -> Vec<oxrdf::Quad> {
    let (release, extraction) = release(name);
    let iri = graph::release_iri(&options.base, &release);
    graph::release_quads(&iri, &release, &extraction, options)
}

fn extraction(gold: &Gold) -> Extraction {
    let mut entities: Vec<GivenEntity> = gold
        .entities
        .iter()
        .map(|e| GivenEntity { id: e.id.clone(), kind: e.kind, name: e.name.clone(), mentions: Vec::new() })
        .collect();
    for mention in gold.mentions() {
        entities[mention.entity].mentions.push((mention.start, mention.end));
    }
    let mut extraction = EXTRACTOR.extract_with(&gold.text, &entities);
    let ids: HashMap<&str, EntityId> =
        gold.entities.iter().enumerate().map(|(index, e)| (e.id.as_str(), EntityId(index))).collect();
    extraction.resolution.issuer = gold.issuer.as_deref().and_then(|id| ids.get(id)).copied();
    extraction.facts = gold.relations.iter().map(|relation| fact(relation, &ids, &extraction)).collect();
    extraction
}

fn fact(json: &serde_json::Value, ids: &HashMap<&str, EntityId>, extraction: &Extraction) -> Fact {
    let text = |key: &str| json.get(key).and_then(serde_json::Value::as_str);
    let relation = RelationType::parse(text("type").expect("a relation has a type")).expect("a known type");
    let (schema, mut arguments, mut attributes) = (relation.schema(), Vec::new(), Vec::new());
    for &name in schema.arguments.iter().chain(schema.optional) {
        let values = json.get(name).map(|value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]));
        for id in values.iter().flatten().filter_map(serde_json::Value::as_str).filter_map(|id| ids.get(id)) {
            arguments.push((name, *id));
        }
    }
    for &name in schema.attributes {
        if name == "quotation" {
            let (start, end) = (text("start").expect("a quote begins"), text("end").expect("a quote ends"));
            let from = find(extraction, start, 0).expect("the quotation begins in the text");
            let to = find(extraction, end, from.start).expect("the quotation ends in the text");
            let span = from.cover(to);
            attributes.push((name, Value { text: extraction.document.slice(span).to_owned(), span: Some(span) }));
        } else if let Some(value) = text(name).filter(|value| !ids.contains_key(value)) {
            attributes.push((name, Value { text: value.to_owned(), span: find(extraction, value, 0) }));
        }
    }
    let mention = arguments.iter().find_map(|(_, id)| extraction.resolution.entities[id.0].mentions.first().copied());
    let span = attributes.iter().find_map(|(_, value)| value.span).or(mention).unwrap_or(Span::new(0, 1));
    let sentence = extraction.segmentation.sentences.iter().find(|sentence| sentence.span.overlaps(span));
    let evidence = vec![sentence.map_or(span, |sentence| sentence.span)];
    let rule = "annotation".to_owned();
    Fact { relation, arguments, attributes, evidence, rule, confidence: 1.0, status: Status::Current }
}

/// Where the words stand in the normalised text.
fn find(extraction: &Extraction, words: &str, from: usize) -> Option<Span> {
    let normalised = pressgraph::text::Document::new(words);
    let words = normalised.text();
    let at = from + extraction.document.text().get(from..)?.find(words)?;
    Some(Span::new(at, at + words.len()))
}

/// Compares `content` with the golden file of that name; `PRESSGRAPH_UPDATE=1 scripts/test golden` writes it anew.
pub fn check(name: &str, content: &str) {
    let file = path("tests/fixtures/golden").join(name);
    if std::env::var_os("PRESSGRAPH_UPDATE").is_some() {
        std::fs::create_dir_all(file.parent().expect("a golden file has a folder")).expect("the folder can be made");
        std::fs::write(&file, content).expect("the golden file can be written");
        return;
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_default();
    let line = expected.lines().zip(content.lines()).position(|(a, b)| a != b);
    let line = line.unwrap_or_else(|| expected.lines().count().min(content.lines().count()));
    assert!(
        expected == content,
        "{}:{}: expected {:?}, found {:?}; if that is right: PRESSGRAPH_UPDATE=1 scripts/test golden",
        file.display(),
        line + 1,
        expected.lines().nth(line),
        content.lines().nth(line)
    );
}
