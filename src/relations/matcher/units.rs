//! What patterns read: words, names, values, references, boundaries.

use std::borrow::Cow;
use std::ops::Range;

use crate::relations::Analysis;
use crate::relations::language::{Frequent, Kinds, Shape, Signature, Sketch, Vocabulary, WordId, Words};
use crate::segment::TokenKind;
use crate::tag::{Morphology, Upos, VerbForm};

/// What a unit stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A token.
    Word,
    /// A name of [`crate::mentions::Mentions::names`].
    Name(u32),
    /// A value of [`crate::mentions::Mentions::values`].
    Value(u32),
    /// A reference of [`crate::entities::Resolution::references`].
    Reference(u32),
    /// The end of a sentence.
    Boundary,
}

/// One unit.
#[derive(Clone, Debug)]
pub struct Unit {
    /// What it stands for.
    pub source: Source,
    /// Its kind; none for words.
    pub kinds: Kinds,
    /// First token.
    pub start: u32,
    /// One past the last token.
    pub end: u32,
    /// The sentence it stands in.
    pub sentence: u32,
    /// Its form, for words and references of one word.
    pub form: WordId,
    /// Its lemma, likewise.
    pub lemma: WordId,
    /// The first word of a name.
    pub first: WordId,
    /// Part of speech.
    pub upos: Upos,
    /// Morphology.
    pub morphology: Morphology,
    /// Begins with a capital.
    pub capitalised: bool,
    /// All letters are capitals.
    pub upper: bool,
    /// Digits.
    pub number: bool,
    /// Neither letters nor digits, or an address.
    pub mark: bool,
    /// Form, lemma and first word in one.
    pub sketch: Sketch,
    /// Part of speech, morphology, kinds and shape as bits.
    pub signature: Signature,
}

impl Unit {
    /// Its tokens.
    pub fn tokens(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Its words.
    pub fn words(&self) -> Words {
        Words { form: self.form, lemma: self.lemma, first: self.first, sketch: self.sketch }
    }

    /// The unit with its sketch and its signature.
    fn signed(self) -> Self {
        let shapes = [
            (self.capitalised, Shape::Capitalised),
            (self.upper, Shape::Upper),
            (self.number, Shape::Number),
            (self.mark, Shape::Mark),
        ];
        let named = matches!(self.source, Source::Name(_));
        let shapes = shapes.into_iter().filter(|(has, _)| *has).map(|(_, shape)| shape);
        let signature = Signature::new(self.upos, self.morphology, self.kinds, shapes, named);
        Self { sketch: Sketch::new(self.form, self.lemma, self.first), signature, ..self }
    }

    /// Whether it is the end of a sentence.
    pub fn is_boundary(&self) -> bool {
        self.source == Source::Boundary
    }

    /// Whether it is a finite verb or auxiliary.
    pub fn is_finite(&self) -> bool {
        matches!(self.upos, Upos::Verb | Upos::Aux) && self.morphology.verb_form == Some(VerbForm::Finite)
    }
}

/// The units of a release; buffers are kept from one release to the next.
#[derive(Debug, Default)]
pub struct Units {
    /// In the order of the text.
    pub all: Vec<Unit>,
    /// The kinds that stand in each sentence.
    pub kinds: Vec<Kinds>,
    /// The first unit of each sentence.
    pub first: Vec<u32>,
    /// What stands before and behind each unit in its sentence.
    around: Vec<Around>,
    /// What is known of words, by their lasting numbers in [`Tags`](crate::tag::Tags).
    known: Vec<Option<Known>>,
    /// The memory of the tagger that these numbers belong to.
    memory: u64,
}

/// What stands before and behind a unit in its sentence.
#[derive(Clone, Copy, Debug, Default)]
pub struct Around {
    /// Before it.
    pub before: Side,
    /// Behind it.
    pub behind: Side,
}

/// What stands on one side of a unit.
#[derive(Clone, Copy, Debug, Default)]
pub struct Side {
    /// The kinds of names and values.
    pub kinds: Kinds,
    /// The frequent words.
    pub words: Frequent,
}

impl Side {
    /// With one unit more.
    fn and(self, unit: &Unit) -> Self {
        Self { kinds: self.kinds.or(unit.kinds), words: self.words.or(Frequent::of(unit.form, unit.lemma)) }
    }
}

/// What a word's spelling, analysis and kind of token tell: a unit without its place.
#[derive(Clone, Debug)]
struct Known {
    kind: Option<TokenKind>,
    unit: Unit,
}

impl Units {
    /// Reads the units of a release.
    pub fn read(&mut self, analysis: &Analysis<'_>, vocabulary: &Vocabulary) {
        self.all.clear();
        self.kinds.clear();
        self.first.clear();
        if self.memory != analysis.tags.memory() {
            self.memory = analysis.tags.memory();
            self.known.clear();
        }
        let segmentation = analysis.segmentation;
        self.all.reserve(segmentation.tokens.len() + segmentation.sentences.len());
        let (mut name, mut value, mut reference) = (0, 0, 0);
        for (number, sentence) in analysis.segmentation.sentences.iter().enumerate() {
            self.kinds.push(Kinds::NONE);
            self.first.push(self.all.len() as u32);
            let mut at = sentence.tokens.start;
            while at < sentence.tokens.end {
                let spanning = spanning(analysis, at, sentence.tokens.end, [&mut name, &mut value, &mut reference]);
                let unit = match spanning {
                    Some((source, kinds, end)) => self.spanning_unit(analysis, vocabulary, source, kinds, at..end),
                    None => {
                        let is_break = analysis.segmentation.tokens.get(at).is_some_and(|t| t.kind == TokenKind::Break);
                        if is_break {
                            at += 1;
                            continue;
                        }
                        self.word_unit(analysis, vocabulary, at)
                    }
                };
                at = unit.end as usize;
                if let Some(kinds) = self.kinds.last_mut() {
                    *kinds = kinds.or(unit.kinds);
                }
                self.all.push(Unit { sentence: number as u32, ..unit });
            }
            self.all.push(boundary(analysis, number).signed());
        }
        self.look_around();
    }

    /// Whether it knows the words of documents whose [`Tags`](crate::tag::Tags) have that memory.
    pub fn knows(&self, memory: u64) -> bool {
        self.memory == memory
    }

    /// What stands before and behind unit `at` in its sentence.
    pub fn around(&self, at: usize) -> Around {
        self.around.get(at).copied().unwrap_or_default()
    }

    /// Notes for each unit what stands before and behind it.
    fn look_around(&mut self) {
        self.around.clear();
        self.around.resize(self.all.len(), Around::default());
        let mut before = Side::default();
        for (unit, around) in self.all.iter().zip(&mut self.around) {
            around.before = before;
            before = if unit.is_boundary() { Side::default() } else { before.and(unit) };
        }
        let mut behind = Side::default();
        for (unit, around) in self.all.iter().zip(&mut self.around).rev() {
            behind = if unit.is_boundary() { Side::default() } else { behind };
            around.behind = behind;
            behind = behind.and(unit);
        }
    }

    fn spanning_unit(
        &mut self,
        analysis: &Analysis<'_>,
        vocabulary: &Vocabulary,
        source: Source,
        kinds: Kinds,
        tokens: Range<usize>,
    ) -> Unit {
        let head = self.word_unit(analysis, vocabulary, tokens.start);
        let single_reference = matches!(source, Source::Reference(_)) && tokens.len() == 1;
        // What is counted stays a word: `deux membres` reads as `membres`.
        let (form, lemma) = if kinds == Kinds::COUNT {
            let last = self.word_unit(analysis, vocabulary, tokens.end.saturating_sub(1));
            (last.form, last.lemma)
        } else if single_reference {
            (head.form, head.lemma)
        } else {
            Default::default()
        };
        let upos = match source {
            Source::Reference(_) => Upos::Pron,
            Source::Value(_) => Upos::Num,
            _ => Upos::Propn,
        };
        Unit {
            source,
            kinds,
            end: tokens.end as u32,
            form,
            lemma,
            first: head.form,
            upos,
            number: matches!(source, Source::Value(_)),
            ..head
        }
        .signed()
    }

    /// The unit of the word at token `at`, signed.
    fn word_unit(&mut self, analysis: &Analysis<'_>, vocabulary: &Vocabulary, at: usize) -> Unit {
        let kind = analysis.segmentation.tokens.get(at).map(|token| token.kind);
        let place = |unit: &Unit| Unit { start: at as u32, end: at as u32 + 1, ..unit.clone() };
        let Some(number) = analysis.tags.lasting(at) else { return place(&self.describe(analysis, vocabulary, at)) };
        if let Some(Some(known)) = self.known.get(number)
            && known.kind == kind
        {
            return place(&known.unit);
        }
        let unit = self.describe(analysis, vocabulary, at);
        let out = place(&unit);
        if self.known.len() <= number {
            self.known.resize(number + 1, None);
        }
        // Invariant: just made long enough.
        self.known[number] = Some(Known { kind, unit });
        out
    }

    /// What the spelling and the analysis of token `at` tell.
    fn describe(&self, analysis: &Analysis<'_>, vocabulary: &Vocabulary, at: usize) -> Unit {
        let token = analysis.segmentation.tokens.get(at);
        let (text, kind) = token.map_or(("", None), |token| (analysis.document.slice(token.span), Some(token.kind)));
        let lower = analysis.tags.lower(at).map_or_else(|| Cow::Owned(text.to_lowercase()), Cow::Borrowed);
        let lower = one_gender(&lower);
        let form = vocabulary.word(lower);
        let mut letters = text.chars().filter(|c| c.is_alphabetic());
        let (first, second) = (letters.next(), letters.next());
        let is_upper = |c: Option<char>| c.is_some_and(char::is_uppercase);
        let lemma = one_gender(analysis.tags.lemma(at));
        let unit = Unit {
            source: Source::Word,
            kinds: Kinds::NONE,
            start: 0,
            end: 0,
            sentence: 0,
            form,
            lemma: if lemma.is_empty() || lemma == lower { form } else { vocabulary.word(lemma) },
            first: WordId::default(),
            upos: analysis.tags.upos(at),
            morphology: analysis.tags.morphology(at),
            capitalised: text.starts_with(char::is_uppercase),
            upper: is_upper(first) && is_upper(second) && letters.all(char::is_uppercase),
            number: kind == Some(TokenKind::Number),
            mark: kind == Some(TokenKind::Address) || first.is_none() && kind == Some(TokenKind::Punctuation),
            sketch: Sketch::default(),
            signature: Signature::default(),
        };
        unit.signed()
    }
}

/// Endings of the feminine and the plural behind a full stop.
const DOTTED: [&str; 8] = [".e", ".e.s", ".es", ".ne", ".ne.s", ".trice", ".trice.s", ".rice.s"];

/// A word that means both genders as the masculine that it begins with: `président·e`, `lauréat.e.s`.
fn one_gender(word: &str) -> &str {
    // Most words have neither mark: the second byte of `·` tells.
    if !word.bytes().any(|byte| byte == b'.' || byte == 0xb7) {
        return word;
    }
    let masculine = word.split_once('·').map(|(masculine, _)| masculine);
    let dotted = || DOTTED.iter().find_map(|end| word.strip_suffix(end)).filter(|rest| !rest.contains('.'));
    masculine.or_else(dotted).filter(|masculine| masculine.chars().count() > 1).unwrap_or(word)
}

/// The name, value or reference that begins at token `at` and ends by `end`, names first; each of
/// the three lists is read in step with the tokens.
fn spanning(
    analysis: &Analysis<'_>,
    at: usize,
    end: usize,
    [name, value, reference]: [&mut usize; 3],
) -> Option<(Source, Kinds, usize)> {
    let names = &analysis.mentions.names;
    let values = &analysis.mentions.values;
    let references = &analysis.resolution.references;
    skip(name, at, names.len(), |i| names[i].tokens.start);
    skip(value, at, values.len(), |i| values[i].tokens.start);
    skip(reference, at, references.len(), |i| references[i].tokens.start);
    let fits = |tokens: &Range<usize>| tokens.start == at && tokens.end <= end && !tokens.is_empty();
    if let Some(mention) = names.get(*name).filter(|mention| fits(&mention.tokens)) {
        return Some((Source::Name(*name as u32), Kinds::of(mention.kind), mention.tokens.end));
    }
    let next_name = names.get(*name).map_or(usize::MAX, |mention| mention.tokens.start);
    if let Some(found) = references.get(*reference).filter(|r| fits(&r.tokens) && r.tokens.end <= next_name) {
        let entities = &analysis.resolution.entities;
        let kinds = found
            .entities
            .iter()
            .filter_map(|id| entities.get(id.0))
            .fold(Kinds::NONE, |all, entity| all.or(Kinds::of(entity.kind)));
        if kinds != Kinds::NONE {
            return Some((Source::Reference(*reference as u32), kinds, found.tokens.end));
        }
    }
    let found = values.get(*value).filter(|v| fits(&v.tokens) && v.tokens.end <= next_name)?;
    Some((Source::Value(*value as u32), value_kind(&found.kind), found.tokens.end))
}

/// Moves `cursor` to the first of `count` items that starts at `at` or later.
fn skip(cursor: &mut usize, at: usize, count: usize, start: impl Fn(usize) -> usize) {
    while *cursor < count && start(*cursor) < at {
        *cursor += 1;
    }
}

fn value_kind(kind: &crate::mentions::ValueKind) -> Kinds {
    use crate::mentions::ValueKind;
    match kind {
        ValueKind::Date { .. } => Kinds::DATE,
        ValueKind::Duration(_) => Kinds::DURATION,
        ValueKind::Amount { .. } => Kinds::AMOUNT,
        ValueKind::Percent(_) => Kinds::PERCENT,
        ValueKind::Count { .. } => Kinds::COUNT,
    }
}

/// The boundary after sentence `number`.
fn boundary(analysis: &Analysis<'_>, number: usize) -> Unit {
    let sentences = &analysis.segmentation.sentences;
    let (end, next) = (sentences.get(number).map_or(0, |s| s.tokens.end), sentences.get(number + 1));
    let last = analysis.segmentation.tokens.get(end.wrapping_sub(1));
    let kinds = match next {
        None => Kinds::BLANK,
        Some(next) if next.opens_paragraph => Kinds::BLANK,
        Some(_) if last.is_some_and(|token| token.kind == TokenKind::Break) => Kinds::LINE,
        Some(_) => Kinds::STOP,
    };
    Unit {
        source: Source::Boundary,
        kinds,
        start: end as u32,
        end: end as u32,
        sentence: number as u32,
        form: WordId::default(),
        lemma: WordId::default(),
        first: WordId::default(),
        upos: Upos::X,
        morphology: Morphology::default(),
        capitalised: false,
        upper: false,
        number: false,
        mark: false,
        sketch: Sketch::default(),
        signature: Signature::default(),
    }
}
