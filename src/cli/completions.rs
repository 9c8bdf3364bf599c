use std::io::Write;

use clap::CommandFactory;

use super::Outcome;

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pressgraph completions bash > /etc/bash_completion.d/pressgraph")]
pub(super) struct Arguments {
    /// The shell.
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let mut command = super::Arguments::command();
    // Written in one piece, since the library panics where the reader has gone.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "pressgraph", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(Outcome::Done)
}
