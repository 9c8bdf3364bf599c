//! Words that a pattern wants somewhere before or behind its anchor: a sentence without them needs no attempt.

use rustc_hash::FxHashMap;

use super::emit::Item;
use super::expand::Tree;
use super::lexicon::{Frequent, Members};
use super::{Atom, Test, Vocabulary, WordId};

/// What a pattern wants: one of these frequent words, or a word of the set of that number.
pub(super) type Want = (Frequent, Option<u32>);

/// Sets of words of which patterns want one, and the sets that each word is in; the frequent words apart, as the sentence has
/// them at hand as bits.
#[derive(Debug, Default)]
pub struct Wanted {
    numbers: FxHashMap<Members, u32>,
    forms: Vec<Vec<u32>>,
    lemmas: Vec<Vec<u32>>,
}

/// More sets than this are not asked for on one side of a pattern.
pub(super) const MOST: usize = 3;

impl Wanted {
    /// How many sets there are.
    pub fn count(&self) -> usize {
        self.numbers.len()
    }

    /// The sets that a unit with this form and lemma is in: by the one and by the other.
    pub fn of(&self, form: WordId, lemma: WordId) -> [&[u32]; 2] {
        [
            self.forms.get(form.0 as usize).map_or(&[], Vec::as_slice),
            self.lemmas.get(lemma.0 as usize).map_or(&[], Vec::as_slice),
        ]
    }

    /// What `items` want, the rarest words first.
    pub(super) fn add(&mut self, items: &[Item], vocabulary: &Vocabulary) -> Vec<Want> {
        let wanted = |item: &Item| match item {
            Item::Tree(tree) => members(tree, vocabulary),
            Item::Open(_) | Item::Close(_) => None,
        };
        let mut sets: Vec<Members> = items.iter().filter_map(wanted).collect();
        sets.sort_by_key(|set| size(set, vocabulary));
        sets.truncate(MOST);
        sets.into_iter().map(|set| self.want(set, vocabulary)).collect()
    }

    fn want(&mut self, mut set: Members, vocabulary: &Vocabulary) -> Want {
        let frequent = |all: &[WordId], of: fn(WordId) -> Frequent| {
            let frequent = all.iter().filter(|word| vocabulary.is_frequent(**word));
            frequent.fold(Frequent::NONE, |bits, word| bits.or(of(*word)))
        };
        let forms = frequent(&set.forms, |form| Frequent::of(form, WordId::default()));
        let lemmas = frequent(&set.lemmas, |lemma| Frequent::of(WordId::default(), lemma));
        for words in [&mut set.forms, &mut set.lemmas] {
            words.retain(|word| !vocabulary.is_frequent(*word));
        }
        let rest = (set != Members::default()).then(|| self.number(set));
        (forms.or(lemmas), rest)
    }

    fn number(&mut self, set: Members) -> u32 {
        let next = self.numbers.len() as u32;
        let number = *self.numbers.entry(set.clone()).or_insert(next);
        if number == next {
            put(&mut self.forms, &set.forms, number);
            put(&mut self.lemmas, &set.lemmas, number);
        }
        number
    }
}

fn put(rows: &mut Vec<Vec<u32>>, words: &[WordId], number: u32) {
    for word in words {
        let at = word.0 as usize;
        if rows.len() <= at {
            rows.resize(at + 1, Vec::new());
        }
        // Invariant: just made long enough.
        rows[at].push(number);
    }
}

/// About how often one of the words occurs.
fn size(set: &Members, vocabulary: &Vocabulary) -> usize {
    let words = set.forms.iter().chain(&set.lemmas);
    words.map(|word| if vocabulary.is_frequent(*word) { 100 } else { 1 }).sum()
}

/// The words of which the pattern has one in any case; `None` where it may do without, or takes such as are everywhere, which
/// tell nothing.
fn members(tree: &Tree, vocabulary: &Vocabulary) -> Option<Members> {
    match tree {
        Tree::Atom(atom) => of_atom(atom, vocabulary),
        Tree::Sequence(all) => {
            all.iter().filter_map(|tree| members(tree, vocabulary)).min_by_key(|set| size(set, vocabulary))
        }
        Tree::Capture(_, tree) => members(tree, vocabulary),
        Tree::Repeat { tree, min, .. } if *min > 0 => members(tree, vocabulary),
        Tree::Alternatives(all) => {
            let mut out = Members::default();
            for tree in all.iter() {
                let Members { forms, lemmas } = members(tree, vocabulary)?;
                out.forms.extend(forms);
                out.lemmas.extend(lemmas);
            }
            Some(sorted(out))
        }
        _ => None,
    }
}

fn of_atom(atom: &Atom, vocabulary: &Vocabulary) -> Option<Members> {
    let sets = atom.tests.iter().filter(|(holds, _)| *holds).filter_map(|(_, test)| match test {
        Test::Form(word) => Some(Members { forms: vec![*word], lemmas: Vec::new() }),
        Test::Lemma(word) => Some(Members { forms: Vec::new(), lemmas: vec![*word] }),
        Test::Class(class) => vocabulary.members.get(class.0 as usize).cloned(),
        _ => None,
    });
    let is_rare = |set: &Members| !set.forms.iter().chain(&set.lemmas).any(|word| vocabulary.is_everywhere(*word));
    sets.filter(is_rare).min_by_key(|set| size(set, vocabulary)).map(sorted)
}

/// Equal sets look alike.
fn sorted(mut set: Members) -> Members {
    for words in [&mut set.forms, &mut set.lemmas] {
        words.sort_unstable();
        words.dedup();
    }
    set
}
