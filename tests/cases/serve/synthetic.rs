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
const ORGANIZATION: &str = "http://www.w3.org/ns/org#Organization";
const PERSON: &str = "http://xmlns.com/foaf/0.1/Person";
const PLACE: &str = "https://schema.org/Place";

/// What a release tells: numbers of its organisations, people and place, which few or many releases have in common.
struct Story {
    number: usize,
    organizations: [usize; 2],
    people: [usize; 2],
    place: usize,
}

impl Story {
    /// A few organisations are in very many releases.
    fn new(number: usize) -> Self {
        let mixed = number.wrapping_mul(2_654_435_761) >> 3;
        let organization = |k: usize| if number % 3 == k { mixed % 25 } else { 25 + (mixed / (k + 1)) % 20_000 };
        Self {
            number,
            organizations: [organization(0), organization(1) + 1],
            people: [mixed % 60_000, (mixed / 7) % 60_000],
            place: mixed % 400,
        }
    }

    /// The entities: identifier in the release, class, name, and the path of the joined entity.
    fn entities(&self) -> [(&'static str, &'static str, String, String); 5] {
        let organization = |n: usize| (ORGANIZATION, name(n), format!("organization/s{n}"));
        let person = |n: usize| (PERSON, format!("{} {}", name(n % 300), name(n / 3 + 900)), format!("person/s{n}"));
        let town = format!("{}-sur-{}", name(self.place), name(self.place + 7));
        let place = (PLACE, town, format!("place/s{}", self.place));
        let with = |id: &'static str, (class, name, path)| (id, class, name, path);
        [
            with("organization-1", organization(self.organizations[0])),
            with("organization-2", organization(self.organizations[1])),
            with("person-1", person(self.people[0])),
            with("person-2", person(self.people[1])),
            with("place-1", place),
        ]
    }

    fn sentences(&self) -> [String; 4] {
        let [an, cn, pn, qn, town] = self.entities().map(|(_, _, name, _)| name);
        [
            format!("{an} et {cn} ont signé un accord de coopération à {town} pour une durée de cinq ans."),
            format!("{pn}, directeur général de {an}, se réjouit de cette nouvelle étape."),
            format!("« Nous sommes fiers de travailler avec {cn} », a déclaré {qn}, présidente de {cn}."),
            format!(
                "L'usine de {town} emploie {} personnes et fabrique des pompes industrielles.",
                50 + self.number % 900
            ),
        ]
    }
}

/// The quads of release `number`, with the entities it joins: in the release, joined, name.
fn release(number: usize) -> (Vec<Quad>, Vec<(String, String, String)>) {
    let story = Story::new(number);
    let iri = format!("{BASE}release/synthetic/{number}");
    let mut b = Builder { quads: Vec::with_capacity(90), graph: NamedNode::new_unchecked(iri.as_str()) };
    let text = story.sentences().join("\n\n");
    add_description(&mut b, &iri, &story, &text);
    let mut joined = Vec::new();
    for (id, class, label, entity) in story.entities() {
        let local = format!("{iri}#{id}");
        b.class(&local, class);
        b.words(&local, "skos:prefLabel", &label);
        if let Some(at) = text.find(label.as_str()) {
            let start = text[..at].chars().count();
            b.node(&format!("{iri}#char={start},{}", start + label.chars().count()), "itsrdf:taIdentRef", &local);
        }
        joined.push((local, format!("{BASE}{entity}"), label));
    }
    let mut at = 0;
    let places = story.sentences().map(|sentence| {
        let end = at + sentence.chars().count();
        let place = format!("{iri}#char={at},{end}");
        b.class(&place, "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#Sentence");
        b.words(&place, "nif:anchorOf", &sentence);
        at = end + 2;
        place
    });
    add_facts(&mut b, &iri, number, &places);
    (b.quads, joined)
}

/// What a release is: title, date, text.
fn add_description(b: &mut Builder, iri: &str, story: &Story, text: &str) {
    let number = story.number;
    for class in ["https://schema.org/NewsArticle", "https://w3id.org/pressgraph/ns#PressRelease"] {
        b.class(iri, class);
    }
    let [(_, _, first, _), (_, _, second, _), _, _, (_, _, town, _)] = story.entities();
    b.words(iri, "dct:title", &format!("{first} et {second} s'allient à {town}"));
    let date = format!("{}-{:02}-{:02}", 2005 + number % 20, 1 + number % 12, 1 + number % 28);
    let xsd_date = NamedNode::new_unchecked("http://www.w3.org/2001/XMLSchema#date");
    b.add(iri, "dct:issued", Literal::new_typed_literal(date, xsd_date));
    b.words(iri, "dct:language", "fr");
    b.words(iri, "dct:source", &format!("synthetic/{number}"));
    b.words(iri, "nif:isString", text);
    b.words(iri, "pg:contentHash", &format!("h{number}"));
    b.node(iri, "dct:publisher", &format!("{iri}#organization-1"));
}

/// The facts that the sentences at `places` state.
fn add_facts(b: &mut Builder, iri: &str, number: usize, places: &[String; 4]) {
    let local = |id: &str| format!("{iri}#{id}");
    let fact = local("agreement-1");
    b.class(&fact, "https://w3id.org/pressgraph/ns#Agreement");
    b.node(&fact, "pg:party", &local("organization-1"));
    b.node(&fact, "pg:party", &local("organization-2"));
    b.words(&fact, "pg:kind", "collaboration");
    b.provenance(&fact, &places[0], "current");
    b.node(&local("organization-1"), "pg:partnerOf", &local("organization-2"));
    for (id, person, body, title, sentence) in [
        ("role-1", "person-1", "organization-1", "directeur général", &places[1]),
        ("role-2", "person-2", "organization-2", "présidente", &places[2]),
    ] {
        let fact = local(id);
        b.class(&fact, "http://www.w3.org/ns/org#Membership");
        b.node(&fact, "org:member", &local(person));
        b.node(&fact, "org:organization", &local(body));
        b.words(&fact, "pg:title", title);
        b.provenance(&fact, sentence, if number.is_multiple_of(5) { "former" } else { "current" });
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
