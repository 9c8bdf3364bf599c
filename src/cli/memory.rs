//! What ingestion asks of the allocator.

/// Settings of the allocator (mimalloc), which it reads from the environment when the program starts. Memory that is free is
/// kept for the next part, not given back to the system and cleared anew by it for each part; it comes in large pages, as
/// sorting what the database is given reads all over it; and a thread that frees what one has left that is gone takes over its
/// pages: the loader has a new thread for each part.
pub const ALLOCATOR: [(&str, &str); 3] =
    [("MIMALLOC_PURGE_DELAY", "-1"), ("MIMALLOC_ALLOW_LARGE_OS_PAGES", "1"), ("MIMALLOC_PAGE_RECLAIM_ON_FREE", "1")];

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
