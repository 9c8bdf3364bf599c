//! The command line: parse arguments, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    pressgraph::cli::main()
}
