//! The normalised text and its map back to the source.

use pressgraph::text::{Document, Span};
use proptest::prelude::*;

#[test]
fn typography_is_folded() {
    for (source, expected) in [
        ("L\u{2019}e\u{301}quipe", "L'équipe"),
        ("12\u{202F}000\u{A0}€", "12 000 €"),
        ("la ﬁn de l’aﬀaire", "la fin de l'affaire"),
        ("co\u{AD}opé\u{AD}ration\u{200B}", "coopération"),
        ("\u{FEFF}Titre", "Titre"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("semi\u{2011}public", "semi-public"),
        ("cœur à l'œuvre, 3 €", "cœur à l'œuvre, 3 €"),
    ] {
        assert_eq!(Document::new(source).text(), expected, "{source:?}");
    }
}

#[test]
fn spans_speak_of_the_source() {
    // Byte order mark, curly apostrophe, decomposed accents, ligature, soft hyphen, thin space.
    let source = "\u{FEFF}L\u{2019}e\u{301}tude ﬁnit : co\u{AD}opération 12\u{202F}000";
    let document = Document::new(source);
    let text = document.text();
    for (words, original) in [
        ("L'", "L\u{2019}"),
        ("étude", "e\u{301}tude"),
        ("finit", "ﬁnit"),
        ("coopération", "co\u{AD}opération"),
        ("12 000", "12\u{202F}000"),
    ] {
        let start = text.find(words).expect("the words are in the text");
        let span = Span::new(start, start + words.len());
        assert_eq!(document.source_slice(span), original);
        let (from, to) = document.code_points(span);
        let in_source: String = source.chars().skip(from).take(to - from).collect();
        assert_eq!(in_source, original);
        assert_eq!(document.span_of_code_points(from, to), span);
    }
}

#[test]
fn what_was_dropped_lies_outside_of_spans() {
    let document = Document::new("a\u{AD}b");
    assert_eq!(document.source_slice(Span::new(0, 1)), "a");
    assert_eq!(document.source_slice(Span::new(1, 2)), "b");
    assert_eq!(document.source_slice(Span::new(0, 2)), "a\u{AD}b");
}

#[test]
fn offsets_past_a_block_are_counted() {
    let source = "é’x ".repeat(1000);
    let document = Document::new(&source);
    let text = document.text();
    // Three code points and a space each, in the source and in the text.
    let start = text.char_indices().nth(2402).expect("the text is longer").0;
    assert_eq!(document.code_points(Span::new(start, start + 1)), (2402, 2403));
    assert_eq!(document.span_of_code_points(2402, 2403), Span::new(start, start + 1));
    assert_eq!(document.span_of_code_points(4000, 9000), Span::new(text.len(), text.len()));
}

proptest! {
    #[test]
    fn every_character_maps_into_the_source(source in "\\PC*|[aé’ﬁ\u{301}\u{AD}\u{A0}\r\n\u{FEFF}x ]*") {
        let document = Document::new(&source);
        let text = document.text();
        let length = document.source().chars().count();
        let mut last = 0;
        for (at, c) in text.char_indices() {
            let span = Span::new(at, at + c.len_utf8());
            let (start, end) = document.code_points(span);
            prop_assert!(start < end && end <= length, "{at} {c:?} is {start}..{end} of {length}");
            prop_assert!(last <= start);
            last = start;
            prop_assert_eq!(document.source_slice(span).chars().count(), end - start);
            prop_assert!(document.span_of_code_points(start, end).contains(span));
        }
        // The whole text covers all but what was dropped at its ends.
        let (start, end) = document.code_points(Span::new(0, text.len()));
        prop_assert!(start <= end && end <= length);
    }
}
