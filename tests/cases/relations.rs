//! The rule language, and what its rules find.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use pressgraph::pipeline::Extractor;
use pressgraph::relations::language::{RuleError, RuleSet};
use pressgraph::relations::{Fact, Outcome, examples};

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| Extractor::new().expect("the built-in data compiles"));

#[test]
fn every_rule_finds_its_examples_and_nothing_in_its_counterexamples() {
    let rules = EXTRACTOR.relations().rules();
    let failures: Vec<String> = rules
        .examples
        .iter()
        .filter_map(|example| {
            let find = |text: &str, given: &[_]| {
                let extraction = EXTRACTOR.extract_with(text, given);
                EXTRACTOR.relations().find_by_rule(&extraction.analysis(), &example.rule)
            };
            examples::run(example, find).err()
        })
        .collect();
    assert!(failures.is_empty(), "{} of {} fail:\n{}", failures.len(), rules.examples.len(), failures.join("\n"));
}

#[test]
fn every_rule_has_examples_of_both_kinds() {
    let rules = EXTRACTOR.relations().rules();
    for rule in &rules.rules {
        let has = |finds: bool| rules.examples.iter().any(|e| e.rule == rule.name && e.finds == finds);
        assert!(has(true), "{}:{}: rule {} has no `find`", rule.file, rule.line, rule.name);
        assert!(has(false), "{}:{}: rule {} has no `reject`", rule.file, rule.line, rule.name);
    }
}

#[test]
fn what_is_told_without_a_step_hides_no_match() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/releases");
    for file in std::fs::read_dir(folder).expect("the folder is there") {
        let path = file.expect("the folder can be read").path();
        let extraction = EXTRACTOR.extract(&std::fs::read_to_string(&path).expect("the release can be read"));
        let analysis = extraction.analysis();
        // `explain` tries all programs that a word calls, `find_by_rule` those that the words around may pass.
        let mut thorough: BTreeMap<String, Vec<Fact>> = BTreeMap::new();
        for attempt in EXTRACTOR.relations().explain(&analysis) {
            if let Outcome::Found(facts) = attempt.outcome {
                thorough.entry(attempt.rule).or_default().extend(facts);
            }
        }
        assert!(!thorough.is_empty(), "{}: a release states something", path.display());
        for (rule, facts) in thorough {
            assert_eq!(EXTRACTOR.relations().find_by_rule(&analysis, &rule), facts, "{}: {rule}", path.display());
        }
    }
}

/// What is wrong with the one rule file `text`.
fn error(text: &str) -> String {
    let error: RuleError = RuleSet::from_texts(&[], &[("rules/test.rules", text)]).expect_err("the file is wrong");
    error.to_string()
}

#[test]
fn errors_name_file_line_and_cause() {
    let rule = |line: &str| format!("rule a.b\n  relation role\n  {line}\n");
    let cases = [
        (rule("pattern {person: <Persona>}"), "rules/test.rules:3: no kind `Persona`"),
        (rule("pattern {person <Person>}"), "rules/test.rules:3: `:` is missing"),
        (rule("pattern {founder: <Person>}"), "rules/test.rules:3: no argument `founder`"),
        (rule("pattern @title de"), "rules/test.rules:3: no macro `title`"),
        (rule("pattern %titles de"), "rules/test.rules:3: no lexicon `titles`"),
        (rule("pattern de?"), "rules/test.rules:3: every element is optional"),
        (rule("pattern ( de | du"), "rules/test.rules:3: `)` is missing"),
        (rule("patern de"), "rules/test.rules:3: no directive `patern`"),
        (rule("pattern #NOM"), "rules/test.rules:3: no part of speech `NOM`"),
        (rule("clause subject <Person>"), "rules/test.rules:3: a clause needs a `verb`"),
        (rule("clause who <Person> verb ~être"), "rules/test.rules:3: no place of a clause `who`"),
        (rule("clause verb ~être voice middle"), "rules/test.rules:3: no voice `middle`"),
        (rule("clause verb ~avoir lieu"), "rules/test.rules:3: the verb of a clause is one word"),
        (rule("clause verb . object <Person>"), "rules/test.rules:3: the verb of a clause is told by"),
        (rule("clause verb ~être object"), "rules/test.rules:3: `object` wants something after it"),
        (rule("clause verb ~être complement ( à | au ) x"), "rules/test.rules:3: write `complement PREPOSITION"),
        ("rule a.b\n  relation rôle\n  pattern de\n".to_owned(), "rules/test.rules:2: no relation `rôle`"),
        ("rule a.b\n  relation role\n".to_owned(), "rules/test.rules:1: rule `a.b` has no `pattern`"),
        (
            "define a = @a\nrule b\n  relation role\n  pattern @a\n".to_owned(),
            "rules/test.rules:1: macro `a` calls itself",
        ),
        ("define a = x\ndefine a = y\n".to_owned(), "rules/test.rules:2: macro `a` is defined twice"),
    ];
    for (text, expected) in cases {
        let found = error(&text);
        assert!(found.starts_with(expected), "{text}: {found}");
    }
}

/// The facts in a marked text, as `relation(argument=name, …)`.
fn facts(marked: &str) -> Vec<String> {
    let (text, given) = examples::unmark(marked).expect("the marks are well-formed");
    let extraction = EXTRACTOR.extract_with(&text, &given);
    let name = |id: &pressgraph::entities::EntityId| extraction.resolution.entities[id.0].name.clone();
    let tell = |fact: &pressgraph::relations::Fact| {
        let arguments: Vec<String> = fact.arguments.iter().map(|(a, id)| format!("{a}={}", name(id))).collect();
        format!("{} {}({})", fact.status.as_str(), fact.relation.schema().name, arguments.join(", "))
    };
    extraction.facts.iter().map(tell).collect()
}

#[test]
fn what_is_denied_conditional_or_possible_is_no_fact() {
    for verb in ["n'a pas racheté", "pourrait racheter", "rachèterait", "envisage de racheter", "souhaite racheter"] {
        let found = facts(&format!("[Valoria|Organization] {verb} [Mérivel|Organization]."));
        assert!(found.iter().all(|fact| !fact.contains("acquisition")), "{verb}: {found:?}");
    }
}

#[test]
fn what_is_announced_or_past_says_so() {
    let has = |text: &str, wanted: &str| {
        let found = facts(text);
        assert!(found.iter().any(|fact| fact == wanted), "{text}: {found:?}");
    };
    has(
        "[Valoria|Organization] rachètera [Mérivel|Organization].",
        "planned acquisition(acquirer=Valoria, target=Mérivel)",
    );
    has(
        "[Marie Durand|Person], ancienne directrice de [Valoria|Organization]",
        "former role(person=Marie Durand, organization=Valoria)",
    );
    has(
        "[Marie Durand|Person], directrice de [Valoria|Organization]",
        "current role(person=Marie Durand, organization=Valoria)",
    );
}

/// Whether the marked text states `wanted`, as [`facts`] tells it.
fn states(marked: &str, wanted: &str) -> bool {
    facts(marked).iter().any(|fact| fact == wanted)
}

#[test]
fn who_takes_up_a_function_holds_it_and_whose_place_it_was_held_it() {
    let text = "Le conseil de [Valoria|Organization] a désigné [Marie Durand|Person] présidente du directoire. \
                Elle remplacera le 1er avril [Paul Petit|Person], qui part à la retraite.";
    for wanted in [
        "current appointment(person=Marie Durand, organization=Valoria)",
        "current role(person=Marie Durand, organization=Valoria)",
        "former role(person=Paul Petit, organization=Valoria)",
    ] {
        assert!(states(text, wanted), "{wanted}: {:?}", facts(text));
    }
    assert!(facts(text).iter().any(|fact| fact.contains("departure(person=Paul Petit")), "{:?}", facts(text));
}

#[test]
fn a_title_taken_over_is_told_in_the_gender_of_each() {
    let text = "[Valoria|Organization] a une nouvelle directrice générale. [Marie Durand|Person] est nommée directrice \
                générale de [Valoria|Organization]. Elle succède à [Paul Petit|Person].";
    let (text, given) = examples::unmark(text).expect("the marks are well-formed");
    let extraction = EXTRACTOR.extract_with(&text, &given);
    let title = |person: &str| {
        let holds = |fact: &&Fact| {
            let name = fact.argument("person").map(|id| extraction.resolution.entities[id.0].name.as_str());
            fact.relation == pressgraph::relations::RelationType::Role && name == Some(person)
        };
        extraction.facts.iter().find(holds).and_then(|fact| fact.attribute("title")).map(|title| title.text.as_str())
    };
    assert_eq!(title("Marie Durand"), Some("directrice générale"));
    assert_eq!(title("Paul Petit"), Some("directeur général"));
    // JSON tells the words as the text writes them.
    let json = pressgraph::output::to_json("release", &extraction).to_string();
    assert!(!json.contains("directeur général"), "{json}");
}

#[test]
fn a_title_in_the_singular_is_held_by_one_person() {
    let text = "avec [Paul Petit|Person] et [Marie Durand|Person], directrice de [Valoria|Organization]";
    assert!(states(text, "current role(person=Marie Durand, organization=Valoria)"));
    assert!(!states(text, "current role(person=Paul Petit, organization=Valoria)"));
    let several = "[Paul Petit|Person] et [Marie Durand|Person], cofondateurs de [Valoria|Organization]";
    assert!(states(several, "current role(person=Paul Petit, organization=Valoria)"));
}

#[test]
fn a_body_told_beside_the_title_beats_the_one_that_the_context_suggests() {
    let text = "[Mérivel|Organization] ouvre une usine. [Mérivel|Organization] s'en réjouit, comme [Paul Petit|Person], \
                président de [Valoria|Organization]. [Paul Petit|Person], président, a coupé le ruban.";
    assert!(states(text, "current role(person=Paul Petit, organization=Valoria)"));
    assert!(!states(text, "current role(person=Paul Petit, organization=Mérivel)"));
}

#[test]
fn forms_of_address_stand_before_names() {
    for address in ["M.", "Mme", "Dr", "Dr.", "le Pr"] {
        let text = format!("Le directeur de l'[Institut Alma|Organization], {address} [Paul Petit|Person], a signé.");
        assert!(states(&text, "current role(person=Paul Petit, organization=Institut Alma)"), "{text}");
    }
}

#[test]
fn appointments_bear_their_date() {
    let text =
        "[Marie Durand|Person] est nommée directrice générale de [Valoria|Organization] à compter du 1er mars 2024.";
    let (plain, given) = examples::unmark(text).expect("the marks are well-formed");
    let extraction = EXTRACTOR.extract_with(&plain, &given);
    let appointment = extraction.facts.iter().find(|fact| fact.relation.schema().name == "appointment");
    let date = appointment.and_then(|fact| fact.attribute("date")).and_then(|date| date.span).expect("it has a date");
    let value = extraction.mentions.values.iter().find(|value| value.span == date).expect("the date is a typed value");
    assert!(format!("{:?}", value.kind).contains("2024"), "{:?}", value.kind);
}

#[test]
fn facts_point_at_the_sentences_that_state_them() {
    let text = "Il pleut. Marie Durand, directrice de Valoria, se réjouit.";
    let marked = "Il pleut. [Marie Durand|Person], directrice de [Valoria|Organization], se réjouit.";
    let (plain, given) = examples::unmark(marked).expect("the marks are well-formed");
    assert_eq!(plain, text);
    let extraction = EXTRACTOR.extract_with(&plain, &given);
    let fact = extraction.facts.first().expect("the role is found");
    let evidence: Vec<&str> = fact.evidence.iter().map(|span| extraction.document.slice(*span)).collect();
    assert_eq!(evidence, ["Marie Durand, directrice de Valoria, se réjouit."]);
}

proptest::proptest! {
    #[test]
    fn no_rule_file_makes_the_compiler_panic(text in "(rule a\n  relation role\n  pattern [a-z@%#<>{}()|?*+.,\" ]{0,40}\n)") {
        let _ = RuleSet::from_texts(&[], &[("rules/test.rules", &text)]);
    }

    #[test]
    fn no_text_makes_the_rules_panic(text in "([A-Z][a-z]{2,6}|,|de|\\(|\\)|président|\n|a|signé|«|12|euros| ){0,40}") {
        let _ = EXTRACTOR.extract(&text);
    }
}

#[test]
fn a_site_lies_where_its_name_says_unless_it_is_called_after_something() {
    let found =
        |text: &str| crate::support::extract_marked(text).facts.iter().any(|f| f.rule == "located_in.inner_place");
    assert!(found("Nous visitons l'[usine de Brivane|Site]."));
    assert!(found("Nous passons le [pont de Brivane|Site]. Il pleut sur [Brivane|Place]."));
    assert!(!found("Nous passons le [pont de Brivane|Site]."));
    assert!(!found("Nous visitons le [centre de l’Horizon|Site]."));
    assert!(!found("Nous visitons la [cathédrale de Saint-Pierre|Site]."));
    assert!(found("Nous visitons l'[église de Saint-Jean-du-Bois|Site]."));
    assert!(!found("Nous visitons l'[hôtel de Ville|Site]. La foule attend devant la [Ville|Place]."));
}

#[test]
fn what_names_a_body_again_is_no_part_of_it() {
    let found = |text: &str| crate::support::extract_marked(text).facts.iter().any(|f| f.rule == "part_of.inner_name");
    assert!(found("Le [service achats de Valoria|Organization] recrute. [Valoria|Organization] grandit."));
    assert!(found("L'[usine Valoria de Brivane|Site] recrute. [Valoria|Organization] grandit."));
    assert!(!found("Le [stade Valoria|Site] est plein. [Valoria|Organization] grandit."));
    assert!(!found("Le [mouvement des Bonnets verts|Organization] marche. Les [Bonnets verts|Organization] chantent."));
}
