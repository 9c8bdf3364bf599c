//! Objects of JSON to records.

use serde_json::{Map, Value};

use super::record::{Fields, is_known_field};
use super::{Reason, decode};

/// The fields of the object in `bytes`, a line of a JSON Lines file.
pub fn read_line(bytes: &[u8]) -> Result<Fields, Reason> {
    match parse(bytes)? {
        Value::Object(object) => Ok(fields(&object)),
        _ => Err(damaged("an object in braces is expected on each line".to_owned())),
    }
}

/// The fields of every object of a file that is one value: an object, a list of objects, or an
/// object with a list of objects that have a text.
pub fn read_document(bytes: &[u8]) -> Result<Vec<Result<Fields, Reason>>, Reason> {
    let one = |value: &Value| match value {
        Value::Object(object) => Ok(fields(object)),
        _ => Err(damaged("the list holds something else than objects".to_owned())),
    };
    Ok(match parse(bytes)? {
        Value::Array(values) => values.iter().map(one).collect(),
        Value::Object(object) => {
            let lists = || object.values().filter_map(Value::as_array);
            match lists().find(|list| list.iter().filter_map(Value::as_object).any(has_text)) {
                Some(list) if !has_text(&object) => list.iter().map(one).collect(),
                _ => vec![Ok(fields(&object))],
            }
        }
        _ => return Err(damaged("an object or a list of objects is expected".to_owned())),
    })
}

fn damaged(detail: String) -> Reason {
    Reason::Damaged { format: "JSON", detail }
}

/// The value in `bytes`. A lone surrogate (`"\ud800"`), which no text has, becomes U+FFFD.
fn parse(bytes: &[u8]) -> Result<Value, Reason> {
    let text = decode(bytes)?;
    serde_json::from_str(&text).or_else(|error| {
        let mended = mend_surrogates(&text).ok_or_else(|| damaged(error.to_string()))?;
        serde_json::from_str(&mended).map_err(|_| damaged(error.to_string()))
    })
}

/// `text` with the escapes of lone surrogates replaced; none where there are none.
fn mend_surrogates(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut mended = false;
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.get(..at)?);
        rest = rest.get(at..)?;
        let length = match unit(rest) {
            Some(0xD800..=0xDBFF) if matches!(rest.get(6..).and_then(unit), Some(0xDC00..=0xDFFF)) => 12,
            Some(0xD800..=0xDFFF) => {
                mended = true;
                out.push_str("\\ufffd");
                rest = rest.get(6..)?;
                continue;
            }
            Some(_) => 6,
            // A backslash and the character it escapes.
            None => rest.char_indices().nth(2).map_or(rest.len(), |(end, _)| end),
        };
        out.push_str(rest.get(..length)?);
        rest = rest.get(length..)?;
    }
    out.push_str(rest);
    mended.then_some(out)
}

/// The UTF-16 unit of the escape at the beginning of `text`.
fn unit(text: &str) -> Option<u32> {
    u32::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

/// The fields of an object; of objects within it, their name, value or rendered text, as
/// schema.org and the interfaces of newsrooms give them.
fn fields(object: &Map<String, Value>) -> Fields {
    object.iter().filter_map(|(name, value)| Some((name.clone(), as_text(value)?))).collect()
}

/// Whether an object has a field that can be the text of a release.
fn has_text(object: &Map<String, Value>) -> bool {
    object.keys().any(|name| is_known_field(name).1)
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(values) => {
            let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
            if texts.is_empty() { values.first().and_then(as_text) } else { Some(texts.join("\n\n")) }
        }
        Value::Object(object) => {
            ["rendered", "name", "@value", "value", "text"].iter().find_map(|key| object.get(*key)).and_then(as_text)
        }
        Value::Null | Value::Bool(_) => None,
    }
}
