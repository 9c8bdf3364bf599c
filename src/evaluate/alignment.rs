use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::Gold;
use super::relations::{overlap, plain};

/// Which entity of an annotation each entity of the program's output is: by their shared mentions,
/// else by name.
#[derive(Debug)]
pub(super) struct Alignment {
    gold: BTreeMap<String, String>,
}

impl Alignment {
    pub(super) fn new(gold: &Gold, output: &Json) -> Self {
        let mut names: BTreeMap<String, &str> = BTreeMap::new();
        for entity in &gold.entities {
            for form in entity.forms.iter().chain([&entity.name]) {
                names.entry(plain(bare(form))).or_insert(&entity.id);
            }
        }
        let mentions = gold.mentions();
        let empty = Vec::new();
        let mut aligned = BTreeMap::new();
        for entity in output["entities"].as_array().unwrap_or(&empty) {
            let Some(id) = entity["id"].as_str() else { continue };
            let mut votes: BTreeMap<usize, f64> = BTreeMap::new();
            for mention in entity["mentions"].as_array().unwrap_or(&empty) {
                let at = |name: &str| mention[name].as_u64().unwrap_or(0) as usize;
                let span = (at("start"), at("end"));
                let from = mentions.partition_point(|gold| gold.end <= span.0);
                for gold in mentions[from..].iter().take_while(|gold| gold.start < span.1) {
                    let share = overlap(span, (gold.start, gold.end));
                    if share >= 0.5 {
                        *votes.entry(gold.entity).or_default() += share;
                    }
                }
            }
            let best = votes.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
            let found = match best {
                Some((entity, _)) => gold.entities.get(entity).map(|entity| entity.id.as_str()),
                None => names.get(&plain(entity["name"].as_str().unwrap_or(""))).copied(),
            };
            if let Some(found) = found {
                aligned.insert(id.to_owned(), found.to_owned());
            }
        }
        Self { gold: aligned }
    }

    /// The entity of the annotation, or a name that no annotation has.
    pub(super) fn gold(&self, id: &str) -> String {
        self.gold.get(id).cloned().unwrap_or_else(|| format!("?{id}"))
    }
}

/// A form without the escapes of the annotation guide.
fn bare(form: &str) -> &str {
    let form = form.rsplit_once('!').map_or(form, |(_, inner)| inner);
    match form.rsplit_once('#') {
        Some((name, numbers)) if !numbers.is_empty() && numbers.chars().all(|c| c.is_ascii_digit() || c == ',') => name,
        _ => form,
    }
}
