use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use serde_json::Value as Json;

use crate::entities::GivenEntity;
use crate::evaluate::{Gold, RelationScores, Tally};
use crate::output::to_json;
use crate::pipeline::Extractor;
use crate::relations::RelationType;

/// What the program finds in a release, in the output format; with the annotated entities, if asked for.
pub(super) fn output(extractor: &Extractor, release: &Gold, given_mentions: bool) -> Json {
    let extraction = if given_mentions {
        extractor.extract_with(&release.text, &given(release))
    } else {
        extractor.extract(&release.text)
    };
    to_json(&release.stem, &extraction)
}

/// The annotated entities of a release, as given ones.
pub(super) fn given(release: &Gold) -> Vec<GivenEntity> {
    let mut given: Vec<GivenEntity> = release
        .entities
        .iter()
        .map(|entity| GivenEntity {
            id: entity.id.clone(),
            kind: entity.kind,
            name: entity.name.clone(),
            mentions: Vec::new(),
        })
        .collect();
    for mention in release.mentions() {
        if let Some(entity) = given.get_mut(mention.entity) {
            entity.mentions.push((mention.start, mention.end));
        }
    }
    given
}

/// Prints scores, the reliability of the confidence, and precision and recall at thresholds of it.
pub(super) fn print(scores: &RelationScores, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{:<18}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}", "relations", "P", "R", "F1", "right", "wrong", "missed")?;
    let kinds = RelationType::ALL.into_iter().map(|kind| (kind.schema().name, scores.kind(kind)));
    for (name, tally) in kinds.chain([("all", scores.all())]).filter(|(_, tally)| *tally != Tally::default()) {
        let (p, r, f1) = (tally.precision(), tally.recall(), tally.f1());
        let Tally { right, wrong, missed } = tally;
        writeln!(out, "{name:<18}{p:>8.3}{r:>8.3}{f1:>8.3}{right:>8}{wrong:>8}{missed:>8}")?;
    }
    writeln!(out, "{:<18}{:>8}{:>8}", "confidence", "right", "facts")?;
    for (mean, right, count) in scores.reliability() {
        writeln!(out, "{mean:<18.3}{right:>8.3}{count:>8}")?;
    }
    writeln!(out, "{:<18}{:>8}{:>8}{:>8}", "at least", "P", "R", "F1")?;
    for threshold in [0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] {
        let tally = scores.from_confidence(threshold);
        writeln!(out, "{threshold:<18.1}{:>8.3}{:>8.3}{:>8.3}", tally.precision(), tally.recall(), tally.f1())?;
    }
    Ok(())
}

/// Writes how often each rule was right: what its confidence is read from.
pub(super) fn write_confidence(scores: &RelationScores, file: &Path) -> anyhow::Result<()> {
    let mut text = String::from(
        "# How often each rule was right on the annotated releases: rule, right, found (an agreement counts by party).\n\
         # Written by `pressgraph evaluate gold/dev --given-mentions --write-confidence data/rules/precision.tsv`.\n",
    );
    for (rule, (right, found)) in scores.rules().into_iter().filter(|(rule, _)| !rule.starts_with("quote")) {
        writeln!(text, "{rule}\t{right}\t{found}")?;
    }
    std::fs::write(file, text).with_context(|| format!("{}: cannot write", file.display()))
}
