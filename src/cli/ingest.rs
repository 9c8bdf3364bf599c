use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};

use super::Outcome;
use super::inputs::InputArguments;
use super::rdf::Mentions;
use super::store::StoreArguments;
use crate::graph;
use crate::input::{Input, entries, scopes};
use crate::model::Resources;
use crate::pipeline::Extractor;
use crate::store::{IngestOptions, Ingester, Progress, Report, Run, Store};

/// Arguments of `ingest`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  pressgraph ingest releases/
  pressgraph ingest --prune --report report.json releases/   # withdraw what is gone from the folder
  zcat batch.jsonl.gz | pressgraph ingest --collection newsroom -
PRESSGRAPH_LOG=info logs each commit to standard error.")]
pub(super) struct Arguments {
    #[command(flatten)]
    inputs: InputArguments,
    #[command(flatten)]
    store: StoreArguments,
    /// Base of the IRIs; only for a new store, which keeps it.
    #[arg(long, value_name = "IRI")]
    base: Option<String>,
    /// Withdraw the releases of the folders and collections given that are no longer in them.
    #[arg(long)]
    prune: bool,
    /// End at the first refusal.
    #[arg(long)]
    fail_fast: bool,
    /// Releases per commit, at most: a run that is killed loses at most so many.
    #[arg(long, value_name = "N", default_value_t = 32_000, value_parser = clap::value_parser!(u32).range(1..))]
    batch: u32,
    /// How much is written about each mention: one triple, or full NIF.
    #[arg(long, value_enum, default_value = "short")]
    mentions: Mentions,
    /// Write the summary as JSON to FILE; - is the standard output.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, resources: &Resources) -> anyhow::Result<Outcome> {
    let inputs = arguments.inputs.inputs()?;
    let nothing = inputs.iter().all(|input| matches!(input, Input::Path(path) if !path.exists()));
    let store_path = &arguments.store.store;
    // A store that is there is opened meanwhile: each takes a fifth of a second where the store is large.
    let opens = arguments.base.is_none() && store_path.join("store.json").exists();
    let (extractor, opened) =
        rayon::join(|| Extractor::with(resources), || opens.then(|| Store::open(store_path)).transpose());
    let extractor = extractor?;
    if nothing && !store_path.exists() {
        // A mistyped path makes no store.
        for refusal in entries(inputs, &arguments.inputs.options(None)).filter_map(Result::err) {
            super::complain(&refusal);
        }
        return Ok(Outcome::Refused);
    }
    let store = match opened? {
        Some(store) => store,
        None => open(store_path, arguments.base.as_deref())?,
    };
    let reading = arguments.inputs.options(Some(&root(store_path)?));
    let mut options = IngestOptions::new(&store);
    options.batch = arguments.batch as usize;
    options.any_language = reading.any_language;
    options.fail_fast = arguments.fail_fast;
    options.graph.mentions = arguments.mentions.style();
    options.graph.generator = super::generator(resources);
    let generator = options.graph.generator.clone();
    let ingester = Ingester::new(&store, &extractor, options);

    let (started, clock) = (jiff::Timestamp::now(), Instant::now());
    let bar = progress_bar(size(&inputs));
    let bytes = AtomicU64::new(0);
    let scopes = if arguments.prune { scopes(&inputs, &reading) } else { Vec::new() };
    let read = entries(inputs, &reading).inspect(|entry| {
        bytes.fetch_add(entry.as_ref().map_or(0, |entry| entry.size() as u64), Ordering::Relaxed);
    });
    let tell = |progress: Progress| {
        bar.set_position(bytes.load(Ordering::Relaxed));
        let rate = progress.read as f64 / clock.elapsed().as_secs_f64().max(0.001);
        bar.set_message(format!("{} releases, {rate:.0}/s", progress.read));
    };
    let result = if arguments.prune { ingester.synchronise(read, &scopes, tell) } else { ingester.ingest(read, tell) };
    bar.finish_and_clear();
    let report = result?;
    store.tidy()?;
    store.record_run(&Run::new("ingest", started, clock.elapsed().as_secs_f64(), &generator, &report))?;
    tell_summary(&report, arguments.report.as_deref())?;
    if !arguments.prune && report.is_empty() {
        super::complain(format_args!("no releases found: {}: check the paths", arguments.inputs));
        return Ok(Outcome::Refused);
    }
    Ok(if report.refused.is_empty() { Outcome::Done } else { Outcome::Refused })
}

/// Opens the store, or makes it.
pub(super) fn open(path: &Path, base: Option<&str>) -> anyhow::Result<Store> {
    let base = base.map(graph::base_iri).transpose().map_err(anyhow::Error::msg)?;
    match base {
        Some(base) => Ok(Store::create(path, &base)?),
        None if path.join("store.json").exists() => Ok(Store::open(path)?),
        None => Ok(Store::create(path, graph::DEFAULT_BASE)?),
    }
}

/// The folder that holds the store: names of collections are relative to it, so that they do not
/// depend on the working folder.
pub(super) fn root(store: &Path) -> anyhow::Result<PathBuf> {
    let store = store.canonicalize().with_context(|| store.display().to_string())?;
    Ok(store.parent().map_or_else(|| store.clone(), Path::to_path_buf))
}

/// The bytes of the files and folders named; 0 where that is not known beforehand.
fn size(inputs: &[Input]) -> u64 {
    let of = |input: &Input| match input {
        Input::Path(path) => walkdir::WalkDir::new(path)
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.metadata().ok())
            .filter(std::fs::Metadata::is_file)
            .map(|metadata| metadata.len())
            .sum(),
        _ => 0,
    };
    inputs.iter().map(of).sum()
}

/// A bar on standard error; nothing where that is no terminal.
fn progress_bar(bytes: u64) -> ProgressBar {
    let bar = if bytes > 0 { ProgressBar::new(bytes) } else { ProgressBar::new_spinner() };
    let style = if bytes > 0 { "{bar:30} {percent:>3} %  {msg}  {eta} left" } else { "{spinner} {msg}" };
    bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

/// Prints refusals and the summary, or writes the summary as JSON.
pub(super) fn tell_summary(report: &Report, file: Option<&Path>) -> anyhow::Result<()> {
    for refused in &report.refused {
        super::complain(format_args!("{}: {}", refused.path, refused.reason));
    }
    match file {
        Some(path) => {
            let json = format!("{:#}\n", serde_json::to_value(report)?);
            if path == Path::new("-") {
                write!(std::io::stdout(), "{json}")?;
                return Ok(());
            }
            std::fs::write(path, json).with_context(|| format!("{}: cannot write the report", path.display()))
        }
        None => {
            writeln!(
                std::io::stdout(),
                "{} added, {} replaced, {} unchanged, {} withdrawn, {} refused; {} of them copies of another release{}",
                report.added,
                report.replaced,
                report.unchanged,
                report.withdrawn,
                report.refused.len(),
                report.copies,
                reasons(report)
            )?;
            Ok(())
        }
    }
}

/// How often each reason for refusals occurred, to end the summary.
fn reasons(report: &Report) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for refused in &report.refused {
        *counts.entry(&refused.code).or_default() += 1;
    }
    let counts: Vec<String> = counts.into_iter().map(|(code, count)| format!("{count} {code}")).collect();
    if counts.is_empty() { String::new() } else { format!("; refused: {}", counts.join(", ")) }
}
