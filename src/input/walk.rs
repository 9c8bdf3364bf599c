use std::ffi::OsStr;
use std::io::Read;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Component, Path, PathBuf};

use walkdir::WalkDir;

use super::stream::{Reader, Sink};
use super::{Input, Options};
use crate::read::{Origin, Place, Reason, Refusal, Source};

/// Reads all `inputs` into `sink`.
pub(super) fn read_inputs(inputs: &[Input], options: &Options, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let names = Names::new(options);
    for input in inputs {
        match input {
            Input::Path(path) => read_path(path, &names, options, sink)?,
            Input::Member { folder, file } => {
                let origin = names.of_member(&names.folder(folder), folder, file);
                read_file(file, &origin, options, sink)?;
            }
            Input::Pattern(pattern) => read_pattern(pattern, &names, options, sink)?,
            Input::Stdin => {
                let origin = names.of_stdin();
                guarded(&origin, options, sink, |reader| reader.stream(&origin, &mut std::io::stdin().lock()))?;
            }
            Input::List(list) => read_list(list, &names, options, sink)?,
        }
    }
    ControlFlow::Continue(())
}

/// The beginnings of [`Source::id`] that `inputs` cover wholly: what the store has under one of them and the
/// inputs no longer hold is gone (`--prune`). Patterns and lists cover nothing unless they have a collection.
pub fn scopes(inputs: &[Input], options: &Options) -> Vec<String> {
    let names = Names::new(options);
    let scope = |input: &Input| match (input, &options.collection) {
        (Input::Path(path), None) if path.is_dir() => {
            let folder = names.folder(path);
            Some(if folder.is_empty() { folder } else { folder + "/" })
        }
        (Input::Path(path), None) => Some(names.of_file(path).source.id() + "/"),
        (Input::Member { .. }, _) => None,
        (_, Some(collection)) => Some(format!("{collection}/")),
        _ => None,
    };
    let mut scopes: Vec<String> = inputs.iter().filter_map(scope).collect();
    scopes.sort();
    scopes.dedup();
    scopes
}

fn read_path(path: &Path, names: &Names, options: &Options, sink: &mut Sink<'_>) -> ControlFlow<()> {
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => read_folder(path, names, options, sink),
        Ok(_) => read_file(path, &names.of_file(path), options, sink),
        Err(error) => sink(Err(Refusal { origin: names.of_file(path), reason: error.into() })),
    }
}

/// Reads all regular files below `folder` but hidden ones, by name; links are followed.
fn read_folder(folder: &Path, names: &Names, options: &Options, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let visible = |entry: &walkdir::DirEntry| entry.depth() == 0 || !is_hidden(entry.file_name());
    let walk = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter().filter_entry(visible);
    let collection = names.folder(folder);
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                let origin = names.of_member(&collection, folder, entry.path());
                read_file(entry.path(), &origin, options, sink)?;
            }
            Ok(_) => {}
            Err(error) => {
                let origin = names.of_member(&collection, folder, error.path().unwrap_or(folder));
                let reason = match (error.loop_ancestor(), error.io_error()) {
                    (Some(_), _) => Reason::LinkLoop,
                    (None, Some(io)) => Reason::Io(io.to_string()),
                    (None, None) => Reason::Io(error.to_string()),
                };
                sink(Err(Refusal { origin, reason }))?;
            }
        }
    }
    ControlFlow::Continue(())
}

/// The origin of what no file stands for.
fn nowhere(given: &str) -> Origin {
    Origin { place: Place { file: given.to_owned(), line: None }, ..Origin::default() }
}

pub(super) fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().first() == Some(&b'.') || name == "__MACOSX"
}

/// Reads the files that match `pattern`, by name.
fn read_pattern(pattern: &str, names: &Names, options: &Options, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let nowhere = nowhere(pattern);
    let matcher = match globset::GlobBuilder::new(pattern).literal_separator(true).build() {
        Ok(glob) => glob.compile_matcher(),
        Err(error) => return sink(Err(Refusal { origin: nowhere, reason: Reason::Io(error.kind().to_string()) })),
    };
    // The folder above the first part with a wildcard.
    let fixed: PathBuf = Path::new(pattern)
        .components()
        .take_while(|part| !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']))
        .collect();
    let start = if fixed.as_os_str().is_empty() { Path::new(".") } else { fixed.as_path() };
    let mut found = false;
    let walk = WalkDir::new(start).follow_links(true).sort_by_file_name();
    for entry in walk.into_iter().filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.file_name())) {
        let Ok(entry) = entry else { continue };
        let path = entry.path().strip_prefix("./").unwrap_or(entry.path());
        if entry.file_type().is_file() && matcher.is_match(path) {
            found = true;
            read_file(path, &names.of_file(path), options, sink)?;
        }
    }
    if found { ControlFlow::Continue(()) } else { sink(Err(Refusal { origin: nowhere, reason: Reason::NothingFound })) }
}

/// Reads the paths that `list` names.
fn read_list(list: &Path, names: &Names, options: &Options, sink: &mut Sink<'_>) -> ControlFlow<()> {
    const LIMIT: u64 = 256 << 20;
    let mut bytes = Vec::new();
    let read = if list == Path::new("-") {
        std::io::stdin().lock().take(LIMIT).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(list).and_then(|file| file.take(LIMIT).read_to_end(&mut bytes))
    };
    let nowhere = nowhere(&list.to_string_lossy());
    if let Err(error) = read {
        return sink(Err(Refusal { origin: nowhere, reason: error.into() }));
    }
    let separator = if bytes.contains(&0) { 0 } else { b'\n' };
    let mut found = false;
    for line in bytes.split(|&b| b == separator) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if !line.is_empty() {
            found = true;
            read_path(&path_of(line), names, options, sink)?;
        }
    }
    if found { ControlFlow::Continue(()) } else { sink(Err(Refusal { origin: nowhere, reason: Reason::NothingFound })) }
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

fn read_file(path: &Path, origin: &Origin, options: &Options, sink: &mut Sink<'_>) -> ControlFlow<()> {
    tracing::debug!(file = %path.display(), "reading");
    match std::fs::File::open(path) {
        Ok(file) => guarded(origin, options, sink, |reader| reader.file(origin, file)),
        Err(error) => sink(Err(Refusal { origin: origin.clone(), reason: error.into() })),
    }
}

/// Reads a file; should a library for archives panic on it, that is a refusal and not the end of the batch.
fn guarded(
    origin: &Origin,
    options: &Options,
    sink: &mut Sink<'_>,
    read: impl FnOnce(&mut Reader<'_, '_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let result = catch_unwind(AssertUnwindSafe(|| read(&mut Reader::new(options, sink))));
    result.unwrap_or_else(|_| {
        let reason = Reason::Damaged { format: "archive", detail: "its reader failed on it".to_owned() };
        sink(Err(Refusal { origin: origin.clone(), reason }))
    })
}

/// Gives files their collections and paths.
struct Names {
    root: PathBuf,
    collection: Option<String>,
}

impl Names {
    fn new(options: &Options) -> Self {
        let root = options.root.as_deref().unwrap_or(Path::new("."));
        let root = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
        Self { root, collection: options.collection.clone() }
    }

    /// The name of `folder`: relative to the root if it lies in it.
    fn folder(&self, folder: &Path) -> String {
        if let Some(collection) = &self.collection {
            return collection.clone();
        }
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf());
        match folder.strip_prefix(&self.root) {
            Ok(inner) => with_slashes(inner),
            Err(_) => format!("file:/{}", with_slashes(&folder)),
        }
    }

    /// A file named by itself: its collection is its folder.
    fn of_file(&self, path: &Path) -> Origin {
        let name = path.file_name().map(part).unwrap_or_default();
        origin(self.folder(path.parent().unwrap_or(path)), name, path)
    }

    /// A file found in a folder.
    fn of_member(&self, collection: &str, folder: &Path, path: &Path) -> Origin {
        origin(collection.to_owned(), with_slashes(path.strip_prefix(folder).unwrap_or(path)), path)
    }

    fn of_stdin(&self) -> Origin {
        let collection = self.collection.clone().unwrap_or_else(|| "stdin".to_owned());
        origin(collection, "-".to_owned(), Path::new("-"))
    }
}

fn origin(collection: String, path: String, given: &Path) -> Origin {
    Origin {
        source: Source { collection, path, url: None },
        place: Place { file: given.to_string_lossy().into_owned(), line: None },
    }
}

/// The normal parts of `path`, separated by `/` on every system.
fn with_slashes(path: &Path) -> String {
    let parts = path.components().filter_map(|component| match component {
        Component::Normal(name) => Some(part(name)),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// A name as text; bytes that are none are escaped, so that two names never become one.
fn part(name: &OsStr) -> String {
    name.to_str().map_or_else(
        || percent_encoding::percent_encode(name.as_encoded_bytes(), percent_encoding::CONTROLS).to_string(),
        str::to_owned,
    )
}
