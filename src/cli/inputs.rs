//! The arguments by which commands name what they read.

use std::path::{Path, PathBuf};

use crate::input::{Input, Options};

/// What to read: shared by all commands that read releases.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct InputArguments {
    /// Files, folders, archives, patterns such as 'in/**/*.html'; - is the standard input.
    #[arg(required_unless_present = "files_from", value_name = "PATH")]
    paths: Vec<String>,
    /// Also read the files that FILE lists, one per line or separated by NUL; - is the standard input.
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,
    /// Name of the collection that the releases belong to; else each folder is one.
    #[arg(long, value_name = "NAME")]
    collection: Option<String>,
    /// Accept releases in other languages than French.
    #[arg(long)]
    any_language: bool,
}

impl std::fmt::Display for InputArguments {
    /// What was named, for messages.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.paths.join(", "))?;
        self.files_from.as_ref().map_or(Ok(()), |list| write!(f, " (files of {})", list.display()))
    }
}

impl InputArguments {
    /// The inputs in the order given.
    pub(super) fn inputs(&self) -> anyhow::Result<Vec<Input>> {
        let mut inputs: Vec<Input> = self.paths.iter().map(|path| Input::from_argument(path)).collect();
        inputs.extend(self.files_from.clone().map(Input::List));
        let is_stdin = |input: &&Input| **input == Input::Stdin || **input == Input::List("-".into());
        anyhow::ensure!(
            inputs.iter().filter(is_stdin).count() < 2,
            "the standard input can be read once: give - only one time"
        );
        Ok(inputs)
    }

    /// How to read; names of collections are relative to `root`, else to the working folder.
    pub(super) fn options(&self, root: Option<&Path>) -> Options {
        Options {
            collection: self.collection.clone(),
            root: root.map(Path::to_path_buf),
            any_language: self.any_language,
            ..Options::default()
        }
    }
}
