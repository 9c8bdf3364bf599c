use std::io::Write;

use super::Outcome;
use crate::evaluate::generate::releases;

/// Arguments of `generate`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pressgraph generate 20000 > synthetic.jsonl")]
pub(super) struct Arguments {
    /// How many releases.
    #[arg(value_name = "N")]
    count: usize,
    /// Another seed gives other releases.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Prints synthetic releases as JSON Lines, for measurements.
pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for release in releases(arguments.seed).take(arguments.count) {
        let json = serde_json::json!({
            "id": release.id,
            "title": release.title,
            "text": release.text,
            "date": release.date,
            "issuer": release.issuer,
        });
        writeln!(out, "{json}")?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}
