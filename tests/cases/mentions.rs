//! Values, and names made consistent.

use std::sync::LazyLock;

use pressgraph::mentions::{Lexicon, Mentions, ValueKind};
use pressgraph::model::Resources;
use pressgraph::read::Layout;
use pressgraph::segment::Segmentation;
use pressgraph::tag::{EntityType, NameTag, Tags};
use pressgraph::text::{Document, Span};
use proptest::prelude::*;

/// The values of a sentence in a release of 12 March 2024 (a Tuesday), as words and what they say.
fn values(sentence: &str) -> Vec<(String, String)> {
    let document = Document::new(&format!("Titre\n\nLyon, le 12 mars 2024\n\n{sentence}"));
    let (layout, segmentation) = (Layout::new(&document), Segmentation::new(&document));
    let mentions = Mentions::with_names(&document, &segmentation, &Tags::default(), &layout, Vec::new());
    let own = mentions.values.into_iter().skip(1);
    own.map(|value| (document.slice(value.span).to_owned(), told(&value.kind))).collect()
}

fn told(kind: &ValueKind) -> String {
    match kind {
        ValueKind::Date { date } => date.map_or("?".to_owned(), |date| date.to_string()),
        ValueKind::Duration(iso) => iso.clone(),
        ValueKind::Amount { low, high, currency } if low == high => format!("{low} {}", currency.0),
        ValueKind::Amount { low, high, currency } => format!("{low}..{high} {}", currency.0),
        ValueKind::Percent(percent) => format!("{percent} %"),
        ValueKind::Count { value, unit } => format!("{value} {unit}"),
    }
}

#[track_caller]
fn check(sentence: &str, expected: &[(&str, &str)]) {
    let found = values(sentence);
    let found: Vec<(&str, &str)> = found.iter().map(|(words, told)| (words.as_str(), told.as_str())).collect();
    assert_eq!(found, expected, "{sentence}");
}

#[test]
fn absolute_dates() {
    check("Il ouvrira le 3 mai 2025.", &[("3 mai 2025", "2025-05-03")]);
    check("Il rouvre jeudi 6 juin 2024.", &[("jeudi 6 juin 2024", "2024-06-06")]);
    check("Il a lieu les 13 et 14 décembre 2017.", &[("13 et 14 décembre 2017", "2017-12-13")]);
    check("Il dure du 21 au 23 novembre 2023.", &[("21 au 23 novembre 2023", "2023-11-21")]);
    check("Elle existe depuis 2019.", &[("2019", "2019")]);
    check("Il ouvrira en septembre 2027.", &[("septembre 2027", "2027-09")]);
    check("Il est signé du 12/03/2023.", &[("12/03/2023", "2023-03-12")]);
    check("Il est daté du 2023-03-12.", &[("2023-03-12", "2023-03-12")]);
}

#[test]
fn dates_relative_to_the_release() {
    check("Le groupe a annoncé vendredi un accord.", &[("vendredi", "2024-03-08")]);
    check("Le groupe a annoncé hier un accord.", &[("hier", "2024-03-11")]);
    check("Il signe aujourd'hui.", &[("aujourd'hui", "2024-03-12")]);
    check("Il ouvrira lundi prochain.", &[("lundi prochain", "2024-03-18")]);
    check("Il ouvrira fin 2025.", &[("fin 2025", "2025")]);
    check("Il ouvrira au premier semestre.", &[("premier semestre", "2024")]);
    check("Il ouvrira au second semestre 2026.", &[("second semestre 2026", "2026")]);
    check("Il a fermé le 14 décembre dernier.", &[("14 décembre dernier", "2023-12-14")]);
    check("Il rouvre le 2 avril.", &[("2 avril", "2024-04-02")]);
    check("Il a grandi l'an dernier.", &[("an dernier", "2023")]);
    check("Il est né il y a deux ans.", &[("il y a deux ans", "2022")]);
    check("Il ouvrira mi-2026.", &[("mi-2026", "2026")]);
}

#[test]
fn durations() {
    check("L'accord dure trois ans.", &[("trois ans", "P3Y")]);
    check("L'accord dure 18 mois.", &[("18 mois", "P18M")]);
    check("L'accord dure un an et demi.", &[("un an et demi", "P18M")]);
    check("L'accord dure une trentaine d'années.", &[("une trentaine d'années", "P30Y")]);
    check("L'accord dure six semaines.", &[("six semaines", "P6W")]);
    check("L'accord dure 48 heures.", &[("48 heures", "PT48H")]);
}

#[test]
fn amounts_of_money() {
    check("Elle lève 1,2 Md€.", &[("1,2 Md€", "1200000000 EUR")]);
    check("Elle lève 55 millions d'euros.", &[("55 millions d'euros", "55000000 EUR")]);
    check("Elle lève entre 3 et 5 M€.", &[("entre 3 et 5 M€", "3000000..5000000 EUR")]);
    check("Elle lève 10 à 12 millions d'euros.", &[("10 à 12 millions d'euros", "10000000..12000000 EUR")]);
    check("Elle lève 80 k€.", &[("80 k€", "80000 EUR")]);
    check("Elle lève 260 000 €.", &[("260 000 €", "260000 EUR")]);
    check("Elle lève un million de francs suisses.", &[("un million de francs suisses", "1000000 CHF")]);
    check("Elle lève 85 milliards de dollars.", &[("85 milliards de dollars", "85000000000 USD")]);
    check("Elle lève 3 millions de dollars canadiens.", &[("3 millions de dollars canadiens", "3000000 CAD")]);
}

#[test]
fn percentages_and_counts() {
    check("Elle détient 12,5 % du capital.", &[("12,5 %", "12.5 %")]);
    check("Elle détient vingt pour cent du capital.", &[("vingt pour cent", "20 %")]);
    check("Elle emploie 1 250 collaborateurs.", &[("1 250 collaborateurs", "1250 collaborateur")]);
    check("Elle emploie plus de 300 salariés.", &[("plus de 300 salariés", "300 salarié")]);
    check("Elle emploie une cinquantaine de salariés.", &[("une cinquantaine de salariés", "50 salarié")]);
    check("Elle emploie cent douze ingénieurs.", &[("cent douze ingénieurs", "112 ingénieur")]);
    check("Elle emploie quatre-vingt-dix-sept ouvriers.", &[("quatre-vingt-dix-sept ouvriers", "97 ouvrier")]);
    check("Elle emploie deux mille trois cents ouvriers.", &[("deux mille trois cents ouvriers", "2300 ouvrier")]);
    check("Elle sert 1,2 million de clients.", &[("1,2 million de clients", "1200000 client")]);
}

#[test]
fn what_is_no_value() {
    check("Elle a un projet et une équipe.", &[]);
    check("Tél. 04 00 12 34 56", &[]);
}

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::load(&Resources::embedded()).expect("the embedded lexicons are well-formed"));

/// The names of `text` after repair of those `tagged` (each form at its first occurrence).
fn repaired(text: &str, tagged: &[(&str, EntityType)]) -> Vec<(String, EntityType)> {
    let document = Document::new(text);
    let (layout, segmentation) = (Layout::new(&document), Segmentation::new(&document));
    let mut from = 0;
    let tags: Vec<NameTag> = tagged
        .iter()
        .map(|(form, kind)| {
            let start = from + document.text()[from..].find(form).unwrap_or_else(|| panic!("{form} in {text}"));
            from = start + form.len();
            NameTag { tokens: segmentation.tokens_in(Span::new(start, from)), kind: *kind, score: 0.9 }
        })
        .collect();
    let mentions = Mentions::new(&document, &segmentation, &Tags::default(), &layout, &LEXICON, &tags);
    mentions.names.into_iter().map(|name| (document.slice(name.span).to_owned(), name.kind)).collect()
}

#[track_caller]
fn check_names(text: &str, tagged: &[(&str, EntityType)], expected: &[(&str, EntityType)]) {
    let found = repaired(text, tagged);
    let found: Vec<(&str, EntityType)> = found.iter().map(|(form, kind)| (form.as_str(), *kind)).collect();
    assert_eq!(found, expected, "{text}");
}

use EntityType::{Event, Organization, Person, Place, Product, Program, Site};

#[test]
fn boundaries_follow_the_guide() {
    check_names("Avec M. Paul Roux.", &[("M. Paul Roux", Person)], &[("Paul Roux", Person)]);
    check_names("L'accord d'Ozélia.", &[("d'Ozélia", Organization)], &[("Ozélia", Organization)]);
    check_names("La startup Ozélia.", &[("startup Ozélia", Organization)], &[("Ozélia", Organization)]);
    check_names(
        "Selon Ozélia – Tréville.",
        &[("Ozélia – Tréville", Organization)],
        &[("Ozélia", Organization), ("Tréville", Organization)],
    );
    check_names("La Fondation soutient.", &[("Fondation", Organization)], &[]);
    check_names("Avec Zorbix 9.4 ce jour.", &[("Zorbix", Product)], &[("Zorbix 9.4", Product)]);
    check_names("Au salon Vinéa 2024.", &[("Vinéa", Event)], &[("Vinéa 2024", Event)]);
    check_names("Avec Jean-Luc MORVANT ce jour.", &[("Jean-Luc", Person)], &[("Jean-Luc MORVANT", Person)]);
}

#[test]
fn areas_functions_and_common_acronyms_are_no_bodies() {
    check_names("Dans la ville de Tréville.", &[("ville de Tréville", Organization)], &[("Tréville", Place)]);
    check_names("Selon le Gouverneur de Tréville.", &[("Gouverneur de Tréville", Organization)], &[]);
    check_names("Le ministre de la Justice parle.", &[("Justice", Organization)], &[]);
    check_names("Les budgets de R&D montent.", &[("R&D", Organization)], &[]);
    check_names("Au secrétaire d'État.", &[("État", Organization)], &[]);
    check_names("Avec le soutien de l'État.", &[], &[("État", Organization)]);
    check_names("Le chef de l'État parle.", &[], &[]);
}

#[test]
fn what_stands_before_and_behind_belongs_to_the_name() {
    check_names("Elle suit La Tréville, on avance.", &[("Tréville", Organization)], &[("La Tréville", Organization)]);
    check_names(
        "La Tréville avance. Elle suit La Tréville, on court.",
        &[("Tréville", Organization), ("Tréville", Organization)],
        &[("La Tréville", Organization), ("La Tréville", Organization)],
    );
    check_names("La Tréville avance.", &[("Tréville", Organization)], &[("Tréville", Organization)]);
    check_names("L'ICR avance.", &[("L'ICR", Organization)], &[("ICR", Organization)]);
    check_names(
        "Selon 777 Ozélia, tout va. Voici 777 Ozélia.",
        &[("Ozélia", Organization), ("Ozélia", Organization)],
        &[("777 Ozélia", Organization), ("777 Ozélia", Organization)],
    );
    check_names("Selon Ozélia.ID ce jour.", &[("Ozélia", Organization)], &[("Ozélia.ID", Organization)]);
    check_names(
        "Avec le chef de Tréville Mme Roux.",
        &[("Tréville Mme Roux", Organization)],
        &[("Tréville", Organization), ("Roux", Person)],
    );
}

#[test]
fn nouns_that_belong_to_the_name() {
    check_names("Sur le campus de Tréville.", &[("Tréville", Place)], &[("campus de Tréville", Site)]);
    check_names("À l'usine de Tréville.", &[("Tréville", Place)], &[("usine de Tréville", Site)]);
    check_names("Dans la ville de Tréville.", &[("Tréville", Place)], &[("Tréville", Place)]);
    check_names("Avec la Ville de Tréville.", &[("Tréville", Place)], &[("Ville de Tréville", Organization)]);
    check_names(
        "Avec l'Institut Jeanne Morel.",
        &[("Jeanne Morel", Person)],
        &[("Institut Jeanne Morel", Organization)],
    );
    check_names(
        "Avec l'association Jeunes Pousses.",
        &[("Jeunes Pousses", Organization)],
        &[("Jeunes Pousses", Organization)],
    );
}

#[test]
fn units_and_acronyms_that_the_text_marks() {
    check_names(
        "L'Institut du Sel UMR 1234 recrute.",
        &[("Institut du Sel UMR 1234", Organization)],
        &[("Institut du Sel", Organization), ("UMR 1234", Organization)],
    );
    check_names(
        "Le Laboratoire des Sels Marins (LSM) recrute.",
        &[("Laboratoire des Sels Marins", Organization)],
        &[("Laboratoire des Sels Marins", Organization), ("LSM", Organization)],
    );
}

#[test]
fn a_form_has_one_type_and_spreads() {
    check_names(
        "Ozélia grandit.\n\nLe siège de Ozélia est ici. Selon Ozélia, tout va bien.",
        &[("Ozélia", Organization)],
        &[("Ozélia", Organization), ("Ozélia", Organization), ("Ozélia", Organization)],
    );
    check_names(
        "Le programme Essor grandit. Essor aide. Avec Essor, on avance.",
        &[("Essor", Organization), ("Essor", Program)],
        &[("Essor", Program), ("Essor", Program), ("Essor", Program)],
    );
    // Not where the text uses the word as a common noun too.
    check_names("Avec Relance. La relance vient. Relance utile.", &[("Relance", Program)], &[("Relance", Program)]);
    // Surnames of persons named in full.
    check_names(
        "Paul Mervant parle. Mervant rit.",
        &[("Paul Mervant", Person)],
        &[("Paul Mervant", Person), ("Mervant", Person)],
    );
}

#[test]
fn conjunctions_part_names_that_stand_alone_elsewhere() {
    check_names(
        "Avec Ozélia et Zorbix.\n\nIci Zorbix.",
        &[("Ozélia et Zorbix", Organization), ("Zorbix", Organization)],
        &[("Ozélia", Organization), ("Zorbix", Organization), ("Zorbix", Organization)],
    );
    check_names("Avec Arts et Lettres.", &[("Arts et Lettres", Organization)], &[("Arts et Lettres", Organization)]);
}

#[test]
fn units_are_parted_from_their_bodies() {
    check_names(
        "Le Laboratoire de chimie végétale du CNRV publie.",
        &[("Laboratoire de chimie végétale du CNRV", Organization)],
        &[("Laboratoire de chimie végétale", Organization), ("CNRV", Organization)],
    );
    check_names(
        "Ozélia paie. Le Comité vert d'Ozélia vote.",
        &[("Ozélia", Organization), ("Comité vert d'Ozélia", Organization)],
        &[("Ozélia", Organization), ("Comité vert", Organization), ("Ozélia", Organization)],
    );
    // A place is no body.
    check_names(
        "À Lille, avec l'Institut vert de Lille.",
        &[("Lille", Place), ("Institut vert de Lille", Organization)],
        &[("Lille", Place), ("Institut vert de Lille", Organization)],
    );
    check_names(
        "Avec l'Agence Mondiale Ozone AMO ce jour.",
        &[("Agence Mondiale Ozone AMO", Organization)],
        &[("Agence Mondiale Ozone", Organization), ("AMO", Organization)],
    );
}

#[test]
fn quotations_behind_a_noun_are_names() {
    check_names("Le programme « Lumière pour tous » commence.", &[], &[("Lumière pour tous", Program)]);
    check_names("L'étude intitulée \"Vivre ici\" paraît.", &[], &[("Vivre ici", Product)]);
    check_names("Le maire a dit « Lumière pour tous » ce jour.", &[], &[]);
    check_names(
        "Au colloque ZEST « Des outils pour tous », on parle.",
        &[("ZEST « Des outils", Event)],
        &[("colloque ZEST", Event), ("Des outils pour tous", Event)],
    );
}

#[test]
fn places_without_hyphens_and_without_cedex() {
    check_names("En Seine et Marne.", &[("Seine", Place)], &[("Seine et Marne", Place)]);
    check_names("Dans le Pas de Calais.", &[("Calais", Place)], &[("Pas de Calais", Place)]);
    check_names("Avec Paul Petit L'usine ferme.", &[("Paul Petit L'", Person)], &[("Paul Petit", Person)]);
    check_names("75660 Paris Cedex 14", &[("Paris Cedex 14", Place)], &[("Paris", Place)]);
    check_names("Au cœur de Lille.", &[("cœur de Lille", Place)], &[("Lille", Place)]);
}

#[test]
fn a_site_goes_on_with_its_place() {
    check_names(
        "Pour l'Oléopole de Tréville.",
        &[("Oléopole", Site), ("Tréville", Place)],
        &[("Oléopole de Tréville", Site)],
    );
}

#[test]
fn a_wrong_line_of_a_lexicon_is_named() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    std::fs::create_dir(folder.path().join("lexicons")).expect("a folder for the test");
    std::fs::write(folder.path().join("lexicons/heads.tsv"), "# x\nsociété\tx\tOrganization\tapart\n")
        .expect("written");
    let error = Lexicon::load(&Resources::overridden_by(folder.path())).expect_err("the gender is wrong");
    assert!(error.to_string().contains("heads.tsv, line 2"), "{error}");
}

#[test]
fn names_that_the_words_around_them_tell() {
    check_names("Avec le syndicat ADZ.", &[], &[("ADZ", Organization)]);
    check_names("Le syndicat 12 ADZ donne.", &[], &[("12 ADZ", Organization)]);
    check_names("Paul rencontre la directrice de ZORBIX ce jour.", &[], &[("ZORBIX", Organization)]);
    check_names("Au format ABC et dans le livre II.", &[], &[]);
    check_names("L'équipe de France arrive.", &[("France", Place)], &[("équipe de France", Organization)]);
    check_names("L'équipe de Lorbec arrive.", &[("Lorbec", Place)], &[("Lorbec", Place)]);
    check_names(
        "Les lauréats :\n\n- Prix des lycéens : Paul\n- Prix public : 12 euros",
        &[],
        &[("Prix des lycéens", Program)],
    );
    check_names("- Prix des lycéens : Paul", &[], &[]);
}

#[test]
fn types_that_the_words_around_tell() {
    check_names("En partenariat avec Ozélia.", &[("Ozélia", Event)], &[("Ozélia", Organization)]);
    check_names("En partenariat avec la France.", &[("France", Place)], &[("France", Place)]);
    check_names(
        "Partenaires : Ozélia et Zorbix",
        &[("Ozélia", Product), ("Zorbix", Site)],
        &[("Ozélia", Organization), ("Zorbix", Organization)],
    );
    check_names(
        "Ses marques : Ozélia (Zorbix)",
        &[("Ozélia", Site), ("Zorbix", Organization)],
        &[("Ozélia", Product), ("Zorbix", Organization)],
    );
    check_names("5 juin : Ozélia, salle des fêtes", &[("Ozélia", Site)], &[("Ozélia", Event)]);
    check_names(
        "Elle est présidente de Jeanne Matériel.",
        &[("Jeanne Matériel", Person)],
        &[("Jeanne Matériel", Organization)],
    );
    check_names("L'appel à projets Ozélia est ouvert.", &[("Ozélia", Product)], &[("Ozélia", Program)]);
}

#[test]
fn editions_are_named_by_their_event() {
    check_names("À la 3e édition de Vinéa.", &[("3e édition de Vinéa", Event)], &[("Vinéa", Event)]);
    check_names("À la 3e édition du Salon.", &[("3e édition du Salon", Event)], &[]);
}

#[test]
fn names_that_are_two() {
    check_names(
        "Avec la Faculté de droit de l'Université de Lorbec.",
        &[("Faculté de droit de l'Université de Lorbec", Organization)],
        &[("Faculté de droit", Organization), ("Université de Lorbec", Organization)],
    );
    check_names(
        "Selon l'ONG Zorbix du Niger.",
        &[("Zorbix du Niger", Organization)],
        &[("Zorbix", Organization), ("Niger", Place)],
    );
    check_names(
        "Auprès d'Ozélia Gestion et de Zorbix.",
        &[("Ozélia Gestion et de Zorbix", Organization)],
        &[("Ozélia Gestion", Organization), ("Zorbix", Organization)],
    );
    check_names(
        "Avec Ozélia, Mairie de Lorbec.",
        &[("Ozélia, Mairie de Lorbec", Organization)],
        &[("Ozélia", Organization), ("Mairie de Lorbec", Organization)],
    );
    check_names("Avec l'unité GDZC.", &[("unité GDZC", Organization)], &[("GDZC", Organization)]);
    check_names("À l'usine de Lorbec.", &[("Lorbec", Place)], &[("usine de Lorbec", Site)]);
}

#[test]
fn acronyms_and_what_they_shorten() {
    check_names(
        "Avec le Syndicat des eaux du plateau (SEP) et ses élus.",
        &[("SEP", Organization)],
        &[("Syndicat des eaux du plateau", Organization), ("SEP", Organization)],
    );
    check_names(
        "Avec le Vorpal (Union orbitale des régions du plateau et de la lagune) et ses élus.",
        &[("Vorpal", Organization)],
        &[("Vorpal", Organization)],
    );
    check_names(
        "Avec le SEP (Syndicat des eaux du plateau) et ses élus.",
        &[("SEP", Organization)],
        &[("SEP", Organization), ("Syndicat des eaux du plateau", Organization)],
    );
    // The plural of a common noun.
    check_names("Avec les ONL. Pour 39 ONL.", &[("ONL", Organization)], &[]);
    check_names(
        "Avec les ONL. Avec la ONL.",
        &[("ONL", Organization)],
        &[("ONL", Organization), ("ONL", Organization)],
    );
}

#[test]
fn short_forms_of_names_and_what_they_are() {
    check_names(
        "Avec La Sirandole. Auprès de la Sirandole. Quelle Sirandole.",
        &[("La Sirandole", Organization)],
        &[("La Sirandole", Organization), ("Sirandole", Organization)],
    );
    check_names(
        "Avec Ozélia. Avec Ozélia France.",
        &[("Ozélia", Product), ("Ozélia France", Organization)],
        &[("Ozélia", Organization), ("Ozélia France", Organization)],
    );
    check_names("Voir : Rey A, Lorbec D, Roux T.", &[("Lorbec D", Organization)], &[("Lorbec D", Person)]);
    check_names("À l'adresse : BP12.", &[("BP12", Organization)], &[]);
    check_names("Le Gouverneur Lorbec parle.", &[("Le Gouverneur Lorbec", Organization)], &[]);
    check_names("À Paris 15e, chez nous.", &[("Paris", Place)], &[("Paris 15e", Place)]);
}

#[test]
fn towns_that_act_and_places_that_lists_know() {
    check_names("En lien avec la ville de Lorbec.", &[("Lorbec", Place)], &[("ville de Lorbec", Organization)]);
    check_names("Dans la ville de Lorbec.", &[("Lorbec", Place)], &[("Lorbec", Place)]);
    check_names("Elle s'installe dans le Tarn, puis en Tunisie.", &[], &[("Tarn", Place), ("Tunisie", Place)]);
    check_names("Elle part en Mars.", &[], &[]);
}

proptest! {
    #[test]
    fn any_text_and_any_tags_give_ordered_names_and_values(
        text in "(?s)([A-Za-zéÉ0-9€%,.;:!«»()/&'’ \n-]|de |la |le |et |ans |M\\. |2024 |UMR ){0,60}",
        cuts in proptest::collection::vec((0usize..60, 1usize..5, 0usize..7), 0..8),
    ) {
        let document = Document::new(&text);
        let (layout, segmentation) = (Layout::new(&document), Segmentation::new(&document));
        let mut tags: Vec<NameTag> = Vec::new();
        let mut free = 0;
        let mut cuts = cuts;
        cuts.sort_unstable();
        for (start, length, kind) in cuts {
            let end = (start + length).min(segmentation.tokens.len());
            if start >= free && start < end {
                tags.push(NameTag { tokens: start..end, kind: EntityType::ALL[kind], score: 0.5 });
                free = end;
            }
        }
        let mentions = Mentions::new(&document, &segmentation, &Tags::default(), &layout, &LEXICON, &tags);
        let mut end = 0;
        for name in &mentions.names {
            prop_assert!(name.span.start >= end && !document.slice(name.span).is_empty());
            end = name.span.end;
        }
        let mut end = 0;
        for value in &mentions.values {
            prop_assert!(value.span.start >= end && !document.slice(value.span).is_empty());
            end = value.span.end;
        }
    }
}
