//! The tables of `data/authorities` and an index of their names.

use std::borrow::Cow;

use super::name::{acronym_key, is_acronym, name_key};
use crate::model::{ResourceError, Resources};
use crate::tag::EntityType;

/// What the records of a table are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "named as the tables of data/authorities, whose README describes them")]
pub enum Class {
    Body,
    Group,
    Continent,
    Country,
    Region,
    Departement,
    Commune,
    City,
    Intercommunality,
    University,
    Operator,
    InternationalOrganization,
    ListedCompany,
    ClinicalSponsor,
    Hospital,
    ResearchUnit,
    Media,
    LegalEntity,
}

/// File below `data/authorities`, class. The order ranks tables that hold the same organisation.
const TABLES: [(&str, Class); 18] = [
    ("bodies.tsv", Class::Body),
    ("groups.tsv", Class::Group),
    ("continents.tsv", Class::Continent),
    ("countries.tsv", Class::Country),
    ("regions.tsv", Class::Region),
    ("departements.tsv", Class::Departement),
    ("communes.tsv", Class::Commune),
    ("cities.tsv", Class::City),
    ("epci.tsv", Class::Intercommunality),
    ("universities.tsv", Class::University),
    ("operators.tsv", Class::Operator),
    ("share-alike/international-organisations.tsv", Class::InternationalOrganization),
    ("listed-companies.tsv", Class::ListedCompany),
    ("clinical-sponsors.tsv", Class::ClinicalSponsor),
    ("hospitals.tsv", Class::Hospital),
    ("research-units.tsv", Class::ResearchUnit),
    ("media.tsv", Class::Media),
    ("lei.tsv", Class::LegalEntity),
];

impl Class {
    /// Whether its records are places.
    pub fn is_place(self) -> bool {
        matches!(self, Self::Continent | Self::Country | Self::Region | Self::Departement | Self::Commune | Self::City)
    }
}

/// A record of the tables: its rank among all rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordId(pub u32);

#[derive(Debug)]
struct Table {
    class: Class,
    columns: Vec<String>,
    text: Cow<'static, str>,
    /// Where each row begins and ends in `text`.
    rows: Vec<(u32, u32)>,
    /// The identifier of its first row.
    first: u32,
}

/// The texts of the tables, in their order.
pub(super) type Texts = Vec<(Class, Cow<'static, str>)>;

/// Reads the texts of the tables; one that `resources` lacks is an error.
pub(super) fn texts(resources: &Resources) -> Result<Texts, ResourceError> {
    TABLES.iter().map(|(file, class)| Ok((*class, resources.text(&format!("authorities/{file}"))?))).collect()
}

/// The tables with the index of their names; immutable.
#[derive(Debug)]
pub struct Tables {
    tables: Vec<Table>,
    /// (hash of the name's key, record), sorted; names that hash alike are told apart when looked up.
    names: Vec<(u64, RecordId)>,
}

impl Tables {
    /// The tables of these texts.
    pub fn new(texts: &Texts) -> Self {
        let mut tables = Vec::new();
        let mut first = 0;
        for (class, text) in texts {
            let table = Table::new(*class, text.clone(), first);
            first += u32::try_from(table.rows.len()).unwrap_or(0);
            tables.push(table);
        }
        let mut names: Vec<(u64, RecordId)> = tables.iter().flat_map(Table::keys).collect();
        names.sort_unstable();
        names.dedup();
        Self { tables, names }
    }

    /// The records that bear the name with this key ([`name_key`] or [`acronym_key`]) and are places
    /// or not, in the order of the tables.
    pub fn named(&self, key: &str, places: bool) -> impl Iterator<Item = RecordId> {
        let hash = hash(key, places);
        let from = self.names.partition_point(|(h, _)| *h < hash);
        self.names[from..].iter().take_while(move |(h, _)| *h == hash).map(|(_, id)| *id)
    }

    /// The record of that identifier.
    pub fn record(&self, id: RecordId) -> Record<'_> {
        let at = self.tables.partition_point(|table| table.first <= id.0).saturating_sub(1);
        let table = &self.tables[at]; // Invariant: identifiers come from these tables, the first of which begins at 0.
        let (start, end) = table.rows.get((id.0 - table.first) as usize).copied().unwrap_or((0, 0));
        Record { id, table_class: table.class, columns: &table.columns, row: &table.text[start as usize..end as usize] }
    }

    /// All records of a class, in the order of its table.
    pub fn of_class(&self, class: Class) -> impl Iterator<Item = Record<'_>> {
        self.tables
            .iter()
            .filter(move |table| table.class == class)
            .flat_map(|table| (0..table.rows.len()).map(|row| RecordId(table.first + row as u32)))
            .map(|id| self.record(id))
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.tables.iter().map(|table| table.rows.len()).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Table {
    fn new(class: Class, text: Cow<'static, str>, first: u32) -> Self {
        let mut lines = memchr::memchr_iter(b'\n', text.as_bytes());
        let header = lines.next().unwrap_or(text.len());
        let columns = text.get(..header).unwrap_or("").split('\t').map(str::to_owned).collect();
        let mut start = header + 1;
        let mut rows = Vec::new();
        for end in lines {
            if end > start {
                rows.push((start as u32, end as u32));
            }
            start = end + 1;
        }
        Self { class, columns, text, rows, first }
    }

    /// The index entries of its rows.
    fn keys(&self) -> impl Iterator<Item = (u64, RecordId)> + '_ {
        let places = self.class.is_place();
        let kind = if places { EntityType::Place } else { EntityType::Organization };
        let with_aliases = self.columns.get(1).is_some_and(|column| column == "aliases");
        self.rows.iter().zip(self.first..).flat_map(move |(&(start, end), id)| {
            let mut fields = self.text[start as usize..end as usize].split('\t');
            let name = fields.next().unwrap_or("");
            let aliases = if with_aliases { fields.next().unwrap_or("") } else { "" };
            std::iter::once(name).chain(aliases.split('|')).filter(|name| !name.is_empty()).flat_map(move |name| {
                let acronym = (!places && is_acronym(name)).then(|| (hash(&acronym_key(name), places), RecordId(id)));
                [Some((hash(&name_key(kind, name), places), RecordId(id))), acronym].into_iter().flatten()
            })
        })
    }
}

/// FNV-1a of the key: stable, unlike the hashers of the standard library.
fn hash(key: &str, places: bool) -> u64 {
    let seed = if places { 0xcbf2_9ce4_8422_2325 } else { 0x8422_2325_cbf2_9ce4 };
    key.bytes().fold(seed, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// Its identifier.
    pub id: RecordId,
    /// What it is.
    pub table_class: Class,
    columns: &'a [String],
    row: &'a str,
}

impl<'a> Record<'a> {
    /// Its preferred name.
    pub fn name(&self) -> &'a str {
        self.row.split('\t').next().unwrap_or("")
    }

    /// The field of that column, if it is filled.
    pub fn get(&self, column: &str) -> Option<&'a str> {
        let at = self.columns.iter().position(|name| name == column)?;
        self.row.split('\t').nth(at).filter(|field| !field.is_empty())
    }

    /// Its other names.
    pub fn aliases(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.get("aliases").unwrap_or("").split('|').filter(|alias| !alias.is_empty())
    }

    /// Its identifiers by scheme (`siren`, `ror`, `insee`…), in the order of the columns.
    pub fn identifiers(&self) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> + use<'a> {
        const FACTS: [&str; 9] =
            ["name", "aliases", "city", "capital", "within", "population", "latitude", "longitude", "adjectives"];
        let derived = self.commune_siren().map(|siren| ("siren", Cow::Owned(siren)));
        self.columns
            .iter()
            .zip(self.row.split('\t'))
            .filter(|(column, field)| !field.is_empty() && !FACTS.contains(&column.as_str()))
            .map(|(column, field)| (column.as_str(), Cow::Borrowed(field)))
            .chain(derived)
    }

    /// The SIREN of a commune whose table leaves it out because it follows from the INSEE code.
    fn commune_siren(&self) -> Option<String> {
        if self.table_class != Class::Commune || self.get("siren").is_some() {
            return None;
        }
        let insee = self.get("insee").filter(|code| code.len() == 5 && code.bytes().all(|b| b.is_ascii_digit()))?;
        let base = format!("21{}0{}", &insee[..2], &insee[2..]);
        (0..10).map(|digit| format!("{base}{digit}")).find(|siren| crate::mentions::identifiers::luhn(siren))
    }

    /// Number of inhabitants.
    pub fn population(&self) -> u64 {
        self.get("population").and_then(|field| field.parse().ok()).unwrap_or(0)
    }

    /// Latitude and longitude in degrees (WGS 84), as the table writes them.
    pub fn coordinates(&self) -> Option<(&'a str, &'a str)> {
        Some((self.get("latitude")?, self.get("longitude")?))
    }

    /// The code of the département of a French commune (`31`, `2A`, `974`).
    pub fn departement(&self) -> Option<&'a str> {
        match self.table_class {
            Class::Commune => {
                let insee = self.get("insee")?;
                insee.get(..if insee.starts_with("97") || insee.starts_with("98") { 3 } else { 2 })
            }
            Class::Departement => self.get("insee"),
            _ => None,
        }
    }

    /// What identifies it in keys: the best of its identifiers, such as `siren:180089013`, else its name.
    pub fn key(&self) -> String {
        const SCHEMES: [&str; 13] = [
            "insee", "siren", "ror", "wikidata", "geonames", "lei", "isin", "finess", "rnsr", "uai", "iso2", "grid",
            "ticker",
        ];
        let place = self.table_class.is_place();
        for scheme in SCHEMES {
            if let Some((_, value)) = self.identifiers().find(|(name, _)| *name == scheme) {
                // A commune, a département and a region may share a code.
                let class = if place && scheme == "insee" {
                    format!("-{:?}", self.table_class).to_lowercase()
                } else {
                    String::new()
                };
                return format!("{scheme}{class}:{value}");
            }
        }
        format!("name:{}", self.name().to_lowercase())
    }

    /// IRIs that name the same thing elsewhere.
    pub fn same_as(&self) -> Vec<String> {
        let mut iris = Vec::new();
        for (scheme, value) in self.identifiers() {
            match (scheme, self.table_class) {
                ("insee", Class::Commune) => iris.push(format!("http://id.insee.fr/geo/commune/{value}")),
                ("insee", Class::Departement) => iris.push(format!("http://id.insee.fr/geo/departement/{value}")),
                ("insee", Class::Region) => iris.push(format!("http://id.insee.fr/geo/region/{value}")),
                ("geonames", _) => iris.push(format!("https://sws.geonames.org/{value}/")),
                ("ror", _) => iris.push(format!("https://ror.org/{value}")),
                ("wikidata", _) => iris.push(format!("http://www.wikidata.org/entity/{value}")),
                _ => {}
            }
        }
        iris
    }
}
