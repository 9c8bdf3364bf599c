//! Quads to Turtle, TriG, N-Quads and JSON-LD.

use std::io::{self, Write};

use oxrdf::{Quad, TripleRef};
use oxrdfio::RdfSerializer;

use super::PREFIXES;

/// The RDF serialisations that the program writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RdfFormat {
    /// Turtle: triples without their graphs.
    Turtle,
    /// TriG: Turtle with graphs.
    TriG,
    /// N-Quads: a quad per line.
    NQuads,
    /// JSON-LD, streaming profile.
    JsonLd,
}

/// Why quads could not be written.
pub type SerializeError = io::Error;

/// Writes `quads` to `out` in `format`.
///
/// # Errors
/// When `out` cannot be written.
pub fn serialize<'q>(
    quads: impl IntoIterator<Item = &'q Quad>,
    format: RdfFormat,
    out: impl Write,
) -> Result<(), SerializeError> {
    let format = match format {
        RdfFormat::Turtle => oxrdfio::RdfFormat::Turtle,
        RdfFormat::TriG => oxrdfio::RdfFormat::TriG,
        RdfFormat::NQuads => oxrdfio::RdfFormat::NQuads,
        RdfFormat::JsonLd => oxrdfio::RdfFormat::JsonLd { profile: oxrdfio::JsonLdProfile::Streaming.into() },
    };
    let mut serializer = RdfSerializer::from_format(format);
    for (prefix, iri) in PREFIXES {
        serializer = serializer.with_prefix(prefix, iri).map_err(io::Error::other)?;
    }
    let mut writer = serializer.for_writer(out);
    let triples_only = matches!(format, oxrdfio::RdfFormat::Turtle);
    for quad in quads {
        if triples_only {
            writer.serialize_triple(TripleRef::from(quad.as_ref()))?;
        } else {
            writer.serialize_quad(quad)?;
        }
    }
    writer.finish()?;
    Ok(())
}
