use std::ops::Range;

use rustc_hash::FxHashSet;

use super::spans::Quotation;
use super::speaker::{Pattern, Speech};
use crate::entities::EntityId;
use crate::mentions::Mention;
use crate::relations::Analysis;
use crate::segment::TokenKind;
use crate::tag::{EntityType, Upos, VerbForm};
use crate::text::Span;

/// How many names before a title are looked at for its holder.
const TITLED_NAMES: usize = 40;

/// How many tokens a bracket behind a name may hold.
const BRACKET: usize = 14;

/// Letters that a title shares with the name of its office (`présidente`, `présidence`).
const TITLE_STEM: usize = 6;

/// Looks up what stands where around the quotations of a release.
pub(super) struct Reader<'a> {
    pub(super) analysis: &'a Analysis<'a>,
    pub(super) quotations: &'a [Quotation],
    verbs: &'a FxHashSet<String>,
    /// For each token inside a name: one more than the name's index.
    names: Vec<u32>,
}

/// A name or a reference that may speak.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) entities: Vec<EntityId>,
    pub(super) tokens: Range<usize>,
    pub(super) is_person: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(analysis: &'a Analysis<'a>, quotations: &'a [Quotation], verbs: &'a FxHashSet<String>) -> Self {
        let mut names = vec![0; analysis.segmentation.tokens.len()];
        for (i, name) in (1..).zip(&analysis.mentions.names) {
            for slot in names.get_mut(name.tokens.clone()).into_iter().flatten() {
                *slot = i;
            }
        }
        Self { analysis, quotations, verbs, names }
    }

    pub(super) fn word(&self, i: usize) -> &str {
        self.analysis.segmentation.tokens.get(i).map_or("", |token| self.analysis.document.slice(token.span))
    }

    pub(super) fn is_break(&self, i: usize) -> bool {
        self.analysis.segmentation.tokens.get(i).is_none_or(|token| token.kind == TokenKind::Break)
    }

    pub(super) fn is_saying(&self, i: usize) -> bool {
        self.verbs.contains(self.analysis.tags.lemma(i))
            && matches!(self.analysis.tags.upos(i), Upos::Verb | Upos::Aux | Upos::X)
    }

    /// Whether token `i` is a verb of saying that can govern a sentence: no bare participle.
    pub(super) fn is_reporting(&self, i: usize) -> bool {
        self.is_saying(i) && (!self.is_participle(i) || (i.saturating_sub(5)..i).any(|k| self.is_auxiliary(k)))
    }

    pub(super) fn is_participle(&self, i: usize) -> bool {
        self.analysis.tags.morphology(i).verb_form == Some(VerbForm::Participle)
    }

    pub(super) fn is_auxiliary(&self, i: usize) -> bool {
        matches!(self.analysis.tags.lemma(i), "avoir" | "être" | "venir") || self.analysis.tags.upos(i) == Upos::Aux
    }

    /// Whether token `i`, where only a verb can stand, is one of saying: a form in `-e` (`souligne`)
    /// may have been tagged as the noun or adjective that it can be elsewhere.
    pub(super) fn is_saying_here(&self, i: usize) -> bool {
        let infinitive = || Some(format!("{}er", self.word(i).strip_suffix('e')?));
        // `complète` is of `compléter`.
        let is_known = |verb: String| self.verbs.contains(&verb) || self.verbs.contains(&verb.replacen('è', "é", 1));
        self.verbs.contains(self.analysis.tags.lemma(i)) || infinitive().is_some_and(is_known)
    }

    /// The name that covers token `i`.
    pub(super) fn name_at(&self, i: usize) -> Option<Candidate> {
        let index = (*self.names.get(i)?).checked_sub(1)? as usize;
        let mention = self.analysis.mentions.names.get(index)?;
        let entity = *self.analysis.resolution.of_names.get(index)?;
        let is_person = mention.kind == EntityType::Person;
        Some(Candidate { entities: vec![entity], tokens: mention.tokens.clone(), is_person })
    }

    /// The pronoun or generic noun phrase that covers token `i`.
    pub(super) fn reference_at(&self, i: usize) -> Option<Candidate> {
        let references = &self.analysis.resolution.references;
        let at = references.partition_point(|reference| reference.tokens.end <= i);
        let reference = references.get(at).filter(|r| r.tokens.contains(&i) && !r.entities.is_empty())?;
        let is_person = reference.entities.iter().all(|id| {
            self.analysis.resolution.entities.get(id.0).is_some_and(|entity| entity.kind == EntityType::Person)
        });
        Some(Candidate { entities: reference.entities.clone(), tokens: reference.tokens.clone(), is_person })
    }

    /// The names in `range` that pass `wanted`, in order.
    pub(super) fn names_in(&self, range: Range<usize>, wanted: impl Fn(&Candidate) -> bool) -> Vec<Candidate> {
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

    pub(super) fn persons_in(&self, range: Range<usize>) -> Vec<Candidate> {
        self.names_in(range, |name| name.is_person)
    }

    /// The span of the tokens in `range`.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        let tokens = self.analysis.segmentation.tokens.get(range).unwrap_or(&[]);
        match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => first.span.cover(last.span),
            _ => Span::new(0, 0),
        }
    }

    pub(super) fn speech(&self, candidate: Candidate, pattern: Pattern) -> Speech {
        Speech { speakers: candidate.entities, pattern, clue: self.span(candidate.tokens) }
    }

    /// `X` with the persons that an enumeration adds (`X et Y`, `X, Y et Z`).
    pub(super) fn with_others(&self, first: Candidate, limit: usize) -> Candidate {
        let mut all = first;
        loop {
            let mut at = self.behind_bracket(all.tokens.end);
            if self.word(at) == "," && self.word(at + 1) == "et" {
                at += 1;
            }
            let next = match self.word(at) {
                "et" | "," | "&" => self.addressed(at + 1),
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

    /// The person named at token `at`, behind an article and a form of address (`la Pre X`).
    fn addressed(&self, at: usize) -> Option<Candidate> {
        let leads = |i: usize| matches!(self.word(i), "le" | "la") || is_honorific(self.word(i));
        let start = (at..at + 2).find(|&i| !leads(i)).unwrap_or(at + 2);
        self.name_at(start).filter(|name| name.is_person && name.tokens.start == start)
    }

    /// The token behind a short bracket that opens at token `at` (`X (Valoria) et Y`); else `at`.
    fn behind_bracket(&self, at: usize) -> usize {
        if self.word(at) != "(" {
            return at;
        }
        (at..at + BRACKET).find(|&i| self.word(i) == ")").map_or(at, |close| close + 1)
    }

    /// Whether `, Z` or `et Z` with a person follows: a comma alone may end the clause.
    pub(super) fn list_goes_on(&self, at: usize) -> bool {
        matches!(self.word(at), "et" | ",") && self.name_at(at + 1).is_some_and(|name| name.is_person)
    }

    pub(super) fn is_body(&self, name: &Candidate) -> bool {
        name.entities.iter().all(|id| {
            self.analysis.resolution.entities.get(id.0).is_some_and(|entity| entity.kind == EntityType::Organization)
        })
    }

    /// Whether a preposition makes the name at token `at` an object: `à X`, `de X`, `avec X`.
    pub(super) fn is_object(&self, at: usize) -> bool {
        let mut before = at.wrapping_sub(1);
        if is_honorific(self.word(before)) {
            before = before.wrapping_sub(1);
        }
        matches!(
            self.word(before),
            "de" | "d'" | "à" | "avec" | "chez" | "par" | "du" | "des" | "aux" | "au" | "contre" | "sur"
        )
    }

    pub(super) fn is_capitalised(&self, i: usize) -> bool {
        self.word(i).chars().next().is_some_and(char::is_uppercase)
    }

    pub(super) fn has_finite_verb(&self, mut range: Range<usize>) -> bool {
        range.any(|i| {
            matches!(self.analysis.tags.upos(i), Upos::Verb | Upos::Aux)
                && self.analysis.tags.morphology(i).mood.is_some()
        })
    }

    /// The person whose title the noun phrase in `range` repeats: `le ministre`, where the release
    /// has `le ministre X` or `X, ministre`; the last one named before.
    pub(super) fn titled(&self, range: Range<usize>) -> Option<Candidate> {
        let is_article = |i: usize| matches!(self.word(i).to_lowercase().as_str(), "le" | "la" | "l'");
        let is_new = |i: usize| {
            matches!(
                self.word(i),
                "nouveau" | "nouvel" | "nouvelle" | "jeune" | "futur" | "future" | "ancien" | "ancienne"
            )
        };
        let noun = range.clone().find(|&i| {
            let before = i.wrapping_sub(1);
            self.analysis.tags.upos(i) == Upos::Noun
                && !is_new(i)
                && (is_article(before) || is_new(before) && is_article(i.wrapping_sub(2)))
        })?;
        let lemma = self.analysis.tags.lemma(noun);
        let stem: String = lemma.chars().take(TITLE_STEM).collect();
        let names = &self.analysis.mentions.names;
        let before = names.partition_point(|name| name.tokens.start < range.start);
        let holds = |name: &&Mention| {
            // Within its sentence: what stands before a full stop tells of somebody else.
            let stops = |i: &usize| matches!(self.word(*i), "." | "!" | "?" | ";") || self.is_break(*i);
            let first = (name.tokens.start.saturating_sub(5)..name.tokens.start).rev().find(stops).map_or(0, |i| i + 1);
            let around = first.max(name.tokens.start.saturating_sub(5))..name.tokens.end + 7;
            name.kind == EntityType::Person
                && around.filter(|&i| i + 1 != noun && i != noun).any(|i| {
                    let other = self.analysis.tags.lemma(i);
                    // `la présidente`, who was elected `à la présidence`.
                    let akin = other == lemma || stem.chars().count() == TITLE_STEM && other.starts_with(&stem);
                    akin && self.analysis.tags.upos(i) == Upos::Noun || self.word(i).to_lowercase() == lemma
                })
        };
        let name = names.get(..before)?.iter().rev().take(TITLED_NAMES).find(holds)?;
        let entity = self.name_at(name.tokens.start)?.entities;
        Some(Candidate { entities: entity, tokens: noun..noun + 1, is_person: true })
    }

    /// Whether a colon stands right before the quotation that opens at token `open`.
    pub(super) fn has_colon(&self, open: usize) -> bool {
        (open.saturating_sub(2)..open).any(|k| self.word(k) == ":")
    }
}

/// Whether `word` is a form of address that stands before a name.
pub(super) fn is_honorific(word: &str) -> bool {
    matches!(
        word,
        "M." | "Mme"
            | "Mme."
            | "Mlle"
            | "Dr"
            | "Dr."
            | "Pr"
            | "Pr."
            | "Pre"
            | "Dre"
            | "Me"
            | "Maître"
            | "Monsieur"
            | "Madame"
            | "Professeur"
    )
}
