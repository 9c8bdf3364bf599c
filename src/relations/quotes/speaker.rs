use std::ops::Range;

use rustc_hash::FxHashSet;

use super::spans::Quotation;
use crate::entities::EntityId;
use crate::relations::Analysis;
use crate::segment::TokenKind;
use crate::tag::{EntityType, Upos};
use crate::text::Span;

/// How a text says who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    /// `« … », explique X`
    Inverted,
    /// `« … », selon X`; `Pour X, « … »`
    According,
    /// `« … » X, directrice de Y`, also on a line of its own
    Signature,
    /// `X a déclaré : « … »`
    Subject,
    /// `X, directrice de Y : « … »`
    Introduced,
    /// `« …, explique X, … »`
    Incise,
    /// `« … », ajoute-t-elle`; `Elle précise : « … »`
    Pronoun,
    /// An organisation or a noun (`rappelle l'association`)
    Body,
    /// The speaker of the quotation before, or right behind.
    Continued,
}

impl Pattern {
    /// All patterns, in the order of their declaration.
    pub(super) const ALL: [Self; 9] = [
        Self::Inverted,
        Self::According,
        Self::Signature,
        Self::Subject,
        Self::Introduced,
        Self::Incise,
        Self::Pronoun,
        Self::Body,
        Self::Continued,
    ];

    /// The name in `data/rules/quotations.tsv`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Inverted => "inverted",
            Self::According => "according",
            Self::Signature => "signature",
            Self::Subject => "subject",
            Self::Introduced => "introduced",
            Self::Incise => "incise",
            Self::Pronoun => "pronoun",
            Self::Body => "body",
            Self::Continued => "continued",
        }
    }
}

/// Who said a quotation, and by which words we know.
#[derive(Clone, Debug)]
pub(super) struct Speech {
    pub(super) speakers: Vec<EntityId>,
    pub(super) pattern: Pattern,
    /// The words that name the speaker.
    pub(super) clue: Span,
}

/// How many tokens around a quotation are looked at.
const WINDOW: usize = 60;

/// The speakers of `quotations`, in their order; `None` where the text names none.
pub(super) fn attribute(
    analysis: &Analysis<'_>,
    quotations: &[Quotation],
    verbs: &FxHashSet<String>,
) -> Vec<Option<Speech>> {
    let reader = Reader::new(analysis, quotations, verbs);
    let mut speeches: Vec<Option<Speech>> = Vec::with_capacity(quotations.len());
    for (i, quotation) in quotations.iter().enumerate() {
        let last = speeches.iter().rev().flatten().next();
        let speech = reader
            .inside(quotation)
            .or_else(|| reader.behind(i, last))
            .or_else(|| reader.before(i, last))
            .or_else(|| reader.continued(i, speeches.last().and_then(Option::as_ref)));
        speeches.push(speech);
    }
    // What stands right before an attributed quotation, with nothing between, has its speaker.
    for i in (1..speeches.len()).rev() {
        if speeches[i - 1].is_none() && quotations[i - 1].after + 2 >= quotations[i].tokens.start && reader.adjoin(i) {
            speeches[i - 1] = speeches[i].clone().map(|speech| Speech { pattern: Pattern::Continued, ..speech });
        }
    }
    speeches
}

struct Reader<'a> {
    analysis: &'a Analysis<'a>,
    quotations: &'a [Quotation],
    verbs: &'a FxHashSet<String>,
    /// For each token inside a name: one more than the name's index.
    names: Vec<u32>,
}

/// A name or a reference that may speak.
#[derive(Clone, Debug)]
struct Candidate {
    entities: Vec<EntityId>,
    tokens: Range<usize>,
    is_person: bool,
}

impl<'a> Reader<'a> {
    fn new(analysis: &'a Analysis<'a>, quotations: &'a [Quotation], verbs: &'a FxHashSet<String>) -> Self {
        let mut names = vec![0; analysis.segmentation.tokens.len()];
        for (i, name) in (1..).zip(&analysis.mentions.names) {
            for slot in names.get_mut(name.tokens.clone()).into_iter().flatten() {
                *slot = i;
            }
        }
        Self { analysis, quotations, verbs, names }
    }

    fn word(&self, i: usize) -> &str {
        self.analysis.segmentation.tokens.get(i).map_or("", |token| self.analysis.document.slice(token.span))
    }

    fn is_break(&self, i: usize) -> bool {
        self.analysis.segmentation.tokens.get(i).is_none_or(|token| token.kind == TokenKind::Break)
    }

    fn is_saying(&self, i: usize) -> bool {
        self.verbs.contains(self.analysis.tags.lemma(i))
            && matches!(self.analysis.tags.upos(i), Upos::Verb | Upos::Aux | Upos::X)
    }

    /// The name that covers token `i`.
    fn name_at(&self, i: usize) -> Option<Candidate> {
        let index = (*self.names.get(i)?).checked_sub(1)? as usize;
        let mention = self.analysis.mentions.names.get(index)?;
        let entity = *self.analysis.resolution.of_names.get(index)?;
        let is_person = mention.kind == EntityType::Person;
        Some(Candidate { entities: vec![entity], tokens: mention.tokens.clone(), is_person })
    }

    /// The pronoun or generic noun phrase that covers token `i`.
    fn reference_at(&self, i: usize) -> Option<Candidate> {
        let references = &self.analysis.resolution.references;
        let at = references.partition_point(|reference| reference.tokens.end <= i);
        let reference = references.get(at).filter(|r| r.tokens.contains(&i) && !r.entities.is_empty())?;
        let is_person = reference.entities.iter().all(|id| {
            self.analysis.resolution.entities.get(id.0).is_some_and(|entity| entity.kind == EntityType::Person)
        });
        Some(Candidate { entities: reference.entities.clone(), tokens: reference.tokens.clone(), is_person })
    }

    /// The names in `range` that pass `wanted`, in order.
    fn names_in(&self, range: Range<usize>, wanted: impl Fn(&Candidate) -> bool) -> Vec<Candidate> {
        let mut out = Vec::new();
        let mut i = range.start;
        while i < range.end {
            match self.name_at(i) {
                Some(name) => {
                    i = name.tokens.end.max(i + 1);
                    if wanted(&name) {
                        out.push(name);
                    }
                }
                None => i += 1,
            }
        }
        out
    }

    fn persons_in(&self, range: Range<usize>) -> Vec<Candidate> {
        self.names_in(range, |name| name.is_person)
    }

    /// The span of the tokens in `range`.
    fn span(&self, range: Range<usize>) -> Span {
        let tokens = self.analysis.segmentation.tokens.get(range).unwrap_or(&[]);
        match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => first.span.cover(last.span),
            _ => Span::new(0, 0),
        }
    }

    fn speech(&self, candidate: Candidate, pattern: Pattern) -> Speech {
        Speech { speakers: candidate.entities, pattern, clue: self.span(candidate.tokens) }
    }

    /// `X` with the persons that an enumeration adds (`X et Y`, `X, Y et Z`).
    fn with_others(&self, first: Candidate, limit: usize) -> Candidate {
        let mut all = first;
        loop {
            let at = all.tokens.end;
            let next = match self.word(at) {
                "et" | "," | "&" => self.name_at(at + 1).filter(|name| name.is_person && name.tokens.start == at + 1),
                _ => None,
            };
            match next {
                Some(name)
                    if name.tokens.end <= limit && (self.word(at) != "," || self.list_goes_on(name.tokens.end)) =>
                {
                    all.entities.extend(name.entities);
                    all.tokens.end = name.tokens.end;
                }
                _ => return all,
            }
        }
    }

    /// Whether `, Z` or `et Z` with a person follows: a comma alone may end the clause.
    fn list_goes_on(&self, at: usize) -> bool {
        matches!(self.word(at), "et" | ",") && self.name_at(at + 1).is_some_and(|name| name.is_person)
    }

    /// A reporting clause inside the quotation: `« …, explique X, … »`.
    fn inside(&self, quotation: &Quotation) -> Option<Speech> {
        let Range { start, end } = quotation.tokens;
        (start + 3..end.saturating_sub(2)).filter(|&i| self.word(i) == ",").find_map(|comma| {
            let verb = self.verb_group(comma + 1)?;
            let subject = self.inverted_subject(verb.end, end, Pattern::Incise)?;
            (subject.pattern == Pattern::Incise).then_some(subject)
        })
    }

    /// A finite group of a verb of saying that begins at token `at`: `explique`, `a par exemple
    /// annoncé`, `s'est réjoui`, `nous confie`; up to the verb.
    fn verb_group(&self, at: usize) -> Option<Range<usize>> {
        for i in at..at + 6 {
            if self.is_break(i) || self.name_at(i).is_some() {
                return None;
            }
            if self.is_saying(i) {
                return Some(at..i + 1);
            }
            let helper = matches!(
                self.word(i).to_lowercase().as_str(),
                "a" | "ont"
                    | "avait"
                    | "avaient"
                    | "est"
                    | "sont"
                    | "s'"
                    | "se"
                    | "nous"
                    | "m'"
                    | "l'"
                    | "y"
                    | "en"
                    | "-t-il"
                    | "-t-elle"
                    | "-il"
                    | "-elle"
                    | "-t-ils"
                    | "-ils"
                    | "également"
                    | "aussi"
                    | "par"
                    | "exemple"
                    | "ainsi"
                    | "encore"
                    | "quant"
                    | "ensuite"
                    | "notamment"
                    | "enfin"
                    | "alors"
                    | "pu"
                    | "tenu"
                    | "à"
                    | "pour"
                    | "sa"
                    | "part"
                    | "lui"
                    | "leur"
                    | "vient"
                    | "de"
                    | "conclusion"
                    | "il"
                    | "elle"
                    | "et"
                    | "d'"
                    | "déjà"
            );
            if !helper {
                return None;
            }
        }
        None
    }

    /// The subject behind the verb: a pronoun that hangs on it, a person, a noun, a body.
    fn inverted_subject(&self, at: usize, limit: usize, pattern: Pattern) -> Option<Speech> {
        if let Some(speech) = self.hanging_pronoun(at) {
            return Some(speech);
        }
        let end = self.clause_end(at, limit);
        let persons = self.persons_in(at..end);
        if let Some(person) = persons.into_iter().find(|person| !self.is_object(person.tokens.start)) {
            return Some(self.speech(self.with_others(person, end), pattern));
        }
        let near = (at + 4).min(end);
        let body = self.names_in(at..near, |name| self.is_body(name)).into_iter().next();
        let reference = || (at..(at + 6).min(end)).find_map(|i| self.reference_at(i));
        body.or_else(reference).map(|body| {
            let kind = if body.is_person { pattern } else { Pattern::Body };
            self.speech(body, kind)
        })
    }

    /// `-t-il`, `-elle` in the two tokens before or at `at`.
    fn hanging_pronoun(&self, at: usize) -> Option<Speech> {
        let pronoun = (at.saturating_sub(2)..=at)
            .find(|&i| matches!(self.word(i).trim_start_matches("-t"), "-il" | "-elle" | "-ils" | "-elles"))?;
        let who = self.reference_at(pronoun).filter(|who| who.is_person)?;
        Some(Speech { speakers: who.entities, pattern: Pattern::Pronoun, clue: self.span(pronoun..pronoun + 1) })
    }

    fn is_body(&self, name: &Candidate) -> bool {
        name.entities.iter().all(|id| {
            self.analysis
                .resolution
                .entities
                .get(id.0)
                .is_some_and(|entity| matches!(entity.kind, EntityType::Organization | EntityType::Program))
        })
    }

    /// Whether a preposition makes the name at token `at` an object: `à X`, `de X`, `avec X`.
    fn is_object(&self, at: usize) -> bool {
        let mut before = at.wrapping_sub(1);
        if matches!(
            self.word(before),
            "M." | "Mme" | "Mme." | "Dr" | "Dr." | "Pr" | "Pr." | "Mlle" | "Me" | "Monsieur" | "Madame"
        ) {
            before = before.wrapping_sub(1);
        }
        matches!(
            self.word(before),
            "de" | "d'" | "à" | "avec" | "chez" | "par" | "du" | "des" | "aux" | "au" | "contre" | "sur"
        )
    }

    /// The end of the clause from `at`: a full stop, a semicolon, a colon, a line break, a quotation mark.
    fn clause_end(&self, at: usize, limit: usize) -> usize {
        (at..limit.min(at + WINDOW))
            .find(|&i| self.is_break(i) || matches!(self.word(i), "." | ";" | ":" | "!" | "?" | "«" | "“" | "\"" | "»"))
            .unwrap_or(limit.min(at + WINDOW))
    }

    /// What stands behind quotation `i`.
    fn behind(&self, i: usize, last: Option<&Speech>) -> Option<Speech> {
        let quotation = self.quotations.get(i)?;
        let tokens = self.analysis.segmentation.tokens.len();
        let limit = self.quotations.get(i + 1).map_or(tokens, |next| next.tokens.start.saturating_sub(1));
        let mut at = quotation.after;
        let mut stopped = false;
        while matches!(self.word(at), "," | "." | ";" | "!" | "?" | "–" | "—" | "-" | "…" | ")") {
            stopped |= self.word(at) == ".";
            at += 1;
        }
        if self.is_break(at) {
            return self.signature(at + 1, limit, true);
        }
        if at >= limit {
            return None;
        }
        if matches!(self.word(at), "selon" | "d'après" | "Selon" | "pour") && !stopped {
            let end = self.clause_end(at, limit);
            return self
                .persons_in(at..end.min(at + 12))
                .into_iter()
                .next()
                .map(|p| self.speech(p, Pattern::According));
        }
        if !stopped && let Some(verb) = self.verb_group(at) {
            return self.inverted_subject(verb.end, limit, Pattern::Inverted).or_else(|| {
                let pronoun = (verb.start..=verb.end)
                    .any(|k| matches!(self.word(k).trim_start_matches("-t"), "-il" | "-elle" | "il" | "elle"));
                let speaker = last.filter(|_| pronoun)?;
                Some(Speech { pattern: Pattern::Pronoun, clue: self.span(verb), ..speaker.clone() })
            });
        }
        self.signature(at, limit, false)
    }

    /// A signature that begins at token `at`: `X, directrice de Y`, a name alone on its line.
    fn signature(&self, at: usize, limit: usize, own_line: bool) -> Option<Speech> {
        let mut start = at;
        while matches!(
            self.word(start),
            "–" | "—" | "-" | "(" | "•" | "M." | "Mme" | "Dr" | "Pr" | "Dr." | "Pr." | "Madame" | "Monsieur"
        ) {
            start += 1;
        }
        let person = self.name_at(start).filter(|name| name.is_person && name.tokens.start == start)?;
        let person = self.with_others(person, limit);
        let next = person.tokens.end;
        let ends =
            self.is_break(next) || matches!(self.word(next), "," | "(" | ")" | "." | "–" | "—" | "-" | "/" | "|");
        let line_end = (next..next + WINDOW).find(|&i| self.is_break(i))?;
        let line = next..line_end.min(limit);
        let reports = line.clone().any(|i| self.is_saying(i)) || self.word(line_end.saturating_sub(1)) == ":";
        let is_sentence = own_line && self.word(line_end.saturating_sub(1)) == "." && self.has_finite_verb(line);
        (ends && !(own_line && reports) && !is_sentence).then(|| self.speech(person, Pattern::Signature))
    }

    fn has_finite_verb(&self, mut range: Range<usize>) -> bool {
        range.any(|i| {
            matches!(self.analysis.tags.upos(i), Upos::Verb | Upos::Aux)
                && self.analysis.tags.morphology(i).mood.is_some()
        })
    }

    /// What stands before quotation `i` in its sentence.
    fn before(&self, i: usize, last: Option<&Speech>) -> Option<Speech> {
        let quotation = self.quotations.get(i)?;
        let mut open = quotation.tokens.start.saturating_sub(1);
        while open > 0 && !matches!(self.word(open), "«" | "“" | "„" | "\"" | "``" | "`") {
            open -= 1;
        }
        let floor = i.checked_sub(1).and_then(|before| self.quotations.get(before)).map_or(0, |before| before.after);
        let start = self.sentence_start(open, floor);
        if start >= open {
            return None;
        }
        let colon = (open.saturating_sub(2)..open).any(|k| self.word(k) == ":");
        let persons = self.persons_in(start..open);
        if let Some(speech) = self.according(start, open, &persons, last) {
            return Some(speech);
        }
        if let Some(verb) = (start..open).rev().find(|&k| self.is_saying(k)) {
            return self.subject_of(verb, start, &persons, colon, last);
        }
        if !colon {
            return None;
        }
        let free = persons.iter().find(|person| !self.is_object(person.tokens.start));
        let only = (persons.len() == 1).then(|| persons.first()).flatten();
        free.or(only).map(|person| self.speech(self.with_others(person.clone(), open), Pattern::Introduced)).or_else(
            || {
                let who = (start..open).find_map(|k| self.reference_at(k)).filter(|who| who.is_person)?;
                Some(self.speech(who, Pattern::Pronoun))
            },
        )
    }

    /// `Selon X, « … »`, `Pour X, …`, `D'après lui, …`.
    fn according(&self, start: usize, open: usize, persons: &[Candidate], last: Option<&Speech>) -> Option<Speech> {
        let cue = (start..open).rev().find(|&k| {
            matches!(self.word(k), "Selon" | "selon" | "Pour" | "D'après" | "d'après")
                || matches!(self.word(k), "D'" | "d'") && self.word(k + 1) == "après"
        })?;
        let person = persons.iter().find(|p| p.tokens.start > cue && p.tokens.start <= cue + 3);
        if let Some(person) = person {
            return Some(self.speech(person.clone(), Pattern::According));
        }
        let pronoun = (cue + 1..(cue + 4).min(open)).find(|&k| matches!(self.word(k), "lui" | "elle"));
        if let Some(pronoun) = pronoun {
            let who =
                self.reference_at(pronoun).filter(|who| who.is_person).map(|who| self.speech(who, Pattern::Pronoun));
            return who.or_else(|| last.map(|speech| Speech { pattern: Pattern::Pronoun, ..speech.clone() }));
        }
        let noun = (cue + 1..(cue + 5).min(open)).find_map(|k| self.reference_at(k)).filter(|who| who.is_person)?;
        Some(self.speech(noun, Pattern::According))
    }

    /// Who is the subject of the verb of saying at token `verb`.
    fn subject_of(
        &self,
        verb: usize,
        start: usize,
        persons: &[Candidate],
        colon: bool,
        last: Option<&Speech>,
    ) -> Option<Speech> {
        if let Some(speech) = self.hanging_pronoun(verb + 1) {
            return Some(speech);
        }
        let pronoun = (start.max(verb.saturating_sub(4))..verb)
            .rev()
            .find(|&k| matches!(self.word(k).to_lowercase().as_str(), "il" | "elle" | "ils" | "elles"));
        if let Some(pronoun) = pronoun {
            let who = self.reference_at(pronoun).map(|who| self.speech(who, Pattern::Pronoun));
            return who.or_else(|| last.map(|speech| Speech { pattern: Pattern::Pronoun, ..speech.clone() }));
        }
        let left = persons.iter().rfind(|p| p.tokens.end <= verb && !self.is_object(p.tokens.start));
        if let Some(person) = left {
            // `X, directeur de Y et Z, a déclaré`: the apposition's own names are no subject.
            let first =
                persons.iter().find(|p| p.tokens.end <= verb && !self.is_object(p.tokens.start)).unwrap_or(person);
            let subject = if self.clause_break(first.tokens.end, person.tokens.start) { person } else { first };
            return Some(self.speech(self.with_others(subject.clone(), verb), Pattern::Subject));
        }
        if let Some(person) = persons
            .iter()
            .find(|p| p.tokens.start > verb && p.tokens.start <= verb + 4 && !self.is_object(p.tokens.start))
        {
            return Some(self.speech(person.clone(), Pattern::Subject));
        }
        let near = start.max(verb.saturating_sub(12));
        let noun = (near..verb).rev().find_map(|k| self.reference_at(k));
        let body = || self.names_in(near..verb, |name| self.is_body(name) && !self.is_object(name.tokens.start)).pop();
        if let Some(who) = noun.or_else(body) {
            let pattern = if who.is_person { Pattern::Pronoun } else { Pattern::Body };
            return Some(self.speech(who, pattern));
        }
        // `Et d'ajouter : « … »`
        let infinitive = matches!(self.word(verb.wrapping_sub(1)), "d'" | "de");
        let speaker = last.filter(|_| colon && infinitive && verb < start + 4)?;
        Some(Speech { pattern: Pattern::Continued, ..speaker.clone() })
    }

    /// Whether a finite verb or a conjunction stands between two tokens: another clause has begun.
    fn clause_break(&self, from: usize, to: usize) -> bool {
        self.has_finite_verb(from..to)
    }

    /// The first token of the sentence that leads to the quotation which opens at token `open`.
    fn sentence_start(&self, open: usize, floor: usize) -> usize {
        let lowest = floor.max(open.saturating_sub(WINDOW));
        let mut at = open;
        // A quotation on a line of its own belongs to the line before, if that ends in a colon.
        if at > lowest && self.is_break(at - 1) {
            if at < lowest + 2 || self.word(at - 2) != ":" {
                return open;
            }
            at -= 1;
        }
        while at > lowest {
            let previous = at - 1;
            let ends = matches!(self.word(previous), "." | "!" | "?" | "…" | "»" | "”")
                && self.word(at).chars().next().is_some_and(|c| c.is_uppercase() || c == '«');
            if ends || self.is_break(previous) {
                break;
            }
            at = previous;
        }
        at
    }

    /// The speaker of the quotation before, when this one follows in the same paragraph, or opens the
    /// next one, and nobody else comes between.
    fn continued(&self, i: usize, previous: Option<&Speech>) -> Option<Speech> {
        let speech = previous?;
        let from = self.quotations.get(i.checked_sub(1)?)?.after;
        let to = self.quotations.get(i)?.tokens.start;
        if to > from + 2 * WINDOW {
            return None;
        }
        let blank = (from..to).any(|k| self.is_break(k));
        let others = self
            .persons_in(from..to)
            .iter()
            .any(|person| !person.entities.iter().all(|id| speech.speakers.contains(id)));
        (!blank && !others).then(|| Speech { pattern: Pattern::Continued, ..speech.clone() })
    }

    /// Whether only marks and breaks stand between quotation `i - 1` and quotation `i`.
    fn adjoin(&self, i: usize) -> bool {
        let (Some(first), Some(second)) =
            (i.checked_sub(1).and_then(|k| self.quotations.get(k)), self.quotations.get(i))
        else {
            return false;
        };
        (first.after..second.tokens.start)
            .all(|k| self.is_break(k) || matches!(self.word(k), "«" | "“" | "\"" | "." | "," | "-" | "–"))
    }
}
