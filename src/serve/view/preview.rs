use super::Thing;
use super::fact::Statement;
use super::release::{ReleaseView, pieces};
use crate::pipeline::Extraction;

/// What would be extracted, as the page of a release shows it: without a store, so entities have no pages.
pub fn preview(extraction: &Extraction) -> ReleaseView {
    let (document, resolution) = (&extraction.document, &extraction.resolution);
    let things: Vec<Thing> = resolution
        .entities
        .iter()
        .map(|entity| Thing {
            iri: entity.id.clone(),
            label: entity.name.clone(),
            kind: crate::serve::data::kind_of(entity.kind),
            href: "#text".into(),
        })
        .collect();
    let mentions = resolution.entities.iter().zip(&things).flat_map(|(entity, thing)| {
        entity.mentions.iter().map(|&span| {
            let (start, end) = document.code_points(span);
            (start, end, thing.clone())
        })
    });
    let statements: Vec<Statement> = extraction
        .facts
        .iter()
        .enumerate()
        .map(|(index, fact)| {
            let named = |argument: &&'static str| {
                fact.all(argument)
                    .filter_map(|id| things.get(id.0))
                    .map(|thing| (*argument, thing.clone()))
                    .collect::<Vec<_>>()
            };
            let schema = fact.relation.schema();
            let lights = fact.evidence.iter().map(|&span| {
                let (start, end) = document.code_points(span);
                format!("{start}-{end}")
            });
            Statement {
                id: format!("fact-{}", index + 1),
                relation: schema.name,
                status: fact.status.as_str().to_owned(),
                confidence: format!("{:.2}", fact.confidence),
                rule: fact.rule.to_string(),
                arguments: schema.arguments.iter().chain(schema.optional).flat_map(named).collect(),
                attributes: fact.attributes.iter().map(|(name, value)| (*name, value.text.clone())).collect(),
                lights: lights.collect::<Vec<_>>().join(" "),
                ..Statement::default()
            }
        })
        .collect();
    let title = extraction.layout.title.map(|span| document.source_slice(span).to_owned());
    let label = title.filter(|title| !title.is_empty()).unwrap_or_else(|| "…".into());
    ReleaseView {
        thing: Thing { label, kind: "release", ..Thing::default() },
        issued: extraction.layout.issued.map(|date| date.to_string()),
        issuer: resolution.issuer.and_then(|id| things.get(id.0)).cloned(),
        language: "fr".into(),
        pieces: pieces(document.source(), mentions.collect(), &statements, 0..usize::MAX),
        statements,
        ..ReleaseView::default()
    }
}
