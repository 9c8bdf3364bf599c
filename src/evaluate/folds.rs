use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Gold;

/// Why the list of issuers could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FoldsError {
    /// The file system said no.
    #[error("{}: cannot read: {source}: a list of the columns `name` and `issuer` is needed", path.display())]
    Io {
        /// The list.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A release without an issuer.
    #[error("{}: no line for the release {stem}", path.display())]
    Missing {
        /// The list.
        path: PathBuf,
        /// The release.
        stem: String,
    },
}

/// Divides releases into folds of about the same length, no issuer in two of them, so that a model
/// is judged on issuers it has not seen. An issuer `A / B` goes with all that `A` or `B` issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folds {
    of: BTreeMap<String, usize>,
}

impl Folds {
    /// Divides `releases` into `count` folds by the tab-separated list `sources`, whose first columns
    /// are the names of the releases and their issuers.
    pub fn new(releases: &[Gold], sources: &Path, count: usize) -> Result<Self, FoldsError> {
        let list =
            std::fs::read_to_string(sources).map_err(|source| FoldsError::Io { path: sources.to_owned(), source })?;
        let issuers: BTreeMap<&str, &str> = list
            .lines()
            .filter_map(|line| {
                let mut columns = line.split('\t');
                Some((columns.next()?, columns.next()?))
            })
            .collect();
        // Each release with the smallest name among the issuers that its own are tied to.
        let mut tied: BTreeMap<&str, &str> = BTreeMap::new();
        for issuer in issuers.values() {
            let parts: Vec<&str> = issuer.split(" / ").collect();
            let roots: Vec<&str> = parts.iter().map(|part| *tied.get(part).unwrap_or(part)).collect();
            let Some(root) = roots.iter().min().copied() else { continue };
            tied.values_mut().filter(|old| roots.contains(*old)).for_each(|old| *old = root);
            tied.extend(parts.into_iter().map(|part| (part, root)));
        }
        let mut groups: BTreeMap<&str, (usize, Vec<&str>)> = BTreeMap::new();
        for release in releases {
            let issuer = issuers
                .get(release.stem.as_str())
                .ok_or_else(|| FoldsError::Missing { path: sources.to_owned(), stem: release.stem.clone() })?;
            let first = issuer.split(" / ").next().unwrap_or(issuer);
            let group = groups.entry(tied.get(first).unwrap_or(&first)).or_default();
            group.0 += release.text.len();
            group.1.push(&release.stem);
        }
        let mut sorted: Vec<(usize, Vec<&str>)> = groups.into_values().collect();
        sorted.sort_by_key(|group| std::cmp::Reverse(group.0));
        let mut sizes = vec![0; count.max(1)];
        let mut of = BTreeMap::new();
        for (size, stems) in sorted {
            let fold = (0..sizes.len()).min_by_key(|&fold| sizes[fold]).unwrap_or(0);
            sizes[fold] += size;
            of.extend(stems.into_iter().map(|stem| (stem.to_owned(), fold)));
        }
        Ok(Self { of })
    }

    /// The fold of a release, from 0; `None` for one that was not divided.
    pub fn of(&self, stem: &str) -> Option<usize> {
        self.of.get(stem).copied()
    }
}
