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

/// Part of speech, morphology and lemma of every token of a document.
#[derive(Clone, Debug, Default)]
pub struct Tags {
    words: Vec<Word>,
    /// The lemmas, one behind the other; each stands there once.
    lemmas: String,
}

#[derive(Clone, Copy, Debug)]
struct Word {
    upos: Upos,
    morphology: Morphology,
    /// Start and end of the lemma in `lemmas`.
    lemma: (u32, u32),
}

impl Tags {
    /// The part of speech of token `i`; `X` past the end, `Punct` for a line break.
    pub fn upos(&self, i: usize) -> Upos {
        self.words.get(i).map_or(Upos::X, |word| word.upos)
    }

    /// The morphology of token `i`.
    pub fn morphology(&self, i: usize) -> Morphology {
        self.words.get(i).map_or_else(Morphology::default, |word| word.morphology)
    }

    /// The lemma of token `i`, in lower case but for proper nouns; empty for a line break.
    ///
    /// Conventions of UD Sequoia: articles are `le` and `un`, contractions their preposition (`du`
    /// is `de`, `aux` is `à`), personal pronouns the stressed form (`il`, `elle`, `la` are `lui`).
    pub fn lemma(&self, i: usize) -> &str {
        let word = self.words.get(i);
        word.and_then(|word| self.lemmas.get(word.lemma.0 as usize..word.lemma.1 as usize)).unwrap_or("")
    }

    pub(crate) fn with_capacity(tokens: usize) -> Self {
        Self { words: Vec::with_capacity(tokens), lemmas: String::new() }
    }

    /// Adds a lemma and says where it stands.
    pub(crate) fn add_lemma(&mut self, lemma: &str) -> (u32, u32) {
        let start = self.lemmas.len() as u32;
        self.lemmas.push_str(lemma);
        (start, self.lemmas.len() as u32)
    }

    /// Adds the next token, with the place of its lemma.
    pub(crate) fn push(&mut self, upos: Upos, morphology: Morphology, lemma: (u32, u32)) {
        self.words.push(Word { upos, morphology, lemma });
    }
}
