//! Macros expanded and names resolved: written patterns to trees of atoms.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::ast::{Definition, Node, WrittenTest};
use super::compile::is_capture;
use super::error::Place;
use super::lexicon::{Lexicon, Members};
use super::parser::{argument_name, kinds, single_form};
use super::{Atom, ClassId, Kinds, Morph, RuleError, Shape, Test, Vocabulary};
use crate::relations::RelationType;
use crate::tag::Upos;

/// A pattern without names. Its parts are shared, so that copies cost nothing.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree {
    Atom(Atom),
    Sequence(Rc<[Tree]>),
    Alternatives(Rc<[Tree]>),
    Repeat { tree: Rc<Tree>, min: u32, max: Option<u32>, greedy: bool },
    Capture(u8, Rc<Tree>),
    Start,
    End,
    Look { ahead: bool, negative: bool, atoms: Vec<Atom> },
}

pub(super) struct Expander<'a> {
    pub(super) place: &'a Place,
    pub(super) relation: RelationType,
    pub(super) definitions: &'a FxHashMap<&'a str, &'a Definition>,
    pub(super) classes: &'a FxHashMap<&'a str, (ClassId, &'a Lexicon)>,
    pub(super) vocabulary: &'a mut Vocabulary,
    pub(super) captures: &'a mut Vec<String>,
    pub(super) expanded: &'a mut Expanded,
}

/// The macros without parameters as they were expanded for a relation, whose arguments captures name: each once, so that the
/// patterns that use them share their parts.
pub(super) type Expanded = FxHashMap<(RelationType, String), Tree>;

/// Deeper nesting of macros means that one calls itself.
const DEEPEST: usize = 24;

impl Expander<'_> {
    /// Expands `node`; `arguments` are the values of the parameters around it.
    pub(super) fn expand(
        &mut self,
        node: &Node,
        arguments: &[(String, Tree)],
        depth: usize,
    ) -> Result<Tree, RuleError> {
        let all = |this: &mut Self, nodes: &[Node]| {
            nodes.iter().map(|node| this.expand(node, arguments, depth)).collect::<Result<Rc<[_]>, _>>()
        };
        Ok(match node {
            Node::Atom(tests) => self.atom(tests)?,
            Node::Sequence(nodes) => Tree::Sequence(all(self, nodes)?),
            Node::Alternatives(nodes) => match self.word_set(nodes) {
                Some(atom) => Tree::Atom(atom),
                None => Tree::Alternatives(all(self, nodes)?),
            },
            Node::Repeat { node, min, max, greedy } => Tree::Repeat {
                tree: Rc::new(self.expand(node, arguments, depth)?),
                min: *min,
                max: *max,
                greedy: *greedy,
            },
            Node::Capture(name, node) => {
                let tree = self.expand(node, arguments, depth)?;
                Tree::Capture(self.capture(name)?, Rc::new(tree))
            }
            Node::Start => Tree::Start,
            Node::End => Tree::End,
            Node::Look { ahead, negative, node } => {
                let tree = self.expand(node, arguments, depth)?;
                Tree::Look { ahead: *ahead, negative: *negative, atoms: self.flat(&tree)? }
            }
            Node::Parameter(name) => {
                let found = arguments.iter().find(|(parameter, _)| parameter == name);
                found.ok_or_else(|| self.place.unknown("parameter", name, "name it in the macro's head"))?.1.clone()
            }
            Node::Macro(name, values) => self.expand_macro(name, values, arguments, depth)?,
        })
    }

    /// What a macro stands for; one without arguments is expanded once a relation.
    fn expand_macro(
        &mut self,
        name: &str,
        values: &[Node],
        arguments: &[(String, Tree)],
        depth: usize,
    ) -> Result<Tree, RuleError> {
        let key = (self.relation, name.to_owned());
        if let Some(tree) = self.expanded.get(&key).filter(|_| values.is_empty()) {
            return Ok(tree.clone());
        }
        let hint = "write `define NAME = PATTERN` in a rule file";
        let definition = self.definitions.get(name).copied().ok_or_else(|| self.place.unknown("macro", name, hint))?;
        if depth > DEEPEST {
            return Err(definition.place.syntax(format!("macro `{name}` calls itself")));
        }
        if definition.parameters.len() != values.len() {
            let wanted = definition.parameters.len();
            return Err(self.place.syntax(format!("macro `{name}` wants {wanted} arguments, not {}", values.len())));
        }
        let values = values.iter().map(|node| self.expand(node, arguments, depth)).collect::<Result<Vec<_>, _>>()?;
        let inner: Vec<_> = definition.parameters.iter().cloned().zip(values.iter().cloned()).collect();
        let tree = self.expand(&definition.node, &inner, depth + 1)?;
        if values.is_empty() {
            self.expanded.insert(key, tree.clone());
        }
        Ok(tree)
    }

    fn capture(&mut self, name: &str) -> Result<u8, RuleError> {
        if !is_capture(self.relation, name) {
            return Err(self.place.unknown(
                "argument",
                name,
                "captures are arguments, attributes, `trigger` or `context`",
            ));
        }
        let name = argument_name(self.relation, name).unwrap_or(if name == "trigger" { "trigger" } else { "context" });
        if let Some(at) = self.captures.iter().position(|known| known == name) {
            return Ok(at as u8);
        }
        self.captures.push(name.to_owned());
        Ok((self.captures.len() - 1) as u8)
    }

    /// Alternatives that are all single forms: one class.
    fn word_set(&mut self, nodes: &[Node]) -> Option<Atom> {
        let forms = nodes.iter().map(single_form).collect::<Option<Vec<_>>>()?;
        let forms = forms.into_iter().map(|form| self.vocabulary.intern(form)).collect();
        let class = self.vocabulary.add_class(Members { forms, lemmas: Vec::new() });
        Some(Atom { tests: vec![(true, Test::Class(class))] })
    }

    pub(super) fn flat(&self, tree: &Tree) -> Result<Vec<Atom>, RuleError> {
        match tree {
            Tree::Atom(atom) => Ok(vec![atom.clone()]),
            Tree::Alternatives(all) => {
                Ok(all.iter().map(|tree| self.flat(tree)).collect::<Result<Vec<_>, _>>()?.concat())
            }
            _ => Err(self.place.syntax("a look-around reads one unit: give it one element or alternatives of such")),
        }
    }

    fn class(&self, name: &str) -> Result<(ClassId, &Lexicon), RuleError> {
        let found = self.classes.get(name).copied();
        found.ok_or_else(|| self.place.unknown("lexicon", name, "add data/lexicons/NAME.txt"))
    }

    fn atom(&mut self, tests: &[(bool, WrittenTest)]) -> Result<Tree, RuleError> {
        // A class with phrases is an alternative of the words and each phrase.
        if let [(false, WrittenTest::Class(name))] = tests {
            let (class, lexicon) = self.class(name)?;
            let phrases: Vec<Vec<String>> =
                lexicon.entries.iter().filter(|e| e.words.len() > 1).map(|e| e.words.clone()).collect();
            let words = Tree::Atom(Atom { tests: vec![(true, Test::Class(class))] });
            if phrases.is_empty() {
                return Ok(words);
            }
            let mut all: Vec<Tree> = phrases
                .iter()
                .map(|phrase| {
                    let form = |word: &String| Atom { tests: vec![(true, Test::Form(self.vocabulary.intern(word)))] };
                    Tree::Sequence(phrase.iter().map(form).map(Tree::Atom).collect())
                })
                .collect();
            all.push(words);
            return Ok(Tree::Alternatives(all.into()));
        }
        let mut atom = Atom::default();
        for (negative, test) in tests {
            let tests = self.test(test)?;
            if *negative && tests.len() > 1 {
                return Err(self
                    .place
                    .syntax("`!` before two tests in one: write them apart, each in a look-around or atom"));
            }
            for test in tests {
                atom.tests.push((!negative, test));
            }
        }
        Ok(Tree::Atom(atom))
    }

    fn test(&mut self, test: &WrittenTest) -> Result<Vec<Test>, RuleError> {
        Ok(match test {
            WrittenTest::Any => vec![Test::Any],
            WrittenTest::Form(form) => vec![Test::Form(self.vocabulary.intern(form))],
            WrittenTest::Lemma(lemma) => vec![Test::Lemma(self.vocabulary.intern(lemma))],
            WrittenTest::Class(name) => vec![Test::Class(self.class(name)?.0)],
            WrittenTest::Upos(text) => self.upos(text)?,
            WrittenTest::Kinds(text) => {
                let (text, first) = match text.split_once(":%") {
                    Some((text, class)) => (text, Some(self.class(class)?.0)),
                    None => (text.as_str(), None),
                };
                let (text, named) = text.strip_suffix('!').map_or((text, false), |text| (text, true));
                let mut out = vec![Test::Kinds(kinds(text, self.place)?)];
                out.extend(named.then_some(Test::Named));
                out.extend(first.map(Test::First));
                out
            }
            WrittenTest::Shape(name) => vec![Test::Shape(match name.as_str() {
                "Cap" => Shape::Capitalised,
                "UP" => Shape::Upper,
                "num" => Shape::Number,
                "mark" => Shape::Mark,
                _ => return Err(self.place.unknown("shape", name, "it is one of Cap, UP, num, mark")),
            })],
        })
    }

    fn upos(&self, text: &str) -> Result<Vec<Test>, RuleError> {
        let mut parts = text.split('.');
        let mut bits = 0;
        for name in parts.next().unwrap_or("").split('|').filter(|name| !name.is_empty()) {
            let upos = Upos::parse(name)
                .ok_or_else(|| self.place.unknown("part of speech", name, "such as NOUN, VERB, ADJ"))?;
            bits |= 1 << upos as u32;
        }
        let mut out = Vec::new();
        for name in parts {
            let morph =
                Morph::parse(name).ok_or_else(|| self.place.unknown("feature", name, "such as Fem, Plur, Fut"))?;
            out.push(Test::Feature(bits, morph));
        }
        if out.is_empty() {
            out.push(Test::Upos(bits));
        }
        Ok(out)
    }
}

/// The kinds that an atom asks for, if it does.
pub(super) fn wanted_kinds(atom: &Atom) -> Option<Kinds> {
    atom.tests.iter().find_map(|(holds, test)| match test {
        Test::Kinds(kinds) if *holds => Some(*kinds),
        _ => None,
    })
}
