use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, Uri};
use oxrdf::NamedNode;

use crate::serve::ServeError;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A query.
    Query(String),
    /// An update.
    Update(String),
    /// The service description.
    Describe,
}

/// A request of the SPARQL 1.1 Protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protocol {
    /// What is asked.
    pub operation: Operation,
    /// `default-graph-uri`, or `using-graph-uri` of an update.
    pub default_graphs: Vec<NamedNode>,
    /// `named-graph-uri`, or `using-named-graph-uri` of an update.
    pub named_graphs: Vec<NamedNode>,
}

/// The pairs of a query string or a form, decoded.
///
/// # Errors
/// When a percent-encoding is no UTF-8.
pub fn pairs(encoded: &str) -> Result<Vec<(String, String)>, ServeError> {
    let decode = |part: &str| {
        let spaced = part.replace('+', " ");
        let decoded = percent_encoding::percent_decode_str(&spaced).decode_utf8();
        let message = |_| ServeError::BadRequest(format!("`{part}` is not percent-encoded UTF-8"));
        decoded.map(|text| text.into_owned()).map_err(message)
    };
    encoded
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name)?, decode(value)?))
        })
        .collect()
}

/// Reads a request to the endpoint, as the protocol has it.
///
/// # Errors
/// When it is none of the protocol's.
pub fn read(method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Result<Protocol, ServeError> {
    let mut parameters = pairs(uri.query().unwrap_or(""))?;
    let text = || {
        let text = str::from_utf8(body).map_err(|_| ServeError::BadRequest("the body is not UTF-8".into()))?;
        Ok::<_, ServeError>(text.to_owned())
    };
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let content_type = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    let mut direct = None;
    match (method, content_type.as_str()) {
        (&Method::GET | &Method::HEAD, _) => {
            if parameters.iter().any(|(name, _)| name == "update") {
                return Err(ServeError::BadRequest("an update must be sent by POST".into()));
            }
        }
        (&Method::POST, "application/x-www-form-urlencoded") => parameters.extend(pairs(&text()?)?),
        (&Method::POST, "application/sparql-query") => direct = Some(Operation::Query(text()?)),
        (&Method::POST, "application/sparql-update") => direct = Some(Operation::Update(text()?)),
        (&Method::POST, _) => {
            let known = "use application/sparql-query, application/sparql-update or application/x-www-form-urlencoded";
            return Err(ServeError::MediaType(content_type, known));
        }
        _ => return Err(ServeError::Method("GET, HEAD, POST, OPTIONS")),
    }
    let one = |name: &str| {
        let mut values = parameters.iter().filter(|(key, _)| key == name);
        let first = values.next();
        if values.next().is_some() {
            return Err(ServeError::BadRequest(format!("more than one `{name}`")));
        }
        Ok(first.map(|(_, value)| value.clone()))
    };
    let operation = match (direct, one("query")?, one("update")?) {
        (Some(operation), None, None) => operation,
        (None, Some(query), None) => Operation::Query(query),
        (None, None, Some(update)) => Operation::Update(update),
        (None, None, None) if *method == Method::POST => {
            return Err(ServeError::BadRequest("the form has neither `query` nor `update`".into()));
        }
        (None, None, None) => Operation::Describe,
        _ => return Err(ServeError::BadRequest("more than one query or update".into())),
    };
    let graphs = |names: [&str; 2]| {
        let values = parameters.iter().filter(|(name, _)| names.contains(&name.as_str()));
        let iri = |(name, value): &(String, String)| {
            let message = |_| ServeError::BadRequest(format!("`{name}`: `{value}` is no absolute IRI"));
            NamedNode::new(value.as_str()).map_err(message)
        };
        values.map(iri).collect::<Result<Vec<_>, _>>()
    };
    let (default_graphs, named_graphs) =
        (graphs(["default-graph-uri", "using-graph-uri"])?, graphs(["named-graph-uri", "using-named-graph-uri"])?);
    Ok(Protocol { operation, default_graphs, named_graphs })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: Method, uri: &str, content_type: &str, body: &str) -> Result<Protocol, ServeError> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, content_type.parse().expect("a header"));
        read(&method, &uri.parse().expect("a URI"), &headers, body.as_bytes())
    }

    #[test]
    fn the_three_ways_to_ask_are_one_query() {
        let query = "SELECT * { ?s ?p \"é+\" }";
        let encoded = "query=SELECT%20*%20%7B%20%3Fs+%3Fp%20%22%C3%A9%2B%22%20%7D";
        let expected = Operation::Query(query.to_owned());
        let get = request(Method::GET, &format!("/sparql?{encoded}"), "", "").expect("GET");
        let form = request(Method::POST, "/sparql", "application/x-www-form-urlencoded", encoded).expect("form");
        let direct = request(
            Method::POST,
            "/sparql?default-graph-uri=http://a.example/g",
            "application/sparql-query; charset=utf-8",
            query,
        )
        .expect("direct");
        assert_eq!(get.operation, expected);
        assert_eq!(form.operation, expected);
        assert_eq!(direct.operation, expected);
        assert_eq!(direct.default_graphs, [NamedNode::new_unchecked("http://a.example/g")]);
    }

    #[test]
    fn what_the_protocol_does_not_have_is_refused_with_its_status() {
        let status = |method, uri, content_type, body| {
            request(method, uri, content_type, body).expect_err("refused").status().as_u16()
        };
        assert_eq!(status(Method::GET, "/sparql?query=a&query=b", "", ""), 400);
        assert_eq!(status(Method::GET, "/sparql?update=CLEAR%20ALL", "", ""), 400);
        assert_eq!(status(Method::POST, "/sparql", "application/x-www-form-urlencoded", "x=y"), 400);
        assert_eq!(status(Method::POST, "/sparql", "text/plain", "ASK {}"), 415);
        assert_eq!(status(Method::PUT, "/sparql", "", ""), 405);
        assert_eq!(status(Method::GET, "/sparql?query=%ff", "", ""), 400);
        assert_eq!(status(Method::GET, "/sparql?query=a&default-graph-uri=x", "", ""), 400);
        assert_eq!(request(Method::GET, "/sparql", "", "").expect("description").operation, Operation::Describe);
    }
}
