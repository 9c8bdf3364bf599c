//! Speed of each stage and of the whole extraction, in bytes of text per second, on a short release
//! and on a long one: `cargo bench --bench stages`.

use std::sync::LazyLock;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use pressgraph::model::Resources;
use pressgraph::pipeline::Extractor;
use pressgraph::read::Layout;
use pressgraph::segment::Segmentation;
use pressgraph::tag::MorphTagger;
use pressgraph::text::Document;

fn main() {
    divan::main();
}

/// The releases of `data/releases`, each once.
const RELEASES: [&str; 7] = [
    include_str!("../data/releases/acquisition-mecaloire.txt"),
    include_str!("../data/releases/contrat-railor.txt"),
    include_str!("../data/releases/levee-biosylve.txt"),
    include_str!("../data/releases/nomination-hydravel.txt"),
    include_str!("../data/releases/partenariat-meteore.txt"),
    include_str!("../data/releases/prix-optivigne.txt"),
    include_str!("../data/releases/usine-verralie.txt"),
];

/// One release of 2 kB; the same and others in a row to half a megabyte.
const LENGTHS: [&str; 2] = ["short", "long"];

static LONG: LazyLock<String> = LazyLock::new(|| RELEASES.join("\n\n").repeat(40));
static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| Extractor::new().expect("the built-in data compiles"));
static MORPH: LazyLock<MorphTagger> =
    LazyLock::new(|| MorphTagger::load(&Resources::embedded()).expect("the embedded model loads"));

fn text(length: &str) -> &'static str {
    if length == "short" { RELEASES[0] } else { &LONG }
}

#[divan::bench(args = LENGTHS)]
fn document(bencher: Bencher<'_, '_>, length: &str) {
    let text = text(length);
    bencher.counter(BytesCount::of_str(text)).bench(|| Document::new(black_box(text)));
}

#[divan::bench(args = LENGTHS)]
fn layout(bencher: Bencher<'_, '_>, length: &str) {
    let text = text(length);
    let document = Document::new(text);
    bencher.counter(BytesCount::of_str(text)).bench(|| Layout::new(black_box(&document)));
}

#[divan::bench(args = LENGTHS)]
fn segmentation(bencher: Bencher<'_, '_>, length: &str) {
    let text = text(length);
    let document = Document::new(text);
    bencher.counter(BytesCount::of_str(text)).bench(|| Segmentation::new(black_box(&document)));
}

#[divan::bench(args = LENGTHS)]
fn morphology(bencher: Bencher<'_, '_>, length: &str) {
    let text = text(length);
    let document = Document::new(text);
    let segmentation = Segmentation::new(&document);
    let tagger = &*MORPH;
    bencher.counter(BytesCount::of_str(text)).bench(|| tagger.tag(black_box(&document), &segmentation));
}

#[divan::bench(args = LENGTHS)]
fn extraction(bencher: Bencher<'_, '_>, length: &str) {
    let text = text(length);
    let extractor = &*EXTRACTOR;
    bencher.counter(BytesCount::of_str(text)).bench(|| extractor.extract(black_box(text)));
}

#[divan::bench]
fn load_morphology() {
    black_box(MorphTagger::load(&Resources::embedded()).is_ok());
}

#[divan::bench]
fn load_all() {
    black_box(Extractor::new().is_ok());
}
