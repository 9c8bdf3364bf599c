use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::cli::Outcome;
use crate::evaluate::Gold;
use crate::model::Resources;
use crate::train::{names, read_conll, read_marked};

/// Arguments of `train names`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: pressgraph train names --conll news.conll --releases my-releases --output my-data/models/names.model
Then: pressgraph --data my-data extract release.txt"
)]
pub(in crate::cli) struct Arguments {
    /// Where to write the model.
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    data: Data,
}

/// What to train on, and how.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Data {
    /// A corpus: one token, a tab and its BIO tag a line (may be given more than once).
    #[arg(long, value_name = "FILE")]
    conll: Vec<PathBuf>,
    /// A folder of annotated releases, NAME.txt and NAME.json (may be given more than once).
    #[arg(long, value_name = "DIR")]
    releases: Vec<PathBuf>,
    /// A release whose names are marked (`[Marie Durand|Person]`), or a folder of such files, NAME.marked (may be given more
    /// than once).
    #[arg(long, value_name = "PATH")]
    marked: Vec<PathBuf>,
    /// Fixes all that is random.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What the provenance of the model says beyond data and options, such as licences.
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// Options of the training, such as `hidden=64`; a wrong name lists them.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    options: Vec<String>,
}

impl Data {
    /// Reads the corpora and the releases.
    pub(in crate::cli) fn texts(&self) -> anyhow::Result<names::Texts> {
        let mut texts = names::Texts::default();
        for path in &self.conll {
            texts.corpora.extend(read_conll(path)?);
        }
        for folder in &self.releases {
            texts.releases.extend(Gold::read_folder(folder)?);
        }
        for path in &self.marked {
            texts.marked.extend(read_marked(path)?);
        }
        Ok(texts)
    }

    /// The options of the training.
    pub(in crate::cli) fn options(&self) -> anyhow::Result<names::Options> {
        let mut options = names::Options { seed: self.seed, ..names::Options::default() };
        for setting in &self.options {
            let (name, value) =
                setting.split_once('=').with_context(|| format!("--set {setting}: write NAME=VALUE"))?;
            options.set(name, value).map_err(|error| anyhow::anyhow!("--set {setting}: {error}"))?;
        }
        Ok(options)
    }

    /// What a model of this data is made from, as JSON.
    pub(in crate::cli) fn provenance(&self, texts: &names::Texts) -> anyhow::Result<String> {
        let options = self.options()?;
        let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let corpora: Vec<String> = self.conll.iter().map(name).collect();
        let folders: Vec<String> = self.releases.iter().map(name).collect();
        let value = serde_json::json!({
            "program": concat!("pressgraph ", env!("CARGO_PKG_VERSION")),
            "corpora": corpora,
            "texts_of_corpora": texts.corpora.len(),
            "folders_of_releases": folders,
            "annotated_releases": texts.releases.len(),
            "marked_releases": texts.marked.len(),
            "note": self.note,
            "seed": options.seed,
            "options": format!("{options:?}"),
        });
        Ok(value.to_string())
    }
}

pub(in crate::cli) fn run(arguments: &Arguments, resources: &Resources) -> anyhow::Result<Outcome> {
    let texts = arguments.data.texts()?;
    if texts.corpora.is_empty() && texts.releases.is_empty() && texts.marked.is_empty() {
        anyhow::bail!("there is nothing to learn from: give --conll, --releases or --marked");
    }
    let provenance = arguments.data.provenance(&texts)?;
    let model = names::train(&texts, resources, &arguments.data.options()?, &provenance)?;
    write(&arguments.output, &model)?;
    writeln!(std::io::stdout(), "{}: {} bytes", arguments.output.display(), model.len())?;
    Ok(Outcome::Done)
}

/// Writes a model and the folder it lies in.
pub(in crate::cli) fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("{}: cannot create", folder.display()))?;
    }
    std::fs::write(path, bytes).with_context(|| format!("{}: cannot write", path.display()))
}
