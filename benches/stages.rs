//! Speed of each stage and of the whole extraction, in bytes of text per second, on a short release
//! and on a long one: `cargo bench --bench stages`.

use std::sync::LazyLock;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use pressgraph::entities::Resolution;
use pressgraph::entities::authority::Authorities;
use pressgraph::mentions::{Lexicon, Mentions};
use pressgraph::model::Resources;
use pressgraph::output::write_json;
use pressgraph::pipeline::{Extraction, Extractor};
use pressgraph::read::{Layout, decode, language};
use pressgraph::relations::{Quotations, Relations};
use pressgraph::segment::Segmentation;
use pressgraph::tag::names::NameTagger;
use pressgraph::tag::{MorphTagger, NameTag};
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
static WITHOUT_RELATIONS: LazyLock<Extractor> =
    LazyLock::new(|| Extractor::without_relations(&Resources::embedded()).expect("the built-in data is well-formed"));
static MORPH: LazyLock<MorphTagger> =
    LazyLock::new(|| MorphTagger::load(&Resources::embedded()).expect("the embedded model loads"));

static NAMES: LazyLock<NameTagger> = LazyLock::new(|| {
    let tagger = NameTagger::read(&Resources::embedded()).expect("the embedded models load");
    tagger.expect("there is a model of names")
});
static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::load(&Resources::embedded()).expect("the embedded lexicons are well-formed"));
static RELATIONS: LazyLock<Relations> =
    LazyLock::new(|| Relations::new(&Resources::embedded()).expect("the embedded rules compile"));
static QUOTATIONS: LazyLock<Quotations> =
    LazyLock::new(|| Quotations::new(&Resources::embedded()).expect("the embedded data is well-formed"));
static AUTHORITIES: LazyLock<Authorities> =
    LazyLock::new(|| Authorities::load(&Resources::embedded()).expect("the embedded tables are well-formed"));

/// What the stages before have found out, for the stages behind.
fn extracted(length: &str) -> (Extraction, Vec<NameTag>) {
    let extraction = EXTRACTOR.extract(text(length));
    let names = NAMES.tag(&extraction.document, &extraction.segmentation);
    (extraction, names)
}

fn text(length: &str) -> &'static str {
    if length == "short" { RELEASES[0] } else { &LONG }
}

/// Bytes to text, and whether it is French.
#[divan::bench(args = LENGTHS)]
fn decoding(bencher: Bencher<'_, '_>, length: &str) {
    let text = text(length);
    bencher.counter(BytesCount::of_str(text)).bench(|| decode(black_box(text.as_bytes())).map(|text| language(&text)));
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
fn names(bencher: Bencher<'_, '_>, length: &str) {
    let (extraction, _) = extracted(length);
    let bench = bencher.counter(BytesCount::of_str(text(length)));
    bench.bench(|| NAMES.tag(black_box(&extraction.document), &extraction.segmentation));
}

#[divan::bench(args = LENGTHS)]
fn mentions(bencher: Bencher<'_, '_>, length: &str) {
    let (x, names) = extracted(length);
    let bench = bencher.counter(BytesCount::of_str(text(length)));
    bench.bench(|| Mentions::new(black_box(&x.document), &x.segmentation, &x.tags, &x.layout, &LEXICON, &names));
}

#[divan::bench(args = LENGTHS)]
fn resolution(bencher: Bencher<'_, '_>, length: &str) {
    let (x, _) = extracted(length);
    let bench = bencher.counter(BytesCount::of_str(text(length)));
    bench.bench(|| {
        Resolution::new(black_box(&x.document), &x.segmentation, &x.tags, &x.layout, &x.mentions, &LEXICON, None)
    });
}

#[divan::bench(args = LENGTHS)]
fn relations(bencher: Bencher<'_, '_>, length: &str) {
    let (extraction, _) = extracted(length);
    let bench = bencher.counter(BytesCount::of_str(text(length)));
    bench.bench(|| RELATIONS.find(black_box(&extraction.analysis())));
}

#[divan::bench(args = LENGTHS)]
fn quotations(bencher: Bencher<'_, '_>, length: &str) {
    let (extraction, _) = extracted(length);
    let bench = bencher.counter(BytesCount::of_str(text(length)));
    bench.bench(|| QUOTATIONS.find(black_box(&extraction.analysis())));
}

#[divan::bench(args = LENGTHS)]
fn links(bencher: Bencher<'_, '_>, length: &str) {
    let (extraction, _) = extracted(length);
    let bench = bencher.counter(BytesCount::of_str(text(length)));
    bench.bench(|| {
        AUTHORITIES.link(black_box(&extraction.document), &extraction.resolution, &extraction.mentions.identifiers)
    });
}

#[divan::bench(args = LENGTHS)]
fn json(bencher: Bencher<'_, '_>, length: &str) {
    let (extraction, _) = extracted(length);
    let bench = bencher.counter(BytesCount::of_str(text(length)));
    bench.bench(|| write_json(std::io::sink(), "release.txt", black_box(&extraction)).is_ok());
}

/// Names only, end to end.
#[divan::bench(args = LENGTHS)]
fn names_only(bencher: Bencher<'_, '_>, length: &str) {
    let text = text(length);
    let extractor = &*EXTRACTOR;
    bencher.counter(BytesCount::of_str(text)).bench(|| extractor.tag_names(black_box(text)));
}

/// Names, values and entities, end to end.
#[divan::bench(args = LENGTHS)]
fn without_relations(bencher: Bencher<'_, '_>, length: &str) {
    let text = text(length);
    let extractor = &*WITHOUT_RELATIONS;
    bencher.counter(BytesCount::of_str(text)).bench(|| extractor.extract(black_box(text)));
}

/// With relations, end to end.
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
