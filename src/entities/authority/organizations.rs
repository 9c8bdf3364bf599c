//! Which organisation a name means, by its names, acronym, city and identifiers.

use super::name::{acronym_key, is_acronym, name_key, organization_words, words};
use super::table::{Class, Record, RecordId};
use super::{Authorities, Identifier, Link};
use crate::entities::{Entity, EntityType};

/// A candidate must score this much to be taken.
const FLOOR: f32 = 0.7;

/// The link of an organisation; `None` where no table has its names.
pub(super) fn link(
    authorities: &Authorities,
    text: &str,
    entity: &Entity,
    identifiers: &[&Identifier],
) -> Option<Link> {
    let names: Vec<&str> =
        std::iter::once(entity.name.as_str()).chain(entity.aliases.iter().map(String::as_str)).collect();
    let mut scored: Vec<(RecordId, f32, &'static str)> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for (rank, name) in names.iter().enumerate() {
        let acronym = is_acronym(name);
        let key = name_key(EntityType::Organization, name);
        let keys = [(key, false), (if acronym { acronym_key(name) } else { String::new() }, true)];
        for (key, by_acronym) in keys.iter().filter(|(key, _)| !key.is_empty()) {
            if seen.contains(key) {
                continue;
            }
            seen.push(key.clone());
            for id in authorities.tables().named(key, false) {
                let record = authorities.record(id);
                let Some((score, reason)) = score(&record, text, entity, key, *by_acronym || acronym) else { continue };
                let score = score - 0.03 * rank.min(3) as f32;
                match scored.iter_mut().find(|(other, ..)| *other == id) {
                    // Two of the entity's names are names of the record: the acronym and what it stands for.
                    Some(entry) if entry.1 < 0.97 => {
                        *entry = (id, entry.1.max(score).max(0.93), "nom et sigle concordent")
                    }
                    Some(_) => {}
                    None => scored.push((id, score, reason)),
                }
            }
        }
    }
    scored.extend(local_authority(authorities, entity));
    for entry in &mut scored {
        let record = authorities.record(entry.0);
        let has = |own: &Identifier| {
            record.identifiers().any(|(scheme, value)| match scheme {
                "siren" => own.siren() == Some(&value),
                other => other == own.scheme.as_str() && own.value == *value,
            })
        };
        if identifiers.iter().any(|own| has(own)) {
            *entry = (entry.0, 1.0, "identifiant écrit dans le communiqué");
        }
    }
    if scored.is_empty() {
        return None;
    }
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    Some(decide(authorities, &scored))
}

fn decide(authorities: &Authorities, scored: &[(RecordId, f32, &'static str)]) -> Link {
    let Some(&(best, top, reason)) = scored.first() else {
        return Link {
            record: None,
            also: Vec::new(),
            known_as: String::new(),
            score: 0.0,
            reason: String::new(),
            rejected: Vec::new(),
        };
    };
    let first = authorities.record(best);
    let (mut also, mut rejected) = (Vec::new(), Vec::new());
    for (id, score, _) in &scored[1..] {
        let other = authorities.record(*id);
        if is_same(&first, &other) { also.push(*id) } else { rejected.push((*id, *score)) }
    }
    // Of the records that are the same thing, the first table's stands for it.
    let best = also.iter().copied().chain([best]).min().unwrap_or(best);
    also.retain(|id| *id != best);
    if best != first.id {
        also.insert(0, first.id);
    }
    let rival = rejected.first().map_or(0.0, |(_, score)| *score);
    let is_sure = top >= FLOOR && top - rival >= 0.08;
    let round = |score: f32| (score * 1000.0).round() / 1000.0;
    if !is_sure {
        rejected.insert(0, (best, top));
        also.clear();
    }
    rejected.truncate(8);
    Link {
        record: is_sure.then_some(best),
        also,
        known_as: String::new(),
        score: round(top),
        reason: if is_sure {
            reason.to_owned()
        } else if top < FLOOR {
            "nom trop court ou trop courant pour être sûr".to_owned()
        } else {
            "plusieurs organisations possibles".to_owned()
        },
        rejected: rejected.into_iter().map(|(id, score)| (id, round(score))).collect(),
    }
}

/// Whether two records of different tables are the same organisation: an identifier or a name in common, and no identifier of
/// one scheme that differs.
fn is_same(a: &Record<'_>, b: &Record<'_>) -> bool {
    let mut shared = false;
    for (scheme, value) in a.identifiers() {
        for (other_scheme, other) in b.identifiers() {
            if scheme == other_scheme && scheme != "finess" && scheme != "lei" {
                if value != other {
                    return false;
                }
                shared = true;
            }
        }
    }
    let key = |name: &str| name_key(EntityType::Organization, name);
    let bears = |x: &Record<'_>, name: &str| {
        std::iter::once(x.name()).chain(x.aliases()).any(|own| !is_acronym(own) && key(own) == key(name))
    };
    shared || (a.table_class != b.table_class && (bears(a, b.name()) || bears(b, a.name())))
}

/// How well the record fits an entity whose name has `key`, and why; `None` where it does not bear that name.
fn score(record: &Record<'_>, text: &str, entity: &Entity, key: &str, by_acronym: bool) -> Option<(f32, &'static str)> {
    let main = name_key(EntityType::Organization, record.name());
    let bears =
        |own: &str| name_key(EntityType::Organization, own) == key || (is_acronym(own) && acronym_key(own) == key);
    let (mut score, mut reason): (f32, &str) = if main == key {
        (0.95, "nom exact")
    } else if record.aliases().any(bears) || bears(record.name()) {
        (0.9, "autre nom connu")
    } else {
        return None;
    };
    let tokens = organization_words(&entity.name).len();
    let is_numbered_unit = record.table_class == Class::ResearchUnit && key.bytes().any(|b| b.is_ascii_digit());
    if by_acronym && !is_numbered_unit {
        score = match record.table_class {
            Class::Body | Class::Group => 0.9,
            Class::InternationalOrganization => 0.8,
            Class::Operator | Class::University | Class::Media | Class::ListedCompany => 0.75,
            _ => 0.5,
        };
        reason = "sigle connu";
    }
    match record.table_class {
        // The register holds thousands of small companies with everyday names.
        Class::LegalEntity if tokens < 2 => score -= 0.35,
        Class::LegalEntity => score -= 0.15,
        Class::ListedCompany | Class::Media if tokens < 2 && key.len() < 5 && !by_acronym => score -= 0.25,
        Class::ListedCompany if record.get("within") != Some("FR") && tokens < 2 => score -= 0.1,
        Class::ResearchUnit if tokens < 2 && !is_numbered_unit => score -= 0.3,
        _ => {}
    }
    // `Groupe de la Banque mondiale` is not quite `Banque mondiale`.
    let spelled = words(&entity.name);
    let exact = std::iter::once(record.name()).chain(record.aliases()).any(|own| words(own) == spelled);
    score += if exact { 0.03 } else { -0.06 };
    if is_common_word(text, entity) {
        score -= 0.3;
    }
    if let Some(city) = record.get("city") {
        let in_name = words(city).iter().all(|word| spelled.contains(word));
        if !in_name {
            let named = mentions_city(text, city);
            if named {
                score += 0.04;
            } else if matches!(record.table_class, Class::Hospital | Class::ResearchUnit) && !is_numbered_unit {
                score -= 0.3;
            }
        }
    }
    Some((score.clamp(0.0, 0.99), reason))
}

/// Whether a name of one word also stands in the text in lower case: then it is a word of the language.
fn is_common_word(text: &str, entity: &Entity) -> bool {
    if entity.name.contains(' ') || is_acronym(&entity.name) {
        return false;
    }
    let lower = entity.name.to_lowercase();
    lower != entity.name
        && text.match_indices(&lower).any(|(at, word)| {
            let edge =
                |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '@' | '.' | '-' | '/' | '_'));
            edge(text[..at].chars().next_back()) && edge(text[at + word.len()..].chars().next())
        })
}

fn mentions_city(text: &str, city: &str) -> bool {
    text.match_indices(city).any(|(at, _)| {
        let next = text[at + city.len()..].chars().next();
        next.is_none_or(|c| !c.is_alphanumeric())
    })
}

/// Bodies of places: `Ville de Toulouse`, `Mairie de Toulouse`, `Région Occitanie`, `Conseil régional d'Occitanie`,
/// `Conseil départemental du Nord`. The record is the place's, whose SIREN is that of the body.
fn local_authority(authorities: &Authorities, entity: &Entity) -> Option<(RecordId, f32, &'static str)> {
    const KINDS: [(&str, Class); 9] = [
        ("ville", Class::Commune),
        ("mairie", Class::Commune),
        ("commune", Class::Commune),
        ("municipalite", Class::Commune),
        ("region", Class::Region),
        ("conseil regional", Class::Region),
        ("conseil departemental", Class::Departement),
        ("conseil general", Class::Departement),
        ("departement", Class::Departement),
    ];
    let spelled = words(&entity.name).join(" ");
    for (kind, class) in KINDS {
        let Some(rest) = spelled.strip_prefix(kind).and_then(|rest| rest.strip_prefix(' ')) else { continue };
        let mut place = rest;
        for article in ["de la ", "de l ", "des ", "du ", "de ", "d "] {
            if let Some(bare) = rest.strip_prefix(article) {
                place = bare;
                break;
            }
        }
        let mut found: Vec<RecordId> =
            authorities.tables().named(place, true).filter(|id| authorities.record(*id).table_class == class).collect();
        found.sort_by_key(|id| (std::cmp::Reverse(authorities.record(*id).population()), *id));
        let first = found.first().copied()?;
        let second = found.get(1).map_or(0, |id| authorities.record(*id).population());
        let clear = authorities.record(first).population() > 10 * second || found.len() == 1;
        return Some((first, if clear { 0.9 } else { 0.5 }, "collectivité du lieu de ce nom"));
    }
    None
}
