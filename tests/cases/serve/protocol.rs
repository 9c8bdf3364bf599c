//! The SPARQL Protocol, the Graph Store Protocol, limits.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use pressgraph::serve::{App, Options};
use serde_json::Value as Json;

use super::{TOKEN, app, encode, get, send, writable};

async fn post(app: &App, uri: &str, content_type: &str, token: Option<&str>, body: &str) -> super::Answer {
    let mut request = Request::post(uri).header("Content-Type", content_type);
    if let Some(token) = token {
        request = request.header("Authorization", format!("Bearer {token}"));
    }
    send(app, request.body(Body::from(body.to_owned())).expect("a request")).await
}

const NAMES: &str = "SELECT DISTINCT ?name { ?m pg:identity ?p . ?p a foaf:Person ; skos:prefLabel ?name }";

#[tokio::test]
async fn tables_come_in_the_format_asked_for() {
    let app = app(Options::default());
    let uri = format!("/sparql?query={}", encode(NAMES));
    for (accept, content_type, part) in [
        ("application/sparql-results+json", "application/sparql-results+json", "\"value\":\"Marie Durand\""),
        ("application/sparql-results+xml", "application/sparql-results+xml", "<literal xml:lang=\"fr\">Marie Durand"),
        ("text/csv", "text/csv", "name\r\nMarie Durand"),
        ("text/tab-separated-values", "text/tab-separated-values", "\"Marie Durand\"@fr"),
        ("application/json", "application/sparql-results+json", "Marie Durand"),
        ("*/*", "application/sparql-results+json", "Marie Durand"),
    ] {
        let answer = get(&app, &uri, accept).await;
        assert_eq!(answer.status, StatusCode::OK, "{accept}: {}", answer.body);
        assert_eq!(answer.header("content-type"), content_type);
        assert!(answer.body.contains(part), "{accept}: {}", answer.body);
    }
    assert_eq!(get(&app, &uri, "image/png").await.status, StatusCode::NOT_ACCEPTABLE);
}

#[tokio::test]
async fn graphs_come_in_the_format_asked_for() {
    let app = app(Options::default());
    let uri = format!("/sparql?query={}", encode("CONSTRUCT WHERE { ?s pg:partnerOf ?o }"));
    for (accept, part) in [
        ("text/turtle", "pg:partnerOf"),
        ("application/n-triples", "<https://w3id.org/pressgraph/ns#partnerOf>"),
        ("application/rdf+xml", "<rdf:RDF"),
        ("application/ld+json", "\"@id\""),
        ("application/trig", "pg:partnerOf"),
    ] {
        let answer = get(&app, &uri, accept).await;
        assert_eq!(answer.header("content-type"), accept);
        assert!(answer.body.contains(part), "{accept}: {}", answer.body);
    }
}

#[tokio::test]
async fn the_three_ways_to_ask_agree() {
    let app = app(Options::default());
    let by_get = get(&app, &format!("/sparql?query={}", encode(NAMES)), "text/csv").await.body;
    let form = Request::post("/sparql")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Accept", "text/csv")
        .body(Body::from(format!("query={}", encode(NAMES))));
    let direct = Request::post("/sparql")
        .header("Content-Type", "application/sparql-query")
        .header("Accept", "text/csv")
        .body(Body::from(NAMES));
    assert_eq!(send(&app, form.expect("a request")).await.body, by_get);
    assert_eq!(send(&app, direct.expect("a request")).await.body, by_get);
}

#[tokio::test]
async fn graphs_of_the_protocol_narrow_the_dataset() {
    let app = app(Options::default());
    let count = async |extra: &str| {
        let query = encode("SELECT (COUNT(*) AS ?n) { ?role a org:Membership }");
        let answer = get(&app, &format!("/sparql?query={query}{extra}"), "text/csv").await;
        answer.body.lines().nth(1).expect("a row").to_owned()
    };
    let (one, two) = (
        encode("https://pressgraph.example/release/presse/accord.txt"),
        encode("https://pressgraph.example/release/presse/nomination.txt"),
    );
    assert_eq!(count("").await, "3");
    assert_eq!(count(&format!("&default-graph-uri={one}")).await, "1");
    assert_eq!(count(&format!("&default-graph-uri={one}&default-graph-uri={two}")).await, "3");
    assert_eq!(count(&format!("&named-graph-uri={one}")).await, "0");
}

#[tokio::test]
async fn wrong_requests_are_told_why() {
    let app = app(Options::default());
    let malformed = get(&app, &format!("/sparql?query={}", encode("SELECT * {")), "*/*").await;
    assert_eq!(malformed.status, StatusCode::BAD_REQUEST);
    assert!(malformed.body.contains("not valid SPARQL"), "{}", malformed.body);
    let service = encode("SELECT * { SERVICE <http://127.0.0.1:1/sparql> { ?s ?p ?o } }");
    let service = get(&app, &format!("/sparql?query={service}"), "*/*").await;
    assert_eq!(service.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(service.body.contains("service"), "{}", service.body);
    let put = Request::put("/sparql").body(Body::empty()).expect("a request");
    let put = send(&app, put).await;
    assert_eq!((put.status, put.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET, HEAD, POST, OPTIONS"));
}

#[tokio::test]
async fn the_service_describes_itself_and_sends_browsers_to_the_editor() {
    let app = app(Options::default());
    let description = get(&app, "/sparql", "text/turtle").await;
    assert!(description.body.contains("sparql-service-description#UnionDefaultGraph"), "{}", description.body);
    assert!(!description.body.contains("SPARQL11Update"));
    let browser = get(&app, "/sparql", "text/html,application/xhtml+xml,*/*;q=0.8").await;
    assert_eq!((browser.status, browser.header("location")), (StatusCode::SEE_OTHER, "/editor"));
}

#[tokio::test]
async fn updates_need_a_writable_server_and_the_token() {
    let update = "INSERT DATA { GRAPH <http://a.example/g> { <http://a.example/s> <http://a.example/p> 1 } }";
    let kind = "application/sparql-update";
    let closed = app(Options::default());
    assert_eq!(post(&closed, "/sparql", kind, Some(TOKEN), update).await.status, StatusCode::FORBIDDEN);
    let open = app(writable());
    let anonymous = post(&open, "/sparql", kind, None, update).await;
    assert_eq!((anonymous.status, anonymous.header("www-authenticate")), (StatusCode::UNAUTHORIZED, "Bearer"));
    assert_eq!(post(&open, "/sparql", kind, Some("test-tokeN"), update).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(post(&open, "/sparql", kind, Some(TOKEN), update).await.status, StatusCode::NO_CONTENT);
    let ask = encode("ASK { <http://a.example/s> ?p 1 }");
    assert!(get(&open, &format!("/sparql?query={ask}"), "*/*").await.body.contains("true"));
    assert_eq!(post(&open, "/sparql", kind, Some(TOKEN), "INSERT nothing").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_is_derived_follows_an_update_and_is_not_written_by_one() {
    let app = app(writable());
    let kind = "application/sparql-update";
    let refused = [
        "INSERT DATA { GRAPH <https://pressgraph.example/graph/identity> { <http://a.example/s> pg:identity <http://a.example/o> } }",
        "CLEAR GRAPH <https://pressgraph.example/graph/decisions>",
        "DROP ALL",
        "INSERT DATA { <http://a.example/s> <http://a.example/p> 1 }",
        "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "LOAD <http://a.example/x.ttl> INTO GRAPH <http://a.example/g>",
    ];
    for update in refused {
        let answer = post(&app, "/sparql", kind, Some(TOKEN), update).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{update}: {}", answer.body);
    }
    let add = "INSERT DATA { GRAPH <http://a.example/r> {
        <http://a.example/r> dct:title \"Une note\" ; pg:contentHash \"1\" ; nif:isString \"Zoé Valtier arrive.\" .
        <http://a.example/r#person-1> a foaf:Person ; skos:prefLabel \"Zoé Valtier\" } }";
    let added = post(&app, "/sparql", kind, Some(TOKEN), add).await;
    assert_eq!(added.status, StatusCode::NO_CONTENT, "{}", added.body);
    let ask = encode("ASK { <http://a.example/r#person-1> pg:identity/skos:prefLabel \"Zoé Valtier\" }");
    assert!(get(&app, &format!("/sparql?query={ask}"), "*/*").await.body.contains("true"));
    assert!(get(&app, "/api/search?q=valtier&kind=person", "*/*").await.body.contains("\"total\":1"));
    assert!(get(&app, "/api/search?q=valtier&kind=release", "*/*").await.body.contains("\"total\":1"));
    let drop = post(&app, "/sparql", kind, Some(TOKEN), "DROP GRAPH <http://a.example/r>").await;
    assert_eq!(drop.status, StatusCode::NO_CONTENT, "{}", drop.body);
    assert!(get(&app, &format!("/sparql?query={ask}"), "*/*").await.body.contains("false"));
    assert!(get(&app, "/api/search?q=valtier", "*/*").await.body.contains("\"total\":0"));
}

#[tokio::test]
async fn a_query_is_stopped_when_its_time_is_over() {
    let app = app(Options { timeout: Duration::from_millis(300), ..Options::default() });
    let query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?i) }";
    let began = Instant::now();
    let answer = get(&app, &format!("/sparql?query={}", encode(query)), "*/*").await;
    assert_eq!(answer.status, StatusCode::GATEWAY_TIMEOUT, "{}", answer.body);
    assert!(began.elapsed() < Duration::from_secs(20), "stopped after {:?}", began.elapsed());
    assert!(get(&app, "/metrics", "*/*").await.body.contains("pressgraph_queries_timed_out_total 1"));
}

#[tokio::test]
async fn a_client_that_goes_away_stops_its_query() {
    let app = app(Options { max_queries: 1, ..Options::default() });
    let query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?i) }";
    let uri = format!("/sparql?query={}", encode(query));
    let gone = tokio::time::timeout(Duration::from_millis(200), get(&app, &uri, "*/*")).await;
    assert!(gone.is_err(), "the query was too quick for this test");
    // The only turn is free again long before the time limit of 30 s.
    let ask = format!("/sparql?query={}", encode("ASK {}"));
    let next = get(&app, &ask, "*/*");
    let next = tokio::time::timeout(Duration::from_secs(20), next).await.expect("the turn was given back");
    assert_eq!(next.status, StatusCode::OK);
    assert!(get(&app, "/metrics", "*/*").await.body.contains("pressgraph_queries_cancelled_total 1"));
}

#[tokio::test]
async fn past_the_limit_of_queries_comes_503_with_retry_after() {
    let options = Options { max_queries: 1, max_waiting: 1, patience: Duration::from_millis(50), ..Options::default() };
    let app = app(options);
    let _running = app.query_permit().await.expect("the only turn");
    let answer = get(&app, &format!("/sparql?query={}", encode("ASK {}")), "*/*").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("retry-after"), "2");
}

#[tokio::test]
async fn too_many_results_are_an_error_and_not_a_part() {
    let app = app(Options { max_results: 5, ..Options::default() });
    let answer = get(&app, &format!("/sparql?query={}", encode("SELECT * { ?s ?p ?o }")), "text/csv").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.body.contains("more than 5 results"), "{}", answer.body);
}

#[tokio::test]
async fn a_long_answer_comes_whole() {
    let app = app(Options::default());
    // Three megabytes: past what is sent in one piece.
    let query = "SELECT ?a ?text { ?a ?b ?c . ?d ?e ?f . ?r nif:isString ?text } LIMIT 12000";
    let answer = get(&app, &format!("/sparql?query={}", encode(query)), "application/sparql-results+json").await;
    let json: Json = serde_json::from_str(&answer.body).expect("whole JSON");
    assert_eq!(json["results"]["bindings"].as_array().map(Vec::len), Some(12_000));
    assert!(answer.body.len() > 1 << 20);
}

#[tokio::test]
async fn graphs_are_read_and_with_the_token_written() {
    let app = app(writable());
    let release = encode("https://pressgraph.example/release/presse/accord.txt");
    let read = get(&app, &format!("/store?graph={release}"), "application/n-triples").await;
    assert_eq!(read.status, StatusCode::OK);
    assert!(read.body.lines().count() > 40 && !read.body.contains("nomination.txt"));
    assert_eq!(get(&app, "/store?graph=http%3A%2F%2Fa.example%2Fnone", "*/*").await.status, StatusCode::NOT_FOUND);
    assert_eq!(get(&app, "/store", "*/*").await.status, StatusCode::BAD_REQUEST);
    assert!(get(&app, "/store?default", "text/turtle").await.body.contains("nomination.txt"));
    let put = |token: &str| {
        Request::put("/store?graph=http%3A%2F%2Fa.example%2Fg")
            .header("Content-Type", "text/turtle")
            .header("Authorization", format!("Bearer {token}"))
            .body(Body::from("<http://a.example/s> <http://a.example/p> \"o\" ."))
            .expect("a request")
    };
    assert_eq!(send(&app, put("wrong")).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(send(&app, put(TOKEN)).await.status, StatusCode::CREATED);
    assert_eq!(send(&app, put(TOKEN)).await.status, StatusCode::NO_CONTENT);
    assert!(get(&app, "/store?graph=http%3A%2F%2Fa.example%2Fg", "text/turtle").await.body.contains("\"o\""));
}

#[tokio::test]
async fn health_metrics_cors_and_security_headers_are_there() {
    let app = app(Options { cors: vec!["https://team.example".to_owned()], ..Options::default() });
    assert_eq!(get(&app, "/healthz", "*/*").await.body, "ok\n");
    let metrics = get(&app, "/metrics", "*/*").await;
    assert!(metrics.header("content-type").starts_with("application/openmetrics-text"));
    assert!(metrics.body.contains("pressgraph_releases 3"), "{}", metrics.body);
    assert!(metrics.body.contains("route=\"/healthz\""));
    let from = |origin: &str| Request::get("/sparql").header("Origin", origin).body(Body::empty()).expect("a request");
    let friend = send(&app, from("https://team.example")).await;
    assert_eq!(friend.header("access-control-allow-origin"), "https://team.example");
    assert_eq!(send(&app, from("https://other.example")).await.header("access-control-allow-origin"), "");
    let policy = friend.header("content-security-policy");
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
}
