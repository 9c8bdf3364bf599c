/// Universal part-of-speech tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names of Universal Dependencies")]
pub enum Upos {
    Adj,
    Adp,
    Adv,
    Aux,
    Cconj,
    Det,
    Intj,
    Noun,
    Num,
    Part,
    Pron,
    Propn,
    Punct,
    Sconj,
    Sym,
    Verb,
    X,
}

impl Upos {
    const ALL: [(&str, Self); 17] = [
        ("ADJ", Self::Adj),
        ("ADP", Self::Adp),
        ("ADV", Self::Adv),
        ("AUX", Self::Aux),
        ("CCONJ", Self::Cconj),
        ("DET", Self::Det),
        ("INTJ", Self::Intj),
        ("NOUN", Self::Noun),
        ("NUM", Self::Num),
        ("PART", Self::Part),
        ("PRON", Self::Pron),
        ("PROPN", Self::Propn),
        ("PUNCT", Self::Punct),
        ("SCONJ", Self::Sconj),
        ("SYM", Self::Sym),
        ("VERB", Self::Verb),
        ("X", Self::X),
    ];

    /// The tag of that name in Universal Dependencies (`NOUN`).
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(own, _)| *own == name).map(|(_, tag)| *tag)
    }
}

/// Grammatical gender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Gender {
    Masculine,
    Feminine,
}

/// Grammatical number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Number {
    Singular,
    Plural,
}

/// Grammatical person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Person {
    First,
    Second,
    Third,
}

/// Tense of a verb form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names of Universal Dependencies")]
pub enum Tense {
    Present,
    Past,
    Imperfect,
    Future,
}

/// Mood of a finite verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names of Universal Dependencies")]
pub enum Mood {
    Indicative,
    Conditional,
    Subjunctive,
    Imperative,
}

/// Form of a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names of Universal Dependencies")]
pub enum VerbForm {
    Finite,
    Infinitive,
    Participle,
}

/// Morphological features; `None` where a word has none or it is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the types say it")]
pub struct Morphology {
    pub gender: Option<Gender>,
    pub number: Option<Number>,
    pub person: Option<Person>,
    pub tense: Option<Tense>,
    pub mood: Option<Mood>,
    pub verb_form: Option<VerbForm>,
}

/// Part of speech, morphology, lemma and form in lower case of every token of a document.
#[derive(Clone, Debug, Default)]
pub struct Tags {
    /// The analysis of each token, as an index into `analyses`.
    tokens: Vec<u32>,
    /// Each word of the document under each of its tags, once; the first is a line break.
    analyses: Vec<Analysis>,
    /// Forms and lemmas, one behind the other.
    strings: String,
    memory: u64,
}

/// What tokens of one form and tag share.
#[derive(Clone, Copy, Debug)]
struct Analysis {
    upos: Upos,
    morphology: Morphology,
    /// Start and end of the form in lower case in `strings`.
    lower: (u32, u32),
    /// Likewise of the lemma.
    lemma: (u32, u32),
    /// Its number in the tagger's memory.
    lasting: u32,
}

/// The index of the analysis of line breaks.
const BREAK: u32 = 0;

impl Tags {
    fn analysis(&self, i: usize) -> Option<&Analysis> {
        self.tokens.get(i).and_then(|&index| self.analyses.get(index as usize))
    }

    /// The part of speech of token `i`; `X` past the end, `Punct` for a line break.
    pub fn upos(&self, i: usize) -> Upos {
        self.analysis(i).map_or(Upos::X, |analysis| analysis.upos)
    }

    /// The morphology of token `i`.
    pub fn morphology(&self, i: usize) -> Morphology {
        self.analysis(i).map_or_else(Morphology::default, |analysis| analysis.morphology)
    }

    /// The lemma of token `i`, in lower case but for proper nouns; empty for a line break.
    ///
    /// Conventions of UD Sequoia: articles are `le` and `un`, contractions their preposition (`du`
    /// is `de`, `aux` is `à`), personal pronouns the stressed form (`il`, `elle`, `la` are `lui`).
    pub fn lemma(&self, i: usize) -> &str {
        self.analysis(i).map_or("", |analysis| self.string(analysis.lemma))
    }

    /// Token `i` in lower case; `None` for a line break and past the end.
    pub fn lower(&self, i: usize) -> Option<&str> {
        let index = *self.tokens.get(i).filter(|&&index| index != BREAK)?;
        Some(self.string(self.analyses.get(index as usize)?.lower))
    }

    /// A number below [`Tags::distinct`] that tokens of the same spelling and analysis share; `None`
    /// for a line break and past the end. So what depends on nothing else is worked out once.
    pub fn number(&self, i: usize) -> Option<usize> {
        self.tokens.get(i).filter(|&&index| index != BREAK).map(|&index| index as usize)
    }

    /// How many numbers [`Tags::number`] gives.
    pub fn distinct(&self) -> usize {
        self.analyses.len()
    }

    /// As [`Tags::number`], but the same in all documents of one [`Tags::memory`], so that what depends on nothing else is worked
    /// out once for many documents.
    pub(crate) fn lasting(&self, i: usize) -> Option<usize> {
        self.number(i).and_then(|index| self.analyses.get(index)).map(|analysis| analysis.lasting as usize)
    }

    /// What the numbers of [`Tags::lasting`] belong to: the tagger forgets its words at times, and each thread remembers others.
    pub(crate) fn memory(&self) -> u64 {
        self.memory
    }

    fn string(&self, (start, end): (u32, u32)) -> &str {
        self.strings.get(start as usize..end as usize).unwrap_or("")
    }

    pub(crate) fn new(tokens: usize, memory: u64) -> Self {
        let (lower, lemma) = ((0, 0), (0, 0));
        let line_break = Analysis { upos: Upos::Punct, morphology: Morphology::default(), lower, lemma, lasting: 0 };
        Self { tokens: Vec::with_capacity(tokens), analyses: vec![line_break], strings: String::new(), memory }
    }

    /// Makes the document a memory of its own: for one whose first words were forgotten before its last were read.
    pub(crate) fn detach(&mut self, memory: u64) {
        self.memory = memory;
        self.analyses.iter_mut().zip(0..).for_each(|(analysis, number)| analysis.lasting = number);
    }

    /// Adds an analysis of a word, the one of number `lasting` in the tagger's memory, and says its index.
    pub(crate) fn add(&mut self, upos: Upos, morphology: Morphology, lower: &str, lemma: &str, lasting: u32) -> u32 {
        let lower_place = self.add_string(lower);
        let lemma_place = if lemma == lower { lower_place } else { self.add_string(lemma) };
        self.analyses.push(Analysis { upos, morphology, lower: lower_place, lemma: lemma_place, lasting });
        self.analyses.len() as u32 - 1
    }

    fn add_string(&mut self, string: &str) -> (u32, u32) {
        let start = self.strings.len() as u32;
        self.strings.push_str(string);
        (start, self.strings.len() as u32)
    }

    /// Adds the next token, with the index of its analysis.
    pub(crate) fn push(&mut self, analysis: u32) {
        self.tokens.push(analysis);
    }

    /// Adds a line break.
    pub(crate) fn push_break(&mut self) {
        self.tokens.push(BREAK);
    }
}
