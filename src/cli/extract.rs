use std::io::Write;

use super::Outcome;
use super::inputs::InputArguments;
use crate::model::Resources;
use crate::output::to_json;
use crate::pipeline::Extractor;

/// Arguments of `extract`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pressgraph extract --format json release.txt newsroom.zip 'archive/**/*.html'")]
pub(super) struct Arguments {
    #[command(flatten)]
    inputs: InputArguments,
}

pub(super) fn run(arguments: &Arguments, resources: &Resources) -> anyhow::Result<Outcome> {
    let extractor = Extractor::with(resources)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut outcome = Outcome::Done;
    for release in crate::input::releases(arguments.inputs.inputs()?, arguments.inputs.options(None)) {
        match release {
            Ok(release) => {
                let json = to_json(&release.place.to_string(), &extractor.extract_release(&release));
                writeln!(out, "{json}")?;
            }
            Err(refusal) => {
                outcome = Outcome::Refused;
                eprintln!("pressgraph: {refusal}");
            }
        }
    }
    out.flush()?;
    Ok(outcome)
}
