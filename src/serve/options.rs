use std::path::PathBuf;
use std::time::Duration;

/// How a server serves.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether updates and new releases are taken, from who has the token.
    pub writable: bool,
    /// The bearer token of writers.
    pub token: Option<String>,
    /// How long a query may take.
    pub timeout: Duration,
    /// How many rows or triples a query may give.
    pub max_results: usize,
    /// How many queries are evaluated at once.
    pub max_queries: usize,
    /// How many queries may wait for their turn; further ones are refused with 503.
    pub max_waiting: usize,
    /// How long a query may wait for its turn.
    pub patience: Duration,
    /// Bytes of memory of the process past which running queries are stopped.
    pub max_memory: u64,
    /// Bytes of a request's body.
    pub max_body: usize,
    /// Origins whose pages may read from this server; `*` is all.
    pub cors: Vec<String>,
    /// What made the graphs of releases taken in, where it is not the program with its own data alone.
    pub generator: Option<String>,
    /// Folders whose new files are taken in.
    pub watch: Vec<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            writable: false,
            token: None,
            timeout: Duration::from_secs(30),
            max_results: 1_000_000,
            max_queries: 2 * processors,
            max_waiting: 256,
            patience: Duration::from_secs(10),
            max_memory: 4 << 30,
            max_body: 32 << 20,
            cors: vec!["*".to_owned()],
            generator: None,
            watch: Vec::new(),
        }
    }
}
