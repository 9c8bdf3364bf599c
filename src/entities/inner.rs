//! Places named inside the names of sites.

use rustc_hash::FxHashMap;

use super::form::Form;
use super::{Entity, EntityId, EntityType};

/// Adds the places that stand behind a preposition at the end of the names of sites (`usine de Douai`,
/// `Oncopole de Toulouse`) to `entities`, without mentions where they are not named elsewhere; answers
/// sites and places.
pub(super) fn inner_places(entities: &mut Vec<Entity>) -> Vec<(EntityId, EntityId)> {
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    let mut count = 0;
    for (i, entity) in entities.iter().enumerate().filter(|(_, entity)| entity.kind == EntityType::Place) {
        count += 1;
        for form in entity.aliases.iter().chain([&entity.name]) {
            places.entry(Form::new(form).key()).or_insert(i);
        }
    }
    let mut out = Vec::new();
    for site in 0..entities.len() {
        if entities[site].kind != EntityType::Site {
            continue;
        }
        let Some(words) = inner(&entities[site].name).map(str::to_owned) else { continue };
        let place = *places.entry(Form::new(&words).key()).or_insert_with(|| {
            count += 1;
            let id = format!("place-{count}");
            entities.push(Entity {
                id,
                kind: EntityType::Place,
                name: words,
                aliases: Vec::new(),
                mentions: Vec::new(),
            });
            entities.len() - 1
        });
        out.push((EntityId(site), EntityId(place)));
    }
    out
}

/// The words behind the last `de`, `du`, `d'` or `à` of a site's name, if they are capitalised like the name
/// of a place and a noun stands in front: Douai in `usine de Douai`.
fn inner(name: &str) -> Option<&str> {
    let prepositions = [" de la ", " des ", " du ", " de l'", " de l’", " de ", " d'", " d’", " à "];
    let (at, preposition) =
        prepositions.iter().filter_map(|p| Some((name.rfind(p)?, p))).max_by_key(|(at, p)| (*at, p.len()))?;
    let rest = &name[at + preposition.len()..];
    let words = rest.split([' ', '-']).count();
    let capital = rest.chars().next().is_some_and(char::is_uppercase);
    let plain = rest.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’'));
    (capital && plain && words <= 6).then_some(rest)
}
