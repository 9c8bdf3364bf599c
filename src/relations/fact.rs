use crate::entities::EntityId;
use crate::text::Span;

/// The relation types of the annotation guide (`data/training/GUIDE.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the annotation guide defines each")]
pub enum RelationType {
    Role,
    Appointment,
    Departure,
    Agreement,
    Supply,
    Acquisition,
    Investment,
    PartOf,
    MemberOf,
    LocatedIn,
    Founded,
    Produces,
    ParticipatesIn,
    Figure,
    Quote,
}

/// What a relation of one type is made of, by the names of the output format.
#[derive(Debug)]
pub struct Schema {
    /// Name in the output format, such as `part_of`.
    pub name: &'static str,
    /// Entity arguments that identify the relation; `parties` may repeat.
    pub arguments: &'static [&'static str],
    /// Entity arguments that may be added.
    pub optional: &'static [&'static str],
    /// Attributes: words of the text, or one of a closed list (`kind`, `metric`).
    pub attributes: &'static [&'static str],
}

impl RelationType {
    /// All types, in the order of the annotation guide.
    pub const ALL: [Self; 15] = [
        Self::Role,
        Self::Appointment,
        Self::Departure,
        Self::Agreement,
        Self::Supply,
        Self::Acquisition,
        Self::Investment,
        Self::PartOf,
        Self::MemberOf,
        Self::LocatedIn,
        Self::Founded,
        Self::Produces,
        Self::ParticipatesIn,
        Self::Figure,
        Self::Quote,
    ];

    /// Name, arguments and attributes.
    pub fn schema(self) -> &'static Schema {
        macro_rules! schema {
            ($name:literal, $arguments:expr, $optional:expr, $attributes:expr) => {
                &Schema { name: $name, arguments: &$arguments, optional: &$optional, attributes: &$attributes }
            };
        }
        match self {
            Self::Role => schema!("role", ["person", "organization"], [], ["title"]),
            Self::Appointment => schema!("appointment", ["person", "organization"], [], ["title", "date"]),
            Self::Departure => schema!("departure", ["person", "organization"], [], ["title"]),
            Self::Agreement => schema!("agreement", ["parties"], ["negotiators"], ["kind", "topic", "duration"]),
            Self::Supply => schema!("supply", ["supplier", "customer"], ["product"], ["product", "amount"]),
            Self::Acquisition => schema!("acquisition", ["acquirer", "target"], ["seller"], ["stake", "amount"]),
            Self::Investment => schema!("investment", ["investor", "recipient"], [], ["amount", "round"]),
            Self::PartOf => schema!("part_of", ["part", "whole"], [], []),
            Self::MemberOf => schema!("member_of", ["member", "group"], [], []),
            Self::LocatedIn => schema!("located_in", ["entity", "place"], [], []),
            Self::Founded => schema!("founded", ["organization", "founder"], [], ["date"]),
            Self::Produces => schema!("produces", ["organization", "product"], [], []),
            Self::ParticipatesIn => schema!("participates_in", ["participant", "event"], [], []),
            Self::Figure => schema!("figure", ["organization"], [], ["metric", "value", "period"]),
            Self::Quote => schema!("quote", ["speaker"], [], ["quotation"]),
        }
    }

    /// The type of that name in the output format.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|relation| relation.schema().name == name)
    }
}

/// Whether a fact holds now, held before, or is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Status {
    #[default]
    Current,
    Former,
    Planned,
}

impl Status {
    /// The name in output and graph.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Former => "former",
            Self::Planned => "planned",
        }
    }
}

/// An attribute: words of the text, or a value of a closed list (`collaboration`, `revenue`).
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// As the source writes it, or the value of the closed list. A title that one person takes over from another is
    /// told in the gender of each; the words as written are at `span`.
    pub text: String,
    /// Where it stands; `None` for values of a closed list.
    pub span: Option<Span>,
}

/// A typed statement with the words that state it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Its type.
    pub relation: RelationType,
    /// Entities by argument name, in the order of the [`Schema`]; `parties` and `negotiators` repeat.
    /// A nullable argument that the text does not name is absent.
    pub arguments: Vec<(&'static str, EntityId)>,
    /// Attributes by name, in the order of the [`Schema`]. A quote has one, `quotation`: its span
    /// covers the words between the quotation marks.
    pub attributes: Vec<(&'static str, Value)>,
    /// The sentences that state it, in order.
    pub evidence: Vec<Span>,
    /// Name of the rule that found it.
    pub rule: String,
    /// From 0 to 1.
    pub confidence: f64,
    /// Current, former or planned.
    pub status: Status,
}

impl Fact {
    /// The first entity with that argument name.
    pub fn argument(&self, name: &str) -> Option<EntityId> {
        self.all(name).next()
    }

    /// All entities with that argument name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = EntityId> + 'a {
        self.arguments.iter().filter(move |(argument, _)| *argument == name).map(|(_, id)| *id)
    }

    /// The attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&Value> {
        self.attributes.iter().find(|(attribute, _)| *attribute == name).map(|(_, value)| value)
    }
}
