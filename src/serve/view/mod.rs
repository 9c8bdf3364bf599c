//! What the pages show, gathered from the store: entities, releases, facts with their evidence.

mod connections;
mod distinction;
mod entity;
mod fact;
mod map;
mod naming;
mod preview;
mod release;

pub use connections::connections;
pub use distinction::distinction;
pub use entity::{EntityView, entity};
pub use fact::{classes, predicates, relation_of_class};
pub use preview::preview;
pub use release::{ReleaseView, release};

/// Something with a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thing {
    /// Its IRI.
    pub iri: String,
    /// Its name.
    pub label: String,
    /// `person`, `organization`… or empty.
    pub kind: &'static str,
    /// Where its page is.
    pub href: String,
}
