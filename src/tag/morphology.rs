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
    words: Vec<(Upos, Morphology, Box<str>)>,
}

impl Tags {
    /// The tags of token `i`'s part of speech; `X` past the end.
    pub fn upos(&self, i: usize) -> Upos {
        self.words.get(i).map_or(Upos::X, |word| word.0)
    }

    /// The morphology of token `i`.
    pub fn morphology(&self, i: usize) -> Morphology {
        self.words.get(i).map_or_else(Morphology::default, |word| word.1)
    }

    /// The lemma of token `i`, in lower case but for proper nouns.
    pub fn lemma(&self, i: usize) -> &str {
        self.words.get(i).map_or("", |word| &word.2)
    }
}
