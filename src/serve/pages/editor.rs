use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

use super::{Asked, Page, Titled};
use crate::serve::ServeError;
use crate::serve::app::App;
use crate::serve::data::{PREFIXES, ns};
use crate::serve::view::{classes, predicates};
use crate::store::NamedQuery;

/// What the editor holds at first.
const FIRST: &str = "SELECT ?person ?name ?title ?organization WHERE {
  ?role a org:Membership ; org:member ?member ; org:organization ?body ; pg:title ?title .
  ?member pg:identity ?person . ?person skos:prefLabel ?name .
  ?body pg:identity ?organization .
}
LIMIT 50";

#[derive(Template)]
#[template(path = "editor.html")]
struct EditorPage {
    page: Page,
    query: String,
    named: String,
    run: bool,
    queries: Vec<&'static NamedQuery>,
    prefixes: String,
    vocabulary: String,
    iri: String,
    hidden: bool,
}

/// The SPARQL editor, with a query of the parameter `query` or a named one.
///
/// # Errors
/// When the template fails.
pub async fn editor(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ServeError> {
    let asked = Asked::read(&uri, &headers)?;
    let named = NamedQuery::all().get(asked.get("named"));
    let text = match (named, asked.get("query")) {
        (Some(query), _) => with_values(query, &asked),
        (None, "") => FIRST.to_owned(),
        (None, query) => query.to_owned(),
    };
    let json = |value: &serde_json::Value| value.to_string().replace('<', "\\u003c");
    let prefixes: serde_json::Map<_, _> =
        PREFIXES.into_iter().map(|(prefix, iri)| (prefix.to_owned(), iri.into())).collect();
    let vocabulary = serde_json::json!({ "classes": classes(), "properties": predicates() });
    asked.answer(&EditorPage {
        page: asked.page(&app, "editor", "SPARQL"),
        query: declare(&text),
        named: named.map(|query| query.name.clone()).unwrap_or_default(),
        run: asked.get("run") == "1",
        queries: NamedQuery::all().values().collect(),
        prefixes: json(&prefixes.into()),
        vocabulary: json(&vocabulary),
        iri: String::new(),
        hidden: true,
    })
}

/// The text of a named query; given values of parameters as a `VALUES` clause the analyst can edit.
fn with_values(query: &NamedQuery, asked: &Asked) -> String {
    let mut values = String::new();
    for parameter in &query.parameters {
        let value = asked.get(&format!("p.{}", parameter.name));
        if !value.is_empty() {
            let term = parameter.kind.term(&parameter.name, value).map(|term| term.to_string());
            values.push_str(&format!("\n  VALUES ?{} {{ {} }}", parameter.name, term.unwrap_or_default()));
        }
    }
    // The `WHERE` clause begins at the first brace outside the header's comments.
    let body = query.text.lines().scan(0, |at, line| {
        let start = *at;
        *at += line.len() + 1;
        Some((start, line))
    });
    let brace =
        body.filter(|(_, line)| !line.starts_with('#')).find_map(|(start, line)| Some(start + line.find('{')? + 1));
    match brace.filter(|_| !values.is_empty()) {
        Some(at) => {
            let (head, tail) = (query.text.get(..at).unwrap_or(""), query.text.get(at..).unwrap_or(""));
            format!("{head}{values}{tail}")
        }
        None => query.text.clone(),
    }
}

/// Declares the prefixes that a query uses and does not declare: the server knows them, the
/// editor's check does not.
fn declare(query: &str) -> String {
    let used = |prefix: &str| {
        let name = format!("{prefix}:");
        query
            .match_indices(&name)
            .any(|(start, _)| !query.get(..start).is_some_and(|before| before.ends_with(|c: char| c.is_alphanumeric())))
    };
    let declared = |prefix: &str| query.contains(&format!("PREFIX {prefix}:"));
    let missing = PREFIXES.into_iter().filter(|(prefix, _)| used(prefix) && !declared(prefix));
    let mut out: String = missing.map(|(prefix, iri)| format!("PREFIX {prefix}: <{iri}>\n")).collect();
    if !out.is_empty() {
        out.push('\n');
    }
    debug_assert!(ns::PG.ends_with('#'));
    out + query
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_prefixes_in_use_are_declared() {
        let text = declare("PREFIX org: <http://www.w3.org/ns/org#>\nSELECT * { ?s org:member ?o ; pg:title ?t }");
        assert!(text.starts_with("PREFIX pg: <https://w3id.org/pressgraph/ns#>\n\nPREFIX org:"), "{text}");
        assert_eq!(text.matches("PREFIX").count(), 2);
    }
}
