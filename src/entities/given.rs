use super::{Entity, EntityId, EntityType, Resolution};
use crate::mentions::Mention;
use crate::segment::Segmentation;
use crate::text::Document;

/// An entity that somebody else has found in the text: another program, or an annotator.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenEntity {
    /// Its identifier, kept in the output.
    pub id: String,
    /// What it is.
    pub kind: EntityType,
    /// Its name; kept in the output.
    pub name: String,
    /// Where it is named: start and end in Unicode code points of the source. Empty when it is only
    /// named inside another name.
    pub mentions: Vec<(usize, usize)>,
}

/// Where the given entities are named, in the order of the text, with the index of each one's entity.
/// What lies outside the text, or overlaps what begins before it, is dropped.
pub fn locate(document: &Document, segmentation: &Segmentation, given: &[GivenEntity]) -> Vec<(Mention, EntityId)> {
    let mut out: Vec<(Mention, EntityId)> = Vec::new();
    for (index, entity) in given.iter().enumerate() {
        for &(start, end) in &entity.mentions {
            let span = document.span_of_code_points(start, end);
            let tokens = segmentation.tokens_in(span);
            if !span.is_empty() && !tokens.is_empty() {
                out.push((Mention { span, tokens, kind: entity.kind, confidence: 1.0 }, EntityId(index)));
            }
        }
    }
    out.sort_by_key(|(mention, id)| (mention.span.start, std::cmp::Reverse(mention.span.end), *id));
    let mut free_from = 0;
    out.retain(|(mention, _)| {
        let free = mention.span.start >= free_from;
        if free {
            free_from = mention.span.end;
        }
        free
    });
    out
}

impl Resolution {
    /// The given entities in their order, with the mentions that [`locate`] found.
    pub(super) fn of_given(document: &Document, located: &[(Mention, EntityId)], given: &[GivenEntity]) -> Self {
        let mut entities: Vec<Entity> = given
            .iter()
            .map(|entity| Entity {
                id: entity.id.clone(),
                kind: entity.kind,
                name: entity.name.clone(),
                aliases: Vec::new(),
                mentions: Vec::new(),
            })
            .collect();
        for (mention, id) in located {
            // Invariant: `located` numbers the entities of `given`.
            let entity = &mut entities[id.0];
            entity.mentions.push(mention.span);
            let form = document.source_slice(mention.span);
            if form != entity.name && entity.aliases.iter().all(|alias| alias != form) {
                entity.aliases.push(form.to_owned());
            }
        }
        Self { entities, of_names: located.iter().map(|(_, id)| *id).collect(), ..Self::default() }
    }
}
