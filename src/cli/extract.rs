use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::Outcome;
use super::inputs::InputArguments;
use super::rdf::Mentions;
use crate::entities::GivenEntity;
use crate::graph::{self, RdfFormat, Serializer, release_iri, release_quads};
use crate::model::Resources;
use crate::output::{HtmlPage, names_to_json, to_tables, write_json};
use crate::pipeline::{Extraction, Extractor, tag_names};
use crate::read::{Refusal, Release};
use crate::tag::names::NameTagger;

/// How many releases are extracted at a time.
const CHUNK: usize = 64;

/// Arguments of `extract`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  pressgraph extract --format json release.txt newsroom.zip 'archive/**/*.html'
  pressgraph extract --format html release.txt > release.html")]
pub(super) struct Arguments {
    #[command(flatten)]
    inputs: InputArguments,
    /// Format of the output; by default tables on a terminal, json in a pipe.
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Take names and entities from FILE (JSON Lines as this command prints, matched by the name of the file
    /// without its ending) and find only the relations.
    #[arg(long, value_name = "FILE")]
    mentions_from: Option<PathBuf>,
    /// Find only names, as the tagger gives them, without entities and relations; prints json.
    #[arg(long, conflicts_with_all = ["mentions_from", "format"])]
    names_only: bool,
    /// Find names, values and entities, but no relations.
    #[arg(long, conflicts_with_all = ["mentions_from", "names_only"])]
    no_relations: bool,
    /// Keep only facts of at least this confidence, from 0 to 1.
    #[arg(long, value_name = "P", default_value_t = 0.0, value_parser = probability)]
    min_confidence: f64,
    /// Base of the IRIs of RDF.
    #[arg(long, value_name = "IRI", default_value = graph::DEFAULT_BASE, value_parser = graph::base_iri)]
    base: String,
    /// How much RDF says about each mention: one triple, or full NIF.
    #[arg(long, value_enum, default_value = "short")]
    mentions: Mentions,
}

fn probability(text: &str) -> Result<f64, String> {
    let value: Option<f64> = text.replace(',', ".").parse().ok();
    value.filter(|value| (0.0..=1.0).contains(value)).ok_or_else(|| "a number from 0 to 1 is expected".to_owned())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// One object per release and line.
    Json,
    /// RDF in Turtle: without the graphs.
    Turtle,
    /// RDF in TriG: a graph per release.
    Trig,
    /// RDF in N-Quads.
    Nquads,
    /// RDF in JSON-LD.
    Jsonld,
    /// Tables of entities and facts.
    Table,
    /// One page with coloured names and the facts beside.
    Html,
}

/// What the output goes through.
#[expect(clippy::large_enum_variant, reason = "there is one, for the whole run")]
enum Output<W: Write> {
    /// JSON and tables: releases that were written by the threads that extracted them.
    Text(W),
    Html(HtmlPage<W>),
    Rdf(Serializer<W>, graph::Options),
}

/// A release as its output takes it.
enum Extracted {
    Text(Vec<u8>),
    Whole(Box<(Release, Extraction)>),
}

impl Extracted {
    /// Writes what can be written by itself, so that threads share this work and forget the extraction.
    fn new(format: Format, release: Release, extraction: Extraction) -> std::io::Result<Self> {
        let place = release.place.to_string();
        match format {
            Format::Json => {
                let mut text = Vec::new();
                write_json(&mut text, &place, &extraction)?;
                text.push(b'\n');
                Ok(Self::Text(text))
            }
            Format::Table => Ok(Self::Text(format!("{}\n", to_tables(&place, &extraction)).into_bytes())),
            Format::Turtle | Format::Trig | Format::Nquads | Format::Jsonld | Format::Html => {
                if format != Format::Html {
                    extraction.links();
                }
                Ok(Self::Whole(Box::new((release, extraction))))
            }
        }
    }
}

impl<W: Write> Output<W> {
    /// `options` are asked for where RDF is written: to tell the user's data by a digest, all of it is read.
    fn new(format: Format, out: W, options: impl FnOnce() -> graph::Options) -> std::io::Result<Self> {
        let rdf = |format, out| Serializer::new(format, out).map(|serializer| Self::Rdf(serializer, options()));
        match format {
            Format::Json | Format::Table => Ok(Self::Text(out)),
            Format::Html => Ok(Self::Html(HtmlPage::new(out)?)),
            Format::Turtle => rdf(RdfFormat::Turtle, out),
            Format::Trig => rdf(RdfFormat::TriG, out),
            Format::Nquads => rdf(RdfFormat::NQuads, out),
            Format::Jsonld => rdf(RdfFormat::JsonLd, out),
        }
    }

    fn write(&mut self, extracted: &Extracted) -> std::io::Result<()> {
        match (self, extracted) {
            (Self::Text(out), Extracted::Text(text)) => out.write_all(text),
            (Self::Html(page), Extracted::Whole(whole)) => page.write(&whole.0.place.to_string(), &whole.1),
            (Self::Rdf(serializer, options), Extracted::Whole(whole)) => {
                let (release, extraction) = &**whole;
                let iri = release_iri(&options.base, release);
                serializer.write(&release_quads(&iri, release, extraction, options))
            }
            // Invariant: releases are prepared as text for those formats alone whose output takes text.
            _ => Ok(()),
        }
    }

    fn finish(self) -> std::io::Result<()> {
        match self {
            Self::Text(mut out) => out.flush(),
            Self::Html(page) => page.finish()?.flush(),
            Self::Rdf(serializer, _) => serializer.finish()?.flush(),
        }
    }
}

pub(super) fn run(arguments: &Arguments, resources: &Resources) -> anyhow::Result<Outcome> {
    if arguments.names_only {
        return names_only(arguments, NameTagger::read(resources)?.as_ref());
    }
    let extractor =
        if arguments.no_relations { Extractor::without_relations(resources)? } else { Extractor::with(resources)? };
    // It is needed to the end of the program, which need not take it apart.
    let extractor = &*Box::leak(Box::new(extractor));
    let given = arguments.mentions_from.as_deref().map(super::mentions_from::read).transpose()?;
    let usual = if std::io::stdout().is_terminal() { Format::Table } else { Format::Json };
    let options = || graph::Options {
        base: arguments.base.clone(),
        mentions: arguments.mentions.style(),
        generator: super::generator(resources),
    };
    let out = std::io::BufWriter::new(std::io::stdout().lock());
    let format = arguments.format.unwrap_or(usual);
    let mut output = Output::new(format, out, options)?;
    let (mut outcome, mut found) = (Outcome::Done, false);
    let mut releases = crate::input::releases(arguments.inputs.inputs()?, arguments.inputs.options(None));
    loop {
        let chunk: Vec<Result<Release, Refusal>> = releases.by_ref().take(CHUNK).collect();
        if chunk.is_empty() {
            break;
        }
        found = true;
        if let (Some(given), Some(file)) = (&given, &arguments.mentions_from) {
            for release in chunk.iter().flatten().filter(|release| !given.contains_key(&stem(release))) {
                outcome = Outcome::Refused;
                let (place, file) = (&release.place, file.display());
                super::complain(format_args!("{place}: {file} has no line for it: no names, no relations"));
            }
        }
        let extracted: Vec<Result<std::io::Result<Extracted>, Refusal>> = chunk
            .into_par_iter()
            .map(|release| {
                release.map(|release| {
                    let mut extraction = extract(extractor, &release, given.as_ref());
                    extraction.facts.retain(|fact| fact.confidence >= arguments.min_confidence);
                    Extracted::new(format, release, extraction)
                })
            })
            .collect();
        for result in extracted {
            match result {
                Ok(extracted) => output.write(&extracted?)?,
                Err(refusal) => {
                    outcome = Outcome::Refused;
                    super::complain(&refusal);
                }
            }
        }
    }
    output.finish()?;
    if !found {
        super::complain(format_args!("no releases found: {}: check the paths", arguments.inputs));
        outcome = Outcome::Refused;
    }
    Ok(outcome)
}

/// Prints the names of each release, one release after the other.
fn names_only(arguments: &Arguments, tagger: Option<&NameTagger>) -> anyhow::Result<Outcome> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut outcome = Outcome::Done;
    for release in crate::input::releases(arguments.inputs.inputs()?, arguments.inputs.options(None)) {
        match release {
            Ok(release) => {
                let (document, names) = tag_names(tagger, &release.text);
                writeln!(out, "{}", names_to_json(&release.place.to_string(), &document, &names))?;
            }
            Err(refusal) => {
                outcome = Outcome::Refused;
                super::complain(&refusal);
            }
        }
    }
    out.flush()?;
    Ok(outcome)
}

/// Extracts a release, with the names that others have found where they are given.
fn extract(extractor: &Extractor, release: &Release, given: Option<&BTreeMap<String, Vec<GivenEntity>>>) -> Extraction {
    let Some(given) = given else { return extractor.extract_release(release) };
    let entities = given.get(&stem(release)).map_or(&[][..], Vec::as_slice);
    let mut extraction = extractor.extract_with(&release.text, entities);
    extraction.metadata.clone_from(&release.metadata);
    extraction
}

/// The name of a release's file without its ending: what tells the names that are given for it.
fn stem(release: &Release) -> String {
    Path::new(&release.place.to_string()).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
