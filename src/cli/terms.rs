//! Terms as people read them in a terminal.

use oxrdf::Term;

use crate::graph::{PREFIXES, short_name};

/// Shortens IRIs: prefixes, names of releases, names below the base.
#[derive(Debug)]
pub(super) struct Shortener {
    base: String,
}

impl Shortener {
    pub(super) fn new(base: &str) -> Self {
        Self { base: base.to_owned() }
    }

    /// The text of a cell: the words of a literal, the short form of an IRI, nothing for nothing.
    pub(super) fn cell(&self, term: Option<&Term>) -> String {
        match term {
            None => String::new(),
            Some(Term::Literal(literal)) => literal.value().to_owned(),
            Some(Term::NamedNode(node)) => self.iri(node.as_str()),
            Some(other) => other.to_string(),
        }
    }

    fn iri(&self, iri: &str) -> String {
        let (document, fragment) = iri.split_once('#').map_or((iri, None), |(document, name)| (document, Some(name)));
        if let Some(rest) = document.strip_prefix(&self.base) {
            let name = if rest.starts_with("release/") { short_name(document) } else { rest.to_owned() };
            return fragment.map_or(name.clone(), |fragment| format!("{name}#{fragment}"));
        }
        for (prefix, namespace) in PREFIXES {
            if let Some(local) = iri.strip_prefix(namespace) {
                return format!("{prefix}:{local}");
            }
        }
        iri.to_owned()
    }
}
