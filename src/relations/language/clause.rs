//! Clause patterns: `clause subject {…} verb %buy_verbs voice passive agent {…}`.

use super::ast::Node;
use super::code::MATCH;
use super::emit::{self, Emitted, Emitter};
use super::error::Place as At;
use super::expand::{Expander, Tree};
use super::program::Place;
use super::{Atom, ClausePattern, Gate, Program, RuleError, Slot, Voice, When, WordId, pattern};

/// A clause pattern as written.
#[derive(Clone, Debug, Default)]
pub(super) struct WrittenClause {
    verb: Option<Node>,
    voice: Option<Voice>,
    when: Option<When>,
    slots: Vec<WrittenSlot>,
}

#[derive(Clone, Debug)]
struct WrittenSlot {
    place: Place,
    prepositions: Vec<String>,
    required: bool,
    node: Node,
}

const HINT: &str =
    "a clause has subject, verb, voice, tense, object, agent, complement; `?` after a place that may be empty";

/// Reads what follows `clause`.
pub(super) fn parse(text: &str, place: &At) -> Result<WrittenClause, RuleError> {
    let mut out = WrittenClause::default();
    for (key, value) in parts(text, place)? {
        let (key, required) = key.strip_suffix('?').map_or((key, true), |key| (key, false));
        if value.is_empty() {
            return Err(place.syntax(format!("`{key}` wants something after it")));
        }
        match key {
            "verb" => out.verb = Some(pattern::parse(value, place)?),
            "voice" => out.voice = Some(voice(value, place)?),
            "tense" => out.when = Some(when(value, place)?),
            _ => out.slots.push(slot(key, value, required, place)?),
        }
    }
    if out.verb.is_none() {
        return Err(place.syntax("a clause needs a `verb`"));
    }
    let has = |wanted: Place| out.slots.iter().any(|slot| slot.place == wanted && slot.required);
    let is_agent = |slot: &WrittenSlot| slot.prepositions == ["par"];
    if out.voice.is_none() && out.slots.iter().any(|slot| is_agent(slot) && slot.required) {
        out.voice = Some(Voice::Passive);
    }
    if out.voice.is_none() && has(Place::Object) {
        out.voice = Some(Voice::Active);
    }
    Ok(out)
}

fn voice(value: &str, place: &At) -> Result<Voice, RuleError> {
    Ok(match value {
        "active" => Voice::Active,
        "passive" => Voice::Passive,
        "reflexive" => Voice::Reflexive,
        _ => return Err(place.unknown("voice", value, "it is one of active, passive, reflexive")),
    })
}

fn when(value: &str, place: &At) -> Result<When, RuleError> {
    Ok(match value {
        "past" => When::Past,
        "present" => When::Present,
        "future" => When::Future,
        _ => return Err(place.unknown("tense", value, "it is one of past, present, future")),
    })
}

fn slot(key: &str, value: &str, required: bool, place: &At) -> Result<WrittenSlot, RuleError> {
    let (kind, prepositions, value) = match key {
        "subject" => (Place::Subject, Vec::new(), value),
        "object" => (Place::Object, Vec::new(), value),
        "agent" => (Place::Complement, vec!["par".to_owned()], value),
        _ => {
            let (words, rest) = value.split_once(' ').unwrap_or((value, ""));
            let words = if words == "*" { Vec::new() } else { words.split('|').map(str::to_lowercase).collect() };
            (Place::Complement, words, rest.trim())
        }
    };
    if value.is_empty() || kind == Place::Complement && prepositions.iter().any(|word| !is_word(word)) {
        return Err(place.syntax("write `complement PREPOSITION|PREPOSITION PATTERN`, or `complement * PATTERN`"));
    }
    Ok(WrittenSlot { place: kind, prepositions, required, node: pattern::parse(value, place)? })
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphabetic() || c == '\'')
}

const KEYS: [&str; 7] = ["subject", "verb", "voice", "tense", "object", "agent", "complement"];

/// The keys of a clause with what stands after each; keys inside brackets are words.
fn parts<'a>(text: &'a str, place: &At) -> Result<Vec<(&'a str, &'a str)>, RuleError> {
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let (mut depth, mut quoted, mut at) = (0_i32, false, 0);
    for word in text.split_inclusive(' ') {
        let key = word.trim();
        if depth == 0 && !quoted && KEYS.contains(&key.trim_end_matches('?')) {
            starts.push((at, at + word.len()));
        } else if starts.is_empty() && !key.is_empty() {
            return Err(place.unknown("place of a clause", key, HINT));
        }
        for c in word.chars() {
            match c {
                '"' => quoted = !quoted,
                '(' | '{' | '[' if !quoted => depth += 1,
                ')' | '}' | ']' if !quoted => depth -= 1,
                _ => {}
            }
        }
        at += word.len();
    }
    let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([text.len()]);
    let part = |(&(start, body), end): (&(usize, usize), usize)| {
        (text.get(start..body).unwrap_or("").trim(), text.get(body..end).unwrap_or("").trim())
    };
    Ok(starts.iter().zip(ends).map(part).collect())
}

/// A clause pattern, its macros expanded and its names resolved.
pub(super) struct ClauseTree {
    verb: Vec<Atom>,
    voice: Option<Voice>,
    when: Option<When>,
    slots: Vec<(Place, Vec<WordId>, bool, Tree)>,
}

pub(super) fn expand(written: &WrittenClause, expander: &mut Expander<'_>) -> Result<ClauseTree, RuleError> {
    let verb = match &written.verb {
        Some(node) => {
            let tree = expander.expand(node, &[], 0)?;
            expander.flat(&tree).map_err(|_| {
                expander.place.syntax("the verb of a clause is one word: a lemma, a form or a lexicon without phrases")
            })?
        }
        None => Vec::new(),
    };
    let slots = written
        .slots
        .iter()
        .map(|slot| {
            let words = slot.prepositions.iter().map(|word| expander.vocabulary.intern(word)).collect();
            Ok((slot.place, words, slot.required, expander.expand(&slot.node, &[], 0)?))
        })
        .collect::<Result<_, RuleError>>()?;
    Ok(ClauseTree { verb, voice: written.voice, when: written.when, slots })
}

/// The program of a clause with the anchors at its verb; `None` where the verb may be anything.
pub(super) fn emit(rule: u32, tree: &ClauseTree, emitter: &mut Emitter<'_>) -> Option<Emitted> {
    let anchor = |atom| emit::anchor(atom, emitter.writer.vocabulary).map(|(_, anchor)| anchor);
    let anchors = tree.verb.iter().map(anchor).collect::<Option<Vec<_>>>()?;
    let mut needs = Vec::new();
    let mut slots = Vec::new();
    for (place, prepositions, required, tree) in &tree.slots {
        let program = emitter.forward(rule, tree);
        if *required {
            needs.extend(program.needs.iter().copied());
        }
        slots.push(Slot { place: *place, prepositions: prepositions.clone(), required: *required, program });
    }
    let clause = ClausePattern { verb: tree.verb.clone(), voice: tree.voice, when: tree.when, slots };
    let program = Program { rule, needs, clause: Some(clause), ..Program::default() };
    let beside = [emitter.writer.coder.guard_number(MATCH); 2];
    Some(Emitted { gate: Gate::new(&program, &[], &[]), beside, program, anchors })
}
