//! One fact for what several matches say.

use super::assemble::{Candidate, stronger};
use super::extend::{self, complete};
use rustc_hash::{FxHashMap, FxHashSet};

use super::fact::{Fact, RelationType, Value};
use super::succession;
use crate::entities::EntityId;
use crate::tag::Gender;

/// A type with its arguments: what a fact states.
type Statement = (RelationType, Vec<(&'static str, EntityId)>);

/// Drops what a better match excludes, joins what says the same, in order of evidence. `genders` are those of the
/// entities, where they are known.
pub(super) fn merge(candidates: Vec<Candidate>, genders: &[Option<Gender>]) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    // Indices of the facts of one type with the same arguments.
    let mut known: FxHashMap<Statement, Vec<usize>> = FxHashMap::default();
    let (extensions, mut candidates): (Vec<Candidate>, Vec<Candidate>) =
        candidates.into_iter().partition(|c| c.extends.is_some());
    succession::settle_bodies(&mut candidates);
    for candidate in without_guesses(without_excluded(candidates)) {
        let same = known.entry((candidate.fact.relation, candidate.fact.arguments.clone())).or_default();
        match same.iter().copied().find(|&at| says_the_same(&facts[at], &candidate.fact)) {
            Some(at) => join(&mut facts[at], candidate.fact),
            None => {
                same.push(facts.len());
                facts.push(candidate.fact);
            }
        }
    }
    join_agreements(&mut facts);
    join_acquisitions(&mut facts);
    join_founders(&mut facts);
    name_kinds(&mut facts);
    drop_partial(&mut facts);
    succession::share_titles(&mut facts, genders);
    let place = |fact: &Fact| fact.evidence.first().copied();
    facts.sort_by(|a, b| (place(a), a.relation, &a.arguments).cmp(&(place(b), b.relation, &b.arguments)));
    extend::extend(&mut facts, extensions);
    facts
}

/// Drops facts that leave a side open (`un prêt de 15 millions`) where another, of the same sentence,
/// names it and agrees on the rest, the amount included.
fn drop_partial(facts: &mut Vec<Fact>) {
    let may_be_open = |fact: &Fact| {
        matches!(fact.relation, RelationType::Investment | RelationType::Supply | RelationType::Acquisition)
            && fact.arguments.len() < 2
    };
    let complete: FxHashMap<_, Vec<Fact>> = facts.iter().filter(|fact| !may_be_open(fact)).fold(
        FxHashMap::default(),
        |mut by_place: FxHashMap<_, Vec<Fact>>, fact| {
            if matches!(fact.relation, RelationType::Investment | RelationType::Supply | RelationType::Acquisition) {
                by_place.entry((fact.relation, fact.evidence.first().copied())).or_default().push(fact.clone());
            }
            by_place
        },
    );
    facts.retain(|fact| {
        let others = complete.get(&(fact.relation, fact.evidence.first().copied()));
        let amount = value_of(fact, "amount");
        let says_more = |other: &Fact| {
            fact.arguments.iter().all(|argument| other.arguments.contains(argument))
                && (amount.is_none() || amount == value_of(other, "amount"))
        };
        !(may_be_open(fact) && others.is_some_and(|others| others.iter().any(says_more)))
    });
}

/// Where the founders of a body are told, a founding that names none (`créée en 2010`) is theirs.
fn join_founders(facts: &mut Vec<Fact>) {
    let body = |fact: &Fact| fact.argument("organization").filter(|_| fact.relation == RelationType::Founded);
    let founded = facts.iter().filter(|fact| fact.argument("founder").is_some());
    let told: FxHashSet<EntityId> = founded.filter_map(body).collect();
    let is_open = |fact: &Fact| fact.argument("founder").is_none() && body(fact).is_some_and(|id| told.contains(&id));
    let (open, mut rest): (Vec<Fact>, Vec<Fact>) = facts.drain(..).partition(is_open);
    for fact in &open {
        rest.iter_mut().filter(|known| body(known) == body(fact)).for_each(|known| complete(known, fact));
    }
    *facts = rest;
}

/// The candidates that no better one excludes. Only titles that overlap can, so those are compared
/// that lie near each other.
fn without_excluded(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    let start = |c: &Candidate| c.title.as_ref().map_or(usize::MAX, |title| title.start);
    candidates.sort_by_key(start);
    drop_other_recipients(&mut candidates);
    let longest = candidates.iter().filter_map(|c| c.title.as_ref()).map(|title| title.len()).max().unwrap_or(0);
    let excluded: Vec<bool> = candidates
        .iter()
        .map(|one| {
            let Some(title) = &one.title else { return false };
            let from = candidates.partition_point(|other| start(other).saturating_add(longest) < title.start);
            candidates[from..].iter().take_while(|other| start(other) < title.end).any(|other| excludes(other, one))
        })
        .collect();
    let mut excluded = excluded.into_iter();
    candidates.retain(|_| !excluded.next().unwrap_or(false));
    candidates
}

/// Drops the guesses (rules of negative priority, which take the body from the context) about a person or a
/// founder of whom another rule tells the same.
fn without_guesses(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    let told = |c: &Candidate| {
        let about = ["person", "founder"].iter().find_map(|name| c.fact.argument(name));
        let title = c.fact.attribute("title").map(|title| title.text.to_lowercase()).unwrap_or_default();
        let head = title.split(' ').next().unwrap_or("").to_owned();
        (c.fact.relation, about, head)
    };
    let known: FxHashSet<_> = candidates.iter().filter(|c| c.priority >= 0).map(told).collect();
    candidates.retain(|c| c.priority >= 0 || !known.contains(&told(c)));
    candidates
}

/// Drops who is said to get an amount where a rule of higher priority reads from the same sentence that another gets
/// it from the same investor: one amount goes to one.
fn drop_other_recipients(candidates: &mut Vec<Candidate>) {
    let key = |fact: &Fact| {
        let amount = fact.attribute("amount")?.span?;
        let names_both = fact.argument("recipient").is_some();
        (fact.relation == RelationType::Investment && names_both).then(|| (amount.start, fact.argument("investor")))
    };
    let mut best: FxHashMap<(usize, Option<EntityId>), i32> = FxHashMap::default();
    for candidate in candidates.iter() {
        if let Some(key) = key(&candidate.fact) {
            let known = best.entry(key).or_insert(candidate.priority);
            *known = candidate.priority.max(*known);
        }
    }
    candidates.retain(|candidate| {
        key(&candidate.fact).and_then(|key| best.get(&key)).is_none_or(|best| candidate.priority >= *best)
    });
}

/// Whether `better` reads the same title words for the same kind of fact and wins: by priority, then
/// by the longer title, then by the shorter way to its arguments.
fn excludes(better: &Candidate, worse: &Candidate) -> bool {
    if better.group == worse.group || better.fact.relation != worse.fact.relation {
        return false;
    }
    let (Some(a), Some(b)) = (&better.title, &worse.title) else { return false };
    if a.start >= b.end || b.start >= a.end {
        return false;
    }
    let person = better.fact.argument("person") == worse.fact.argument("person");
    let body = better.fact.argument("organization") == worse.fact.argument("organization");
    if !person && !body && better.priority == worse.priority {
        return false;
    }
    let rank = |c: &Candidate, title: &std::ops::Range<usize>| {
        (c.priority, title.len(), usize::MAX - c.width, usize::MAX - c.group)
    };
    rank(better, a) > rank(worse, b)
}

/// Whether two facts of one type with the same arguments are one.
fn says_the_same(a: &Fact, b: &Fact) -> bool {
    match a.relation {
        RelationType::Role => {
            let title = |fact: &Fact| fact.attribute("title").map(|t| t.text.to_lowercase()).unwrap_or_default();
            let (a, b) = (title(a), title(b));
            let holds = |a: &str, b: &str| a.starts_with(&format!("{b} ")) || a.ends_with(&format!(" {b}"));
            a == b || holds(&a, &b) || holds(&b, &a)
        }
        RelationType::Figure => {
            value_of(a, "metric") == value_of(b, "metric") && value_of(a, "value") == value_of(b, "value")
        }
        RelationType::Agreement => {
            let (a, b) = (value_of(a, "kind"), value_of(b, "kind"));
            a == b || a.is_none() || b.is_none()
        }
        _ => true,
    }
}

fn value_of<'a>(fact: &'a Fact, name: &str) -> Option<&'a str> {
    fact.attribute(name).map(|value| value.text.as_str())
}

/// Adds to `known` what `other` has more.
fn join(known: &mut Fact, other: Fact) {
    if other.confidence > known.confidence {
        known.rule = other.rule;
    }
    known.confidence = known.confidence.max(other.confidence);
    known.status = stronger(known.status, other.status);
    for (name, value) in other.attributes {
        match known.attributes.iter_mut().find(|(own, _)| *own == name) {
            Some((_, own)) if name == "title" && value.text.chars().count() > own.text.chars().count() => *own = value,
            Some(_) => {}
            None => known.attributes.push((name, value)),
        }
    }
    let order = known.relation.schema().attributes;
    known.attributes.sort_by_key(|(name, _)| order.iter().position(|known| known == name));
    known.evidence.extend(other.evidence);
    known.evidence.sort_unstable();
    known.evidence.dedup();
}

/// An agreement whose words tell no kind is a collaboration.
fn name_kinds(facts: &mut [Fact]) {
    let unnamed = |fact: &&mut Fact| fact.relation == RelationType::Agreement && fact.attribute("kind").is_none();
    for fact in facts.iter_mut().filter(unnamed) {
        fact.attributes.insert(0, ("kind", Value { text: "collaboration".to_owned(), span: None }));
    }
}

/// Agreements that share two parties are one.
fn join_agreements(facts: &mut Vec<Fact>) {
    let mut out: Vec<Fact> = Vec::with_capacity(facts.len());
    let mut by_party: FxHashMap<EntityId, Vec<usize>> = FxHashMap::default();
    for fact in facts.drain(..) {
        if fact.relation != RelationType::Agreement {
            out.push(fact);
            continue;
        }
        let mut shared: Vec<usize> =
            fact.all("parties").filter_map(|id| by_party.get(&id)).flatten().copied().collect();
        shared.sort_unstable();
        let earlier = shared.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
        let at = earlier.unwrap_or(out.len());
        for id in fact.all("parties") {
            let places = by_party.entry(id).or_default();
            if !places.contains(&at) {
                places.push(at);
            }
        }
        if earlier.is_none() {
            out.push(fact);
            continue;
        }
        for argument in &fact.arguments {
            if !out[at].arguments.contains(argument) {
                out[at].arguments.push(*argument);
            }
        }
        out[at].arguments.sort_by_key(|(name, _)| *name == "negotiators");
        join(&mut out[at], fact);
    }
    *facts = out;
}

/// Purchases of one target by one acquirer are one: seller, stake and amount may be told in other sentences.
fn join_acquisitions(facts: &mut Vec<Fact>) {
    let mut out: Vec<Fact> = Vec::with_capacity(facts.len());
    let mut known: FxHashMap<(EntityId, EntityId), usize> = FxHashMap::default();
    for fact in facts.drain(..) {
        let sides = fact.argument("acquirer").zip(fact.argument("target"));
        let Some(sides) = sides.filter(|_| fact.relation == RelationType::Acquisition) else {
            out.push(fact);
            continue;
        };
        let at = *known.entry(sides).or_insert(out.len());
        // Invariant: `at` is the length, or was it when an earlier fact went there.
        let Some(first) = out.get_mut(at) else {
            out.push(fact);
            continue;
        };
        if first.argument("seller").is_none() {
            first.arguments.extend(fact.argument("seller").map(|seller| ("seller", seller)));
        }
        join(first, fact);
    }
    *facts = out;
}
