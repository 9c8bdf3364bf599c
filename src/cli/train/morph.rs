use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;

use crate::cli::Outcome;
use crate::model::{Container, Resources};
use crate::tag::MorphTagger;
use crate::tag::morph::LEXICON;
use crate::train::morph::{Settings, build_lexicon, provenance, train};
use crate::train::treebank;

/// Train the tagger of parts of speech, morphology and lemmas.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pressgraph train morph --treebank fr_sequoia-ud-train.conllu \
    --test fr_sequoia-ud-test.conllu --out data/morphology/morph.model")]
pub(super) struct Arguments {
    /// Treebank in CoNLL-U to learn from; may be given several times.
    #[arg(long = "treebank", value_name = "FILE", required = true)]
    treebanks: Vec<PathBuf>,
    /// Treebank in CoNLL-U to measure on; may be given several times.
    #[arg(long = "test", value_name = "FILE")]
    tests: Vec<PathBuf>,
    /// Lefff's forms (form, category, lemma, tags between tabs): builds the lexicon anew.
    #[arg(long, value_name = "FILE", requires_all = ["lefff_lemmas", "lexicon_out"])]
    lefff_forms: Option<PathBuf>,
    /// Lefff's lemmas (lemma, category), for the adverbs.
    #[arg(long, value_name = "FILE")]
    lefff_lemmas: Option<PathBuf>,
    /// Where to write the lexicon built with --lefff-forms.
    #[arg(long, value_name = "FILE")]
    lexicon_out: Option<PathBuf>,
    /// Where to write the model.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print each wrong word of the tests.
    #[arg(long)]
    errors: bool,
    /// Passes over the treebanks.
    #[arg(long, default_value_t = 10)]
    passes: usize,
    /// Seed of the order of sentences.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Steps of a weight per unit.
    #[arg(long, default_value_t = 4.0)]
    scale: f32,
    /// Words seen that often are classes of their own.
    #[arg(long, default_value_t = 25)]
    frequent: usize,
    /// Features seen less often are left out.
    #[arg(long, default_value_t = 2)]
    least: usize,
}

pub(super) fn run(arguments: &Arguments, resources: &Resources) -> anyhow::Result<Outcome> {
    let lexicon = match (&arguments.lefff_forms, &arguments.lefff_lemmas, &arguments.lexicon_out) {
        (Some(forms), Some(lemmas), Some(out)) => {
            let bytes = build_lexicon(forms, lemmas)?;
            std::fs::write(out, &bytes).with_context(|| out.display().to_string())?;
            writeln!(std::io::stderr(), "lexicon: {} bytes", bytes.len())?;
            Container::parse(bytes.into())?
        }
        _ => Container::parse(resources.bytes(LEXICON)?)?,
    };
    let settings = Settings {
        treebanks: arguments.treebanks.clone(),
        passes: arguments.passes,
        seed: arguments.seed,
        scale: arguments.scale,
        frequent: arguments.frequent,
        least: arguments.least,
    };
    let model = train(&settings, &lexicon, &|line| _ = writeln!(std::io::stderr(), "{line}"))?;
    let tagger = MorphTagger::from_containers(&Container::parse(model.clone().finish().into())?, &lexicon)?;
    let mut scores = Vec::new();
    for path in &arguments.tests {
        let mut report = |line: &str| {
            if arguments.errors {
                let _ = writeln!(std::io::stdout(), "{line}");
            }
        };
        let score = treebank::measure(&tagger, path, &mut report)?;
        writeln!(std::io::stdout(), "{}\t{score}", path.display())?;
        scores.push((path.clone(), score));
    }
    let bytes = model.provenance(&provenance(&settings, &scores)).finish();
    writeln!(std::io::stderr(), "model: {} bytes", bytes.len())?;
    if let Some(out) = &arguments.out {
        std::fs::write(out, &bytes).with_context(|| out.display().to_string())?;
    }
    Ok(Outcome::Done)
}
