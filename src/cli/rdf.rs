//! Names of RDF's formats and styles in arguments.

use crate::graph::MentionStyle;
#[cfg(feature = "store")]
use crate::graph::RdfFormat;

/// Names of the styles of mentions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Mentions {
    /// One triple: which entity it names.
    Short,
    /// Full NIF: class, offsets, words, context.
    Nif,
}

impl Mentions {
    pub(super) fn style(self) -> MentionStyle {
        match self {
            Self::Short => MentionStyle::Short,
            Self::Nif => MentionStyle::Nif,
        }
    }
}

/// Names of the serialisations.
#[cfg(feature = "store")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Rdf {
    /// A quad per line.
    Nquads,
    /// Turtle with graphs.
    Trig,
    /// Triples without their graphs.
    Turtle,
    /// JSON-LD.
    Jsonld,
}

#[cfg(feature = "store")]
impl Rdf {
    pub(super) fn format(self) -> RdfFormat {
        match self {
            Self::Nquads => RdfFormat::NQuads,
            Self::Trig => RdfFormat::TriG,
            Self::Turtle => RdfFormat::Turtle,
            Self::Jsonld => RdfFormat::JsonLd,
        }
    }
}
