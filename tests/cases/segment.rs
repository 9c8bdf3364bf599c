//! Sentences and tokens.

use pressgraph::segment::Segmentation;
use pressgraph::text::Document;
use proptest::prelude::*;

/// The tokens of `text`, joined by `|`.
fn tokens(text: &str) -> String {
    let document = Document::new(text);
    let segmentation = Segmentation::new(&document);
    segmentation.tokens.iter().map(|t| document.slice(t.span)).collect::<Vec<_>>().join("|")
}

/// The sentences of `text`.
fn sentences(text: &str) -> Vec<String> {
    let document = Document::new(text);
    let segmentation = Segmentation::new(&document);
    segmentation.sentences.iter().map(|s| document.slice(s.span).to_owned()).collect()
}

#[test]
fn elision_parts_the_clitic() {
    assert_eq!(tokens("L’équipe qu’il dirige"), "L'|équipe|qu'|il|dirige");
    assert_eq!(tokens("aujourd'hui"), "aujourd'hui");
}

#[test]
fn inversions_part_and_names_with_hyphens_stay() {
    assert_eq!(tokens("explique-t-elle à Saint-Denis"), "explique|-t-elle|à|Saint-Denis");
}

#[test]
fn numbers_and_abbreviations_stay_whole() {
    assert_eq!(tokens("1,2 million d'euros, 12 000 salariés"), "1,2|million|d'|euros|,|12 000|salariés");
    assert_eq!(tokens("M. Favre et le Dr. Bono"), "M.|Favre|et|le|Dr.|Bono");
}

#[test]
fn abbreviations_do_not_end_sentences() {
    assert_eq!(sentences("M. Favre parle. Il part."), ["M. Favre parle.", "Il part."]);
    assert_eq!(sentences("Un titre\n\nUn texte"), ["Un titre", "Un texte"]);
}

proptest! {
    #[test]
    fn tokens_and_gaps_rebuild_the_text(text in "\\PC*|[a-zé'’ .\n«»0-9A-Z-]*") {
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
}
