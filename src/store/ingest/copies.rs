//! Copies: of the releases with nearly the same text, the one with the smallest IRI witnesses the
//! facts; the others are recorded, and take its place when it goes.
//!
//! Two releases belong together when their texts resemble each other, and a group is what hangs
//! together by that. This depends on the texts alone, so that groups and witnesses are the same
//! whatever the order in which the releases came and went.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use oxigraph::model::{Literal, NamedNode, NamedOrBlankNode, Quad, Term};

use super::load::{Batch, Committer};
use super::shingles::Shingles;
use super::text_of;
use crate::graph::{self, vocabulary::dct, vocabulary::nif, vocabulary::pg};
use crate::pipeline::Extractor;
use crate::read::{Metadata, Place, Release, Source};
use crate::store::identity::Joining;
use crate::store::{Snapshot, StoreError};
use crate::text::PartialDate;

/// The triples by which copies of a release are found.
pub(super) fn band_quads(release: &NamedNode, shingles: &Shingles) -> Vec<Quad> {
    let bands = shingles.bands().into_iter().map(|band| Literal::new_simple_literal(format!("{band:016x}")));
    bands.map(|band| Quad::new(release.clone(), pg::BAND, band, release.clone())).collect()
}

/// What a commit does with the releases that come, and with those that hang together with what comes or goes.
#[derive(Default)]
pub(super) struct Settled {
    /// Graphs of releases that were there and change their part.
    pub(super) remove: Vec<NamedNode>,
    /// By release.
    pub(super) insert: Vec<Vec<Quad>>,
    /// The names of those that were there and change.
    pub(super) changed: Vec<String>,
    /// Those that come and are copies, with their witnesses.
    pub(super) copies: BTreeMap<NamedNode, NamedNode>,
}

/// Releases that are loaded, and in the store only when all is committed: they can be copied, but not change any more.
#[derive(Default)]
pub(super) struct Recent {
    releases: Vec<(NamedNode, Shingles)>,
    /// Their numbers, by band.
    bands: HashMap<u64, Vec<usize>>,
    /// The copies among them: their witnesses.
    witnesses: BTreeMap<NamedNode, NamedNode>,
    /// Witnesses of these copies.
    copies: BTreeMap<NamedNode, Vec<NamedNode>>,
}

impl Recent {
    /// Adds a release; `witness` where it is a copy.
    pub(super) fn add(&mut self, release: NamedNode, shingles: Shingles, witness: Option<NamedNode>) {
        for band in shingles.bands() {
            self.bands.entry(band).or_default().push(self.releases.len());
        }
        if let Some(witness) = witness {
            self.copies.entry(witness.clone()).or_default().push(release.clone());
            self.witnesses.insert(release.clone(), witness);
        }
        self.releases.push((release, shingles));
    }

    /// Those that resemble a text.
    fn resembling(&self, shingles: &Shingles) -> BTreeSet<&NamedNode> {
        let bands = shingles.bands();
        let candidates: BTreeSet<usize> =
            bands.iter().filter_map(|band| self.bands.get(band)).flatten().copied().collect();
        // Invariant: the numbers are those of releases.
        let candidates = candidates.into_iter().map(|number| &self.releases[number]);
        candidates.filter(|(_, own)| own.resemble(shingles)).map(|(release, _)| release).collect()
    }
}

/// A release that was there and may change its part.
struct Member {
    shingles: Option<Shingles>,
    /// The witness, when it is a copy.
    copy_of: Option<NamedNode>,
    /// Whether it is loaded, but not in the store yet.
    recent: bool,
}

/// Finds the groups of what comes and goes, and the part of each of their members. `None` where one of the `recent` would have
/// to change: they must be in the store first.
pub(super) fn settle(
    committer: Committer<'_>,
    batch: &mut Batch,
    recent: &Recent,
    joining: &Joining<'_>,
) -> Result<Option<Settled>, StoreError> {
    let snapshot = committer.store.snapshot()?;
    let mut groups = Groups { snapshot: &snapshot, recent, joining, members: BTreeMap::new(), sets: Sets::default() };
    // Those that come, and what they replace, and those that go: their groups may fall apart.
    let mut broken = BTreeSet::new();
    let replaced = batch.pending.values().filter(|release| release.former.is_some()).map(|release| &release.iri);
    for release in batch.leaving.iter().chain(replaced) {
        broken.insert(groups.witness(release)?);
    }
    let touched = |iri: &NamedNode| batch.leaving.contains(iri) || batch.pending.contains_key(iri);
    for witness in &broken {
        groups.load(witness, &touched)?;
    }
    groups.reconnect()?;
    // What comes joins what it resembles.
    let mut bands: HashMap<u64, Vec<&NamedNode>> = HashMap::new();
    for (iri, release) in &batch.pending {
        let mut candidates = BTreeSet::new();
        for band in release.shingles.bands() {
            let others = bands.entry(band).or_default();
            candidates.extend(others.iter().copied());
            others.push(iri);
        }
        groups.sets.add(iri);
        for candidate in candidates {
            // Invariant: candidates are pending.
            if !groups.sets.same(iri, candidate) && batch.pending[candidate].shingles.resemble(&release.shingles) {
                groups.sets.join(iri, candidate);
            }
        }
        groups.join_stored(iri, &release.shingles, &touched)?;
    }
    if groups.change_recent() { Ok(None) } else { assign(groups, committer, batch).map(Some) }
}

/// The part of each member: the smallest IRI of a group is its witness.
fn assign(groups: Groups<'_>, committer: Committer<'_>, batch: &mut Batch) -> Result<Settled, StoreError> {
    let mut settled = Settled::default();
    for set in groups.sets.all() {
        let mut set = set.into_iter();
        let Some(witness) = set.next() else { continue };
        if let Some(release) = batch.pending.get_mut(&witness) {
            settled.insert.push(std::mem::take(&mut release.quads));
        } else if groups.members.get(&witness).is_some_and(|member| member.copy_of.is_some()) {
            let quads = promoted(groups.snapshot, &witness, committer)?;
            settled.change(&witness, quads);
        }
        for copy in set {
            if let Some(release) = batch.pending.get_mut(&copy) {
                let quads = std::mem::take(&mut release.quads);
                settled.insert.push(as_copy(quads, &copy, &witness));
                settled.copies.insert(copy, witness.clone());
            } else if groups.members.get(&copy).is_some_and(|member| member.copy_of.as_ref() != Some(&witness)) {
                let quads = groups.snapshot.quads(None, None, None, Some(copy.as_ref()));
                let quads = quads.collect::<Result<Vec<_>, _>>()?;
                settled.change(&copy, as_copy(quads, &copy, &witness));
            }
        }
    }
    Ok(settled)
}

impl Settled {
    fn change(&mut self, release: &NamedNode, quads: Vec<Quad>) {
        self.remove.push(release.clone());
        self.changed.push(release.as_str().to_owned());
        self.insert.push(quads);
    }
}

/// The groups that a commit touches.
struct Groups<'s> {
    snapshot: &'s Snapshot<'s>,
    recent: &'s Recent,
    joining: &'s Joining<'s>,
    /// The stored releases in them.
    members: BTreeMap<NamedNode, Member>,
    sets: Sets,
}

impl Groups<'_> {
    /// The witness of a stored release: itself unless it is a copy.
    fn witness(&self, release: &NamedNode) -> Result<NamedNode, StoreError> {
        let witness = self.snapshot.object(release.as_ref(), pg::COPY_OF, release.as_ref())?;
        Ok(match witness {
            Some(Term::NamedNode(witness)) => witness,
            _ => release.clone(),
        })
    }

    /// The stored members of a witness's group but those that come or go.
    fn stored(
        &self,
        witness: &NamedNode,
        touched: &impl Fn(&NamedNode) -> bool,
    ) -> Result<Vec<(NamedNode, Member)>, StoreError> {
        let mut members = Vec::new();
        if !touched(witness) && self.snapshot.has_graph(witness.as_ref())? {
            members.push((witness.clone(), Member { shingles: None, copy_of: None, recent: false }));
        }
        for quad in self.snapshot.quads(None, Some(pg::COPY_OF), Some(witness.as_ref().into()), None) {
            if let NamedOrBlankNode::NamedNode(copy) = quad?.subject
                && !touched(&copy)
            {
                members.push((copy, Member { shingles: None, copy_of: Some(witness.clone()), recent: false }));
            }
        }
        for copy in self.recent.copies.get(witness).into_iter().flatten() {
            members.push((copy.clone(), Member { shingles: None, copy_of: Some(witness.clone()), recent: true }));
        }
        Ok(members)
    }

    /// Loads a group from which something goes: what is left may hang together no longer.
    fn load(&mut self, witness: &NamedNode, touched: &impl Fn(&NamedNode) -> bool) -> Result<(), StoreError> {
        for (iri, mut member) in self.stored(witness, touched)? {
            member.shingles = self.shingles(&iri)?;
            self.sets.add(&iri);
            self.members.insert(iri, member);
        }
        Ok(())
    }

    /// Joins the members of loaded groups that resemble each other.
    fn reconnect(&mut self) -> Result<(), StoreError> {
        let mut bands: BTreeMap<u64, Vec<&NamedNode>> = BTreeMap::new();
        for (iri, member) in &self.members {
            for band in member.shingles.iter().flat_map(Shingles::bands) {
                bands.entry(band).or_default().push(iri);
            }
        }
        for (iri, member) in &self.members {
            let Some(shingles) = &member.shingles else { continue };
            for other in shingles.bands().iter().filter_map(|band| bands.get(band)).flatten() {
                let resemble = || {
                    let other = self.members.get(*other).and_then(|other| other.shingles.as_ref());
                    other.is_some_and(|other| other.resemble(shingles))
                };
                if !self.sets.same(iri, other) && resemble() {
                    self.sets.join(iri, other);
                }
            }
        }
        Ok(())
    }

    /// Joins a release that comes with the stored ones that it resembles, each with its whole group.
    fn join_stored(
        &mut self,
        iri: &NamedNode,
        shingles: &Shingles,
        touched: &impl Fn(&NamedNode) -> bool,
    ) -> Result<(), StoreError> {
        let mut candidates = BTreeSet::new();
        for band in self.joining.known_bands(&shingles.bands())? {
            let band = Literal::new_simple_literal(format!("{band:016x}"));
            for quad in self.snapshot.quads(None, Some(pg::BAND), Some((&band).into()), None) {
                if let NamedOrBlankNode::NamedNode(candidate) = quad?.subject
                    && !touched(&candidate)
                {
                    candidates.insert(candidate);
                }
            }
        }
        for candidate in candidates {
            let known = self.members.contains_key(&candidate);
            if known && self.sets.same(iri, &candidate) {
                continue;
            }
            let own = match self.members.get(&candidate).and_then(|member| member.shingles.clone()) {
                Some(own) => Some(own),
                None => self.shingles(&candidate)?,
            };
            if !own.is_some_and(|own| own.resemble(shingles)) {
                continue;
            }
            if !known {
                // Its group is whole: nothing of it goes, else it would have been loaded.
                let witness = self.witness(&candidate)?;
                for (member, part) in self.stored(&witness, touched)? {
                    self.sets.add(&member);
                    self.sets.join(&candidate, &member);
                    self.members.insert(member, part);
                }
            }
            self.sets.join(iri, &candidate);
        }
        for candidate in self.recent.resembling(shingles) {
            self.join_group(candidate, touched)?;
            self.sets.join(iri, candidate);
        }
        Ok(())
    }

    /// Takes a recent release in, with its whole group.
    fn join_group(&mut self, candidate: &NamedNode, touched: &impl Fn(&NamedNode) -> bool) -> Result<(), StoreError> {
        if self.members.contains_key(candidate) {
            return Ok(());
        }
        let copy_of = self.recent.witnesses.get(candidate).cloned();
        let witness = copy_of.clone().unwrap_or_else(|| candidate.clone());
        self.sets.add(candidate);
        self.members.insert(candidate.clone(), Member { shingles: None, copy_of, recent: true });
        let mut group = self.stored(&witness, touched)?;
        if !self.snapshot.has_graph(witness.as_ref())? {
            group.push((witness, Member { shingles: None, copy_of: None, recent: true }));
        }
        for (member, part) in group {
            self.sets.join(candidate, &member);
            self.members.entry(member).or_insert(part);
        }
        Ok(())
    }

    /// Whether one of the recent would change its part.
    fn change_recent(&self) -> bool {
        self.members.iter().filter(|(_, member)| member.recent).any(|(release, member)| {
            let witness = self.sets.find(release);
            let part = (witness != *release).then_some(witness);
            part != member.copy_of
        })
    }

    fn shingles(&self, release: &NamedNode) -> Result<Option<Shingles>, StoreError> {
        let text = text_of(self.snapshot.object(release.as_ref(), nif::IS_STRING, release.as_ref())?);
        Ok(text.map(|text| Shingles::new(&text)))
    }
}

/// Disjoint sets of releases (union by the smaller name).
#[derive(Default)]
struct Sets {
    parents: BTreeMap<NamedNode, NamedNode>,
}

impl Sets {
    fn add(&mut self, release: &NamedNode) {
        self.parents.entry(release.clone()).or_insert_with(|| release.clone());
    }

    /// The smallest member of the set, as far as it is joined.
    fn find(&self, release: &NamedNode) -> NamedNode {
        let mut at = release;
        while let Some(parent) = self.parents.get(at).filter(|parent| *parent != at) {
            at = parent;
        }
        at.clone()
    }

    fn same(&self, a: &NamedNode, b: &NamedNode) -> bool {
        self.find(a) == self.find(b)
    }

    fn join(&mut self, a: &NamedNode, b: &NamedNode) {
        self.add(a);
        self.add(b);
        let (a, b) = (self.find(a), self.find(b));
        let (small, large) = if a < b { (a, b) } else { (b, a) };
        self.parents.insert(large, small);
    }

    /// The sets, each sorted.
    fn all(&self) -> Vec<BTreeSet<NamedNode>> {
        let mut sets: BTreeMap<NamedNode, BTreeSet<NamedNode>> = BTreeMap::new();
        for release in self.parents.keys() {
            sets.entry(self.find(release)).or_default().insert(release.clone());
        }
        sets.into_values().collect()
    }
}

/// What is recorded of a copy: who it is, its text, and of which release it is a copy.
fn as_copy(quads: Vec<Quad>, copy: &NamedNode, witness: &NamedNode) -> Vec<Quad> {
    let mut kept: Vec<Quad> = quads.into_iter().filter(|quad| is_head(quad, copy)).collect();
    kept.push(Quad::new(copy.clone(), pg::COPY_OF, witness.clone(), copy.clone()));
    kept
}

/// Whether a quad says who the release is, not what it says.
fn is_head(quad: &Quad, release: &NamedNode) -> bool {
    let subject = matches!(&quad.subject, NamedOrBlankNode::NamedNode(subject) if subject == release);
    subject && quad.predicate != dct::PUBLISHER && quad.predicate != pg::COPY_OF
}

/// The full graph of a copy that becomes the witness: extracted from the text that is kept of it.
fn promoted(snapshot: &Snapshot<'_>, release: &NamedNode, committer: Committer<'_>) -> Result<Vec<Quad>, StoreError> {
    let stored = snapshot.quads(None, None, None, Some(release.as_ref())).collect::<Result<Vec<_>, _>>()?;
    let mut quads: Vec<Quad> = stored.into_iter().filter(|quad| is_head(quad, release)).collect();
    let extracted = extract_again(&quads, release, committer.extractor, &committer.options.graph);
    quads.extend(extracted.into_iter().filter(|quad| !is_head(quad, release)));
    Ok(quads)
}

fn extract_again(head: &[Quad], iri: &NamedNode, extractor: &Extractor, options: &graph::Options) -> Vec<Quad> {
    let value = |predicate: oxigraph::model::NamedNodeRef<'_>| {
        let quad = head.iter().find(|quad| quad.predicate == predicate)?;
        text_of(Some(quad.object.clone()))
    };
    let release = Release {
        source: Source::default(),
        text: value(nif::IS_STRING).unwrap_or_default(),
        metadata: Metadata {
            title: value(dct::TITLE),
            issued: value(dct::ISSUED).and_then(|date| partial_date(&date)),
            issuer: value(pg::STATED_PUBLISHER),
            language: value(dct::LANGUAGE),
            ..Metadata::default()
        },
        place: Place::default(),
    };
    graph::release_quads(iri, &release, &extractor.extract_release(&release), options)
}

/// A date as the graph has it.
fn partial_date(text: &str) -> Option<PartialDate> {
    let mut parts = text.split('-');
    Some(PartialDate {
        year: parts.next()?.parse().ok()?,
        month: parts.next().and_then(|month| month.parse().ok()),
        day: parts.next().and_then(|day| day.parse().ok()),
    })
}
