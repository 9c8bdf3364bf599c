use std::borrow::Cow;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

/// The folders of `data/` that extraction reads; what only training and people read stays out of the program.
static EMBEDDED: [(&str, Dir<'_>); 6] = [
    ("authorities", include_dir!("$CARGO_MANIFEST_DIR/data/authorities")),
    ("gazetteers", include_dir!("$CARGO_MANIFEST_DIR/data/gazetteers")),
    ("lexicons", include_dir!("$CARGO_MANIFEST_DIR/data/lexicons")),
    ("models", include_dir!("$CARGO_MANIFEST_DIR/data/models")),
    ("morphology", include_dir!("$CARGO_MANIFEST_DIR/data/morphology")),
    ("rules", include_dir!("$CARGO_MANIFEST_DIR/data/rules")),
];

/// The embedded folder that the path `name` below `data/` begins with, and the rest of the path.
fn embedded(name: &str) -> Option<(&'static Dir<'static>, &str)> {
    let (folder, rest) = name.split_once('/').unwrap_or((name, ""));
    EMBEDDED.iter().find(|(own, _)| *own == folder).map(|(_, dir)| (dir, rest))
}

/// Why a file of linguistic data could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ResourceError {
    /// The program was built without it.
    #[error("no data file {name}: it is neither in the data folder nor in the program")]
    Missing {
        /// Its name, relative to `data/`.
        name: String,
    },
    /// The file system said no.
    #[error("{}: {source}: check the folder given with --data", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A text file that is no UTF-8.
    #[error("data file {name}: not UTF-8: save it as UTF-8")]
    Encoding {
        /// Its name, relative to `data/`.
        name: String,
    },
}

/// Where the files of `data/` are read: first in a folder of the user's, if one is given, else in the program.
#[derive(Clone, Debug, Default)]
pub struct Resources {
    /// The later ones go before the earlier ones.
    folders: Vec<PathBuf>,
}

impl Resources {
    /// The files embedded in the program.
    pub fn embedded() -> Self {
        Self::default()
    }

    /// The files in `folder` where it has them, else the embedded ones.
    pub fn overridden_by(folder: impl Into<PathBuf>) -> Self {
        Self::default().and_overridden_by(folder)
    }

    /// The files in `folder` where it has them, else those known before.
    #[must_use]
    pub fn and_overridden_by(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folders.push(folder.into());
        self
    }

    /// The folders of the user's, the earlier before the later ones that go before them.
    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// The bytes of the file `name` (a path below `data/`, such as `rules/role.rules`).
    pub fn bytes(&self, name: &str) -> Result<Cow<'static, [u8]>, ResourceError> {
        let mut own = self.folders.iter().rev().map(|folder| folder.join(name));
        if let Some(path) = own.find(|path| path.is_file()) {
            return std::fs::read(&path).map(Cow::Owned).map_err(|source| ResourceError::Io { path, source });
        }
        match embedded(name).and_then(|(dir, rest)| dir.get_file(rest)) {
            Some(file) => Ok(Cow::Borrowed(file.contents())),
            None => Err(ResourceError::Missing { name: name.to_owned() }),
        }
    }

    /// The text of the file `name`.
    pub fn text(&self, name: &str) -> Result<Cow<'static, str>, ResourceError> {
        let encoding = |_| ResourceError::Encoding { name: name.to_owned() };
        match self.bytes(name)? {
            Cow::Borrowed(bytes) => str::from_utf8(bytes).map(Cow::Borrowed).map_err(encoding),
            Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).map_err(|error| encoding(error.utf8_error())),
        }
    }

    /// The names of the files directly in `folder` (below `data/`) that end in `.extension`, embedded
    /// and overriding, sorted, each once.
    pub fn list(&self, folder: &str, extension: &str) -> Vec<String> {
        let matches = |path: &Path| path.extension().is_some_and(|e| e == extension);
        let built_in =
            embedded(folder).and_then(|(dir, rest)| if rest.is_empty() { Some(dir) } else { dir.get_dir(rest) });
        let mut names: Vec<String> = built_in
            .into_iter()
            .flat_map(Dir::files)
            .filter(|file| matches(file.path()))
            .filter_map(|file| Some(format!("{folder}/{}", file.path().file_name()?.to_string_lossy())))
            .collect();
        for entries in self.folders.iter().filter_map(|own| std::fs::read_dir(own.join(folder)).ok()) {
            names.extend(
                entries
                    .flatten()
                    .filter(|entry| matches(&entry.path()))
                    .map(|entry| format!("{folder}/{}", entry.file_name().to_string_lossy())),
            );
        }
        names.sort();
        names.dedup();
        names
    }
}
