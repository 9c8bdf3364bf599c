use std::path::{Path, PathBuf};

use super::{Labelled, LabelledName, Meaning};
use crate::tag::EntityType;

/// The line behind which a marked file tells relations.
const RELATIONS: &str = "---";

/// Why a marked file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum MarkedError {
    /// The file system said no.
    #[error("{}: cannot read: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A bracket that opens no mark.
    #[error("{}:{line}: {cause}: mark names as `[Marie Durand|Person]`", path.display())]
    Mark {
        /// The file.
        path: PathBuf,
        /// Its line, from 1.
        line: usize,
        /// What is wrong with it.
        cause: String,
    },
}

/// Reads the marked file `path`, or all files `*.marked` of the folder `path`, sorted by name.
///
/// A marked file is a text with its names in brackets, each with its type: `[Valoria|Organization] ouvre un site à
/// [Douai|Place].` A third part (`[Valoria|Organization|Valoria SA]`) tells the fullest form of the name and what stands behind
/// a line of three dashes tells relations; the name tagger learns from neither.
pub fn read_marked(path: &Path) -> Result<Vec<Labelled>, MarkedError> {
    let io = |source| MarkedError::Io { path: path.to_owned(), source };
    let mut files = vec![path.to_owned()];
    if path.is_dir() {
        let entries = std::fs::read_dir(path).map_err(io)?.collect::<Result<Vec<_>, _>>().map_err(io)?;
        files = entries.into_iter().map(|entry| entry.path()).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "marked"));
        files.sort();
    }
    let read = |file: &PathBuf| {
        let text = std::fs::read_to_string(file).map_err(|source| MarkedError::Io { path: file.clone(), source })?;
        unmark(&text).map_err(|(line, cause)| MarkedError::Mark { path: file.clone(), line, cause })
    };
    files.iter().map(read).collect()
}

/// The text without its marks, and its names; an error tells the line and what is wrong with it.
fn unmark(marked: &str) -> Result<Labelled, (usize, String)> {
    let mut text = String::new();
    let mut length = 0;
    let mut names = Vec::new();
    let mut write = |text: &mut String, part: &str| {
        text.push_str(part);
        length += part.chars().count();
        length
    };
    for (number, line) in marked.lines().enumerate().take_while(|(_, line)| *line != RELATIONS) {
        let wrong = |cause: String| (number + 1, cause);
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('[') {
            let (mark, after) = after.split_once(']').ok_or_else(|| wrong("`[` without `]`".to_owned()))?;
            let mut parts = mark.split('|');
            let name = parts.next().filter(|name| !name.trim().is_empty() && name.trim() == *name);
            let name = name.ok_or_else(|| wrong(format!("no name, or spaces around it, in `[{mark}]`")))?;
            let kind = parts.next().ok_or_else(|| wrong(format!("no type in `[{mark}]`")))?;
            let kind = EntityType::parse(kind).ok_or_else(|| wrong(EntityType::unknown(kind)))?;
            let start = write(&mut text, before);
            let end = write(&mut text, name);
            names.push(LabelledName { start, end, meaning: Meaning::of(kind) });
            rest = after;
        }
        if rest.contains(']') {
            return Err(wrong("`]` without `[`".to_owned()));
        }
        write(&mut text, rest);
        write(&mut text, "\n");
    }
    Ok(Labelled { text, names })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_names_in_code_points() {
        let marked =
            "[Hélène Roux|Person|Hélène Marie Roux] dirige [Valoria|Organization].\n\nÀ [Douai|Place]\n---\nrole x=[";
        let labelled = unmark(marked).expect("all marks are whole");
        assert_eq!(labelled.text, "Hélène Roux dirige Valoria.\n\nÀ Douai\n");
        let chars: Vec<char> = labelled.text.chars().collect();
        let names: Vec<String> = labelled.names.iter().map(|n| chars[n.start..n.end].iter().collect()).collect();
        assert_eq!(names, ["Hélène Roux", "Valoria", "Douai"]);
        assert_eq!(labelled.names[1].meaning, Meaning::of(EntityType::Organization));
    }

    #[test]
    fn broken_marks_tell_their_line() {
        for (marked, line, cause) in [
            ("a\n[Valoria|Organization", 2, "without `]`"),
            ("[Valoria]", 1, "no type"),
            ("a\nb\n[Valoria|Firm]", 3, "`Firm`"),
            ("[ Valoria|Organization]", 1, "spaces"),
            ("Valoria]", 1, "without `[`"),
        ] {
            let (at, told) = unmark(marked).expect_err(marked);
            assert!(at == line && told.contains(cause), "{marked}: line {at}: {told}");
        }
    }
}
