//! The named queries on a golden graph.

use pressgraph::store::{Changes, NamedQuery, Query, QueryError, ResultFormat, Rows, Store, rows, write_results};

use crate::golden;

fn store() -> Store {
    let store = Store::in_memory("https://pressgraph.example/").expect("memory");
    for name in golden::NAMES {
        let insert = golden::quads(name, &golden::options());
        store.apply(Changes { insert, ..Changes::default() }).expect("memory takes all");
    }
    store
}

fn ask(store: &Store, query: &Query) -> Rows {
    let snapshot = store.snapshot().expect("memory");
    rows(snapshot.query(query, None).expect("the query runs")).expect("the query runs to its end")
}

/// Values for the required parameters, and for some others.
fn values(name: &str) -> Vec<(String, String)> {
    let pairs: &[(&str, &str)] = match name {
        "people" | "profile" => &[("organisation", "biosylve")],
        "structure" => &[("organisation", "Université du Vercors")],
        "quotes" => &[("speaker", "carpentier")],
        "evidence" => &[("fact", "https://pressgraph.example/release/golden/levee-biosylve.txt#founded-1")],
        "timeline" => &[("entity", "biosylve")],
        "mentioned" => &[("type", "Person")],
        "agreements" => &[("party", "sanofi")],
        _ => &[],
    };
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn golden_answers_of_every_named_query() {
    let store = store();
    assert!(NamedQuery::all().len() >= 12);
    for (name, query) in NamedQuery::all() {
        let bound = query.with(&values(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let snapshot = store.snapshot().expect("memory");
        let mut out = Vec::new();
        let results = snapshot.query(&bound, None).unwrap_or_else(|error| panic!("{name}: {error}"));
        write_results(results, ResultFormat::Tsv, &mut out).unwrap_or_else(|error| panic!("{name}: {error}"));
        golden::check(&format!("queries/{name}.tsv"), &String::from_utf8(out).expect("TSV is UTF-8"));
    }
}

#[test]
fn every_named_query_says_what_it_answers_and_gives_an_example_that_runs() {
    let store = store();
    for (name, query) in NamedQuery::all() {
        assert!(!query.title.is_empty() && !query.title_fr.is_empty(), "{name} has a title in two languages");
        assert!(query.example.starts_with(&format!("pressgraph query {name}")), "{name} has an example");
        for parameter in &query.parameters {
            assert!(!parameter.description.is_empty(), "{name} describes {}", parameter.name);
            assert!(query.text.contains(&format!("?{}", parameter.name)), "{name} uses {}", parameter.name);
        }
        let given = query.example.split("--param ").skip(1).filter_map(|pair| pair.trim().split_once('='));
        let given: Vec<(String, String)> =
            given.map(|(name, value)| (name.to_owned(), value.trim_matches('"').to_owned())).collect();
        let bound = query.with(&given).unwrap_or_else(|error| panic!("{name}: {error}"));
        ask(&store, &bound);
    }
}

#[test]
fn joined_entities_are_spoken_of_by_their_joined_name() {
    let store = store();
    let update = "PREFIX pg: <https://w3id.org/pressgraph/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        INSERT DATA { GRAPH <https://pressgraph.example/graph/identity> {
            <https://pressgraph.example/release/golden/levee-biosylve.txt#carpentier> pg:identity <https://pressgraph.example/person/ines> .
            <https://pressgraph.example/person/ines> skos:prefLabel \"Inès Carpentier-Joly\" } }";
    store.update(update).expect("the update is valid");
    let query = NamedQuery::find("roles").expect("there is one");
    let answer = ask(&store, &query.with(&[("person".to_owned(), "joly".to_owned())]).expect("valid"));
    assert_eq!(answer.rows.len(), 1);
    assert_eq!(answer.rows[0][0].as_ref().map(ToString::to_string), Some("\"Inès Carpentier-Joly\"".to_owned()));
}

#[test]
fn parameters_are_terms_and_never_text() {
    let store = store();
    let query = NamedQuery::find("roles").expect("there is one");
    let hostile = "\" || true) } SELECT * { ?s ?p ?o } #".to_owned();
    let answer = ask(&store, &query.with(&[("person".to_owned(), hostile)]).expect("any words are a value"));
    assert!(answer.rows.is_empty());
    let evidence = NamedQuery::find("evidence").expect("there is one");
    let wrong = evidence.with(&[("fact".to_owned(), "no iri> .".to_owned())]);
    assert!(matches!(wrong, Err(QueryError::Value { .. })));
}

#[test]
fn wrong_names_and_missing_parameters_are_told() {
    let unknown = NamedQuery::find("role").expect_err("there is none").to_string();
    assert!(unknown.contains("did you mean \"roles\""), "{unknown}");
    let people = NamedQuery::find("people").expect("there is one");
    let missing = people.with(&[]).expect_err("it needs a parameter").to_string();
    assert!(missing.contains("--param organisation=VALUE") && missing.contains("pressgraph query people"), "{missing}");
    let other = people.with(&[("organization".to_owned(), "x".to_owned())]).expect_err("no such parameter");
    assert!(other.to_string().contains("organisation"), "{other}");
}
