//! `pressgraph watch`: what arrives in a folder, until a signal.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use pressgraph::input::{Changes, Input, Options, Watch, releases};

const TEXT: &str = "Valoria nomme Marie Durand\n\nNantes, le 12 mars 2024 – La société Valoria annonce la nomination de Marie Durand au poste de directrice générale. Elle prendra ses fonctions au mois de juin.";

/// Long enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

struct Watching {
    process: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn new(folder: &Path, store: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_pressgraph"))
            .args(["watch", "--prune", "--quiet", "0.2", "--log", "off", "--store"])
            .args([store, folder])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let stdout = BufReader::new(process.stdout.take().expect("it was piped"));
        let (send, lines) = channel();
        std::thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        Self { process, lines }
    }

    /// The next summary, up to the first semicolon.
    fn summary(&self) -> String {
        let line = self.lines.recv_timeout(PATIENCE).expect("a summary comes");
        line.split(';').next().unwrap_or("").to_owned()
    }

    /// Asks it to end, and waits: its exit code.
    fn stop(mut self) -> Option<i32> {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs").success());
        self.process.wait().expect("it ends").code()
    }
}

#[test]
fn releases_that_arrive_change_and_go_are_taken_in() {
    let place = tempfile::tempdir().expect("a folder");
    let (folder, store) = (place.path().join("in"), place.path().join("db"));
    fs::create_dir(&folder).expect("made");
    fs::write(folder.join("a.txt"), TEXT).expect("written");
    let watching = Watching::new(&folder, &store);
    assert_eq!(watching.summary(), "1 added, 0 replaced, 0 unchanged, 0 withdrawn, 0 refused");
    fs::write(folder.join("b.txt"), TEXT.replace("Valoria", "Biosylve")).expect("written");
    assert_eq!(watching.summary(), "1 added, 0 replaced, 0 unchanged, 0 withdrawn, 0 refused");
    fs::write(folder.join("a.txt"), TEXT.replace("juin", "juillet")).expect("written");
    assert_eq!(watching.summary(), "0 added, 1 replaced, 0 unchanged, 0 withdrawn, 0 refused");
    fs::write(folder.join("c.txt"), "The company announced today that it has signed an agreement in Europe.")
        .expect("written");
    assert_eq!(watching.summary(), "0 added, 0 replaced, 0 unchanged, 0 withdrawn, 1 refused");
    fs::remove_file(folder.join("c.txt")).expect("removed");
    fs::remove_file(folder.join("b.txt")).expect("removed");
    let summary = watching.summary();
    assert!(summary.ends_with("1 withdrawn, 0 refused") || summary.ends_with("1 withdrawn, 1 refused"), "{summary}");
    assert_eq!(watching.stop(), Some(1), "one release was refused");

    // What came meanwhile is found at the next start.
    fs::write(folder.join("d.txt"), TEXT.replace("Valoria", "Hydravel")).expect("written");
    let watching = Watching::new(&folder, &store);
    assert_eq!(watching.summary(), "1 added, 0 replaced, 1 unchanged, 0 withdrawn, 0 refused");
    assert_eq!(watching.stop(), Some(0));
}

#[test]
fn a_watched_file_has_the_name_that_the_folder_gives_it() {
    let place = tempfile::tempdir().expect("a folder");
    check_names(&place.path().join("absolute"));
    // The system tells absolute paths of it.
    let up: PathBuf = std::env::current_dir().expect("a folder").components().skip(1).map(|_| "..").collect();
    check_names(&up.join(place.path().join("relative").strip_prefix("/").expect("absolute")));
    assert!(Watch::new(Path::new("/nowhere"), Duration::from_secs(1)).is_err());
}

fn check_names(folder: &Path) {
    fs::create_dir_all(folder.join("b")).expect("made");
    let watch = Watch::new(folder, Duration::from_millis(50)).expect("the folder is there");
    let file = folder.join("b/a.txt");
    fs::write(&file, TEXT).expect("written");
    fs::write(folder.join(".hidden"), TEXT).expect("written");
    let mut changes = Changes::default();
    for _ in 0..100 {
        changes.merge(watch.changes(Duration::from_millis(100)));
        if !changes.is_empty() {
            break;
        }
    }
    assert!(!changes.is_empty());
    assert!(changes.files.iter().all(|path| *path == file), "{changes:?}");
    let options = Options { collection: Some("c".to_owned()), ..Options::default() };
    let ids = |inputs: Vec<Input>| -> Vec<String> {
        releases(inputs, options.clone()).flatten().map(|release| release.source.id()).collect()
    };
    let member = vec![Input::Member { folder: folder.to_owned(), file }];
    assert_eq!(ids(member), ["c/b/a.txt"]);
    assert_eq!(ids(vec![Input::Path(folder.to_owned())]), ["c/b/a.txt"]);
}
