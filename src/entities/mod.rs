//! Which mentions name the same thing: name variants, acronyms, surnames; and what pronouns and
//! generic nouns (`le groupe`, `elle`) refer to.

mod antecedents;
pub mod authority;
mod form;
mod given;
mod inner;
mod issuer;
mod link;
mod profile;
mod protagonist;
mod references;
mod retain;
mod variants;

use std::ops::Range;

use references::Context;

pub use given::{GivenEntity, locate};

pub use crate::tag::EntityType;

use crate::mentions::{Lexicon, Mention, Mentions};
use crate::read::Layout;
use crate::segment::Segmentation;
use crate::tag::{Gender, Tags};
use crate::text::{Document, Span};

/// An entity of one release: index into its `entities`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntityId(pub usize);

/// Something that a release names.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// Identifier within the release, such as `person-1`: type in lower case, number by first mention.
    pub id: String,
    /// What it is.
    pub kind: EntityType,
    /// The fullest form in the text, as the source spells it.
    pub name: String,
    /// The other forms, as the source spells them, each once, in order of appearance.
    pub aliases: Vec<String>,
    /// Where it is named, in order; empty when it is only named inside another name.
    pub mentions: Vec<Span>,
}

/// A pronoun or generic noun phrase and what it refers to.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// Where it stands.
    pub span: Span,
    /// Its tokens.
    pub tokens: Range<usize>,
    /// The entity meant; several for plurals (`les deux partenaires`).
    pub entities: Vec<EntityId>,
}

/// The entities of a release and what refers to them.
#[derive(Clone, Debug, Default)]
pub struct Resolution {
    /// In order of first mention.
    pub entities: Vec<Entity>,
    /// The entity of each name of [`Mentions::names`], by the same index.
    pub of_names: Vec<EntityId>,
    /// Pronouns and generic nouns, in the order of the text.
    pub references: Vec<Reference>,
    /// The gender of each entity, where its name or the words beside it tell it.
    pub genders: Vec<Option<Gender>>,
    /// Who publishes the release.
    pub issuer: Option<EntityId>,
    /// Places named inside the name of a site (Douai in `usine de Douai`): site and place, in the
    /// order of the sites' first mentions.
    pub inner_places: Vec<(EntityId, EntityId)>,
}

impl Resolution {
    /// Joins the names of `mentions` into entities. `publisher` is who publishes the release, where its
    /// format says so: the text decides, and it fills a gap.
    pub fn new(
        document: &Document,
        segmentation: &Segmentation,
        tags: &Tags,
        layout: &Layout,
        mentions: &Mentions,
        lexicon: &Lexicon,
        publisher: Option<&str>,
    ) -> Self {
        let (mut entities, of_names) = link::link(document, segmentation, &mentions.names);
        let inner_places = inner::inner_places(&mut entities);
        let mut resolution = Self { entities, of_names, inner_places, ..Self::default() };
        resolution.refer(&Context { document, segmentation, tags, layout, mentions, lexicon, publisher });
        resolution
    }

    /// The `given` entities that somebody else has found, at the places that [`locate`] tells, with what
    /// refers to them. The names of `mentions` must be those of `located`, in the same order.
    #[expect(clippy::too_many_arguments, reason = "all that is known of the release, beside what is given")]
    pub fn from_given(
        document: &Document,
        segmentation: &Segmentation,
        tags: &Tags,
        layout: &Layout,
        mentions: &Mentions,
        lexicon: &Lexicon,
        located: &[(Mention, EntityId)],
        given: &[GivenEntity],
    ) -> Self {
        let mut resolution = Self::of_given(document, located, given);
        resolution.inner_places = inner::inner_places(&mut resolution.entities);
        resolution.refer(&Context { document, segmentation, tags, layout, mentions, lexicon, publisher: None });
        resolution
    }

    /// Finds who publishes the release, and what pronouns and generic nouns refer to.
    fn refer(&mut self, context: &Context<'_>) {
        self.issuer = issuer::issuer(context, self);
        let (references, genders) = references::references(context, self);
        self.references = references;
        self.genders = genders;
    }
}
