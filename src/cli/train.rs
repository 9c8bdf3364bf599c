//! `pressgraph train`: the models from corpora.

mod morph;
pub(super) mod names;

use clap::Subcommand;

use super::Outcome;
use crate::model::Resources;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: pressgraph train names --marked my-marked --releases my-releases --output my-data/models/names.model
`pressgraph train morph --help` and `pressgraph train names --help` say what each needs."
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    model: Model,
}

#[derive(Debug, Subcommand)]
enum Model {
    /// Parts of speech, morphology and lemmas.
    Morph(morph::Arguments),
    /// Names: people, organisations, places, sites, products, programmes, events.
    Names(names::Arguments),
}

pub(super) fn run(arguments: &Arguments, resources: &Resources) -> anyhow::Result<Outcome> {
    match &arguments.model {
        Model::Morph(arguments) => morph::run(arguments, resources),
        Model::Names(arguments) => names::run(arguments, resources),
    }
}
