//! Entities that turn out to be none are taken out again.

use super::link::numbered;
use super::{EntityId, EntityType, Resolution};
use crate::mentions::Mention;

impl Resolution {
    /// Keeps the entities marked in `keep`, with their `names` (those that it was made from) and references,
    /// and numbers them anew. Answers the new number of each old one.
    pub(crate) fn retain(&mut self, names: &mut Vec<Mention>, keep: &[bool]) -> Vec<Option<EntityId>> {
        let mut next = 0;
        let numbers: Vec<Option<EntityId>> = keep
            .iter()
            .map(|keep| {
                let number = keep.then_some(EntityId(next));
                next += usize::from(*keep);
                number
            })
            .collect();
        let number = |id: EntityId| numbers.get(id.0).copied().flatten();
        let mut of_names = self.of_names.iter();
        names.retain(|_| of_names.next().is_some_and(|&id| number(id).is_some()));
        self.of_names = self.of_names.iter().filter_map(|&id| number(id)).collect();
        let mut marks = keep.iter();
        self.entities.retain(|_| marks.next().copied().unwrap_or(false));
        let mut marks = keep.iter();
        self.genders.retain(|_| marks.next().copied().unwrap_or(false));
        let mut counts = [0_usize; EntityType::ALL.len()];
        for entity in &mut self.entities {
            let count = &mut counts[entity.kind as usize];
            *count += 1;
            entity.id = numbered(entity.kind, *count);
        }
        for reference in &mut self.references {
            reference.entities = reference.entities.iter().filter_map(|&id| number(id)).collect();
        }
        self.references.retain(|reference| !reference.entities.is_empty());
        self.issuer = self.issuer.and_then(number);
        self.inner_places = self.inner_places.iter().filter_map(|&(a, b)| number(a).zip(number(b))).collect();
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::{Entity, Reference};
    use crate::tag::Gender;
    use crate::text::Span;

    #[test]
    fn what_is_taken_out_leaves_no_trace() {
        let entity = |kind: EntityType, name: &str| Entity {
            id: format!("{}-9", kind.as_str().to_lowercase()),
            kind,
            name: name.to_owned(),
            aliases: Vec::new(),
            mentions: Vec::new(),
        };
        let reference = |at: usize, entities: &[usize]| Reference {
            span: Span::new(at, at + 1),
            tokens: at..at + 1,
            entities: entities.iter().map(|&id| EntityId(id)).collect(),
        };
        let mut resolution = Resolution {
            entities: vec![
                entity(EntityType::Organization, "Valoria"),
                entity(EntityType::Site, "usine de Lorbec"),
                entity(EntityType::Organization, "Hydravel"),
                entity(EntityType::Place, "Lorbec"),
            ],
            of_names: [0, 1, 2, 0].map(EntityId).into(),
            genders: vec![None, None, Some(Gender::Feminine), None],
            references: vec![reference(5, &[0]), reference(6, &[0, 2])],
            issuer: Some(EntityId(0)),
            inner_places: vec![(EntityId(1), EntityId(3))],
        };
        let name = |at: usize| Mention {
            span: Span::new(at, at + 1),
            tokens: at..at + 1,
            kind: EntityType::Organization,
            confidence: 0.4,
        };
        let mut names: Vec<Mention> = (0..4).map(name).collect();
        let numbers = resolution.retain(&mut names, &[false, true, true, true]);
        assert_eq!(numbers, [None, Some(EntityId(0)), Some(EntityId(1)), Some(EntityId(2))]);
        assert_eq!(names.iter().map(|name| name.tokens.start).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(resolution.of_names, [EntityId(0), EntityId(1)]);
        let ids: Vec<&str> = resolution.entities.iter().map(|entity| entity.id.as_str()).collect();
        assert_eq!(ids, ["site-1", "organization-1", "place-1"]);
        assert_eq!(resolution.genders, [None, Some(Gender::Feminine), None]);
        assert_eq!(resolution.references, [reference(6, &[1])]);
        assert_eq!(resolution.issuer, None);
        assert_eq!(resolution.inner_places, [(EntityId(0), EntityId(2))]);
    }
}
