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
//! A rule may have: `relation` (needed), `pattern` (one or more), `priority`, `section` (where it reads), `status`
//! (`former`, `planned`), `modality any` (no guard), `set ATTRIBUTE value`, `map ATTRIBUTE lexicon`, `fill ARGUMENT
//! source…` (`left(Organization)`, `right`, `before`, `sole`, `topic`, `issuer`), `pairs` (lists pair up), `extends` (adds
//! attributes to the fact before), `confidence`, `find` and `reject` examples.
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

mod ast;
mod compile;
mod emit;
mod error;
mod expand;
mod lexicon;
mod parser;
mod pattern;
mod program;

pub use ast::{Example, Fill, FillSource};
pub use compile::{Rule, RuleSet};
pub use error::RuleError;
pub use lexicon::{ClassId, Vocabulary, WordId};
pub use program::{Atom, Instruction, Kinds, Program, Shape, Test};

pub(super) use program::Morph;
