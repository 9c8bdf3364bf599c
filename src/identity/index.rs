//! What the joiner remembers: statements about entities, signatures and identities.

use std::fmt;

use super::{Key, Told};

/// Names a signature: a hash of its text (FNV-1a, 128 bits, the high ones first), written in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SignatureId([u64; 2]);

impl SignatureId {
    /// The name of the signature with this text.
    pub fn of(text: &str) -> Self {
        Self::from(text.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| {
            (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        }))
    }

    /// As it is written.
    pub fn text(self) -> String {
        let digits = self.0.iter().flat_map(|half| (0..16).rev().map(move |place| (half >> (4 * place) & 15) as u8));
        digits.map(|digit| char::from(if digit < 10 { b'0' + digit } else { b'a' - 10 + digit })).collect()
    }

    /// Reads what was written; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let digit = |byte: &u8| match byte {
            b'0'..=b'9' => Some(u64::from(byte - b'0')),
            b'a'..=b'f' => Some(u64::from(byte - b'a' + 10)),
            _ => None,
        };
        let half = |digits: &[u8]| digits.iter().try_fold(0, |number, byte| Some(number << 4 | digit(byte)?));
        let (high, low) = text.as_bytes().split_at_checked(16).filter(|_| text.len() == 32)?;
        Some(Self([half(high)?, half(low)?]))
    }
}

impl From<u128> for SignatureId {
    fn from(hash: u128) -> Self {
        Self([(hash >> 64) as u64, hash as u64])
    }
}

impl From<SignatureId> for u128 {
    fn from(SignatureId([high, low]): SignatureId) -> Self {
        Self::from(high) << 64 | Self::from(low)
    }
}

impl SignatureId {
    /// A part of a hash is as good a hash.
    pub(super) fn low(self) -> u64 {
        self.0[1]
    }
}

impl std::hash::Hash for SignatureId {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write_u64(self.low());
    }
}

impl fmt::Display for SignatureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text())
    }
}

/// What the index says of its subjects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Property {
    /// Entity of a release: its identity (IRI).
    Identity,
    /// Entity of a release: its signature, as [`SignatureId`] is written.
    Signature,
    /// Signature: what it says, as [`super::Signature::text`].
    Text,
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
    /// Signature: the words of its name. Follows from its text.
    Words,
    /// Signature: the keys of its block, as [`super::Keys::text`]. Follows from its text.
    Keys,
}

impl Property {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 16] = [
        Self::Identity,
        Self::Signature,
        Self::Text,
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
        Self::Words,
        Self::Keys,
    ];
}

/// Subject (an IRI, or a signature as [`SignatureId`] is written), property, value.
pub type Statement = (String, Property, String);

/// What is known of the authority that a signature is linked to: properties of the identity.
pub type Authority = Vec<(Property, String)>;

/// What the joiner remembers, as statements.
pub trait Index {
    /// Why it may fail.
    type Error;
    /// All that is said of a signature; nothing where it is not there.
    ///
    /// # Errors
    /// When the index cannot be read.
    fn signature(&self, id: SignatureId) -> Result<Told, Self::Error>;
    /// The same of several: an index that waits for each may look for all at once.
    ///
    /// # Errors
    /// When the index cannot be read.
    fn signatures(&self, ids: &[SignatureId]) -> Result<Vec<Told>, Self::Error> {
        ids.iter().map(|id| self.signature(*id)).collect()
    }
    /// All that is said of an identity, or the signature of an entity, whose identity is that of its signature; nothing where it
    /// is not there.
    ///
    /// # Errors
    /// When the index cannot be read.
    fn describe(&self, iri: &str) -> Result<Told, Self::Error>;
    /// The signatures with a key, in any order; of many, `most` of them.
    ///
    /// # Errors
    /// When the index cannot be read.
    fn bearers(&self, key: Key, most: usize) -> Result<Vec<SignatureId>, Self::Error>;
    /// The same of several: an index that waits for each may look for all at once.
    ///
    /// # Errors
    /// When the index cannot be read.
    fn bearers_of(&self, keys: &[Key]) -> Result<Vec<Vec<SignatureId>>, Self::Error> {
        keys.iter().map(|key| self.bearers(*key, usize::MAX)).collect()
    }
    /// The entities (IRIs) with a signature, in any order; of many, `most` of them.
    ///
    /// # Errors
    /// When the index cannot be read.
    fn members(&self, id: SignatureId, most: usize) -> Result<Vec<String>, Self::Error>;
}

/// What changes in the index: sorted, nothing both removed and inserted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delta {
    /// Statements to remove.
    pub remove: Vec<Statement>,
    /// Statements to insert.
    pub insert: Vec<Statement>,
    /// Keys of signatures, and whether they are to be inserted (else removed).
    pub keys: Vec<(Key, SignatureId, bool)>,
}
