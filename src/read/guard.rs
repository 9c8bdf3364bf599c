//! The one boundary at which the failures of third-party parsers end: panics become refusals, and
//! what takes too long is given up.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use super::{Format, Reason};

/// Name of the threads that convert; the program's panic hook keeps silent about them.
pub const THREAD: &str = "pressgraph-reader";

/// Seconds after which a conversion is given up. Generous, so that a busy machine refuses nothing
/// that an idle one accepts.
pub(super) const SECONDS: u64 = 60;

/// Stack of the converting thread: parsers recurse per level of nesting.
const STACK: usize = 64 << 20;

/// Runs `convert` here, for formats whose readers are quick and flat.
pub(super) fn catch<T>(format: Format, convert: impl FnOnce() -> Result<T, Reason>) -> Result<T, Reason> {
    catch_unwind(AssertUnwindSafe(convert)).unwrap_or(Err(Reason::Panicked(format)))
}

/// Runs `convert` on a thread of its own. One that takes too long is left to its own deadline or end.
pub(super) fn run<T: Send + 'static>(
    format: Format,
    convert: impl FnOnce() -> Result<T, Reason> + Send + 'static,
) -> Result<T, Reason> {
    let (send, receive) = sync_channel(1);
    let body = move || {
        let result = catch(format, convert);
        // Nobody waits any more after a timeout.
        let _ = send.send(result);
    };
    std::thread::Builder::new().name(THREAD.to_owned()).stack_size(STACK).spawn(body)?;
    match receive.recv_timeout(Duration::from_secs(SECONDS)) {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => Err(Reason::Timeout(SECONDS)),
        Err(RecvTimeoutError::Disconnected) => Err(Reason::Panicked(format)),
    }
}
