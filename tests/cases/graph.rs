//! RDF: golden Turtle, serialisations that an independent parser reads, shapes that an independent
//! validator checks.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use oxrdf::{NamedNode, NamedOrBlankNode, Quad, Term};
use pressgraph::graph::{MentionStyle, Options, RdfFormat, Serializer, masculine, release_iri};
use pressgraph::read::{Release, Source};

use crate::golden;

fn serialized(quads: &[Quad], format: RdfFormat) -> String {
    let mut serializer = Serializer::new(format, Vec::new()).expect("memory takes all");
    serializer.write(quads).expect("memory takes all");
    String::from_utf8(serializer.finish().expect("memory takes all")).expect("RDF is UTF-8")
}

fn objects(quads: &[Quad], subject_end: &str, predicate_end: &str) -> Vec<String> {
    let found = quads.iter().filter(|quad| {
        quad.subject.to_string().ends_with(&format!("{subject_end}>"))
            && quad.predicate.as_str().ends_with(predicate_end)
    });
    found.map(|quad| quad.object.to_string()).collect()
}

#[test]
fn golden_turtle() {
    let quads = golden::quads("levee-biosylve", &golden::options());
    golden::check("levee-biosylve.ttl", &serialized(&quads, RdfFormat::Turtle));
}

#[test]
fn the_graph_has_no_blank_nodes_and_is_the_same_each_time() {
    for name in golden::NAMES {
        let quads = golden::quads(name, &golden::options());
        assert_eq!(quads, golden::quads(name, &golden::options()));
        let named = |quad: &Quad| {
            matches!(quad.subject, NamedOrBlankNode::NamedNode(_)) && !matches!(quad.object, Term::BlankNode(_))
        };
        assert!(quads.iter().all(named));
        let distinct: BTreeSet<String> = quads.iter().map(ToString::to_string).collect();
        assert_eq!(distinct.len(), quads.len(), "each quad once");
        let iri = format!("<https://pressgraph.example/release/golden/{name}.txt>");
        assert!(quads.iter().all(|quad| quad.graph_name.to_string() == iri));
    }
}

#[test]
fn amounts_dates_and_durations_are_typed() {
    let quads = golden::quads("levee-biosylve", &golden::options());
    assert_eq!(
        objects(&quads, "#investment-1-amount", "/value"),
        ["\"8000000\"^^<http://www.w3.org/2001/XMLSchema#decimal>"]
    );
    assert_eq!(objects(&quads, "#investment-1-amount", "/currency"), ["\"EUR\""]);
    assert_eq!(objects(&quads, "#founded-1", "/startDate"), ["\"2019\"^^<http://www.w3.org/2001/XMLSchema#gYear>"]);
    let sanofi = golden::quads("sanofi-oncopole", &golden::options());
    assert_eq!(objects(&sanofi, "#agreement-1", "#duration"), ["\"P3Y\"^^<http://www.w3.org/2001/XMLSchema#duration>"]);
}

#[test]
fn nif_adds_offsets_in_code_points() {
    let (release, _) = golden::release("sanofi-oncopole");
    let options = Options { mentions: MentionStyle::Nif, ..golden::options() };
    let quads = golden::quads("sanofi-oncopole", &options);
    let text: Vec<char> = release.text.replace("\r\n", "\n").chars().collect();
    let mut checked = 0;
    for quad in quads.iter().filter(|quad| quad.predicate.as_str().ends_with("#anchorOf")) {
        let subject = quad.subject.to_string();
        let (_, offsets) = subject.trim_end_matches('>').split_once("#char=").expect("a stretch of the text");
        let (start, end) = offsets.split_once(',').expect("two offsets");
        let (start, end): (usize, usize) = (start.parse().expect("a number"), end.parse().expect("a number"));
        let words: String = text[start..end].iter().collect();
        let Term::Literal(anchor) = &quad.object else { panic!("words are a literal") };
        assert_eq!(anchor.value(), words);
        checked += 1;
    }
    assert!(checked > 20, "only {checked} stretches");
}

#[test]
fn releases_are_named_by_their_source_and_not_by_their_text() {
    let release = |collection: &str, path: &str, url: Option<&str>| {
        let url = url.map(str::to_owned);
        let source = Source { collection: collection.to_owned(), path: path.to_owned(), url };
        release_iri("https://pressgraph.example/", &Release { source, ..Release::default() }).into_string()
    };
    assert_eq!(release("a b", "é/1.txt", None), "https://pressgraph.example/release/a%20b/%C3%A9/1.txt");
    assert_eq!(release("a", "b", Some("https://valoria.example/cp/1")), "https://valoria.example/cp/1");
    assert!(NamedNode::new(release("..", "<x> y#z?", None)).is_ok());
    assert_ne!(release("a", "..", None), release("a", "", None));
    assert_eq!(masculine("Directrice générale"), "directeur général");
}

/// Python with rdflib and pyshacl, in a folder of the target: made once.
static PYTHON: LazyLock<PathBuf> = LazyLock::new(|| {
    let venv = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("venv");
    let python = venv.join("bin/python");
    let works = || Command::new(&python).args(["-c", "import rdflib, pyshacl"]).status().is_ok_and(|s| s.success());
    if !works() {
        let made = Command::new("python3").args(["-m", "venv"]).arg(&venv).status().expect("python3 runs");
        assert!(made.success(), "python3 -m venv: run scripts/setup");
        let pip = ["-m", "pip", "install", "-q", "rdflib==7.1.4", "pyshacl==0.30.1"];
        let installed = Command::new(&python).args(pip).status().expect("pip runs");
        assert!(installed.success(), "pip install rdflib pyshacl: is PyPI reachable?");
    }
    python
});

fn python(script: &str, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(&*PYTHON).args(["-c", script]).args(arguments).output().expect("python runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), text)
}

#[test]
fn rdflib_counts_the_same_triples_in_every_serialisation() {
    let folder = tempfile::tempdir().expect("a folder");
    for style in [MentionStyle::Short, MentionStyle::Nif] {
        let options = Options { mentions: style, ..golden::options() };
        let quads: Vec<Quad> = golden::NAMES.iter().flat_map(|name| golden::quads(name, &options)).collect();
        let triples: BTreeSet<String> =
            quads.iter().map(|q| format!("{} {} {}", q.subject, q.predicate, q.object)).collect();
        for (name, format, expected) in [
            ("turtle", RdfFormat::Turtle, triples.len()),
            ("trig", RdfFormat::TriG, quads.len()),
            ("nquads", RdfFormat::NQuads, quads.len()),
            ("json-ld", RdfFormat::JsonLd, quads.len()),
        ] {
            let file = folder.path().join(name);
            std::fs::write(&file, serialized(&quads, format)).expect("a file");
            let script = "import rdflib, sys\nd = rdflib.Dataset() if sys.argv[2] != 'turtle' else rdflib.Graph()\n\
                d.parse(sys.argv[1], format=sys.argv[2])\nprint(len(list(d.quads())) if sys.argv[2] != 'turtle' else len(d))";
            let (ok, text) = python(script, &[file.to_str().expect("a path"), name]);
            assert!(ok, "{name}: {text}");
            assert_eq!(text.trim().lines().last(), Some(expected.to_string().as_str()), "{name}: {text}");
        }
    }
}

const VALIDATE: &str = "import rdflib, pyshacl, sys\ndata = rdflib.Graph().parse(sys.argv[1], format='turtle')\n\
    conforms, _, text = pyshacl.validate(data, shacl_graph=rdflib.Graph().parse(sys.argv[2]), inference='none')\n\
    print(text)\nsys.exit(0 if conforms else 1)";

#[test]
fn pyshacl_passes_the_golden_graph_and_fails_broken_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    let shapes = golden::path("data/shapes.ttl");
    let options = Options { mentions: MentionStyle::Nif, ..golden::options() };
    let quads: Vec<Quad> = golden::NAMES.iter().flat_map(|name| golden::quads(name, &options)).collect();
    let validate = |name: &str, quads: &[Quad]| {
        let file = folder.path().join(name);
        std::fs::write(&file, serialized(quads, RdfFormat::Turtle)).expect("a file");
        python(VALIDATE, &[file.to_str().expect("a path"), shapes.to_str().expect("a path")])
    };
    let (ok, text) = validate("golden.ttl", &quads);
    assert!(ok, "{text}");
    for missing in ["#prefLabel", "#wasDerivedFrom", "#isString", "/currency", "#member", "#anchorOf"] {
        let broken: Vec<Quad> =
            quads.iter().filter(|quad| !quad.predicate.as_str().ends_with(missing)).cloned().collect();
        assert!(broken.len() < quads.len(), "{missing} is in the graph");
        let (ok, text) = validate("broken.ttl", &broken);
        assert!(!ok && text.contains("Conforms: False"), "without {missing}: {text}");
    }
}

#[test]
fn the_ontology_declares_every_term_that_is_written() {
    let ontology = std::fs::read_to_string(golden::path("data/ontology.ttl")).expect("the ontology");
    let options = Options { mentions: MentionStyle::Nif, ..golden::options() };
    let mut terms = BTreeSet::new();
    for quad in golden::NAMES.iter().flat_map(|name| golden::quads(name, &options)) {
        terms.insert(quad.predicate.into_string());
        if let Term::NamedNode(object) = quad.object {
            terms.insert(object.into_string());
        }
    }
    let own: Vec<&str> = terms.iter().filter_map(|term| term.strip_prefix("https://w3id.org/pressgraph/ns#")).collect();
    assert!(own.len() > 20, "{own:?}");
    for term in own {
        let (_, declared) = ontology.split_once(&format!("\npg:{term} a ")).unwrap_or_else(|| panic!("pg:{term}"));
        let declared = declared.split_once(" .\n").map_or(declared, |(declared, _)| declared);
        for needed in ["@en", "@fr", "rdfs:comment", "rdfs:sub"] {
            assert!(declared.contains(needed), "pg:{term} lacks {needed}");
        }
    }
}
