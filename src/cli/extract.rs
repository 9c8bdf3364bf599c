use std::io::Write;
use std::path::{Path, PathBuf};

use super::Outcome;
use super::inputs::InputArguments;
use crate::model::Resources;
use crate::output::to_json;
use crate::pipeline::{Extraction, Extractor};

/// Arguments of `extract`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pressgraph extract --format json release.txt newsroom.zip 'archive/**/*.html'")]
pub(super) struct Arguments {
    #[command(flatten)]
    inputs: InputArguments,
    /// Take names and entities from FILE (JSON Lines as this command prints, matched by the name of the file
    /// without its ending) and find only the relations.
    #[arg(long, value_name = "FILE")]
    mentions_from: Option<PathBuf>,
    /// Keep only facts of at least this confidence, from 0 to 1.
    #[arg(long, value_name = "P", default_value_t = 0.0)]
    min_confidence: f64,
}

pub(super) fn run(arguments: &Arguments, resources: &Resources) -> anyhow::Result<Outcome> {
    let extractor = Extractor::with(resources)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut outcome = Outcome::Done;
    let given = arguments.mentions_from.as_deref().map(super::mentions_from::read).transpose()?;
    for release in crate::input::releases(arguments.inputs.inputs()?, arguments.inputs.options(None)) {
        match release {
            Ok(release) => {
                let place = release.place.to_string();
                let stem = Path::new(&place).file_stem().unwrap_or_default().to_string_lossy();
                let mut extraction = match &given {
                    Some(given) => Extraction {
                        metadata: release.metadata.clone(),
                        ..extractor.extract_with(&release.text, given.get(stem.as_ref()).map_or(&[], Vec::as_slice))
                    },
                    None => extractor.extract_release(&release),
                };
                extraction.facts.retain(|fact| fact.confidence >= arguments.min_confidence);
                let json = to_json(&place, &extraction);
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
