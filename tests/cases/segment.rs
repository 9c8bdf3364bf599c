//! Sentences and tokens.

use pressgraph::segment::{Segmentation, TokenKind};
use pressgraph::text::Document;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

/// The tokens of `text`, joined by `|`; line breaks as `¶`.
fn tokens(text: &str) -> String {
    let document = Document::new(text);
    let segmentation = Segmentation::new(&document);
    let words = segmentation.tokens.iter().map(|t| match t.kind {
        TokenKind::Break => "¶",
        _ => document.slice(t.span),
    });
    words.collect::<Vec<_>>().join("|")
}

/// The sentences of `text`.
fn sentences(text: &str) -> Vec<String> {
    let document = Document::new(text);
    let segmentation = Segmentation::new(&document);
    segmentation.sentences.iter().map(|s| document.slice(s.span).to_owned()).collect()
}

/// Checks many texts against their tokens.
fn check_tokens(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(tokens(text), *expected, "tokens of {text:?}");
    }
}

#[test]
fn elision_parts_the_clitic() {
    check_tokens(&[
        ("Les président·es et lauréat·e·s · Lyon", "Les|président·es|et|lauréat·e·s|·|Lyon"),
        ("L’équipe qu’il dirige", "L'|équipe|qu'|il|dirige"),
        ("aujourd'hui, quelqu'un", "aujourd'hui|,|quelqu'un"),
        ("jusqu'à l'an dernier", "jusqu'|à|l'|an|dernier"),
        ("prud'homme de Val-d'Oise", "prud'homme|de|Val-d'Oise"),
        ("L'ORÉAL ET D'AUTRES", "L'|ORÉAL|ET|D'|AUTRES"),
        ("O'Brien et Moody's", "O'Brien|et|Moody's"),
    ]);
}

#[test]
fn inversions_part_and_names_with_hyphens_stay() {
    check_tokens(&[
        ("explique-t-elle à Saint-Denis", "explique|-t-elle|à|Saint-Denis"),
        ("dit-il, a-t-on", "dit|-il|,|a|-t-on"),
        ("un rendez-vous, Rendez-vous", "un|rendez-vous|,|Rendez-vous"),
        ("peut-être lui-même", "peut-être|lui-même"),
        ("est-ce que", "est|-ce|que"),
        ("Jean-Noël de Saint-Cyr-l'École", "Jean-Noël|de|Saint-Cyr-l'École"),
    ]);
}

#[test]
fn numbers_stay_whole() {
    check_tokens(&[
        ("1,2 million d'euros, 12 000 salariés", "1,2|million|d'|euros|,|12 000|salariés"),
        ("1\u{202F}250\u{202F}000,50 €", "1 250 000,50|€"),
        ("le 1er mai 2024 à 10h30", "le|1er|mai|2024|à|10h30"),
        ("en 2024 150 salariés", "en|2024|150|salariés"),
        ("12/05/2024, 3.500 m2", "12/05/2024|,|3.500|m2"),
        ("50M€ et 25 % à 30°", "50|M|€|et|25|%|à|30°"),
        ("2e, 3ème et XXIe", "2e|,|3ème|et|XXIe"),
        ("01 45 67 89 10", "01|45|67|89|10"),
    ]);
}

#[test]
fn abbreviations_keep_their_stop() {
    check_tokens(&[
        ("M. Favre et le Dr. Bono", "M.|Favre|et|le|Dr.|Bono"),
        ("J.-P. Martin et J. K. Roux", "J.-P.|Martin|et|J.|K.|Roux"),
        ("Valoria S.A., n° 4, etc.", "Valoria|S.A.|,|n°|4|,|etc."),
        ("en vol. Il", "en|vol|.|Il"),
        ("vol. 3, ex. la loi", "vol.|3|,|ex.|la|loi"),
        ("fini.Le reste", "fini|.|Le|reste"),
    ]);
}

#[test]
fn names_end_at_slashes_and_dashes() {
    check_tokens(&[
        ("INSERM-/Université Paul Sabatier/ CNRS", "INSERM|-|/|Université|Paul|Sabatier|/|CNRS"),
        ("ICR/Inserm/Université Paul Sabatier", "ICR|/|Inserm|/|Université|Paul|Sabatier"),
        ("R&D chez H+T, et/ou", "R&D|chez|H+T|,|et|/|ou"),
        ("Paris–Lyon — Nord", "Paris|–|Lyon|—|Nord"),
        ("suite... -- fin", "suite|...|--|fin"),
    ]);
}

#[test]
fn addresses_stay_whole() {
    check_tokens(&[
        ("Voir https://www.exemple.fr/a?b=c(d). Fin", "Voir|https://www.exemple.fr/a?b=c(d|)|.|Fin"),
        ("www.exemple.fr, contact@exemple-presse.fr.", "www.exemple.fr|,|contact@exemple-presse.fr|."),
        ("<a.b+c@d.org>", "<|a.b+c@d.org|>"),
        ("@compte et a@b", "@|compte|et|a|@|b"),
    ]);
}

#[test]
fn line_breaks_are_tokens() {
    check_tokens(&[("Titre\n\n  Texte\nSuite", "Titre|¶|Texte|¶|Suite")]);
}

#[test]
fn sentences_end_at_stops_and_blank_lines() {
    assert_eq!(sentences("M. Favre parle. Il part."), ["M. Favre parle.", "Il part."]);
    assert_eq!(sentences("Un titre\n\nUn texte"), ["Un titre", "Un texte"]);
    assert_eq!(sentences("Des vis, des clous, etc. Le reste suit."), ["Des vis, des clous, etc.", "Le reste suit."]);
    assert_eq!(sentences("J. Le Guen arrive. Fin."), ["J. Le Guen arrive.", "Fin."]);
    assert_eq!(sentences("Valoria S.A. La société grandit."), ["Valoria S.A.", "La société grandit."]);
    assert_eq!(sentences("On attend... Puis rien."), ["On attend...", "Puis rien."]);
}

#[test]
fn wrapped_lines_go_on() {
    assert_eq!(sentences("La société annonce\nune hausse."), ["La société annonce\nune hausse."]);
    assert_eq!(sentences("Avec Valoria,\nOptimo et Brévan."), ["Avec Valoria,\nOptimo et Brévan."]);
    // Where other lines were wrapped, a full line also goes on before a capital; a short one does not.
    let wrapped = "La société annonce ce jour que les travaux de\nl'usine sont achevés et que le site ouvrira au\n\
        mois de mai prochain, sous la conduite de Marie\nDurand et de son équipe, comme on l'avait déjà\nannoncé.\n\
        Marie Durand\nDirectrice";
    let found = sentences(wrapped);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].contains("Marie\nDurand"));
}

#[test]
fn quotation_marks_close_with_the_stop() {
    assert_eq!(
        sentences("« Nous sommes fiers. » Elle ajoute : « Merci “à tous”. » Fin."),
        ["« Nous sommes fiers. »", "Elle ajoute : « Merci “à tous”. »", "Fin."]
    );
}

#[test]
fn list_items_are_sentences() {
    assert_eq!(
        sentences("Trois axes :\n- la santé\n- Le climat\n• L'eau"),
        ["Trois axes :", "- la santé", "- Le climat", "• L'eau"]
    );
    assert_eq!(sentences("• Un • Deux"), ["• Un", "• Deux"]);
}

/// Text as releases have it, and anything else.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC*",
        "[a-zéÉœ'’ .,\n«»0-9A-Z@/:\u{301}\u{AD}\u{A0}ﬁ-]*",
        "([A-Z]\\.|www\\.|-t-il|[0-9]{1,3} |n°|l'|…|\n )*"
    ]
}

proptest! {
    #[test]
    fn tokens_and_gaps_rebuild_the_text(text in any_text()) {
        let document = Document::new(&text);
        let segmentation = Segmentation::new(&document);
        let mut at = 0;
        for token in &segmentation.tokens {
            let gap = document.text().get(at..token.span.start).expect("spans lie on character boundaries");
            prop_assert!(gap.chars().all(char::is_whitespace), "a gap holds {gap:?}");
            prop_assert!(!token.span.is_empty());
            at = token.span.end;
        }
        prop_assert!(document.text()[at..].chars().all(char::is_whitespace));
        let mut next = 0;
        for sentence in &segmentation.sentences {
            prop_assert_eq!(sentence.tokens.start, next);
            next = sentence.tokens.end;
        }
        prop_assert_eq!(next, segmentation.tokens.len());
    }

    #[test]
    fn decomposed_accents_give_the_same_tokens(text in any_text()) {
        let composed: String = text.nfc().collect();
        let decomposed: String = text.nfd().collect();
        prop_assert_eq!(tokens(&composed), tokens(&decomposed));
    }
}
