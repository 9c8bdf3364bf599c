//! The logistic regression: a weight for each feature, and a threshold, for each relation.

use rustc_hash::FxHashMap;

use super::Example;
use crate::model::{ResourceError, Resources};
use crate::relations::RelationType;
use crate::relations::language::RuleError;

/// The data file: relation, feature, weight; the feature `threshold` holds the least probability.
pub const PAIRS_FILE: &str = "rules/pairs.tsv";

/// Weights of features by relation.
#[derive(Clone, Debug, Default)]
pub struct PairModel {
    weights: FxHashMap<RelationType, FxHashMap<Box<str>, f64>>,
}

impl PairModel {
    /// Reads [`PAIRS_FILE`]; without it nothing is judged by pairs.
    pub fn new(resources: &Resources) -> Result<Self, RuleError> {
        match resources.text(PAIRS_FILE) {
            Ok(text) => Self::parse(&text),
            Err(ResourceError::Missing { .. }) => Ok(Self::default()),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads the text of such a file.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let mut model = Self::default();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.is_empty()) {
            let mut cells = line.split('\t');
            let row =
                (cells.next().and_then(RelationType::parse), cells.next(), cells.next().and_then(|c| c.parse().ok()));
            let (Some(relation), Some(feature), Some(weight)) = row else {
                return Err(RuleError::Syntax {
                    file: PAIRS_FILE.to_owned(),
                    line: number + 1,
                    cause: "write RELATION, tab, feature, tab, weight".to_owned(),
                });
            };
            model.weights.entry(relation).or_default().insert(feature.into(), weight);
        }
        Ok(model)
    }

    /// Whether the relation is judged by pairs.
    pub fn judges(&self, relation: RelationType) -> bool {
        self.weights.contains_key(&relation)
    }

    /// The probability that the pair is related.
    pub fn probability(&self, example: &Example) -> f64 {
        let Some(weights) = self.weights.get(&example.relation) else { return 0.0 };
        let sum: f64 = example.features.iter().filter_map(|feature| weights.get(feature.as_str())).sum();
        1.0 / (1.0 + (-sum).exp())
    }

    /// The least probability of a fact.
    pub fn threshold(&self, relation: RelationType) -> f64 {
        self.weights.get(&relation).and_then(|weights| weights.get("threshold")).copied().unwrap_or(0.5)
    }
}
