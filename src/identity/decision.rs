//! What an analyst has decided: two things are the same, or are not.

use super::{Key, Signature};

/// Same or different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// The two are one thing.
    Same,
    /// The two are two things.
    Different,
}

impl Verdict {
    /// The word in the graph.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Different => "different",
        }
    }
}

/// Which entities a decision speaks of: those with the kind and name and, where one is given, with the context. It names no
/// release by default, so that it holds for releases to come and survives re-ingestion.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Side {
    /// The kind, as `Person`.
    pub kind: String,
    /// The words that tell the name, joined.
    pub key: String,
    /// An element of the context, surroundings or identifiers; empty for all.
    pub context: String,
}

impl Side {
    /// Whether it speaks of the signature.
    pub fn matches(&self, signature: &Signature) -> bool {
        self.kind == signature.kind.as_str()
            && self.key == signature.key()
            && (self.context.is_empty()
                || signature.context.contains(&self.context)
                || signature.identifiers.contains(&self.context)
                || signature.surroundings.contains(&self.context)
                || (self.context == "-" && signature.context.is_empty() && signature.identifiers.is_empty()))
    }

    /// The block of the signatures that it speaks of.
    pub fn block_key(&self) -> Option<Key> {
        let text = [self.kind.as_str(), &self.key, "", "", "", ""].join("\t");
        Some(Signature::parse(&text)?.name_key())
    }

    /// As one line of text.
    pub fn text(&self) -> String {
        format!("{}\t{}\t{}", self.kind, self.key, self.context)
    }

    /// Reads what [`Side::text`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let mut fields = text.split('\t').map(str::to_owned);
        Some(Self { kind: fields.next()?, key: fields.next()?, context: fields.next()? })
    }
}

/// A decision of an analyst.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Decision {
    /// Same or different.
    pub verdict: Verdict,
    /// The one.
    pub left: Side,
    /// The other.
    pub right: Side,
}
