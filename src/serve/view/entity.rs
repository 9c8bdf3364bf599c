use std::cmp::Reverse;
use std::collections::BTreeMap;

use oxrdf::{NamedNode, NamedNodeRef, Term};

use super::Thing;
use super::fact::{Names, Statement, facts_about, properties, statement};
use super::map::{Map, map};
use super::naming::{Naming, namings};
use crate::serve::ServeError;
use crate::serve::data::{Data, end_of, node, ns, text_of};
use crate::serve::search::Index;
use crate::serve::texts::Language;

/// Releases whose facts are on one page.
const RELEASES: usize = 50;
/// Facts of a relation that are shown at once; the rest opens.
const SHOWN: usize = 12;
/// Evidence shown per fact.
const EVIDENCE: usize = 20;
/// Properties that tell an analyst nothing: how entities are joined, and what the map shows.
const UNSEEN: [&str; 8] =
    ["identity", "signature", "signatureText", "joinedTo", "reason", "pending", "latitude", "longitude"];
/// The relations in the order of the page.
const RELATIONS: [&str; 15] = [
    "role",
    "appointment",
    "departure",
    "agreement",
    "acquisition",
    "investment",
    "supply",
    "part_of",
    "member_of",
    "located_in",
    "founded",
    "produces",
    "participates_in",
    "figure",
    "quote",
];
/// The most connected things shown.
const CONNECTED: usize = 15;

/// A value of a property of an entity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Property {
    /// As shown.
    pub label: String,
    /// Where it leads, or empty.
    pub href: String,
}

/// The facts of one relation.
#[derive(Clone, Debug)]
pub struct Section {
    /// The relation by its name in the output format.
    pub relation: &'static str,
    /// What holds now, or is to come.
    pub now: Vec<Statement>,
    /// What held before.
    pub before: Vec<Statement>,
}

impl Section {
    /// How many facts there are.
    pub fn total(&self) -> usize {
        self.now.len() + self.before.len()
    }

    /// The facts under their headings (none for what holds now): those shown at once, and the rest.
    pub fn parts(&self) -> Vec<(bool, &[Statement], &[Statement])> {
        fn cut(facts: &[Statement]) -> (&[Statement], &[Statement]) {
            facts.split_at_checked(SHOWN).unwrap_or((facts, &[]))
        }
        let parts = [(false, cut(&self.now)), (true, cut(&self.before))];
        let parts = parts.into_iter().filter(|(_, (shown, _))| !shown.is_empty());
        parts.map(|(is_before, (shown, more))| (is_before, shown, more)).collect()
    }
}

/// What the page of an entity shows.
#[derive(Clone, Debug, Default)]
pub struct EntityView {
    /// The entity.
    pub thing: Thing,
    /// Its other names.
    pub names: Vec<String>,
    /// Types, identifiers, links.
    pub properties: Vec<(String, Vec<Property>)>,
    /// Its facts by relation.
    pub sections: Vec<Section>,
    /// Where its places lie, as far as known.
    pub map: Option<Map>,
    /// Facts with a date, newest first.
    pub timeline: Vec<Statement>,
    /// What it shares most facts with, and how many.
    pub connected: Vec<(Thing, usize)>,
    /// Releases that name it, with their dates.
    pub releases: Vec<(Thing, Option<String>)>,
    /// How many releases name it.
    pub total: usize,
    /// The page of facts, from 1.
    pub page: usize,
    /// How many pages there are.
    pub pages: usize,
    /// Number of the first release on this page.
    pub first: usize,
    /// Number of the last release on this page.
    pub last: usize,
}

impl EntityView {
    /// Calls the places that contain this one by their names; `name` gives that of an IRI.
    pub fn name_containers<'n>(&mut self, language: Language, name: impl Fn(&str) -> Option<&'n str>) {
        let heading = property_name("containedInPlace", language);
        let within = self.properties.iter_mut().filter(|(own, _)| *own == heading);
        for property in within.flat_map(|(_, values)| values) {
            if let Some(name) = name(&property.href) {
                name.clone_into(&mut property.label);
            }
        }
    }
}

/// Gathers what is known of an entity; facts come from fifty releases per page, the newest first.
///
/// # Errors
/// When nothing has that IRI, or the store or the index fails.
pub fn entity(
    data: Data<'_>,
    index: &Index,
    iri: NamedNodeRef<'_>,
    language: Language,
    page: usize,
) -> Result<EntityView, ServeError> {
    let page = page.max(1);
    let (namings, total) = namings(data, index, iri, (page - 1) * RELEASES, RELEASES)?;
    let pages = total.div_ceil(RELEASES).max(1);
    if page > pages {
        return entity(data, index, iri, language, pages);
    }
    if namings.is_empty() && !data.is_known(iri)? {
        return Err(ServeError::NotFound(iri.as_str().to_owned()));
    }
    let first = (page - 1) * RELEASES + 1;
    let mut view = EntityView { thing: data.thing(iri)?, total, page, pages, first, ..EntityView::default() };
    view.last = first + namings.len() - usize::from(!namings.is_empty());
    let members: Vec<NamedNode> = namings.iter().flat_map(|naming| naming.members.clone()).collect();
    describe(data, iri, &members, language, &mut view)?;
    let mut statements = gather(data, &namings)?;
    for statement in &mut statements {
        statement.evidence.truncate(EVIDENCE);
    }
    view.connected = connected(&statements, iri.as_str());
    view.timeline = timeline(&statements);
    view.map = map(data, &statements)?;
    for relation in RELATIONS {
        let (before, now): (Vec<_>, Vec<_>) =
            statements.iter().filter(|s| s.relation == relation).cloned().partition(|s| s.status == "former");
        if !(now.is_empty() && before.is_empty()) {
            view.sections.push(Section { relation, now, before });
        }
    }
    view.releases = namings.into_iter().map(|naming| (naming.release, naming.issued)).collect();
    Ok(view)
}

/// Names, types and identifiers: what is said of the joined entity, and the names in its releases.
fn describe(
    data: Data<'_>,
    iri: NamedNodeRef<'_>,
    members: &[NamedNode],
    language: Language,
    view: &mut EntityView,
) -> Result<(), ServeError> {
    let (preferred, other) = (node(ns::SKOS, "prefLabel"), node(ns::SKOS, "altLabel"));
    let mut rest: BTreeMap<String, Vec<Property>> = BTreeMap::new();
    for quad in data.quads(Some(iri), None, None, None) {
        let quad = quad?;
        if quad.predicate == preferred || UNSEEN.contains(&end_of(quad.predicate.as_str())) {
            continue;
        }
        if quad.predicate == other {
            add_name(&mut view.names, &view.thing.label, text_of(&quad.object));
            continue;
        }
        let values = rest.entry(quad.predicate.into_string()).or_default();
        let value = match &quad.object {
            Term::NamedNode(object) if object.as_str().starts_with(data.base()) => {
                Property { label: data.label(object.as_ref())?, href: data.href(object.as_str()) }
            }
            Term::NamedNode(object) => {
                let is_vocabulary =
                    [ns::PG, ns::ORG, ns::SCHEMA, ns::FOAF].iter().any(|n| object.as_str().starts_with(n));
                let label = if is_vocabulary {
                    language.class(end_of(object.as_str())).to_owned()
                } else {
                    authority(object.as_str())
                };
                let is_link = object.as_str().starts_with("http://") || object.as_str().starts_with("https://");
                Property { label, href: if is_link { object.as_str().to_owned() } else { String::new() } }
            }
            object => Property { label: text_of(object), href: String::new() },
        };
        if values.len() < 50 && !values.contains(&value) {
            values.push(value);
        }
    }
    view.properties = rest.into_iter().map(|(name, values)| (property_name(&name, language), values)).collect();
    for member in members {
        for predicate in [&preferred, &other] {
            for name in data.objects(member.as_ref(), predicate, None)? {
                add_name(&mut view.names, &view.thing.label, text_of(&name));
            }
        }
    }
    Ok(())
}

fn add_name(names: &mut Vec<String>, label: &str, name: String) {
    if name != label && names.len() < 60 && !names.contains(&name) {
        names.push(name);
    }
}

/// An IRI of an authority in short: `Wikidata Q142`, `Insee departement/75`; any other as it is.
fn authority(iri: &str) -> String {
    let known = [
        ("www.wikidata.org/entity/", "Wikidata"),
        ("id.insee.fr/geo/", "Insee"),
        ("sws.geonames.org/", "GeoNames"),
        ("ror.org/", "ROR"),
    ];
    let path = iri.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
    let short = known.iter().find_map(|(prefix, name)| Some(format!("{name} {}", path.strip_prefix(prefix)?)));
    short.unwrap_or_else(|| iri.to_owned())
}

fn property_name(iri: &str, language: Language) -> String {
    match end_of(iri) {
        "type" => language.say("Types", "Types").to_owned(),
        "exactMatch" | "sameAs" => language.say("Identique à", "Same as").to_owned(),
        "closeMatch" => language.say("Proche de", "Close to").to_owned(),
        "containedInPlace" => language.say("Situé dans", "Within").to_owned(),
        "identifier" | "notation" => language.say("Identifiants", "Identifiers").to_owned(),
        other => other.to_owned(),
    }
}

/// The facts about an entity in the releases that name it; the same fact of several releases is one,
/// with the evidence of each.
pub(super) fn gather(data: Data<'_>, namings: &[Naming]) -> Result<Vec<Statement>, ServeError> {
    let mut names = Names::default();
    let mut statements: BTreeMap<String, Vec<Statement>> = BTreeMap::new();
    for naming in namings {
        let release = NamedNode::new_unchecked(naming.release.iri.as_str());
        for member in &naming.members {
            for fact in facts_about(data, member, release.as_ref())? {
                let properties = properties(data, fact.as_ref(), release.as_ref())?;
                let (release, issued) = (&naming.release, naming.issued.as_deref());
                let new = statement(data, &mut names, fact.as_ref(), &properties, release, issued)?;
                let Some(new) = new else { continue };
                let same = statements.entry(new.key()).or_default();
                let rest = same.iter_mut().try_fold(new, |new, known| known.merge(new));
                same.extend(rest);
            }
        }
    }
    let mut statements: Vec<Statement> = statements.into_values().flatten().collect();
    for statement in &mut statements {
        statement.evidence.sort_by(|a, b| (&b.issued, &a.href).cmp(&(&a.issued, &b.href)));
        statement.evidence.dedup();
    }
    // Newest first, and a stable order among those of a day.
    statements.sort_by_cached_key(|statement| (Reverse(statement.when().to_owned()), statement.summary()));
    Ok(statements)
}

fn connected(statements: &[Statement], own: &str) -> Vec<(Thing, usize)> {
    let mut counts: BTreeMap<&str, (&Thing, usize)> = BTreeMap::new();
    for (_, thing) in statements.iter().flat_map(|statement| &statement.arguments).filter(|(_, t)| t.iri != own) {
        counts.entry(&thing.iri).or_insert((thing, 0)).1 += 1;
    }
    let mut counts: Vec<(Thing, usize)> = counts.into_values().map(|(thing, count)| (thing.clone(), count)).collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.label.cmp(&b.0.label)));
    counts.truncate(CONNECTED);
    counts
}

fn timeline(statements: &[Statement]) -> Vec<Statement> {
    let told = ["appointment", "departure", "agreement", "supply", "acquisition", "investment", "founded", "quote"];
    let dated = statements.iter().filter(|s| !s.when().is_empty() && told.contains(&s.relation));
    dated.take(40).cloned().collect()
}
