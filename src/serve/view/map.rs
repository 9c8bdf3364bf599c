use std::collections::BTreeSet;

use oxrdf::NamedNode;

use super::fact::Statement;
use crate::serve::ServeError;
use crate::serve::data::{Data, node, ns};

/// Degrees of longitude are shorter than those of latitude: the cosine of 46.5° north.
const NARROWING: f64 = 0.688;
/// Spots on a map at most.
const SPOTS: usize = 40;

/// The outline of metropolitan France, coarse and drawn by hand for this map: longitude and latitude.
const FRANCE: [(f64, f64); 42] = [
    (2.5, 51.1),
    (4.2, 49.9),
    (5.8, 49.5),
    (8.2, 48.9),
    (7.6, 47.6),
    (6.9, 47.3),
    (6.1, 46.3),
    (6.8, 46.4),
    (7.0, 45.9),
    (6.9, 45.1),
    (7.0, 44.2),
    (7.6, 43.8),
    (6.6, 43.1),
    (5.4, 43.3),
    (4.6, 43.4),
    (3.9, 43.5),
    (3.1, 43.1),
    (3.1, 42.4),
    (1.7, 42.5),
    (0.7, 42.8),
    (-0.6, 42.8),
    (-1.8, 43.4),
    (-1.2, 44.6),
    (-1.1, 45.6),
    (-1.2, 46.2),
    (-2.2, 46.9),
    (-2.1, 47.3),
    (-3.1, 47.6),
    (-4.3, 47.8),
    (-4.7, 48.4),
    (-3.5, 48.8),
    (-2.7, 48.5),
    (-1.5, 48.6),
    (-1.9, 49.7),
    (-1.3, 49.7),
    (-1.1, 49.4),
    (0.1, 49.4),
    (0.2, 49.7),
    (1.5, 50.1),
    (1.6, 50.7),
    (1.9, 51.0),
    (2.5, 51.1),
];

/// A place on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// Name of the place.
    pub label: String,
    /// From left to right, in lengths of a degree of latitude.
    pub x: f64,
    /// From top to bottom, in degrees of latitude.
    pub y: f64,
}

/// A small map of the places that an entity is linked with.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// The places, each once.
    pub spots: Vec<Spot>,
}

impl Map {
    /// The outline as a path of SVG.
    pub fn land(&self) -> String {
        let points = FRANCE.iter().map(|&(longitude, latitude)| {
            let (x, y) = project(longitude, latitude);
            format!("{x:.2} {y:.2}")
        });
        format!("M{}Z", points.collect::<Vec<_>>().join("L"))
    }

    /// What is seen: France, and further what lies outside.
    pub fn frame(&self) -> String {
        let (mut left, mut top) = project(-5.5, 51.5);
        let (mut right, mut bottom) = project(9.8, 41.2);
        for spot in &self.spots {
            (left, right) = (left.min(spot.x - 0.5), right.max(spot.x + 2.0));
            (top, bottom) = (top.min(spot.y - 0.5), bottom.max(spot.y + 0.5));
        }
        format!("{left:.2} {top:.2} {:.2} {:.2}", right - left, bottom - top)
    }
}

fn project(longitude: f64, latitude: f64) -> (f64, f64) {
    (longitude * NARROWING, -latitude)
}

/// The places of the facts whose position is known; `None` without any.
///
/// # Errors
/// When the store fails.
pub(super) fn map(data: Data<'_>, statements: &[Statement]) -> Result<Option<Map>, ServeError> {
    let (mut spots, mut seen): (Vec<Spot>, BTreeSet<&str>) = (Vec::new(), BTreeSet::new());
    let places = statements.iter().flat_map(|statement| &statement.arguments).map(|(_, thing)| thing);
    for place in places.filter(|thing| thing.kind == "place" || thing.kind == "site") {
        if spots.len() == SPOTS || !seen.insert(&place.iri) {
            continue;
        }
        let iri = NamedNode::new_unchecked(place.iri.as_str());
        let degrees = |name| -> Result<Option<f64>, ServeError> {
            let written = data.text(iri.as_ref(), &node(ns::SCHEMA, name))?;
            Ok(written.and_then(|degrees| degrees.parse().ok()).filter(|degrees: &f64| degrees.abs() <= 180.0))
        };
        if let (Some(latitude), Some(longitude)) = (degrees("latitude")?, degrees("longitude")?) {
            let (x, y) = project(longitude, latitude);
            spots.push(Spot { label: place.label.clone(), x, y });
        }
    }
    Ok((!spots.is_empty()).then_some(Map { spots }))
}
