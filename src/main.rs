//! The command line: parse arguments, run, exit code.

use std::process::ExitCode;

/// Ingestion makes and drops millions of short strings on many threads, of which the system's allocator gives little back.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    pressgraph::cli::main()
}
