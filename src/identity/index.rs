//! What the joiner remembers: statements about entities, signatures and identities.

/// What the index says of its subjects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Property {
    /// Entity of a release: its identity (IRI).
    Identity,
    /// Entity of a release: its signature (hash).
    Signature,
    /// Signature: what it says, as [`super::Signature::text`].
    Text,
    /// Signature: a key of its block.
    Key,
    /// Signature: the identity that it belongs to (IRI).
    BelongsTo,
    /// Signature: how sure that is, from 0 to 1.
    Score,
    /// Signature: why, for people.
    Reason,
    /// Identity: what it is, as the name of an entity type.
    Kind,
    /// Identity: its preferred name.
    Name,
    /// Identity: another name.
    OtherName,
    /// Identity: the IRI of the same thing elsewhere.
    SameAs,
    /// Identity: an identifier, `SCHEME:VALUE`.
    Identifier,
    /// Identity: latitude in degrees.
    Latitude,
    /// Identity: longitude in degrees.
    Longitude,
    /// Identity: the place that contains it (IRI elsewhere).
    Within,
}

impl Property {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 15] = [
        Self::Identity,
        Self::Signature,
        Self::Text,
        Self::Key,
        Self::BelongsTo,
        Self::Score,
        Self::Reason,
        Self::Kind,
        Self::Name,
        Self::OtherName,
        Self::SameAs,
        Self::Identifier,
        Self::Latitude,
        Self::Longitude,
        Self::Within,
    ];
}

/// Subject, property, value.
pub type Statement = (String, Property, String);

/// What is known of the authority that a signature is linked to: properties of the identity.
pub type Authority = Vec<(Property, String)>;

/// What the joiner remembers, as statements.
pub trait Index {
    /// Why it may fail.
    type Error;
    /// The values of a property, in any order.
    ///
    /// # Errors
    /// When the index cannot be read.
    fn values(&self, subject: &str, property: Property) -> Result<Vec<String>, Self::Error>;
    /// The subjects of a property's value, in any order; of many, `most` of them. A joiner asks for those of keys and
    /// signatures only.
    ///
    /// # Errors
    /// When the index cannot be read.
    fn subjects_up_to(&self, property: Property, value: &str, most: usize) -> Result<Vec<String>, Self::Error>;
    /// The subjects of a property's value, in any order.
    ///
    /// # Errors
    /// When the index cannot be read.
    fn subjects(&self, property: Property, value: &str) -> Result<Vec<String>, Self::Error> {
        self.subjects_up_to(property, value, usize::MAX)
    }
    /// Whether the index holds the statement.
    ///
    /// # Errors
    /// When the index cannot be read.
    fn has(&self, subject: &str, property: Property, value: &str) -> Result<bool, Self::Error>;
    /// All statements of a subject but its keys.
    ///
    /// # Errors
    /// When the index cannot be read.
    fn describe(&self, subject: &str) -> Result<Vec<(Property, String)>, Self::Error>;
}

/// What changes in the index: sorted, nothing both removed and inserted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delta {
    /// Statements to remove.
    pub remove: Vec<Statement>,
    /// Statements to insert.
    pub insert: Vec<Statement>,
}
