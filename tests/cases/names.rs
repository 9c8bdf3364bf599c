//! The name model: training, its file, what it finds.

#![cfg(feature = "train")]

use std::fs;
use std::path::Path;

use pressgraph::model::{Resources, put_length, put_u32, write_model};
use pressgraph::pipeline::Extractor;
use pressgraph::tag::names::{NameTagger, Network};
use pressgraph::train::names::{Options, Texts, train};
use pressgraph::train::{read_conll, read_marked};

/// A data folder with vectors of no word, so that the tests do not depend on the real ones.
fn data_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let mut keys = Vec::new();
    put_length(&mut keys, 0);
    let mut vectors = Vec::new();
    put_length(&mut vectors, 0);
    put_u32(&mut vectors, 64);
    let none = Vec::new;
    let sections = vec![("keys", keys), ("rows", none()), ("vectors", vectors), ("coarse", none()), ("fine", none())];
    let models = folder.path().join("models");
    fs::create_dir_all(&models).expect("created");
    fs::write(models.join("vectors.model"), write_model("vectors 1", "{}", sections)).expect("written");
    folder
}

/// Sentences with invented names, in the form of a corpus.
fn corpus() -> String {
    let people = ["Lina Morvan", "Hugo Tessac", "Inès Vauclair", "Paul Querrien", "Zoé Lambrac"];
    let companies = ["Verralie", "Biosylve", "Railor", "Mecaloire", "Optivigne", "Hydravel"];
    let cities = ["Lorbec", "Vaudreix", "Saint-Ormel", "Castelvin"];
    let mut out = String::new();
    let mut push = |text: &str, kind: &str| {
        for (at, word) in text.split(' ').enumerate() {
            let tag = if kind == "O" { "O".to_owned() } else { format!("{}-{kind}", if at == 0 { "B" } else { "I" }) };
            out.push_str(&format!("{word}\t{tag}\n"));
        }
        if text == "." {
            out.push('\n');
        }
    };
    for round in 0..60 {
        push("La société", "O");
        push(companies[round % companies.len()], "ORG");
        push("nomme", "O");
        push(people[round % people.len()], "PER");
        push("à", "O");
        push(cities[round % cities.len()], "LOC");
        push(".", "O");
    }
    out
}

fn texts(folder: &Path) -> Texts {
    let path = folder.join("corpus.conll");
    fs::write(&path, corpus()).expect("written");
    Texts { corpora: read_conll(&path).expect("a corpus"), ..Texts::default() }
}

fn options() -> Options {
    Options { corpus_epochs: 4, release_epochs: 0, hidden: 16, ..Options::default() }
}

#[test]
fn training_gives_the_same_bytes_and_finds_new_names() {
    let folder = data_folder();
    let resources = Resources::overridden_by(folder.path());
    let texts = texts(folder.path());
    let model = train(&texts, &resources, &options(), "{}").expect("trained");
    let again = train(&texts, &resources, &options(), "{}").expect("trained");
    assert!(model == again, "same data, same seed, other bytes");
    let other = train(&texts, &resources, &Options { seed: 2, ..options() }, "{}").expect("trained");
    assert!(model != other, "the seed changes nothing");
    fs::write(folder.path().join("models/names.model"), &model).expect("written");
    let extractor = Extractor::with(&resources).expect("models that fit");
    let (document, names) = extractor.tag_names("La société Hydravel nomme Inès Vauclair à Lorbec.");
    let found: Vec<(&str, &str)> = names.iter().map(|(span, kind)| (document.slice(*span), kind.as_str())).collect();
    assert_eq!(found, [("Hydravel", "Organization"), ("Inès Vauclair", "Person"), ("Lorbec", "Place")]);
}

#[test]
fn a_damaged_model_is_refused() {
    let folder = data_folder();
    let resources = Resources::overridden_by(folder.path());
    let texts = texts(folder.path());
    let model = train(&texts, &resources, &Options { corpus_epochs: 1, ..options() }, "{}").expect("trained");
    assert!(Network::read("whole", model.clone().into()).is_ok());
    for length in (0..model.len()).step_by(model.len() / 97) {
        assert!(Network::read("cut", model[..length].to_vec().into()).is_err(), "{length} bytes were accepted");
    }
    for at in (0..model.len()).step_by(model.len() / 97) {
        let mut bytes = model.clone();
        bytes[at] ^= 0x55;
        // What is not under the checksum (the provenance) may change.
        if let Ok(network) = Network::read("changed", bytes.into()) {
            assert_eq!(network.provenance().len(), 2);
        }
    }
    fs::write(folder.path().join("models/names.model"), &model[..model.len() - 1]).expect("written");
    let error = Extractor::with(&resources).expect_err("a damaged model").to_string();
    assert!(error.contains("names.model"), "{error}");
}

#[test]
fn without_a_model_no_names_are_found() {
    let folder = data_folder();
    let tagger = NameTagger::read(&Resources::overridden_by(folder.path())).expect("no error");
    if let Some(tagger) = tagger {
        assert!(!tagger.network().provenance().is_empty(), "the embedded model says where it comes from");
    }
}

#[test]
fn corpora_get_their_spaces_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("c.conll");
    fs::write(&path, "L'\tO\nusine\tO\n(\tO\nLorbec\tB-LOC\n)\tO\n,\tO\ndit\tO\n-elle\tO\n.\tO\n").expect("written");
    let texts = read_conll(&path).expect("a corpus");
    assert_eq!(texts[0].text, "L'usine (Lorbec), dit-elle.\n\n");
    assert_eq!((texts[0].names[0].start, texts[0].names[0].end), (9, 15));
    fs::write(&path, "a\tO\nb O\n").expect("written");
    assert!(read_conll(&path).expect_err("no tab").to_string().contains(":2:"));
}

#[test]
fn a_name_is_learnt_from_marked_releases_alone() {
    let folder = data_folder();
    let resources = Resources::overridden_by(folder.path());
    let marked = folder.path().join("marked");
    fs::create_dir_all(&marked).expect("created");
    for (at, name) in ["Vindora", "Solcado", "Mérulys", "Tarnéo", "Aquilège", "Bravonne"].iter().enumerate() {
        let text = format!(
            "Le logiciel [{name}|Product] est prêt.\nLa ville de [Lorbec|Place] teste [{name}|Product].\n---\n"
        );
        fs::write(marked.join(format!("{at}.marked")), text).expect("written");
    }
    fs::write(marked.join("README.md"), "not [marked").expect("written");
    let texts = Texts { marked: read_marked(&marked).expect("marked files"), ..Texts::default() };
    assert_eq!(texts.marked.len(), 6);
    let options = Options { corpus_epochs: 30, ..options() };
    let model = train(&texts, &resources, &options, "{}").expect("trained");
    fs::write(folder.path().join("models/names.model"), &model).expect("written");
    let extractor = Extractor::with(&resources).expect("models that fit");
    let (document, names) = extractor.tag_names("Le logiciel Cordélis est prêt.");
    let found: Vec<(&str, &str)> = names.iter().map(|(span, kind)| (document.slice(*span), kind.as_str())).collect();
    assert_eq!(found, [("Cordélis", "Product")]);
    fs::write(marked.join("6.marked"), "un\n[Lorbec]\n").expect("written");
    let error = read_marked(&marked).expect_err("a mark without a type").to_string();
    assert!(error.contains("6.marked:2:"), "{error}");
}
