use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::Outcome;
use crate::evaluate::{Folds, Gold, NameScores, NameSpan, RelationScores, Tally};
use crate::model::Resources;
use crate::pipeline::Extractor;
use crate::tag::EntityType;

/// Arguments of `evaluate`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pressgraph evaluate gold/dev
Example: pressgraph evaluate gold/dev --sources gold/SOURCES.tsv --folds 5 --conll news.conll --keep-folds folds
Example: pressgraph evaluate gold/dev --sources gold/SOURCES.tsv --fold-models folds")]
pub(super) struct Arguments {
    /// Folders of annotated releases (NAME.txt and NAME.json), or corpora of a token, a tab and its BIO tag a line.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// List of the issuers of the releases: tab-separated, the columns name and issuer first.
    #[arg(long, value_name = "FILE")]
    sources: Option<PathBuf>,
    /// Score each release with the model DIR/N/models/names.model that has not seen its issuer.
    #[arg(long, value_name = "DIR", requires = "sources")]
    fold_models: Option<PathBuf>,
    /// How many folds there are; without --fold-models, train their models first.
    #[arg(long, value_name = "N", default_value_t = 5)]
    folds: usize,
    /// Train and score only these folds, numbers from 0 with commas between.
    #[arg(long, value_name = "N,N", value_delimiter = ',')]
    only_folds: Vec<usize>,
    /// Train the models of the folds on the other folds and the corpora of --conll, and keep them in DIR.
    #[cfg(feature = "train")]
    #[arg(long, value_name = "DIR", requires = "sources", conflicts_with = "fold_models")]
    keep_folds: Option<PathBuf>,
    /// Print each name that is missed (-) or made up (+).
    #[arg(long)]
    errors: bool,
    /// Give the program the annotated names and entities, to score the relations alone.
    #[arg(long, conflicts_with = "sources")]
    given_mentions: bool,
    /// Write how often each rule was right to FILE (such as data/rules/precision.tsv): the confidence of its facts.
    #[arg(long, value_name = "FILE")]
    write_confidence: Option<PathBuf>,
    /// Score what the name tagger finds, without what the later stages mend.
    #[arg(long, conflicts_with = "given_mentions")]
    tagger_only: bool,
    #[cfg(feature = "train")]
    #[command(flatten)]
    training: super::train::names::Data,
}

impl Arguments {
    /// The numbers of the folds to train and score.
    fn chosen_folds(&self) -> Vec<usize> {
        let chosen = |fold: &usize| self.only_folds.is_empty() || self.only_folds.contains(fold);
        (0..self.folds).filter(chosen).collect()
    }
}

pub(super) fn run(arguments: &Arguments, resources: &Resources) -> anyhow::Result<Outcome> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for path in &arguments.paths {
        if path.is_dir() {
            let releases = Gold::read_folder(path)?;
            if releases.is_empty() {
                bail!("{}: no annotated release: NAME.txt with NAME.json beside it", path.display());
            }
            let scores = score_releases(arguments, &releases, resources, &mut out)?;
            writeln!(out, "{}: {} releases", path.display(), releases.len())?;
            if !arguments.given_mentions {
                print(&scores.names, &mut out)?;
            }
            if !arguments.tagger_only {
                super::evaluate_relations::print(&scores.relations, &mut out)?;
            }
            if let Some(file) = &arguments.write_confidence {
                super::evaluate_relations::write_confidence(&scores.relations, file)?;
            }
        } else {
            print_corpus(arguments, path, resources, &mut out)?;
        }
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// Scores of names and relations.
#[derive(Debug, Default)]
struct Scores {
    names: NameScores,
    relations: RelationScores,
}

/// Scores the names and relations of annotated releases.
fn score_releases(
    arguments: &Arguments,
    releases: &[Gold],
    resources: &Resources,
    out: &mut impl Write,
) -> anyhow::Result<Scores> {
    let mut scores = Scores::default();
    let Some((folds, models)) = folds(arguments, releases, resources)? else {
        let extractor = Extractor::with(resources)?;
        for release in releases {
            score_release(arguments, &extractor, release, &mut scores, out)?;
        }
        return Ok(scores);
    };
    for fold in arguments.chosen_folds() {
        let folder = models.join(fold.to_string());
        if !folder.join("models/names.model").is_file() {
            bail!("{}: no models/names.model in it: train the folds with --keep-folds", folder.display());
        }
        let extractor = Extractor::with(&resources.clone().and_overridden_by(folder))?;
        let mut own = Scores::default();
        for release in releases.iter().filter(|release| folds.of(&release.stem) == Some(fold)) {
            score_release(arguments, &extractor, release, &mut own, out)?;
        }
        writeln!(out, "fold {fold}: all {:.3}, three {:.3}", own.names.all().f1(), own.names.three().f1())?;
        scores.names.add(&own.names);
        scores.relations.add(&own.relations);
    }
    Ok(scores)
}

/// The folds and the folder with their models, which are trained where that is asked for.
fn folds(arguments: &Arguments, releases: &[Gold], resources: &Resources) -> anyhow::Result<Option<(Folds, PathBuf)>> {
    let Some(sources) = &arguments.sources else { return Ok(None) };
    let folds = Folds::new(releases, sources, arguments.folds)?;
    #[cfg(feature = "train")]
    if let Some(folder) = &arguments.keep_folds {
        let data = &arguments.training;
        let mut texts = data.texts()?;
        texts.releases.extend_from_slice(releases);
        let (options, provenance) = (data.options()?, data.provenance(&texts)?);
        let numbers = arguments.chosen_folds();
        let divided = (&folds, numbers.as_slice());
        let models = crate::train::names::train_folds(&texts, divided, resources, &options, &provenance)?;
        for (fold, model) in numbers.iter().zip(&models) {
            super::train::names::write(&folder.join(format!("{fold}/models/names.model")), model)?;
        }
        return Ok(Some((folds, folder.clone())));
    }
    let _ = resources;
    let models = arguments.fold_models.clone().context("--sources needs --fold-models DIR or --keep-folds DIR")?;
    Ok(Some((folds, models)))
}

/// Scores the names and relations of one release.
fn score_release(
    arguments: &Arguments,
    extractor: &Extractor,
    release: &Gold,
    scores: &mut Scores,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let expected: Vec<NameSpan> = release
        .mentions()
        .into_iter()
        .filter_map(|mention| Some((mention.start, mention.end, release.entities.get(mention.entity)?.kind)))
        .collect();
    if !arguments.tagger_only {
        let output = super::evaluate_relations::output(extractor, release, arguments.given_mentions);
        scores.relations.count(release, &output);
    }
    if arguments.given_mentions {
        return Ok(());
    }
    let found = names(arguments, extractor, &release.text);
    if arguments.errors {
        let text: Vec<char> = release.text.chars().collect();
        tell(&release.stem, &text, "-", &expected, &found, out)?;
        tell(&release.stem, &text, "+", &found, &expected, out)?;
    }
    scores.names.count(&found, &expected);
    Ok(())
}

/// The names that the program finds in a text, in code points.
fn names(arguments: &Arguments, extractor: &Extractor, text: &str) -> Vec<NameSpan> {
    let in_code_points = |document: &crate::text::Document, span, kind| {
        let (start, end) = document.code_points(span);
        (start, end, kind)
    };
    if arguments.tagger_only {
        let (document, names) = extractor.tag_names(text);
        return names.into_iter().map(|(span, kind)| in_code_points(&document, span, kind)).collect();
    }
    let extraction = extractor.extract(text);
    let mentions = extraction.mentions.names.iter();
    mentions.map(|mention| in_code_points(&extraction.document, mention.span, mention.kind)).collect()
}

/// Prints the names that `these` has and `those` lacks.
fn tell(
    stem: &str,
    text: &[char],
    sign: &str,
    these: &[NameSpan],
    those: &[NameSpan],
    out: &mut impl Write,
) -> std::io::Result<()> {
    for name in these.iter().filter(|name| !those.contains(name)) {
        let part = |start: usize, end: usize| -> String {
            let part = text.get(start..end.min(text.len())).unwrap_or(&[]);
            part.iter().map(|&c| if c == '\n' { ' ' } else { c }).collect()
        };
        let before = part(name.0.saturating_sub(40), name.0);
        let after = part(name.1, name.1 + 40);
        let rival = those.iter().find(|other| other.0 < name.1 && name.0 < other.1);
        let rival = rival.map_or(String::new(), |r| format!("{} {}", r.2.as_str(), part(r.0, r.1)));
        let kind = name.2.as_str();
        writeln!(
            out,
            "{sign}\t{kind}\t{}\t{rival}\t{stem}\t{before}[[{}]]{after}",
            part(name.0, name.1),
            part(name.0, name.1)
        )?;
    }
    Ok(())
}

/// Scores a corpus, where sites count as places and other types do not count.
#[cfg(feature = "train")]
fn print_corpus(arguments: &Arguments, path: &Path, resources: &Resources, out: &mut impl Write) -> anyhow::Result<()> {
    let extractor = Extractor::with(resources)?;
    let mut scores = NameScores::default();
    for labelled in crate::train::read_conll(path)? {
        let three = |kind| (kind <= EntityType::Place).then_some(kind);
        let expected: Vec<NameSpan> = labelled
            .names
            .iter()
            .filter_map(|name| {
                let kind = EntityType::ALL.into_iter().find(|&kind| name.meaning.allows(kind))?;
                Some((name.start, name.end, three(kind)?))
            })
            .collect();
        let found: Vec<NameSpan> = names(arguments, &extractor, &labelled.text)
            .into_iter()
            .filter_map(|(start, end, kind)| {
                Some((start, end, three(if kind == EntityType::Site { EntityType::Place } else { kind })?))
            })
            .collect();
        if arguments.errors {
            let text: Vec<char> = labelled.text.chars().collect();
            tell("", &text, "-", &expected, &found, out)?;
            tell("", &text, "+", &found, &expected, out)?;
        }
        scores.count(&found, &expected);
    }
    writeln!(out, "{}", path.display())?;
    Ok(print(&scores, out)?)
}

#[cfg(not(feature = "train"))]
fn print_corpus(_: &Arguments, path: &Path, _: &Resources, _: &mut impl Write) -> anyhow::Result<()> {
    bail!("{}: corpora are scored by a program built with the feature `train`", path.display())
}

/// Prints a table of scores.
fn print(scores: &NameScores, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{:<14}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}", "names", "P", "R", "F1", "right", "wrong", "missed")?;
    let kinds = EntityType::ALL.into_iter().map(|kind| (kind.as_str(), scores.kind(kind)));
    let sums = [("all", scores.all()), ("core", scores.core()), ("three", scores.three())];
    for (name, tally) in kinds.chain(sums).filter(|(_, tally)| *tally != Tally::default()) {
        let (p, r, f1) = (tally.precision(), tally.recall(), tally.f1());
        let Tally { right, wrong, missed } = tally;
        writeln!(out, "{name:<14}{p:>8.3}{r:>8.3}{f1:>8.3}{right:>8}{wrong:>8}{missed:>8}")?;
    }
    Ok(())
}
