use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::Context;

use super::Outcome;
use super::store::StoreArguments;
use super::terms::Shortener;
use crate::output::table;
use crate::store::{NamedQuery, ParameterKind, Query, ResultFormat, rows, write_results};

/// Arguments of `query`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  pressgraph query --list
  pressgraph query roles --param person=\"Gilles Favre\"
  pressgraph query 'SELECT ?name { ?person a foaf:Person ; skos:prefLabel ?name }' --format csv
  pressgraph query my-query.rq")]
pub(super) struct Arguments {
    /// Name of a query (see --list), SPARQL text, or a file with it; - is the standard input.
    #[arg(required_unless_present = "list", value_name = "QUERY")]
    query: Option<String>,
    #[command(flatten)]
    store: StoreArguments,
    /// Value of a parameter of the query: it is bound as a term, never pasted into the text.
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = pair)]
    parameters: Vec<(String, String)>,
    /// Format of the answer; by default a table on a terminal, csv in a pipe.
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// List the named queries with their parameters.
    #[arg(long)]
    list: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Table,
    Csv,
    Tsv,
    Json,
    Xml,
    Turtle,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE".to_owned()),
    }
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let Some(text) = arguments.query.as_deref().filter(|_| !arguments.list) else {
        list()?;
        return Ok(Outcome::Done);
    };
    let unbound = parse(text)?;
    // What is wrong with the query or its parameters is told before the store is looked for.
    let mut query = unbound.bind(&arguments.parameters)?;
    let store = arguments.store.read()?;
    let snapshot = store.snapshot()?;
    if let Asked::Named(named) = unbound {
        query =
            named.narrowed(&arguments.parameters, |words| Ok::<_, anyhow::Error>(snapshot.entities_named(words)?))?;
    }
    let results = snapshot.query(&query, None)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let usual = if std::io::stdout().is_terminal() { Format::Table } else { Format::Csv };
    let is_graph = matches!(results, crate::store::QueryResults::Graph(_));
    let format = match arguments.format.unwrap_or(usual) {
        Format::Table => {
            let answer = rows(results)?;
            let shortener = Shortener::new(store.base());
            let columns: Vec<&str> = answer.columns.iter().map(String::as_str).collect();
            let cells = answer.rows.iter().map(|row| row.iter().map(|term| shortener.cell(term.as_ref())));
            writeln!(out, "{}", table(&columns, cells))?;
            out.flush()?;
            return Ok(Outcome::Done);
        }
        // A graph in a pipe has one format.
        Format::Csv if arguments.format.is_none() && is_graph => ResultFormat::Turtle,
        Format::Csv => ResultFormat::Csv,
        Format::Tsv => ResultFormat::Tsv,
        Format::Json => ResultFormat::Json,
        Format::Xml => ResultFormat::Xml,
        Format::Turtle => ResultFormat::Turtle,
    };
    write_results(results, format, out)?;
    Ok(Outcome::Done)
}

/// A query without its parameters.
enum Asked {
    Named(&'static NamedQuery),
    Text(Box<Query>),
}

impl Asked {
    fn bind(&self, parameters: &[(String, String)]) -> anyhow::Result<Query> {
        let mut query = match self {
            Self::Named(query) => return Ok(query.with(parameters)?),
            Self::Text(query) => (**query).clone(),
        };
        for (name, value) in parameters {
            let iri = value.strip_prefix('<').and_then(|value| value.strip_suffix('>'));
            let kind = if iri.is_some() { ParameterKind::Iri } else { ParameterKind::Text };
            query = query.bind_named(name, kind.term(name, iri.unwrap_or(value))?)?;
        }
        Ok(query)
    }
}

/// A named query, the text of a file, or the text itself.
fn parse(text: &str) -> anyhow::Result<Asked> {
    let is_sparql = text.contains(char::is_whitespace) || text.contains('{');
    let content = if text == "-" {
        std::io::read_to_string(std::io::stdin()).context("cannot read the query from the standard input")?
    } else if is_sparql {
        text.to_owned()
    } else if Path::new(text).extension().is_some_and(|e| e == "rq" || e == "sparql") {
        std::fs::read_to_string(text).with_context(|| format!("{text}: cannot read the query"))?
    } else {
        return Ok(Asked::Named(NamedQuery::find(text)?));
    };
    let place = if is_sparql { "the query" } else { text };
    Ok(Asked::Text(Box::new(Query::parse(&content).with_context(|| place.to_owned())?)))
}

/// Prints the named queries.
fn list() -> anyhow::Result<()> {
    let rows = NamedQuery::all().values().map(|query| {
        let parameters = query.parameters.iter().map(|parameter| {
            let name = &parameter.name;
            if parameter.required { name.clone() } else { format!("[{name}]") }
        });
        vec![
            query.name.clone(),
            format!("{} / {}", query.title, query.title_fr),
            parameters.collect::<Vec<_>>().join(" "),
            query.example.clone(),
        ]
    });
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", table(&["name", "answers", "parameters", "example"], rows))?;
    Ok(())
}
