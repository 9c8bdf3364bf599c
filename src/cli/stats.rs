use std::collections::BTreeMap;
use std::io::Write;

use oxrdf::NamedNode;

use super::Outcome;
use super::store::StoreArguments;
use super::terms::Shortener;
use crate::output::table;
use crate::store::{Count, Store};

/// Arguments of `stats`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pressgraph stats --runs")]
pub(super) struct Arguments {
    #[command(flatten)]
    store: StoreArguments,
    /// List the runs of ingest, watch and remove instead.
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
        let rows =
            counts.iter().map(|(what, count)| vec![what.clone(), count.releases.to_string(), count.joined.to_string()]);
        writeln!(out, "{}", table(&["what", "in releases", "joined"], rows))?;
    }
    Ok(Outcome::Done)
}

/// The counts by what is counted, classes under their short names.
fn counts(store: &Store) -> anyhow::Result<BTreeMap<String, Count>> {
    let counts = store.counts()?;
    let shortener = Shortener::new(store.base());
    let mut named = BTreeMap::from([("(graphs)".to_owned(), counts.graphs), ("(triples)".to_owned(), counts.triples)]);
    for (class, count) in counts.classes {
        let name = match NamedNode::new(class.as_str()) {
            Ok(class) => shortener.cell(Some(&class.into())),
            Err(_) => class,
        };
        named.insert(name, count);
    }
    Ok(named)
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
