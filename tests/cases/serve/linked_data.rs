//! Every IRI under the base leads to a page and to RDF.

use axum::http::StatusCode;
use oxrdfio::{RdfFormat, RdfParser};
use pressgraph::serve::Options;

use super::{app, encode, get};

#[tokio::test]
async fn a_thing_leads_on_to_the_document_that_the_client_wants() {
    let app = app(Options::default());
    for (accept, suffix) in [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "html"),
        ("text/turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "rdf"),
    ] {
        let answer = get(&app, "/person/marie-durand", accept).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.header("location"), format!("/person/marie-durand.{suffix}"));
        assert!(answer.headers.get_all("vary").iter().any(|value| value == "Accept"));
    }
}

#[tokio::test]
async fn documents_are_rdf_that_parses_and_link_to_each_other() {
    let app = app(Options::default());
    for (suffix, format) in
        [("ttl", RdfFormat::Turtle), ("nt", RdfFormat::NTriples), ("rdf", RdfFormat::RdfXml), ("trig", RdfFormat::TriG)]
    {
        for path in ["/organization/valoria", "/release/presse/accord.txt", "/graph/identity"] {
            let answer = get(&app, &format!("{path}.{suffix}"), "*/*").await;
            assert_eq!(answer.status, StatusCode::OK, "{path}.{suffix}");
            let quads: Result<Vec<_>, _> = RdfParser::from_format(format).for_slice(&answer.body).collect();
            assert!(quads.expect("valid RDF").len() > 10, "{path}.{suffix}");
            let link = answer.header("link");
            assert!(link.contains(&format!("<https://pressgraph.example{path}>; rel=\"describes\"")), "{link}");
            assert!(link.contains(&format!("<{path}.ttl>; rel=\"alternate\"; type=\"text/turtle\"")), "{link}");
        }
    }
}

#[tokio::test]
async fn things_outside_the_base_and_fragments_have_pages_too() {
    let app = app(Options::default());
    let release = encode("https://www.valoria.example/actualites/usine");
    let page = get(&app, &format!("/resource?iri={release}"), "text/html").await;
    assert!(page.body.contains("<h1>Valoria ouvre une usine à Saint-Étienne</h1>"), "{}", page.body);
    let fragment = encode("https://www.valoria.example/actualites/usine#organization-1");
    let page = get(&app, &format!("/resource?iri={fragment}"), "text/html").await;
    assert!(page.body.contains("<h1>Valoria SA</h1>"));
    let turtle = get(&app, &format!("/resource?iri={release}&format=ttl"), "text/html").await;
    assert_eq!(turtle.header("content-type"), "text/turtle");
    let role = get(&app, "/role/directeur-general.html", "text/html").await;
    assert_eq!(role.status, StatusCode::OK);
}

#[tokio::test]
async fn the_unknown_is_404() {
    let app = app(Options::default());
    for path in ["/person/nobody", "/person/nobody.ttl", "/../etc/passwd", "/person/%00", "/favicon.ico"] {
        assert_eq!(get(&app, path, "text/html").await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(get(&app, "/person/marie-durand", "image/png").await.status, StatusCode::NOT_ACCEPTABLE);
}
