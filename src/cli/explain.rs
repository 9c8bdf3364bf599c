use std::io::Write;
use std::ops::Range;

use anyhow::Context;
use rayon::prelude::*;

use super::Outcome;
use super::inputs::InputArguments;
use crate::entities::authority::RecordId;
use crate::entities::{EntityId, GivenEntity};
use crate::model::Resources;
use crate::pipeline::{Extraction, Extractor};
use crate::relations::language::{Example, Rule};
use crate::relations::{self, Attempt, ClauseParts, Fact, RelationType};
use crate::segment::Sentence;
use crate::text::Span;

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
#[command(mut_arg("paths", |paths| paths.required_unless_present("examples")))]
#[command(after_help = "Example: pressgraph explain release.txt --rule role
Example: pressgraph --data my-data explain --examples
Example: echo '[Marie Durand|Person], directrice de [Valoria|Organization].' | pressgraph explain - --marked --failed")]
pub(super) struct Arguments {
    #[command(flatten)]
    inputs: InputArguments,
    /// Only rules whose name begins so, such as `role` or `located_in.held`.
    #[arg(long, value_name = "NAME", default_value = "")]
    rule: String,
    /// Also rules whose anchor occurred but that found nothing, with how far they came.
    #[arg(long)]
    failed: bool,
    /// The text marks its names: `[Marie Durand|Person]`, as the files of data/training.
    #[arg(long)]
    marked: bool,
    /// Run the examples of the rules instead, those of --data too, and tell those that fail.
    #[arg(long, conflicts_with_all = ["failed", "marked"])]
    examples: bool,
}

pub(super) fn run(arguments: &Arguments, resources: &Resources) -> anyhow::Result<Outcome> {
    let extractor = Extractor::with(resources)?;
    let is_rule = |rule: &Rule| rule.name.starts_with(&arguments.rule);
    let is_quotation = "quote".starts_with(&arguments.rule) || arguments.rule.starts_with("quote");
    if !is_quotation && !extractor.relations().rules().rules.iter().any(is_rule) {
        anyhow::bail!(
            "no rule has a name that begins with {:?}: without --rule, all that fired are shown",
            arguments.rule
        );
    }
    if arguments.examples {
        return run_examples(&extractor, &arguments.rule);
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut outcome = Outcome::Done;
    let mut options = arguments.inputs.options(None);
    options.any_language |= arguments.marked;
    for release in crate::input::releases(arguments.inputs.inputs()?, options) {
        match release {
            Ok(release) => {
                let extraction = if arguments.marked {
                    // Behind a line of three dashes marked files tell relations.
                    let marked = release.text.split("\n---\n").next().unwrap_or_default();
                    let (text, given) = relations::examples::unmark(marked)
                        .map_err(anyhow::Error::msg)
                        .with_context(|| release.place.to_string())?;
                    extractor.extract_with(&text, &given)
                } else {
                    extractor.extract_release(&release)
                };
                writeln!(out, "{}", release.place)?;
                explain(arguments, &extractor, &extraction, &mut out)?;
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

/// Runs the examples of the rules whose name begins with `prefix`.
fn run_examples(extractor: &Extractor, prefix: &str) -> anyhow::Result<Outcome> {
    let relations = extractor.relations();
    let examples: Vec<&Example> =
        relations.rules().examples.iter().filter(|example| example.rule.starts_with(prefix)).collect();
    if examples.is_empty() {
        anyhow::bail!("no rule with an example has a name that begins with {prefix:?}");
    }
    let run = |example: &&Example| {
        let find = |text: &str, given: &[GivenEntity]| {
            relations.find_by_rule(&extractor.extract_with(text, given).analysis(), &example.rule)
        };
        relations::examples::run(example, find).err()
    };
    let failures: Vec<String> = examples.par_iter().filter_map(run).collect();
    for failure in &failures {
        super::complain(failure);
    }
    writeln!(std::io::stdout(), "{} examples, {} fail", examples.len(), failures.len())?;
    Ok(if failures.is_empty() { Outcome::Done } else { Outcome::Refused })
}

/// Prints, sentence by sentence, the tokens, the names, references, values and clauses, and the rules.
fn explain(
    arguments: &Arguments,
    extractor: &Extractor,
    extraction: &Extraction,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let document = &extraction.document;
    let is_asked = |rule: &str| rule.starts_with(&arguments.rule);
    let sentences = &extraction.segmentation.sentences;
    let names = extraction.mentions.names.iter().zip(&extraction.resolution.of_names);
    let names = by_sentence(sentences, names, |(mention, _)| mention.span);
    let references = by_sentence(sentences, &extraction.resolution.references, |reference| reference.span);
    let values = by_sentence(sentences, &extraction.mentions.values, |value| value.span);
    let clauses = by_sentence(sentences, extractor.relations().clauses(&extraction.analysis()), |clause| clause.verb);
    let attempts = extractor.relations().explain(&extraction.analysis());
    let attempts = by_sentence(sentences, attempts.iter().filter(|a| is_asked(&a.rule)), |attempt| attempt.anchor);
    // Quotations are not found by rules of the rule language.
    let quotes = extraction.facts.iter().filter(|fact| fact.relation == RelationType::Quote && is_asked(&fact.rule));
    let quotes = quotes.filter_map(|fact| Some((fact, *fact.evidence.first()?)));
    let quotes = by_sentence(sentences, quotes, |(_, evidence)| *evidence);
    // Invariant: each list has one entry per sentence.
    for (at, sentence) in sentences.iter().enumerate() {
        writeln!(out, "\n{}", document.slice(sentence.span))?;
        writeln!(out, "  tokens      {}", describe_tokens(extraction, sentence.tokens.clone()))?;
        for (mention, id) in &names[at] {
            let (name, kind) = (document.slice(mention.span), mention.kind.as_str());
            writeln!(out, "  name        {name}: {kind} {} ({:.2})", entity(extraction, **id), mention.confidence)?;
        }
        for reference in &references[at] {
            let all: Vec<&str> = reference.entities.iter().map(|id| entity(extraction, *id)).collect();
            writeln!(out, "  reference   {}: {}", document.slice(reference.span), all.join(", "))?;
        }
        for value in &values[at] {
            writeln!(out, "  value       {}: {}", document.slice(value.span), value.kind)?;
        }
        for clause in &clauses[at] {
            writeln!(out, "  clause      {}", describe_clause(extraction, clause))?;
        }
        for attempt in &attempts[at] {
            tell(arguments, extraction, attempt, out)?;
        }
        for (fact, _) in &quotes[at] {
            writeln!(out, "  quotation   {}", describe(extraction, fact))?;
        }
    }
    if arguments.rule.is_empty() { explain_entities(extractor, extraction, out) } else { Ok(()) }
}

/// What begins in each sentence.
fn by_sentence<T>(
    sentences: &[Sentence],
    items: impl IntoIterator<Item = T>,
    span: impl Fn(&T) -> Span,
) -> Vec<Vec<T>> {
    let mut all: Vec<Vec<T>> = sentences.iter().map(|_| Vec::new()).collect();
    for item in items {
        let start = span(&item).start;
        let at = sentences.partition_point(|sentence| sentence.span.end <= start);
        if let Some(found) = all.get_mut(at) {
            found.push(item);
        }
    }
    all
}

/// Words with part of speech and lemma; line breaks, which are tokens too, are left out.
fn describe_tokens(extraction: &Extraction, tokens: Range<usize>) -> String {
    let words = tokens.filter_map(|at| {
        let word = extraction.document.slice(extraction.segmentation.tokens.get(at)?.span).trim();
        let upos = format!("{:?}", extraction.tags.upos(at)).to_uppercase();
        (!word.is_empty()).then(|| format!("{word}/{upos}/{}", extraction.tags.lemma(at)))
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Prints what each entity is: its other names, the authority it was linked to and why, the candidates
/// that were rejected, and the identifiers written in the release.
fn explain_entities(extractor: &Extractor, extraction: &Extraction, out: &mut impl Write) -> std::io::Result<()> {
    let authorities = extractor.authorities();
    let record = |id: RecordId| {
        let record = authorities.record(id);
        let above = authorities.containers(id).into_iter().next().map(|place| format!(", {}", place.name));
        let known_as = record.same_as().into_iter().next().unwrap_or_else(|| record.key());
        format!("{}{} <{known_as}>", record.name(), above.unwrap_or_default())
    };
    writeln!(out, "\nEntities")?;
    for (at, entity) in extraction.resolution.entities.iter().enumerate() {
        let is_issuer = extraction.resolution.issuer == Some(EntityId(at));
        let issuer = if is_issuer { ", issuer" } else { "" };
        let names: Vec<&str> =
            std::iter::once(entity.name.as_str()).chain(entity.aliases.iter().map(String::as_str)).collect();
        writeln!(out, "  {:<15} {} ({}{issuer})", entity.id, names.join(" = "), entity.kind.as_str())?;
        if let Some(Some(link)) = extraction.links().links.get(at) {
            match link.record {
                Some(id) => writeln!(out, "    linked    {}: {} ({:.2})", record(id), link.reason, link.score)?,
                None => writeln!(out, "    not linked: {} ({:.2})", link.reason, link.score)?,
            }
            for (id, score) in &link.rejected {
                writeln!(out, "    rejected  {} ({score:.2})", record(*id))?;
            }
        }
        for identifier in extraction.links().identifiers_of(EntityId(at)) {
            writeln!(out, "    written   {} {}", identifier.scheme.as_str(), identifier.value)?;
        }
    }
    Ok(())
}

/// Prints what came of one rule.
fn tell(
    arguments: &Arguments,
    extraction: &Extraction,
    attempt: &Attempt,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let (file, line) = &attempt.source;
    let anchor = extraction.document.slice(attempt.anchor);
    let words = attempt.words.map_or("", |span| extraction.document.slice(span)).replace('\n', " ");
    let rule = format!("{} ({file}:{line})", attempt.rule);
    match &attempt.outcome {
        relations::Outcome::Found(facts) => {
            writeln!(out, "  rule        {rule} fired on `{words}`")?;
            for fact in facts {
                writeln!(out, "    fact      {}", describe(extraction, fact))?;
            }
        }
        relations::Outcome::Refused(refusal) => {
            let why = match refusal {
                relations::Refusal::Section => "the rule does not read this section",
                relations::Refusal::Modality => "the words deny it or call it merely possible",
                relations::Refusal::Arguments => "an argument is missing, or two are the same",
            };
            writeln!(out, "  refused     {rule} on `{words}`: {why}")?;
        }
        relations::Outcome::NoMatch if arguments.failed => {
            writeln!(out, "  no match    {rule} at `{anchor}`: read as far as `{words}`")?;
        }
        relations::Outcome::Lacks if arguments.failed => {
            writeln!(out, "  no match    {rule} at `{anchor}`: the sentence lacks a name or value that it needs")?;
        }
        relations::Outcome::NoMatch | relations::Outcome::Lacks => {}
    }
    Ok(())
}

/// A verb with its voice and time, then each place that is filled.
fn describe_clause(extraction: &Extraction, clause: &ClauseParts) -> String {
    let words =
        |spans: &[Span]| spans.iter().map(|span| extraction.document.slice(*span)).collect::<Vec<_>>().join(" + ");
    let denied = if clause.denied { ", denied" } else { "" };
    let verb = extraction.document.slice(clause.verb);
    let mut out = format!("{verb} ({:?}, {:?}{denied})", clause.voice, clause.when).to_lowercase();
    let places = [("subject", &clause.subjects), ("object", &clause.objects), ("complement", &clause.complements)];
    for (name, spans) in places.into_iter().filter(|(_, spans)| !spans.is_empty()) {
        out.push_str(&format!("; {name} {}", words(spans)));
    }
    out.replace('\n', " ")
}

fn entity(extraction: &Extraction, id: EntityId) -> &str {
    extraction.resolution.entities.get(id.0).map_or("?", |entity| &entity.name)
}

fn describe(extraction: &Extraction, fact: &Fact) -> String {
    let arguments = fact.arguments.iter().map(|(name, id)| format!("{name}={}", entity(extraction, *id)));
    let attributes = fact.attributes.iter().map(|(name, value)| format!("{name}={}", value.text));
    let all: Vec<String> = arguments.chain(attributes).collect();
    let (kind, status) = (fact.relation.schema().name, fact.status.as_str());
    format!("{kind}({}), {status}, confidence {:.2}", all.join(", "), fact.confidence)
}
