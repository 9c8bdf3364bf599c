//! How likely a fact is right: the precision of its rule on annotated releases, smoothed, damped by
//! how sure its names are. What the damping costs was fitted to releases of issuers that the name model
//! had not seen (the folds): `pressgraph evaluate --fold-models` prints said against true.

use rustc_hash::FxHashMap;

use super::Analysis;
use super::language::{Rule, RuleError};
use crate::model::{ResourceError, Resources};

/// The data file: rule, right, found; written by `pressgraph evaluate --write-confidence`.
pub const PRECISION_FILE: &str = "rules/precision.tsv";

/// Weight of the prior, in matches.
const PRIOR_WEIGHT: f64 = 4.0;
/// What a rule without matches is taken for.
const PRIOR: f64 = 0.7;

/// How much more a doubtful name costs a rule that errs often even with right names: such rules rest on few words.
const WEAKNESS: f64 = 2.0;
/// What a doubtful name costs every rule, as a power of its certainty.
const DOUBT: f64 = 0.2;

/// How likely a fact is right that a rule of such `precision` reads from names of such `certainty`, both from 0 to 1.
pub(super) fn damped(precision: f64, certainty: f64) -> f64 {
    precision.powf(1.0 + WEAKNESS * (1.0 - certainty)) * certainty.powf(DOUBT)
}

/// The confidence of rules.
#[derive(Clone, Debug, Default)]
pub struct Confidence {
    counts: FxHashMap<String, (f64, f64)>,
}

impl Confidence {
    /// Reads [`PRECISION_FILE`]; without it all rules have their prior.
    pub fn new(resources: &Resources) -> Result<Self, RuleError> {
        let text = match resources.text(PRECISION_FILE) {
            Ok(text) => text,
            Err(ResourceError::Missing { .. }) => return Ok(Self::default()),
            Err(error) => return Err(error.into()),
        };
        let mut counts = FxHashMap::default();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.is_empty()) {
            let mut cells = line.split('\t');
            let row =
                (cells.next(), cells.next().and_then(|c| c.parse().ok()), cells.next().and_then(|c| c.parse().ok()));
            let (Some(rule), Some(right), Some(found)) = row else {
                return Err(RuleError::Syntax {
                    file: PRECISION_FILE.to_owned(),
                    line: number + 1,
                    cause: "write RULE, tab, number right, tab, number found".to_owned(),
                });
            };
            counts.insert(rule.to_owned(), (right, found));
        }
        Ok(Self { counts })
    }

    /// How sure each entity of a release is: as its surest mention.
    pub(super) fn of_entities(analysis: &Analysis<'_>) -> Vec<f64> {
        let mut entities = vec![0.0; analysis.resolution.entities.len()];
        for (mention, id) in analysis.mentions.names.iter().zip(&analysis.resolution.of_names) {
            if let Some(entity) = entities.get_mut(id.0) {
                *entity = f64::max(*entity, f64::from(mention.confidence));
            }
        }
        // Entities named only inside another name are as sure as that.
        entities.iter().map(|&c| if c == 0.0 { 0.9 } else { c.clamp(0.0, 1.0) }).collect()
    }

    /// How often the rule is right.
    pub(super) fn of(&self, rule: &Rule) -> f64 {
        self.of_name(&rule.name, rule.confidence.unwrap_or(PRIOR))
    }

    /// How often what goes by that name is right; `prior` where nothing is known.
    pub(super) fn of_name(&self, name: &str, prior: f64) -> f64 {
        let (right, found) = self.counts.get(name).copied().unwrap_or_default();
        (right + PRIOR_WEIGHT * prior) / (found + PRIOR_WEIGHT)
    }
}
