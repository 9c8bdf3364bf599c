//! Which names mean one thing, what refers to it, who publishes.

use std::sync::LazyLock;

use pressgraph::entities::{EntityId, GivenEntity, Resolution, locate};
use pressgraph::mentions::{Lexicon, Mentions};
use pressgraph::model::Resources;
use pressgraph::pipeline::Extractor;
use pressgraph::read::Layout;
use pressgraph::segment::Segmentation;
use pressgraph::tag::{EntityType, Tags};
use pressgraph::text::Document;
use proptest::prelude::*;

use crate::support::EXTRACTOR;

use EntityType::{Event, Organization, Person, Place, Product, Site};

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::load(&Resources::embedded()).expect("the embedded lexicons are well-formed"));

/// The entities of `text`, whose names are all occurrences of the given forms.
fn resolve(text: &str, forms: &[(&str, EntityType)]) -> (Document, Resolution) {
    resolve_published(text, forms, None)
}

fn resolve_published(text: &str, forms: &[(&str, EntityType)], publisher: Option<&str>) -> (Document, Resolution) {
    let document = Document::new(text);
    let (layout, segmentation) = (Layout::new(&document), Segmentation::new(&document));
    let mut sorted: Vec<&(&str, EntityType)> = forms.iter().collect();
    sorted.sort_by_key(|(form, _)| std::cmp::Reverse(form.len()));
    let mut given: Vec<GivenEntity> = Vec::new();
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for (form, kind) in sorted {
        for (at, _) in text.match_indices(form) {
            if taken.iter().all(|&(start, end)| at + form.len() <= start || end <= at) {
                taken.push((at, at + form.len()));
                let start = text[..at].chars().count();
                let mentions = vec![(start, start + form.chars().count())];
                given.push(GivenEntity { id: String::new(), kind: *kind, name: (*form).to_owned(), mentions });
            }
        }
    }
    let names = locate(&document, &segmentation, &given).into_iter().map(|(mention, _)| mention).collect();
    let tags = Tags::default();
    let mentions = Mentions::with_names(&document, &segmentation, &tags, &layout, names);
    let resolution = Resolution::new(&document, &segmentation, &tags, &layout, &mentions, &LEXICON, publisher);
    (document, resolution)
}

/// Whether the two forms name one entity.
#[track_caller]
fn joined(a: &str, b: &str, kind: EntityType) -> bool {
    let (_, resolution) = resolve(&format!("Ici {a}. Puis {b} va."), &[(a, kind), (b, kind)]);
    assert_eq!(resolution.of_names.len(), 2, "{a}, {b}");
    resolution.of_names[0] == resolution.of_names[1]
}

#[test]
fn variants_of_organisations() {
    for (a, b) in [
        ("Institut Jeanne Morel", "Jeanne Morel"),
        ("Valoria SA", "Valoria"),
        ("groupe Valoria", "Valoria"),
        ("VALORIA", "Valoria"),
        ("Fonds Solidaire de Bretagne", "Fonds Solidaire"),
        ("Conseil National du Sel Marin", "CNSM"),
        ("valoria.fr", "Valoria"),
        ("Agence de l'Eau Seine-Aval", "Agence de l’Eau Seine Aval"),
    ] {
        assert!(joined(a, b, Organization), "{a} = {b}");
    }
    for (a, b) in [
        ("Valoria Transfert", "Valoria"),
        ("Université de Tréville", "Université de Bréval"),
        ("Institut du Sel", "Institut du Fer"),
        ("Valoria", "Ozélia"),
    ] {
        assert!(!joined(a, b, Organization), "{a} ≠ {b}");
    }
}

#[test]
fn variants_of_persons() {
    for (a, b) in [
        ("Jeanne Morel", "Morel"),
        ("Jeanne Morel", "Jeanne"),
        ("Jeanne Morel", "J. Morel"),
        ("Jeanne A. Morel", "Jeanne Morel"),
        ("Jeanne Morel", "Morel J"),
        ("Jeanne Morel", "Jeanne MOREL"),
    ] {
        assert!(joined(a, b, Person), "{a} = {b}");
    }
    assert!(!joined("Jeanne Morel", "Paul Morel", Person));
    assert!(!joined("Jeanne Morel-Roux", "Roux", Person));
}

#[test]
fn variants_of_other_types() {
    assert!(joined("Zorbix 9.4", "Zorbix", Product));
    assert!(joined("Vinéa 2024", "Vinéa", Event));
    assert!(!joined("Vinéa 2024", "Vinéa 2022", Event));
    assert!(joined("Oléopole de Tréville", "Oléopole", Site));
    assert!(joined("Province du Bas-Lac", "Bas-Lac", Place));
    assert!(joined("Bréval-sur-Sarthe", "Bréval", Place));
    assert!(!joined("Île-de-Sable", "Sable", Place));
}

#[test]
fn acronyms_that_the_text_introduces() {
    let text = "L'unité Target to Plant (T2P) grandit. T2P recrute.";
    let (_, resolution) = resolve(text, &[("unité Target to Plant", Organization), ("T2P", Organization)]);
    assert_eq!(resolution.entities.len(), 1);
    assert_eq!(resolution.entities[0].name, "unité Target to Plant");
    assert_eq!(resolution.entities[0].aliases, ["T2P"]);
    assert_eq!(resolution.entities[0].mentions.len(), 3);
    // In parentheses, but no acronym of it.
    let (_, resolution) = resolve("Le Club Marin (CNRS) va.", &[("Club Marin", Organization), ("CNRS", Organization)]);
    assert_eq!(resolution.entities.len(), 2);
}

#[test]
fn the_fullest_form_is_the_name() {
    let (_, resolution) = resolve(
        "JEANNE MOREL NOMMÉE\n\nMorel vient. Jeanne Morel rit.",
        &[("JEANNE MOREL", Person), ("Jeanne Morel", Person), ("Morel", Person)],
    );
    assert_eq!(resolution.entities.len(), 1);
    assert_eq!(resolution.entities[0].name, "Jeanne Morel");
    assert_eq!(resolution.entities[0].id, "person-1");
}

#[test]
fn places_inside_sites() {
    let (_, resolution) = resolve("À l'usine de Bréval.", &[("usine de Bréval", Site)]);
    assert_eq!(resolution.inner_places.len(), 1);
    let (site, place) = resolution.inner_places[0];
    assert_eq!(resolution.entities[site.0].name, "usine de Bréval");
    assert_eq!(resolution.entities[place.0].name, "Bréval");
    assert!(resolution.entities[place.0].mentions.is_empty());
    // The place that is named elsewhere is the same.
    let (_, resolution) = resolve("À Bréval, l'usine de Bréval.", &[("usine de Bréval", Site), ("Bréval", Place)]);
    assert_eq!(resolution.entities.len(), 2);
}

/// What the words `reference` of the text refer to.
#[track_caller]
fn referent(text: &str, forms: &[(&str, EntityType)], reference: &str) -> Vec<String> {
    let (document, resolution) = resolve(text, forms);
    let found = resolution.references.iter().find(|found| document.slice(found.span) == reference);
    found
        .map_or_else(Vec::new, |found| found.entities.iter().map(|id| resolution.entities[id.0].name.clone()).collect())
}

#[test]
fn nouns_refer_by_what_the_text_calls_the_entity() {
    let text = "L'Institut Morel et la société Ozélia signent. L'institut recrute. La société grandit.";
    let forms = [("Institut Morel", Organization), ("Ozélia", Organization)];
    assert_eq!(referent(text, &forms, "L'institut"), ["Institut Morel"]);
    assert_eq!(referent(text, &forms, "La société"), ["Ozélia"]);
    let text = "La Fondation Sel aide Ozélia. La Fondation finance.";
    assert_eq!(
        referent(text, &[("Fondation Sel", Organization), ("Ozélia", Organization)], "La Fondation"),
        ["Fondation Sel"]
    );
}

#[test]
fn nouns_with_complements_or_names_do_not_refer() {
    let text = "Ozélia grandit. Le groupe de travail se réunit. La société civile attend.";
    assert!(referent(text, &[("Ozélia", Organization)], "Le groupe").is_empty());
    assert!(referent(text, &[("Ozélia", Organization)], "La société").is_empty());
}

#[test]
fn pronouns_agree() {
    let text = "Jeanne Morel et Paul Roux arrivent. Elle parle.";
    let forms = [("Jeanne Morel", Person), ("Paul Roux", Person)];
    assert_eq!(referent(text, &forms, "Elle"), ["Jeanne Morel"]);
    let text = "Jeanne Morel et Paul Roux arrivent. Ce dernier parle.";
    assert_eq!(referent(text, &forms, "Ce dernier"), ["Paul Roux"]);
    // A titled complement is no subject.
    let text = "Paul Roux arrive derrière le maire Jean Vial. Il parle.";
    let forms = [("Paul Roux", Person), ("Jean Vial", Person)];
    assert_eq!(referent(text, &forms, "Il"), ["Paul Roux"]);
    let text = "Paul Roux arrive. Il faut partir.";
    assert!(referent(text, &[("Paul Roux", Person)], "Il").is_empty());
}

#[test]
fn pronouns_go_on_with_what_a_noun_stands_for() {
    let text =
        "Valoria vend à Ozélia depuis 2010. À Lyon, l'entreprise recrute, dit Ozélia. Elle y emploie 40 personnes.";
    let forms = [("Valoria", Organization), ("Ozélia", Organization), ("Lyon", Place)];
    let noun = referent(text, &forms, "l'entreprise");
    assert_eq!(noun, ["Valoria"]);
    assert_eq!(referent(text, &forms, "Elle"), noun);
    // Masculine words do not go on as `elle`.
    let text = "Paul Roux arrive. Jeanne Morel part. Il rit. Elle parle.";
    let forms = [("Jeanne Morel", Person), ("Paul Roux", Person)];
    assert_eq!(referent(text, &forms, "Elle"), ["Jeanne Morel"]);
}

#[test]
fn the_latter_is_what_was_named_last() {
    let text =
        "Jeanne Morel travaille avec la société Valoria et avec la start-up Ozélia. Celle-ci développe un implant.";
    let forms = [("Jeanne Morel", Person), ("Valoria", Organization), ("Ozélia", Organization)];
    assert_eq!(referent(text, &forms, "Celle-ci"), ["Ozélia"]);
}

#[test]
fn ordinals_mean_one_of_two() {
    let text = "Jeanne Morel et Paul Roux ont fondé Valoria. La première dirige la recherche ; le second est parti.";
    let forms = [("Jeanne Morel", Person), ("Paul Roux", Person), ("Valoria", Organization)];
    assert_eq!(referent(text, &forms, "le second"), ["Paul Roux"]);
    let text = "Jeanne Morel et Paul Roux se connaissent. La première dirige la recherche ; le second est parti.";
    assert_eq!(referent(text, &forms[..2], "La première"), ["Jeanne Morel"]);
    assert_eq!(referent(text, &forms[..2], "le second"), ["Paul Roux"]);
}

#[test]
fn nouns_of_functions_stand_for_persons() {
    let text = "Jeanne Morel et Paul Roux arrivent. Cette ingénieure parle.";
    let forms = [("Jeanne Morel", Person), ("Paul Roux", Person)];
    assert_eq!(referent(text, &forms, "Cette ingénieure"), ["Jeanne Morel"]);
    // The function beside a name tells the gender that the first name does not.
    let text = "Hier soir, à Lyon, Sunniva Holm, directrice de Valoria, est venue. Elle parle.";
    let forms = [("Sunniva Holm", Person), ("Valoria", Organization)];
    assert_eq!(referent(text, &forms, "Elle"), ["Sunniva Holm"]);
    assert!(referent("Paul Roux arrive. Cette table plaît.", &[("Paul Roux", Person)], "Cette table").is_empty());
}

#[test]
fn capitals_stand_for_the_names_that_they_begin() {
    let text = "La SICA Alma grandit. Ozélia aussi. La SICA recrute. La TVA monte.";
    let forms = [("SICA Alma", Organization), ("Ozélia", Organization)];
    assert_eq!(referent(text, &forms, "La SICA"), ["SICA Alma"]);
    assert!(referent(text, &forms, "La TVA").is_empty());
}

#[test]
fn plurals_mean_the_group_named_last() {
    let text = "Valoria et Ozélia signent. Les deux partenaires travailleront ensemble.";
    let forms = [("Valoria", Organization), ("Ozélia", Organization)];
    assert_eq!(referent(text, &forms, "Les deux partenaires"), ["Valoria", "Ozélia"]);
}

#[test]
fn the_issuer_only_where_the_text_shows_it() {
    let issuer = |text: &str| {
        let (_, resolution) = resolve(text, &[("Valoria", Organization), ("Ozélia", Organization)]);
        resolution.issuer.map(|id| resolution.entities[id.0].name.clone())
    };
    assert_eq!(issuer("Accord\n\nValoria et Ozélia signent.\n\nSource : Ozélia").as_deref(), Some("Ozélia"));
    assert_eq!(
        issuer("Accord\n\nValoria signe avec Ozélia.\n\nContact presse : Lise Roux, presse@valoria.example").as_deref(),
        Some("Valoria")
    );
    assert_eq!(issuer("Accord\n\nValoria signe avec Ozélia."), None);
    // Whom only the contacts name is an agency.
    let agency = "Valoria signe\n\nValoria signe à Lyon. Valoria grandit.\n\nContact presse\nOzélia – Lise Roux";
    assert_eq!(issuer(agency).as_deref(), Some("Valoria"));
}

#[test]
fn the_issuer_is_whom_the_release_is_about_from_head_to_end() {
    let issuer = |text: &str| {
        let (_, resolution) = resolve(text, &[("Valoria", Organization), ("Ozélia", Organization)]);
        resolution.issuer.map(|id| resolution.entities[id.0].name.clone())
    };
    let told = |verb: &str| {
        format!(
            "Un atelier de plus pour Bréval\n\nBréval, le 3 mai 2021 – La société Valoria (VAL) {verb} un atelier de trois \
             cents mètres carrés pour la réparation des vélos, financé pour moitié par Ozélia et ouvert à tous les habitants."
        )
    };
    // Who announces.
    assert_eq!(issuer(&told("vient d’ouvrir")).as_deref(), Some("Valoria"));
    assert_eq!(issuer(&told("inaugure")).as_deref(), Some("Valoria"));
    // Of whom something is only told.
    assert_eq!(issuer(&told("perdait depuis longtemps")), None);
    // Who is described at the end.
    let described = |last: &str| {
        let first = told("perdait depuis longtemps");
        issuer(&format!("{first}\n\nLe programme\n\nDeux jours de fête.\n\n{last}"))
    };
    assert_eq!(described("Valoria – 28 rue de la Gare, Bréval").as_deref(), Some("Valoria"));
    assert_eq!(described("Valoria compte 28 salariés.").as_deref(), Some("Valoria"));
    assert_eq!(described("Valoria avait fermé en 2019."), None);
    // Two of the same weight.
    assert_eq!(described("Ozélia est une banque."), None);
    // A letterhead, and who holds the rights.
    let letterhead = "Ozélia (OZE)\n\nUne récolte record\n\nLa récolte de Valoria bat tous les records.";
    assert_eq!(issuer(letterhead).as_deref(), Some("Ozélia"));
    let rights = "Valoria dévoile son jeu\n\nIl sort en mars chez Ozélia.\n\n© 2024 Valoria. Tous droits réservés.";
    assert_eq!(issuer(rights).as_deref(), Some("Valoria"));
}

#[test]
fn the_issuer_that_the_format_names_fills_the_gap() {
    let issuer = |text: &str, publisher: &str| {
        let forms = [("Valoria", Organization), ("Ozélia", Organization)];
        let (_, resolution) = resolve_published(text, &forms, Some(publisher));
        resolution.issuer.map(|id| resolution.entities[id.0].name.clone())
    };
    assert_eq!(issuer("Valoria signe avec Ozélia.", "Ozélia SA").as_deref(), Some("Ozélia"));
    assert_eq!(issuer("Valoria signe avec Ozélia.", "Ozélia Conseil"), None);
    assert_eq!(issuer("Valoria signe avec Ozélia.\n\nSource : Valoria", "Ozélia").as_deref(), Some("Valoria"));
}

#[test]
fn without_relations_the_entities_are_the_same() {
    let text = "La société Valoria annonce la nomination de Marie Durand au poste de directrice générale.\n";
    let with = EXTRACTOR.extract(text);
    let without = Extractor::without_relations(&Resources::embedded()).expect("the built-in data").extract(text);
    assert!(!with.resolution.entities.is_empty() && !with.facts.is_empty());
    assert_eq!(format!("{:?}", with.resolution), format!("{:?}", without.resolution));
    assert_eq!(with.mentions.names, without.mentions.names);
    assert_eq!(without.facts, []);
}

#[test]
fn given_entities_keep_their_ids() {
    let extractor = &*EXTRACTOR;
    let given = [
        GivenEntity { id: "a".into(), kind: Organization, name: "Valoria".into(), mentions: vec![(0, 7)] },
        GivenEntity { id: "b".into(), kind: Place, name: "Bréval".into(), mentions: vec![(20, 26), (900, 910)] },
    ];
    let extraction = extractor.extract_with("Valoria s'installe à Bréval.", &given);
    let ids: Vec<&str> = extraction.resolution.entities.iter().map(|entity| entity.id.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);
    assert_eq!(extraction.mentions.names.len(), extraction.resolution.of_names.len());
}

/// On `data/releases`: what is named is sure or part of a fact, and every number leads somewhere.
#[test]
fn no_doubtful_entity_stays_without_a_fact() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/releases");
    let texts = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    for path in texts.filter(|path| path.extension().is_some_and(|extension| extension == "txt")) {
        let extraction = EXTRACTOR.extract(&std::fs::read_to_string(&path).expect("a text"));
        let (resolution, names) = (&extraction.resolution, &extraction.mentions.names);
        assert_eq!(names.len(), resolution.of_names.len());
        let stated: Vec<EntityId> =
            extraction.facts.iter().flat_map(|fact| fact.arguments.iter().map(|(_, id)| *id)).collect();
        for number in 0..resolution.entities.len() {
            let id = EntityId(number);
            let mut own = names.iter().zip(&resolution.of_names).filter(|(_, of)| **of == id);
            let inner = resolution.inner_places.iter().any(|(_, place)| *place == id);
            let sure = own.any(|(name, _)| name.confidence >= 0.5);
            let known = sure || inner || stated.contains(&id) || resolution.issuer == Some(id);
            assert!(known, "{}: {:?}", path.display(), resolution.entities[number]);
        }
        assert!(stated.iter().all(|id| id.0 < resolution.entities.len()));
    }
}

proptest! {
    #[test]
    fn any_text_resolves(text in "(?s)([A-ZÉa-zé]{1,6}| |\n|il |elle |le groupe |la société |les deux sociétés |\\(|\\)|«|»|, ){0,80}") {
        let document = Document::new(&text);
        let segmentation = Segmentation::new(&document);
        let words: Vec<(String, EntityType)> = segmentation
            .tokens
            .iter()
            .enumerate()
            .filter(|(i, _)| i % 3 == 0)
            .map(|(i, token)| (document.slice(token.span).to_owned(), EntityType::ALL[i % 7]))
            .collect();
        let forms: Vec<(&str, EntityType)> =
            words.iter().filter(|(form, _)| !form.trim().is_empty()).map(|(form, kind)| (form.as_str(), *kind)).collect();
        let (_, resolution) = resolve(&text, &forms);
        for id in &resolution.of_names {
            prop_assert!(id.0 < resolution.entities.len());
        }
        for entity in &resolution.entities {
            prop_assert!(!entity.id.is_empty());
        }
        for reference in &resolution.references {
            prop_assert!(!reference.entities.is_empty());
            prop_assert!(reference.entities.iter().all(|id| id.0 < resolution.entities.len()));
        }
    }
}
