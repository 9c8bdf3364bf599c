/// What kind of thing a name names (see the annotation guide, `data/training/GUIDE.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntityType {
    /// A named human.
    Person,
    /// A company, agency, ministry, university, laboratory, association, media…
    Organization,
    /// A city, region, country, street address…
    Place,
    /// A named facility: campus, plant, port, building.
    Site,
    /// A product, drug, software, service, technology, publication.
    Product,
    /// A plan, programme, project, fund, law, label, prize.
    Program,
    /// A fair, congress, competition, festival.
    Event,
}

impl EntityType {
    /// All types, in the order of the annotation guide.
    pub const ALL: [Self; 7] =
        [Self::Person, Self::Organization, Self::Place, Self::Site, Self::Product, Self::Program, Self::Event];

    /// The name in the output format, such as `Organization`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "Person",
            Self::Organization => "Organization",
            Self::Place => "Place",
            Self::Site => "Site",
            Self::Product => "Product",
            Self::Program => "Program",
            Self::Event => "Event",
        }
    }

    /// The type of that name in the output format.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// What to tell where `name` is none of the types.
    pub fn unknown(name: &str) -> String {
        format!("no entity type `{name}`: the types are {}", Self::ALL.map(Self::as_str).join(", "))
    }
}
