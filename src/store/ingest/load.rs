//! The last stage: prepared releases to commits.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use oxigraph::model::NamedNode;

use super::super::Changes;
use super::{COMMIT_QUADS, IngestOptions, Item, Prepared, Progress, Refused, Report, copies, digest};
use crate::pipeline::Extractor;
use crate::store::{Store, StoreError};

/// Gathers releases and commits them when there are enough.
pub(super) struct Loader<'a> {
    pub(super) store: &'a Store,
    pub(super) extractor: &'a Extractor,
    pub(super) options: &'a IngestOptions,
    /// What the next commit brings, by IRI.
    pub(super) pending: BTreeMap<NamedNode, Prepared>,
    /// What the next commit removes.
    pub(super) leaving: BTreeSet<NamedNode>,
    quads: usize,
    report: Report,
    progress: Progress,
    /// Digests of the releases that this run has had.
    handled: HashSet<u128>,
}

impl<'a> Loader<'a> {
    pub(super) fn new(store: &'a Store, extractor: &'a Extractor, options: &'a IngestOptions) -> Self {
        Self {
            store,
            extractor,
            options,
            pending: BTreeMap::new(),
            leaving: BTreeSet::new(),
            quads: 0,
            report: Report::default(),
            progress: Progress::default(),
            handled: HashSet::new(),
        }
    }

    pub(super) fn progress(&self) -> Progress {
        self.progress
    }

    /// Takes what the stage before has made of a release.
    pub(super) fn take(&mut self, item: Item) -> Result<(), StoreError> {
        self.progress.read += 1;
        match item {
            Item::Refused(refusal) => self.report.refuse(&refusal),
            Item::Unchanged { iri } => {
                self.handled.insert(digest(iri.as_str()));
                self.report.unchanged += 1;
                self.progress.done += 1;
            }
            Item::Prepared(release) => return self.add(*release),
        }
        Ok(())
    }

    fn add(&mut self, release: Prepared) -> Result<(), StoreError> {
        if !self.handled.insert(digest(release.iri.as_str())) {
            let same = self.pending.get(&release.iri).is_some_and(|other| other.hash == release.hash);
            if same {
                self.report.unchanged += 1;
            } else {
                let reason = format!(
                    "an earlier release of this run has the same address <{}>: give each its own",
                    release.iri.as_str()
                );
                self.report.refused.push(Refused { path: release.place, code: "doubled".to_owned(), reason });
            }
            return Ok(());
        }
        self.quads += release.quads.len();
        self.pending.insert(release.iri.clone(), release);
        if self.pending.len() >= self.options.batch || self.quads >= COMMIT_QUADS {
            self.commit()?;
        }
        Ok(())
    }

    /// Marks a release for removal; what is not there is passed over.
    pub(super) fn withdraw(&mut self, release: &NamedNode) -> Result<(), StoreError> {
        let known = self.store.snapshot()?.object(
            release.as_ref(),
            crate::graph::vocabulary::pg::CONTENT_HASH,
            release.as_ref(),
        )?;
        if known.is_some() && self.leaving.insert(release.clone()) && self.leaving.len() >= self.options.batch {
            self.commit()?;
        }
        Ok(())
    }

    /// Commits what has been gathered, with what that changes in groups of copies.
    fn commit(&mut self) -> Result<(), StoreError> {
        if self.pending.is_empty() && self.leaving.is_empty() {
            return Ok(());
        }
        let settled = copies::settle(self)?;
        let mut changes = Changes { remove: settled.remove, insert: settled.insert };
        for release in self.leaving.iter().chain(self.pending.values().filter(|r| r.former.is_some()).map(|r| &r.iri)) {
            changes.remove.push(release.clone());
        }
        let (removed, inserted) = (changes.remove.len(), changes.insert.len());
        self.progress.quads += inserted;
        let touched = self.store.apply_joined(changes, self.extractor.authorities())?;
        tracing::info!(releases = self.pending.len(), removed, quads = inserted, "committed");
        // Only now, after the commit, it is done.
        let mut report = Report { copies: settled.copies, withdrawn: self.leaving.len(), ..Report::default() };
        report.changed = settled.changed;
        report.changed.extend(touched);
        for release in std::mem::take(&mut self.pending).into_values() {
            match release.former {
                Some(_) => report.replaced += 1,
                None => report.added += 1,
            }
            report.revise(&release);
            report.changed.push(release.iri.into_string());
            self.progress.done += 1;
        }
        tracing::debug!(added = report.added, replaced = report.replaced, withdrawn = report.withdrawn, "committed");
        report.changed.extend(std::mem::take(&mut self.leaving).into_iter().map(NamedNode::into_string));
        self.report.merge(report);
        self.quads = 0;
        Ok(())
    }

    /// Commits the rest.
    pub(super) fn finish(mut self) -> Result<Report, StoreError> {
        self.commit()?;
        Ok(self.report)
    }

    /// Commits the rest, and tells.
    pub(super) fn finish_with(mut self, progress: &mut impl FnMut(Progress)) -> Result<Report, StoreError> {
        self.commit()?;
        progress(self.progress);
        Ok(self.report)
    }
}
