//! Subjects, objects and complements: one walk over phrases, verbs and the marks between, with a
//! stack of open clauses.

use super::{Clause, Form, Nominal, Phrase, Reader};
use crate::relations::language::{Voice, When, WordId};
use crate::tag::Upos;

/// A clause that may go on.
#[derive(Clone, Debug, Default)]
struct Frame {
    /// What may be the subject of its verb, the likeliest first.
    subjects: Vec<Nominal>,
    /// The object of its verb that stands before it (`que Valoria a acquise`).
    object: Option<Nominal>,
    /// Complements before its verb.
    complements: Vec<Nominal>,
    /// Its last finite verb.
    verb: Option<usize>,
    /// Participles and infinitives before its subject (`Fondée en 2010, Valoria…`).
    participles: Vec<usize>,
}

/// What came last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Last {
    Start,
    Phrase(usize),
    Verb,
    Comma,
    And,
    CommaAnd,
    Other,
}

struct Walk<'a, 'b> {
    reader: &'a Reader<'b>,
    phrases: &'a [Phrase],
    clauses: &'a mut [Clause],
    frames: Vec<Frame>,
    /// The verb that takes what follows.
    open: Option<usize>,
    /// Whether a comma came since the open verb or its last object.
    paused: bool,
    /// Whether all that came since that comma are complements and times: `a signé hier, à Lyon, un accord`.
    aside: bool,
    last: Last,
    last_phrase: Option<usize>,
}

impl Reader<'_> {
    /// Fills subjects, objects and complements of `clauses`.
    pub(super) fn link(&self, phrases: &[Phrase], clauses: &mut [Clause]) {
        let mut walk = Walk {
            reader: self,
            phrases,
            clauses,
            frames: vec![Frame::default()],
            open: None,
            paused: false,
            aside: false,
            last: Last::Start,
            last_phrase: None,
        };
        let (mut phrase, mut verb) = (0, 0);
        let mut at = self.range.start;
        while at < self.range.end {
            if walk.clauses.get(verb).is_some_and(|clause| clause.units.start <= at) {
                at = walk.clauses[verb].units.end;
                walk.verb(verb);
                verb += 1;
            } else if phrases.get(phrase).is_some_and(|p| p.preposition_or_start(self) <= at) {
                at = phrases[phrase].end.max(at + 1);
                walk.phrase(phrase);
                phrase += 1;
            } else {
                walk.mark(at);
                at += 1;
            }
        }
    }
}

impl Phrase {
    /// Its first unit, the preposition included if it is its own.
    fn preposition_or_start(&self, reader: &Reader<'_>) -> usize {
        let is_near = |at: &usize| (*at..self.core.start).all(|i| reader.unit(i).is_some_and(|u| !u.mark));
        self.preposition.filter(is_near).unwrap_or(self.core.start)
    }
}

impl Walk<'_, '_> {
    /// The innermost open clause.
    fn frame(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::default());
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    /// A mark, conjunction or pronoun.
    fn mark(&mut self, at: usize) {
        let (reader, units) = (self.reader, self.reader.units);
        let grammar = &reader.rules.grammar;
        let Some(unit) = units.get(at) else { return };
        if reader.is_strong(unit) {
            self.frames = vec![Frame::default()];
            (self.open, self.paused, self.last, self.last_phrase) = (None, false, Last::Start, None);
        } else if reader.is_form(at, &[grammar.open]) || reader.is_form(at, &[grammar.close]) {
        } else if reader.is_pause(at) {
            // The second comma closes what the first began: an object may follow.
            let closes = self.paused && self.aside;
            // A participle group ends at a comma: what follows belongs to the verb of its clause.
            if self.open.is_some_and(|open| self.clauses[open].form == Form::Participle) {
                self.open = self.frame().verb;
            }
            let has_object = self.open.is_some_and(|open| !self.clauses[open].objects.is_empty());
            self.paused = !closes || has_object;
            self.aside = true;
            self.last = Last::Comma;
        } else if reader.is_and(at) || unit.upos == Upos::Cconj {
            self.last = if self.last == Last::Comma { Last::CommaAnd } else { Last::And };
        } else if unit.upos == Upos::Pron && reader.is_form(at, &[grammar.qui]) {
            let subjects = self.antecedents();
            self.push(Frame { subjects, ..Frame::default() });
        } else if reader.is_form(at, &grammar.que) {
            let object =
                self.antecedents().first().copied().filter(|_| matches!(self.last, Last::Phrase(_) | Last::Comma));
            self.push(Frame { object, ..Frame::default() });
        } else if reader.is_form(at, &grammar.relative) {
            let complements = self.antecedents();
            self.push(Frame { complements, ..Frame::default() });
        } else if unit.upos == Upos::Sconj {
            self.push(Frame::default());
        } else {
            self.last = Last::Other;
        }
    }

    fn push(&mut self, frame: Frame) {
        self.frames.push(frame);
        (self.open, self.paused, self.last) = (None, false, Last::Start);
    }

    /// What a relative pronoun or a participle here may refer to.
    fn antecedents(&mut self) -> Vec<Nominal> {
        let Some(last) = self.last_phrase else { return Vec::new() };
        let mut out = vec![Nominal::Phrase(last)];
        out.extend(self.phrases[last].inner.is_some().then_some(Nominal::Inner(last)));
        // Without a comma, a noun's complement is nearer: `la filiale de Valoria qui…`.
        if matches!(self.last, Last::Phrase(_)) && !self.is_named(last) {
            out.reverse();
        }
        // An apposition without a name means what it stands with: `par Aéro, filiale d'Air, implantée…`.
        if !self.is_named(last) && last > 0 {
            let between = self.phrases[last - 1].end..self.phrases[last].core.start;
            if between.len() == 1 && self.reader.is_pause(between.start) {
                out.insert(0, Nominal::Phrase(last - 1));
            }
        }
        // After an apposition, what it stands with: `Valoria, filiale de Galène, qui…`.
        let before = self.frame().subjects.clone();
        if self.frame().verb.is_none() {
            let others: Vec<Nominal> = before.into_iter().filter(|nominal| !out.contains(nominal)).collect();
            let at = usize::from(!self.is_named(last));
            out.splice(at.min(out.len())..at.min(out.len()), others);
        }
        out
    }

    /// Whether the core of the phrase is or holds a name.
    fn is_named(&self, phrase: usize) -> bool {
        self.reader.units[self.phrases[phrase].core.clone()].iter().any(|unit| unit.kinds.0 != 0)
    }

    fn phrase(&mut self, at: usize) {
        let phrase = &self.phrases[at];
        let nominal = Nominal::Phrase(at);
        if phrase.is_time && phrase.preposition.is_none() {
            return;
        }
        let listed = at > 0 && self.phrases[at - 1].list == phrase.list;
        self.aside &= !listed && phrase.preposition.is_some();
        let awaits_subject = self.awaits_subject();
        match self.open {
            _ if listed => {}
            Some(open) if phrase.preposition.is_some() => self.clauses[open].complements.push(nominal),
            Some(open) if !self.paused => {
                let inverted = self.clauses[open].subjects.is_empty() && self.clauses[open].form == Form::Finite;
                if inverted {
                    self.clauses[open].subjects.push(nominal);
                    self.frame().subjects.push(nominal);
                } else {
                    self.clauses[open].objects.push(nominal);
                }
            }
            // `Pour grandir, Valoria…`: behind the comma stands the subject.
            Some(open) if awaits_subject && self.clauses[open].form == Form::Infinitive => {
                self.frame().subjects.push(nominal);
            }
            Some(_) => {}
            None if phrase.preposition.is_some() => self.frame().complements.push(nominal),
            None => self.frame().subjects.push(nominal),
        }
        self.last = Last::Phrase(at);
        self.last_phrase = Some(at);
    }

    /// Whether nothing may be the subject of the clause yet, and no verb came.
    fn awaits_subject(&mut self) -> bool {
        let frame = self.frame();
        frame.verb.is_none() && frame.subjects.is_empty()
    }

    fn verb(&mut self, at: usize) {
        match self.clauses[at].form {
            Form::Finite => self.finite(at),
            Form::Infinitive => self.infinitive(at),
            Form::Participle => self.participle(at),
        }
        self.open = Some(at);
        self.paused = false;
        self.last = Last::Verb;
    }

    fn participle(&mut self, at: usize) {
        let before = self.frame().verb.is_none();
        let is_participle = |open: &usize| self.clauses[*open].form == Form::Participle;
        if let Some(former) = self.open.filter(|&open| self.is_shared_auxiliary(open)) {
            // `a conçu et lancé`, `est financé par Valoria et porté par Mérivel`
            let clause = &self.clauses[former];
            let (subjects, voice, when, denied) = (clause.subjects.clone(), clause.voice, clause.when, clause.denied);
            let clause = &mut self.clauses[at];
            (clause.subjects, clause.voice, clause.when, clause.denied) = (subjects, voice, when, denied);
            clause.form = Form::Finite;
            self.frame().verb = Some(at);
        } else if let Some(former) =
            self.open.filter(is_participle).filter(|_| matches!(self.last, Last::And | Last::CommaAnd))
        {
            // `porté par Valoria et financé par Mérivel`
            if self.frame().participles.contains(&former) {
                self.frame().participles.push(at);
            } else {
                self.clauses[at].subjects = self.clauses[former].subjects.clone();
            }
        } else if self.last_phrase.is_none() {
            self.frame().participles.push(at);
        } else if before && self.last == Last::Comma && !self.frame().subjects.is_empty() {
            self.clauses[at].subjects = self.frame().subjects.clone();
        } else {
            self.clauses[at].subjects = self.antecedents();
        }
    }

    /// Whether a participle behind `et` shares the auxiliary of clause `open`.
    fn is_shared_auxiliary(&self, open: usize) -> bool {
        let clause = &self.clauses[open];
        matches!(self.last, Last::And | Last::CommaAnd)
            && clause.form == Form::Finite
            && self.reader.is_participle(clause.head)
    }

    /// The subject of an infinitive is that of the verb which governs it, and so is its modality.
    fn infinitive(&mut self, at: usize) {
        let Some(governor) = self.open.or_else(|| self.frame().verb) else {
            self.clauses[at].subjects = self.frame().subjects.clone();
            self.clauses[at].complements = self.frame().complements.clone();
            // `Après avoir racheté Mérivel, Valoria…`: who did that is told behind.
            let after = self.reader.rules.vocabulary.word("après");
            let before = self.clauses[at].units.start.checked_sub(1);
            if self.awaits_subject() && before.is_some_and(|before| self.reader.is_form(before, &[after])) {
                self.frame().participles.push(at);
            }
            return;
        };
        let reader = self.reader;
        let (subjects, denied, head, when) = {
            let clause = &self.clauses[governor];
            (clause.subjects.clone(), clause.denied, clause.head, clause.when)
        };
        let is_possible = reader.is_in(head, reader.guards().possibility);
        let is_planned =
            reader.is_in(head, reader.guards().planned) || reader.is_lemma(head, &[reader.rules.grammar.aller]);
        let grammar = &reader.rules.grammar;
        let is_active = self.clauses[governor].voice == Voice::Active;
        let subjects = if is_active && reader.is_lemma(head, &grammar.urging) {
            self.clauses[governor].objects.clone()
        } else if is_active && reader.is_lemma(head, &grammar.allowing) {
            let mut given = self.clauses[governor].complements.clone();
            given.retain(|&nominal| self.has_preposition(nominal, grammar.to));
            given
        } else {
            subjects
        };
        let infinitive = &mut self.clauses[at];
        infinitive.subjects = subjects;
        infinitive.denied |= denied || is_possible;
        if when == When::Future || is_planned {
            infinitive.when = When::Future;
        }
    }

    /// Whether the preposition of a phrase has that lemma.
    fn has_preposition(&self, nominal: Nominal, lemma: WordId) -> bool {
        let (Nominal::Phrase(at) | Nominal::Alone(at) | Nominal::Inner(at)) = nominal;
        self.phrases.get(at).and_then(|phrase| phrase.preposition).is_some_and(|at| self.reader.is_lemma(at, &[lemma]))
    }

    fn finite(&mut self, at: usize) {
        self.frame();
        let follows_phrase = match self.last {
            Last::Phrase(phrase) if self.phrases[phrase].preposition.is_none() => Some(phrase),
            _ => None,
        };
        let has_verb = |frame: &Frame| frame.verb.is_some();
        // `, et` after a relative clause goes on with the clause around it.
        if self.last == Last::CommaAnd && self.frames.len() > 1 {
            self.frames.pop();
        }
        let depth = self.frames.len() - 1;
        if has_verb(&self.frames[depth]) && !matches!(self.last, Last::And | Last::CommaAnd) {
            let waiting = self.frames[..depth].iter().rposition(|frame| !has_verb(frame) && !frame.subjects.is_empty());
            match (waiting, follows_phrase) {
                (Some(waiting), _) => self.frames.truncate(waiting + 1),
                (None, Some(phrase)) => self.take_subject(phrase),
                (None, None) => {}
            }
        }
        let frame = self.frame();
        let shares = frame.verb.is_some();
        let (subjects, complements) = (frame.subjects.clone(), std::mem::take(&mut frame.complements));
        let (object, participles) = (frame.object.take(), std::mem::take(&mut frame.participles));
        frame.verb = Some(at);
        for participle in participles {
            self.clauses[participle].subjects = subjects.clone();
        }
        let clause = &mut self.clauses[at];
        clause.subjects = subjects;
        clause.objects.extend(object);
        if !shares {
            clause.complements = complements;
        }
    }

    /// Makes the phrase before a verb the subject of a new clause: it was no object of the verb before.
    fn take_subject(&mut self, phrase: usize) {
        for clause in self.clauses.iter_mut() {
            clause.objects.retain(|object| *object != Nominal::Phrase(phrase));
        }
        let frame = self.frame();
        frame.subjects = vec![Nominal::Alone(phrase)];
        frame.verb = None;
    }
}
