//! The real binary: what it says about bad input, and what it leaves behind.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use crate::golden;

/// A folder with a store, in which the program runs.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
        std::fs::write(path, content).expect("a file");
        self
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pressgraph"));
        command.current_dir(self.folder.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        Ran(self.command().args(arguments).output().expect("the program runs"))
    }

    /// A folder with a store of one release.
    fn with_store() -> Self {
        let place = Self::new();
        let text = std::fs::read(golden::path("data/releases/levee-biosylve.txt")).expect("a release");
        place.write("in/levee.txt", text).run(&["ingest", "in"]).says(0, "1 added");
        place
    }

    #[cfg(feature = "store")]
    fn export(&self) -> String {
        let ran = self.run(&["export"]);
        ran.says(0, "");
        String::from_utf8(ran.0.stdout).expect("N-Quads are UTF-8")
    }
}

struct Ran(Output);

impl Ran {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned() + &String::from_utf8_lossy(&self.0.stderr)
    }

    /// Checks the exit code and that the output has these words.
    #[track_caller]
    fn says(&self, code: i32, words: &str) -> &Self {
        let text = self.text();
        assert_eq!(self.0.status.code(), Some(code), "{text}");
        assert!(text.contains(words), "{words:?} is not in: {text}");
        assert!(!text.contains("panicked"), "{text}");
        self
    }
}

const FRENCH: &str = "La société Valoria annonce la nomination de Marie Durand au poste de directrice générale.\n";

#[test]
fn missing_and_empty_input_is_told_and_makes_no_store() {
    let place = Place::new();
    place.run(&["ingest", "missing.txt"]).says(1, "missing.txt");
    assert!(!place.path("pressgraph.db").exists());
    place.run(&["extract", "missing.txt"]).says(1, "missing.txt: cannot read");
    std::fs::create_dir(place.path("empty")).expect("a folder");
    place.run(&["ingest", "empty"]).says(1, "no releases found: empty");
    place.run(&["extract", "empty"]).says(1, "no releases found: empty");
    std::fs::remove_dir_all(place.path("pressgraph.db")).expect("a store was made for the folder");
    place.run(&["ingest"]).says(2, "Usage");
    place.run(&["query", "roles"]).says(1, "no store");
}

#[test]
fn bad_files_do_not_stop_the_others() {
    let place = Place::new();
    place
        .write("in/a-binary.bin", [0_u8, 1, 2, 255, 254, 0, 0, 7].repeat(100))
        .write("in/b-empty.txt", "")
        .write("in/c-english.txt", "The company announced today that it has signed an agreement with its partners in Europe and that the deal will close soon.")
        .write("in/d-latin1.txt", b"La soci\xe9t\xe9 Valoria annonce la nomination de Marie Durand au poste de directrice g\xe9n\xe9rale.\n")
        .write("in/e-good.txt", FRENCH);
    let ran = place.run(&["ingest", "--report", "report.json", "in"]);
    ran.says(1, "c-english.txt").says(1, "English, not French").says(1, "a-binary.bin").says(1, "b-empty.txt");
    let report = std::fs::read_to_string(place.path("report.json")).expect("the report is there");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let count = |key: &str| report[key].as_u64().expect("a number");
    assert_eq!(count("added"), 2, "{report}");
    assert_eq!(report["refused"].as_array().map(Vec::len), Some(3), "{report}");
    place.run(&["ingest", "--any-language", "in/c-english.txt"]).says(0, "1 added");
    place.run(&["ingest", "--fail-fast", "in"]).says(1, "1 refused");
}

#[test]
fn a_line_of_fifty_megabytes_is_refused_at_once() {
    let place = Place::new();
    let mut file = std::io::BufWriter::new(std::fs::File::create(place.path("long.txt")).expect("a file"));
    for _ in 0..50_000 {
        file.write_all(&[FRENCH.trim_end().as_bytes(), b" "].concat().repeat(12)).expect("the disk has room");
    }
    drop(file);
    let started = std::time::Instant::now();
    place.run(&["extract", "long.txt"]).says(1, "long.txt: larger than");
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

#[test]
fn wrong_queries_are_told_with_what_to_do() {
    let place = Place::with_store();
    let told = place.run(&["query", "SELECT ?x WHERE {"]);
    told.says(2, "not valid SPARQL");
    assert_eq!(told.text().matches("expected").count(), 1, "the cause is told once: {}", told.text());
    place.run(&["query", "rolls"]).says(2, "did you mean \"roles\"");
    place.run(&["query", "people"]).says(2, "--param organisation=VALUE");
    place.run(&["query", "roles", "--param", "who=x"]).says(2, "no parameter \"who\"");
    place.run(&["query", "roles", "--param", "who"]).says(2, "NAME=VALUE");
    place.run(&["query", "roles", "--param", "status=past"]).says(2, "one of current, former, planned, not \"past\"");
    place.run(&["query", "INSERT DATA { pg:a pg:b pg:c }"]).says(2, "an update, not a query");
    place.run(&["query", "missing.rq"]).says(1, "missing.rq: cannot read the query");
    place.run(&["query", "roles", "--format", "turtle"]).says(2, "a table");
    place.run(&["query", "SELECT * { SERVICE <http://x.example/> { ?s ?p ?o } }"]).says(1, "failed");
    place.run(&["query", "--list"]).says(0, "roles").says(0, "Qui a dit quoi");
    place.run(&["remove", "none.txt"]).says(1, "none.txt: the store has no such release");
}

#[cfg(feature = "store")]
#[test]
fn a_locked_newer_or_foreign_store_is_left_alone() {
    let place = Place::with_store();
    let before = place.export();
    let lock = std::fs::File::open(place.path("pressgraph.db/lock")).expect("the lock file");
    lock.lock().expect("the lock is free");
    place.run(&["query", "roles"]).says(1, "in use by another process");
    place.run(&["ingest", "in"]).says(1, "pressgraph.db: the store is in use");
    lock.unlock().expect("the lock is ours");
    let description = std::fs::read_to_string(place.path("pressgraph.db/store.json")).expect("the description");
    place.write("pressgraph.db/store.json", description.replace("\"format\": 3", "\"format\": 4"));
    place.run(&["ingest", "in"]).says(1, "use the newer pressgraph");
    place.write("pressgraph.db/store.json", description.replace("\"format\": 3", "\"format\": 2"));
    place.run(&["query", "roles"]).says(1, "ingest the releases anew into another store");
    place.write("pressgraph.db/store.json", description);
    assert_eq!(place.export(), before);
    place
        .write("other/letter.txt", "private")
        .run(&["ingest", "--store", "other", "in"])
        .says(1, "no store of pressgraph");
    place.run(&["ingest", "--base", "https://other.example/", "in"]).says(1, "made with base");
    place.run(&["ingest", "--base", "no base", "--store", "new.db", "in"]).says(1, "no base for IRIs");
    assert!(!place.path("new.db").exists());
}

#[cfg(feature = "store")]
#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let place = Place::with_store();
    let before = place.export();
    let mut many = String::new();
    for release in pressgraph::evaluate::generate::releases(3).take(400) {
        many.push_str(&serde_json::json!({ "id": release.id, "text": release.text }).to_string());
        many.push('\n');
    }
    place.write("many.jsonl", &many);
    // A limit on the size of files (in kB) fails like a full disk: the write is refused by the system. The least is met by the
    // database when it is opened, the other while it is loaded.
    for limit in [4, 200] {
        let limited = format!("trap '' XFSZ; ulimit -f {limit}; exec \"$0\" \"$@\"");
        let ran = Ran(Command::new("bash")
            .args(["-c", &limited, env!("CARGO_BIN_EXE_pressgraph"), "ingest", "many.jsonl"])
            .current_dir(place.folder.path())
            .output()
            .expect("bash runs"));
        ran.says(1, "no space left on the disk").says(1, "what was committed is safe");
    }
    let after = place.export();
    assert!(before.lines().all(|line| after.contains(line)), "what was there is still there");
    place.run(&["ingest", "many.jsonl"]).says(0, "0 refused");
    place.run(&["ingest", "many.jsonl"]).says(0, "400 unchanged");
}

#[test]
fn folders_that_cannot_be_written_are_told() {
    let place = Place::new();
    place.write("in.txt", FRENCH);
    place.run(&["ingest", "--store", "/proc/pressgraph.db", "in.txt"]).says(1, "/proc/pressgraph.db");
    place.write("file", "x").run(&["ingest", "--store", "file/s.db", "in.txt"]).says(1, "file/s.db");
}

#[cfg(feature = "store")]
#[test]
fn prune_keeps_what_cannot_be_read() {
    let place = Place::new();
    let feed = "<rss version=\"2.0\"><channel><title>Valoria</title><item><title>Un site</title><guid>1</guid><description>La société Valoria annonce l'ouverture d'un site à Nantes.</description></item></channel></rss>";
    place.write("in/a.txt", FRENCH).write("in/feed.xml", feed);
    place.run(&["ingest", "in"]).says(0, "2 added");
    place.write("in/feed.xml", "<rss version=\"2.0\"><chan");
    place.run(&["ingest", "--prune", "in"]).says(1, "0 withdrawn, 1 refused");
    std::fs::rename(place.path("in"), place.path("elsewhere")).expect("renamed");
    place.run(&["ingest", "--prune", "in"]).says(1, "0 withdrawn, 1 refused");
    std::fs::create_dir(place.path("in")).expect("made");
    place.run(&["ingest", "--prune", "in"]).says(0, "2 withdrawn, 0 refused");
}

#[test]
fn releases_without_given_mentions_are_told() {
    let place = Place::new();
    place.write("a.txt", FRENCH).write("b.txt", FRENCH);
    let line = r#"{"path":"a.txt","entities":[{"id":"x","type":"Organization","name":"Valoria","mentions":[{"start":11,"end":18}]}]}"#;
    place.write("given.jsonl", line);
    place.run(&["extract", "--mentions-from", "given.jsonl", "a.txt"]).says(0, "Valoria");
    place
        .run(&["extract", "--mentions-from", "given.jsonl", "a.txt", "b.txt"])
        .says(1, "b.txt: given.jsonl has no line for it");
}

#[test]
fn prune_withdraws_what_is_gone_and_remove_what_is_named() {
    let place = Place::new();
    place
        .write("in/a.txt", FRENCH)
        .write("in/b.txt", FRENCH.replace("Valoria", "Mecaloire").replace("Marie Durand", "Paul Martin"));
    place.write(
        "elsewhere/c.txt",
        "Le groupe Hydravel ouvre une usine à Nantes, qui emploiera 120 personnes dès 2026.\n",
    );
    place.run(&["ingest", "in", "elsewhere"]).says(0, "3 added");
    std::fs::remove_file(place.path("in/a.txt")).expect("the file is there");
    place.run(&["ingest", "in"]).says(0, "0 withdrawn");
    place.run(&["ingest", "--prune", "in"]).says(0, "1 withdrawn");
    place.run(&["query", "releases", "--format", "csv"]).says(0, "release/elsewhere/c.txt").says(0, "release/in/b.txt");
    place.run(&["remove", "in/b.txt"]).says(0, "1 withdrawn");
    place.run(&["stats", "--runs"]).says(0, "remove");
    let identities = place.run(&["export", "--graph", "graph/identity"]).text();
    assert!(identities.contains("Hydravel") && identities.lines().all(|line| line.ends_with("graph/identity> .")));
    place.run(&["export", "--graph", "elsewhere/c.txt"]).says(0, "ns#PressRelease");
    let export = place.export();
    assert!(export.contains("Hydravel") && !export.contains("Mecaloire") && !export.contains("Valoria"));
}

#[test]
fn every_format_and_help_is_there() {
    let place = Place::with_store();
    for (format, words) in [
        ("json", "\"entities\""),
        ("turtle", "@prefix pg:"),
        ("trig", "pg:PressRelease"),
        ("nquads", "<https://w3id.org/pressgraph/ns#PressRelease> <https://pressgraph.example/release/in/levee.txt> ."),
        ("jsonld", "\"@id\""),
        ("table", "type"),
        ("html", "<!DOCTYPE html>"),
    ] {
        place.run(&["extract", "--format", format, "in/levee.txt"]).says(0, words);
    }
    for (format, words) in
        [("table", "release"), ("csv", "release,"), ("tsv", "?release"), ("json", "\"bindings\""), ("xml", "<sparql")]
    {
        place.run(&["query", "releases", "--format", format]).says(0, words);
    }
    place.run(&["query", "CONSTRUCT WHERE { ?s a pg:PressRelease }"]).says(0, "a pg:PressRelease");
    for command in ["ingest", "extract", "query", "remove", "export", "stats", "completions"] {
        place.run(&[command, "--help"]).says(0, "Example");
    }
    place.run(&["completions", "bash"]).says(0, "_pressgraph");
    place.run(&["stats"]).says(0, "pg:PressRelease");
    place.run(&["stats"]).says(0, "joined");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let place = Place::with_store();
    let mut child =
        place.command().args(["export"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    // Nor is it where the messages go the same way, as with `2>&1 | head`.
    for (arguments, code) in
        [(&["ingest", "in"][..], 0), (&["extract", "missing"], 1), (&["explain", "--examples"], 0), (&["query"], 2)]
    {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let (out, err) = (writer.try_clone().expect("a handle"), writer);
        let status = place.command().args(arguments).stdout(out).stderr(err).status().expect("it runs");
        assert_eq!(status.code(), Some(code), "{arguments:?}");
    }
}

#[test]
fn wrong_values_are_told_with_what_is_expected() {
    let place = Place::new();
    place.write("a.txt", FRENCH);
    place.run(&["extract", "--min-confidence", "2", "a.txt"]).says(2, "from 0 to 1");
    place.run(&["--data", "nowhere", "extract", "a.txt"]).says(2, "there is no such folder");
}

#[test]
fn a_linguist_can_run_the_examples_of_own_rules() {
    let place = Place::new();
    let rule = "rule role.own\n  relation role\n  pattern {person: <Person>} mène {organization: <Organization>}\n";
    let rules = format!(
        "{rule}  find [Marie Durand|Person] mène [Valoria|Organization] => person=Marie Durand\n  reject [Marie Durand|Person] mène\n"
    );
    place.write("own/rules/own.rules", &rules);
    place.run(&["--data", "own", "explain", "--examples", "--rule", "role.own"]).says(0, "2 examples, 0 fail");
    place.write(
        "own/rules/own.rules",
        rules.replace("reject [Marie Durand|Person] mène", "find [Marie Durand|Person] mène"),
    );
    let told = place.run(&["--data", "own", "explain", "--examples", "--rule", "role.own"]);
    told.says(1, "rules/own.rules:5: rule role.own: found nothing");
    place.run(&["explain", "--examples", "--rule", "nosuch"]).says(1, "no rule");
    let marked =
        "[Valoria|Organization] nomme [Marie Durand|Person].\n[Durand|Person|Marie Durand] arrive.\n---\nrole [x\n";
    place.write("a.marked", marked);
    place.run(&["explain", "--marked", "a.marked"]).says(0, "name        Durand: Person Marie Durand");
    place.write("b.marked", "[Valoria|Company]");
    place.run(&["explain", "--marked", "b.marked"]).says(1, "no entity type `Company`: the types are Person,");
    place.write("a.txt", FRENCH);
    place.run(&["evaluate", "."]).says(1, "no annotated release");
    place.run(&["explain", "--rule", "nosuch", "a.txt"]).says(1, "no rule has a name that begins with \"nosuch\"");
    place.run(&["explain", "--rule", "quote", "a.txt"]).says(0, "Valoria/PROPN/Valoria");
}

#[test]
fn explain_tells_links_and_rejected_candidates() {
    let place = Place::new();
    let text = "La société Valoria, basée à Saint-Denis (Seine-Saint-Denis), annonce la nomination de Marie Durand au poste de directrice générale. SIREN 552 100 554.\n";
    place.write("a.txt", text);
    let told = place.run(&["explain", "a.txt"]);
    told.says(0, "linked").says(0, "rejected").says(0, "written   siren 552100554");
}
