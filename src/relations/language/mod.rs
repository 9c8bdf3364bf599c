//! The rule language: files a linguist reads and writes, compiled at start into one [`RuleSet`].
//!
//! ```text
//! define de = ( de | du | des | d' | de ( la | l' ) )
//!
//! rule role.apposition
//!   relation role
//!   pattern {person: <Person>} "," {title: @title} @de {organization: <Organization>}
//!   find [Marie Durand|Person], directrice générale de [Valoria|Organization] => title=directrice générale
//!   reject [Marie Durand|Person] a visité [Valoria|Organization]
//! ```
//!
//! A rule may have: `relation` (needed), `pattern` or `clause` (one or more), `priority`, `section` (where it reads), `status`
//! (`former`, `planned`), `modality any` (no guard), `set ATTRIBUTE value`, `map ATTRIBUTE lexicon`, `fill ARGUMENT
//! source…` (`left(Organization)`, `first`, `right`, `before`, `last`, `paragraph`, `near`, `sole`, `about(Event)`, `main`, `topic`, `issuer`), `pairs` (lists pair up, titles too),
//! `extends` (adds attributes to the facts that its sentence states, with the sides that it captures, else to the fact before;
//! `extends here` to no other, `extends below` to those below a heading, `extends all` to all about the same body), `confidence`, `find` and `reject` examples.
//!
//! Of two rules that read the same title the one of higher priority wins. A negative priority marks a guess, which takes an
//! argument from the context: it gives way to any other rule that tells the same function of that person.
//!
//! A pattern reads *units*: words, names, values, references, and boundaries between sentences.
//!
//! | element | matches |
//! | --- | --- |
//! | `nommé`, `","` | that form, case folded |
//! | `~nommer` | that lemma |
//! | `%titles` | a form (or lemma, for `= ` entries) of the lexicon `data/lexicons/titles.txt` |
//! | `#NOUN`, `#VERB\|AUX.Part.Past` | part of speech and morphology |
//! | `<Person>`, `<Organization\|Place>`, `<date>`, `<any>` | a name or a reference to it; a value |
//! | `<Organization:%networks>` | a name whose first word is in the lexicon |
//! | `<Person!>` | a name itself, no pronoun or generic noun for it |
//! | `'Cap`, `'UP`, `'num` | a word with a capital, in capitals, a number |
//! | `.` | any one unit but a boundary |
//! | `[#NOUN !%titles]` | all tests hold of one unit |
//! | `(a \| b)`, `?` `*` `+` `{m,n}`, `??` `*?` | alternatives; repetition, greedy or lazy |
//! | `..8` | up to 8 units of the macro `gap`, as few as possible |
//! | `{title: …}` | a capture, by the name of the argument or attribute it fills |
//! | `@list(<Person>)` | a macro of a `define` line, with arguments `$x` |
//! | `^`, `$` | start and end of a sentence |
//! | `<line>`, `<blank>`, `<stop>` | a boundary: line break, blank line, end of a sentence within a line |
//! | `(?= x)` `(?! x)` `(?<= x)` `(?<! x)` | the next or previous unit is (not) such |
//!
//! Beside patterns, a rule may ask for a *clause*: a verb with what stands in its places, whatever stands between, in
//! relative clauses, coordinations and passives alike. A clause that is negated, conditional or merely possible gives no
//! fact; one in the future (`rachètera`, `va racheter`) gives a planned one. `pressgraph explain` prints all clauses.
//!
//! ```text
//! clause subject {acquirer: <Organization>} verb %buy_verbs object {target: <Organization>} complement? auprès|à {seller: <Organization>}
//! clause subject {target: <Organization>} verb %buy_verbs voice passive agent {acquirer: <Organization>}
//! ```
//!
//! | part | means |
//! | --- | --- |
//! | `verb %sign_verbs` | the verb: one word, by lemma, form or lexicon |
//! | `voice active` | or `passive`, `reflexive`; told by `agent` (passive) or `object` (active) where it is left out |
//! | `tense past` | or `present`, `future` |
//! | `subject PATTERN` | also the antecedent of `qui`, the noun of a participle, the subject of the governing or coordinated verb |
//! | `object PATTERN` | the object, or the attribute of `être` |
//! | `agent PATTERN` | the complement with `par` of a passive |
//! | `complement à\|chez PATTERN` | a complement with one of these prepositions (form or lemma); `*` for any |
//! | `object? …` | the place may be empty |
//!
//! The pattern of a place is read from any unit of the phrase's core (determiner to noun or name) and up to the end of its
//! complements with `de`: `object <Organization>` finds no `le directeur de Valoria`, `object capital de <Organization>` finds
//! `la moitié du capital de Valoria`. Each member of a list (`A, B et C`) is read by itself.

mod ast;
mod check;
mod clause;
mod code;
mod compile;
mod emit;
mod error;
mod expand;
mod gate;
mod grammar;
mod guard;
mod interner;
mod lexicon;
mod parser;
mod pattern;
mod program;
mod wanted;

pub use ast::{Example, Extends, Fill, FillSource};
pub use check::{Checks, Signature, Sketch, Words};
pub use compile::{Anchored, Guards, Rule, RuleSet};
pub use error::RuleError;
pub use gate::Gate;
pub use guard::{Branches, Guard};
pub use lexicon::{ClassId, Frequent, Vocabulary, WordId};
pub use program::{Atom, ClausePattern, Instruction, Kinds, Place, Program, Shape, Slot, Step, Test, Voice, When};
pub use wanted::Wanted;

pub(super) use grammar::Grammar;
pub(super) use program::Morph;
