//! Normalisation and segmentation: tokens and gaps rebuild the text, offsets lie within it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pressgraph::segment::Segmentation;
use pressgraph::text::Document;

fuzz_target!(|source: &str| {
    let document = Document::new(source);
    let segmentation = Segmentation::new(&document);
    let mut at = 0;
    for token in &segmentation.tokens {
        let gap = document.text().get(at..token.span.start).expect("spans lie on boundaries, in order");
        assert!(gap.chars().all(char::is_whitespace), "a gap holds {gap:?}");
        let (start, end) = document.code_points(token.span);
        assert!(start <= end && end <= document.source().chars().count());
        at = token.span.end;
    }
    let mut next = 0;
    for sentence in &segmentation.sentences {
        assert_eq!(sentence.tokens.start, next);
        next = sentence.tokens.end;
    }
    assert_eq!(next, segmentation.tokens.len());
});
