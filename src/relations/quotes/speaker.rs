use std::ops::Range;

use rustc_hash::FxHashSet;

use super::reader::{Candidate, Reader, is_honorific};
use super::spans::Quotation;
use crate::entities::EntityId;
use crate::relations::Analysis;
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
    /// The subject of the sentence before: `X a salué les équipes. « … »`
    Told,
}

impl Pattern {
    /// All patterns, in the order of their declaration.
    pub(super) const ALL: [Self; 10] = [
        Self::Inverted,
        Self::According,
        Self::Signature,
        Self::Subject,
        Self::Introduced,
        Self::Incise,
        Self::Pronoun,
        Self::Body,
        Self::Continued,
        Self::Told,
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
            Self::Told => "told",
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
/// A quotation of fewer words is no paragraph of speech: a heading may stand in quotation marks.
const PARAGRAPH_WORDS: usize = 8;

/// What may stand in a group of a verb of saying before the verb, parted by spaces.
const HELPERS: &str = "a ont avait avaient est sont s' se nous m' l' y en -t-il -t-elle -il -elle -t-ils -ils également \
    aussi par exemple ainsi encore quant ensuite notamment enfin alors pu tenu à pour sa part lui leur \
    vient de conclusion il elle et d' déjà fait font faisait aime plaît plait tient veut tenait";

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
            .inside(quotation, last)
            .or_else(|| reader.behind(i, last))
            .or_else(|| reader.before(i, last))
            .or_else(|| reader.continued(i, speeches.last().and_then(Option::as_ref)))
            .or_else(|| reader.told(i));
        speeches.push(speech);
    }
    // `« … » et « … », dit X`: what stands right before an attributed quotation has its speaker.
    for i in (1..speeches.len()).rev() {
        let weak = speeches[i - 1].as_ref().is_none_or(|speech| speech.pattern == Pattern::Told);
        if weak && reader.adjoin(i) && speeches[i].as_ref().is_some_and(|speech| speech.pattern != Pattern::Told) {
            speeches[i - 1] = speeches[i].clone().map(|speech| Speech { pattern: Pattern::Continued, ..speech });
        }
    }
    speeches
}

impl Reader<'_> {
    /// A reporting clause inside the quotation: `« …, explique X, … »`.
    fn inside(&self, quotation: &Quotation, last: Option<&Speech>) -> Option<Speech> {
        let Range { start, end } = quotation.tokens;
        (start + 3..end.saturating_sub(2)).filter(|&i| self.word(i) == ",").find_map(|comma| {
            let verb = self.verb_group(comma + 1)?;
            let subject = self.inverted_subject(verb.end, end, Pattern::Incise);
            let by_name = subject.filter(|speech| speech.pattern == Pattern::Incise);
            // `« …, dit-il, … »`: whoever spoke last.
            let pronoun = matches!(self.word(verb.end).trim_start_matches("-t"), "-il" | "-elle");
            by_name.or_else(|| {
                let clue = self.span(verb);
                last.filter(|_| pronoun).map(|last| Speech { pattern: Pattern::Pronoun, clue, ..last.clone() })
            })
        })
    }

    /// A finite group of a verb of saying that begins at token `at`: `explique`, `a par exemple
    /// annoncé`, `s'est réjoui`, `nous confie`; up to the verb.
    fn verb_group(&self, at: usize) -> Option<Range<usize>> {
        for i in at..at + 6 {
            if self.is_break(i) || self.name_at(i).is_some() {
                return None;
            }
            if self.is_saying_here(i) && (!self.is_participle(i) || (at..i).any(|k| self.is_auxiliary(k))) {
                return Some(at..i + 1);
            }
            let word = self.word(i).to_lowercase();
            if !HELPERS.split(' ').any(|helper| helper == word) {
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
        let near = (at + 8).min(end);
        let body = self.names_in(at..near, |name| self.is_body(name)).into_iter().next();
        let reference = || (at..(at + 6).min(end)).find_map(|i| self.reference_at(i));
        let titled = || self.titled(at..near);
        titled().or_else(|| reference().filter(|who| who.is_person)).or(body).or_else(reference).map(|body| {
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
        if !stopped && (matches!(self.word(at), "selon" | "d'après" | "Selon" | "pour") || self.voice_at(at).is_some())
        {
            let end = self.clause_end(at, limit);
            // `« … », selon elle`
            if matches!(self.word(at + 1), "lui" | "elle") {
                let who = self.reference_at(at + 1).filter(|who| who.is_person);
                let again = || last.map(|speech| Speech { pattern: Pattern::Pronoun, ..speech.clone() });
                return who.map(|who| self.speech(who, Pattern::Pronoun)).or_else(again);
            }
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

    /// The token behind a phrase that names whose words they are: `de l'avis de X`, `aux yeux de X`, `par la voix de X`.
    fn voice_at(&self, at: usize) -> Option<usize> {
        let first = self.word(at).to_lowercase();
        if first == "dixit" {
            return Some(at + 1);
        }
        let noun = (at + 1..at + 4)
            .find(|&i| matches!(self.word(i), "avis" | "yeux" | "dires" | "dire" | "croire" | "voix" | "bouche"))?;
        let leads = matches!(first.as_str(), "de" | "à" | "aux" | "au" | "par" | "d'");
        (leads && (at + 1..noun).all(|i| matches!(self.word(i), "la" | "l'" | "en" | "les"))).then_some(noun + 1)
    }

    /// A signature that begins at token `at`: `X, directrice de Y`, a name alone on its line.
    fn signature(&self, at: usize, limit: usize, own_line: bool) -> Option<Speech> {
        let mut start = at;
        while matches!(self.word(start), "–" | "—" | "(") || self.word(start) == "-" && !own_line {
            start += 1;
        }
        // `— Gouverneur X`, `Mme X`; on a line of its own a capital may begin a sentence (`Pour X`).
        let is_title = |&i: &usize| {
            self.name_at(i).is_none() && if own_line { is_honorific(self.word(i)) } else { self.is_capitalised(i) }
        };
        start += (start..start + 4).take_while(is_title).count();
        let person = self.name_at(start).filter(|name| name.is_person && name.tokens.start == start)?;
        let person = self.with_others(person, limit);
        let next = person.tokens.end;
        let ends =
            self.is_break(next) || matches!(self.word(next), "," | "(" | ")" | "." | "–" | "—" | "-" | "/" | "|");
        let line_end = (next..next + WINDOW).find(|&i| self.is_break(i))?;
        let line = next..line_end.min(limit);
        if !own_line && self.goes_on(next, line.end) {
            return None;
        }
        let reports = line.clone().any(|i| self.is_saying(i)) || self.word(line.end.saturating_sub(1)) == ":";
        let is_sentence = own_line && self.word(line_end.saturating_sub(1)) == "." && self.has_finite_verb(line);
        (ends && !(own_line && reports) && !is_sentence).then(|| self.speech(person, Pattern::Signature))
    }

    /// Whether a sentence whose subject ends before token `at` goes on to a verb of its own: it is no signature.
    fn goes_on(&self, at: usize, limit: usize) -> bool {
        let end = (at..limit).find(|&i| matches!(self.word(i), "." | "!" | "?" | ";")).unwrap_or(limit);
        let relative =
            |i: usize| (i.saturating_sub(4)..i).any(|k| matches!(self.word(k), "qui" | "que" | "qu'" | "dont" | "où"));
        (at..end).any(|i| self.has_finite_verb(i..i + 1) && !relative(i))
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
        let colon = self.has_colon(open);
        let persons = self.persons_in(start..open);
        if let Some(speech) = self.according(start, open, &persons, last) {
            return Some(speech);
        }
        let mut verbs = (start..open).rev().filter(|&k| self.is_reporting(k));
        let speech = verbs.find_map(|verb| self.subject_of(verb, start, &persons, open, last));
        if speech.is_some() || !colon {
            return speech;
        }
        let free = persons.iter().find(|person| !self.is_object(person.tokens.start));
        let only = (persons.len() == 1).then(|| persons.first()).flatten();
        // `Même prudence chez X, cofondateur de Y avec Z : « … »`
        let at = persons.iter().find(|person| self.word(person.tokens.start.wrapping_sub(1)) == "chez");
        let person = free.or(only).or(at);
        let introduced = || person.map(|p| self.speech(self.with_others(p.clone(), open), Pattern::Introduced));
        let pronoun = || {
            let who = (start..open).find_map(|k| self.reference_at(k)).filter(|who| who.is_person)?;
            Some(self.speech(who, Pattern::Pronoun))
        };
        // `Valoria : « … »`, as in headlines.
        let body = || {
            let body = self.names_in(start..open, |name| self.is_body(name)).into_iter().next()?;
            let near = body.tokens.start <= start + 5 && !self.has_finite_verb(start..body.tokens.start);
            let alone = near && body.tokens.end + 2 >= open;
            alone.then(|| self.speech(body, Pattern::Body))
        };
        introduced().or_else(pronoun).or_else(body)
    }

    /// `Selon X, « … »`, `Pour X, …`, `D'après lui, …`.
    fn according(&self, start: usize, open: usize, persons: &[Candidate], last: Option<&Speech>) -> Option<Speech> {
        let cue = (start..open).rev().find(|&k| {
            matches!(self.word(k), "Selon" | "selon" | "Pour" | "D'après" | "d'après")
                // `…, tandis que, pour le président de Y X, « … »`
                || self.word(k) == "pour" && k > start && matches!(self.word(k - 1), "," | "que" | "et")
                || matches!(self.word(k), "D'" | "d'") && self.word(k + 1) == "après"
                // `De l'avis de X`, `Aux yeux de X`, `Aux dires de X`
                || matches!(self.word(k), "avis" | "yeux" | "dires" | "mots" | "termes" | "formule" | "expression")
                    && matches!(self.word(k + 1), "de" | "d'" | "du")
                // `À en croire X`
                || self.word(k) == "croire" && self.word(k.wrapping_sub(1)) == "en"
                || self.voice_at(k).is_some()
        })?;
        let reach = self.voice_at(cue).unwrap_or(cue) + 3;
        let near = persons.iter().find(|p| p.tokens.start > cue && p.tokens.start <= reach);
        // `Selon le porte-parole du ministère X, « … »`
        let titled = || {
            let first = persons.iter().find(|p| p.tokens.start > cue && p.tokens.start <= cue + 12)?;
            // `Pour la directrice de Y, X, « … »`: the comma of an apposition.
            let end = first.tokens.start - usize::from(self.word(first.tokens.start - 1) == ",");
            let plain = (cue..end).all(|k| !matches!(self.word(k), "," | ":" | "«"));
            let cued = matches!(self.word(cue).to_lowercase().as_str(), "selon" | "pour" | "yeux" | "avis" | "dires");
            // `Selon le texte, X doit « … »` is none.
            let apart = end == first.tokens.start || self.word(first.tokens.end) == ",";
            (plain && cued && apart && !self.has_finite_verb(cue..first.tokens.start)).then_some(first)
        };
        let person = near.or_else(titled);
        if let Some(person) = person {
            return Some(self.speech(person.clone(), Pattern::According));
        }
        let pronoun = (cue + 1..(cue + 4).min(open)).find(|&k| matches!(self.word(k), "lui" | "elle"));
        if let Some(pronoun) = pronoun {
            let who = self.reference_at(pronoun).filter(|who| who.is_person).or_else(|| self.subject_before(start));
            let again = || last.map(|speech| Speech { pattern: Pattern::Pronoun, ..speech.clone() });
            return who.map(|who| self.speech(who, Pattern::Pronoun)).or_else(again);
        }
        let near = cue + 1..(cue + 5).min(open);
        let noun = near.clone().find_map(|k| self.reference_at(k)).filter(|who| who.is_person);
        noun.or_else(|| self.titled(near)).map(|who| self.speech(who, Pattern::According))
    }

    /// The person who is the subject of the sentence that ends before token `at`.
    fn subject_before(&self, at: usize) -> Option<Candidate> {
        let end = at.checked_sub(1)?;
        let start = self.sentence_start(end, 0);
        self.persons_in(start..end).into_iter().find(|person| !self.is_object(person.tokens.start))
    }

    /// Who is the subject of the verb of saying at token `verb`.
    fn subject_of(
        &self,
        verb: usize,
        start: usize,
        persons: &[Candidate],
        open: usize,
        last: Option<&Speech>,
    ) -> Option<Speech> {
        let colon = self.has_colon(open);
        // The quotation is what is said: it follows the verb, a colon or a conjunction.
        let before = self.word(open.wrapping_sub(1));
        let leads = colon || matches!(before, "que" | "qu'" | ",") || verb + 2 >= open;
        if !leads && self.is_capitalised(open + 1) {
            return None;
        }
        if let Some(speech) = self.hanging_pronoun(verb + 1) {
            return Some(speech);
        }
        let pronoun = (start.max(verb.saturating_sub(4))..verb)
            .rev()
            .find(|&k| matches!(self.word(k).to_lowercase().as_str(), "il" | "elle" | "ils" | "elles"));
        if let Some(pronoun) = pronoun {
            let who = self.reference_at(pronoun).map(|who| self.speech(who, Pattern::Pronoun));
            let who = who.or_else(|| Some(self.speech(self.subject_before(start)?, Pattern::Pronoun)));
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
        if let Some(person) = persons.iter().find(|p| self.word(p.tokens.start.wrapping_sub(1)) == "par" && colon) {
            return Some(self.speech(person.clone(), Pattern::Introduced));
        }
        let near = start.max(verb.saturating_sub(12));
        let noun = (near..verb).rev().find_map(|k| self.reference_at(k));
        let person = self.titled(near..verb).or_else(|| noun.clone().filter(|who| who.is_person));
        if let Some(who) = person {
            return Some(self.speech(who, Pattern::Pronoun));
        }
        let body = || self.names_in(near..verb, |name| self.is_body(name) && !self.is_object(name.tokens.start)).pop();
        if let Some(who) = noun.or_else(body).filter(|_| leads) {
            return Some(self.speech(who, Pattern::Body));
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

    /// The speaker of the quotation before, when nobody else comes between: in the same paragraph, or
    /// when this one is a paragraph of its own.
    fn continued(&self, i: usize, previous: Option<&Speech>) -> Option<Speech> {
        let speech = previous.filter(|speech| speech.pattern != Pattern::Told)?;
        let from = self.quotations.get(i.checked_sub(1)?)?.after;
        let quotation = self.quotations.get(i)?;
        let to = quotation.tokens.start;
        if to > from + 2 * WINDOW {
            return None;
        }
        let breaks = (from..to).filter(|&k| self.is_break(k)).count();
        let opens = to >= 2 && self.is_break(to - 2);
        let alone = breaks == 1 && opens && self.ends_line(quotation.after) && quotation.words >= PARAGRAPH_WORDS;
        let others = self
            .persons_in(from..to)
            .iter()
            .any(|person| !person.entities.iter().all(|id| speech.speakers.contains(id)));
        ((breaks == 0 || alone) && !others && !self.is_reported(quotation) && !self.opens_anew(from, to, speech))
            .then(|| Speech { pattern: Pattern::Continued, ..speech.clone() })
    }

    /// Whether a sentence that begins between tokens `from` and `to` leads to the quotation at `to` and names neither
    /// the speaker nor takes him up by a pronoun, and no colon announces speech: these are words of somebody else, whom nothing names.
    fn opens_anew(&self, from: usize, to: usize, speech: &Speech) -> bool {
        let Some(open) = to.checked_sub(1) else { return false };
        let start = self.sentence_start(open, from);
        let words = start..open;
        let ends = |k: usize| matches!(self.word(k), "." | "!" | "?" | "…") || self.is_break(k);
        let anew = (from..start).any(ends) && words.clone().any(|k| self.word(k).chars().any(char::is_alphabetic));
        let same = || {
            words.clone().any(|k| {
                matches!(self.word(k).to_lowercase().as_str(), "il" | "elle" | "ils" | "elles" | "lui" | "je" | "nous")
                    && !self.is_impersonal(k)
                    || self.name_at(k).is_some_and(|name| name.entities.iter().any(|id| speech.speakers.contains(id)))
            })
        };
        anew && !self.has_colon(open) && !same()
    }

    /// Whether `il` at token `at` stands for nobody: `il y a`, `il n'y a`, `il s'agit`, `il faut`.
    fn is_impersonal(&self, at: usize) -> bool {
        let next = at + 1 + usize::from(matches!(self.word(at + 1), "n'" | "ne" | "n’"));
        matches!(self.word(next), "y" | "faut" | "fallait" | "faudra" | "faudrait" | "semble" | "convient")
            || matches!(self.word(next), "s'" | "s’") && matches!(self.analysis.tags.lemma(next + 1), "agir")
    }

    /// Whether a clause behind the quotation reports it: `« … », complète son collègue` is somebody else's, whom
    /// nothing names.
    fn is_reported(&self, quotation: &Quotation) -> bool {
        let own = (quotation.after..quotation.after + 3).find(|&k| !matches!(self.word(k), "," | "»" | "”"));
        own.is_some_and(|at| self.word(at.wrapping_sub(1)) == "," && self.verb_group(at).is_some())
    }

    /// Whether a clause behind the quotation tells whose or where it is in words that name no speaker: `« … », peut-on
    /// lire sur le site`, `« … », confie-t-on au siège`, `« … » estiment les riverains`.
    fn is_read(&self, quotation: &Quotation) -> bool {
        let own = (quotation.after..quotation.after + 3).find(|&k| !matches!(self.word(k), "," | "»" | "”"));
        own.is_some_and(|at| {
            !matches!(self.word(at), "." | "!" | "?" | "…")
                && (at..at + 6)
                    .take_while(|&k| !self.is_break(k) && self.word(k) != ".")
                    .any(|k| self.is_saying(k) || matches!(self.word(k), "on" | "-on" | "-t-on" | "lire" | "entendre"))
        })
    }

    /// Whether nothing but marks follows in the line of token `at`.
    fn ends_line(&self, at: usize) -> bool {
        let next =
            (at..at + 4).find(|&i| self.is_break(i) || !matches!(self.word(i), "." | "," | "!" | "?" | "…" | "»"));
        next.is_some_and(|i| self.is_break(i))
    }

    /// The subject of the sentence before: a quotation that stands alone behind a sentence about one
    /// person is that person's; in a paragraph of its own, only if the sentence speaks of speaking.
    fn told(&self, i: usize) -> Option<Speech> {
        let quotation = self.quotations.get(i).filter(|quotation| quotation.words >= PARAGRAPH_WORDS)?;
        if self.is_reported(quotation) || self.is_read(quotation) {
            return None;
        }
        let open = quotation.tokens.start.checked_sub(1).filter(|open| *open > 1)?;
        let own_paragraph = self.is_break(open - 1);
        if own_paragraph && !self.ends_line(quotation.after) {
            return None;
        }
        let stop = open - usize::from(own_paragraph);
        if !matches!(self.word(stop - 1), "." | "!" | "?" | "…" | "»") {
            return None;
        }
        let floor = i.checked_sub(1).and_then(|before| self.quotations.get(before)).map_or(0, |before| before.after);
        let start = self.sentence_start(stop - 1, floor.min(stop - 1));
        if own_paragraph && !(start..stop).any(|k| self.is_reporting(k)) {
            return None;
        }
        let persons = self.persons_in(start..stop);
        if let Some(person) = persons.iter().find(|person| !self.is_object(person.tokens.start)) {
            return Some(self.speech(person.clone(), Pattern::Told));
        }
        let pronoun =
            (start..(start + 8).min(stop)).find(|&k| matches!(self.word(k).to_lowercase().as_str(), "il" | "elle"))?;
        let who = self.reference_at(pronoun).filter(|who| who.is_person)?;
        Some(self.speech(who, Pattern::Told))
    }

    /// Whether only marks, breaks and a conjunction stand between quotation `i - 1` and quotation `i`.
    fn adjoin(&self, i: usize) -> bool {
        let first = i.checked_sub(1).and_then(|k| self.quotations.get(k));
        let (Some(first), Some(second)) = (first, self.quotations.get(i)) else { return false };
        let breaks = (first.after..second.tokens.start).any(|k| self.is_break(k));
        let opens = first.tokens.start < 2 || self.is_break(first.tokens.start - 2);
        // Words quoted at the end of a sentence (`La charte veut « unir les rives ». « … », dit X`) are not those of the next.
        let lead = self.word(first.tokens.start.wrapping_sub(2));
        let whole = opens || matches!(lead, "." | "!" | "?" | "…" | ":" | "»" | "”" | "\"");
        let parted = (first.after..second.tokens.start).any(|k| self.word(k) == ".");
        (whole || !parted)
            && first.after + 6 >= second.tokens.start
            && (!breaks || opens && first.words >= PARAGRAPH_WORDS)
            && (first.after..second.tokens.start).all(|k| {
                self.is_break(k)
                    || matches!(self.word(k), "«" | "“" | "\"" | "." | "," | "-" | "–")
                    || matches!(self.word(k), "et" | "car" | "mais" | "ou" | "puis" | "que" | "qu'")
            })
    }
}
