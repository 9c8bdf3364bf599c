//! The one integration binary: a module per part of the program.

#[path = "cases/architecture.rs"]
mod architecture;
#[path = "cases/attributes.rs"]
mod attributes;
#[path = "cases/authority.rs"]
mod authority;
#[path = "cases/clauses.rs"]
mod clauses;

#[cfg(feature = "store")]
#[cfg(feature = "store")]
#[path = "cases/commands.rs"]
mod commands;

#[path = "cases/entities.rs"]
mod entities;

#[path = "cases/evaluate.rs"]
mod evaluate;

#[path = "cases/formats.rs"]
mod formats;

#[path = "cases/golden.rs"]
mod golden;

#[path = "cases/graph.rs"]
mod graph;

#[cfg(feature = "store")]
#[path = "cases/identity.rs"]
mod identity;

#[cfg(feature = "store")]
#[path = "cases/ingest.rs"]
mod ingest;

#[path = "cases/layout.rs"]
mod layout;

#[path = "cases/mentions.rs"]
mod mentions;

#[path = "cases/morphology.rs"]
mod morphology;

#[path = "cases/names.rs"]
mod names;

#[cfg(feature = "store")]
#[path = "cases/queries.rs"]
mod queries;

#[path = "cases/quotes.rs"]
mod quotes;

#[path = "cases/relations.rs"]
mod relations;

#[path = "cases/seed.rs"]
mod seed;

#[path = "cases/segment.rs"]
mod segment;

#[cfg(feature = "serve")]
#[path = "cases/serve.rs"]
mod serve;

#[cfg(feature = "store")]
#[path = "cases/store.rs"]
mod store;

#[path = "cases/support.rs"]
mod support;

#[path = "cases/text.rs"]
mod text;

#[cfg(feature = "store")]
#[path = "cases/watch.rs"]
mod watch;

#[cfg(feature = "store")]
#[path = "support/identities.rs"]
mod identities;
