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

/// Writes quads one after the other; those of a graph should follow each other.
pub struct Serializer<W: Write> {
    writer: oxrdfio::WriterQuadSerializer<W>,
    triples_only: bool,
}

impl<W: Write> std::fmt::Debug for Serializer<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Serializer").field("triples_only", &self.triples_only).finish_non_exhaustive()
    }
}

impl<W: Write> Serializer<W> {
    /// Begins a file of `format` on `out`.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn new(format: RdfFormat, out: W) -> Result<Self, SerializeError> {
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
        let triples_only = matches!(format, oxrdfio::RdfFormat::Turtle);
        Ok(Self { writer: serializer.for_writer(out), triples_only })
    }

    /// Writes `quads`.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write<'q>(&mut self, quads: impl IntoIterator<Item = &'q Quad>) -> Result<(), SerializeError> {
        for quad in quads {
            if self.triples_only {
                self.writer.serialize_triple(TripleRef::from(quad.as_ref()))?;
            } else {
                self.writer.serialize_quad(quad)?;
            }
        }
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn finish(self) -> Result<W, SerializeError> {
        self.writer.finish()
    }
}
