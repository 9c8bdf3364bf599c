//! Words that a pattern wants somewhere before or behind its anchor: a sentence without them needs no attempt.

use std::rc::Rc;

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
    pub(super) fn add(&mut self, items: &[Item], known: &mut Sets, vocabulary: &Vocabulary) -> Vec<Want> {
        let wanted = |item: &Item| match item {
            Item::Tree(tree) => known.tree(tree, vocabulary),
            Item::Open(_) | Item::Close(_) => None,
        };
        let mut sets: Vec<Rc<Set>> = items.iter().filter_map(wanted).collect();
        sets.sort_by_key(|set| set.size);
        sets.truncate(MOST);
        let want = |set: Rc<Set>| {
            let address = Rc::as_ptr(&set) as usize;
            known
                .wants
                .entry(address)
                .or_insert_with(|| (Rc::clone(&set), self.want(set.members.clone(), vocabulary)))
                .1
        };
        sets.into_iter().map(want).collect()
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

/// Words of which a pattern has one.
#[derive(Debug)]
struct Set {
    members: Members,
    /// About how often one of them occurs.
    size: usize,
}

impl Set {
    /// `None` where one of the words is everywhere: that tells nothing.
    fn new(members: Members, vocabulary: &Vocabulary) -> Option<Rc<Self>> {
        let words = || members.forms.iter().chain(&members.lemmas);
        if words().any(|word| vocabulary.is_everywhere(*word)) {
            return None;
        }
        let size = words().map(|word| if vocabulary.is_frequent(*word) { 100 } else { 1 }).sum();
        Some(Rc::new(Self { members, size }))
    }
}

/// The sets of the parts of patterns, by the address of what a part holds: parts stand in many patterns, and live as long.
#[derive(Debug, Default)]
pub(super) struct Sets {
    parts: FxHashMap<usize, Option<Rc<Set>>>,
    classes: FxHashMap<u32, Option<Rc<Set>>>,
    /// What is asked for where a set is wanted, by its address.
    wants: FxHashMap<usize, (Rc<Set>, Want)>,
}

impl Sets {
    /// The words of which the pattern has one in any case; `None` where it may do without, or takes such as are everywhere.
    fn tree(&mut self, tree: &Tree, vocabulary: &Vocabulary) -> Option<Rc<Set>> {
        match tree {
            Tree::Atom(atom) => self.atom(atom, vocabulary),
            Tree::Sequence(all) | Tree::Alternatives(all) => {
                let address = Rc::as_ptr(all).cast::<Tree>() as usize;
                if let Some(known) = self.parts.get(&address) {
                    return known.clone();
                }
                let set = if matches!(tree, Tree::Sequence(_)) {
                    all.iter().filter_map(|tree| self.tree(tree, vocabulary)).min_by_key(|set| set.size)
                } else {
                    self.either(all, vocabulary)
                };
                self.parts.insert(address, set.clone());
                set
            }
            Tree::Capture(_, tree) => self.tree(tree, vocabulary),
            Tree::Repeat { tree, min, .. } if *min > 0 => self.tree(tree, vocabulary),
            _ => None,
        }
    }

    /// The words of all alternatives, sorted, so that equal sets look alike.
    fn either(&mut self, all: &[Tree], vocabulary: &Vocabulary) -> Option<Rc<Set>> {
        let mut out = Members::default();
        for tree in all {
            let set = self.tree(tree, vocabulary)?;
            out.forms.extend(&set.members.forms);
            out.lemmas.extend(&set.members.lemmas);
        }
        Set::new(out.sorted(), vocabulary)
    }

    fn atom(&mut self, atom: &Atom, vocabulary: &Vocabulary) -> Option<Rc<Set>> {
        let tests = atom.tests.iter().filter(|(holds, _)| *holds);
        let sets = tests.filter_map(|(_, test)| match test {
            Test::Form(word) => Set::new(Members { forms: vec![*word], lemmas: Vec::new() }, vocabulary),
            Test::Lemma(word) => Set::new(Members { forms: Vec::new(), lemmas: vec![*word] }, vocabulary),
            Test::Class(class) => {
                let members = || vocabulary.members.get(class.0 as usize).cloned();
                let set = || members().and_then(|members| Set::new(members, vocabulary));
                self.classes.entry(class.0).or_insert_with(set).clone()
            }
            _ => None,
        });
        sets.min_by_key(|set| set.size)
    }
}
