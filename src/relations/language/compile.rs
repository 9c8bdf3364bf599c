//! Rule files and lexicons to a [`RuleSet`]: macros expanded, names resolved, each pattern cut at
//! its rarest obligatory element (the anchor), so that only sentences with that word cost anything.

use rustc_hash::{FxHashMap, FxHashSet};

use super::ast::{Definition, Extends, Fill, WrittenRule};
use super::code::{Coder, Writer};
use super::emit::{Emitted, Emitter};
use super::error::Place;
use super::expand::{Expanded, Expander, Tree};
use super::lexicon::{Lexicon, Members};
use super::parser::{Source, argument_name};
use super::{
    Branches, Checks, ClassId, Example, Gate, Grammar, Kinds, Program, RuleError, Step, Vocabulary, Wanted, WordId,
};
use super::{clause, emit};
use crate::model::Resources;
use crate::read::SectionKind;
use crate::relations::{RelationType, Status};
use crate::tag::Upos;

/// A rule, compiled.
#[derive(Debug)]
pub struct Rule {
    /// Its name, such as `role.apposition`.
    pub name: String,
    /// The file it stands in.
    pub file: String,
    /// The line of its name, from 1.
    pub line: usize,
    /// What it finds.
    pub relation: RelationType,
    /// The higher one wins where two rules read the same words.
    pub priority: i32,
    /// The sections it reads; empty for all.
    pub sections: Vec<SectionKind>,
    /// What its facts are, whatever the words around.
    pub status: Option<Status>,
    /// Whether negation and the like do not matter.
    pub any_modality: bool,
    /// Attributes that are always the same.
    pub constants: Vec<(&'static str, String)>,
    /// Attributes whose words are looked up in a lexicon.
    pub maps: Vec<(&'static str, FxHashMap<String, String>)>,
    /// Arguments that the pattern does not capture.
    pub fills: Vec<Fill>,
    /// Whether lists pair up (`respectivement`) instead of distributing.
    pub pairs: bool,
    /// Whether it only adds attributes to facts of this relation, and to which.
    pub extends: Option<Extends>,
    /// How often it is right, if the file says so.
    pub confidence: Option<f64>,
}

/// All rules as one matcher reads them.
#[derive(Debug, Default)]
pub struct RuleSet {
    /// Words and classes.
    pub vocabulary: Vocabulary,
    /// The rules, in the order of files and lines.
    pub rules: Vec<Rule>,
    /// The compiled patterns.
    pub programs: Vec<Program>,
    /// Their steps.
    pub code: Vec<Step>,
    /// What these test.
    pub checks: Checks,
    /// What their branches want of the next unit.
    pub branches: Branches,
    /// What is tested before each of them is run.
    pub gates: Vec<Gate>,
    /// Words that they want.
    pub wanted: Wanted,
    /// Names of captures: arguments and attributes, or names of no meaning.
    pub captures: Vec<String>,
    /// What the rules must and must not find.
    pub examples: Vec<Example>,
    /// Programs to try at a unit, by what it is.
    pub anchors: Anchors,
    /// Those of them to try in sentences without names and values.
    pub nameless: Anchors,
    /// Classes that the modality guard needs.
    pub guards: Guards,
    /// Words that the analysis of clauses needs.
    pub(in crate::relations) grammar: Grammar,
}

/// Programs by the unit at their anchor.
#[derive(Debug, Default)]
pub struct Anchors {
    /// By form.
    form: Vec<Vec<Anchored>>,
    /// By lemma.
    lemma: Vec<Vec<Anchored>>,
    /// By kind, one list for each bit.
    kind: [Vec<Anchored>; 16],
    /// By part of speech.
    upos: Vec<Vec<Anchored>>,
}

/// A program in the list of an anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchored {
    /// Its number.
    pub program: u32,
    /// Kinds of which it needs one before its anchor, and behind, as far as two sets tell: most fail here.
    pub needs: [Kinds; 2],
    /// What must stand right before its anchor, and right behind, by their numbers in [`Branches`].
    pub beside: [u16; 2],
}

/// Word classes of negation and possibility.
#[derive(Debug, Clone, Copy, Default)]
pub struct Guards {
    /// `pas`, `jamais`, `aucun`…
    pub negation: ClassId,
    /// `pouvoir`, `souhaiter`…
    pub possibility: ClassId,
    /// `ancien`, `ex`…
    pub former: ClassId,
    /// `prochainement`, `futur`…
    pub planned: ClassId,
}

impl Default for ClassId {
    fn default() -> Self {
        ClassId(u32::MAX)
    }
}

/// Lexicons that no rule names but the modality guard.
const GUARDS: [&str; 4] = ["negation", "possibility", "former", "planned"];

/// A pattern or clause, its names resolved.
enum Piece {
    Pattern(Tree),
    Clause(clause::ClauseTree),
}

impl RuleSet {
    /// Compiles `data/rules/*.rules` with `data/lexicons/*.txt`.
    pub fn new(resources: &Resources) -> Result<Self, RuleError> {
        let mut source = Source::default();
        let mut used: FxHashSet<String> = GUARDS.map(str::to_owned).into_iter().collect();
        for file in resources.list("rules", "rules") {
            let text = resources.text(&file)?;
            source.read(&text, &file)?;
            used.extend(lexicons_of(&text).map(str::to_owned));
        }
        let mut lexicons = Vec::new();
        for file in resources.list("lexicons", "txt") {
            let name = file.trim_start_matches("lexicons/").trim_end_matches(".txt").to_owned();
            if used.contains(&name) {
                lexicons.push((name, Lexicon::parse(&resources.text(&file)?, &file)?));
            }
        }
        Self::compile(&lexicons, source)
    }

    /// Compiles rules and lexicons given as texts: pairs of file name and text.
    pub fn from_texts(lexicons: &[(&str, &str)], rules: &[(&str, &str)]) -> Result<Self, RuleError> {
        let lexicons = lexicons
            .iter()
            .map(|(name, text)| Ok(((*name).to_owned(), Lexicon::parse(text, name)?)))
            .collect::<Result<Vec<_>, RuleError>>()?;
        let mut source = Source::default();
        for (file, text) in rules {
            source.read(text, file)?;
        }
        Self::compile(&lexicons, source)
    }

    fn compile(lexicons: &[(String, Lexicon)], source: Source) -> Result<Self, RuleError> {
        let mut set = Self { vocabulary: Vocabulary::new(), examples: source.examples, ..Self::default() };
        set.grammar = Grammar::new(&mut set.vocabulary);
        let mut classes = FxHashMap::default();
        for (name, lexicon) in lexicons {
            let id = class(&mut set.vocabulary, lexicon);
            classes.insert(name.as_str(), (id, lexicon));
        }
        let guard = |name: &str| classes.get(name).map(|(id, _)| *id).unwrap_or_default();
        set.guards = Guards {
            negation: guard("negation"),
            possibility: guard("possibility"),
            former: guard("former"),
            planned: guard("planned"),
        };
        let mut definitions: FxHashMap<&str, &Definition> = FxHashMap::default();
        for definition in &source.definitions {
            if definitions.insert(&definition.name, definition).is_some() {
                return Err(definition.place.duplicate("macro", &definition.name));
            }
        }
        let (mut pieces, mut expanded) = (Vec::new(), Expanded::default());
        for (index, rule) in source.rules.iter().enumerate() {
            set.rules.push(resolve(rule, lexicons)?);
            pieces.extend(set.expand(index, rule, &definitions, &classes, &mut expanded)?);
        }
        set.vocabulary.seal();
        // In the order of numbers, patterns come before clauses.
        pieces.sort_by_key(|(_, _, piece)| matches!(piece, Piece::Clause(_)));
        let (mut coder, mut known) = (Coder::new(pieces.len()), emit::Known::default());
        for (rule, place, piece) in &pieces {
            set.emit(*rule, place, piece, &mut coder, &mut known)?;
        }
        (set.code, set.branches) = coder.finish();
        Ok(set)
    }

    /// The patterns and clauses of a rule, with the names that the files define resolved; numbers words and captures.
    fn expand<'a>(
        &mut self,
        index: usize,
        rule: &'a WrittenRule,
        definitions: &FxHashMap<&str, &Definition>,
        classes: &FxHashMap<&str, (ClassId, &Lexicon)>,
        expanded: &mut Expanded,
    ) -> Result<Vec<(u32, &'a Place, Piece)>, RuleError> {
        // Invariant: the rule has just been added.
        let relation = self.rules[index].relation;
        let mut pieces = Vec::new();
        let mut expander = Expander {
            place: &rule.place,
            relation,
            definitions,
            classes,
            vocabulary: &mut self.vocabulary,
            captures: &mut self.captures,
            expanded,
        };
        for (place, node) in &rule.patterns {
            expander.place = place;
            pieces.push((index as u32, place, Piece::Pattern(expander.expand(node, &[], 0)?)));
        }
        for (place, clause) in &rule.clauses {
            expander.place = place;
            pieces.push((index as u32, place, Piece::Clause(clause::expand(clause, &mut expander)?)));
        }
        Ok(pieces)
    }

    /// Adds the programs of a pattern or clause.
    fn emit(
        &mut self,
        rule: u32,
        place: &Place,
        piece: &Piece,
        coder: &mut Coder,
        known: &mut emit::Known,
    ) -> Result<(), RuleError> {
        let vocabulary = &self.vocabulary;
        let writer = Writer { coder, checks: &mut self.checks, vocabulary };
        let mut emitter = Emitter { writer, wanted: &mut self.wanted, known };
        let (emitted, cause): (Option<Vec<Emitted>>, _) = match piece {
            Piece::Pattern(tree) => (
                emit::variants(tree, vocabulary).iter().map(|variant| emitter.emit(rule, variant)).collect(),
                "every element is optional: nothing tells where to look for this pattern",
            ),
            Piece::Clause(tree) => (
                clause::emit(rule, tree, &mut emitter).map(|emitted| vec![emitted]),
                "the verb of a clause is told by a lemma, a form or a lexicon",
            ),
        };
        emitted.ok_or_else(|| place.syntax(cause))?.into_iter().for_each(|emitted| self.add(emitted));
        Ok(())
    }

    fn add(&mut self, emitted: Emitted) {
        let (program, needs) = (self.programs.len() as u32, emitted.gate.needs_beside());
        let anchored = Anchored { program, needs, beside: emitted.beside };
        for anchor in &emitted.anchors {
            self.anchors.add(anchored, anchor, &self.vocabulary);
            if emitted.gate.is_open() {
                self.nameless.add(anchored, anchor, &self.vocabulary);
            }
        }
        self.programs.push(emitted.program);
        self.gates.push(emitted.gate);
    }

    /// The number of the capture of that name.
    pub fn capture(&self, name: &str) -> Option<u8> {
        self.captures.iter().position(|capture| capture == name).map(|at| at as u8)
    }
}

/// The lexicons that a rule file names: in patterns (`%titles`) and in lines that begin with `map`.
fn lexicons_of(text: &str) -> impl Iterator<Item = &str> {
    let in_patterns = text.split('%').skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-'));
        rest.get(..end.unwrap_or(rest.len())).unwrap_or("")
    });
    let maps = text.lines().filter(|line| line.trim_start().starts_with("map "));
    in_patterns.chain(maps.filter_map(|line| line.split_whitespace().last()))
}

/// Adds the single words of a lexicon as a class; phrases are expanded where the class is used.
fn class(vocabulary: &mut Vocabulary, lexicon: &Lexicon) -> ClassId {
    let mut members = Members::default();
    for entry in &lexicon.entries {
        if let [word] = entry.words.as_slice() {
            let id = vocabulary.intern(word);
            if entry.is_lemma { &mut members.lemmas } else { &mut members.forms }.push(id);
        }
    }
    vocabulary.add_class(members)
}

fn resolve(rule: &WrittenRule, lexicons: &[(String, Lexicon)]) -> Result<Rule, RuleError> {
    // Invariant: the parser refuses rules without a relation.
    let relation = rule.relation.unwrap_or(RelationType::Role);
    let mut maps = Vec::new();
    for (place, argument, name) in &rule.maps {
        let Some((_, lexicon)) = lexicons.iter().find(|(other, _)| other == name) else {
            return Err(place.unknown("lexicon", name, "add data/lexicons/NAME.txt"));
        };
        let values = lexicon.entries.iter().filter_map(|e| Some((e.words.join(" "), e.value.clone()?))).collect();
        maps.push((*argument, values));
    }
    Ok(Rule {
        name: rule.name.clone(),
        file: rule.place.file.clone(),
        line: rule.place.line,
        relation,
        priority: rule.priority,
        sections: rule.sections.clone(),
        status: rule.status,
        any_modality: rule.any_modality,
        constants: rule.constants.clone(),
        maps,
        fills: rule.fills.clone(),
        pairs: rule.pairs,
        extends: rule.extends,
        confidence: rule.confidence,
    })
}

impl Anchors {
    /// The programs anchored at a unit with this form, lemma, part of speech and kinds.
    pub fn rows(
        &self,
        form: WordId,
        lemma: WordId,
        upos: Upos,
        Kinds(kinds): Kinds,
    ) -> impl Iterator<Item = &[Anchored]> {
        let rows = [
            self.form.get(form.0 as usize).filter(|_| form != WordId::default()),
            self.lemma.get(lemma.0 as usize).filter(|_| lemma != WordId::default()),
            self.upos.get(upos as usize),
        ];
        let kinds = self.kind.iter().enumerate().filter(move |(bit, _)| kinds >> bit & 1 == 1).map(|(_, row)| row);
        rows.into_iter().flatten().chain(kinds).map(Vec::as_slice)
    }

    fn add(&mut self, anchored: Anchored, anchor: &emit::Anchor, vocabulary: &Vocabulary) {
        let put = |rows: &mut Vec<Vec<Anchored>>, at: usize| {
            if rows.len() <= at {
                rows.resize(at + 1, Vec::new());
            }
            // Invariant: just made long enough.
            if rows[at].last() != Some(&anchored) {
                rows[at].push(anchored);
            }
        };
        match *anchor {
            emit::Anchor::Form(WordId(word)) => put(&mut self.form, word as usize),
            emit::Anchor::Lemma(WordId(word)) => put(&mut self.lemma, word as usize),
            emit::Anchor::Class(ClassId(class)) => {
                let members = &vocabulary.members[class as usize];
                members.forms.iter().for_each(|word| put(&mut self.form, word.0 as usize));
                members.lemmas.iter().for_each(|word| put(&mut self.lemma, word.0 as usize));
            }
            emit::Anchor::Kinds(Kinds(bits)) => {
                for (bit, programs) in self.kind.iter_mut().enumerate() {
                    if bits >> bit & 1 == 1 {
                        programs.push(anchored);
                    }
                }
            }
            emit::Anchor::Upos(bits) => {
                (0..32).filter(|bit| bits >> bit & 1 == 1).for_each(|bit| put(&mut self.upos, bit))
            }
        }
    }
}

/// Whether a capture of that name says something in a fact of that relation.
pub(super) fn is_capture(relation: RelationType, name: &str) -> bool {
    argument_name(relation, name).is_some() || matches!(name, "trigger" | "context")
}
