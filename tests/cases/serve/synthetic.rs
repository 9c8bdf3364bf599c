//! A large store of made-up releases, to measure the server on (`scripts/measure-load`).

use std::path::Path;

use oxrdf::{Literal, NamedNode, Quad, Term};
use pressgraph::store::{Changes, Store};

const SYLLABLES: [&str; 24] = [
    "bal", "cor", "dan", "fer", "gal", "hel", "jor", "kel", "lan", "mar", "nor", "pel", "quen", "rac", "sol", "tor",
    "val", "zer", "bri", "cla", "dre", "fla", "gri", "pla",
];

/// A made-up name from a number; different numbers give different names.
fn name(mut number: usize) -> String {
    let mut out = String::new();
    for _ in 0..4 {
        out.push_str(SYLLABLES[number % SYLLABLES.len()]);
        number /= SYLLABLES.len();
    }
    out[..1].to_uppercase() + &out[1..]
}

/// The quads of a release in the making.
struct Builder {
    quads: Vec<Quad>,
    graph: NamedNode,
}

impl Builder {
    fn add(&mut self, subject: &str, predicate: &str, object: impl Into<Term>) {
        let (prefix, local) = predicate.split_once(':').expect("a prefixed name");
        let namespace = match prefix {
            "pg" => "https://w3id.org/pressgraph/ns#",
            "org" => "http://www.w3.org/ns/org#",
            "schema" => "https://schema.org/",
            "skos" => "http://www.w3.org/2004/02/skos/core#",
            "dct" => "http://purl.org/dc/terms/",
            "prov" => "http://www.w3.org/ns/prov#",
            "nif" => "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
            "itsrdf" => "http://www.w3.org/2005/11/its/rdf#",
            _ => "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        };
        let predicate = NamedNode::new_unchecked(format!("{namespace}{local}"));
        self.quads.push(Quad::new(NamedNode::new_unchecked(subject), predicate, object, self.graph.clone()));
    }

    fn words(&mut self, subject: &str, predicate: &str, words: &str) {
        self.add(subject, predicate, Literal::new_simple_literal(words));
    }

    fn class(&mut self, subject: &str, class: &str) {
        self.add(subject, "rdf:type", NamedNode::new_unchecked(class));
    }

    fn node(&mut self, subject: &str, predicate: &str, object: &str) {
        self.add(subject, predicate, NamedNode::new_unchecked(object));
    }

    fn provenance(&mut self, fact: &str, sentence: &str, status: &str) {
        self.node(fact, "prov:wasDerivedFrom", sentence);
        self.words(fact, "pg:rule", "synthetic/rule");
        self.words(fact, "pg:confidence", "0.9");
        self.words(fact, "pg:status", status);
    }
}

const BASE: &str = "https://pressgraph.example/";

/// The quads of release `number`, with the entities it joins. A few organisations are in very many releases.
fn release(number: usize) -> (Vec<Quad>, Vec<(String, String, String)>) {
    let iri = format!("{BASE}release/synthetic/{number}");
    let mut b = Builder { quads: Vec::with_capacity(90), graph: NamedNode::new_unchecked(iri.as_str()) };
    let mixed = number.wrapping_mul(2_654_435_761) >> 3;
    let organization = |k: usize| if number % 3 == k { mixed % 25 } else { 25 + (mixed / (k + 1)) % 20_000 };
    let (a, c) = (organization(0), organization(1) + 1);
    let (p, q, place) = (mixed % 60_000, (mixed / 7) % 60_000, mixed % 400);
    let person = |n: usize| format!("{} {}", name(n % 300), name(n / 3 + 900));
    let date = format!("{}-{:02}-{:02}", 2005 + number % 20, 1 + number % 12, 1 + number % 28);
    let (an, cn, pn, qn, town) =
        (name(a), name(c), person(p), person(q), format!("{}-sur-{}", name(place), name(place + 7)));
    let sentences = [
        format!("{an} et {cn} ont signé un accord de coopération à {town} pour une durée de cinq ans."),
        format!("{pn}, directeur général de {an}, se réjouit de cette nouvelle étape."),
        format!("« Nous sommes fiers de travailler avec {cn} », a déclaré {qn}, présidente de {cn}."),
        format!("L'usine de {town} emploie {} personnes et fabrique des pompes industrielles.", 50 + number % 900),
    ];
    let text = sentences.join("\n\n");
    for class in ["https://schema.org/NewsArticle", "https://w3id.org/pressgraph/ns#PressRelease"] {
        b.class(&iri, class);
    }
    b.words(&iri, "dct:title", &format!("{an} et {cn} s'allient à {town}"));
    let xsd_date = NamedNode::new_unchecked("http://www.w3.org/2001/XMLSchema#date");
    b.add(&iri, "dct:issued", Literal::new_typed_literal(date, xsd_date));
    b.words(&iri, "dct:language", "fr");
    b.words(&iri, "dct:source", &format!("synthetic/{number}"));
    b.words(&iri, "nif:isString", &text);
    b.words(&iri, "pg:contentHash", &format!("h{number}"));
    let entities = [
        ("organization-1", "http://www.w3.org/ns/org#Organization", an, format!("organization/s{a}")),
        ("organization-2", "http://www.w3.org/ns/org#Organization", cn, format!("organization/s{c}")),
        ("person-1", "http://xmlns.com/foaf/0.1/Person", pn, format!("person/s{p}")),
        ("person-2", "http://xmlns.com/foaf/0.1/Person", qn, format!("person/s{q}")),
        ("place-1", "https://schema.org/Place", town, format!("place/s{place}")),
    ];
    b.node(&iri, "dct:publisher", &format!("{iri}#organization-1"));
    let mut joined = Vec::new();
    for (id, class, label, entity) in &entities {
        let local = format!("{iri}#{id}");
        b.class(&local, class);
        b.words(&local, "skos:prefLabel", label);
        if let Some(at) = text.find(label.as_str()) {
            let start = text[..at].chars().count();
            b.node(&format!("{iri}#char={start},{}", start + label.chars().count()), "itsrdf:taIdentRef", &local);
        }
        joined.push((local, format!("{BASE}{entity}"), label.clone()));
    }
    let mut at = 0;
    let places: Vec<String> = sentences
        .iter()
        .map(|sentence| {
            let end = at + sentence.chars().count();
            let place = format!("{iri}#char={at},{end}");
            at = end + 2;
            place
        })
        .collect();
    for (place, sentence) in places.iter().zip(&sentences) {
        b.class(place, "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#Sentence");
        b.words(place, "nif:anchorOf", sentence);
    }
    let local = |id: &str| format!("{iri}#{id}");
    let fact = local("agreement-1");
    b.class(&fact, "https://w3id.org/pressgraph/ns#Agreement");
    b.node(&fact, "pg:party", &local("organization-1"));
    b.node(&fact, "pg:party", &local("organization-2"));
    b.words(&fact, "pg:kind", "collaboration");
    b.provenance(&fact, &places[0], "current");
    b.node(&local("organization-1"), "pg:partnerOf", &local("organization-2"));
    for (id, person, body, title, sentence) in [
        ("role-1", "person-1", "organization-1", "directeur général", 1),
        ("role-2", "person-2", "organization-2", "présidente", 2),
    ] {
        let fact = local(id);
        b.class(&fact, "http://www.w3.org/ns/org#Membership");
        b.node(&fact, "org:member", &local(person));
        b.node(&fact, "org:organization", &local(body));
        b.words(&fact, "pg:title", title);
        b.provenance(&fact, &places[sentence], if number.is_multiple_of(5) { "former" } else { "current" });
        b.node(&local(person), "org:memberOf", &local(body));
    }
    let fact = local("located_in-1");
    b.class(&fact, "https://w3id.org/pressgraph/ns#Location");
    b.node(&fact, "pg:located", &local("organization-1"));
    b.node(&fact, "pg:place", &local("place-1"));
    b.provenance(&fact, &places[3], "current");
    let fact = local("quote-1");
    b.class(&fact, "https://schema.org/Quotation");
    b.node(&fact, "schema:creator", &local("person-2"));
    b.words(&fact, "schema:text", "Nous sommes fiers de travailler avec vous");
    b.provenance(&fact, &places[2], "current");
    (b.quads, joined)
}

/// `PRESSGRAPH_SYNTHETIC=FOLDER,RELEASES cargo test --test main make_a_large_store -- --ignored`
#[test]
#[ignore = "makes a store of many gigabytes where told to"]
fn make_a_large_store() {
    let told = std::env::var("PRESSGRAPH_SYNTHETIC").expect("PRESSGRAPH_SYNTHETIC=FOLDER,RELEASES");
    let (folder, count) = told.split_once(',').expect("a folder and a number");
    let count: usize = count.parse().expect("a number");
    let store = Store::create(Path::new(folder), BASE).expect("a store");
    let mut labels = std::collections::BTreeMap::new();
    let identity = format!("{BASE}graph/identity");
    for start in (0..count).step_by(10_000) {
        let mut insert = Vec::new();
        let mut b = Builder { quads: Vec::new(), graph: NamedNode::new_unchecked(identity.as_str()) };
        for number in start..count.min(start + 10_000) {
            let (quads, joined) = release(number);
            insert.extend(quads);
            for (local, entity, label) in joined {
                b.node(&local, "pg:identity", &entity);
                labels.insert(entity, label);
            }
        }
        insert.append(&mut b.quads);
        store.apply(Changes { remove: Vec::new(), insert }).expect("loaded");
        println!("{start}");
    }
    let mut b = Builder { quads: Vec::new(), graph: NamedNode::new_unchecked(identity) };
    for (entity, label) in labels {
        b.words(&entity, "skos:prefLabel", &label);
    }
    store.apply(Changes { remove: Vec::new(), insert: b.quads }).expect("loaded");
    store.flush().expect("flushed");
}
