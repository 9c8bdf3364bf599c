//! The lexicon of forms from Lefff, and the rules over suffixes that follow from it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::model::Builder;
use crate::tag::morph::lemma::{LONGEST_SUFFIX, key};
use crate::tag::morph::lexicon::{Agreement, Analysis, Lexicon, Rewrite};
use crate::tag::morph::tagset::{Conjugation, Tag};
use crate::tag::{Gender, Number, Person, Upos};
use crate::train::TrainError;

/// How often a suffix must occur for a rule.
const LEAST_WORDS: usize = 6;

/// Reads Lefff's forms (form, category, lemma, tags) and lemmas (lemma, category; for adverbs) and
/// builds the lexicon file.
pub(super) fn build(forms: &Path, lemmas: &Path, provenance: &str) -> Result<Vec<u8>, TrainError> {
    let mut entries: BTreeMap<String, BTreeSet<Analysis>> = BTreeMap::new();
    for (number, line) in TrainError::read(forms)?.lines().enumerate().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [form, category, lemma, tags] = fields[..] else {
            let reason = "a form has four fields: form, category, lemma, tags".to_owned();
            return Err(TrainError::Format { path: forms.to_owned(), line: number + 1, reason });
        };
        if form.contains(' ') || lemma.contains(['\t', ',', '_']) {
            continue;
        }
        let lower = form.to_lowercase();
        for (tag, agreement) in analyses(category, lemma, tags) {
            let lemma = Rewrite::between(&lower, lemma);
            entries.entry(lower.clone()).or_default().insert(Analysis { tag, agreement, lemma });
        }
    }
    for line in TrainError::read(lemmas)?.lines() {
        let mut fields = line.split('\t');
        if let (Some(lemma), Some("adv")) = (fields.next(), fields.next())
            && !lemma.contains([' ', '_', ','])
        {
            let analysis = Analysis {
                tag: Tag::new(Upos::Adv, None),
                agreement: Agreement::default(),
                lemma: Rewrite { cut: 0, add: String::new() },
            };
            entries.entry(lemma.to_lowercase()).or_default().insert(analysis);
        }
    }
    let entries: BTreeMap<String, Vec<Analysis>> =
        entries.into_iter().map(|(form, set)| (form, set.into_iter().collect())).collect();
    let suffixes = suffix_rules(&entries);
    let (automaton, analyses) = Lexicon::build(&entries).map_err(|error| TrainError::Build(error.to_string()))?;
    Ok(Builder::new(provenance)
        .section("forms", automaton)
        .section("analyses", analyses.into_bytes())
        .section("suffixes", suffixes.into_bytes())
        .finish())
}

/// The analyses that Lefff's tags stand for: `PS13s` is present or subjunctive, first or third person singular.
fn analyses(category: &str, lemma: &str, tags: &str) -> Vec<(Tag, Agreement)> {
    let gender = match (tags.contains('m'), tags.contains('f')) {
        (true, false) => Some(Gender::Masculine),
        (false, true) => Some(Gender::Feminine),
        _ => None,
    };
    let number = match (tags.contains('s'), tags.contains('p')) {
        (true, false) => Some(Number::Singular),
        (false, true) => Some(Number::Plural),
        _ => None,
    };
    let mut persons = tags.chars().filter(char::is_ascii_digit);
    let person = match (persons.next(), persons.next()) {
        (Some('1'), None) => Some(Person::First),
        (Some('2'), None) => Some(Person::Second),
        // The first person is rare in releases where the third is the same.
        (Some(_), _) => Some(Person::Third),
        (None, _) => None,
    };
    let agreement = Agreement::new(gender, number, person);
    match category {
        "nc" => vec![(Tag::new(Upos::Noun, None), agreement)],
        "adj" => vec![(Tag::new(Upos::Adj, None), agreement)],
        "adv" => vec![(Tag::new(Upos::Adv, None), agreement)],
        "v" => {
            let forms = tags.chars().filter_map(|c| {
                Some(match c {
                    'P' => Conjugation::Present,
                    'J' => Conjugation::SimplePast,
                    'I' => Conjugation::Imperfect,
                    'F' => Conjugation::Future,
                    'C' => Conjugation::Conditional,
                    'S' => Conjugation::Subjunctive,
                    'T' => Conjugation::SubjunctiveImperfect,
                    'Y' => Conjugation::Imperative,
                    'W' => Conjugation::Infinitive,
                    'K' => Conjugation::PastParticiple,
                    'G' => Conjugation::PresentParticiple,
                    _ => return None,
                })
            });
            let upos: &[Upos] =
                if matches!(lemma, "être" | "avoir") { &[Upos::Verb, Upos::Aux] } else { &[Upos::Verb] };
            forms.flat_map(|form| upos.iter().map(move |upos| (Tag::new(*upos, Some(form)), agreement))).collect()
        }
        _ => Vec::new(),
    }
}

/// Per tag and suffix the usual rewriting and agreement, where they differ from those of the shorter suffix.
fn suffix_rules(entries: &BTreeMap<String, Vec<Analysis>>) -> String {
    #[derive(Default)]
    struct Counts {
        words: usize,
        rules: BTreeMap<Rewrite, usize>,
        agreements: BTreeMap<Agreement, usize>,
    }
    let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
    for (form, analyses) in entries {
        for analysis in analyses {
            let starts = form.char_indices().rev().take(LONGEST_SUFFIX).map(|(at, _)| at);
            for at in starts {
                let entry = counts.entry(key(analysis.tag, &form[at..])).or_default();
                entry.words += 1;
                *entry.rules.entry(analysis.lemma.clone()).or_default() += 1;
                *entry.agreements.entry(analysis.agreement).or_default() += 1;
            }
        }
    }
    let decision = |entry: &Counts| {
        let rule = entry.rules.iter().max_by_key(|(_, count)| **count).map(|(rule, _)| rule.clone());
        let agreement = entry.agreements.iter().max_by_key(|(_, count)| **count);
        let sure = agreement.filter(|(_, count)| **count * 5 >= entry.words * 4).map(|(agreement, _)| *agreement);
        let agreement = sure.or_else(|| entry.agreements.keys().copied().reduce(Agreement::common));
        rule.zip(agreement)
    };
    let mut out = String::new();
    for (suffix, entry) in counts.iter().filter(|(_, entry)| entry.words >= LEAST_WORDS) {
        let Some(chosen) = decision(entry) else { continue };
        // The key begins with one letter for the tag.
        let shorter = suffix.char_indices().nth(2).map(|(at, _)| format!("{}{}", &suffix[..1], &suffix[at..]));
        let known = shorter.filter(|s| s.len() > 1).and_then(|s| counts.get(&s)).and_then(decision);
        if known.as_ref() != Some(&chosen) {
            let (rule, agreement) = chosen;
            out += &format!("{suffix}\t{}\t{}\t{}\n", rule.cut, rule.add, agreement.0);
        }
    }
    out
}
