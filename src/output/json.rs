use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::pipeline::Extraction;
use crate::relations::{Fact, RelationType};
use crate::tag::EntityType;
use crate::text::{Document, Span};

/// The output format of `extract --format json`: one object per release. Offsets are Unicode code
/// points of the decoded source.
pub fn to_json(path: &str, extraction: &Extraction) -> Json {
    let resolution = &extraction.resolution;
    let entities: Vec<Json> = resolution
        .entities
        .iter()
        .map(|entity| {
            let mentions: Vec<Json> = entity.mentions.iter().map(|&span| offsets(extraction, span)).collect();
            json!({
                "id": entity.id,
                "type": entity.kind.as_str(),
                "name": entity.name,
                "aliases": entity.aliases,
                "mentions": mentions,
            })
        })
        .collect();
    let issuer = resolution.issuer.and_then(|id| resolution.entities.get(id.0)).map(|entity| entity.id.as_str());
    json!({
        "path": path,
        "issuer": issuer,
        "issued": extraction.issued().map(|date| date.to_string()),
        "entities": entities,
        "relations": extraction.facts.iter().map(|fact| relation(extraction, fact)).collect::<Vec<_>>(),
    })
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

fn offsets(extraction: &Extraction, span: Span) -> Json {
    let (start, end) = extraction.document.code_points(span);
    json!({ "start": start, "end": end })
}

fn relation(extraction: &Extraction, fact: &Fact) -> Json {
    let entities = &extraction.resolution.entities;
    let schema = fact.relation.schema();
    let mut out = Map::new();
    out.insert("type".into(), schema.name.into());
    for argument in schema.arguments.iter().chain(schema.optional) {
        let mut ids =
            fact.all(argument).filter_map(|id| entities.get(id.0)).map(|entity| Json::from(entity.id.clone()));
        let value = match *argument {
            "parties" => Json::from(ids.collect::<Vec<_>>()),
            "negotiators" => {
                let all: Vec<Json> = ids.collect();
                if all.is_empty() { continue } else { Json::from(all) }
            }
            _ => match ids.next() {
                Some(id) => id,
                None if schema.optional.contains(argument) => continue,
                None => Json::Null,
            },
        };
        out.insert((*argument).to_owned(), value);
    }
    for (name, value) in &fact.attributes {
        match (fact.relation, value.span) {
            (RelationType::Quote, Some(span)) => {
                let (start, end) = extraction.document.code_points(span);
                out.insert("start".into(), start.into());
                out.insert("end".into(), end.into());
            }
            _ => {
                // An entity given as the product of a supply stands already.
                out.entry(*name).or_insert_with(|| value.text.clone().into());
            }
        }
    }
    out.insert("evidence".into(), fact.evidence.iter().map(|&span| offsets(extraction, span)).collect());
    out.insert("rule".into(), fact.rule.clone().into());
    out.insert("confidence".into(), ((fact.confidence * 1000.0).round() / 1000.0).into());
    out.insert("status".into(), fact.status.as_str().into());
    Json::Object(out)
}
