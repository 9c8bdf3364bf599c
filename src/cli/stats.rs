use std::collections::BTreeMap;
use std::io::Write;

use super::Outcome;
use super::store::StoreArguments;
use super::terms::Shortener;
use crate::output::table;
use crate::store::Store;

/// Arguments of `stats`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pressgraph stats --runs")]
pub(super) struct Arguments {
    #[command(flatten)]
    store: StoreArguments,
    /// List the runs of ingest and remove instead.
    #[arg(long)]
    runs: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let store = arguments.store.read()?;
    let mut out = std::io::stdout().lock();
    if arguments.runs {
        runs(&store, arguments.json, &mut out)?;
        return Ok(Outcome::Done);
    }
    let counts = counts(&store)?;
    if arguments.json {
        writeln!(out, "{:#}", serde_json::to_value(&counts)?)?;
    } else {
        let rows = counts.iter().map(|(what, count)| vec![what.clone(), count.to_string()]);
        writeln!(out, "{}", table(&["what", "count"], rows))?;
    }
    Ok(Outcome::Done)
}

/// How many graphs and triples there are, and how many things of each class.
fn counts(store: &Store) -> anyhow::Result<BTreeMap<String, usize>> {
    let snapshot = store.snapshot()?;
    let shortener = Shortener::new(store.base());
    let mut counts = BTreeMap::new();
    counts.insert("(graphs)".to_owned(), snapshot.graphs()?.len());
    for quad in snapshot.quads(None, Some(oxrdf::vocab::rdf::TYPE), None, None) {
        *counts.entry(shortener.cell(Some(&quad?.object))).or_default() += 1;
    }
    counts.insert("(triples)".to_owned(), store.len()?);
    Ok(counts)
}

fn runs(store: &Store, json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let runs = store.runs()?;
    if json {
        for run in runs {
            writeln!(out, "{}", serde_json::to_string(&run)?)?;
        }
        return Ok(());
    }
    let columns = [
        "started",
        "seconds",
        "command",
        "extractor",
        "added",
        "replaced",
        "unchanged",
        "copies",
        "withdrawn",
        "refused",
    ];
    let rows = runs.into_iter().map(|run| {
        let counts = [run.added, run.replaced, run.unchanged, run.copies, run.withdrawn, run.refused];
        let mut row = vec![run.started, format!("{:.1}", run.seconds), run.command, run.extractor];
        row.extend(counts.map(|count| count.to_string()));
        row
    });
    writeln!(out, "{}", table(&columns, rows))?;
    Ok(())
}
