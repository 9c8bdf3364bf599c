//! Linking of entities to authorities: tables of known places and organisations with their identifiers.
//!
//! Candidates are the records that bear one of the entity's names; a place is chosen by its surroundings
//! (département in parentheses, post code, the other places of the release, population), an organisation by
//! its names, acronym, city and the identifiers written in the release. Where no candidate stands out the
//! entity stays unlinked (NIL); the rejected candidates are kept to explain it.

pub mod name;
mod organizations;
mod places;
mod table;

pub use table::{Class, Record, RecordId};

use std::sync::OnceLock;

use rustc_hash::FxHashSet;

use crate::entities::{Entity, EntityId, EntityType, Resolution};
use crate::mentions::Identifier;
use crate::model::{ResourceError, Resources};
use crate::text::{Document, Span};

/// What a release's entity was linked to, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The record; `None` where no candidate stood out.
    pub record: Option<RecordId>,
    /// Records of other tables that hold the same thing, with more identifiers.
    pub also: Vec<RecordId>,
    /// What names the record elsewhere: an IRI or `SCHEME:VALUE`; empty where the tables know neither.
    pub known_as: String,
    /// From 0 to 1.
    pub score: f32,
    /// What decided, for people.
    pub reason: String,
    /// The other candidates with their scores, best first.
    pub rejected: Vec<(RecordId, f32)>,
}

/// An identifier written in the release and whose it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Attached {
    /// The identifier.
    pub identifier: Identifier,
    /// The organisation that it identifies, where the text tells.
    pub entity: Option<EntityId>,
}

/// The links of a release.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// One per entity of [`Resolution::entities`]; `None` where no table has a candidate.
    pub links: Vec<Option<Link>>,
    /// The identifiers written in the release, in the order of the text.
    pub identifiers: Vec<Attached>,
}

impl Links {
    /// The link of an entity that has one to a record.
    pub fn of(&self, id: EntityId) -> Option<&Link> {
        self.links.get(id.0)?.as_ref().filter(|link| link.record.is_some())
    }

    /// The identifiers attached to an entity.
    pub fn identifiers_of(&self, id: EntityId) -> impl Iterator<Item = &Identifier> {
        self.identifiers.iter().filter(move |attached| attached.entity == Some(id)).map(|attached| &attached.identifier)
    }
}

impl Links {
    /// What an entity is known as elsewhere: the authority that it is linked to, and the identifiers written in the release
    /// (`siren:303265045`); each once.
    pub fn known_as(&self, id: EntityId) -> Vec<String> {
        let mut known: Vec<String> = self.of(id).map(|link| link.known_as.clone()).into_iter().collect();
        for identifier in self.identifiers_of(id) {
            known.push(format!("{}:{}", identifier.scheme.as_str(), identifier.value));
            known.extend(identifier.siren().map(|siren| format!("siren:{siren}")));
        }
        known.retain(|name| !name.is_empty());
        known.sort();
        known.dedup();
        known
    }
}

/// A place above another: what the hierarchy of a linked place is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// Its IRI at INSEE or GeoNames.
    pub iri: String,
    /// Its French name.
    pub name: String,
}

/// The authority tables; immutable, shared by all threads. They are indexed when somebody first looks something up.
#[derive(Debug)]
pub struct Authorities {
    texts: table::Texts,
    /// What the names of stock exchanges begin with.
    exchanges: Vec<String>,
    index: OnceLock<Index>,
}

/// The tables with what is looked up in them.
#[derive(Debug)]
struct Index {
    tables: table::Tables,
    /// Code, record.
    departements: Vec<(String, RecordId)>,
    regions: Vec<(String, RecordId)>,
    countries: Vec<(String, RecordId)>,
    adjectives: Vec<(String, RecordId)>,
    /// The adjectives alone: most words are none.
    known_adjectives: FxHashSet<String>,
}

impl Index {
    fn new(texts: &table::Texts) -> Self {
        let tables = table::Tables::new(texts);
        let by = |class: Class, column: &str| {
            let mut codes: Vec<(String, RecordId)> =
                tables.of_class(class).filter_map(|record| Some((record.get(column)?.to_owned(), record.id))).collect();
            codes.sort();
            codes
        };
        let (departements, regions, countries) =
            (by(Class::Departement, "insee"), by(Class::Region, "insee"), by(Class::Country, "iso2"));
        let mut adjectives: Vec<(String, RecordId)> = tables
            .of_class(Class::Country)
            .flat_map(|record| {
                let words = record.get("adjectives").unwrap_or("").split(' ');
                words.filter(|word| !word.is_empty()).map(move |word| (word.to_owned(), record.id)).collect::<Vec<_>>()
            })
            .collect();
        adjectives.sort();
        let known_adjectives = adjectives.iter().map(|(word, _)| word.clone()).collect();
        Self { tables, departements, regions, countries, adjectives, known_adjectives }
    }
}

impl Authorities {
    /// Reads `data/authorities`; a table that `resources` lacks is an error.
    pub fn load(resources: &Resources) -> Result<Self, ResourceError> {
        let texts = table::texts(resources)?;
        let exchanges = resources.text("authorities/exchanges.txt")?;
        let exchanges = exchanges.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let exchanges = exchanges.map(str::to_owned).collect();
        Ok(Self { texts, exchanges, index: OnceLock::new() })
    }

    /// The index, made when it is first asked for: not by many threads, as one that waits for it must not be given the work.
    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(&self.texts))
    }

    fn tables(&self) -> &table::Tables {
        &self.index().tables
    }

    /// The record of that identifier.
    pub fn record(&self, id: RecordId) -> Record<'_> {
        self.tables().record(id)
    }

    /// How many records the tables hold.
    pub fn len(&self) -> usize {
        self.tables().len()
    }

    /// Whether the tables are empty.
    pub fn is_empty(&self) -> bool {
        self.tables().is_empty()
    }

    /// The first IRI of a record, else its best identifier; empty where it has but its name.
    fn known_as(&self, id: RecordId) -> String {
        let record = self.record(id);
        let iri = record.same_as().into_iter().next();
        iri.or_else(|| Some(record.key()).filter(|key| !key.starts_with("name:"))).unwrap_or_default()
    }

    /// The records that may bear a name.
    pub fn bearers(&self, kind: EntityType, name: &str) -> Vec<RecordId> {
        let places = kind == EntityType::Place;
        let key = name::name_key(kind, name);
        let acronym = name::acronym_key(name);
        let mut found: Vec<RecordId> = self.tables().named(&key, places).collect();
        if !places {
            found.extend(self.tables().named(&acronym, false));
            // `Ville de Toulouse` is linked to the place.
            let place = key.split_once(' ').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
            found.extend(self.tables().named(&place, true));
        }
        found
    }

    /// The département with that code (`31`, `2A`, `974`).
    pub fn departement(&self, code: &str) -> Option<RecordId> {
        find(&self.index().departements, code)
    }

    /// The region with that INSEE code.
    pub fn region(&self, code: &str) -> Option<RecordId> {
        find(&self.index().regions, code)
    }

    /// The country with that ISO 3166 code of two letters.
    pub fn country(&self, code: &str) -> Option<RecordId> {
        find(&self.index().countries, code)
    }

    /// The country that a nationality adjective in lower case speaks of.
    fn country_of_adjective(&self, word: &str) -> Option<RecordId> {
        self.index().known_adjectives.contains(word).then(|| find(&self.index().adjectives, word)).flatten()
    }

    /// The places that contain the place, smallest first: département, region, country.
    pub fn above(&self, id: RecordId) -> Vec<RecordId> {
        let record = self.record(id);
        let mut chain = Vec::new();
        match record.table_class {
            Class::Commune => {
                if let Some(departement) = record.departement().and_then(|code| self.departement(code)) {
                    chain.push(departement);
                    chain.extend(self.above(departement));
                } else {
                    chain.extend(self.country("FR"));
                }
            }
            Class::Departement => {
                chain.extend(record.get("within").and_then(|code| self.region(code)));
                chain.extend(self.country("FR"));
            }
            Class::Region => chain.extend(self.country("FR")),
            Class::City => chain.extend(record.get("within").and_then(|code| self.country(code))),
            _ => {}
        }
        chain
    }

    /// [`Self::above`] as IRIs and names.
    pub fn containers(&self, id: RecordId) -> Vec<Container> {
        self.above(id)
            .into_iter()
            .filter_map(|above| {
                let record = self.record(above);
                Some(Container { iri: record.same_as().into_iter().next()?, name: record.name().to_owned() })
            })
            .collect()
    }

    /// The French name of a département, region or country, by its IRI as [`Self::containers`] gives it.
    pub fn name_of_container(&self, iri: &str) -> Option<&str> {
        let index = self.index();
        let tables = [&index.departements, &index.regions, &index.countries];
        let mut records = tables.into_iter().flatten().map(|(_, id)| self.record(*id));
        records.find(|record| record.same_as().first().is_some_and(|own| own == iri)).map(|record| record.name())
    }

    /// Links the entities of a release, and attaches the identifiers written in it.
    pub fn link(&self, document: &Document, resolution: &Resolution, identifiers: &[Identifier]) -> Links {
        let text = document.text();
        let attach = |identifier: &Identifier| Attached {
            entity: self.owner(text, resolution, identifier.span),
            identifier: identifier.clone(),
        };
        let identifiers: Vec<Attached> = identifiers.iter().map(attach).collect();
        let places = places::link(self, text, resolution);
        let links = resolution
            .entities
            .iter()
            .enumerate()
            .zip(places)
            .map(|((at, entity), place)| match entity.kind {
                EntityType::Place => place,
                EntityType::Organization => {
                    let own: Vec<&Identifier> =
                        identifiers.iter().filter(|a| a.entity == Some(EntityId(at))).map(|a| &a.identifier).collect();
                    organizations::link(self, text, entity, &own)
                }
                _ => None,
            })
            .map(|link| {
                link.map(|link| Link { known_as: link.record.map(|id| self.known_as(id)).unwrap_or_default(), ..link })
            })
            .collect();
        Links { links, identifiers }
    }

    /// The organisation that an identifier at `span` identifies: the last one named before it on its line, the
    /// first one behind it on its line, else the issuer of the release. Stock exchanges quote the shares of others.
    fn owner(&self, text: &str, resolution: &Resolution, span: Span) -> Option<EntityId> {
        let line_start = text.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let line_end = text.get(span.end..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| span.end + at);
        let is_exchange = |entity: &Entity| self.exchanges.iter().any(|name| entity.name.starts_with(name));
        let organizations = resolution
            .entities
            .iter()
            .enumerate()
            .filter(|(_, entity)| entity.kind == EntityType::Organization && !is_exchange(entity));
        let on_line: Vec<(Span, EntityId)> = organizations
            .flat_map(|(at, entity)| entity.mentions.iter().map(move |mention| (*mention, EntityId(at))))
            .filter(|(mention, _)| mention.start >= line_start && mention.end <= line_end)
            .collect();
        let before = on_line.iter().filter(|(m, _)| m.end <= span.start && span.start - m.end <= 250);
        let behind = on_line.iter().filter(|(m, _)| m.start >= span.end);
        let nearest = before.max_by_key(|(m, id)| (m.end, *id)).or_else(|| behind.min_by_key(|(m, id)| (m.start, *id)));
        nearest.map(|(_, id)| *id).or(resolution.issuer)
    }
}

fn find(codes: &[(String, RecordId)], code: &str) -> Option<RecordId> {
    codes.binary_search_by(|(other, _)| other.as_str().cmp(code)).ok().and_then(|at| codes.get(at)).map(|(_, id)| *id)
}
