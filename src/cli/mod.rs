//! The commands: one file each. Exit codes: 0 all well, 1 something refused, 2 wrong use.

mod evaluate;
mod evaluate_relations;
mod explain;
mod extract;
mod inputs;
mod mentions_from;
#[cfg(feature = "serve")]
mod serve;
#[cfg(feature = "train")]
mod train;

use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Reads French press releases and builds a knowledge graph that SPARQL answers.
#[derive(Debug, Parser)]
#[command(name = "pressgraph", version, after_help = "Example: pressgraph extract release.txt")]
struct Arguments {
    /// Folder whose files replace the built-in models, lexicons and rules of the same name.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print what releases say, without a store.
    Extract(extract::Arguments),
    /// Show why: tokens, names, and which rules read them.
    Explain(explain::Arguments),
    /// Score the program against annotated releases and corpora.
    Evaluate(evaluate::Arguments),
    /// Serve the store over HTTP: SPARQL, linked data, pages for people.
    #[cfg(feature = "serve")]
    Serve(serve::Arguments),
    /// Train the models from corpora.
    #[cfg(feature = "train")]
    Train(train::Arguments),
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
    silence_readers();
    match run(&arguments) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Refused) => ExitCode::from(1),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pressgraph: {error:#}");
            ExitCode::from(1)
        }
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let resources = match &arguments.data {
        Some(folder) => crate::model::Resources::overridden_by(folder),
        None => crate::model::Resources::embedded(),
    };
    match &arguments.command {
        Command::Extract(command) => extract::run(command, &resources),
        Command::Explain(command) => explain::run(command, &resources),
        Command::Evaluate(command) => evaluate::run(command, &resources),
        #[cfg(feature = "serve")]
        Command::Serve(command) => serve::run(command, &resources),
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
