//! The store: one row for what many releases state, whole replacement, copies, locks, formats.

use oxrdf::{Literal, NamedNode, Quad, Term};
use pressgraph::graph::{coined, vocabulary::pg};
use pressgraph::read::{Place, Release, Source};
use pressgraph::store::{Changes, IngestOptions, Ingester, Query, Report, Rows, Store, StoreError, rows};

use crate::support::EXTRACTOR;

const BASE: &str = "https://pressgraph.example/";

fn iri(name: &str) -> NamedNode {
    NamedNode::new(format!("{BASE}{name}")).expect("a valid IRI")
}

fn ask(store: &Store, text: &str) -> Rows {
    let snapshot = store.snapshot().expect("a snapshot");
    let query = Query::parse(text).expect("SPARQL");
    rows(snapshot.query(&query, None).expect("the query runs")).expect("to its end")
}

fn cell(rows: &Rows) -> String {
    rows.rows[0][0].as_ref().map_or(String::new(), ToString::to_string)
}

/// The graphs of the releases as sorted N-Quads.
pub fn dump(store: &Store) -> String {
    let snapshot = store.snapshot().expect("a snapshot");
    let mut out = String::new();
    let graphs = snapshot.graphs().expect("the graphs");
    for graph in graphs.iter().filter(|graph| graph.as_str().contains("/release/")) {
        for quad in snapshot.graph(graph.as_ref()).expect("the quads") {
            out.push_str(&format!("{quad} .\n"));
        }
    }
    out
}

fn release(path: &str, text: &str) -> Release {
    let source = Source { collection: "c".to_owned(), path: path.to_owned(), url: None };
    Release { source, text: text.to_owned(), place: Place { file: path.to_owned(), line: None }, ..Release::default() }
}

fn ingest(store: &Store, releases: &[Release]) -> Report {
    let mut options = IngestOptions::new(store);
    options.any_language = true;
    Ingester::new(store, &EXTRACTOR, options).ingest_releases(releases.to_vec()).expect("it is ingested")
}

fn withdraw(store: &Store, path: &str) -> Report {
    let name = coined(BASE, "release", &format!("c/{path}"));
    Ingester::new(store, &EXTRACTOR, IngestOptions::new(store)).withdraw(&[name]).expect("it is withdrawn")
}

#[test]
fn what_a_hundred_releases_state_is_one_row() {
    let folder = tempfile::tempdir().expect("a folder");
    let stores = [
        Store::in_memory(BASE).expect("memory"),
        Store::create(&folder.path().join("s.db"), BASE).expect("a new store"),
    ];
    for store in stores {
        let mut insert = Vec::new();
        for number in 0..100 {
            let graph = iri(&format!("release/{number}"));
            insert.push(Quad::new(iri("person"), pg::PRODUCES, iri("product"), graph.clone()));
            insert.push(Quad::new(iri("product"), pg::TITLE, Literal::from("x"), graph));
        }
        store.apply(Changes { insert, ..Changes::default() }).expect("it is stored");
        let one = "\"1\"^^<http://www.w3.org/2001/XMLSchema#integer>";
        assert_eq!(cell(&ask(&store, "SELECT (COUNT(*) AS ?n) { ?s pg:produces ?o }")), one);
        assert_eq!(cell(&ask(&store, "SELECT (COUNT(*) AS ?n) { ?s pg:produces ?o . ?o pg:title ?t }")), one);
        assert_eq!(ask(&store, "SELECT * { ?s pg:produces/pg:title ?t }").rows.len(), 1);
        assert_eq!(ask(&store, "SELECT * { ?s ?p ?o }").rows.len(), 2);
        assert_eq!(ask(&store, "SELECT * { GRAPH ?g { ?s pg:produces ?o } }").rows.len(), 100);
        let from = format!("FROM <{BASE}release/1> FROM <{BASE}release/2>");
        assert_eq!(ask(&store, &format!("SELECT * {from} {{ ?s pg:produces ?o }}")).rows.len(), 1);
        assert_eq!(ask(&store, &format!("SELECT * FROM <{BASE}release/1> {{ ?s ?p ?o }}")).rows.len(), 2);
        assert_eq!(ask(&store, &format!("SELECT * FROM <{BASE}none> {{ ?s ?p ?o }}")).rows.len(), 0);
    }
}

#[test]
fn a_snapshot_does_not_see_later_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::create(&folder.path().join("s.db"), BASE).expect("a new store");
    let quad = Quad::new(iri("a"), pg::TITLE, Literal::from("x"), iri("g"));
    let before = store.snapshot().expect("a snapshot");
    store.apply(Changes { insert: vec![quad], ..Changes::default() }).expect("it is stored");
    assert_eq!(before.quads(None, None, None, None).count(), 0);
    assert_eq!(store.snapshot().expect("a snapshot").quads(None, None, None, None).count(), 1);
    let changes = Changes { remove: vec![iri("g")], ..Changes::default() };
    store.apply(changes).expect("it is removed");
    assert!(store.snapshot().expect("a snapshot").graphs().expect("the graphs").is_empty());
}

#[test]
fn unchanged_releases_are_skipped_and_changed_ones_replaced_whole() {
    let store = Store::in_memory(BASE).expect("memory");
    let first = release("a", "Marie Durand, présidente de Valoria, se félicite.");
    assert_eq!(ingest(&store, std::slice::from_ref(&first)).added, 1);
    let whole = dump(&store);
    let again = ingest(&store, std::slice::from_ref(&first));
    assert_eq!((again.added, again.replaced, again.unchanged), (0, 0, 1));
    assert_eq!(dump(&store), whole);
    let edited = ingest(&store, &[release("a", "Paul Martin quitte la société Mecaloire, à Nantes.")]);
    assert_eq!((edited.replaced, edited.revisions.len()), (1, 1));
    assert!(!dump(&store).contains("Valoria"), "nothing of the former text is left");
    ingest(&store, &[first]);
    assert_eq!(dump(&store), whole, "the graph depends on the release alone, not on its history");
    assert_eq!(withdraw(&store, "a").withdrawn, 1);
    assert_eq!(dump(&store), "");
    assert_eq!(withdraw(&store, "a").withdrawn, 0);
}

#[test]
fn two_texts_under_one_address_are_told() {
    let store = Store::in_memory(BASE).expect("memory");
    let report = ingest(&store, &[release("a", "Un premier texte."), release("a", "Un autre texte.")]);
    assert_eq!((report.added, report.refused.len()), (1, 1));
    assert_eq!(report.refused[0].code, "doubled");
    assert!(dump(&store).contains("Un premier texte."));
}

/// A text of its own for each number.
fn text(number: usize) -> String {
    let words =
        ["accord", "usine", "marché", "projet", "contrat", "région", "santé", "énergie", "mer", "ville", "port"];
    let words = (0..80)
        .map(|i| format!("{}{}", words[(i * (number + 3) + i * i) % 11], (b'a' + ((i * number) % 23) as u8) as char));
    words.collect::<Vec<_>>().join(" ")
}

fn copy_of(store: &Store, path: &str) -> Option<String> {
    let name = coined(BASE, "release", &format!("c/{path}"));
    let witness = store.snapshot().expect("a snapshot").object(name.as_ref(), pg::COPY_OF, name.as_ref());
    match witness.expect("the store is read") {
        Some(Term::NamedNode(witness)) => Some(witness.as_str().rsplit('/').next().unwrap_or_default().to_owned()),
        _ => None,
    }
}

#[test]
fn copies_have_one_witness_whatever_the_order_and_after_removals() {
    // b, c and d are near-copies; x is another text; a comes last and is the smallest.
    let changed = |at: usize| {
        text(1)
            .split(' ')
            .enumerate()
            .map(|(i, word)| if i == at { "changé" } else { word })
            .collect::<Vec<_>>()
            .join(" ")
    };
    let releases = [
        release("b", &text(1)),
        release("c", &changed(40)),
        release("d", &text(1).to_uppercase()),
        release("x", &text(5)),
        release("a", &text(1)),
    ];
    let orders: [&[usize]; 4] = [&[0, 1, 2, 3, 4], &[4, 3, 2, 1, 0], &[2, 4, 0, 3, 1], &[1, 0, 4, 2, 3]];
    let mut dumps = Vec::new();
    for order in orders {
        // All at once, one by one, and two batches.
        for size in [1, 2, 5] {
            let store = Store::in_memory(BASE).expect("memory");
            for chunk in order.chunks(size) {
                ingest(&store, &chunk.iter().map(|&i| releases[i].clone()).collect::<Vec<_>>());
            }
            for copy in ["b", "c", "d"] {
                assert_eq!(copy_of(&store, copy).as_deref(), Some("a"), "{copy} in order {order:?} by {size}");
            }
            assert_eq!(copy_of(&store, "x"), None);
            assert_eq!(copy_of(&store, "a"), None);
            dumps.push(dump(&store));
            withdraw(&store, "a");
            assert_eq!(copy_of(&store, "b"), None);
            assert_eq!(copy_of(&store, "d").as_deref(), Some("b"));
            let without: Vec<Release> = releases.iter().filter(|r| r.source.path != "a").cloned().collect();
            let fresh = Store::in_memory(BASE).expect("memory");
            ingest(&fresh, &without);
            assert_eq!(dump(&store), dump(&fresh), "a removal leaves what would be there without the release");
            // An edited copy leaves the group.
            ingest(&store, &[release("b", &text(7))]);
            assert_eq!(copy_of(&store, "b"), None);
            assert_eq!(copy_of(&store, "d").as_deref(), Some("c"));
        }
    }
    dumps.dedup();
    assert_eq!(dumps.len(), 1, "the same graph in every order");
}

#[test]
fn the_store_is_for_one_writer_or_many_readers() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("s.db");
    assert!(matches!(Store::open_read_only(&path), Err(StoreError::Missing { .. })));
    assert!(!path.exists(), "only ingestion makes a store");
    let store = Store::create(&path, BASE).expect("a new store");
    assert!(matches!(Store::open(&path), Err(StoreError::Busy { .. })));
    assert!(matches!(Store::open_read_only(&path), Err(StoreError::Busy { .. })));
    drop(store);
    let reader = Store::open_read_only(&path).expect("a reader");
    let second = Store::open_read_only(&path).expect("another reader");
    assert!(matches!(Store::open(&path), Err(StoreError::Busy { .. })));
    assert!(matches!(reader.apply(Changes::default()), Err(StoreError::ReadOnly { .. })));
    drop((reader, second));
    assert!(Store::open(&path).is_ok());
    assert!(matches!(Store::create(&path, "https://other.example/"), Err(StoreError::Base { .. })));
}

#[test]
fn other_folders_and_newer_formats_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("letter.txt"), "private").expect("a file");
    assert!(matches!(Store::create(folder.path(), BASE), Err(StoreError::Foreign { .. })));
    let path = folder.path().join("s.db");
    drop(Store::create(&path, BASE).expect("a new store"));
    std::fs::write(path.join("store.json"), r#"{"format": 99, "base": "x", "more": 1}"#).expect("a file");
    let error = Store::open(&path).expect_err("the format is newer").to_string();
    assert!(error.contains("format 99") && error.contains("s.db"), "{error}");
    std::fs::write(path.join("store.json"), "{").expect("a file");
    assert!(matches!(Store::open(&path), Err(StoreError::Damaged { .. })));
}

#[test]
fn names_and_counts_are_the_same_with_and_without_what_is_kept_beside_the_store() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let store = Store::create(&path, "https://pressgraph.example/").expect("a store");
    let about = |person: &str, body: &str| {
        format!("{person}, directrice générale de {body}, annonce l'ouverture d'une usine à Nantes.\n")
    };
    let texts =
        [about("Marie Durand", "Valoria"), about("Jeanne Martin", "Mécaloire"), about("Anne Petit", "Hydravel")];
    ingest(&store, &[release("a.txt", &texts[0]), release("b.txt", &texts[1])]);
    let named = |store: &Store, words: &str| {
        let mut found = store.snapshot().expect("a snapshot").entities_named(words).expect("names");
        found.sort();
        found
    };
    let all = named(&store, "");
    assert!(all.len() > 2, "{all:?}");
    let counts = store.counts().expect("counts");
    assert_eq!(
        (counts.graphs.releases, counts.classes["https://w3id.org/pressgraph/ns#PressRelease"].releases),
        (2, 2)
    );
    assert_eq!(counts.triples.releases + counts.triples.joined, store.len().expect("a number"));
    drop(store);
    let reader = Store::open_read_only(&path).expect("a reader");
    assert_eq!(named(&reader, ""), all, "a reader finds them in the file of a writer that has gone");
    let part = "ALORI";
    let of_part = named(&reader, part);
    assert!(!of_part.is_empty() && of_part.len() < all.len(), "{of_part:?}");
    drop(reader);
    std::fs::remove_file(path.join("identities.redb")).expect("the file was there");
    let reader = Store::open_read_only(&path).expect("a reader");
    assert_eq!((named(&reader, ""), named(&reader, part)), (all, of_part), "the store itself knows them too");
    assert_eq!(reader.counts().expect("counts"), counts);
    drop(reader);
    // What was counted is not told of another state.
    let store = Store::open(&path).expect("a writer");
    ingest(&store, &[release("c.txt", &texts[2])]);
    assert_eq!(store.counts().expect("counts").graphs.releases, 3);
}
