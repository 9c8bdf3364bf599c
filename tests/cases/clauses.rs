//! The clauses that the rules read: who does what, in which voice and time.

use std::sync::LazyLock;

use pressgraph::pipeline::Extractor;
use pressgraph::relations::examples;

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| Extractor::new().expect("the built-in data compiles"));

/// One line per verb: `verb (voice, time) subject | object | complement`, the places of lists joined by `+`.
fn clauses(marked: &str) -> Vec<String> {
    let (text, given) = examples::unmark(marked).expect("the marks are well-formed");
    let extraction = EXTRACTOR.extract_with(&text, &given);
    let words = |spans: &[pressgraph::text::Span]| {
        spans.iter().map(|span| extraction.document.slice(*span)).collect::<Vec<_>>().join(" + ")
    };
    let clauses = EXTRACTOR.relations().clauses(&extraction.analysis());
    clauses
        .iter()
        .map(|c| {
            let verb = extraction.document.slice(c.verb);
            let denied = if c.denied { ", denied" } else { "" };
            let places = [&c.subjects, &c.objects, &c.complements].map(|spans| words(spans));
            format!("{verb} ({:?}, {:?}{denied}) {}", c.voice, c.when, places.join(" | "))
        })
        .collect()
}

/// Sentences with marked names, and their clauses as [`clauses`] tells them.
const SENTENCES: &[(&str, &[&str])] = &[
    (
        "Le groupe [Valoria|Organization], basé à [Lyon|Place], rachète [Mérivel|Organization].",
        &[
            "basé (Passive, Past) Le groupe Valoria |  | à Lyon",
            "rachète (Active, Present) Le groupe Valoria | Mérivel | ",
        ],
    ),
    (
        "[Mérivel|Organization], qui emploie trente personnes, a été rachetée par [Valoria|Organization].",
        &[
            "emploie (Active, Present) Mérivel | trente personnes | ",
            "a été rachetée (Passive, Past) Mérivel |  | par Valoria",
        ],
    ),
    (
        "L'entreprise que [Valoria|Organization] a acquise est à Lyon.",
        &["a acquise (Active, Past) Valoria | L'entreprise | ", "est (Active, Present) L'entreprise |  | à Lyon"],
    ),
    (
        "Fondée par [Marie Durand|Person], [Mérivel|Organization] participera au salon et s'est engagée à livrer des turbines.",
        &[
            "Fondée (Passive, Past) Mérivel |  | par Marie Durand",
            "participera (Active, Future) Mérivel |  | au salon",
            "s'est engagée (Reflexive, Past) Mérivel |  | ",
            "livrer (Active, Present) Mérivel | des turbines | ",
        ],
    ),
    (
        "Après avoir racheté [Mérivel|Organization], [Valoria|Organization] recrute des ingénieurs.",
        &["avoir racheté (Active, Past) Valoria | Mérivel | ", "recrute (Active, Present) Valoria | des ingénieurs | "],
    ),
    (
        "Pour grandir, [Valoria|Organization] rachète [Mérivel|Organization].",
        &["grandir (Active, Present)  |  | ", "rachète (Active, Present) Valoria | Mérivel | "],
    ),
    (
        "[Valoria|Organization], [Mérivel|Organization] et [Brévin|Organization] ont signé un accord.",
        &["ont signé (Active, Past) Valoria + Mérivel + Brévin | un accord | "],
    ),
    (
        "[Valoria|Organization] n'a pas vendu [Mérivel|Organization] et pourrait racheter [Brévin|Organization].",
        &[
            "n'a pas vendu (Active, Past, denied) Valoria | Mérivel | ",
            "pourrait (Active, Present, denied) Valoria |  | ",
            "racheter (Active, Present, denied) Valoria | Brévin | ",
        ],
    ),
    (
        "L'[usine Maraval|Site], que gère [Valoria|Organization], est en [Bretagne|Place].",
        &[
            "gère (Active, Present) Valoria | L'usine Maraval | ",
            "est (Active, Present) L'usine Maraval |  | en Bretagne",
        ],
    ),
    (
        "Porté par [Valoria|Organization] et financé par [Mérivel|Organization], ce projet démarre.",
        &[
            "Porté (Passive, Past) ce projet |  | par Valoria",
            "financé (Passive, Past) ce projet |  | par Mérivel",
            "démarre (Active, Present) ce projet |  | ",
        ],
    ),
    (
        "[Valoria|Organization] possède la chaîne de librairies [Galène|Organization] et trois usines en [Bretagne|Place] et au [Maroc|Place].",
        &["possède (Active, Present) Valoria | la chaîne de librairies Galène + trois usines | en Bretagne + au Maroc"],
    ),
    (
        "[Valoria|Organization] sera au salon, où [Marie Durand|Person] parlera, et tiendra un stand.",
        &[
            "sera (Active, Future) Valoria |  | au salon",
            "parlera (Active, Future) Marie Durand |  | au salon",
            "tiendra (Active, Future) Valoria | un stand | ",
        ],
    ),
    (
        "[Valoria|Organization] a levé des fonds auprès de [Brévin|Organization] et de [Galène|Organization].",
        &["a levé (Active, Past) Valoria | des fonds | auprès de Brévin + de Galène"],
    ),
];

#[test]
fn verbs_have_their_subjects_objects_and_complements() {
    for (text, expected) in SENTENCES {
        assert_eq!(clauses(text), *expected, "{text}");
    }
}

#[test]
fn no_sentence_loses_a_verb_to_marks_and_brackets() {
    let found = clauses("Hier ([Lyon|Place], 8 h) ; le jury, réuni en mai : « Bravo ! » a choisi – enfin – un projet.");
    assert!(found.iter().any(|clause| clause.starts_with("a choisi (Active, Past)")), "{found:?}");
}
