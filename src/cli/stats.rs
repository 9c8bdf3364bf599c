use std::collections::BTreeMap;
use std::io::Write;

use oxrdf::GraphName;

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

/// How many there are in the graphs of the releases, and in those that join what the releases name.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
struct Count {
    releases: usize,
    joined: usize,
}

/// How many graphs and triples there are, and how many things of each class.
fn counts(store: &Store) -> anyhow::Result<BTreeMap<String, Count>> {
    let snapshot = store.snapshot()?;
    let shortener = Shortener::new(store.base());
    let derived = format!("{}graph/", store.base());
    let is_derived =
        |graph: &GraphName| matches!(graph, GraphName::NamedNode(name) if name.as_str().starts_with(&derived));
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    let mut add = |what: &str, is_derived: bool, number: usize| {
        let count = counts.entry(what.to_owned()).or_default();
        *(if is_derived { &mut count.joined } else { &mut count.releases }) += number;
    };
    let mut triples = 0;
    for graph in snapshot.graphs()? {
        let is_derived = graph.as_str().starts_with(&derived);
        add("(graphs)", is_derived, 1);
        if is_derived {
            triples += snapshot.quads(None, None, None, Some(graph.as_ref())).count();
        }
    }
    add("(triples)", true, triples);
    add("(triples)", false, store.len()?.saturating_sub(triples));
    for quad in snapshot.quads(None, Some(oxrdf::vocab::rdf::TYPE), None, None) {
        let quad = quad?;
        add(&shortener.cell(Some(&quad.object)), is_derived(&quad.graph_name), 1);
    }
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
