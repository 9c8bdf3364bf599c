use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use unicode_normalization::UnicodeNormalization;

use super::alignment::Alignment;
use super::{Gold, Tally};
use crate::relations::RelationType;

/// A relation that was found, judged: what of it is right. An agreement counts once for each party.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// Its type.
    pub relation: RelationType,
    /// The rule that found it.
    pub rule: String,
    /// How sure the program was, from 0 to 1.
    pub confidence: f64,
    /// What is right.
    pub right: usize,
    /// What is wrong.
    pub wrong: usize,
}

/// Scores of relations: as `score.py`, the definition of the measure, counts them.
#[derive(Clone, Debug, Default)]
pub struct RelationScores {
    tallies: BTreeMap<RelationType, Tally>,
    judged: Vec<Judged>,
}

/// One relation in comparable form: its identifying entities as those of the annotation.
#[derive(Clone, Debug)]
struct Item {
    relation: RelationType,
    key: Vec<Option<String>>,
    json: Json,
}

impl RelationScores {
    /// Counts what the program found in a release (in its output format) against the annotation.
    pub fn count(&mut self, gold: &Gold, output: &Json) {
        let alignment = Alignment::new(gold, output);
        let expected: Vec<Item> = gold.relations.iter().filter_map(|r| item(r, |id| Some(id.to_owned()))).collect();
        let empty = Vec::new();
        let found = output["relations"].as_array().unwrap_or(&empty).iter();
        let found: Vec<Item> = found.filter_map(|r| item(r, |id| Some(alignment.gold(id)))).collect();
        for relation in RelationType::ALL {
            let of =
                |items: &[Item]| -> Vec<Item> { items.iter().filter(|i| i.relation == relation).cloned().collect() };
            let (expected, found) = (of(&expected), of(&found));
            let before = self.judged.len();
            if relation == RelationType::Agreement {
                self.count_agreements(&expected, &found);
            } else {
                self.count_plain(gold, &expected, &found);
            }
            let (right, wrong) =
                self.judged[before..].iter().fold((0, 0), |(r, w), judged| (r + judged.right, w + judged.wrong));
            let wanted = match relation {
                RelationType::Agreement => expected.iter().map(|item| item.key.len()).sum(),
                _ => expected.len(),
            };
            let missed = wanted.saturating_sub(right);
            self.tallies.entry(relation).or_default().add(Tally { right, wrong, missed });
        }
    }

    fn count_plain(&mut self, gold: &Gold, expected: &[Item], found: &[Item]) {
        let mut free: Vec<&Item> = Vec::new();
        // One statement made twice counts once.
        for one in found {
            let title = |item: &Item| plain(item.json["title"].as_str().unwrap_or(""));
            if !free.iter().any(|known| same(gold, known, one) && title(known) == title(one)) {
                free.push(one);
            }
        }
        let mut right: Vec<&Item> = Vec::new();
        for wanted in expected {
            let title = |item: &Item| {
                alike(wanted.json["title"].as_str().unwrap_or(""), item.json["title"].as_str().unwrap_or(""))
            };
            let fits = free.iter().enumerate().filter(|(_, item)| same(gold, wanted, item));
            // The first of the best, as in `score.py`.
            let best = fits.fold(None::<(usize, f64)>, |best, (at, item)| match best {
                Some((_, score)) if score >= title(item) => best,
                _ => Some((at, title(item))),
            });
            if let Some((at, _)) = best {
                right.push(free.remove(at));
            }
        }
        self.judged.extend(right.into_iter().map(|item| judged(item, 1, 0)));
        self.judged.extend(free.into_iter().map(|item| judged(item, 0, 1)));
    }

    fn count_agreements(&mut self, expected: &[Item], found: &[Item]) {
        let parties = |item: &Item| item.key.iter().flatten().cloned().collect::<BTreeSet<String>>();
        let mut free: Vec<&Item> = found.iter().collect();
        let mut wanted: Vec<&Item> = expected.iter().collect();
        wanted.sort_by_key(|item| std::cmp::Reverse(parties(item).len()));
        for wanted in wanted {
            let own = parties(wanted);
            let shared = |item: &Item| parties(item).intersection(&own).count();
            let best = free.iter().enumerate().fold(None::<(usize, usize)>, |best, (at, item)| match best {
                Some((_, count)) if count >= shared(item) => best,
                _ => Some((at, shared(item))),
            });
            if let Some((at, count)) = best.filter(|(_, count)| *count > 1) {
                let item = free.remove(at);
                self.judged.push(judged(item, count, parties(item).len() - count));
            }
        }
        self.judged.extend(free.into_iter().map(|item| judged(item, 0, parties(item).len())));
    }

    /// The score of one type.
    pub fn kind(&self, relation: RelationType) -> Tally {
        self.tallies.get(&relation).copied().unwrap_or_default()
    }

    /// The score of all types together.
    pub fn all(&self) -> Tally {
        self.tallies.values().fold(Tally::default(), |mut sum, tally| {
            sum.add(*tally);
            sum
        })
    }

    /// Adds the scores of other releases.
    pub fn add(&mut self, other: &Self) {
        for (relation, tally) in &other.tallies {
            self.tallies.entry(*relation).or_default().add(*tally);
        }
        self.judged.extend(other.judged.iter().cloned());
    }

    /// The score of what has at least that confidence.
    pub fn from_confidence(&self, threshold: f64) -> Tally {
        let all = self.all();
        let kept = self.judged.iter().filter(|judged| judged.confidence >= threshold);
        let (right, wrong) = kept.fold((0, 0), |(r, w), judged| (r + judged.right, w + judged.wrong));
        Tally { right, wrong, missed: all.right + all.missed - right }
    }

    /// The reliability of the confidence: for each of ten equal bins that is not empty, the mean
    /// confidence, the share that is right, and how many there are.
    pub fn reliability(&self) -> Vec<(f64, f64, usize)> {
        let mut bins = [(0.0, 0usize, 0usize); 10];
        for judged in &self.judged {
            let bin = &mut bins[((judged.confidence * 10.0) as usize).min(9)];
            let count = judged.right + judged.wrong;
            bin.0 += judged.confidence * count as f64;
            bin.1 += judged.right;
            bin.2 += count;
        }
        let share = |(sum, right, count): (f64, usize, usize)| (sum / count as f64, right as f64 / count as f64, count);
        bins.into_iter().filter(|bin| bin.2 > 0).map(share).collect()
    }

    /// How often each rule was right, and how often it found something.
    pub fn rules(&self) -> BTreeMap<&str, (usize, usize)> {
        let mut rules = BTreeMap::new();
        for judged in &self.judged {
            let (right, found) = rules.entry(judged.rule.as_str()).or_default();
            *right += judged.right;
            *found += judged.right + judged.wrong;
        }
        rules
    }
}

fn judged(item: &Item, right: usize, wrong: usize) -> Judged {
    Judged {
        relation: item.relation,
        rule: item.json["rule"].as_str().unwrap_or("").to_owned(),
        confidence: item.json["confidence"].as_f64().unwrap_or(1.0),
        right,
        wrong,
    }
}

fn item(json: &Json, resolve: impl Fn(&str) -> Option<String>) -> Option<Item> {
    let relation = RelationType::parse(json["type"].as_str()?)?;
    let key = relation
        .schema()
        .arguments
        .iter()
        .flat_map(|argument| match &json[*argument] {
            Json::Array(ids) => ids.iter().map(|id| id.as_str().and_then(&resolve)).collect(),
            Json::String(id) => vec![resolve(id)],
            _ => vec![None],
        })
        .collect();
    Some(Item { relation, key, json: json.clone() })
}

fn same(gold: &Gold, a: &Item, b: &Item) -> bool {
    if a.key != b.key {
        return false;
    }
    let text = |item: &Item, name: &str| item.json[name].as_str().unwrap_or("").to_owned();
    match a.relation {
        RelationType::Role => alike(&text(a, "title"), &text(b, "title")) >= 0.6,
        RelationType::Figure => {
            text(a, "metric") == text(b, "metric") && digits(&text(a, "value")) == digits(&text(b, "value"))
        }
        RelationType::Quote => overlap(quoted(gold, &a.json), quoted(gold, &b.json)) >= 0.8,
        _ => true,
    }
}

/// The code points of a quotation: given, or by its first and last words.
fn quoted(gold: &Gold, json: &Json) -> (usize, usize) {
    if let (Some(start), Some(end)) = (json["start"].as_u64(), json["end"].as_u64()) {
        return (start as usize, end as usize);
    }
    let (first, last) = (json["start"].as_str().unwrap_or(""), json["end"].as_str().unwrap_or(""));
    let begin = gold.text.find(first).unwrap_or(0);
    let finish = gold.text[begin..].find(last).map_or(begin, |at| begin + at + last.len());
    let count = |at: usize| gold.text.get(..at).map_or(0, |before| before.chars().count());
    (count(begin), count(finish))
}

pub(super) fn overlap(a: (usize, usize), b: (usize, usize)) -> f64 {
    let inner = a.1.min(b.1).saturating_sub(a.0.max(b.0));
    if inner == 0 { 0.0 } else { inner as f64 / (a.1.max(b.1) - a.0.min(b.0)) as f64 }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The words of a name or title, for comparison: case folded, without articles and `de`.
pub(super) fn plain(text: &str) -> String {
    let folded: String = text.nfkc().collect::<String>().to_lowercase().replace('’', "'");
    let spaced = folded.replace("l'", " ").replace("d'", " ");
    let words = spaced.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    let small = ["le", "la", "les", "un", "une", "du", "de", "des"];
    words.filter(|word| !small.contains(word)).collect::<Vec<_>>().join(" ")
}

/// F1 of the words of two strings.
fn alike(a: &str, b: &str) -> f64 {
    let count = |text: &str| {
        let mut words = BTreeMap::new();
        plain(text).split_whitespace().for_each(|word| *words.entry(word.to_owned()).or_insert(0usize) += 1);
        words
    };
    let (a, b) = (count(a), count(b));
    let total = a.values().sum::<usize>() + b.values().sum::<usize>();
    let shared: usize = a.iter().map(|(word, n)| b.get(word).map_or(0, |m| *n.min(m))).sum();
    if a.is_empty() || b.is_empty() { 0.0 } else { 2.0 * shared as f64 / total as f64 }
}
