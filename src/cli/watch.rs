use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::Outcome;
use super::ingest;
use super::store::StoreArguments;
use crate::input::{Changes, Input, Options, Watch, entries, scopes};
use crate::model::Resources;
use crate::pipeline::Extractor;
use crate::store::{IngestOptions, Ingester, Report, Run, StoreError};

/// Arguments of `watch`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pressgraph watch --store newsroom.db incoming/
Ends at SIGTERM or SIGINT (Ctrl-C), after the releases at hand; started again, it goes on where it ended.")]
pub(super) struct Arguments {
    /// The folder; what is in it already is ingested first.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    store: StoreArguments,
    /// Name of the collection that the releases belong to; else the folder is one.
    #[arg(long, value_name = "NAME")]
    collection: Option<String>,
    /// Accept releases in other languages than French.
    #[arg(long)]
    any_language: bool,
    /// Withdraw releases whose files are removed.
    #[arg(long)]
    prune: bool,
    /// Seconds that a file must have been left alone before it is read.
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0, value_parser = seconds)]
    quiet: f64,
}

fn seconds(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "a number of seconds is expected".to_owned())?;
    if (0.01..=3600.0).contains(&value) { Ok(value) } else { Err("from 0.01 to 3600 seconds".to_owned()) }
}

/// How often the signals and, where the store is busy, the store are looked at.
const TICK: Duration = Duration::from_millis(200);

pub(super) fn run(arguments: &Arguments, resources: &Resources) -> anyhow::Result<Outcome> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGTERM, signal_hook::consts::SIGINT] {
        // A second signal ends the process at once; the store bears that.
        signal_hook::flag::register_conditional_shutdown(signal, 1, Arc::clone(&stop))?;
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    // Watched before it is read, so that nothing falls between.
    let watch = Watch::new(&arguments.folder, Duration::from_secs_f64(arguments.quiet))?;
    let extractor = Extractor::with(resources)?;
    let generator = super::generator(resources);
    let mut changes = Changes { whole: true, ..Changes::default() };
    let mut told_busy = false;
    let mut outcome = Outcome::Done;
    while !stop.load(Ordering::Relaxed) {
        if changes.is_empty() {
            changes = watch.changes(TICK);
            continue;
        }
        match take_in(arguments, &extractor, &generator, &changes, &stop) {
            Ok(report) => {
                if !report.refused.is_empty() {
                    outcome = Outcome::Refused;
                }
                changes = Changes::default();
                told_busy = false;
            }
            Err(error) if is_busy(&error) => {
                // The changes wait until the other process has ended.
                if !told_busy {
                    super::complain(super::describe(&error));
                }
                told_busy = true;
                std::thread::sleep(TICK);
                changes.merge(watch.changes(TICK));
            }
            Err(error) => return Err(error),
        }
    }
    tracing::info!("stopped by a signal");
    Ok(outcome)
}

fn is_busy(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref::<StoreError>(), Some(StoreError::Busy { .. }))
}

/// Ingests what has changed. The store is open only meanwhile, so that others can query it.
fn take_in(
    arguments: &Arguments,
    extractor: &Extractor,
    generator: &str,
    changes: &Changes,
    stop: &AtomicBool,
) -> anyhow::Result<Report> {
    let inputs = changes.inputs(&arguments.folder);
    if inputs.is_empty() {
        return Ok(Report::default());
    }
    tracing::info!(files = changes.files.len(), whole = changes.whole, "taking in changes");
    let store_path = &arguments.store.store;
    let store = ingest::open(store_path, None)?;
    let reading = Options {
        collection: arguments.collection.clone(),
        root: Some(ingest::root(store_path)?),
        any_language: arguments.any_language,
        ..Options::default()
    };
    let mut options = IngestOptions::new(&store);
    options.any_language = arguments.any_language;
    options.graph.generator = generator.to_owned();
    let (started, clock) = (jiff::Timestamp::now(), Instant::now());
    let ingester = Ingester::new(&store, extractor, options);
    // A signal ends the reading; what has been read is loaded.
    let read = entries(inputs, &reading).take_while(|_| !stop.load(Ordering::Relaxed));
    let mut report = ingester.ingest(read, |_| {})?;
    if arguments.prune && changes.whole && !stop.load(Ordering::Relaxed) {
        let folder = vec![Input::Path(arguments.folder.clone())];
        let scopes = scopes(&folder, &reading);
        // All unchanged now, but for what came meanwhile; read to its end, for what is not seen is withdrawn.
        let gone = ingester.synchronise(entries(folder, &reading), &scopes, |_| {})?;
        report.added += gone.added;
        report.replaced += gone.replaced;
        report.copies += gone.copies;
        report.withdrawn += gone.withdrawn;
    }
    store.flush()?;
    if report.added + report.replaced + report.withdrawn + report.refused.len() > 0 {
        store.record_run(&Run::new("watch", started, clock.elapsed().as_secs_f64(), generator, &report))?;
        ingest::tell_summary(&report, None)?;
    }
    Ok(report)
}
