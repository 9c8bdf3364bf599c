use std::collections::BTreeMap;

use oxrdf::{NamedNode, NamedNodeRef, NamedOrBlankNode, Term};

use super::Thing;
use crate::serve::ServeError;
use crate::serve::data::{Data, end_of, node, ns, text_of};
use crate::serve::texts::Language;

/// The class of a fact and the relation it stands for.
const CLASSES: [(&str, &str, &str); 14] = [
    (ns::ORG, "Membership", "role"),
    (ns::PG, "Appointment", "appointment"),
    (ns::PG, "Departure", "departure"),
    (ns::PG, "Agreement", "agreement"),
    (ns::PG, "Supply", "supply"),
    (ns::PG, "Acquisition", "acquisition"),
    (ns::PG, "Investment", "investment"),
    (ns::PG, "Structure", "part_of"),
    (ns::PG, "Location", "located_in"),
    (ns::PG, "Foundation", "founded"),
    (ns::PG, "Production", "produces"),
    (ns::PG, "Participation", "participates_in"),
    (ns::SCHEMA, "Observation", "figure"),
    (ns::SCHEMA, "Quotation", "quote"),
];

/// The predicates from a fact to the things it is about, in the order shown.
pub(super) const ARGUMENTS: [(&str, &str, &str); 24] = [
    (ns::ORG, "member", "member"),
    (ns::PG, "person", "person"),
    (ns::PG, "acquirer", "acquirer"),
    (ns::PG, "investor", "investor"),
    (ns::PG, "supplier", "supplier"),
    (ns::PG, "part", "part"),
    (ns::PG, "located", "entity"),
    (ns::PG, "producer", "producer"),
    (ns::PG, "participant", "participant"),
    (ns::PG, "party", "party"),
    (ns::SCHEMA, "creator", "speaker"),
    (ns::SCHEMA, "observationAbout", "organization"),
    (ns::ORG, "resultingOrganization", "organization"),
    (ns::ORG, "organization", "organization"),
    (ns::PG, "body", "organization"),
    (ns::PG, "target", "target"),
    (ns::PG, "recipient", "recipient"),
    (ns::PG, "customer", "customer"),
    (ns::PG, "whole", "whole"),
    (ns::PG, "place", "place"),
    (ns::PG, "product", "product"),
    (ns::PG, "event", "event"),
    (ns::PG, "seller", "seller"),
    (ns::PG, "negotiator", "negotiator"),
];

/// Further predicates with values: words, dates, amounts.
const ATTRIBUTES: [(&str, &str, &str); 15] = [
    (ns::PG, "title", "title"),
    (ns::PG, "founder", "founder"),
    (ns::PG, "kind", "kind"),
    (ns::DCT, "subject", "topic"),
    (ns::PG, "object", "object"),
    (ns::PG, "duration", "duration"),
    (ns::PG, "amount", "amount"),
    (ns::PG, "stake", "stake"),
    (ns::PG, "round", "round"),
    (ns::SCHEMA, "measuredProperty", "metric"),
    (ns::SCHEMA, "value", "value"),
    (ns::SCHEMA, "observationDate", "period"),
    (ns::SCHEMA, "text", "text"),
    (ns::SCHEMA, "startDate", "date"),
    (ns::SCHEMA, "endDate", "date"),
];

/// Where a fact is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The sentence.
    pub words: String,
    /// The page of the release, with the sentence lit.
    pub href: String,
    /// The release.
    pub release: Thing,
    /// Its date (ISO).
    pub issued: Option<String>,
}

/// A fact as the pages show it; several releases may state it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// Its fragment within the release, such as `role-1`.
    pub id: String,
    /// The relation by its name in the output format.
    pub relation: &'static str,
    /// `current`, `former` or `planned`.
    pub status: String,
    /// From 0 to 1, as written.
    pub confidence: String,
    /// The rule that found it.
    pub rule: String,
    /// The things it is about, with what each is in it.
    pub arguments: Vec<(&'static str, Thing)>,
    /// Words, dates and amounts.
    pub attributes: Vec<(&'static str, String)>,
    /// Its own date (ISO).
    pub date: Option<String>,
    /// The sentences that state it.
    pub evidence: Vec<Evidence>,
    /// Ranges of code points in its release: `12-40 50-62`.
    pub lights: String,
}

impl Statement {
    /// Whether each argument needs its name beside it: where several of the same kind differ only in it.
    pub fn names_arguments(&self) -> bool {
        matches!(self.relation, "acquisition" | "investment" | "supply" | "founded")
    }

    /// The fact in a line of plain text.
    pub fn line(&self, language: &Language) -> String {
        let words = self.attributes.iter().map(|(name, value)| language.attribute(name, value));
        self.joined(words)
    }

    /// The same with values as they stand in the graph, to sort by.
    pub fn summary(&self) -> String {
        self.joined(self.attributes.iter().map(|(_, value)| value.clone()))
    }

    fn joined(&self, words: impl Iterator<Item = String>) -> String {
        let things = self.arguments.iter().map(|(_, thing)| thing.label.clone());
        let line: Vec<String> = things.chain(words).collect();
        let line = line.join(" · ");
        match line.char_indices().nth(160) {
            Some((end, _)) => format!("{}…", line.get(..end).unwrap_or("")),
            None => line,
        }
    }

    /// When it is: its own date, else the date of the release that states it; empty when unknown.
    pub fn when(&self) -> &str {
        let issued = || self.evidence.iter().find_map(|evidence| evidence.issued.as_deref());
        self.date.as_deref().or_else(issued).unwrap_or("")
    }

    /// What it says but for its date, in a form that is the same for the same fact of several releases.
    pub(super) fn key(&self) -> String {
        let mut key = format!("{}\n{}", self.relation, self.status);
        for (name, thing) in &self.arguments {
            key.extend(["\n", name, " ", &thing.iri]);
        }
        for (name, value) in &self.attributes {
            key.extend(["\n", name, " ", &value.to_lowercase()]);
        }
        key
    }

    /// Takes on the evidence of the same fact in another release, unless the two are of different dates.
    pub(super) fn merge(&mut self, other: Self) -> Option<Self> {
        if self.date.is_some() && other.date.is_some() && self.date != other.date {
            return Some(other);
        }
        self.date = self.date.take().or(other.date);
        self.evidence.extend(other.evidence);
        None
    }
}

/// The relation that a class of facts stands for, by the last part of its IRI.
pub fn relation_of_class(class: &str) -> Option<&'static str> {
    CLASSES.iter().find(|(_, name, _)| *name == class).map(|(_, _, relation)| *relation)
}

/// The classes of things and facts, for completion in the editor.
pub fn classes() -> Vec<String> {
    let things = [
        (ns::FOAF, "Person"),
        (ns::ORG, "Organization"),
        (ns::ORG, "Site"),
        (ns::SCHEMA, "Place"),
        (ns::SCHEMA, "Product"),
        (ns::SCHEMA, "Project"),
        (ns::SCHEMA, "Event"),
        (ns::PG, "PressRelease"),
    ];
    let facts = CLASSES.iter().map(|(namespace, name, _)| format!("{namespace}{name}"));
    things.iter().map(|(namespace, name)| format!("{namespace}{name}")).chain(facts).collect()
}

/// The predicates of facts and releases, for completion in the editor.
pub fn predicates() -> Vec<String> {
    let general = [
        (ns::PG, "identity"),
        (ns::SKOS, "prefLabel"),
        (ns::SKOS, "altLabel"),
        (ns::DCT, "title"),
        (ns::DCT, "issued"),
        (ns::DCT, "publisher"),
        (ns::NIF, "isString"),
        (ns::NIF, "anchorOf"),
        (ns::ITSRDF, "taIdentRef"),
        (ns::PROV, "wasDerivedFrom"),
        (ns::PG, "status"),
        (ns::PG, "confidence"),
        (ns::PG, "rule"),
        (ns::ORG, "memberOf"),
        (ns::ORG, "headOf"),
        (ns::PG, "partnerOf"),
        (ns::PG, "supplies"),
        (ns::PG, "acquired"),
        (ns::PG, "fundedBy"),
        (ns::PG, "produces"),
        (ns::PG, "participatesIn"),
        (ns::PG, "said"),
        (ns::PG, "contentHash"),
    ];
    let of_facts = ARGUMENTS.iter().chain(&ATTRIBUTES).map(|(namespace, name, _)| format!("{namespace}{name}"));
    general.iter().map(|(namespace, name)| format!("{namespace}{name}")).chain(of_facts).collect()
}

/// The properties of a subject in a graph.
pub(super) type Properties = BTreeMap<String, Vec<Term>>;

/// Reads the properties of a subject in a release's graph.
pub(super) fn properties(
    data: Data<'_>,
    subject: NamedNodeRef<'_>,
    graph: NamedNodeRef<'_>,
) -> Result<Properties, ServeError> {
    let mut properties = Properties::new();
    for quad in data.quads(Some(subject), None, None, Some(graph)) {
        let quad = quad?;
        properties.entry(quad.predicate.into_string()).or_default().push(quad.object);
    }
    Ok(properties)
}

/// The relation that the classes of a subject stand for; `None` when it is no fact.
pub(super) fn relation(properties: &Properties) -> Option<&'static str> {
    let classes = properties.get(&format!("{}type", ns::RDF))?;
    let is = |namespace: &str, name: &str| {
        classes
            .iter()
            .any(|class| matches!(class, Term::NamedNode(c) if c.as_str().strip_prefix(namespace) == Some(name)))
    };
    let relation = CLASSES.iter().find(|(namespace, name, _)| is(namespace, name)).map(|(_, _, relation)| *relation)?;
    let has = |namespace: &str, name: &str| properties.contains_key(&format!("{namespace}{name}"));
    Some(if relation == "role" && !has(ns::ORG, "role") && !has(ns::PG, "title") { "member_of" } else { relation })
}

/// What is looked up once per page: the joined entities, by their own IRIs and those of their members, and sentences.
#[derive(Default)]
pub(super) struct Names {
    members: BTreeMap<String, Thing>,
    things: BTreeMap<String, Thing>,
    sentences: BTreeMap<String, String>,
}

impl Names {
    /// The joined entity for an entity of a release, with its label.
    pub(super) fn joined(&mut self, data: Data<'_>, entity: &NamedNode) -> Result<Thing, ServeError> {
        if let Some(thing) = self.members.get(entity.as_str()) {
            return Ok(thing.clone());
        }
        let joined = data.joined(entity.as_ref())?;
        let thing = match self.things.get(joined.as_str()) {
            Some(thing) => thing.clone(),
            None => data.thing(joined.as_ref())?,
        };
        self.things.insert(joined.into_string(), thing.clone());
        self.members.insert(entity.as_str().to_owned(), thing.clone());
        Ok(thing)
    }

    /// The words of a sentence.
    fn sentence(&mut self, data: Data<'_>, sentence: &NamedNode) -> Result<String, ServeError> {
        if let Some(words) = self.sentences.get(sentence.as_str()) {
            return Ok(words.clone());
        }
        let words = data.text(sentence.as_ref(), &node(ns::NIF, "anchorOf"))?.unwrap_or_default();
        self.sentences.insert(sentence.as_str().to_owned(), words.clone());
        Ok(words)
    }
}

/// The fact with these properties, in the graph of `release`, which is of the day `issued`; `None` when it is none.
pub(super) fn statement(
    data: Data<'_>,
    names: &mut Names,
    fact: NamedNodeRef<'_>,
    properties: &Properties,
    release: &Thing,
    issued: Option<&str>,
) -> Result<Option<Statement>, ServeError> {
    let Some(relation) = relation(properties) else { return Ok(None) };
    let value = |namespace: &str, name: &str| properties.get(&format!("{namespace}{name}"));
    let text = |namespace: &str, name: &str| value(namespace, name).and_then(|v| v.first()).map(text_of);
    let mut out = Statement {
        id: fact.as_str().rsplit_once('#').map_or("", |(_, id)| id).to_owned(),
        relation,
        status: text(ns::PG, "status").map(|status| end_of(&status).to_owned()).unwrap_or_default(),
        confidence: text(ns::PG, "confidence").unwrap_or_default(),
        rule: text(ns::PG, "rule").unwrap_or_default(),
        ..Statement::default()
    };
    for (namespace, name, argument) in ARGUMENTS {
        for term in value(namespace, name).into_iter().flatten() {
            if let Term::NamedNode(entity) = term {
                out.arguments.push((argument, names.joined(data, entity)?));
            }
        }
    }
    for (namespace, name, attribute) in ATTRIBUTES {
        for term in value(namespace, name).into_iter().flatten() {
            let written = match term {
                Term::NamedNode(iri) if attribute == "founder" || attribute == "object" => {
                    out.arguments.push((attribute, names.joined(data, iri)?));
                    continue;
                }
                Term::NamedNode(iri) => amount(data, iri)?,
                other => text_of(other),
            };
            match attribute {
                "date" => out.date = Some(written),
                "value" => {
                    let unit = text(ns::SCHEMA, "unitText").map(|unit| format!(" {unit}")).unwrap_or_default();
                    out.attributes.push((attribute, format!("{written}{unit}")));
                }
                _ => out.attributes.push((attribute, written)),
            }
        }
    }
    for term in value(ns::PROV, "wasDerivedFrom").into_iter().flatten() {
        if let Term::NamedNode(sentence) = term {
            let words = names.sentence(data, sentence)?;
            let place = sentence.as_str().rsplit_once('#').map_or("", |(_, place)| place);
            if let Some((start, end)) = code_points(place) {
                out.lights.push_str(&format!("{start}-{end} "));
            }
            let href = format!("{}#{place}", release.href);
            let (release, issued) = (release.clone(), issued.map(str::to_owned));
            out.evidence.push(Evidence { words, href, release, issued });
        }
    }
    Ok(Some(out))
}

/// An amount of money, or another node with a value, in words.
fn amount(data: Data<'_>, iri: &NamedNode) -> Result<String, ServeError> {
    if let Some(written) = data.text(iri.as_ref(), &node(ns::PG, "asWritten"))? {
        return Ok(written);
    }
    let value = data.text(iri.as_ref(), &node(ns::SCHEMA, "value"))?;
    let currency = data.text(iri.as_ref(), &node(ns::SCHEMA, "currency"))?;
    match (value, currency) {
        (Some(value), Some(currency)) => Ok(format!("{value} {currency}")),
        (Some(value), None) => Ok(value),
        _ => data.label(iri.as_ref()),
    }
}

/// Start and end of a fragment `char=START,END` (RFC 5147).
pub(super) fn code_points(fragment: &str) -> Option<(usize, usize)> {
    let (start, end) = fragment.strip_prefix("char=")?.split_once(',')?;
    Some((start.parse().ok()?, end.parse().ok()?))
}

/// The facts about an entity of a release: what points at it from a fact, in the release's graph.
pub(super) fn facts_about(
    data: Data<'_>,
    entity: &NamedNode,
    release: NamedNodeRef<'_>,
) -> Result<Vec<NamedNode>, ServeError> {
    let mut facts = Vec::new();
    for quad in data.quads(None, None, Some(entity.as_ref().into()), Some(release)) {
        let quad = quad?;
        let predicate = quad.predicate.as_str();
        let is_argument = ARGUMENTS
            .iter()
            .chain(&[(ns::PG, "founder", ""), (ns::PG, "object", "")])
            .any(|(namespace, name, _)| predicate.strip_prefix(namespace) == Some(name));
        if let NamedOrBlankNode::NamedNode(fact) = quad.subject
            && is_argument
            && !facts.contains(&fact)
        {
            facts.push(fact);
        }
    }
    Ok(facts)
}
