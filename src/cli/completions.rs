use clap::CommandFactory;

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pressgraph completions bash > /etc/bash_completion.d/pressgraph")]
pub(super) struct Arguments {
    /// The shell.
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

pub(super) fn run(arguments: &Arguments) {
    let mut command = super::Arguments::command();
    clap_complete::generate(arguments.shell, &mut command, "pressgraph", &mut std::io::stdout());
}
