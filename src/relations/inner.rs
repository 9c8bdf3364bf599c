//! What names say by themselves: `usine de Douai` lies in Douai, `comité exécutif de la Fifa` belongs to
//! the Fifa, who makes `Valoria Cloud` is Valoria.

use rustc_hash::FxHashMap;

use super::assemble::{Assembler, Candidate};
use super::confidence::damped;
use super::fact::{Fact, RelationType, Status};
use crate::entities::EntityId;
use crate::tag::EntityType;

/// The names of this in the output, in place of a rule's.
const RULE: &str = "located_in.inner_place";
const WHOLE: &str = "part_of.inner_name";
const MAKER: &str = "produces.inner_name";

/// The facts that names say.
pub(super) fn inner(assembler: &Assembler<'_>) -> Vec<Candidate> {
    let mut out = inner_places(assembler);
    let organisations = organisations(assembler);
    out.extend(inner_wholes(assembler, &organisations));
    out.extend(inner_makers(assembler, &organisations));
    out
}

/// The organisations of the release by their names of more than two letters; the first named wins.
fn organisations<'a>(assembler: &'a Assembler<'_>) -> FxHashMap<&'a str, EntityId> {
    let entities = &assembler.analysis.resolution.entities;
    let mut out: FxHashMap<&str, EntityId> = FxHashMap::default();
    for (index, entity) in entities.iter().enumerate().filter(|(_, e)| e.kind == EntityType::Organization) {
        for form in entity.aliases.iter().chain([&entity.name]).filter(|form| form.chars().count() > 2) {
            out.entry(form.as_str()).or_insert(EntityId(index));
        }
    }
    out
}

/// A `produces` for each product, programme or event whose name holds that of an organisation (`Valoria Cloud`,
/// `prix de la Fondation Galène`): the longest there is.
fn inner_makers(assembler: &Assembler<'_>, organisations: &FxHashMap<&str, EntityId>) -> Vec<Candidate> {
    let mut out = Vec::new();
    for (index, entity) in assembler.analysis.resolution.entities.iter().enumerate() {
        if !matches!(entity.kind, EntityType::Product | EntityType::Program | EntityType::Event) {
            continue;
        }
        let forms = entity.aliases.iter().chain([&entity.name]);
        let held = forms.flat_map(|form| parts(form)).filter_map(|part| Some((part, *organisations.get(part)?)));
        let maker = held.max_by_key(|(part, id)| (part.len(), std::cmp::Reverse(*id))).map(|(_, maker)| maker);
        let is_sure = |id: &EntityId| assembler.certainty.get(id.0).is_none_or(|sure| *sure >= SURE);
        if let Some(maker) = maker.filter(is_sure) {
            out.push(candidate(assembler, RelationType::Produces, MAKER, maker, EntityId(index), out.len()));
        }
    }
    out
}

/// How sure an organisation must be to be taken for the maker of what bears its name: a piece of a name that was
/// taken for one is not.
const SURE: f64 = 0.8;

/// The same for the whole of what ends in its name.
const SURE_WHOLE: f64 = 0.7;

/// How many words of a name are looked at.
const MOST_WORDS: usize = 16;

/// All runs of whole words in a name but the whole of it.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    let inside = |at: usize| {
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        is_word(name[..at].chars().next_back()) && is_word(name[at..].chars().next())
    };
    let edges: Vec<usize> = name
        .char_indices()
        .map(|(at, _)| at)
        .chain([name.len()])
        .filter(|&at| !inside(at))
        .take(2 * MOST_WORDS)
        .collect();
    let pairs = (0..edges.len()).flat_map(move |i| {
        let ends = edges[i + 1..].to_vec();
        let start = edges[i];
        ends.into_iter().map(move |end| (start, end))
    });
    pairs.filter_map(|(start, end)| name.get(start..end)).filter(move |part| part.len() < name.len())
}

/// A `part_of` for each unit or site whose name ends in that of an organisation (`service achats de
/// Valoria`), or begins with it and ends in a place or a common noun.
fn inner_wholes(assembler: &Assembler<'_>, organisations: &FxHashMap<&str, EntityId>) -> Vec<Candidate> {
    let entities = &assembler.analysis.resolution.entities;
    let mut out = Vec::new();
    for (index, entity) in entities.iter().enumerate() {
        if !matches!(entity.kind, EntityType::Organization | EntityType::Site) {
            continue;
        }
        let head = entity.name.split(' ').next().unwrap_or_default();
        if SAME.contains(&head) {
            continue;
        }
        let ended = || ends(&entity.name).find_map(|end| organisations.get(end).copied());
        let begun = || owners(entity.kind, &entity.name).find_map(|owner| organisations.get(owner).copied());
        let whole = ended().or_else(begun);
        let is_sure = |id: &EntityId| assembler.certainty.get(id.0).is_none_or(|sure| *sure >= SURE_WHOLE);
        if let Some(whole) = whole.filter(|whole| whole.0 != index).filter(is_sure) {
            out.push(candidate(assembler, RelationType::PartOf, WHOLE, EntityId(index), whole, out.len()));
        }
    }
    out
}

/// Nouns that say what the body behind them is, not a part of it (`mouvement des Gilets jaunes`).
const SAME: [&str; 6] = ["mouvement", "collectif", "groupe", "parti", "organisation", "ensemble"];

/// Facilities with the name of who runs them right behind (`usine Valoria`).
const RUN: [&str; 14] = [
    "usine",
    "raffinerie",
    "magasin",
    "boutique",
    "entrepôt",
    "atelier",
    "fonderie",
    "cimenterie",
    "aciérie",
    "dépôt",
    "hypermarché",
    "supermarché",
    "campus",
    "centrale",
];

/// What stands behind the noun of a facility, the longest first (`Valoria Nord`, then `Valoria`, of `usine Valoria Nord`).
fn owners(kind: EntityType, name: &str) -> impl Iterator<Item = &str> {
    let behind = match name.split_once(' ') {
        Some((head, behind)) if kind == EntityType::Site && RUN.contains(&head.to_lowercase().as_str()) => behind,
        _ => "",
    };
    let ends = behind.match_indices(' ').map(|(at, _)| at).chain([behind.len()]).rev();
    ends.filter_map(move |end| behind.get(..end))
}

/// What follows each preposition of a name.
fn ends(name: &str) -> impl Iterator<Item = &str> {
    const PREPOSITIONS: [&str; 8] = [" de la ", " de l'", " de l’", " de ", " d'", " d’", " du ", " des "];
    PREPOSITIONS.iter().flat_map(move |preposition| {
        name.match_indices(preposition).filter_map(move |(at, found)| name.get(at + found.len()..))
    })
}

/// Sites that are often called after what they do not lie in.
const CALLED_AFTER: [&str; 16] = [
    "arc",
    "pont",
    "porte",
    "tour",
    "palais",
    "salle",
    "pavillon",
    "colonne",
    "temple",
    "jardin",
    "jardins",
    "sanctuaire",
    "mausolée",
    "monument",
    "parc",
    "château",
];

/// Houses of worship are called after saints (`cathédrale de Saint-Pierre`).
const WORSHIP: [&str; 7] = ["église", "cathédrale", "chapelle", "abbaye", "basilique", "collégiale", "couvent"];

/// Common nouns that names of sites hold and that are no places (`hôtel de Ville`, `pont de la Concorde`).
const COMMON: [&str; 14] = [
    "ville",
    "région",
    "département",
    "commune",
    "état",
    "marché",
    "gare",
    "paume",
    "paix",
    "concorde",
    "république",
    "liberté",
    "poste",
    "travail",
];

/// A `located_in` for each site that bears the name of a place.
fn inner_places(assembler: &Assembler<'_>) -> Vec<Candidate> {
    let entities = &assembler.analysis.resolution.entities;
    let is_place = |&(_, (site, place)): &(usize, &(EntityId, EntityId))| {
        let (Some(site), Some(place)) = (entities.get(site.0), entities.get(place.0)) else { return false };
        // A name that stands nowhere else and takes an article (`campus du Numérique`) is hardly a place.
        let articled = ["du ", "des ", "de la ", "de l'", "de l’"];
        let articled = articled.iter().any(|de| site.name.ends_with(&format!("{de}{}", place.name)));
        // Nor one that such a thing is called after (`arc de Triomphe`, `pont de l'Alma`).
        let head = site.name.split(' ').next().unwrap_or_default().to_lowercase();
        let called_after = CALLED_AFTER.contains(&head.as_str());
        // `Saint-Étienne-du-Rouvray` is a town, `Saint-Pierre` a saint.
        let is_saint = place.name.starts_with("Saint") && place.name.split(['-', ' ']).count() < 4
            || place.name.starts_with("Notre-Dame");
        let saintly = WORSHIP.contains(&head.as_str()) && is_saint;
        let common = COMMON.contains(&place.name.to_lowercase().as_str());
        !common && !(place.mentions.is_empty() && (articled || called_after || saintly))
    };
    let pairs = assembler.analysis.resolution.inner_places.iter().enumerate().filter(is_place);
    pairs.map(|(at, &(site, place))| candidate(assembler, RelationType::LocatedIn, RULE, site, place, at)).collect()
}

/// A fact between two entities, stated where the first is named first.
fn candidate(
    assembler: &Assembler<'_>,
    relation: RelationType,
    rule: &str,
    first: EntityId,
    second: EntityId,
    number: usize,
) -> Candidate {
    let sentences = &assembler.analysis.segmentation.sentences;
    let span = assembler.analysis.resolution.entities.get(first.0).and_then(|e| e.mentions.first().copied());
    let evidence = span.and_then(|span| sentences.get(sentences.partition_point(|s| s.span.end <= span.start)));
    let names = relation.schema().arguments;
    let arguments: Vec<(&'static str, EntityId)> = names.iter().copied().zip([first, second]).collect();
    let confidence = damped(assembler.confidence.of_name(rule, 0.7), assembler.certainty(&arguments));
    let fact = Fact {
        relation,
        arguments,
        attributes: Vec::new(),
        evidence: evidence.map(|sentence| sentence.span).into_iter().collect(),
        rule: rule.to_owned(),
        confidence,
        status: Status::Current,
    };
    Candidate {
        fact,
        group: usize::MAX - number,
        title: None,
        width: 1,
        priority: 0,
        extends: None,
        body_filled: false,
    }
}
