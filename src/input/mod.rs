//! Files, folders, patterns, lists, archives and the standard input to the entries that
//! [`crate::read`] converts: lazily, in a deterministic order, in bounded memory.
//!
//! ```no_run
//! use pressgraph::input::{Input, Options, releases};
//! for release in releases(vec![Input::Path("releases".into())], Options::default()) {
//!     match release {
//!         Ok(release) => println!("{}: {} characters", release.place, release.text.len()),
//!         Err(refusal) => eprintln!("{refusal}"),
//!     }
//! }
//! ```

mod archive;
mod stream;
mod walk;
mod watch;

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use crate::read::{Entry, Origin, Refusal, Release};

pub use walk::scopes;
pub use watch::{Changes, Watch, WatchError};

/// What to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file, or all files of a folder.
    Path(PathBuf),
    /// A file of a folder, under the name that it has when the whole folder is read.
    Member {
        /// The folder.
        folder: PathBuf,
        /// The file, somewhere below it.
        file: PathBuf,
    },
    /// A pattern such as `in/**/*.html`.
    Pattern(String),
    /// The standard input: a file of any format.
    Stdin,
    /// The paths in a file, one per line or separated by NUL; `-` is the standard input.
    List(PathBuf),
}

impl Input {
    /// What an argument of the command line means: `-`, a pattern, or a path. A file whose name looks like a
    /// pattern is that file.
    pub fn from_argument(argument: &str) -> Self {
        match argument {
            "-" => Self::Stdin,
            pattern if pattern.contains(['*', '?', '[', '{']) && !std::path::Path::new(pattern).exists() => {
                Self::Pattern(pattern.to_owned())
            }
            path => Self::Path(path.into()),
        }
    }
}

/// How to read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Name of the collection that all inputs belong to; else each folder is its own.
    pub collection: Option<String>,
    /// The folder that names of collections are relative to (for ingestion, the one that holds the
    /// store); what is outside has a name that begins with `file:/`. The working folder if none.
    pub root: Option<PathBuf>,
    /// Accept releases in other languages than French.
    pub any_language: bool,
    /// Bounds on what hostile input can take.
    pub limits: Limits,
}

/// Bounds on what one input can take. What passes one is refused.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a file that is converted as a whole.
    pub file: u64,
    /// Bytes of a line or record of files with many.
    pub record: u64,
    /// Bytes of an archive that must be held in memory since it is itself in another, or comes from a pipe.
    pub archive: u64,
    /// How many times its size something compressed may unpack to, once past 16 MiB.
    pub ratio: u64,
    /// Archives and compressions within each other.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file: 64 << 20, record: 16 << 20, archive: 256 << 20, ratio: 150, depth: 5 }
    }
}

/// The entries of `inputs` in order, read by a thread of its own a little ahead of the caller.
pub fn entries(inputs: Vec<Input>, options: &Options) -> Entries {
    let (send, receive) = sync_channel(QUEUE);
    let gate = Arc::new(Gate::default());
    let (reader_gate, options) = (Arc::clone(&gate), options.clone());
    let read = move || {
        let mut sink = |entry: Result<Entry, Refusal>| {
            reader_gate.enter(entry.as_ref().map_or(0, Entry::size));
            if send.send(entry).is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        let _ = walk::read_inputs(&inputs, &options, &mut sink);
    };
    // The system refuses threads only when it can do nothing at all; then there are no entries but this news.
    let failure = std::thread::Builder::new().name(crate::read::THREAD.to_owned()).spawn(read).err();
    let failure = failure.map(|error| Refusal { origin: Origin::default(), reason: error.into() });
    Entries { receive, gate, failure }
}

/// The releases of `inputs`, converted one after the other; who has several threads takes
/// [`entries`] and converts them there. Refuses other languages unless the options allow them.
pub fn releases(inputs: Vec<Input>, options: Options) -> impl Iterator<Item = Result<Release, Refusal>> {
    entries(inputs, &options).flat_map(move |entry| match entry {
        Ok(entry) => {
            let check = |release: Release| {
                release.check_size()?;
                if !options.any_language {
                    release.check_language()?;
                }
                Ok(release)
            };
            entry.releases().into_iter().map(|release| release.and_then(check)).collect()
        }
        Err(refusal) => vec![Err(refusal)],
    })
}

/// How many entries are read ahead.
const QUEUE: usize = 256;
/// How many bytes are read ahead.
const QUEUE_BYTES: usize = 32 << 20;

/// The iterator of [`entries`].
#[derive(Debug)]
pub struct Entries {
    receive: Receiver<Result<Entry, Refusal>>,
    gate: Arc<Gate>,
    failure: Option<Refusal>,
}

impl Iterator for Entries {
    type Item = Result<Entry, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(failure) = self.failure.take() {
            return Some(Err(failure));
        }
        let entry = self.receive.recv().ok()?;
        self.gate.leave(entry.as_ref().map_or(0, Entry::size));
        Some(entry)
    }
}

impl Drop for Entries {
    fn drop(&mut self) {
        self.gate.close();
    }
}

/// Lets entries pass while few bytes wait in the queue; one larger than the bound passes alone.
#[derive(Debug, Default)]
struct Gate {
    waiting: Mutex<usize>,
    left: Condvar,
}

impl Gate {
    fn enter(&self, size: usize) {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |waiting: &mut usize| *waiting > 0 && waiting.saturating_add(size) > QUEUE_BYTES;
        let mut waiting = self.left.wait_while(waiting, full).unwrap_or_else(PoisonError::into_inner);
        *waiting = waiting.saturating_add(size);
    }

    fn leave(&self, size: usize) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting = waiting.saturating_sub(size);
        self.left.notify_one();
    }

    /// Lets the reader run into its closed channel.
    fn close(&self) {
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) = 0;
        self.left.notify_all();
    }
}
