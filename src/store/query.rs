//! SPARQL queries and their parameters; the named queries of `queries/`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use oxigraph::model::{Literal, NamedNode, Term, Variable, vocab::xsd};
use spargebra::SparqlParser;
use spargebra::algebra::GraphPattern;
use spargebra::term::GroundTerm;

use super::QueryError;
use crate::graph::PREFIXES;

static QUERIES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/queries");

/// A parsed query, with the prefixes of the graph known beforehand.
#[derive(Clone, Debug)]
pub struct Query {
    algebra: spargebra::Query,
}

impl Query {
    /// Parses `text`. The prefixes of the graph (`pg:`, `org:`, `schema:` …) need no declaration.
    ///
    /// # Errors
    /// When it is no query of SPARQL.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let mut parser = SparqlParser::new();
        for (prefix, iri) in PREFIXES {
            // Invariant: the prefixes are constants, and their IRIs valid.
            if let Ok(with) = parser.clone().with_prefix(prefix, iri) {
                parser = with;
            }
        }
        match parser.clone().parse_query(text) {
            Ok(algebra) => Ok(Self { algebra }),
            Err(_) if parser.parse_update(text).is_ok() => Err(QueryError::Update),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives `variable` a value, as a term: it joins the `WHERE` clause as `VALUES` would, and never
    /// becomes part of the text.
    #[must_use]
    pub fn bind(mut self, variable: &Variable, term: Term) -> Self {
        let ground = match term {
            Term::NamedNode(node) => GroundTerm::NamedNode(node),
            Term::Literal(literal) => GroundTerm::Literal(literal),
            _ => return self,
        };
        let pattern = match &mut self.algebra {
            spargebra::Query::Select { pattern, .. }
            | spargebra::Query::Construct { pattern, .. }
            | spargebra::Query::Describe { pattern, .. }
            | spargebra::Query::Ask { pattern, .. } => pattern,
        };
        let inner = where_clause(pattern);
        let values = GraphPattern::Values { variables: vec![variable.clone()], bindings: vec![vec![Some(ground)]] };
        let rest = std::mem::take(inner);
        *inner = GraphPattern::Join { left: Box::new(values), right: Box::new(rest) };
        self
    }

    /// Looks only at solutions where `variables` are one of `rows`: each is looked up in turn, in the innermost pattern, so
    /// that a query over a large store costs what it finds.
    #[must_use]
    fn within(mut self, variables: Vec<Variable>, rows: Vec<Vec<NamedNode>>) -> Self {
        let (values, inner) = self.innermost(variables, rows);
        let rest = std::mem::take(inner);
        *inner = GraphPattern::Lateral { left: Box::new(values), right: Box::new(rest) };
        self
    }

    /// As [`Query::within`], where the variables are bound in one of several patterns that follow from each other.
    #[must_use]
    fn joined(mut self, variable: Variable, terms: Vec<NamedNode>) -> Self {
        let rows = terms.into_iter().map(|term| vec![term]).collect();
        let (values, inner) = self.innermost(vec![variable], rows);
        let rest = std::mem::take(inner);
        *inner = GraphPattern::Join { left: Box::new(values), right: Box::new(rest) };
        self
    }

    fn innermost(&mut self, variables: Vec<Variable>, rows: Vec<Vec<NamedNode>>) -> (GraphPattern, &mut GraphPattern) {
        let pattern = match &mut self.algebra {
            spargebra::Query::Select { pattern, .. }
            | spargebra::Query::Construct { pattern, .. }
            | spargebra::Query::Describe { pattern, .. }
            | spargebra::Query::Ask { pattern, .. } => pattern,
        };
        let bind = |row: Vec<NamedNode>| row.into_iter().map(|term| Some(GroundTerm::NamedNode(term))).collect();
        let values = GraphPattern::Values { variables, bindings: rows.into_iter().map(bind).collect() };
        (values, innermost(pattern))
    }

    /// The query over other graphs than all: `default` as the default graph, `named` for `GRAPH`, as
    /// the SPARQL protocol has it. Without any, the query stays as it is.
    #[must_use]
    pub fn over(mut self, default: Vec<NamedNode>, named: Vec<NamedNode>) -> Self {
        if default.is_empty() && named.is_empty() {
            return self;
        }
        let given = spargebra::algebra::QueryDataset { default, named: Some(named) };
        match &mut self.algebra {
            spargebra::Query::Select { dataset, .. }
            | spargebra::Query::Construct { dataset, .. }
            | spargebra::Query::Describe { dataset, .. }
            | spargebra::Query::Ask { dataset, .. } => *dataset = Some(given),
        }
        self
    }

    /// Gives the variable of that name a value, as [`Query::bind`] does.
    ///
    /// # Errors
    /// When the name is no name of a variable.
    pub fn bind_named(self, name: &str, term: Term) -> Result<Self, QueryError> {
        let wrong = |_| QueryError::NoParameter { parameter: name.to_owned(), known: "names of variables".to_owned() };
        let variable = Variable::new(name.trim_start_matches(['?', '$'])).map_err(wrong)?;
        Ok(self.bind(&variable, term))
    }

    /// The variables of the answer, where it is a table.
    pub fn variables(&self) -> Vec<String> {
        fn of(pattern: &GraphPattern) -> Vec<String> {
            match pattern {
                GraphPattern::Project { variables, .. } => {
                    variables.iter().map(|variable| variable.as_str().to_owned()).collect()
                }
                GraphPattern::Distinct { inner }
                | GraphPattern::Reduced { inner }
                | GraphPattern::Slice { inner, .. }
                | GraphPattern::OrderBy { inner, .. } => of(inner),
                _ => Vec::new(),
            }
        }
        match &self.algebra {
            spargebra::Query::Select { pattern, .. } => of(pattern),
            _ => Vec::new(),
        }
    }

    pub(super) fn algebra(&self) -> &spargebra::Query {
        &self.algebra
    }
}

/// The `WHERE` clause of a query: what lies below the solution modifiers, its filters included.
fn where_clause(pattern: &mut GraphPattern) -> &mut GraphPattern {
    match pattern {
        GraphPattern::Project { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Group { inner, .. }
        | GraphPattern::Extend { inner, .. }
        | GraphPattern::Filter { inner, .. } => where_clause(inner),
        other => other,
    }
}

/// The pattern that all solutions begin with: below what is optional, and within its graph.
fn innermost(pattern: &mut GraphPattern) -> &mut GraphPattern {
    let pattern = where_clause(pattern);
    let begins_within = match pattern {
        GraphPattern::LeftJoin { .. } | GraphPattern::Graph { .. } => true,
        // Values that were bound before.
        GraphPattern::Join { left, .. } | GraphPattern::Lateral { left, .. } => {
            matches!(**left, GraphPattern::Values { .. })
        }
        _ => false,
    };
    if !begins_within {
        return pattern;
    }
    match pattern {
        GraphPattern::LeftJoin { left: inner, .. }
        | GraphPattern::Graph { inner, .. }
        | GraphPattern::Lateral { right: inner, .. }
        | GraphPattern::Join { right: inner, .. } => innermost(inner),
        other => other,
    }
}

/// What the value of a parameter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// Words.
    Text,
    /// An IRI.
    Iri,
    /// A number.
    Integer,
}

impl ParameterKind {
    /// The value as a term.
    ///
    /// # Errors
    /// When it is no IRI or number.
    pub fn term(self, parameter: &str, value: &str) -> Result<Term, QueryError> {
        let wrong = |expected| QueryError::Value { parameter: parameter.to_owned(), expected, value: value.to_owned() };
        match self {
            Self::Text => Ok(Literal::new_simple_literal(value).into()),
            Self::Iri => NamedNode::new(value).map(Into::into).map_err(|_| wrong("IRI")),
            Self::Integer => match value.parse::<i64>() {
                Ok(number) => Ok(Literal::new_typed_literal(number.to_string(), xsd::INTEGER).into()),
                Err(_) => Err(wrong("whole number")),
            },
        }
    }
}

/// Reads `of VARIABLE` or `in VARIABLE`.
fn narrowing(word: Option<&str>, variable: Option<&str>) -> Option<Narrows> {
    match (word?, variable?) {
        ("of", variable) => Some(Narrows::Entity(Variable::new(variable).ok()?)),
        ("in", _) => Some(Narrows::Release),
        _ => None,
    }
}

/// What a name narrows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Narrows {
    /// The variable of the entities that bear the name.
    Entity(Variable),
    /// The releases that name such an entity.
    Release,
}

/// A parameter of a named query: a variable of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name of the variable.
    pub name: String,
    /// What its value is.
    pub kind: ParameterKind,
    /// Whether the query cannot do without.
    pub required: bool,
    /// Where the value is words of a name: the variable of the entities of releases that bear it, or of their releases.
    pub narrows: Option<Narrows>,
    /// The values it may have, where the list of them is closed.
    pub choices: Vec<String>,
    /// What it means.
    pub description: String,
}

impl Parameter {
    /// The value as a term.
    ///
    /// # Errors
    /// When it is no IRI or number, or none of the choices.
    fn term(&self, value: &str) -> Result<Term, QueryError> {
        if !self.choices.is_empty() && self.choices.iter().all(|choice| choice != value) {
            let (parameter, choices, value) = (self.name.clone(), self.choices.join(", "), value.to_owned());
            return Err(QueryError::Choice { parameter, choices, value });
        }
        self.kind.term(&self.name, value)
    }
}

/// A query of `queries/`: documentation that runs.
#[derive(Clone, Debug)]
pub struct NamedQuery {
    /// Its name: that of the file without `.rq`.
    pub name: String,
    /// What it answers, in English.
    pub title: String,
    /// What it answers, in French.
    pub title_fr: String,
    /// Its parameters, in order.
    pub parameters: Vec<Parameter>,
    /// A call that works.
    pub example: String,
    /// The variable of the releases that the answer comes from, so that a page may answer from the newest ones alone.
    pub scope: Option<Variable>,
    /// The SPARQL text, its header included.
    pub text: String,
}

impl NamedQuery {
    /// All named queries, by name.
    pub fn all() -> &'static BTreeMap<String, Self> {
        static ALL: LazyLock<BTreeMap<String, NamedQuery>> = LazyLock::new(|| {
            QUERIES
                .files()
                .filter(|file| file.path().extension().is_some_and(|extension| extension == "rq"))
                .filter_map(|file| Some((file.path().file_stem()?.to_str()?.to_owned(), file.contents_utf8()?)))
                .map(|(name, text)| (name.clone(), NamedQuery::read(name, text)))
                .collect()
        });
        &ALL
    }

    /// The query of that name.
    ///
    /// # Errors
    /// When there is none; the error knows the nearest name.
    pub fn find(name: &str) -> Result<&'static Self, QueryError> {
        Self::all().get(name).ok_or_else(|| {
            let near = Self::all().keys().map(|known| (strsim::damerau_levenshtein(known, name), known)).min();
            let near = near.filter(|(distance, known)| *distance * 2 <= known.len()).map(|(_, known)| known.clone());
            QueryError::Unknown { name: name.to_owned(), near }
        })
    }

    /// The query with the given values of its parameters.
    ///
    /// # Errors
    /// When a required parameter is missing, a given one unknown, or a value does not fit.
    pub fn with(&self, values: &[(String, String)]) -> Result<Query, QueryError> {
        let mut query = Query::parse(&self.text)?;
        for (name, value) in values {
            let parameter = self.parameters.iter().find(|parameter| parameter.name == *name);
            let parameter = parameter.ok_or_else(|| {
                let known: Vec<&str> = self.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
                let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                QueryError::NoParameter { parameter: name.clone(), known }
            })?;
            // Invariant: the names of parameters were read as variables.
            let variable = Variable::new_unchecked(name.clone());
            query = query.bind(&variable, parameter.term(value)?);
        }
        for parameter in self.parameters.iter().filter(|parameter| parameter.required) {
            if values.iter().all(|(name, _)| *name != parameter.name) {
                return Err(QueryError::Missing {
                    query: self.name.clone(),
                    parameter: parameter.name.clone(),
                    example: self.example.clone(),
                });
            }
        }
        Ok(query)
    }

    /// Whether it answers only for an IRI.
    pub fn needs_iri(&self) -> bool {
        self.parameters.iter().any(|parameter| parameter.required && parameter.kind == ParameterKind::Iri)
    }

    /// Whether one of the given values is words of a name, so that [`NamedQuery::narrowed`] looks only at what bears it.
    pub fn is_narrowed_by(&self, values: &[(String, String)]) -> bool {
        let narrows = |name: &String| self.parameters.iter().any(|p| p.name == *name && p.narrows.is_some());
        values.iter().any(|(name, _)| narrows(name))
    }

    /// As [`NamedQuery::with`], over some releases only, where the query knows its releases.
    ///
    /// # Errors
    /// As [`NamedQuery::with`].
    pub fn among(&self, values: &[(String, String)], releases: Vec<NamedNode>) -> Result<Query, QueryError> {
        let query = self.with(values)?;
        Ok(match &self.scope {
            Some(scope) => {
                query.within(vec![scope.clone()], releases.into_iter().map(|release| vec![release]).collect())
            }
            None => query,
        })
    }

    /// As [`NamedQuery::with`], at a cost that does not grow with the store where a parameter is words of a name:
    /// `named` finds the entities of releases that bear a name with these words, and only they and their releases are
    /// looked at.
    ///
    /// # Errors
    /// As [`NamedQuery::with`], and those of `named`.
    pub fn narrowed<E: From<QueryError>>(
        &self,
        values: &[(String, String)],
        mut named: impl FnMut(&str) -> Result<Vec<NamedNode>, E>,
    ) -> Result<Query, E> {
        let mut query = self.with(values)?;
        // The releases that are looked at, each with the entities that the variables after the release stand for.
        let mut variables: Vec<Variable> = self.scope.iter().cloned().collect();
        let mut rows: Option<Vec<Vec<NamedNode>>> = None;
        for (name, words) in values {
            let parameter = self.parameters.iter().find(|parameter| parameter.name == *name);
            let Some(narrows) = parameter.and_then(|parameter| parameter.narrows.as_ref()) else { continue };
            let entities = named(words)?;
            let variable = match narrows {
                Narrows::Entity(variable) if self.scope.is_none() => {
                    query = query.joined(variable.clone(), entities);
                    continue;
                }
                Narrows::Entity(variable) => Some(variable.clone()),
                Narrows::Release => None,
            };
            let mut bearers: BTreeMap<&str, Vec<&NamedNode>> = BTreeMap::new();
            for entity in &entities {
                if let Some((release, _)) = entity.as_str().rsplit_once('#') {
                    bearers.entry(release).or_default().push(entity);
                }
            }
            let former = rows
                .take()
                .unwrap_or_else(|| bearers.keys().map(|release| vec![NamedNode::new_unchecked(*release)]).collect());
            let mut narrower = Vec::new();
            for row in former {
                let found = row.first().and_then(|release| bearers.get(release.as_str()));
                for bearer in found.into_iter().flatten() {
                    let mut row = row.clone();
                    if variable.is_none() {
                        narrower.push(row);
                        break;
                    }
                    row.push((*bearer).clone());
                    narrower.push(row);
                }
            }
            variables.extend(variable);
            rows = Some(narrower);
        }
        Ok(match rows {
            Some(rows) => query.within(variables, rows),
            None => query,
        })
    }

    /// Reads the header: comment lines `# en: …`, `# fr: …`, `# param NAME KIND [required] [of VARIABLE | in VARIABLE]: …`
    /// (words of a name of the entities that the variable stands for, or of one in its releases), `# example: …`,
    /// `# scope: VARIABLE` (of the releases). The kind is `text`, `iri`, `integer` or a list of choices, `current|former`.
    fn read(name: String, text: &str) -> Self {
        let mut query = Self {
            name,
            title: String::new(),
            title_fr: String::new(),
            parameters: Vec::new(),
            example: String::new(),
            scope: None,
            text: text.to_owned(),
        };
        for line in text.lines().map_while(|line| line.strip_prefix('#')) {
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = value.trim().to_owned();
            let mut words = key.split_whitespace();
            match words.next() {
                Some("en") => query.title = value,
                Some("fr") => query.title_fr = value,
                Some("example") => query.example = value,
                Some("scope") => query.scope = Variable::new(value).ok(),
                Some("param") => {
                    let name = words.next().unwrap_or_default().to_owned();
                    let kind = words.next().unwrap_or_default();
                    let choices =
                        if kind.contains('|') { kind.split('|').map(str::to_owned).collect() } else { vec![] };
                    let kind = match kind {
                        "iri" => ParameterKind::Iri,
                        "integer" => ParameterKind::Integer,
                        _ => ParameterKind::Text,
                    };
                    let (mut required, mut narrows) = (false, None);
                    while let Some(word) = words.next() {
                        match (word, words.next()) {
                            ("required", next) => {
                                required = true;
                                narrows = narrowing(next, words.next());
                            }
                            (word, next) => narrows = narrowing(Some(word), next),
                        }
                    }
                    query.parameters.push(Parameter { name, kind, required, narrows, choices, description: value });
                }
                _ => {}
            }
        }
        query
    }
}
