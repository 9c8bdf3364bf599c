//! Parts of speech, morphology and lemmas, with the embedded model.

use std::sync::LazyLock;

use pressgraph::model::Resources;
use pressgraph::segment::Segmentation;
use pressgraph::tag::{Gender, Mood, MorphTagger, Number, Person, Tags, Tense, Upos, VerbForm};
use pressgraph::text::Document;
use proptest::prelude::*;

static TAGGER: LazyLock<MorphTagger> =
    LazyLock::new(|| MorphTagger::load(&Resources::embedded()).expect("the embedded model loads"));

fn tag(text: &str) -> (Document, Segmentation, Tags) {
    let document = Document::new(text);
    let segmentation = Segmentation::new(&document);
    let tags = TAGGER.tag(&document, &segmentation);
    (document, segmentation, tags)
}

/// The words of `text` as `lemma/PART`.
fn analysed(text: &str) -> String {
    let (_, segmentation, tags) = tag(text);
    let words = (0..segmentation.tokens.len()).map(|i| format!("{}/{:?}", tags.lemma(i), tags.upos(i)));
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn sentences_of_releases_are_tagged() {
    for (text, expected) in [
        (
            "La société a signé un contrat avec Valoria.",
            "le/Det société/Noun avoir/Aux signer/Verb un/Det contrat/Noun avec/Adp Valoria/Propn ./Punct",
        ),
        ("Elle rejoint l'équipe du groupe.", "lui/Pron rejoindre/Verb le/Det équipe/Noun de/Adp groupe/Noun ./Punct"),
        (
            "Les usines sont situées aux portes des villes",
            "le/Det usine/Noun être/Aux situer/Verb à/Adp porte/Noun de/Adp ville/Noun",
        ),
    ] {
        assert_eq!(analysed(text), expected, "{text}");
    }
}

#[test]
fn capitals_are_read_as_words() {
    let text = "LA SOCIÉTÉ VALORIA ANNONCE LA SIGNATURE D'UN ACCORD";
    let (_, _, tags) = tag(text);
    assert_eq!((tags.upos(1), tags.lemma(1)), (Upos::Noun, "société"));
    assert_eq!((tags.upos(3), tags.lemma(3)), (Upos::Verb, "annoncer"));
}

#[test]
fn verbs_have_mood_tense_and_person() {
    let (_, _, tags) = tag("Les associés investiront bientôt.");
    let verb = tags.morphology(2);
    assert_eq!(tags.lemma(2), "investir");
    assert_eq!(verb.mood, Some(Mood::Indicative));
    assert_eq!(verb.tense, Some(Tense::Future));
    assert_eq!(verb.verb_form, Some(VerbForm::Finite));
    assert_eq!((verb.person, verb.number), (Some(Person::Third), Some(Number::Plural)));
    let noun = tags.morphology(1);
    assert_eq!((noun.gender, noun.number), (Some(Gender::Masculine), Some(Number::Plural)));
}

#[test]
fn unknown_words_have_lemmas_by_their_suffix() {
    let (_, _, tags) = tag("Ces dispositifs bioglobuliseront les microfluctuations.");
    assert_eq!((tags.upos(2), tags.lemma(2)), (Upos::Verb, "bioglobuliser"));
    assert_eq!((tags.upos(4), tags.lemma(4)), (Upos::Noun, "microfluctuation"));
    assert_eq!(tags.morphology(4).gender, Some(Gender::Feminine));
}

#[test]
fn tags_stand_beside_tokens_line_breaks_too() {
    let (_, segmentation, tags) = tag("Un titre\n\nLe texte suit.");
    assert_eq!(segmentation.tokens.len(), 7);
    assert_eq!((tags.upos(2), tags.lemma(2)), (Upos::Punct, ""));
    assert_eq!(tags.lemma(4), "texte");
    assert_eq!((tags.upos(7), tags.lemma(7)), (Upos::X, ""));
}

#[test]
fn a_worker_forgets_without_consequence() {
    // More distinct words than a worker remembers, then the same sentence as before.
    let sentence = "La directrice annonce un partenariat avec la région.";
    let before = analysed(sentence);
    let many: String = (0..40_000).map(|i| format!("Le mot{i} arrive. ")).collect();
    tag(&many);
    assert_eq!(analysed(sentence), before);
}

proptest! {
    #[test]
    fn any_text_is_tagged(text in "\\PC*|[a-zéÉœ'’ .,\n«»0-9A-Z-]*") {
        let (_, segmentation, tags) = tag(&text);
        for i in 0..segmentation.tokens.len() {
            let is_break = segmentation.tokens[i].kind == pressgraph::segment::TokenKind::Break;
            prop_assert_eq!(tags.lemma(i).is_empty(), is_break);
        }
    }
}

#[cfg(feature = "train")]
#[test]
fn the_same_treebank_and_seed_give_the_same_bytes() {
    use pressgraph::model::Container;
    use pressgraph::tag::morph::LEXICON;
    use pressgraph::train::morph::{Settings, train};

    let treebank = tempfile::NamedTempFile::new().expect("a temporary file");
    let lines = [
        ("1", "La", "le", "DET", "Gender=Fem|Number=Sing"),
        ("2", "zorbe", "zorbe", "NOUN", "Gender=Fem|Number=Sing"),
        ("3", "flottera", "flotter", "VERB", "Mood=Ind|Tense=Fut|VerbForm=Fin"),
    ];
    let sentence: String = lines
        .iter()
        .map(|(id, form, lemma, upos, features)| {
            format!("{id}\t{form}\t{lemma}\t{upos}\t_\t{features}\t0\troot\t_\t_\n")
        })
        .collect();
    std::fs::write(treebank.path(), (sentence + "\n").repeat(30)).expect("the file can be written");
    let lexicon = Resources::embedded().bytes(LEXICON).expect("the lexicon is embedded");
    let lexicon = Container::parse(lexicon).expect("the lexicon is a container");
    let settings = Settings {
        treebanks: vec![treebank.path().to_owned()],
        passes: 3,
        seed: 7,
        scale: 4.0,
        frequent: 25,
        least: 2,
    };
    let trained = || train(&settings, &lexicon, &|_| {}).expect("the treebank is well-formed").finish();
    let bytes = trained();
    assert_eq!(bytes, trained());
    // What the treebank alone knows is learnt.
    let model = Container::parse(bytes.into()).expect("just made");
    let tagger = MorphTagger::from_containers(&model, &lexicon).expect("just trained");
    let document = Document::new("La zorbe flottera");
    let tags = tagger.tag(&document, &Segmentation::new(&document));
    assert_eq!((tags.upos(0), tags.upos(1), tags.upos(2)), (Upos::Det, Upos::Noun, Upos::Verb));
    assert_eq!((tags.lemma(0), tags.lemma(1), tags.lemma(2)), ("le", "zorbe", "flotter"));
}
