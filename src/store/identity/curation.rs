//! What analysts decide: joins confirmed or forbidden, kept as triples of their own.

use std::collections::BTreeSet;

use oxigraph::model::{Literal, NamedNode, NamedOrBlankNode, Quad, Term};

use super::{Graphs, StoreIndex};
use crate::entities::authority::Authorities;
use crate::graph::vocabulary::{pg, skos};
use crate::identity::{Decision, Key, Property, Side, Signature, SignatureId, Verdict};
use crate::store::{Changes, Snapshot, Store, StoreError};

/// Why a decision could not be made.
#[derive(Debug, thiserror::Error)]
pub enum CurationError {
    /// There is no such thing.
    #[error("{iri}: no identity and no entity of a release: `pressgraph identity list` shows them")]
    Unknown {
        /// As the user gave it.
        iri: String,
    },
    /// What the two are known by is the same.
    #[error("{left} and {right} have the same name and context: nothing tells them apart")]
    Alike {
        /// The one.
        left: String,
        /// The other.
        right: String,
    },
    /// No such decision was made.
    #[error(
        "no decision was made about {left} and {right}: `pressgraph identity list --decisions` shows those that were"
    )]
    NoDecision {
        /// The one.
        left: String,
        /// The other.
        right: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An identity and what it is known as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its IRI.
    pub iri: String,
    /// The name of its entity type.
    pub kind: String,
    /// Its preferred name.
    pub name: String,
    /// Its other names, sorted.
    pub other_names: Vec<String>,
    /// How many entities of releases it is.
    pub entities: usize,
}

/// What of an identity was joined, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name as written.
    pub name: String,
    /// What tells it: identifiers, context.
    pub context: String,
    /// From 0 to 1.
    pub score: String,
    /// Why it was joined; empty for the first of an identity.
    pub reason: String,
    /// The entities of releases.
    pub entities: Vec<String>,
}

/// A decision with its IRI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Curated {
    /// Its IRI.
    pub iri: String,
    /// What was decided.
    pub decision: Decision,
}

/// The decisions in the store, sorted.
pub(super) fn decisions(snapshot: &Snapshot<'_>, graphs: &Graphs) -> Result<Vec<Decision>, StoreError> {
    Ok(curated(snapshot, graphs)?.into_iter().map(|curated| curated.decision).collect())
}

fn curated(snapshot: &Snapshot<'_>, graphs: &Graphs) -> Result<Vec<Curated>, StoreError> {
    let mut out = Vec::new();
    for quad in snapshot.quads(None, Some(pg::VERDICT), None, Some(graphs.curation.as_ref())) {
        let quad = quad?;
        let (NamedOrBlankNode::NamedNode(iri), Term::Literal(verdict)) = (&quad.subject, &quad.object) else {
            continue;
        };
        let side = |predicate| -> Result<Option<Side>, StoreError> {
            let object = snapshot.object(iri.as_ref(), predicate, graphs.curation.as_ref())?;
            Ok(match object {
                Some(Term::Literal(text)) => Side::parse(text.value()),
                _ => None,
            })
        };
        if let (Some(left), Some(right)) = (side(pg::LEFT)?, side(pg::RIGHT)?) {
            let verdict = if verdict.value() == Verdict::Same.as_str() { Verdict::Same } else { Verdict::Different };
            out.push(Curated { iri: iri.as_str().to_owned(), decision: Decision { verdict, left, right } });
        }
    }
    out.sort_by(|a, b| a.iri.cmp(&b.iri));
    Ok(out)
}

impl Store {
    /// The identities whose preferred name contains `name` (whatever its case), sorted by name; all where it is empty.
    ///
    /// # Errors
    /// When the database fails.
    pub fn identities(&self, name: &str) -> Result<Vec<Identity>, StoreError> {
        let snapshot = self.snapshot()?;
        let graphs = Graphs::new(self.base());
        let index = StoreIndex::new(&snapshot, &graphs);
        let wanted = name.to_lowercase();
        let mut out = Vec::new();
        for quad in snapshot.quads(None, Some(skos::PREF_LABEL), None, Some(graphs.identity.as_ref())) {
            let quad = quad?;
            let (NamedOrBlankNode::NamedNode(iri), Term::Literal(name)) = (&quad.subject, &quad.object) else {
                continue;
            };
            if !name.value().to_lowercase().contains(&wanted) {
                continue;
            }
            let iri = iri.as_str().to_owned();
            let mut other_names = index.values(&iri, Property::OtherName)?;
            other_names.sort();
            let kind = index.values(&iri, Property::Kind)?.into_iter().next().unwrap_or_default();
            let entities = index.subjects(Property::Identity, &iri)?.len();
            out.push(Identity { iri, kind, name: name.value().to_owned(), other_names, entities });
        }
        out.sort_by(|a, b| (&a.name, &a.iri).cmp(&(&b.name, &b.iri)));
        Ok(out)
    }

    /// What an identity was joined from, and why, the surest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn members(&self, identity: &str) -> Result<Vec<Member>, StoreError> {
        let snapshot = self.snapshot()?;
        let graphs = Graphs::new(self.base());
        let index = StoreIndex::new(&snapshot, &graphs);
        let mut out = Vec::new();
        for hash in index.subjects(Property::BelongsTo, identity)? {
            let one = |property| -> Result<String, StoreError> {
                Ok(index.values(&hash, property)?.into_iter().next().unwrap_or_default())
            };
            let Some(signature) = Signature::parse(&one(Property::Text)?) else { continue };
            let mut entities = index.subjects(Property::Signature, &hash)?;
            entities.sort();
            let shown = signature.identifiers.iter().chain(&signature.context).chain(&signature.surroundings);
            out.push(Member {
                name: signature.label.clone(),
                context: shown.cloned().collect::<Vec<_>>().join(", "),
                score: Some(one(Property::Score)?).filter(|score| !score.is_empty()).unwrap_or_else(|| "1".to_owned()),
                reason: one(Property::Reason)?,
                entities,
            });
        }
        out.sort_by(|a, b| (&b.score, &a.name, &a.context).cmp(&(&a.score, &b.name, &b.context)));
        Ok(out)
    }

    /// The decisions of analysts, sorted.
    ///
    /// # Errors
    /// When the database fails.
    pub fn decisions(&self) -> Result<Vec<Curated>, StoreError> {
        let snapshot = self.snapshot()?;
        curated(&snapshot, &Graphs::new(self.base()))
    }

    /// Records that two things, each an identity or an entity of a release (IRIs), are one or are two, and joins anew.
    ///
    /// # Errors
    /// When there is no such thing, nothing tells the two apart, or the store fails.
    pub fn decide(
        &self,
        verdict: Verdict,
        left: &str,
        right: &str,
        authorities: &Authorities,
    ) -> Result<(), CurationError> {
        let snapshot = self.snapshot()?;
        let (mut one, mut other) = (self.side(&snapshot, left)?, self.side(&snapshot, right)?);
        if (&one.kind, &one.key) == (&other.kind, &other.key) {
            // Of one name: what the one has and the other lacks must tell them.
            let (told, told_other) = (self.told(&snapshot, left)?, self.told(&snapshot, right)?);
            if let Some(own) = told.iter().find(|element| !told_other.contains(*element)) {
                one.context.clone_from(own);
            }
            if let Some(own) = told_other.iter().find(|element| !told.contains(*element)) {
                other.context.clone_from(own);
            }
        }
        let (one, other) = if one <= other { (one, other) } else { (other, one) };
        drop(snapshot);
        if one == other {
            return Err(CurationError::Alike { left: left.to_owned(), right: right.to_owned() });
        }
        let decision = Decision { verdict, left: one, right: other };
        let (insert, mut delete) = (self.decision_quads(&decision), Vec::new());
        // A new decision on the two replaces the other one.
        let opposite = if verdict == Verdict::Same { Verdict::Different } else { Verdict::Same };
        delete.extend(self.decision_quads(&Decision { verdict: opposite, ..decision.clone() }));
        self.curate(&decision, insert, delete, authorities)
    }

    /// Takes back what was decided about two things.
    ///
    /// # Errors
    /// When nothing was, or the store fails.
    pub fn forget(&self, left: &str, right: &str, authorities: &Authorities) -> Result<(), CurationError> {
        let known = self.decisions()?;
        let snapshot = self.snapshot()?;
        let sides = |iri: &str| self.side(&snapshot, iri);
        // Sides are compared by name: what a decision parted or joined has another context now.
        let (one, other) = (sides(left)?, sides(right)?);
        drop(snapshot);
        let names = |a: &Side, b: &Side| a.kind == b.kind && a.key == b.key;
        let mut found = known.into_iter().filter(|curated| {
            let (l, r) = (&curated.decision.left, &curated.decision.right);
            (names(l, &one) && names(r, &other)) || (names(l, &other) && names(r, &one))
        });
        let first =
            found.next().ok_or_else(|| CurationError::NoDecision { left: left.to_owned(), right: right.to_owned() })?;
        let mut delete = self.decision_quads(&first.decision);
        for more in found {
            delete.extend(self.decision_quads(&more.decision));
        }
        self.curate(&first.decision, Vec::new(), delete, authorities)
    }

    /// Takes back a decision by its IRI.
    ///
    /// # Errors
    /// When there is none of that IRI, or the store fails.
    pub fn forget_decision(&self, iri: &str, authorities: &Authorities) -> Result<(), CurationError> {
        let found = self.decisions()?.into_iter().find(|curated| curated.iri == iri);
        let found = found.ok_or_else(|| CurationError::Unknown { iri: iri.to_owned() })?;
        let delete = self.decision_quads(&found.decision);
        self.curate(&found.decision, Vec::new(), delete, authorities)
    }

    /// Writes a change of decisions; then joins what it speaks of anew.
    fn curate(
        &self,
        decision: &Decision,
        insert: Vec<Quad>,
        delete: Vec<Quad>,
        authorities: &Authorities,
    ) -> Result<(), CurationError> {
        let mut joining = self.joining()?;
        self.apply_all(Changes { remove: Vec::new(), insert }, &delete)?;
        let touched: Vec<Key> =
            [&decision.left, &decision.right].into_iter().filter_map(|side| side.block_key()).collect();
        let insert = joining.join(authorities, (&[], &[]), &touched)?;
        self.apply_all(Changes { remove: Vec::new(), insert }, &joining.delete())?;
        joining.keep()?;
        Ok(())
    }

    fn decision_quads(&self, decision: &Decision) -> Vec<Quad> {
        let graphs = Graphs::new(self.base());
        let text = format!("{}\n{}\n{}", decision.verdict.as_str(), decision.left.text(), decision.right.text());
        let iri = NamedNode::new_unchecked(format!("{}decision/{:.16}", self.base(), SignatureId::of(&text)));
        let texts = [
            (pg::VERDICT, decision.verdict.as_str().to_owned()),
            (pg::LEFT, decision.left.text()),
            (pg::RIGHT, decision.right.text()),
        ];
        let mut quads: Vec<Quad> = texts
            .into_iter()
            .map(|(predicate, text)| {
                Quad::new(iri.clone(), predicate, Literal::new_simple_literal(text), graphs.curation.clone())
            })
            .collect();
        let class = pg::IDENTITY_DECISION.into_owned();
        quads.push(Quad::new(iri, oxigraph::model::vocab::rdf::TYPE, class, graphs.curation.clone()));
        quads
    }

    /// All that tells an identity or an entity of a release beside its name; `-` where nothing does.
    fn told(&self, snapshot: &Snapshot<'_>, iri: &str) -> Result<BTreeSet<String>, CurationError> {
        let graphs = Graphs::new(self.base());
        let index = StoreIndex::new(snapshot, &graphs);
        let mut hashes = index.values(iri, Property::Signature)?;
        if hashes.is_empty() {
            hashes = index.subjects(Property::BelongsTo, iri)?;
        }
        let mut told = BTreeSet::new();
        for hash in &hashes {
            if let Some(signature) = index.values(hash, Property::Text)?.first().and_then(|text| Signature::parse(text))
            {
                if signature.context.is_empty() && signature.identifiers.is_empty() {
                    told.insert("-".to_owned());
                }
                told.extend(signature.identifiers);
                told.extend(signature.context);
                told.extend(signature.surroundings);
            }
        }
        Ok(told)
    }

    /// What an identity or an entity of a release is known by, as narrow as it must be.
    fn side(&self, snapshot: &Snapshot<'_>, iri: &str) -> Result<Side, CurationError> {
        let graphs = Graphs::new(self.base());
        let index = StoreIndex::new(snapshot, &graphs);
        let mut hashes = index.values(iri, Property::Signature)?;
        let is_entity = !hashes.is_empty();
        if !is_entity {
            hashes = index.subjects(Property::BelongsTo, iri)?;
        }
        let mut signatures = Vec::new();
        for hash in &hashes {
            signatures.extend(index.values(hash, Property::Text)?.first().and_then(|text| Signature::parse(text)));
        }
        signatures.sort();
        let fullest = signatures
            .iter()
            .max_by_key(|s| (!s.is_acronym(), s.words.concat().len(), std::cmp::Reverse((*s).clone())));
        let Some(fullest) = fullest else { return Err(CurationError::Unknown { iri: iri.to_owned() }) };
        let side = Side { kind: fullest.kind.as_str().to_owned(), key: fullest.key(), context: String::new() };
        // Others of that name, in other identities: the context must tell.
        let mut shared = is_entity;
        if let Some(key) = side.block_key() {
            for (hash, other) in self.joining()?.bearers(key)? {
                shared |= side.matches(&other) && !hashes.contains(&hash);
            }
        }
        if !shared {
            return Ok(side);
        }
        let told = fullest.identifiers.iter().chain(&fullest.context).chain(&fullest.surroundings).next();
        Ok(Side { context: told.cloned().unwrap_or_else(|| "-".to_owned()), ..side })
    }
}
