//! The French words that decide how a fact is written: `data/graph`, compiled in.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// A set of words, one a line.
type Words = LazyLock<BTreeSet<&'static str>>;

/// First words of the names of units without a legal person of their own.
pub(super) static UNIT_NOUNS: Words =
    LazyLock::new(|| lines(include_str!("../../data/graph/unit_nouns.txt")).collect());
/// Nouns of a sentence that make what is given a grant.
pub(super) static GRANT_NOUNS: Words =
    LazyLock::new(|| lines(include_str!("../../data/graph/grant_nouns.txt")).collect());
/// Titles, in the masculine, whose holder heads the body.
pub(super) static HEAD_TITLES: Words =
    LazyLock::new(|| lines(include_str!("../../data/graph/head_titles.txt")).collect());
/// Words of a title that make it less than the head's.
pub(super) static LESSER_TITLES: Words =
    LazyLock::new(|| lines(include_str!("../../data/graph/lesser_titles.txt")).collect());

/// The lines of a file that are neither empty nor comments.
fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}
