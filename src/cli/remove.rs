use std::io::Write;
use std::time::Instant;

use oxrdf::NamedNode;

use super::Outcome;
use super::store::StoreArguments;
use crate::graph::{short_name, vocabulary::dct};
use crate::model::Resources;
use crate::pipeline::Extractor;
use crate::store::{IngestOptions, Ingester, Run, Snapshot};

/// Arguments of `remove`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pressgraph remove releases/acquisition.txt https://www.example.org/press/12")]
pub(super) struct Arguments {
    /// Releases: their IRIs, addresses, or short names as tables show them.
    #[arg(required = true, value_name = "RELEASE")]
    releases: Vec<String>,
    #[command(flatten)]
    store: StoreArguments,
}

pub(super) fn run(arguments: &Arguments, resources: &Resources) -> anyhow::Result<Outcome> {
    let store = arguments.store.write()?;
    let extractor = Extractor::with(resources)?;
    let mut options = IngestOptions::new(&store);
    options.graph.generator = super::generator(resources);
    let generator = options.graph.generator.clone();
    let (mut found, mut outcome) = (Vec::new(), Outcome::Done);
    let snapshot = store.snapshot()?;
    for name in &arguments.releases {
        match find(&snapshot, name)? {
            Some(release) => found.push(release),
            None => {
                super::complain(format_args!(
                    "{name}: the store has no such release: `pressgraph query releases` lists them"
                ));
                outcome = Outcome::Refused;
            }
        }
    }
    drop(snapshot);
    let (started, clock) = (jiff::Timestamp::now(), Instant::now());
    let report = Ingester::new(&store, &extractor, options).withdraw(&found)?;
    store.tidy()?;
    store.record_run(&Run::new("remove", started, clock.elapsed().as_secs_f64(), &generator, &report))?;
    writeln!(std::io::stdout(), "{} withdrawn", report.withdrawn)?;
    Ok(outcome)
}

/// The release that the user means.
fn find(snapshot: &Snapshot<'_>, name: &str) -> anyhow::Result<Option<NamedNode>> {
    if let Ok(iri) = NamedNode::new(name.trim_matches(['<', '>']))
        && snapshot.has_graph(iri.as_ref())?
    {
        return Ok(Some(iri));
    }
    for quad in snapshot.quads(None, Some(dct::SOURCE), None, None) {
        let quad = quad?;
        let source = matches!(&quad.object, oxrdf::Term::Literal(literal) if literal.value() == name);
        if let oxrdf::NamedOrBlankNode::NamedNode(release) = quad.subject
            && (source || short_name(release.as_str()) == name)
        {
            return Ok(Some(release));
        }
    }
    Ok(None)
}
