use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use oxrdf::NamedNode;

use super::Outcome;
use super::rdf::Rdf;
use super::store::StoreArguments;
use crate::graph::{Serializer, short_name};

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pressgraph export --format nquads --output graph.nq")]
pub(super) struct Arguments {
    #[command(flatten)]
    store: StoreArguments,
    /// Format; only nquads, trig and jsonld keep the releases apart.
    #[arg(long, value_enum, default_value = "nquads")]
    format: Rdf,
    /// Only this graph: a release by IRI or short name, or a derived graph (`graph/identity`); may be given again.
    #[arg(long = "graph", value_name = "GRAPH")]
    graphs: Vec<String>,
    /// Write to FILE instead of the standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let store = arguments.store.read()?;
    let snapshot = store.snapshot()?;
    let all = snapshot.graphs()?;
    let mut graphs: Vec<NamedNode> = Vec::new();
    for name in &arguments.graphs {
        let below_base = format!("{}{name}", store.base());
        let is_meant = |iri: &str| iri == name || iri == below_base || short_name(iri) == *name;
        let graph = all.iter().find(|graph| is_meant(graph.as_str()));
        graphs.push(graph.with_context(|| format!("{name}: the store has no such graph"))?.clone());
    }
    if arguments.graphs.is_empty() {
        graphs = all;
    }
    let out: Box<dyn Write> = match &arguments.output {
        Some(path) => {
            Box::new(std::fs::File::create(path).with_context(|| format!("{}: cannot write", path.display()))?)
        }
        None => Box::new(std::io::stdout().lock()),
    };
    let mut serializer = Serializer::new(arguments.format.format(), std::io::BufWriter::new(out))?;
    for graph in &graphs {
        // A graph at a time, sorted: the same bytes whatever the order of loading, in bounded memory.
        serializer.write(&snapshot.graph(graph.as_ref())?)?;
    }
    serializer.finish()?.flush()?;
    Ok(Outcome::Done)
}
