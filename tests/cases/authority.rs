//! Links to authorities: places by their surroundings, organisations by their names and identifiers.

use std::sync::LazyLock;

use pressgraph::entities::authority::{Authorities, Links};
use pressgraph::entities::{Entity, EntityId, EntityType, Resolution};
use pressgraph::mentions::identifiers;
use pressgraph::model::Resources;
use pressgraph::text::{Document, Span};

static AUTHORITIES: LazyLock<Authorities> =
    LazyLock::new(|| Authorities::load(&Resources::embedded()).expect("the tables are embedded"));

/// The links of the names marked in `text` as `[P:Valence]` (place) or `[O:Hydravel]` (organisation).
fn link(marked: &str) -> (Links, Vec<String>) {
    let (mut text, mut resolution) = (String::new(), Resolution::default());
    let mut rest = marked;
    while let Some((before, mark)) = rest.split_once('[') {
        text.push_str(before);
        let (inside, behind) = mark.split_once(']').expect("marks are closed");
        let (kind, name) = inside.split_once(':').expect("marks have a kind");
        let kind = if kind == "P" { EntityType::Place } else { EntityType::Organization };
        let mention = Span::new(text.len(), text.len() + name.len());
        text.push_str(name);
        match resolution.entities.iter_mut().find(|entity| entity.kind == kind && entity.name == name) {
            Some(entity) => entity.mentions.push(mention),
            None => resolution.entities.push(Entity {
                id: format!("e{}", resolution.entities.len()),
                kind,
                name: name.to_owned(),
                aliases: Vec::new(),
                mentions: vec![mention],
            }),
        }
        rest = behind;
    }
    text.push_str(rest);
    let names = resolution.entities.iter().map(|entity| entity.name.clone()).collect();
    (AUTHORITIES.link(&Document::new(&text), &resolution, &identifiers::find(&text)), names)
}

/// The key of the record that the first name is linked to.
fn first(marked: &str) -> Option<String> {
    let (links, _) = link(marked);
    links.of(EntityId(0)).and_then(|link| link.record).map(|id| AUTHORITIES.record(id).key())
}

#[test]
fn places_are_told_by_their_surroundings() {
    for (text, key) in [
        ("Une usine à [P:Valence] (Drôme).", Some("insee-commune:26362")),
        ("Une usine à [P:Valence], Espagne.", Some("geonames:2509954")),
        ("La filiale espagnole de [P:Valence] recrute, dit le ministère de l'[P:Espagne].", Some("geonames:2509954")),
        ("Une usine à [P:Valence] (82).", Some("insee-commune:82186")),
        ("Le siège est à [P:Saint-Denis] (Seine-Saint-Denis).", Some("insee-commune:93066")),
        ("Le siège est à [P:Saint-Denis] (La Réunion).", Some("insee-commune:97411")),
        ("Adresse : 97400 [P:Saint-Denis]", Some("insee-commune:97411")),
        ("Le siège est à [P:Saint-Denis].", None),
        ("À [P:Lille], le maire inaugure.", Some("insee-commune:59350")),
        ("À [P:Lille] (Belgique), le maire inaugure.", Some("geonames:2792360")),
        ("Le [P:Luxembourg] signe.", Some("wikidata:Q32")),
        ("Bureaux à [P:Singapour] et à [P:Londres].", Some("wikidata:Q334")),
        ("Né à [P:Montfaucon].", None),
        ("Dans le [P:Nord], il pleut.", Some("insee-departement:59")),
        ("[P:Paris] (75), le 3 mars.", Some("insee-commune:75056")),
        ("[P:Xanthopolis-les-Bains] est inventée.", None),
    ] {
        assert_eq!(first(text).as_deref(), key, "{text}");
    }
}

#[test]
fn an_unsure_place_keeps_its_candidates() {
    let (links, _) = link("Le siège est à [P:Saint-Denis].");
    let link = links.links[0].as_ref().expect("there are candidates");
    assert!(link.record.is_none() && link.rejected.len() >= 3, "{link:?}");
    assert!(link.rejected.windows(2).all(|pair| pair[0].1 >= pair[1].1));
    assert!(!link.reason.is_empty());
}

#[test]
fn organisations_are_told_by_names_and_identifiers() {
    for (text, key) in [
        ("Le [O:CNRS] annonce.", Some("siren:180089013")),
        ("Le [O:Centre National de la Recherche Scientifique] annonce.", Some("siren:180089013")),
        ("[O:groupe Sanofi]", Some("siren:395030844")),
        ("La [O:Ville de Toulouse] investit.", Some("insee-commune:31555")),
        ("Le [O:Conseil régional d'Occitanie] vote.", Some("insee-region:76")),
        ("L'[O:université de Lorraine] ouvre.", Some("siren:130015506")),
        // Two SIREN, one body: that of today.
        ("L'[O:Université de Lille] ouvre.", Some("siren:130029754")),
        ("L'[O:Université de Nantes] ouvre.", Some("siren:130029747")),
        ("[O:UMR 5219]", Some("rnsr:200711888W")),
        ("[O:Clinique Saint-Jean] ouvre.", None),
        ("[O:Valoria Conseil] ouvre.", None),
    ] {
        assert_eq!(first(text).as_deref(), key, "{text}");
    }
}

#[test]
fn a_linked_record_has_identifiers_hierarchy_and_coordinates() {
    let (links, _) = link("Une usine à [P:Toulouse] (Haute-Garonne).");
    let id = links.of(EntityId(0)).and_then(|link| link.record).expect("it is linked");
    let record = AUTHORITIES.record(id);
    assert_eq!(record.same_as(), ["http://id.insee.fr/geo/commune/31555", "https://sws.geonames.org/2972315/"]);
    assert_eq!(record.coordinates(), Some(("43.6043", "1.4437")));
    assert!(record.identifiers().any(|(scheme, value)| scheme == "siren" && value == "213105554"));
    let above: Vec<String> = AUTHORITIES.containers(id).into_iter().map(|place| place.name).collect();
    assert_eq!(above, ["Haute-Garonne", "Occitanie", "France"]);
}

#[test]
fn identifiers_go_to_the_organisation_beside_them() {
    let text = "[O:Valoria] SA, 303 265 045 RCS Lyon.\n[O:Hydravel], cotée sur [O:Euronext Growth] Paris (ISIN FR0000120578, mnémonique : ALHYD)";
    let (links, names) = link(text);
    let found: Vec<(String, String)> = links
        .identifiers
        .iter()
        .map(|a| (a.identifier.value.clone(), a.entity.map(|id| names[id.0].clone()).unwrap_or_default()))
        .collect();
    let expected = [("303265045", "Valoria"), ("FR0000120578", "Hydravel"), ("ALHYD", "Hydravel")];
    assert_eq!(found, expected.map(|(value, name)| (value.to_owned(), name.to_owned())));
}
