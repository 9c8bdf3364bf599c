use oxrdf::{NamedNode, NamedNodeRef};

use super::Thing;
use crate::serve::ServeError;
use crate::serve::data::{Data, node, ns};
use crate::serve::search::{Index, Progress};

/// A release that names an entity.
#[derive(Clone, Debug)]
pub(super) struct Naming {
    /// The release.
    pub(super) release: Thing,
    /// Its date (ISO).
    pub(super) issued: Option<String>,
    /// What stands for the entity in it.
    pub(super) members: Vec<NamedNode>,
}

/// The releases that name an entity, the newest first, and how many there are. The search index knows
/// both without reading them all; while it is behind, they come from the store, in its order.
///
/// # Errors
/// When the store or the index fails.
pub(super) fn namings(
    data: Data<'_>,
    index: &Index,
    entity: NamedNodeRef<'_>,
    skip: usize,
    limit: usize,
) -> Result<(Vec<Naming>, usize), ServeError> {
    if index.progress() == Progress::Ready {
        let (hits, total) = index.naming(entity.as_str(), skip, limit).map_err(ServeError::internal)?;
        if total > 0 {
            let namings = hits.into_iter().map(|(hit, fragments)| {
                let member = |fragment: String| NamedNode::new_unchecked(format!("{}#{fragment}", hit.iri));
                let members = fragments.into_iter().map(member).collect();
                let href = data.href(&hit.iri);
                let release = Thing { iri: hit.iri, label: hit.label, kind: "release", href };
                Naming { release, issued: hit.date, members }
            });
            return Ok((namings.collect(), total));
        }
    }
    let mut namings: Vec<Naming> = Vec::new();
    for member in data.members(entity, skip, limit)? {
        let release = member.as_str().split('#').next().unwrap_or("").to_owned();
        if let Some(known) = namings.iter_mut().find(|known| known.release.iri == release) {
            known.members.push(member);
            continue;
        }
        let release = NamedNode::new_unchecked(release);
        let issued = data.text(release.as_ref(), &node(ns::DCT, "issued"))?;
        namings.push(Naming { release: data.thing(release.as_ref())?, issued, members: vec![member] });
    }
    namings.sort_by(|a, b| (&b.issued, &a.release.label).cmp(&(&a.issued, &b.release.label)));
    Ok((namings, data.count_members(entity)))
}
