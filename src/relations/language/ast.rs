//! Rule files as they are written.

use super::clause::WrittenClause;
use super::error::Place;
use crate::read::SectionKind;
use crate::relations::{RelationType, Status};

/// A pattern as written, macros not yet expanded.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Atom(Vec<(bool, WrittenTest)>),
    Sequence(Vec<Node>),
    Alternatives(Vec<Node>),
    Repeat { node: Box<Node>, min: u32, max: Option<u32>, greedy: bool },
    Capture(String, Box<Node>),
    Macro(String, Vec<Node>),
    Parameter(String),
    Start,
    End,
    Look { ahead: bool, negative: bool, node: Box<Node> },
}

/// A test of one unit, names not yet resolved.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum WrittenTest {
    Any,
    Form(String),
    Lemma(String),
    Class(String),
    /// `#NOUN|ADJ.Fem`
    Upos(String),
    /// `<Person|date>` with `!` and `:%class`.
    Kinds(String),
    Shape(String),
}

/// Where an argument comes from that the pattern does not capture.
#[derive(Clone, Debug, PartialEq)]
pub enum FillSource {
    /// The nearest name or reference of these kinds before the match, in its sentence.
    Left(super::Kinds),
    /// The first of its sentence before the match: most often the subject, whom `son` and `sa` point to.
    First(super::Kinds),
    /// The nearest after the match, in its sentence.
    Right(super::Kinds),
    /// The first in the sentence before: most often its subject.
    Before(super::Kinds),
    /// The last name of these kinds in the sentence before.
    Last(super::Kinds),
    /// What the paragraph is about: the first name of these kinds in the nearest sentence before that has one.
    Paragraph(super::Kinds),
    /// The same, over the bounds of paragraphs, a few sentences back.
    Near(super::Kinds),
    /// The organisation that an `À propos` section describes.
    Topic,
    /// Who publishes the release.
    Issuer,
    /// The only entity of these kinds that the release names, or the one that its headline names.
    Sole(super::Kinds),
    /// The organisation that the release speaks of most, if one leads clearly.
    Main,
    /// What the release is about, among these kinds: of the headline, else the one named most often.
    About(super::Kinds),
    /// The one name of a type in the headline.
    Headline(super::Kinds),
}

/// `fill ARGUMENT SOURCE…`: the first source that has something.
#[derive(Clone, Debug, PartialEq)]
pub struct Fill {
    /// The argument.
    pub argument: &'static str,
    /// Where to look, in this order.
    pub sources: Vec<FillSource>,
}

/// A sentence with its names marked, for the tests of the rules.
#[derive(Clone, Debug)]
pub struct Example {
    /// The file it stands in.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
    /// The rule it belongs to.
    pub rule: String,
    /// Whether the rule must find something (`find`) or nothing (`reject`).
    pub finds: bool,
    /// The sentence: `[Marie Durand|Person]`, or `[elle|=Marie Durand]` for a reference.
    pub text: String,
    /// `name=words` that the fact found must have.
    pub expected: Vec<(String, String)>,
}

/// Which facts a rule adds to that only adds attributes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extends {
    /// Those of its own sentence, or the last before.
    #[default]
    Before,
    /// Those of its own sentence only.
    Here,
    /// Those below a heading.
    Below,
    /// All about the same body.
    All,
}

/// A rule as written.
#[derive(Clone, Debug)]
pub(super) struct WrittenRule {
    pub(super) place: Place,
    pub(super) name: String,
    pub(super) relation: Option<RelationType>,
    pub(super) priority: i32,
    pub(super) sections: Vec<SectionKind>,
    pub(super) status: Option<Status>,
    pub(super) any_modality: bool,
    pub(super) patterns: Vec<(Place, Node)>,
    pub(super) clauses: Vec<(Place, WrittenClause)>,
    pub(super) constants: Vec<(&'static str, String)>,
    pub(super) maps: Vec<(Place, &'static str, String)>,
    pub(super) fills: Vec<Fill>,
    pub(super) pairs: bool,
    pub(super) extends: Option<Extends>,
    pub(super) confidence: Option<f64>,
}

/// `define NAME(PARAMETERS) = PATTERN`
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub(super) place: Place,
    pub(super) name: String,
    pub(super) parameters: Vec<String>,
    pub(super) node: Node,
}
