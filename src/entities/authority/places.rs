//! Which place a name means, by its surroundings.

use super::name::{name_key, words};
use super::table::{Class, RecordId};
use super::{Authorities, Link};
use crate::entities::{Entity, EntityType, Resolution};
use crate::text::Span;

/// A candidate must score this much to be taken at all (a unique commune of some 300 inhabitants does).
const FLOOR: f32 = 2.9;
/// And beat the second by this much.
const MARGIN: f32 = 0.7;

/// What the release says about where it plays.
struct Context {
    /// Départements, regions and countries that are named (by nouns, adjectives, post codes), sorted.
    named: Vec<RecordId>,
    /// Coordinates of the communes and cities whose name has one bearer only.
    known: Vec<(f32, f32)>,
}

/// The link of each entity that is a place; `None` for others and for names that no table has.
pub(super) fn link(authorities: &Authorities, text: &str, resolution: &Resolution) -> Vec<Option<Link>> {
    let candidates: Vec<Vec<RecordId>> = resolution
        .entities
        .iter()
        .map(|entity| if entity.kind == EntityType::Place { candidates(authorities, entity) } else { Vec::new() })
        .collect();
    if candidates.iter().all(Vec::is_empty) {
        return vec![None; resolution.entities.len()];
    }
    let context = Context::new(authorities, text, &candidates);
    resolution
        .entities
        .iter()
        .zip(&candidates)
        .map(|(entity, found)| (!found.is_empty()).then(|| choose(authorities, text, &context, entity, found)))
        .collect()
}

fn candidates(authorities: &Authorities, entity: &Entity) -> Vec<RecordId> {
    let mut found = Vec::new();
    for name in std::iter::once(&entity.name).chain(&entity.aliases) {
        let key = name_key(EntityType::Place, name);
        for id in authorities.tables().named(&key, true) {
            let record = authorities.record(id);
            let bears = std::iter::once(record.name()).chain(record.aliases());
            if !found.contains(&id) && bears.into_iter().any(|own| name_key(EntityType::Place, own) == key) {
                found.push(id);
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    found
}

impl Context {
    fn new(authorities: &Authorities, text: &str, candidates: &[Vec<RecordId>]) -> Self {
        let mut named = Vec::new();
        let mut known = Vec::new();
        for found in candidates {
            // A name such as `Creuse` or `Luxembourg` counts as the largest thing that bears it.
            let above = found.iter().find(|id| {
                matches!(authorities.record(**id).table_class, Class::Country | Class::Region | Class::Departement)
            });
            if let Some(id) = above {
                named.push(*id);
                continue;
            }
            if let [only] = found[..] {
                let record = authorities.record(only);
                if record.population() > 2_000 {
                    known.extend(
                        record.coordinates().and_then(|(lat, lon)| Some((lat.parse().ok()?, lon.parse().ok()?))),
                    );
                    named.extend(authorities.above(only).into_iter().take(1));
                }
            }
        }
        if candidates.iter().any(|found| found.len() > 1) {
            for word in text.split(|c: char| !c.is_alphabetic() && c != '-').filter(|word| word.len() > 4) {
                named.extend(authorities.country_of_adjective(word));
            }
        }
        named.sort_unstable();
        named.dedup();
        Self { named, known }
    }
}

/// What stands right at a mention and tells where the place lies.
enum Hint {
    /// `(Nord)`, `(59)`, `, Haute-Garonne`, `(Belgique)`: the container is named.
    Within(RecordId),
    None,
}

fn choose(authorities: &Authorities, text: &str, context: &Context, entity: &Entity, found: &[RecordId]) -> Link {
    let hint = entity.mentions.iter().find_map(|mention| match hint(authorities, text, *mention) {
        Hint::Within(id) => Some(id),
        Hint::None => None,
    });
    let mut scored: Vec<(RecordId, f32, &'static str)> = found
        .iter()
        .map(|&id| {
            let (score, reason) = score(authorities, context, hint, id, found);
            (id, score, reason)
        })
        .collect();
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let (best, top, reason) = scored.first().map_or((RecordId(0), 0.0, ""), |first| *first); // Invariant: `found` is not empty.
    let second = scored.get(1).map_or(1.5, |(_, score, _)| *score);
    let margin = top - second;
    let probability = |margin: f32| 1.0 / (1.0 + (-1.6 * margin).exp());
    let is_sure = top >= FLOOR && margin >= MARGIN;
    let rest = scored.iter().skip(usize::from(is_sure)).take(8);
    Link {
        record: is_sure.then_some(best),
        also: Vec::new(),
        known_as: String::new(),
        score: (probability(margin) * 1000.0).round() / 1000.0,
        reason: if is_sure {
            reason.to_owned()
        } else if top < FLOOR {
            "lieu trop peu connu pour être sûr".to_owned()
        } else {
            "plusieurs lieux possibles".to_owned()
        },
        rejected: rest.map(|(id, score, _)| (*id, (probability(score - top) * 1000.0).round() / 1000.0)).collect(),
    }
}

/// The score of a candidate (about the decimal logarithm of its inhabitants, and what speaks for it) and what weighed most.
fn score(
    authorities: &Authorities,
    context: &Context,
    hint: Option<RecordId>,
    id: RecordId,
    found: &[RecordId],
) -> (f32, &'static str) {
    let is_only = found.len() == 1;
    let record = authorities.record(id);
    let people = (record.population().max(1) as f32).log10();
    let mut score = match record.table_class {
        Class::Continent => 7.0,
        Class::Country => 6.5,
        Class::Region => 5.9,
        Class::Departement => 5.2,
        Class::Commune => people + 0.5,
        _ => people - 1.2,
    };
    let mut reason = if is_only { "seul lieu de ce nom" } else { "le plus peuplé des lieux de ce nom" };
    if matches!(record.table_class, Class::Country | Class::Region | Class::Departement | Class::Continent) {
        reason = "nom d'un pays, d'une région ou d'un département";
    }
    if is_only && record.name().contains(['-', ' ']) {
        score += 1.0; // Names of several words rarely mean something else.
    }
    let above = authorities.above(id);
    if let Some(within) = hint {
        if above.contains(&within) {
            return (score + 4.0, "département, région ou pays indiqué à côté du nom");
        }
        if !is_only || record.table_class == Class::Commune {
            score -= 3.0;
        }
    }
    // That France is named tells nothing of what lies in France; a country that is itself a candidate (Singapour) nothing
    // of its city of that name.
    let france = authorities.country("FR");
    let tells = |place: &RecordId| Some(*place) != france && !found.contains(place);
    if above.iter().any(|place| tells(place) && context.named.binary_search(place).is_ok()) {
        score += 1.5;
        reason = "son département, sa région ou son pays est nommé dans le communiqué";
    }
    if let Some((lat, lon)) = record.coordinates().and_then(|(lat, lon)| Some((lat.parse().ok()?, lon.parse().ok()?)))
        && context.known.iter().any(|&other| other != (lat, lon) && kilometres((lat, lon), other) < 60.0)
    {
        score += 0.8;
        reason = "proche d'un autre lieu du communiqué";
    }
    (score, reason)
}

/// Distance on the sphere (haversine).
fn kilometres(a: (f32, f32), b: (f32, f32)) -> f32 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let (lat, lon) = ((lat_b - lat_a) / 2.0, ((b.1 - a.1).to_radians()) / 2.0);
    let h = lat.sin().powi(2) + lat_a.cos() * lat_b.cos() * lon.sin().powi(2);
    12_742.0 * h.sqrt().min(1.0).asin()
}

/// The département, region or country named right behind the mention (`Valence (Drôme)`, `Valence, Espagne`,
/// `Valence (26)`), or the département of the post code right before it (`26000 Valence`).
fn hint(authorities: &Authorities, text: &str, mention: Span) -> Hint {
    let before = text.get(..mention.start).unwrap_or("");
    let code: String =
        before.trim_end_matches([' ', '-', '–']).chars().rev().take_while(char::is_ascii_digit).collect();
    if code.len() == 5 {
        let code: String = code.chars().rev().collect();
        let digits = if code.starts_with("97") || code.starts_with("98") { 3 } else { 2 };
        // Corsica's post codes begin with 20, its départements are 2A and 2B.
        let found = code.get(..digits).and_then(|d| authorities.departement(if d == "20" { "2A" } else { d }));
        if let Some(id) = found {
            return Hint::Within(id);
        }
    }
    let behind = text.get(mention.end..).unwrap_or("");
    let words_behind = if let Some(rest) = behind.trim_start().strip_prefix('(') {
        rest.split(')').next().filter(|inside| inside.len() < 60)
    } else if let Some(rest) = behind.strip_prefix(", ") {
        // `Lille, Paris, Lyon` lists cities.
        rest.split(['.', ',', ';', '\n', '(', ')']).next().filter(|part| part.len() < 40 && !part.starts_with("Paris"))
    } else {
        ["en ", "dans le ", "dans la ", "dans les ", "dans l'", "au "]
            .iter()
            .find_map(|preposition| behind.strip_prefix(' ')?.strip_prefix(preposition))
            .and_then(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '\'').next())
    };
    words_behind.and_then(|part| container(authorities, part)).map_or(Hint::None, Hint::Within)
}

/// The département, region or country that the words name, whole or at an end (`Nord, France`, `Val-d'Oise – 95`).
fn container(authorities: &Authorities, part: &str) -> Option<RecordId> {
    for piece in part.split([',', '/', '–']).map(str::trim).filter(|piece| !piece.is_empty()) {
        if let Some(id) = authorities.departement(piece) {
            return Some(id);
        }
        let bare = words(piece);
        let without_preposition =
            bare.iter().skip_while(|w| matches!(w.as_str(), "en" | "dans" | "le" | "la" | "les" | "l" | "au" | "aux"));
        let keys = [bare.join(" "), without_preposition.cloned().collect::<Vec<_>>().join(" ")];
        for key in keys {
            let found = authorities.tables().named(&key, true).find(|id| {
                matches!(authorities.record(*id).table_class, Class::Departement | Class::Region | Class::Country)
            });
            if found.is_some() {
                return found;
            }
        }
    }
    None
}
