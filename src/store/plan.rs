//! What is done to a query before it is evaluated, so that its cost follows what it finds.
//!
//! * [`laterally`] looks up what is optional for each solution. The optimiser below (sparopt) compares estimates that
//!   overflow for a dozen patterns, and then reads all names of the store to add those of twenty people.
//! * [`names_graphs`] tells queries that Oxigraph may evaluate itself, on numbers instead of words.

use std::collections::BTreeSet;

use oxigraph::model::Variable;
use spargebra::Query;
use spargebra::algebra::{AggregateExpression, Expression, GraphPattern, OrderExpression};
use spargebra::term::NamedNodePattern as Name;

type Variables = BTreeSet<Variable>;

/// The query with its optional parts looked up per solution, wherever that finds the same.
pub(super) fn laterally(query: &Query) -> Query {
    let mut query = query.clone();
    match &mut query {
        Query::Select { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. } => rewrite(pattern),
    }
    query
}

/// Whether every pattern of the query is within `GRAPH`: then no triple is matched in the union of all graphs, where
/// each counts once, and Oxigraph's own evaluation finds the same.
pub(super) fn names_graphs(query: &Query) -> bool {
    match query {
        Query::Select { pattern, dataset: None, .. }
        | Query::Construct { pattern, dataset: None, .. }
        | Query::Ask { pattern, dataset: None, .. } => is_within_graphs(pattern, false),
        _ => false,
    }
}

fn is_within_graphs(pattern: &GraphPattern, within: bool) -> bool {
    let within = within || matches!(pattern, GraphPattern::Graph { .. });
    let own = match pattern {
        GraphPattern::Bgp { patterns } => within || patterns.is_empty(),
        GraphPattern::Path { .. } => within,
        GraphPattern::Service { .. } => false,
        _ => true,
    };
    own && expressions(pattern).into_iter().all(|expression| exists(expression).all(|p| is_within_graphs(p, within)))
        && parts(pattern).into_iter().all(|part| is_within_graphs(part, within))
}

fn rewrite(pattern: &mut GraphPattern) {
    parts_mut(pattern).into_iter().for_each(rewrite);
    let GraphPattern::LeftJoin { left, right, expression } = pattern else { return };
    let outer = in_scope(left);
    let linked = certain(left).intersection(&in_scope(right)).next().is_some();
    let has_exists = expression.as_ref().is_some_and(|expression| exists(expression).next().is_some());
    if !linked || has_exists || !is_fit(right, &outer) {
        return;
    }
    let (left, right, expression) = (std::mem::take(left), std::mem::take(right), expression.take());
    let optional = GraphPattern::LeftJoin { left: Box::default(), right, expression };
    *pattern = GraphPattern::Lateral { left, right: Box::new(optional) };
}

/// Whether a pattern finds the same when the variables of `outer` are bound beforehand as when it is joined afterwards:
/// none of its parts that may be left out, and no expression, depends on such a variable alone.
fn is_fit(pattern: &GraphPattern, outer: &Variables) -> bool {
    let depends = |variables: Variables, bound: Variables| {
        variables.iter().any(|variable| outer.contains(variable) && !bound.contains(variable))
    };
    // The form that `rewrite` gives to what is optional.
    if let GraphPattern::Lateral { left, right } = pattern {
        let GraphPattern::LeftJoin { right, expression: None, .. } = &**right else { return false };
        return !depends(in_scope(right), certain(left)) && is_fit(left, outer) && is_fit(right, outer);
    }
    let own = match pattern {
        GraphPattern::Bgp { .. }
        | GraphPattern::Path { .. }
        | GraphPattern::Graph { .. }
        | GraphPattern::Join { .. }
        | GraphPattern::Union { .. } => true,
        GraphPattern::LeftJoin { left, right, expression } => {
            let of_expression = expression.as_ref().map(used).unwrap_or_default();
            let both = certain(left).union(&certain(right)).cloned().collect();
            !depends(in_scope(right), certain(left)) && !depends(of_expression, both)
        }
        GraphPattern::Filter { expr, inner } => !depends(used(expr), certain(inner)),
        GraphPattern::Extend { inner, variable, expression } => {
            !outer.contains(variable) && !depends(used(expression), certain(inner))
        }
        _ => false,
    };
    own && expressions(pattern).into_iter().all(|expression| exists(expression).next().is_none())
        && parts(pattern).into_iter().all(|part| is_fit(part, outer))
}

/// The variables that solutions may bind.
fn in_scope(pattern: &GraphPattern) -> Variables {
    let mut variables = Variables::new();
    pattern.on_in_scope_variable(|variable| _ = variables.insert(variable.clone()));
    variables
}

/// The variables that every solution binds.
fn certain(pattern: &GraphPattern) -> Variables {
    match pattern {
        GraphPattern::Bgp { .. } | GraphPattern::Path { .. } => in_scope(pattern),
        GraphPattern::Graph { name, inner } => {
            let mut variables = certain(inner);
            if let Name::Variable(name) = name {
                variables.insert(name.clone());
            }
            variables
        }
        GraphPattern::Join { left, right } | GraphPattern::Lateral { left, right } => {
            certain(left).union(&certain(right)).cloned().collect()
        }
        GraphPattern::Union { left, right } => certain(left).intersection(&certain(right)).cloned().collect(),
        GraphPattern::LeftJoin { left: inner, .. }
        | GraphPattern::Minus { left: inner, .. }
        | GraphPattern::Filter { inner, .. }
        | GraphPattern::Extend { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. } => certain(inner),
        GraphPattern::Project { inner, variables } | GraphPattern::Group { inner, variables, .. } => {
            let bound = certain(inner);
            variables.iter().filter(|variable| bound.contains(variable)).cloned().collect()
        }
        GraphPattern::Values { variables, bindings } => {
            let is_bound = |at: &usize| bindings.iter().all(|row| row.get(*at).is_some_and(Option::is_some));
            let bound = (0..variables.len()).filter(is_bound);
            bound.filter_map(|at| variables.get(at).cloned()).collect()
        }
        GraphPattern::Service { .. } => Variables::new(),
    }
}

/// The patterns that a pattern, `&` or `&mut`, is made of, as a vector of references of that kind.
macro_rules! parts_of {
    ($pattern:expr) => {
        match $pattern {
            GraphPattern::Bgp { .. } | GraphPattern::Path { .. } | GraphPattern::Values { .. } => Vec::new(),
            GraphPattern::Join { left, right }
            | GraphPattern::LeftJoin { left, right, .. }
            | GraphPattern::Lateral { left, right }
            | GraphPattern::Union { left, right }
            | GraphPattern::Minus { left, right } => vec![left, right],
            GraphPattern::Filter { inner, .. }
            | GraphPattern::Graph { inner, .. }
            | GraphPattern::Extend { inner, .. }
            | GraphPattern::OrderBy { inner, .. }
            | GraphPattern::Project { inner, .. }
            | GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. }
            | GraphPattern::Group { inner, .. }
            | GraphPattern::Service { inner, .. } => vec![inner],
        }
    };
}

/// The patterns that a pattern is made of.
fn parts(pattern: &GraphPattern) -> Vec<&GraphPattern> {
    parts_of!(pattern)
}

/// As [`parts`], to be changed.
fn parts_mut(pattern: &mut GraphPattern) -> Vec<&mut GraphPattern> {
    parts_of!(pattern)
}

/// The expressions of a pattern itself, not of its parts.
fn expressions(pattern: &GraphPattern) -> Vec<&Expression> {
    match pattern {
        GraphPattern::Filter { expr, .. } => vec![expr],
        GraphPattern::Extend { expression, .. } => vec![expression],
        GraphPattern::LeftJoin { expression, .. } => expression.iter().collect(),
        GraphPattern::OrderBy { expression, .. } => {
            expression.iter().map(|(OrderExpression::Asc(by) | OrderExpression::Desc(by))| by).collect()
        }
        GraphPattern::Group { aggregates, .. } => {
            let inner = aggregates.iter().map(|(_, aggregate)| match aggregate {
                AggregateExpression::CountSolutions { .. } => None,
                AggregateExpression::FunctionCall { expr, .. } => Some(expr),
            });
            inner.flatten().collect()
        }
        _ => Vec::new(),
    }
}

/// An expression and all that it is made of.
fn all(expression: &Expression) -> Vec<&Expression> {
    let (mut found, mut waiting) = (Vec::new(), vec![expression]);
    while let Some(next) = waiting.pop() {
        found.push(next);
        match next {
            Expression::NamedNode(_)
            | Expression::Literal(_)
            | Expression::Variable(_)
            | Expression::Bound(_)
            | Expression::Exists(_) => {}
            Expression::Or(a, b)
            | Expression::And(a, b)
            | Expression::Equal(a, b)
            | Expression::SameTerm(a, b)
            | Expression::Greater(a, b)
            | Expression::GreaterOrEqual(a, b)
            | Expression::Less(a, b)
            | Expression::LessOrEqual(a, b)
            | Expression::Add(a, b)
            | Expression::Subtract(a, b)
            | Expression::Multiply(a, b)
            | Expression::Divide(a, b) => waiting.extend([&**a, &**b]),
            Expression::UnaryPlus(a) | Expression::UnaryMinus(a) | Expression::Not(a) => waiting.push(a),
            Expression::If(a, b, c) => waiting.extend([&**a, &**b, &**c]),
            Expression::In(a, list) => {
                waiting.push(a);
                waiting.extend(list);
            }
            Expression::Coalesce(list) | Expression::FunctionCall(_, list) => waiting.extend(list),
        }
    }
    found
}

/// The variables of an expression.
fn used(expression: &Expression) -> Variables {
    let variables = all(expression).into_iter().filter_map(|part| match part {
        Expression::Variable(variable) | Expression::Bound(variable) => Some(variable.clone()),
        _ => None,
    });
    variables.collect()
}

/// The patterns of `EXISTS` in an expression.
fn exists(expression: &Expression) -> impl Iterator<Item = &GraphPattern> {
    all(expression).into_iter().filter_map(|part| match part {
        Expression::Exists(pattern) => Some(&**pattern),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use spargebra::SparqlParser;

    use super::*;

    fn parse(text: &str) -> Query {
        SparqlParser::new().parse_query(text).expect("SPARQL")
    }

    /// How many optional parts of a query are looked up per solution.
    fn lateral(text: &str) -> usize {
        fn count(pattern: &GraphPattern) -> usize {
            let own = usize::from(matches!(pattern, GraphPattern::Lateral { .. }));
            own + parts(pattern).into_iter().map(count).sum::<usize>()
        }
        match laterally(&parse(text)) {
            Query::Select { pattern, .. } => count(&pattern),
            _ => 0,
        }
    }

    #[test]
    fn optional_parts_are_looked_up_where_that_finds_the_same() {
        let simple = "SELECT * { ?a <urn:p> ?b OPTIONAL { ?b <urn:q> ?c . ?c <urn:r> ?d } OPTIONAL { ?a <urn:s> ?e } }";
        assert_eq!(lateral(simple), 2);
        let nested = "SELECT * { ?a <urn:p> ?b OPTIONAL { ?b <urn:q> ?c OPTIONAL { ?c <urn:r> ?d } BIND(COALESCE(?d, ?c) AS ?e) } }";
        assert_eq!(lateral(nested), 2);
        // The inner part would see ?a of the outer one, which it must not.
        let ill_designed = "SELECT * { ?a <urn:p> ?b OPTIONAL { ?b <urn:q> ?c OPTIONAL { ?c <urn:r> ?a } } }";
        assert_eq!(lateral(ill_designed), 1);
        let bound = "SELECT * { ?a <urn:p> ?b OPTIONAL { ?b <urn:q> ?c BIND(1 AS ?a) } }";
        assert_eq!(lateral(bound), 0);
        let counted =
            "SELECT * { ?a <urn:p> ?b OPTIONAL { SELECT ?b (COUNT(*) AS ?n) { ?b <urn:q> ?c } GROUP BY ?b } }";
        assert_eq!(lateral(counted), 0);
        assert_eq!(lateral("SELECT * { ?a <urn:p> ?b OPTIONAL { ?c <urn:q> ?d } }"), 0, "nothing links them");
    }

    #[test]
    fn queries_that_name_all_their_graphs_are_told() {
        let names = |text| names_graphs(&parse(text));
        assert!(names("SELECT * { GRAPH ?g { ?a <urn:p>/<urn:q> ?b } OPTIONAL { GRAPH <urn:g> { ?b <urn:r> ?c } } }"));
        assert!(names("SELECT * { GRAPH ?g { ?a <urn:p> ?b FILTER EXISTS { ?b <urn:q> ?c } } }"));
        assert!(!names("SELECT * { GRAPH ?g { ?a <urn:p> ?b } ?b <urn:q> ?c }"));
        assert!(!names("SELECT * { GRAPH ?g { ?a <urn:p> ?b } FILTER EXISTS { ?b <urn:q> ?c } }"));
        assert!(!names("SELECT * FROM NAMED <urn:g> { GRAPH ?g { ?a <urn:p> ?b } }"));
        assert!(!names("DESCRIBE ?a { GRAPH ?g { ?a <urn:p> ?b } }"));
    }
}
