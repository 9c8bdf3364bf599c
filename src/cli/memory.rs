//! What ingestion asks of the allocator.

/// Settings of the allocator (mimalloc), which it reads from the environment when the program starts. Memory that is free is
/// kept for the next part, not given back to the system and cleared anew by it for each part; and it comes in large pages:
/// sorting what the database is given reads all over it.
pub const ALLOCATOR: [(&str, &str); 2] = [("MIMALLOC_PURGE_DELAY", "-1"), ("MIMALLOC_ALLOW_LARGE_OS_PAGES", "1")];

/// Starts the program anew, as the same process, with [`ALLOCATOR`]; what the user has set stays. Nothing may have been read
/// from the standard input before.
pub(super) fn keep_free_memory() {
    #[cfg(unix)]
    if ALLOCATOR.iter().all(|(name, _)| std::env::var_os(name).is_none())
        && let Ok(program) = std::env::current_exe()
    {
        use std::os::unix::process::CommandExt;
        let mut arguments = std::env::args_os();
        let mut command = std::process::Command::new(program);
        if let Some(name) = arguments.next() {
            command.arg0(name);
        }
        // Comes back only where the system refuses; then it goes without.
        let _ = command.args(arguments).envs(ALLOCATOR).exec();
    }
}
