//! `pressgraph serve`.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;

use super::Outcome;
use crate::graph::DEFAULT_BASE;
use crate::model::Resources;
use crate::pipeline::Extractor;
use crate::serve::follow::Follower;
use crate::serve::priority::lower;
use crate::serve::{self, App, Index, Options};
use crate::store::Store;

/// Arguments of `serve`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pressgraph serve
  pressgraph serve --bind 0.0.0.0:7878 --timeout 10
  pressgraph serve --writable --token-file token.txt --watch incoming/

Without --writable and --watch the server only reads, and follows what `pressgraph ingest` does.")]
pub(super) struct Arguments {
    /// Folder of the store.
    #[arg(long, default_value = "pressgraph.db", value_name = "DIR")]
    store: PathBuf,
    /// Base of the IRIs of a new store.
    #[arg(long, default_value = DEFAULT_BASE, value_name = "IRI")]
    base: String,
    /// Address and port to listen at.
    #[arg(long, default_value = "127.0.0.1:7878", value_name = "ADDRESS")]
    bind: SocketAddr,
    /// Take updates and releases from who has the token.
    #[arg(long)]
    writable: bool,
    /// File with the token of writers; else the variable PRESSGRAPH_TOKEN.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Ingest what arrives in this folder; may be given several times.
    #[arg(long, value_name = "DIR")]
    watch: Vec<PathBuf>,
    /// Seconds a query may take.
    #[arg(long, default_value_t = 30, value_name = "SECONDS")]
    timeout: u64,
    /// Rows or triples a query may give.
    #[arg(long, default_value_t = 1_000_000, value_name = "N")]
    max_results: usize,
    /// Queries evaluated at once; as many pages are made at once. Twice the processors unless given.
    #[arg(long, value_name = "N")]
    max_queries: Option<usize>,
    /// Megabytes of memory past which running queries are stopped.
    #[arg(long, default_value_t = 4096, value_name = "MB")]
    max_memory: u64,
    /// Origin whose pages may read from this server; `*` is all. May be given several times.
    #[arg(long, default_value = "*", value_name = "ORIGIN")]
    cors: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, resources: &Resources) -> anyhow::Result<Outcome> {
    let path = arguments.store.as_path();
    if let Some(folder) = arguments.watch.iter().find(|folder| !folder.is_dir()) {
        anyhow::bail!("{}: cannot watch the folder: it is no folder", folder.display());
    }
    let defaults = Options::default();
    let options = Options {
        writable: arguments.writable,
        token: token(arguments)?,
        timeout: Duration::from_secs(arguments.timeout.max(1)),
        max_results: arguments.max_results,
        max_queries: arguments.max_queries.unwrap_or(defaults.max_queries).max(1),
        max_memory: arguments.max_memory << 20,
        cors: arguments.cors.clone(),
        generator: Some(super::generator(resources)),
        watch: arguments.watch.clone(),
        ..defaults
    };
    let writes = arguments.writable || !arguments.watch.is_empty();
    // Whoever is first to use the common threads, they serve ingestion and the index. An error means that they run already.
    let _ = rayon::ThreadPoolBuilder::new().start_handler(|_| lower()).build_global();
    let (follower, store) = if writes {
        (None, Arc::new(Store::create(path, &arguments.base)?))
    } else {
        let (follower, store) = Follower::open(path)?;
        (Some(follower), store)
    };
    let index = Index::open(Some(&path.join("search")))?;
    let extractor = Arc::new(Extractor::with(resources)?);
    let app = App::new(store, index, extractor, options);
    serve::run(app, arguments.bind, follower, |address| {
        // Who started the server in the background waits for this line.
        let _ = writeln!(std::io::stdout(), "pressgraph serves {} at http://{address}/", path.display());
    })?;
    Ok(Outcome::Done)
}

fn token(arguments: &Arguments) -> anyhow::Result<Option<String>> {
    let token = match &arguments.token_file {
        Some(file) => Some(std::fs::read_to_string(file).with_context(|| format!("{}: cannot read", file.display()))?),
        None => std::env::var("PRESSGRAPH_TOKEN").ok(),
    };
    let token = token.map(|token| token.trim().to_owned()).filter(|token| !token.is_empty());
    anyhow::ensure!(
        !arguments.writable || token.is_some(),
        "--writable needs a token: put one into a file and name it with --token-file, or set PRESSGRAPH_TOKEN"
    );
    Ok(token)
}
