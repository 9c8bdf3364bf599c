use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::entities::Entity;
use crate::pipeline::Extraction;
use crate::relations::{Fact, RelationType};
use crate::tag::EntityType;
use crate::text::{Document, Span};

/// The output format of `extract --format json`: one object per release. Offsets are Unicode code
/// points of the decoded source.
pub fn to_json(path: &str, extraction: &Extraction) -> Json {
    // Invariant: all keys are strings, and nothing in the view fails.
    serde_json::to_value(view(path, extraction)).unwrap_or_default()
}

/// Writes what [`to_json`] makes, without making it.
pub fn write_json(out: impl std::io::Write, path: &str, extraction: &Extraction) -> std::io::Result<()> {
    Ok(serde_json::to_writer(out, &view(path, extraction))?)
}

/// The object of a release; fields in alphabetical order, as in [`Json`].
#[derive(Serialize)]
struct View<'a> {
    entities: Vec<EntityView<'a>>,
    issued: Option<String>,
    issuer: Option<&'a str>,
    path: &'a str,
    relations: Vec<BTreeMap<&'a str, Field<'a>>>,
    title: Option<&'a str>,
}

#[derive(Serialize)]
struct EntityView<'a> {
    aliases: &'a [String],
    id: &'a str,
    mentions: Vec<Offsets>,
    name: &'a str,
    r#type: &'a str,
}

#[derive(Serialize)]
struct Offsets {
    end: usize,
    start: usize,
}

/// The value of one field of a relation.
#[derive(Serialize)]
#[serde(untagged)]
enum Field<'a> {
    Missing,
    Text(&'a str),
    Texts(Vec<&'a str>),
    Offset(usize),
    Places(Vec<Offsets>),
    Share(f64),
}

fn view<'a>(path: &'a str, extraction: &'a Extraction) -> View<'a> {
    let resolution = &extraction.resolution;
    let entity = |entity: &'a Entity| EntityView {
        aliases: &entity.aliases,
        id: &entity.id,
        mentions: entity.mentions.iter().map(|&span| offsets(extraction, span)).collect(),
        name: &entity.name,
        r#type: entity.kind.as_str(),
    };
    let issuer = resolution.issuer.and_then(|id| resolution.entities.get(id.0)).map(|entity| entity.id.as_str());
    View {
        entities: resolution.entities.iter().map(entity).collect(),
        issued: extraction.issued().map(|date| date.to_string()),
        issuer,
        path,
        relations: extraction.facts.iter().map(|fact| relation(extraction, fact)).collect(),
        title: extraction.title().map(str::trim).filter(|title| !title.is_empty()),
    }
}

/// The same format with nothing but names, each spelling of a type as an entity of its own.
pub fn names_to_json(path: &str, document: &Document, names: &[(Span, EntityType)]) -> Json {
    let mut spellings: BTreeMap<(EntityType, &str), Vec<Json>> = BTreeMap::new();
    for (span, kind) in names {
        let (start, end) = document.code_points(*span);
        spellings.entry((*kind, document.slice(*span))).or_default().push(json!({ "start": start, "end": end }));
    }
    let entity = |(number, ((kind, name), mentions)): (usize, ((EntityType, &str), Vec<Json>))| json!({ "id": format!("name-{}", number + 1), "type": kind.as_str(), "name": name, "mentions": mentions });
    let entities: Vec<Json> = spellings.into_iter().enumerate().map(entity).collect();
    json!({ "path": path, "issuer": null, "issued": null, "entities": entities, "relations": [] })
}

fn offsets(extraction: &Extraction, span: Span) -> Offsets {
    let (start, end) = extraction.document.code_points(span);
    Offsets { end, start }
}

fn relation<'a>(extraction: &'a Extraction, fact: &'a Fact) -> BTreeMap<&'a str, Field<'a>> {
    let entities = &extraction.resolution.entities;
    let schema = fact.relation.schema();
    let mut out = BTreeMap::from([("type", Field::Text(schema.name))]);
    for argument in schema.arguments.iter().chain(schema.optional) {
        let mut ids = fact.all(argument).filter_map(|id| entities.get(id.0)).map(|entity| entity.id.as_str());
        let value = match *argument {
            "parties" => Field::Texts(ids.collect()),
            "negotiators" => {
                let all: Vec<&str> = ids.collect();
                if all.is_empty() { continue } else { Field::Texts(all) }
            }
            _ => match ids.next() {
                Some(id) => Field::Text(id),
                None if schema.optional.contains(argument) => continue,
                None => Field::Missing,
            },
        };
        out.insert(argument, value);
    }
    for (name, value) in &fact.attributes {
        match (fact.relation, value.span) {
            (RelationType::Quote, Some(span)) => {
                let (start, end) = extraction.document.code_points(span);
                out.insert("start", Field::Offset(start));
                out.insert("end", Field::Offset(end));
            }
            _ => {
                // A title is told in the words of the text, also where another person bears it there.
                let written =
                    value.span.filter(|_| *name == "title").map(|span| extraction.document.source_slice(span));
                // An entity given as the product of a supply stands already.
                out.entry(name).or_insert(Field::Text(written.unwrap_or(&value.text)));
            }
        }
    }
    out.insert("evidence", Field::Places(fact.evidence.iter().map(|&span| offsets(extraction, span)).collect()));
    out.insert("rule", Field::Text(&fact.rule));
    out.insert("confidence", Field::Share((fact.confidence * 1000.0).round() / 1000.0));
    out.insert("status", Field::Text(fact.status.as_str()));
    out
}
