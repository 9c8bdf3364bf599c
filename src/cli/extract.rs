use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;

use super::Outcome;
use crate::model::Resources;
use crate::output::to_json;
use crate::pipeline::Extractor;

/// Arguments of `extract`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pressgraph extract --format json release.txt")]
pub(super) struct Arguments {
    /// Files with a release each.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, resources: &Resources) -> anyhow::Result<Outcome> {
    let extractor = Extractor::with(resources)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for path in &arguments.paths {
        let bytes = std::fs::read(path).with_context(|| format!("{}: cannot read", path.display()))?;
        let text = crate::read::decode(&bytes).with_context(|| path.display().to_string())?;
        let json = to_json(&path.to_string_lossy(), &extractor.extract(&text));
        writeln!(out, "{json}")?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}
