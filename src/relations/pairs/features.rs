//! What is known about a pair of entities.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{SCOPES, Scope};
use crate::entities::EntityId;
use crate::read::SectionKind;
use crate::relations::assemble::{Assembler, Candidate};
use crate::relations::language::Kinds;
use crate::relations::matcher::{Source, Unit};
use crate::relations::{Analysis, RelationType};

/// For one entity, at most so many partners are looked at: the nearest.
pub const MOST_PAIRS: usize = 6;

/// A pair with its features.
#[derive(Clone, Debug)]
pub struct Example {
    /// What would relate them.
    pub relation: RelationType,
    /// The first argument.
    pub first: EntityId,
    /// The second argument.
    pub second: EntityId,
    /// The names of what is known about them, each once, sorted.
    pub features: Vec<String>,
    /// The sentences of the nearest mentions.
    pub sentences: Vec<usize>,
}

/// Where an entity is named: units in order.
type Places = Vec<usize>;

/// All pairs of a release that could be related, with what is known about them; `candidates` are
/// what the rules say.
pub(crate) fn examples(assembler: &Assembler<'_>, candidates: &[Candidate]) -> Vec<Example> {
    let places = places(assembler);
    let mut rules: BTreeMap<(RelationType, EntityId, EntityId), Vec<&str>> = BTreeMap::new();
    for candidate in candidates {
        let mut arguments = candidate.fact.arguments.iter().map(|(_, id)| *id);
        if let (Some(first), Some(second)) = (arguments.next(), arguments.next()) {
            rules.entry((candidate.fact.relation, first, second)).or_default().push(&candidate.fact.rule);
        }
    }
    let mut out = Vec::new();
    for scope in &SCOPES {
        let entities = assembler.analysis.resolution.entities.iter().enumerate();
        let firsts = entities.filter(|(i, e)| Kinds::of(e.kind).meets(scope.first) && !places[*i].is_empty());
        let seconds = Seconds::new(assembler, scope, &places);
        for (first, _) in firsts {
            let first = EntityId(first);
            for (second, at, partner) in seconds.nearest(assembler, scope, first, &places) {
                let found = rules.get(&(scope.relation, first, second)).map_or(&[][..], Vec::as_slice);
                out.push(describe(assembler, scope, (first, at), (second, partner), &places, &seconds, found));
            }
        }
    }
    out
}

/// The units at which each entity is named or referred to.
fn places(assembler: &Assembler<'_>) -> Vec<Places> {
    let mut places = vec![Vec::new(); assembler.analysis.resolution.entities.len()];
    for (at, unit) in assembler.units.all.iter().enumerate() {
        if let Source::Name(i) = unit.source
            && let Some(id) = assembler.analysis.resolution.of_names.get(i as usize)
            && let Some(own) = places.get_mut(id.0)
        {
            own.push(at);
        }
    }
    places
}

/// The possible second arguments, by place.
struct Seconds {
    /// Unit and entity, in order.
    mentions: Vec<(usize, EntityId)>,
    /// How many entities there are.
    count: usize,
    /// Those of the headline.
    title: Vec<EntityId>,
    /// The one that is named most often.
    main: Option<EntityId>,
}

impl Seconds {
    fn new(assembler: &Assembler<'_>, scope: &Scope, places: &[Places]) -> Self {
        let entities = &assembler.analysis.resolution.entities;
        let fits = |id: usize| Kinds::of(entities[id].kind).meets(scope.second) && !places[id].is_empty();
        let ids: Vec<usize> = (0..entities.len()).filter(|&id| fits(id)).collect();
        let mut mentions: Vec<(usize, EntityId)> =
            ids.iter().flat_map(|&id| places[id].iter().map(move |&at| (at, EntityId(id)))).collect();
        mentions.sort_unstable();
        let main = ids.iter().copied().max_by_key(|&id| (places[id].len(), std::cmp::Reverse(id))).map(EntityId);
        let title = assembler.analysis.layout.title;
        let in_title =
            |at: usize| title.zip(assembler.span(at..at + 1)).is_some_and(|(title, span)| title.contains(span));
        let mut title: Vec<EntityId> = mentions.iter().filter(|(at, _)| in_title(*at)).map(|(_, id)| *id).collect();
        title.dedup();
        Self { mentions, count: ids.len(), title, main }
    }

    /// The partners of `first` that stand nearest to one of its mentions, each with the two units.
    fn nearest(
        &self,
        assembler: &Assembler<'_>,
        scope: &Scope,
        first: EntityId,
        places: &[Places],
    ) -> Vec<(EntityId, usize, usize)> {
        let sentence = |at: usize| assembler.units.all.get(at).map_or(0, |unit| unit.sentence as usize);
        let mut best: BTreeMap<EntityId, (usize, usize, usize)> = BTreeMap::new();
        for &at in places[first.0].iter().take(20) {
            let here = self.mentions.partition_point(|(other, _)| *other < at);
            let from = here.saturating_sub(MOST_PAIRS);
            for &(other, id) in self.mentions[from..].iter().take(2 * MOST_PAIRS) {
                let apart = sentence(at).abs_diff(sentence(other));
                if id == first || apart > scope.reach {
                    continue;
                }
                let distance = at.abs_diff(other);
                let entry = best.entry(id).or_insert((distance, at, other));
                if distance < entry.0 {
                    *entry = (distance, at, other);
                }
            }
        }
        if scope.reach > 20 {
            let Some(&at) = places[first.0].first() else { return Vec::new() };
            for &id in self.title.iter().take(2).chain(&self.main) {
                if let Some(&other) = places[id.0].iter().min_by_key(|other| other.abs_diff(at)).filter(|_| id != first)
                {
                    best.entry(id).or_insert((at.abs_diff(other), at, other));
                }
            }
        }
        let mut all: Vec<_> = best.into_iter().map(|(id, (distance, at, other))| (distance, id, at, other)).collect();
        all.sort_unstable();
        all.truncate(MOST_PAIRS);
        all.into_iter().map(|(_, id, at, other)| (id, at, other)).collect()
    }
}

/// A number as one of a few classes.
fn bucket(n: usize) -> &'static str {
    match n {
        0 => "0",
        1 => "1",
        2 => "2",
        3..=4 => "3-4",
        5..=8 => "5-8",
        9..=16 => "9-16",
        _ => "17+",
    }
}

fn describe(
    assembler: &Assembler<'_>,
    scope: &Scope,
    (first, at): (EntityId, usize),
    (second, other): (EntityId, usize),
    places: &[Places],
    seconds: &Seconds,
    rules: &[&str],
) -> Example {
    let Analysis { resolution, layout, .. } = assembler.analysis;
    let entities = &resolution.entities;
    let units = &assembler.units.all;
    let mut names = Names::default();
    let (kind, partner) = (entities[first.0].kind.as_str(), entities[second.0].kind.as_str());
    names.add(&["bias"]);
    names.add(&["kinds ", kind, " ", partner]);
    for rule in rules {
        names.add(&["rule ", rule]);
    }
    names.add(&[if rules.is_empty() { "no rule" } else { "a rule" }]);
    let sentence = |at: usize| units.get(at).map_or(0, |unit| unit.sentence as usize);
    let apart = sentence(at).abs_diff(sentence(other));
    names.add(&["sentences ", bucket(apart), " ", partner]);
    names.add(&[if at < other { "first before" } else { "first after" }, if apart == 0 { " same" } else { "" }]);
    names.add(&["mentions of second ", bucket(places[second.0].len())]);
    names.add(&["mentions of first ", bucket(places[first.0].len()), " ", kind]);
    names.add(&["seconds ", bucket(seconds.count)]);
    let in_title = seconds.title.contains(&second);
    names.add(&[if in_title { "second in title " } else { "second not in title " }, kind, " ", partner]);
    if seconds.main == Some(second) {
        names.add(&["second is main ", kind, " ", partner]);
    }
    if resolution.issuer == Some(first) {
        names.add(&["first is issuer"]);
    }
    if resolution.issuer == Some(second) {
        names.add(&["second is issuer"]);
    }
    let offset = |at: usize| assembler.span(at..at + 1).map_or(0, |span| span.start);
    let section = |at: usize| match layout.kind_at(offset(at)) {
        SectionKind::Headline => "headline",
        SectionKind::Body => "body",
        SectionKind::About => "about",
        SectionKind::Contact => "contact",
        SectionKind::Boilerplate => "boilerplate",
    };
    names.add(&["section ", section(at), " ", section(other)]);
    names.add(&["first section ", section(at), " ", kind]);
    let nearer = |range: std::ops::Range<usize>| {
        range.clone().any(|i| units[i].kinds.meets(scope.second) && !assembler.of_unit(&units[i]).contains(&second))
    };
    let (low, high) = (at.min(other), at.max(other));
    if nearer(low + 1..high) {
        names.add(&["another second between ", partner]);
    }
    if apart == 0 {
        names.add(&["units between ", bucket(high - low - 1)]);
        let mut between = String::new();
        for unit in &units[low + 1..high] {
            let word = word(assembler, unit);
            if high - low <= 10 {
                names.add(&["between ", word, " ", partner]);
            }
            if high - low <= 5 {
                let _ = write!(between, "{word} ");
            }
        }
        if high - low <= 5 {
            names.add(&["path ", if at < other { "> " } else { "< " }, &between, partner]);
        }
    }
    let near = |at: usize, by: isize| {
        at.checked_add_signed(by).and_then(|i| units.get(i)).map_or("", |unit| word(assembler, unit))
    };
    names.add(&["before first ", near(at, -1), " ", kind]);
    names.add(&["after first ", near(at, 1), " ", kind]);
    names.add(&["before second ", near(other, -1), " ", partner]);
    names.add(&["after second ", near(other, 1), " ", partner]);
    context(assembler, at, kind, &mut names);
    names.all.sort_unstable();
    names.all.dedup();
    let mut sentences = vec![sentence(at), sentence(other)];
    sentences.sort_unstable();
    sentences.dedup();
    Example { relation: scope.relation, first, second, features: names.all, sentences }
}

/// What the sentence of the first argument is: a list item, its verbs and nouns around it.
fn context(assembler: &Assembler<'_>, at: usize, kind: &str, names: &mut Names) {
    let units = &assembler.units.all;
    let Some(unit) = units.get(at) else { return };
    let start = assembler.units.first.get(unit.sentence as usize).map_or(0, |first| *first as usize);
    let first = units.get(start);
    if first.is_some_and(|unit| unit.mark && unit.kinds == Kinds::NONE) {
        names.add(&["in list item ", kind]);
    }
    names.add(&["from start ", bucket(at - start), " ", kind]);
    let same = |i: &usize| units[*i].sentence == unit.sentence;
    let around = (at.saturating_sub(8)..units.len().min(at + 8)).filter(same).filter(|i| *i != at);
    for i in around {
        let unit = &units[i];
        if matches!(unit.upos, crate::tag::Upos::Verb | crate::tag::Upos::Noun) && unit.kinds == Kinds::NONE {
            names.add(&["near first ", word(assembler, unit), " ", kind]);
        }
    }
    let persons = (start..units.len()).filter(same).filter(|i| units[*i].kinds.meets(Kinds::NAMES)).count();
    names.add(&["names in sentence ", bucket(persons), " ", kind]);
}

/// How features spell a unit: the lemma of a word, the kind of a name or value.
fn word<'a>(assembler: &Assembler<'a>, unit: &Unit) -> &'a str {
    const KINDS: [&str; 15] = [
        "<Person>",
        "<Organization>",
        "<Place>",
        "<Site>",
        "<Product>",
        "<Program>",
        "<Event>",
        "<date>",
        "<duration>",
        "<amount>",
        "<percent>",
        "<count>",
        "<line>",
        "<blank>",
        "<stop>",
    ];
    if unit.kinds != Kinds::NONE {
        return KINDS.get(unit.kinds.0.trailing_zeros() as usize).copied().unwrap_or("<other>");
    }
    if unit.number {
        return "<number>";
    }
    let token = unit.start as usize;
    match assembler.analysis.tags.lemma(token) {
        "" => {
            assembler.analysis.segmentation.tokens.get(token).map_or("", |t| assembler.analysis.document.slice(t.span))
        }
        lemma => lemma,
    }
}

#[derive(Default)]
struct Names {
    all: Vec<String>,
}

impl Names {
    fn add(&mut self, parts: &[&str]) {
        self.all.push(parts.concat());
    }
}
