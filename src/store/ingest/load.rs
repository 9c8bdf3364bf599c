//! The last stages: prepared releases are gathered into batches, and each batch is committed.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::mpsc::{Receiver, Sender, SyncSender};

use oxigraph::model::{NamedNode, Quad};

use super::super::Changes;
use super::copies::{Recent, Settled};
use super::{IngestOptions, Item, PART_QUADS, Prepared, Progress, Refused, Report, copies, digest};
use crate::entities::authority::Authorities;
use crate::identity::Record;
use crate::pipeline::Extractor;
use crate::store::identity::{Joining, records_of_releases};
use crate::store::{Bulk, Store, StoreError};

/// How many quads the bulk loader is given at a time: of so many it makes a file per index.
const LOAD_QUADS: usize = 350_000;
/// From so many bytes on, the database's log is written to its files during a run: seldom, because each time it merges them.
const RUN_LOG: u64 = 64 << 20;
/// How many entities are joined at a time.
const JOIN_RECORDS: usize = 10_000;

/// What one commit does.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// What it brings, by IRI.
    pub(super) pending: BTreeMap<NamedNode, Prepared>,
    /// What it removes.
    pub(super) leaving: BTreeSet<NamedNode>,
    quads: usize,
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.pending.is_empty() && self.leaving.is_empty()
    }
}

/// What has become of a batch: a report, and how many quads were inserted.
pub(super) type Committed = Result<(Report, usize), StoreError>;

/// Commits batches.
#[derive(Clone, Copy)]
pub(super) struct Committer<'a> {
    pub(super) store: &'a Store,
    pub(super) extractor: &'a Extractor,
    pub(super) options: &'a IngestOptions,
}

impl Committer<'_> {
    /// Commits batches as they come, until no more do or one fails.
    pub(super) fn run(self, batches: &Receiver<Batch>, done: &Sender<Committed>) {
        let mut group = Group::new(self);
        for batch in batches {
            let added = group.add(batch);
            let failed = added.is_err();
            if failed || group.is_full() {
                let committed = added.and_then(|()| group.commit());
                let failed = committed.is_err();
                if done.send(committed).is_err() || failed {
                    return;
                }
            }
        }
        // Nobody may listen any more.
        let _ = done.send(group.commit());
    }

    /// Commits one batch.
    fn commit(self, batch: Batch) -> Committed {
        let mut group = Group::new(self);
        group.add(batch)?;
        group.commit()
    }
}

/// Batches that are committed together. New releases are given to the bulk loader a part at a time, which bounds the memory;
/// they are there when the group is committed, at once: the more at a time, the less often the database merges its files.
struct Group<'a> {
    committer: Committer<'a>,
    loading: Option<Loading<'a>>,
    /// Which releases those are.
    recent: Recent,
    quads: usize,
    report: Report,
}

/// What is loaded and not yet committed.
struct Loading<'a> {
    bulk: Bulk<'a>,
    joining: Joining<'a>,
    /// What the loader is given next, by release.
    quads: Vec<Vec<Quad>>,
    /// How many those are.
    count: usize,
    /// What is joined next.
    records: Vec<Record>,
}

impl<'a> Loading<'a> {
    fn new(store: &'a Store, joining: Joining<'a>) -> Self {
        Self { bulk: store.bulk(LOAD_QUADS), joining, quads: Vec::new(), count: 0, records: Vec::new() }
    }

    /// Takes new releases.
    fn add(&mut self, releases: Vec<Vec<Quad>>, authorities: &Authorities) -> Result<(), StoreError> {
        self.joining.note_bands(releases.iter().flatten())?;
        self.records.extend(records_of_releases(&releases));
        self.count += count(&releases);
        self.quads.extend(releases);
        if self.records.len() >= JOIN_RECORDS {
            self.join(authorities)?;
        }
        if self.count < LOAD_QUADS { Ok(()) } else { self.load() }
    }

    /// Adds what follows for the identities.
    fn join(&mut self, authorities: &Authorities) -> Result<(), StoreError> {
        let records = std::mem::take(&mut self.records);
        let quads = self.joining.join(authorities, (&[], &records), &[])?;
        self.count += quads.len();
        self.quads.push(quads);
        Ok(())
    }

    fn load(&mut self) -> Result<(), StoreError> {
        self.count = 0;
        self.bulk.load(std::mem::take(&mut self.quads).into_iter().flatten())
    }

    fn commit(mut self, authorities: &Authorities) -> Result<BTreeSet<String>, StoreError> {
        self.join(authorities)?;
        self.joining.commit(self.bulk, self.quads.into_iter().flatten().collect())
    }
}

fn count(releases: &[Vec<Quad>]) -> usize {
    releases.iter().map(Vec::len).sum()
}

impl<'a> Group<'a> {
    fn new(committer: Committer<'a>) -> Self {
        Self { committer, loading: None, recent: Recent::default(), quads: 0, report: Report::default() }
    }

    fn is_full(&self) -> bool {
        self.report.added + self.report.replaced >= self.committer.options.batch
    }

    /// Loads a batch, with what it changes in groups of copies; what the bulk loader cannot do is committed at once.
    fn add(&mut self, mut batch: Batch) -> Result<(), StoreError> {
        let is_new = batch.leaving.is_empty() && batch.pending.values().all(|release| release.former.is_none());
        if !is_new {
            self.commit_bulk()?;
        }
        let (settled, begun) = match self.settle(&mut batch)? {
            (Some(settled), begun) => (settled, begun),
            (None, _) => {
                self.commit_bulk()?;
                // Invariant: without recent releases none of them would have to change.
                let (settled, begun) = self.settle(&mut batch)?;
                (settled.unwrap_or_default(), begun)
            }
        };
        let mut remove = settled.remove;
        let replaced = batch.pending.values().filter(|release| release.former.is_some()).map(|release| &release.iri);
        remove.extend(batch.leaving.iter().chain(replaced).cloned());
        self.quads += count(&settled.insert);
        self.load(remove, settled.insert, begun)?;
        self.report.copies += settled.copies.len();
        self.report.withdrawn += batch.leaving.len();
        self.report.changed.extend(settled.changed);
        for release in batch.pending.into_values() {
            match release.former {
                Some(_) => self.report.replaced += 1,
                None => self.report.added += 1,
            }
            self.report.revise(&release);
            self.report.changed.push(release.iri.as_str().to_owned());
            if self.loading.is_some() {
                let witness = settled.copies.get(&release.iri).cloned();
                self.recent.add(release.iri, release.shingles, witness);
            }
        }
        self.report.changed.extend(batch.leaving.into_iter().map(NamedNode::into_string));
        Ok(())
    }

    /// Finds what is a copy of what; gives the change of the identities that was begun for it, where none was before.
    fn settle(&self, batch: &mut Batch) -> Result<(Option<Settled>, Option<Joining<'a>>), StoreError> {
        if let Some(loading) = &self.loading {
            return Ok((copies::settle(self.committer, batch, &self.recent, &loading.joining)?, None));
        }
        let joining = self.committer.store.joining()?;
        Ok((copies::settle(self.committer, batch, &self.recent, &joining)?, Some(joining)))
    }

    /// Gives releases to the bulk loader, or commits them and the removal of graphs. `begun` is there where nothing is being loaded.
    fn load(
        &mut self,
        remove: Vec<NamedNode>,
        insert: Vec<Vec<Quad>>,
        mut begun: Option<Joining<'a>>,
    ) -> Result<(), StoreError> {
        let (store, authorities) = (self.committer.store, self.committer.extractor.authorities());
        if self.loading.is_none() && remove.is_empty() && store.is_bulk(count(&insert)) {
            let joining = begun.take().map_or_else(|| store.joining(), Ok)?;
            self.loading = Some(Loading::new(store, joining));
        }
        match &mut self.loading {
            Some(loading) if remove.is_empty() => return loading.add(insert, authorities),
            Some(_) => self.commit_bulk()?,
            None => {}
        }
        let joining = begun.map_or_else(|| store.joining(), Ok)?;
        let changes = Changes { remove, insert: insert.into_iter().flatten().collect() };
        self.report.changed.extend(store.apply_joining(joining, changes, authorities)?);
        Ok(())
    }

    /// Commits what is loaded.
    fn commit_bulk(&mut self) -> Result<(), StoreError> {
        if let Some(loading) = self.loading.take() {
            self.recent = Recent::default();
            let authorities = self.committer.extractor.authorities();
            self.report.changed.extend(loading.commit(authorities)?);
        }
        Ok(())
    }

    /// Commits the group. Only now it is done.
    fn commit(&mut self) -> Committed {
        self.commit_bulk()?;
        // The database keeps in memory what is only in its log: this bounds it.
        self.committer.store.flush_log(RUN_LOG)?;
        let (report, quads) = (std::mem::take(&mut self.report), std::mem::take(&mut self.quads));
        let Report { added, replaced, withdrawn, .. } = report;
        tracing::info!(added, replaced, withdrawn, quads, "committed");
        Ok((report, quads))
    }
}

/// Where full batches go.
enum Sink {
    /// They are committed at once.
    Here,
    /// A thread commits them while the next is gathered; at most one waits.
    Thread(SyncSender<Batch>, Receiver<Committed>),
}

/// Gathers releases into batches.
pub(super) struct Loader<'a> {
    committer: Committer<'a>,
    sink: Sink,
    batch: Batch,
    report: Report,
    progress: Progress,
    /// Digests of the releases that this run has had.
    handled: HashSet<u128>,
}

impl<'a> Loader<'a> {
    /// A loader that commits on the caller's thread.
    pub(super) fn new(committer: Committer<'a>) -> Self {
        Self {
            committer,
            sink: Sink::Here,
            batch: Batch::default(),
            report: Report::default(),
            progress: Progress::default(),
            handled: HashSet::new(),
        }
    }

    /// A loader whose batches are taken by a thread that runs [`Committer::run`].
    pub(super) fn with_thread(committer: Committer<'a>, batches: SyncSender<Batch>, done: Receiver<Committed>) -> Self {
        Self { sink: Sink::Thread(batches, done), ..Self::new(committer) }
    }

    /// How far the run has come.
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
            let same = self.batch.pending.get(&release.iri).is_some_and(|other| other.hash == release.hash);
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
        self.batch.quads += release.quads.len();
        self.batch.pending.insert(release.iri.clone(), release);
        let IngestOptions { batch, part, .. } = *self.committer.options;
        if self.batch.pending.len() >= batch.min(part) || self.batch.quads >= PART_QUADS {
            self.commit()?;
        }
        Ok(())
    }

    /// Marks a release for removal; what is not there is passed over.
    pub(super) fn withdraw(&mut self, release: &NamedNode) -> Result<(), StoreError> {
        let known = self.committer.store.snapshot()?.object(
            release.as_ref(),
            crate::graph::vocabulary::pg::CONTENT_HASH,
            release.as_ref(),
        )?;
        let full = |leaving: &BTreeSet<_>| leaving.len() >= self.committer.options.part;
        if known.is_some() && self.batch.leaving.insert(release.clone()) && full(&self.batch.leaving) {
            self.commit()?;
        }
        Ok(())
    }

    /// Commits what has been gathered, or has it committed.
    fn commit(&mut self) -> Result<(), StoreError> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = std::mem::take(&mut self.batch);
        let committed = match &self.sink {
            Sink::Here => vec![self.committer.commit(batch)],
            Sink::Thread(batches, done) => {
                // Refused by a thread that has ended: its error is the last thing in the other channel.
                let _ = batches.send(batch);
                done.try_iter().collect()
            }
        };
        committed.into_iter().try_for_each(|committed| self.note(committed))
    }

    fn note(&mut self, committed: Committed) -> Result<(), StoreError> {
        let (report, quads) = committed?;
        self.progress.done += report.added + report.replaced;
        self.progress.quads += quads;
        self.report.merge(report);
        Ok(())
    }

    /// Commits the rest, and tells.
    pub(super) fn finish(mut self, mut tell: impl FnMut(Progress)) -> Result<Report, StoreError> {
        self.commit()?;
        if let Sink::Thread(batches, done) = std::mem::replace(&mut self.sink, Sink::Here) {
            drop(batches);
            for committed in done {
                self.note(committed)?;
                tell(self.progress);
            }
        }
        tell(self.progress);
        self.report.changed.sort();
        self.report.changed.dedup();
        Ok(self.report)
    }
}
