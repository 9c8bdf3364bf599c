//! Files, folders and archives to releases: every format, its metadata, and hostile input.

#[path = "formats/archives.rs"]
mod archives;
#[path = "formats/feeds.rs"]
mod feeds;
#[path = "formats/folders.rs"]
mod folders;
#[path = "formats/hostile.rs"]
mod hostile;
#[path = "formats/html.rs"]
mod html;
#[path = "formats/mail.rs"]
mod mail;
#[path = "formats/make.rs"]
mod make;
#[path = "formats/mutations.rs"]
mod mutations;
#[path = "formats/office.rs"]
mod office;
#[path = "formats/pdf.rs"]
mod pdf;
#[path = "formats/records.rs"]
mod records;
#[path = "formats/text.rs"]
mod text;

use pressgraph::input::{Input, Options, releases};
use pressgraph::read::{Content, Entry, Format, Origin, Reason, Refusal, Release, Sniffed, sniff};

/// A release that every format can carry, in French and long enough to tell.
const TEXT: &str = "Valoria et Mecaloire signent un partenariat\n\nNantes, le 12 mars 2024 – L’entreprise Valoria annonce aujourd’hui la signature d’un accord avec la société Mecaloire, qui fabrique des vérins dans son usine d’Angers.\n\n« Cet accord ouvre une étape décisive pour nos équipes », déclare Marie Durand, directrice générale de Valoria.";

/// The releases in `bytes`, a whole file whose format is told by its content and `name`.
fn read_all(name: &str, bytes: &[u8]) -> Vec<Result<Release, Refusal>> {
    let format = match sniff(name, bytes) {
        Sniffed::Format(format) => format,
        Sniffed::Zip if name.ends_with("docx") => Format::Docx,
        Sniffed::Zip if name.ends_with("odt") => Format::Odt,
        other => panic!("{name} was taken for {other:?}"),
    };
    Entry { origin: Origin::default(), content: Content::File(format, bytes.to_vec()) }.releases()
}

/// The only release in `bytes`.
fn read_one(name: &str, bytes: &[u8]) -> Release {
    let mut releases = read_all(name, bytes);
    assert_eq!(releases.len(), 1, "{releases:?}");
    releases.remove(0).expect("the file is sound")
}

/// Why the only entry of `bytes` was refused.
fn refusal(name: &str, bytes: &[u8]) -> Reason {
    let mut releases = read_all(name, bytes);
    assert_eq!(releases.len(), 1, "{releases:?}");
    releases.remove(0).expect_err("the file is bad").reason
}

/// What `path` holds: paths and texts of releases, and the refusals.
fn read_path(path: &std::path::Path) -> (Vec<Release>, Vec<Refusal>) {
    split(releases(vec![Input::Path(path.to_owned())], Options::default()))
}

fn split(results: impl Iterator<Item = Result<Release, Refusal>>) -> (Vec<Release>, Vec<Refusal>) {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(release) => good.push(release),
            Err(refusal) => bad.push(refusal),
        }
    }
    (good, bad)
}

/// The date of a release as ISO 8601.
fn issued(release: &Release) -> String {
    release.metadata.issued.map(|date| date.to_string()).unwrap_or_default()
}
