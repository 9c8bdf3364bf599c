//! Ingestion and the making of the index take the processors that answers leave them.

/// How much more patient the threads of writers are than those of readers (`nice`): they get about a tenth where both want
/// a processor.
#[cfg(target_os = "linux")]
const PATIENCE: i32 = 10;

/// Does `work` on a thread of its own with a lower priority, which the threads that it starts inherit.
///
/// Where the system knows no priorities of threads, or refuses, `work` is done all the same.
///
/// # Panics
/// Where `work` panics.
pub fn patiently<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            lower();
            work()
        });
        worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Lowers the priority of the current thread, and of those that it will start.
pub fn lower() {
    // What is refused changes only how soon others get their turn.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(PATIENCE);
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn threads_of_patient_work_inherit_its_priority_and_others_keep_theirs() {
        let own = || rustix::process::nice(0).expect("the priority of a thread");
        let before = own();
        let (worker, child) = patiently(|| (own(), std::thread::spawn(own).join().expect("a thread")));
        assert_eq!((worker, child), ((before + PATIENCE).min(19), (before + PATIENCE).min(19)));
        assert_eq!(own(), before);
    }
}
