//! The commands: one file each. Exit codes: 0 all well, 1 something refused, 2 wrong use.

mod completions;
mod evaluate;
mod evaluate_relations;
mod explain;
#[cfg(feature = "store")]
mod export;
mod extract;
mod generate;
#[cfg(feature = "store")]
mod identity;
#[cfg(feature = "store")]
mod ingest;
mod inputs;
mod logging;
#[cfg(feature = "store")]
mod memory;
mod mentions_from;
#[cfg(feature = "store")]
mod query;
mod rdf;
#[cfg(feature = "store")]
mod remove;
#[cfg(feature = "serve")]
mod serve;
#[cfg(feature = "store")]
mod stats;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
mod terms;
#[cfg(feature = "train")]
mod train;
#[cfg(feature = "store")]
mod watch;

use std::fmt::Display;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[cfg(feature = "store")]
pub use memory::ALLOCATOR;

/// Reads French press releases and builds a knowledge graph that SPARQL answers.
#[derive(Debug, Parser)]
#[command(name = "pressgraph", version, after_help = "Example: pressgraph extract release.txt")]
struct Arguments {
    /// Folder whose files replace the built-in models, lexicons and rules of the same name.
    #[arg(long, global = true, value_name = "DIR", value_parser = folder, help_heading = GLOBAL)]
    data: Option<PathBuf>,
    #[command(flatten)]
    log: logging::LogArguments,
    #[command(subcommand)]
    command: Command,
}

/// Heading of the options of all commands, which would else stand among those of each.
const GLOBAL: &str = "Options of all commands";

fn folder(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.is_dir() { Ok(path) } else { Err("there is no such folder".to_owned()) }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Load releases into the store: new and changed ones; unchanged ones are skipped.
    #[cfg(feature = "store")]
    Ingest(ingest::Arguments),
    /// Print what releases say, without a store.
    Extract(extract::Arguments),
    /// Show why: tokens, names, and which rules read them.
    Explain(explain::Arguments),
    /// Score the program against annotated releases and corpora.
    Evaluate(evaluate::Arguments),
    /// Serve the store over HTTP: SPARQL, linked data, pages for people.
    #[cfg(feature = "serve")]
    Serve(serve::Arguments),
    /// Ask the store: a named query, SPARQL text or a file with it.
    #[cfg(feature = "store")]
    Query(query::Arguments),
    /// See and correct which entities of different releases are one.
    #[cfg(feature = "store")]
    Identity(identity::Arguments),
    /// Ingest what arrives in a folder, until SIGTERM.
    #[cfg(feature = "store")]
    Watch(watch::Arguments),
    /// Withdraw releases from the store.
    #[cfg(feature = "store")]
    Remove(remove::Arguments),
    /// Write the graph of the store, sorted.
    #[cfg(feature = "store")]
    Export(export::Arguments),
    /// Count what the store holds, or list the runs that filled it.
    #[cfg(feature = "store")]
    Stats(stats::Arguments),
    /// Print synthetic releases as JSON Lines, for measurements.
    #[command(hide = true)]
    Generate(generate::Arguments),
    /// Print completions for a shell.
    Completions(completions::Arguments),
    /// Train the models from corpora.
    #[cfg(feature = "train")]
    Train(train::Arguments),
}

impl Command {
    /// Whether it runs until it is stopped.
    fn is_long_lived(&self) -> bool {
        match self {
            #[cfg(feature = "store")]
            Self::Watch(_) => true,
            #[cfg(feature = "serve")]
            Self::Serve(_) => true,
            _ => false,
        }
    }
}

/// What a command has to say at its end, beyond errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// All well.
    Done,
    /// Some input was refused; each refusal has been told.
    Refused,
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    #[cfg(feature = "store")]
    if matches!(arguments.command, Command::Ingest(_)) {
        memory::keep_free_memory();
    }
    silence_readers();
    match run(&arguments) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Refused) => ExitCode::from(1),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(describe(&error));
            ExitCode::from(if is_wrong_use(&error) { 2 } else { 1 })
        }
    }
}

/// Tells the user what is wrong, on standard error. That nobody reads it (`2>&1 | head`) is no error.
fn complain(message: impl Display) {
    let _ = writeln!(std::io::stderr(), "pressgraph: {message}");
}

/// The error with its causes, each told once: many messages hold that of their cause.
fn describe(error: &anyhow::Error) -> String {
    let mut message = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if !message.contains(&cause) {
            let separator = if message.is_empty() { "" } else { ": " };
            message = format!("{message}{separator}{cause}");
        }
    }
    message
}

/// Whether the user has asked for something that there is not, or not in the right way.
fn is_wrong_use(error: &anyhow::Error) -> bool {
    #[cfg(feature = "store")]
    {
        use crate::store::{CurationError, QueryError, ResultError};
        if error.downcast_ref::<CurationError>().is_some_and(identity::is_wrong_use) {
            return true;
        }
        let mut causes = error.chain();
        causes.any(|cause| match cause.downcast_ref::<QueryError>() {
            Some(QueryError::Evaluation(_) | QueryError::Store(_)) => false,
            Some(_) => true,
            None => matches!(cause.downcast_ref::<ResultError>(), Some(ResultError::Kind(..))),
        })
    }
    #[cfg(not(feature = "store"))]
    {
        let _ = error;
        false
    }
}

/// What makes the extraction: the program, and the user's own data where there is some.
fn generator(resources: &crate::model::Resources) -> String {
    use sha2::{Digest, Sha256};
    let built_in = crate::graph::generator();
    if resources.folders().is_empty() {
        return built_in;
    }
    let mut hash = Sha256::new();
    for folder in resources.folders() {
        let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
        for file in files.filter(|entry| entry.file_type().is_file()) {
            let name = file.path().strip_prefix(folder).unwrap_or(file.path());
            hash.update(name.to_string_lossy().as_bytes());
            hash.update([0]);
            hash.update(std::fs::read(file.path()).unwrap_or_default());
        }
    }
    let digest: String = hash.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{built_in}-{digest}")
}

fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    logging::start(&arguments.log, arguments.command.is_long_lived())?;
    let resources = match &arguments.data {
        Some(folder) => crate::model::Resources::overridden_by(folder),
        None => crate::model::Resources::embedded(),
    };
    match &arguments.command {
        #[cfg(feature = "store")]
        Command::Ingest(command) => ingest::run(command, &resources),
        Command::Extract(command) => extract::run(command, &resources),
        Command::Explain(command) => explain::run(command, &resources),
        Command::Evaluate(command) => evaluate::run(command, &resources),
        #[cfg(feature = "serve")]
        Command::Serve(command) => serve::run(command, &resources),
        #[cfg(feature = "store")]
        Command::Query(command) => query::run(command),
        #[cfg(feature = "store")]
        Command::Identity(command) => identity::run(command, &resources),
        #[cfg(feature = "store")]
        Command::Watch(command) => watch::run(command, &resources),
        #[cfg(feature = "store")]
        Command::Remove(command) => remove::run(command, &resources),
        #[cfg(feature = "store")]
        Command::Export(command) => export::run(command),
        #[cfg(feature = "store")]
        Command::Stats(command) => stats::run(command),
        Command::Generate(command) => generate::run(command),
        Command::Completions(command) => completions::run(command),
        #[cfg(feature = "train")]
        Command::Train(command) => train::run(command, &resources),
    }
}

/// Keeps the panics of third-party parsers off the terminal: they become refusals.
fn silence_readers() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().name() != Some(crate::read::THREAD) {
            usual(info);
        }
    }));
}

/// Whether the reader of our output has gone: no error, as with `| head`.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe))
}
