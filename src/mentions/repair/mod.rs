//! From the names that the tagger found to names that are consistent within the release.
//!
//! The steps, each general, in this order: mend the boundaries, take nouns into names or out of them,
//! add names that the language itself or the words around them mark, find the other occurrences of forms that are known, and
//! give one type to one form.

mod acronyms;
mod bounds;
mod contexts;
mod frames;
mod heads;
mod join;
mod marked;
mod parts;
mod recurring;
mod spread;
mod types;

use std::ops::Range;

use super::words::Words;
use super::{Lexicon, Mention};
use crate::segment::Segmentation;
use crate::tag::{EntityType, NameTag, Tags};
use crate::text::Document;

/// The tagger's score to this power is about the share of right names, on releases it had not seen.
const CALIBRATION: f32 = 0.15;

/// What has more tokens or bytes is no name: a list without an end, noise.
const LONGEST: usize = 64;
const LONGEST_BYTES: usize = 1000;

/// A name under repair.
#[derive(Clone, Debug, PartialEq)]
struct Name {
    tokens: Range<usize>,
    kind: EntityType,
    score: f32,
    /// Whether its type is only the commonest one.
    guessed: bool,
}

/// What the steps read.
struct Text<'a> {
    words: Words<'a>,
    segmentation: &'a Segmentation,
    lexicon: &'a Lexicon,
}

impl Text<'_> {
    /// Whether token `i` begins with a capital.
    fn is_capitalised(&self, i: usize) -> bool {
        self.words.form(i).chars().next().is_some_and(char::is_uppercase)
    }

    /// Whether token `i` is the first of its sentence, so that its capital says nothing.
    fn opens_sentence(&self, i: usize) -> bool {
        let sentence = self.segmentation.sentences.get(self.segmentation.sentence_at(i));
        sentence.is_some_and(|sentence| sentence.tokens.start == i)
    }

    /// Whether both tokens lie in one sentence.
    fn same_sentence(&self, a: usize, b: usize) -> bool {
        self.segmentation.sentence_at(a) == self.segmentation.sentence_at(b)
    }
}

/// How many bytes the tokens cover.
fn bytes(segmentation: &Segmentation, tokens: &Range<usize>) -> usize {
    let tokens = segmentation.tokens.get(tokens.clone()).unwrap_or_default();
    tokens.first().zip(tokens.last()).map_or(0, |(first, last)| last.span.end - first.span.start)
}

/// The names of `document`, mended.
pub(super) fn repair(
    document: &Document,
    segmentation: &Segmentation,
    tags: &Tags,
    lexicon: &Lexicon,
    tagged: &[NameTag],
) -> Vec<Mention> {
    let text = Text { words: Words::new(document, segmentation, tags), segmentation, lexicon };
    let is_name = |name: &&NameTag| name.tokens.len() <= LONGEST && bytes(segmentation, &name.tokens) <= LONGEST_BYTES;
    let names = tagged.iter().filter(is_name).map(|name| Name {
        tokens: name.tokens.clone(),
        kind: name.kind,
        score: name.score.powf(CALIBRATION),
        guessed: false,
    });
    let names = tidy(names.flat_map(|name| bounds::mend(&text, name)).collect());
    let names = join::mend(&text, &names);
    let names = tidy(heads::extend(&text, names));
    let names = parts::extend(&text, names);
    let names = acronyms::add(&text, names);
    let names = marked::add(&text, names);
    let common = spread::common_words(&text);
    let names = contexts::add(&text, names, &common);
    let names = recurring::add(&text, names, &common);
    let mut names = spread::spread(&text, names, &common);
    marked::retain_states(&text, &mut names);
    acronyms::retain_singular(&text, &mut names);
    // Once more: other occurrences of a form may stand behind its number too.
    let names = parts::extend(&text, names);
    let names = join::with_place(&text, types::unify(&text, names));
    let mention = |name: Name| {
        let tokens = segmentation.tokens.get(name.tokens.clone())?;
        let span = tokens.first()?.span.cover(tokens.last()?.span);
        Some(Mention { span, tokens: name.tokens, kind: name.kind, confidence: name.score })
    };
    names.into_iter().filter_map(mention).collect()
}

/// Sorted, without empty ones and overlaps: of two that overlap the longer stays.
fn tidy(mut names: Vec<Name>) -> Vec<Name> {
    names.retain(|name| !name.tokens.is_empty());
    names.sort_by_key(|name| (name.tokens.start, std::cmp::Reverse(name.tokens.end)));
    let mut out: Vec<Name> = Vec::with_capacity(names.len());
    for name in names {
        match out.last_mut() {
            Some(last) if last.tokens.end > name.tokens.start => {
                if name.tokens.len() > last.tokens.len() {
                    *last = name;
                }
            }
            _ => out.push(name),
        }
    }
    out
}
