//! The pages: both languages, hostile data, search, facts with their evidence.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use pressgraph::pipeline::Extractor;
use pressgraph::serve::{App, Index, Options};
use pressgraph::store::{Changes, Store};
use serde_json::Value as Json;

use super::{app, encode, get, send};

#[tokio::test]
async fn the_language_is_the_browsers_until_it_is_switched() {
    let app = app(Options::default());
    let with = |uri: &str, header: &'static str, value: &'static str| {
        Request::get(uri.to_owned()).header(header, value).body(Body::empty()).expect("a request")
    };
    let english = send(&app, with("/", "Accept-Language", "en-US,en;q=0.9,fr;q=0.5")).await;
    assert!(english.body.contains("<html lang=\"en\"") && english.body.contains("Latest releases"));
    assert_eq!(english.header("content-language"), "en");
    let switched = send(&app, with("/?lang=fr", "Accept-Language", "en")).await;
    assert!(switched.body.contains("Derniers communiqués"));
    assert!(switched.header("set-cookie").starts_with("lang=fr;"));
    let kept = send(&app, with("/", "Cookie", "lang=en")).await;
    assert!(kept.body.contains("<html lang=\"en\""));
}

#[tokio::test]
async fn script_in_data_is_text() {
    let app = app(Options::default());
    for uri in [
        "/",
        "/search?q=%3Cscript%3Ealert(1)%3C/script%3E",
        "/search?q=accord",
        "/organization/valoria.html",
        "/organization/biosylve.html",
        "/release/presse/accord.txt.html",
        "/resource?iri=https%3A%2F%2Fwww.valoria.example%2Factualites%2Fusine",
        "/graph?iri=https%3A%2F%2Fpressgraph.example%2Forganization%2Fbiosylve",
        "/editor?query=%3C/textarea%3E%3Cscript%3Ealert(1)%3C/script%3E",
    ] {
        let answer = get(&app, uri, "text/html").await;
        assert_eq!(answer.status, StatusCode::OK, "{uri}");
        assert!(!answer.body.contains("<script>") && !answer.body.contains("<img"), "{uri}: {}", answer.body);
        assert!(!answer.body.contains(" style=") && !answer.body.contains(" onload="), "{uri}");
    }
}

#[tokio::test]
async fn an_entity_shows_its_facts_once_with_all_their_evidence() {
    let app = app(Options::default());
    let page = get(&app, "/person/marie-durand.html?lang=fr", "text/html").await.body;
    // Two releases state the role: one fact with two pieces of evidence.
    assert_eq!(page.matches("<strong>directrice générale</strong>").count(), 2, "role and appointment: {page}");
    assert!(page.contains("Preuve (2)"));
    assert!(page.contains("Auparavant") && page.contains("<strong>présidente</strong>"));
    assert!(page.contains("href=\"/release/presse/nomination.txt#char=0,93\""));
    assert!(page.contains("10 janvier 2022"));
    let page = get(&app, "/organization/valoria.html?lang=fr", "text/html").await.body;
    assert!(page.contains("· partenariat · 5 ans") && !page.contains("P5Y"), "the timeline speaks French: {page}");
    let page = get(&app, "/organization/valoria.html?lang=en", "text/html").await.body;
    for part in [
        "Agreements",
        "Acquisitions",
        "Locations",
        "Figures",
        "12,000,000 EUR",
        "Most connected to",
        "Named in",
        "<title>Saint-Étienne</title>",
        "http://www.wikidata.org/entity/Q1",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[tokio::test]
async fn a_release_shows_its_text_and_lights_the_words_of_facts() {
    let app = app(Options::default());
    let page = get(&app, "/release/presse/accord.txt.html", "text/html").await.body;
    assert!(page.contains("Accord &#60;script&#62;"), "{page}");
    assert!(page.contains("class=\"name person\" href=\"/person/marie-durand\""));
    assert!(page.contains("id=\"role-1\" data-lights=\"67-179 \""));
    assert!(page.contains("data-start=\"0\" data-end=\"10\">Valoria SA</a>"));
}

#[tokio::test]
async fn search_folds_accents_finds_stems_and_beginnings_and_counts() {
    let app = app(Options::default());
    let search = async |query: &str| -> Json {
        let answer = get(&app, &format!("/api/search?{query}"), "application/json").await;
        serde_json::from_str(&answer.body).expect("JSON")
    };
    let first = |json: &Json| json["hits"][0]["iri"].as_str().unwrap_or("").to_owned();
    assert_eq!(first(&search("q=mecaloire").await), "https://pressgraph.example/organization/mecaloire");
    assert_eq!(first(&search("q=Saint-Etien").await), "https://pressgraph.example/place/saint-etienne");
    assert_eq!(first(&search("q=durand+mar").await), "https://pressgraph.example/person/marie-durand");
    // `étudiants` and `étudiante` have one stem.
    assert_eq!(first(&search("q=%C3%A9tudiants").await), "https://pressgraph.example/release/presse/nomination.txt");
    assert_eq!(search("q=valoria&kind=person").await["total"], 0);
    assert_eq!(search("kind=release&from=2023-01-01").await["total"], 2);
    assert_eq!(search("from=2022-01-01&to=2022-12-31").await["total"], 1);
    assert_eq!(search("issuer=valoria").await["total"], 3);
    assert_eq!(search("q=zzzzzz").await["total"], 0);
    assert_eq!(search("from=2022&to=2022-12").await["total"], 1);
    for (wrong, told) in [("kind=firm", "`kind` is one of person,"), ("from=12/03/2024", "`from` is a date such as")] {
        let answer = get(&app, &format!("/api/search?{wrong}"), "*/*").await;
        assert!(answer.status == 400 && answer.body.contains(told), "{wrong}: {} {}", answer.status, answer.body);
    }
    let counts = search("q=valoria&counts=1").await;
    assert_eq!(counts["counts"]["kind"][0]["value"], "release", "{counts}");
    let page = get(&app, "/search?q=partenariat", "text/html").await.body;
    assert!(page.contains("<mark>partenariat</mark>"), "{page}");
}

#[tokio::test]
async fn the_graph_around_an_entity_has_nodes_and_named_edges() {
    let app = app(Options::default());
    let iri = encode("https://pressgraph.example/organization/valoria");
    let answer = get(&app, &format!("/api/graph?iri={iri}&lang=en"), "application/json").await;
    let json: Json = serde_json::from_str(&answer.body).expect("JSON");
    let nodes = json["nodes"].as_array().expect("nodes");
    assert_eq!(nodes[0]["label"], "Valoria SA");
    let edges = json["edges"].as_array().expect("edges");
    let edge = edges.iter().find(|edge| edge["relation"] == "acquisition").expect("the acquisition");
    assert_eq!((edge["status"].as_str(), edge["date"].as_str()), (Some("planned"), Some("2023-06-01")));
    assert_eq!(get(&app, "/api/graph?iri=nonsense", "*/*").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(get(&app, "/api/graph?iri=http%3A%2F%2Fa.example%2F", "*/*").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_pasted_release_is_previewed_and_not_stored() {
    let app = app(Options::default());
    let body = "--B\r\nContent-Disposition: form-data; name=\"lang\"\r\n\r\nen\r\n--B\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n\
        Bricolia grandit <b>\r\n\r\n« Nous irons plus loin avec cette nouvelle usine », déclare Paul Brun, directeur de Bricolia.\r\n--B--\r\n";
    let request =
        Request::post("/preview").header("Content-Type", "multipart/form-data; boundary=B").body(Body::from(body));
    let answer = send(&app, request.expect("a request")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(
        answer.body.contains("Show the extraction") && answer.body.contains("Bricolia grandit &#60;b&#62;"),
        "{}",
        answer.body
    );
    let found = get(&app, "/api/search?q=bricolia", "*/*").await;
    assert!(found.body.contains("\"total\":0"), "{}", found.body);
}

#[tokio::test]
async fn named_queries_are_forms_with_tables_and_exports() {
    let app = app(Options::default());
    let list = get(&app, "/queries?lang=en", "text/html").await.body;
    for query in pressgraph::store::NamedQuery::all().values() {
        assert!(list.contains(&format!("href=\"/queries/{}\"", query.name)), "{}", query.name);
        let page = get(&app, &format!("/queries/{}", query.name), "text/html").await;
        assert_eq!(page.status, StatusCode::OK, "{}", query.name);
        for parameter in &query.parameters {
            assert!(page.body.contains(&format!("name=\"p.{}\"", parameter.name)), "{}", query.name);
        }
    }
    assert_eq!(get(&app, "/queries/none", "text/html").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn tables_of_named_queries_speak_the_language_and_link_releases_by_their_titles() {
    let app = app(Options::default());
    let page = get(&app, "/queries/roles?run=1&p.organisation=valor&lang=fr", "text/html").await.body;
    assert!(page.contains("<th scope=\"col\">Fonction") || page.contains("<th scope=\"col\">Intitulé</th>"), "{page}");
    assert!(page.contains("<td class=\"release\"><a href=\"/release/presse/"), "{page}");
    assert!(!page.contains(">release/presse/"), "no bare addresses: {page}");
    assert!(page.contains("<option value=\"former\">passé</option>"), "{page}");
    // A name that nothing bears, and a missing value.
    let none = get(&app, "/queries/roles?run=1&p.person=zzzz&lang=en", "text/html").await.body;
    assert!(none.contains("No answer"), "{none}");
    let missing = get(&app, "/queries/structure?run=1&lang=fr", "text/html").await.body;
    assert!(missing.contains("Il manque une valeur") && !missing.contains("--param"), "{missing}");
}

#[tokio::test]
async fn names_are_found_without_accents_at_their_beginning_and_within() {
    let app = app(Options::default());
    for words in ["marie%20dur", "DURAND", "arie"] {
        let address = format!("/queries/roles?run=1&p.person={words}&lang=fr");
        let page = get(&app, &address, "text/html").await.body;
        assert!(page.contains("Marie Durand"), "{words}: {page}");
    }
}

#[tokio::test]
async fn exports_find_every_name_with_the_words_within() {
    let app = app(Options::default());
    for words in ["arie%20dur", "DURAND", "uran"] {
        let table = get(&app, &format!("/queries/roles.csv?p.person={words}"), "text/csv").await.body;
        assert!(table.contains("Marie Durand,"), "{words}: {table}");
    }
}

#[tokio::test]
async fn a_question_without_a_name_looks_at_a_part_of_many_releases_and_says_so() {
    let store = Store::in_memory("https://pressgraph.example/").expect("a store");
    let node = |iri: String| oxrdf::NamedNode::new_unchecked(iri);
    let mut insert = Vec::new();
    for number in 0..305 {
        let release = node(format!("https://pressgraph.example/release/r/{number}.txt"));
        let mut say = |predicate: &str, object: oxrdf::Term| {
            insert.push(oxrdf::Quad::new(release.clone(), node(predicate.to_owned()), object, release.clone()));
        };
        let class = node("https://w3id.org/pressgraph/ns#PressRelease".to_owned());
        say("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", class.into());
        let text = |text: String| oxrdf::Literal::new_simple_literal(text).into();
        say("https://w3id.org/pressgraph/ns#contentHash", text(format!("{number}")));
        say("http://purl.org/dc/terms/title", text(format!("Titre {number}")));
    }
    store.apply(Changes { remove: Vec::new(), insert }).expect("loaded");
    let extractor = Arc::new(Extractor::new().expect("the built-in data"));
    let index = Index::open(None).expect("an index");
    let app = App::new(Arc::new(store), index, extractor, Options::default());
    let page = async || get(&app, "/queries/releases?run=1&lang=fr", "text/html").await.body;
    let before = page().await;
    assert!(before.contains("ne tient compte que de 300 communiqués"), "the index is empty: {before}");
    assert!(before.contains("300 réponses"), "{before}");
    app.repair_index().expect("an index in step");
    let after = page().await;
    assert!(after.contains("300 communiqués les plus récents") && after.contains("300 réponses"), "{after}");
    assert_eq!(page().await, after, "kept as it was");
    let table = get(&app, "/queries/releases.csv", "text/csv").await.body;
    assert_eq!(table.lines().count(), 306);
}
