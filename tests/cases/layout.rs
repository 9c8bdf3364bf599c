//! The parts of a release.

use pressgraph::read::{Layout, SectionKind};
use pressgraph::text::Document;
use proptest::prelude::*;

fn layout(text: &str) -> (Document, Layout) {
    let document = Document::new(text);
    let layout = Layout::new(&document);
    (document, layout)
}

fn issued(text: &str) -> Option<String> {
    layout(text).1.issued.map(|date| date.to_string())
}

#[test]
fn title_below_a_banner_and_with_marks_of_markdown() {
    for text in [
        "COMMUNIQUÉ DE PRESSE\n\nValoria ouvre une usine à Tréville\n\nLa société Valoria a ouvert mardi une usine.",
        "# Valoria ouvre une usine à Tréville\n\nLa société Valoria a ouvert mardi une usine.",
        "Valoria ouvre une usine à Tréville\n\nLa société Valoria a ouvert mardi une usine.",
        "PRIX\nValoria ouvre une usine à Tréville\n\nLa société Valoria a ouvert mardi une usine.",
        "Tréville, le 3 mai 2021\n\nValoria ouvre une usine à Tréville\n\nLa société Valoria a ouvert mardi une usine.",
    ] {
        let (document, layout) = layout(text);
        assert_eq!(layout.title.map(|span| document.slice(span)), Some("Valoria ouvre une usine à Tréville"), "{text}");
    }
}

#[test]
fn subtitle_only_where_a_longer_paragraph_follows() {
    let (document, layout) =
        layout("Valoria grandit\n\nUne usine pour le verre\n\nLa société Valoria a ouvert mardi une usine de verre.");
    assert_eq!(layout.subtitle.map(|span| document.slice(span)), Some("Une usine pour le verre"));
    assert_eq!(self::layout("Valoria grandit\n\nLa société s'agrandit.\n\nElle embauche.").1.subtitle, None);
}

#[test]
fn datelines() {
    for (line, place, date) in [
        ("Lyon, le 12 mars 2024 – La société Valoria annonce son projet.", Some("Lyon"), "2024-03-12"),
        ("PARIS, 3 mai 2019", Some("PARIS"), "2019-05-03"),
        ("[18 octobre 2023] - Comité des fêtes", None, "2023-10-18"),
        ("Le 1er décembre 2014 :", None, "2014-12-01"),
        ("Dakar, le 09-11-2021", Some("Dakar"), "2021-11-09"),
        ("Publié le 5 juin 2020", None, "2020-06-05"),
        (
            "Saint-Denis et Vitry-sur-Seine, le mercredi 4 janvier 2023. Le groupe ouvre.",
            Some("Saint-Denis et Vitry-sur-Seine"),
            "2023-01-04",
        ),
        ("mars 2022", None, "2022-03"),
        ("Tréville, le 3 mai 2019, 17 h 45 – Information réglementée", Some("Tréville"), "2019-05-03"),
        ("Tréville, France, le 3 mai 2019, 7h30 CET - Valoria annonce.", Some("Tréville, France"), "2019-05-03"),
        ("Tréville (31) – 26 février 2024", Some("Tréville (31)"), "2024-02-26"),
        ("Tréville — mercredi 7 décembre 2022", Some("Tréville"), "2022-12-07"),
        ("Tréville (27), le 30 juin 2023. La société ouvre.", Some("Tréville (27)"), "2023-06-30"),
    ] {
        let (document, layout) = layout(&format!("Valoria ouvre une usine\n\n{line}\n\nLe texte commence ici."));
        let dateline = layout.dateline.unwrap_or_else(|| panic!("no dateline in {line}"));
        assert_eq!(dateline.date.map(|date| date.to_string()).as_deref(), Some(date), "{line}");
        assert_eq!(dateline.place.map(|span| document.slice(span)), place, "{line}");
        assert_eq!(layout.issued, dateline.date);
    }
}

#[test]
fn dates_told_of_are_no_dates_of_publication() {
    for text in [
        "Valoria grandit\n\nLe 16 juin 2021, Jeanne Morel a présenté le projet de la société.",
        "Réunion de clôture, le 14 janvier 2021\n\nLe programme se termine.",
        "Colloque Lumières - 28 septembre 2018\n\nLe colloque réunira des chercheurs.",
        "Valoria grandit\n\nFondée en 2019, elle emploie 20 personnes.",
        "Valoria grandit\n\nLyon, le 31 février 2024 – Une date que le calendrier n'a pas.",
    ] {
        assert_eq!(issued(text), None, "{text}");
    }
}

#[test]
fn date_of_the_source_line() {
    let text =
        "Valoria grandit\n\nLa société s'agrandit.\n\nSource : Cellule de communication — Tréville, 23 avril 2026.";
    assert_eq!(issued(text).as_deref(), Some("2026-04-23"));
    let text = "Aide aux écoles - Communiqué de presse du 27 septembre 2023\n\nLe comité aide les écoles.";
    assert_eq!(issued(text).as_deref(), Some("2023-09-27"));
    let text =
        "Valoria grandit\n\nSous embargo jusqu'au 12 juin 2024, 17 h (heure de Paris)\n\nLe comité aide les écoles.";
    assert_eq!(issued(text).as_deref(), Some("2024-06-12"));
}

#[test]
fn dates_below_the_head() {
    let first =
        "La société Valoria ouvre une usine et embauche vingt personnes dans toute la région, dit sa présidente.";
    for line in [
        "Tréville (Ain), 10 novembre 2023",
        "Tréville, le 10 novembre 2023",
        "Valoria a ouvert ce vendredi 10 novembre 2023 son usine.",
    ] {
        let text = format!("Valoria grandit\n\n{first}\n\n{first}\n\n{first}\n\n{line}");
        assert_eq!(issued(&text).as_deref(), Some("2023-11-10"), "{line}");
    }
    // Two of them are the dates of a programme.
    let body = [first; 7].join("\n\n");
    let text = format!("Valoria grandit\n\n{body}\n\nTréville, le 12 mars 2024\n\nTréville, le 14 mars 2024");
    assert_eq!(issued(&text), None);
}

#[test]
fn sections() {
    let text = "Valoria grandit\n\nLa société s'agrandit encore cette année.\n\nÀ propos de Valoria\nFondée en 2001, elle emploie 20 personnes.\n\nContact presse : Lise Roux, presse@valoria.example\n\nAvertissement\nCe document contient des prévisions.";
    let (document, layout) = layout(text);
    let kinds: Vec<SectionKind> = layout.sections.iter().map(|section| section.kind).collect();
    assert_eq!(
        kinds,
        [SectionKind::Headline, SectionKind::Body, SectionKind::About, SectionKind::Contact, SectionKind::Boilerplate]
    );
    let at = |words: &str| layout.kind_at(document.text().find(words).expect("words of the text"));
    assert_eq!(at("Fondée"), SectionKind::About);
    assert_eq!(at("Lise Roux"), SectionKind::Contact);
    assert_eq!(at("prévisions"), SectionKind::Boilerplate);
}

#[test]
fn a_sentence_that_begins_with_a_propos_is_text() {
    let text = "Valoria grandit\n\nÀ propos de ce projet, la directrice a déclaré qu'il serait mené à bien avant la fin de l'année prochaine.";
    let (_, layout) = layout(text);
    assert!(layout.sections.iter().all(|section| section.kind != SectionKind::About));
}

proptest! {
    #[test]
    fn any_text_has_ordered_sections_on_boundaries(text in "(?s).{0,300}") {
        let (document, layout) = layout(&text);
        let mut end = 0;
        for section in &layout.sections {
            prop_assert!(section.span.start >= end && !document.slice(section.span).is_empty());
            end = section.span.end;
        }
        for span in [layout.title, layout.subtitle, layout.dateline.map(|d| d.span)].into_iter().flatten() {
            prop_assert!(document.text().get(span.range()).is_some());
        }
    }

    #[test]
    fn lines_like_datelines_do_not_panic(line in "[A-Zéà,. \\[(–-]{0,12}(le |mardi )?[0-9]{1,2} ?(mars|mai|/)? ?[0-9]{0,5}[ –.:]{0,3}") {
        layout(&format!("{line}\n{line}\n\n{line}"));
    }
}
