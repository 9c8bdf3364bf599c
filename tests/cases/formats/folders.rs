//! Folders, patterns, lists: what is found, in which order, under which names.

use std::fs;
use std::path::Path;

use pressgraph::input::{Input, Options, releases, scopes};
use pressgraph::read::Reason;

use super::{TEXT, read_path, split};

/// A folder with two releases, a hidden file and one in English.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(folder.path().join("in/b")).expect("made");
    for name in ["in/b/2.txt", "in/a.txt", "in/.hidden"] {
        fs::write(folder.path().join(name), TEXT).expect("written");
    }
    let english = "The company announced today that it has signed an agreement with its partners in Europe.";
    fs::write(folder.path().join("in/c.txt"), english).expect("written");
    folder
}

fn ids(inputs: Vec<Input>, options: Options) -> Vec<String> {
    split(releases(inputs, options)).0.iter().map(|release| release.source.id()).collect()
}

#[test]
fn files_come_by_name_and_hidden_ones_do_not() {
    let folder = folder();
    let options = Options { root: Some(folder.path().to_owned()), ..Options::default() };
    let whole = Input::Path(folder.path().join("in"));
    assert_eq!(ids(vec![whole], options.clone()), ["in/a.txt", "in/b/2.txt"]);
    let file = Input::Path(folder.path().join("in/b/2.txt"));
    assert_eq!(ids(vec![file], options.clone()), ["in/b/2.txt"], "a file is the same however it is named");
    let pattern = Input::Pattern(format!("{}/in/**/*.txt", folder.path().display()));
    assert_eq!(ids(vec![pattern], options), ["in/a.txt", "in/b/2.txt"]);
}

#[test]
fn collections_are_named_by_folder_or_by_the_user() {
    let folder = folder();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let options = Options { root: Some(elsewhere.path().to_owned()), ..Options::default() };
    let input = || vec![Input::Path(folder.path().join("in/a.txt"))];
    let place = fs::canonicalize(folder.path()).expect("it is there");
    assert_eq!(ids(input(), options.clone()), [format!("file:{}/in/a.txt", place.display())]);
    let named = Options { collection: Some("valoria".to_owned()), ..options };
    assert_eq!(ids(input(), named.clone()), ["valoria/a.txt"]);
    assert_eq!(scopes(&input(), &named), ["valoria/"]);
}

#[test]
fn other_languages_are_refused_unless_wanted() {
    let folder = folder();
    let (_, bad) = read_path(&folder.path().join("in"));
    let [refusal] = bad.as_slice() else { panic!("{bad:?}") };
    assert_eq!(refusal.reason, Reason::Language("English"));
    let any = Options { any_language: true, ..Options::default() };
    assert_eq!(ids(vec![Input::Path(folder.path().join("in"))], any).len(), 3);
}

#[test]
fn lists_of_files_are_read_in_their_order() {
    let folder = folder();
    let list = folder.path().join("list");
    let (a, b) = (folder.path().join("in/a.txt"), folder.path().join("in/b/2.txt"));
    let missing = folder.path().join("missing");
    fs::write(&list, format!("{}\r\n{}\n\n{}\n", b.display(), missing.display(), a.display())).expect("written");
    let options = Options { root: Some(folder.path().to_owned()), ..Options::default() };
    let (good, bad) = split(releases(vec![Input::List(list)], options));
    assert_eq!(good.iter().map(|r| r.source.id()).collect::<Vec<_>>(), ["in/b/2.txt", "in/a.txt"]);
    assert!(bad[0].to_string().starts_with(&format!("{}: cannot read: ", missing.display())), "{}", bad[0]);
}

#[test]
fn patterns_and_lists_that_find_nothing_say_so() {
    let folder = folder();
    let pattern = Input::from_argument(&format!("{}/*.pdf", folder.path().display()));
    assert!(matches!(pattern, Input::Pattern(_)));
    let (_, bad) = split(releases(vec![pattern], Options::default()));
    assert_eq!(bad[0].reason, Reason::NothingFound);
    assert_eq!(Input::from_argument("-"), Input::Stdin);
    assert_eq!(Input::from_argument("a/b.txt"), Input::Path("a/b.txt".into()));
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_loops_refused() {
    let folder = folder();
    let inside = folder.path().join("in");
    std::os::unix::fs::symlink(&inside, inside.join("loop")).expect("linked");
    std::os::unix::fs::symlink(inside.join("a.txt"), inside.join("link.txt")).expect("linked");
    std::os::unix::fs::symlink(Path::new("nowhere"), inside.join("dangling")).expect("linked");
    let (good, bad) = read_path(&inside);
    assert_eq!(good.iter().map(|r| r.source.path.as_str()).collect::<Vec<_>>(), ["a.txt", "b/2.txt", "link.txt"]);
    assert!(bad.iter().any(|refusal| refusal.reason == Reason::LinkLoop), "{bad:?}");
    assert_eq!(bad.len(), 3, "loop, dangling link, English: {bad:?}");
}

#[test]
fn the_caller_may_stop_early() {
    let folder = tempfile::tempdir().expect("a folder");
    let line = serde_json::json!({ "text": TEXT }).to_string() + "\n";
    fs::write(folder.path().join("s.jsonl"), line.repeat(5000)).expect("written");
    let input = vec![Input::Path(folder.path().join("s.jsonl"))];
    assert_eq!(releases(input, Options::default()).take(3).filter(Result::is_ok).count(), 3);
}
