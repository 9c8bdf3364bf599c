//! How much a store holds, counted once per state of the store.

use std::collections::BTreeMap;

use oxigraph::model::{NamedNode, Term};
use serde::{Deserialize, Serialize};
use spareval::QueryResults;

use super::{Query, QueryError, Snapshot, Store};

/// Name of the file in the folder of a store that keeps what was counted.
const FILE: &str = "counts.json";

/// How many there are in the graphs of the releases, and in those that join what the releases name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// In the graphs of releases.
    pub releases: usize,
    /// In the graphs derived from them.
    pub joined: usize,
}

/// How much a store holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Graphs.
    pub graphs: Count,
    /// Triples, each once per graph.
    pub triples: Count,
    /// Things by the IRI of their class.
    pub classes: BTreeMap<String, Count>,
}

/// The file: what was counted when the store had had so many changes.
#[derive(Serialize, Deserialize)]
struct Kept {
    revision: u64,
    counts: Counts,
}

impl Store {
    /// How much the store holds. What was counted is kept beside the store until it changes; a store on disk that cannot
    /// take it is counted each time.
    ///
    /// # Errors
    /// When the database fails.
    pub fn counts(&self) -> Result<Counts, QueryError> {
        let (file, revision) = (self.path().join(FILE), self.revision());
        let kept = std::fs::read(&file).ok().and_then(|bytes| serde_json::from_slice::<Kept>(&bytes).ok());
        if let Some(kept) = kept.filter(|kept| kept.revision == revision && self.path().is_dir()) {
            return Ok(kept.counts);
        }
        let counts = count(&self.snapshot()?)?;
        let kept = Kept { revision, counts };
        // Whole or not at all: others may read it meanwhile. Where the folder is not ours to write, nothing is kept.
        let draft = self.path().join(format!("{FILE}.{}", std::process::id()));
        if let Ok(text) = serde_json::to_string(&kept)
            && std::fs::write(&draft, text).and_then(|()| std::fs::rename(&draft, &file)).is_err()
        {
            let _ = std::fs::remove_file(&draft);
        }
        Ok(kept.counts)
    }
}

/// Counts on the database's numbers: no term is read but the classes and the names of graphs.
fn count(snapshot: &Snapshot<'_>) -> Result<Counts, QueryError> {
    let derived = format!("{}graph/", snapshot.store().base());
    let (graphs, derived): (Vec<NamedNode>, _) = {
        let all = snapshot.graphs()?;
        let is_derived = |graph: &NamedNode| graph.as_str().starts_with(&derived);
        let (derived, own): (Vec<_>, Vec<_>) = all.into_iter().partition(is_derived);
        (own, derived)
    };
    let mut counts = Counts {
        graphs: Count { releases: graphs.len(), joined: derived.len() },
        triples: Count { releases: snapshot.store().len()?, joined: 0 },
        classes: BTreeMap::new(),
    };
    for (class, number) in classes(snapshot, "?graph")? {
        counts.classes.entry(class).or_default().releases = number;
    }
    for graph in derived {
        for (class, number) in classes(snapshot, &graph.to_string())? {
            let count = counts.classes.entry(class).or_default();
            count.releases = count.releases.saturating_sub(number);
            count.joined += number;
        }
        let all = table(snapshot, &format!("SELECT (COUNT(*) AS ?n) {{ GRAPH {graph} {{ ?s ?p ?o }} }}"))?;
        let number = all.first().map_or(0, |(_, number)| *number);
        counts.triples.releases = counts.triples.releases.saturating_sub(number);
        counts.triples.joined += number;
    }
    Ok(counts)
}

/// How many things of each class a graph holds.
fn classes(snapshot: &Snapshot<'_>, graph: &str) -> Result<Vec<(String, usize)>, QueryError> {
    let query = format!("SELECT ?class (COUNT(*) AS ?n) {{ GRAPH {graph} {{ ?s a ?class }} }} GROUP BY ?class");
    table(snapshot, &query)
}

/// The rows of a query that gives `?class` and `?n`.
fn table(snapshot: &Snapshot<'_>, query: &str) -> Result<Vec<(String, usize)>, QueryError> {
    let mut rows = Vec::new();
    if let QueryResults::Solutions(solutions) = snapshot.query(&Query::parse(query)?, None)? {
        for solution in solutions {
            let solution = solution?;
            let class = match solution.get("class") {
                Some(Term::NamedNode(class)) => class.as_str().to_owned(),
                other => other.map(ToString::to_string).unwrap_or_default(),
            };
            let number = match solution.get("n") {
                Some(Term::Literal(number)) => number.value().parse().unwrap_or(0),
                _ => 0,
            };
            rows.push((class, number));
        }
    }
    Ok(rows)
}
