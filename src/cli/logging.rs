//! The log on standard error: what the program tells of its work, beyond messages for the user.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Arguments of all commands.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct LogArguments {
    /// What to log on standard error: off, error, warn, info, debug or trace, or such per module
    /// (`warn,pressgraph::store=debug`). Else the variable PRESSGRAPH_LOG; else info for serve and
    /// watch, warn for the others.
    #[arg(long, global = true, value_name = "LEVEL", help_heading = super::GLOBAL)]
    log: Option<String>,
    /// How to write the log.
    #[arg(long, global = true, value_enum, default_value = "text", help_heading = super::GLOBAL)]
    log_format: LogFormat,
}

/// Forms of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum LogFormat {
    /// A line for people per event.
    Text,
    /// A JSON object per line.
    Json,
}

/// Starts the log; a long-lived command tells more unless asked otherwise.
pub(super) fn start(arguments: &LogArguments, is_long_lived: bool) -> anyhow::Result<()> {
    // What ails a PDF is told when it is refused.
    let usual = if is_long_lived { "info,tantivy=warn,lopdf=off" } else { "warn,lopdf=off" };
    let level = arguments.log.clone().or_else(|| std::env::var("PRESSGRAPH_LOG").ok());
    let level = level.as_deref().unwrap_or(usual);
    let filter = EnvFilter::builder()
        .parse(level)
        .map_err(|error| anyhow::anyhow!("--log {level}: {error}: give off, error, warn, info, debug or trace"))?;
    let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    // A second call in one process, as in tests, keeps the first log.
    let _ = match arguments.log_format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    Ok(())
}
