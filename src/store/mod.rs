//! The embedded triple store: the only user of Oxigraph.
