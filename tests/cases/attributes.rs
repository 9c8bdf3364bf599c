//! Attributes that other words than those of the fact tell.

use std::sync::LazyLock;

use pressgraph::pipeline::{Extraction, Extractor};
use pressgraph::relations::examples;

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| Extractor::new().expect("the built-in data compiles"));

fn extract(marked: &str) -> Extraction {
    let (text, given) = examples::unmark(marked).expect("the marks are well-formed");
    EXTRACTOR.extract_with(&text, &given)
}

/// The words of that attribute in each fact of that relation, in the order of the text; `-` where it has none.
fn words(marked: &str, relation: &str, attribute: &str) -> Vec<String> {
    let extraction = extract(marked);
    let facts = extraction.facts.iter().filter(|fact| fact.relation.schema().name == relation);
    facts.map(|fact| fact.attribute(attribute).map_or("-".to_owned(), |value| value.text.clone())).collect()
}

#[test]
fn each_agreement_has_the_topic_told_beside_its_parties() {
    let text = "[Valoria|Organization] lance un moteur. La chambre de combustion a été conçue avec l'[Institut \
                Galène|Organization]. Le réservoir a été développé avec [Mérivel|Organization].";
    assert_eq!(words(text, "agreement", "topic"), ["chambre de combustion", "réservoir"]);
}

#[test]
fn a_later_sentence_tells_what_an_agreement_is_about_and_is_its_evidence() {
    let text = "[Valoria|Organization] et [Mérivel|Organization] ont signé un accord. Il vise à former cent apprentis.";
    assert_eq!(words(text, "agreement", "topic"), ["former cent apprentis"]);
    let extraction = extract(text);
    let agreement = extraction.facts.iter().find(|fact| fact.relation.schema().name == "agreement");
    assert_eq!(agreement.expect("they agree").evidence.len(), 2);
}

#[test]
fn no_party_is_what_its_agreement_is_about() {
    let text = "[Valoria|Organization] et le programme [Élan|Program] ont signé une convention.";
    assert_eq!(words(text, "agreement", "topic"), ["-"]);
}

#[test]
fn a_heading_tells_the_period_of_the_figures_below_it() {
    let text = "[Valoria|Organization] grandit encore cette année.\n\nChiffres clés 2020\n\n[Valoria|Organization] emploie 2 150 \
                salariés.\n";
    assert_eq!(words(text, "figure", "period"), ["2020"]);
}

#[test]
fn a_round_is_that_of_all_who_took_part() {
    let text = "[Valoria|Organization] boucle un tour de série A avec [Brévin|Organization].\n\n[Valoria|Organization] a \
                levé 4 millions d'euros auprès de [Capital Nord|Organization].";
    let rounds = words(text, "investment", "round");
    assert!(!rounds.is_empty() && rounds.iter().all(|round| round == "série A"), "{rounds:?}");
}

#[test]
fn more_words_of_the_same_phrase_tell_more() {
    let text = "[Valoria|Organization] ouvre un hôpital. Le suivi des patients est confié à la société [Mérivel|Organization].";
    assert_eq!(words(text, "supply", "product"), ["suivi des patients"]);
}

#[test]
fn another_word_of_the_sentence_tells_the_kind() {
    let text = "[Valoria|Organization] conduira les essais avec [Mérivel|Organization], son partenaire local.";
    assert_eq!(words(text, "agreement", "kind"), ["partnership"]);
}

#[test]
fn seven_years_are_not_september() {
    let text = "[Valoria|Organization] et [Mérivel|Organization] ont signé un contrat de sept ans.";
    assert_eq!(words(text, "agreement", "duration"), ["sept ans"]);
}

#[test]
fn who_leaves_leaves_the_function_that_the_release_gives() {
    let text = "[Paul Petit|Person], directeur financier de [Valoria|Organization], quittera [Valoria|Organization] en \
                juin.";
    assert_eq!(words(text, "departure", "title"), ["directeur financier"]);
}
