//! Facts to nodes of their own, and current facts to direct triples.

use oxrdf::{Literal, NamedNode, NamedNodeRef, Term};

use super::vocabulary::{dct, org, pg, prov, schema, skos, xsd};
use super::words::{GRANT_NOUNS, UNIT_NOUNS};
use super::{Builder, coined, is_head, literal, local, masculine, slug};
use crate::entities::EntityType;
use crate::mentions::ValueKind;
use crate::relations::{Fact, RelationType, Status, Value};

/// A fact as it is written: its node and the fact.
struct Node<'f> {
    iri: NamedNode,
    fact: &'f Fact,
}

impl Builder<'_> {
    pub(super) fn facts(&mut self) {
        let extraction = self.extraction;
        let mut counts = [0_usize; RelationType::ALL.len()];
        for fact in &extraction.facts {
            let position = RelationType::ALL.iter().position(|relation| *relation == fact.relation).unwrap_or(0);
            // Invariant: the position lies within the array of the same length.
            counts[position] += 1;
            let iri = local(&self.iri, &format!("{}-{}", fact.relation.schema().name, counts[position]));
            let node = Node { iri, fact };
            self.fact(&node);
            if fact.status == Status::Current {
                self.direct(&node);
            }
        }
    }

    /// The class, arguments, attributes and provenance of a fact.
    fn fact(&mut self, node: &Node<'_>) {
        match node.fact.relation {
            RelationType::Role => self.role(node),
            RelationType::MemberOf => {
                self.add_class(&node.iri, org::MEMBERSHIP);
                self.argument(node, "member", org::MEMBER);
                self.body(node, "group", org::IN_ORGANIZATION);
            }
            RelationType::Figure => self.figure(node),
            RelationType::Quote => self.quote(node),
            _ => self.plain(node),
        }
        let (fact, iri) = (node.fact, &node.iri);
        for &span in &fact.evidence {
            let sentence = self.sentence(span);
            self.add(iri, prov::WAS_DERIVED_FROM, sentence);
        }
        self.add(iri, pg::RULE, Literal::new_simple_literal(&fact.rule));
        self.add(iri, pg::CONFIDENCE, literal::decimal((fact.confidence * 1000.0).round() / 1000.0));
        self.add(iri, pg::STATUS, Literal::new_simple_literal(fact.status.as_str()));
    }

    /// The relations whose arguments and attributes map one to one.
    fn plain(&mut self, node: &Node<'_>) {
        let (class, arguments): (_, &[(&str, NamedNodeRef<'static>)]) = match node.fact.relation {
            RelationType::Appointment => (pg::APPOINTMENT, &[("person", pg::PERSON), ("organization", pg::BODY)]),
            RelationType::Departure => (pg::DEPARTURE, &[("person", pg::PERSON), ("organization", pg::BODY)]),
            RelationType::Agreement => (pg::AGREEMENT, &[("parties", pg::PARTY), ("negotiators", pg::NEGOTIATOR)]),
            RelationType::Supply => {
                (pg::SUPPLY, &[("supplier", pg::SUPPLIER), ("customer", pg::CUSTOMER), ("product", pg::OBJECT)])
            }
            RelationType::Acquisition => {
                (pg::ACQUISITION, &[("acquirer", pg::ACQUIRER), ("target", pg::TARGET), ("seller", pg::SELLER)])
            }
            RelationType::Investment => (pg::INVESTMENT, &[("investor", pg::INVESTOR), ("recipient", pg::RECIPIENT)]),
            RelationType::PartOf => (pg::STRUCTURE, &[("part", pg::PART), ("whole", pg::WHOLE)]),
            RelationType::LocatedIn => (pg::LOCATION, &[("entity", pg::LOCATED), ("place", pg::PLACE)]),
            RelationType::Founded => {
                (pg::FOUNDATION, &[("organization", org::RESULTING_ORGANIZATION), ("founder", pg::FOUNDER)])
            }
            RelationType::Produces => (pg::PRODUCTION, &[("organization", pg::PRODUCER), ("product", pg::PRODUCT)]),
            // Role, member_of, figure and quote have functions of their own.
            _ => (pg::PARTICIPATION, &[("participant", pg::PARTICIPANT), ("event", pg::EVENT)]),
        };
        self.add_class(&node.iri, class);
        for (argument, property) in arguments {
            self.argument(node, argument, *property);
        }
        if node.fact.relation == RelationType::Investment && self.is_grant(node.fact) {
            self.add_class(&node.iri, schema::MONETARY_GRANT);
        }
        for (name, value) in &node.fact.attributes {
            self.attribute(node, name, value);
        }
    }

    /// An attribute as typed as it is known, and in the words of the text.
    fn attribute(&mut self, node: &Node<'_>, name: &str, value: &Value) {
        let iri = &node.iri;
        let text = || literal::words(&value.text);
        match name {
            "title" => self.add(iri, pg::TITLE, text()),
            "kind" => self.add(iri, pg::KIND, text()),
            "topic" => self.add(iri, dct::SUBJECT, text()),
            "round" => self.add(iri, pg::ROUND, text()),
            // A product with an entity of its own stands already.
            "product" if node.fact.argument("product").is_none() => self.add(iri, pg::OBJECT, text()),
            "date" => {
                let property = match node.fact.relation {
                    RelationType::Departure => schema::END_DATE,
                    _ => schema::START_DATE,
                };
                self.date(iri, property, value);
            }
            "duration" => {
                let duration = literal::value_in(self.extraction, value.span, |kind| match kind {
                    ValueKind::Duration(duration) => Some(duration.clone()),
                    _ => None,
                });
                if let Some(duration) = duration {
                    self.add(iri, pg::DURATION, literal::typed(&duration, xsd::DURATION));
                }
                self.add(iri, pg::AS_WRITTEN, text());
            }
            "stake" => {
                let stake = literal::value_in(self.extraction, value.span, |kind| match kind {
                    ValueKind::Percent(percent) => Some(*percent),
                    _ => None,
                });
                if let Some(stake) = stake {
                    self.add(iri, pg::STAKE, literal::decimal(stake));
                }
                self.add(iri, pg::AS_WRITTEN, text());
            }
            "amount" => self.amount(iri, value),
            _ => {}
        }
    }

    fn role(&mut self, node: &Node<'_>) {
        let iri = &node.iri;
        self.add_class(iri, org::MEMBERSHIP);
        self.argument(node, "person", org::MEMBER);
        self.body(node, "organization", org::IN_ORGANIZATION);
        let Some(title) = node.fact.attribute("title") else { return };
        self.add(iri, pg::TITLE, literal::words(&title.text));
        let label = masculine(&title.text);
        let name = slug(&label);
        if name.is_empty() {
            return;
        }
        let role = coined(&self.options.base, "role", &name);
        self.add_class(&role, org::ROLE);
        self.add(&role, skos::PREF_LABEL, Literal::new_simple_literal(label));
        self.add(iri, org::IN_ROLE, role);
    }

    fn figure(&mut self, node: &Node<'_>) {
        let iri = &node.iri;
        self.add_class(iri, schema::OBSERVATION);
        self.argument(node, "organization", schema::OBSERVATION_ABOUT);
        if let Some(metric) = node.fact.attribute("metric") {
            let property =
                NamedNode::new_unchecked(format!("https://w3id.org/pressgraph/ns#{}", slug_metric(&metric.text)));
            self.add(iri, schema::MEASURED_PROPERTY, property);
        }
        if let Some(value) = node.fact.attribute("value") {
            let known = literal::value_in(self.extraction, value.span, |kind| match kind {
                ValueKind::Amount { low, currency, .. } => Some((*low, currency.0.to_owned())),
                ValueKind::Count { value, unit } => Some((*value, unit.clone())),
                ValueKind::Percent(percent) => Some((*percent, "%".to_owned())),
                _ => None,
            });
            if let Some((number, unit)) = known {
                self.add(iri, schema::VALUE, literal::decimal(number));
                if !unit.is_empty() {
                    self.add(iri, schema::UNIT_TEXT, Literal::new_simple_literal(unit));
                }
            }
            self.add(iri, pg::AS_WRITTEN, literal::words(&value.text));
        }
        if let Some(period) = node.fact.attribute("period") {
            self.date(iri, schema::OBSERVATION_DATE, period);
        }
    }

    fn quote(&mut self, node: &Node<'_>) {
        let iri = &node.iri;
        self.add_class(iri, schema::QUOTATION);
        self.argument(node, "speaker", schema::CREATOR);
        if let Some(quotation) = node.fact.attribute("quotation") {
            let text =
                quotation.span.map_or(quotation.text.as_str(), |span| self.extraction.document.source_slice(span));
            self.add(iri, schema::TEXT, literal::words(text));
            if let Some(span) = quotation.span {
                let stretch = self.stretch(span);
                self.add(iri, prov::WAS_QUOTED_FROM, stretch);
            }
        }
    }

    /// All entities of an argument.
    fn argument(&mut self, node: &Node<'_>, name: &str, property: NamedNodeRef<'_>) {
        for id in node.fact.all(name) {
            if let Some((entity, _)) = self.entity(id) {
                self.add(&node.iri, property, entity);
            }
        }
    }

    /// An argument that should be an organisation: `pg:body` where it is something else.
    fn body(&mut self, node: &Node<'_>, name: &str, property: NamedNodeRef<'_>) {
        if let Some((entity, kind)) = node.fact.argument(name).and_then(|id| self.entity(id)) {
            let property = if kind == EntityType::Organization { property } else { pg::BODY };
            self.add(&node.iri, property, entity);
        }
    }

    fn date(&mut self, iri: &NamedNode, property: NamedNodeRef<'_>, value: &Value) {
        let date = literal::value_in(self.extraction, value.span, |kind| match kind {
            ValueKind::Date { date } => *date,
            _ => None,
        });
        if let Some(date) = date {
            self.add(iri, property, literal::date(date));
        }
        self.add(iri, pg::AS_WRITTEN, literal::words(&value.text));
    }

    /// An amount of money: a node, since value and currency belong together.
    fn amount(&mut self, iri: &NamedNode, value: &Value) {
        let amount = literal::value_in(self.extraction, value.span, |kind| match kind {
            ValueKind::Amount { low, high, currency } => Some((*low, *high, *currency)),
            _ => None,
        });
        if let Some((low, high, currency)) = amount {
            let node = NamedNode::new_unchecked(format!("{}-amount", iri.as_str()));
            self.add_class(&node, schema::MONETARY_AMOUNT);
            if low < high {
                self.add(&node, schema::MIN_VALUE, literal::decimal(low));
                self.add(&node, schema::MAX_VALUE, literal::decimal(high));
            } else {
                self.add(&node, schema::VALUE, literal::decimal(low));
            }
            self.add(&node, schema::CURRENCY, Literal::new_simple_literal(currency.0));
            self.add(iri, pg::AMOUNT, node);
        }
        self.add(iri, pg::AS_WRITTEN, literal::words(&value.text));
    }

    fn is_grant(&self, fact: &Fact) -> bool {
        fact.evidence.iter().any(|&span| {
            let sentence = self.extraction.document.slice(span).to_lowercase();
            sentence.split(|c: char| !c.is_alphanumeric()).any(|word| GRANT_NOUNS.contains(word))
        })
    }

    /// The triple that a simple query asks for.
    fn direct(&mut self, node: &Node<'_>) {
        let fact = node.fact;
        let end = |name: &str| fact.argument(name).and_then(|id| self.entity(id));
        let (subject, property, object) = match fact.relation {
            RelationType::Role => return self.direct_role(node),
            RelationType::Agreement => return self.direct_agreement(fact),
            RelationType::Quote => {
                if let Some((speaker, _)) = end("speaker") {
                    self.add(&speaker, pg::SAID, node.iri.clone());
                }
                return;
            }
            RelationType::Supply => (end("supplier"), pg::SUPPLIES, end("customer")),
            RelationType::Acquisition => (end("acquirer"), pg::ACQUIRED, end("target")),
            RelationType::Investment => (end("recipient"), pg::FUNDED_BY, end("investor")),
            RelationType::PartOf => (end("part"), self.part_property(fact), end("whole")),
            RelationType::MemberOf => (end("member"), org::MEMBER_OF, organization(end("group"))),
            RelationType::LocatedIn => {
                let property = match end("entity") {
                    Some((_, EntityType::Place | EntityType::Site)) => schema::CONTAINED_IN_PLACE,
                    _ => schema::LOCATION,
                };
                (end("entity"), property, end("place"))
            }
            RelationType::Founded => (end("organization"), schema::FOUNDER, end("founder")),
            RelationType::Produces => (end("organization"), pg::PRODUCES, end("product")),
            RelationType::ParticipatesIn => (end("participant"), pg::PARTICIPATES_IN, end("event")),
            // An appointment comes on top of a role; figures have no simple form.
            RelationType::Appointment | RelationType::Departure | RelationType::Figure => return,
        };
        if let (Some((subject, _)), Some((object, _))) = (subject, object) {
            self.add(&subject, property, object);
        }
    }

    fn direct_role(&mut self, node: &Node<'_>) {
        let end = |name: &str| node.fact.argument(name).and_then(|id| self.entity(id));
        let (Some((person, _)), Some((body, _))) = (end("person"), organization(end("organization"))) else { return };
        let heads = node.fact.attribute("title").is_some_and(|title| is_head(&masculine(&title.text)));
        if heads {
            self.add(&person, org::HEAD_OF, body.clone());
        }
        self.add(&person, org::MEMBER_OF, body);
    }

    /// Every party is the partner of every other.
    fn direct_agreement(&mut self, fact: &Fact) {
        let parties: Vec<NamedNode> =
            fact.all("parties").filter_map(|id| self.entity(id)).map(|(iri, _)| iri).collect();
        for one in &parties {
            for other in parties.iter().filter(|other| *other != one) {
                self.add(one, pg::PARTNER_OF, Term::from(other.clone()));
            }
        }
    }

    /// A site belongs to an organisation, a unit is part of one, a subsidiary has a legal person of its own.
    fn part_property(&self, fact: &Fact) -> NamedNodeRef<'static> {
        let part = fact.argument("part").and_then(|id| self.extraction.resolution.entities.get(id.0));
        match part {
            Some(part) if part.kind == EntityType::Site => org::SITE_OF,
            Some(part) => {
                let mut names = std::iter::once(&part.name).chain(&part.aliases).map(|name| name.to_lowercase());
                let is_unit =
                    names.any(|name| name.split_whitespace().next().is_some_and(|word| UNIT_NOUNS.contains(word)));
                if is_unit { org::UNIT_OF } else { org::SUB_ORGANIZATION_OF }
            }
            None => org::SUB_ORGANIZATION_OF,
        }
    }
}

/// The entity where it is an organisation.
fn organization(end: Option<(NamedNode, EntityType)>) -> Option<(NamedNode, EntityType)> {
    end.filter(|(_, kind)| *kind == EntityType::Organization)
}

/// The name of a metric as a property (`net_income` gives `netIncome`).
fn slug_metric(metric: &str) -> String {
    let mut words = metric.split('_').map(slug);
    let first = words.next().unwrap_or_default();
    words.fold(first, |mut name, word| {
        let mut chars = word.chars();
        name.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        name.push_str(chars.as_str());
        name
    })
}
