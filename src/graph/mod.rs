//! Facts to RDF quads.
