//! Answers of queries in the formats of the SPARQL recommendations, and as rows for people.

use std::io::{self, Write};

use oxigraph::io::{RdfFormat, RdfSerializer};
use oxigraph::model::Term;
use oxigraph::sparql::results::{QueryResultsFormat, QueryResultsSerializer};
use spareval::QueryResults;

use super::QueryError;
use crate::graph::PREFIXES;

/// A format for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultFormat {
    /// Comma-separated values, plain.
    Csv,
    /// Tab-separated values, terms in Turtle syntax.
    Tsv,
    /// SPARQL Results JSON; N-Triples' successor for graphs is Turtle.
    Json,
    /// SPARQL Results XML.
    Xml,
    /// Turtle: for the graphs of `CONSTRUCT` and `DESCRIBE`.
    Turtle,
}

/// Why an answer could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ResultError {
    /// The evaluation failed on the way.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The output cannot be written.
    #[error("cannot write the answer: {0}")]
    Io(#[from] io::Error),
    /// A table in a format for graphs, or the other way round.
    #[error("this query answers with {0}: choose {1}")]
    Kind(&'static str, &'static str),
}

impl From<spareval::QueryEvaluationError> for ResultError {
    fn from(error: spareval::QueryEvaluationError) -> Self {
        Self::Query(error.into())
    }
}

/// The rows of an answer: the names of the columns, and a term or nothing per cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The rows, in the order of the answer.
    pub rows: Vec<Vec<Option<Term>>>,
}

/// Collects an answer as rows: the triples of a graph have three columns, a truth value one.
///
/// # Errors
/// When the evaluation fails on the way.
pub fn rows(results: QueryResults<'_>) -> Result<Rows, QueryError> {
    let mut table = Rows::default();
    match results {
        QueryResults::Solutions(solutions) => {
            table.columns = solutions.variables().iter().map(|variable| variable.as_str().to_owned()).collect();
            for solution in solutions {
                table.rows.push(solution?.values().to_vec());
            }
        }
        QueryResults::Graph(triples) => {
            table.columns = ["subject", "predicate", "object"].map(str::to_owned).to_vec();
            for triple in triples {
                let triple = triple?;
                table.rows.push(vec![Some(triple.subject.into()), Some(triple.predicate.into()), Some(triple.object)]);
            }
            table.rows.sort_by_cached_key(|row| row.iter().flatten().map(ToString::to_string).collect::<Vec<_>>());
        }
        QueryResults::Boolean(value) => {
            table.columns = vec!["answer".to_owned()];
            table.rows.push(vec![Some(oxigraph::model::Literal::from(value).into())]);
        }
    }
    Ok(table)
}

/// Writes an answer to `out`.
///
/// # Errors
/// When the evaluation fails on the way, `out` cannot be written, or the format does not fit the kind of answer.
pub fn write_results(results: QueryResults<'_>, format: ResultFormat, out: impl Write) -> Result<(), ResultError> {
    let table = match format {
        ResultFormat::Csv => Some(QueryResultsFormat::Csv),
        ResultFormat::Tsv => Some(QueryResultsFormat::Tsv),
        ResultFormat::Json => Some(QueryResultsFormat::Json),
        ResultFormat::Xml => Some(QueryResultsFormat::Xml),
        ResultFormat::Turtle => None,
    };
    match (results, table) {
        (QueryResults::Solutions(solutions), Some(format)) => {
            let serializer = QueryResultsSerializer::from_format(format);
            let mut writer = serializer.serialize_solutions_to_writer(out, solutions.variables().to_vec())?;
            for solution in solutions {
                writer.serialize(&solution?)?;
            }
            writer.finish()?.flush()?;
        }
        (QueryResults::Boolean(value), Some(format)) => {
            QueryResultsSerializer::from_format(format).serialize_boolean_to_writer(out, value)?.flush()?;
        }
        (QueryResults::Graph(triples), None) => {
            let mut serializer = RdfSerializer::from_format(RdfFormat::Turtle);
            for (prefix, iri) in PREFIXES {
                serializer = serializer.with_prefix(prefix, iri).map_err(io::Error::other)?;
            }
            let mut triples = triples.collect::<Result<Vec<_>, _>>()?;
            triples.sort_by_cached_key(ToString::to_string);
            triples.dedup();
            let mut writer = serializer.for_writer(out);
            for triple in &triples {
                writer.serialize_triple(triple)?;
            }
            writer.finish()?.flush()?;
        }
        (QueryResults::Graph(_), Some(_)) => return Err(ResultError::Kind("a graph", "--format turtle or table")),
        (_, None) => return Err(ResultError::Kind("a table", "--format table, csv, tsv, json or xml")),
    }
    Ok(())
}
