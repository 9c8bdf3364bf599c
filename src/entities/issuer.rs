//! Who publishes a release.

use super::form::Form;
use super::protagonist::protagonist;
use super::references::{Context, quoted};
use super::variants::name_one_organization;
use super::{Entity, EntityId, EntityType, Resolution};
use crate::mentions::ValueKind;
use crate::read::{Section, SectionKind};
use crate::segment::TokenKind;
use crate::text::{Span, fold};

/// What speaks for an organisation as the publisher.
#[derive(Clone, Debug, Default)]
struct Evidence {
    /// How prominent it is: how often it is named, and where.
    prominence: usize,
    /// How strongly the text shows that it publishes; 0 when it does not.
    shown: usize,
}

/// The organisation that publishes the release, where the text shows it: a source line, the one `À
/// propos` paragraph, the contacts, an address that bears its name, or the first person; else the one
/// that the format of the release names; else the one that the release is about from head to end.
pub(super) fn issuer(context: &Context<'_>, resolution: &Resolution) -> Option<EntityId> {
    shown(context, resolution)
        .or_else(|| stated(context.publisher?, resolution))
        .or_else(|| protagonist(context, resolution))
}

/// The first organisation of the release that is called `publisher`.
fn stated(publisher: &str, resolution: &Resolution) -> Option<EntityId> {
    let publisher = Form::new(publisher);
    let is_it = |entity: &Entity| {
        let mut forms = std::iter::once(&entity.name).chain(&entity.aliases);
        entity.kind == EntityType::Organization && forms.any(|form| name_one_organization(&Form::new(form), &publisher))
    };
    resolution.entities.iter().position(is_it).map(EntityId)
}

/// The organisation that the text itself shows to be the publisher.
fn shown(context: &Context<'_>, resolution: &Resolution) -> Option<EntityId> {
    let mut evidence: Vec<Evidence> = vec![Evidence::default(); resolution.entities.len()];
    let abouts = named_in_sections(context, resolution, SectionKind::About);
    let single_about = abouts.windows(2).all(|pair| pair[0] == pair[1]).then(|| abouts.first().copied()).flatten();
    if let Some(id) = single_about {
        evidence[id.0].shown += 6;
    }
    let contacts = named_in_sections(context, resolution, SectionKind::Contact);
    // A body that only the contacts name is rather the agency that speaks for the publisher, if not its own office.
    let is_publisher = |id: EntityId| {
        let Some(entity) = resolution.entities.get(id.0) else { return false };
        let is_contact = |span: &Span| context.layout.kind_at(span.start) == SectionKind::Contact;
        !is_agency(&entity.name) && (is_press_office(&entity.name) || !entity.mentions.iter().all(is_contact))
    };
    for &id in contacts.iter().filter(|&&id| is_publisher(id)) {
        evidence[id.0].shown += 5;
    }
    let addresses = addresses(context);
    for (entity, evidence) in resolution.entities.iter().zip(&mut evidence) {
        if entity.mentions.is_empty() {
            continue;
        }
        let forms = std::iter::once(&entity.name).chain(entity.aliases.iter().take(8));
        let fits = |form: &String| {
            let form = letters(form);
            form.len() > 2 && addresses.iter().any(|host| host_fits(host, &form))
        };
        if !addresses.is_empty() && forms.into_iter().any(fits) {
            evidence.shown += 5;
        }
        let first = entity.mentions[0].start;
        let in_title = context.layout.title.is_some_and(|title| title.range().contains(&first));
        evidence.prominence = entity.mentions.len().min(12) + 3 * usize::from(in_title) + 2 * usize::from(first < 600);
    }
    for id in announced(context, resolution) {
        evidence[id.0].shown += 4;
    }
    let first_person = speaks_of_itself(context);
    let bodies = || {
        let all = resolution.entities.iter().zip(&evidence).enumerate();
        all.filter(|(_, (entity, _))| entity.kind == EntityType::Organization && !entity.mentions.is_empty())
    };
    let shown = bodies()
        .filter(|(_, (_, evidence))| evidence.shown > 0 || first_person && evidence.prominence >= PROMINENT)
        .max_by_key(|(i, (_, evidence))| (2 * evidence.shown + evidence.prominence, std::cmp::Reverse(*i)))
        .map(|(i, _)| EntityId(i));
    // Whoever gives a contact publishes: the organisation that stands out, if one does.
    shown.or_else(|| {
        let mut ranked: Vec<(usize, usize)> = bodies().map(|(i, (_, evidence))| (evidence.prominence, i)).collect();
        ranked.sort_unstable_by_key(|&(prominence, i)| (std::cmp::Reverse(prominence), i));
        let second = ranked.get(1).map_or(0, |second| second.0);
        let first = ranked.first().filter(|first| first.0 >= PROMINENT && first.0 > second);
        let first = first.filter(|_| gives_contact(context)).map(|first| EntityId(first.1));
        first.or_else(|| contacts.first().copied())
    })
}

/// How prominent an organisation must be to publish where nothing shows it but that somebody does.
const PROMINENT: usize = 5;

/// Whether a name is that of an agency that only passes on the releases of others.
fn is_agency(name: &str) -> bool {
    let name = fold(name);
    ["agence ", "bureau de presse"].iter().any(|start| name.starts_with(start))
}

/// Whether a name is that of the office that speaks for a body (`cellule de communication du gouverneur`).
fn is_press_office(name: &str) -> bool {
    let name = fold(name);
    let is_office = ["cellule", "service", "direction", "bureau", "pole"].iter().any(|start| name.starts_with(start));
    is_office && (name.contains("communication") || name.contains("presse"))
}

/// How many bytes at the end of a release may hold its contacts.
const TAIL: usize = 600;

/// Words that a line of contacts begins with, behind a few others (`Service presse`, `Attachée de presse`), folded.
const CONTACT: [&str; 9] = [
    "contact",
    "contacts",
    "renseignement",
    "renseignements",
    "presse",
    "medias",
    "communication",
    "inscriptions",
    "accreditations",
];

/// Whether a line near the end names a contact.
fn gives_contact(context: &Context<'_>) -> bool {
    if context.layout.sections.iter().any(|section| section.kind == SectionKind::Contact) {
        return true;
    }
    let text = context.document.text();
    let mut start = text.len() - text.len().min(TAIL);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let leads = |line: &str| {
        let line = fold(line);
        let mut words = line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(4);
        line.len() < 400 && words.any(|word| CONTACT.contains(&word))
    };
    text[start..].lines().any(leads)
}

/// The first organisation that each section of `kind` names.
fn named_in_sections(context: &Context<'_>, resolution: &Resolution, kind: SectionKind) -> Vec<EntityId> {
    let of_section = |section: &Section| {
        let names = &context.mentions.names;
        let first = names.partition_point(|name| name.span.start < section.span.start);
        let inside = names.iter().zip(&resolution.of_names).skip(first);
        inside
            .take_while(|(name, _)| name.span.end <= section.span.end)
            .find(|(name, _)| name.kind == EntityType::Organization)
            .map(|(_, id)| *id)
    };
    context.layout.sections.iter().filter(|section| section.kind == kind).filter_map(of_section).collect()
}

/// How far down a release its source may stand, in bytes.
const TOP: usize = 500;

/// The organisations that begin a line near the top that says `communiqué` (`Préfecture de la Dordogne – Communiqué n° 3`),
/// or that stand alone with a date in one (`[18 octobre 2023] - Fonds Alma`).
fn announced(context: &Context<'_>, resolution: &Resolution) -> Vec<EntityId> {
    let text = context.document.text();
    let names = context.mentions.names.iter().zip(&resolution.of_names);
    let is_source = |span: Span| {
        let start = text.get(..span.start).map_or(0, |before| before.rfind('\n').map_or(0, |at| at + 1));
        let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
        let lead = text.get(start..span.start).unwrap_or("");
        let alone = line.get(lead.len() + span.len()..).is_some_and(|rest| !rest.contains(char::is_alphanumeric));
        // Before it only a date.
        let dated = || {
            let dates = context.mentions.values.iter().filter(|value| matches!(value.kind, ValueKind::Date { .. }));
            let spans: Vec<Span> = dates.map(|value| value.span).filter(|date| date.start >= start).collect();
            let in_date = |at: usize| spans.iter().any(|date| date.start <= start + at && start + at < date.end);
            let mut letters = lead.char_indices().filter(|(_, c)| c.is_alphanumeric()).peekable();
            letters.peek().is_some() && letters.all(|(at, _)| in_date(at))
        };
        lead.split_whitespace().count() <= 1 && fold(line).contains("communique") || alone && dated()
    };
    names
        .take_while(|(name, _)| name.span.start < TOP)
        .filter(|(name, _)| name.kind == EntityType::Organization && is_source(name.span))
        .map(|(_, id)| *id)
        .collect()
}

/// Letters and digits only, folded.
fn letters(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The names of hosts in the addresses of contacts and of the last lines, letters only, without their endings.
fn addresses(context: &Context<'_>) -> Vec<String> {
    let length = context.document.text().len();
    let tail = length - length.min(700);
    let tokens = &context.segmentation.tokens;
    let mut hosts: Vec<String> = tokens
        .iter()
        .filter(|token| token.kind == TokenKind::Address)
        .filter(|token| token.span.start >= tail || context.layout.kind_at(token.span.start) == SectionKind::Contact)
        .filter_map(|token| host(context.document.slice(token.span)))
        .collect();
    hosts.sort();
    hosts.dedup();
    hosts.truncate(16);
    hosts
}

fn host(address: &str) -> Option<String> {
    let rest = address.rsplit("//").next()?.rsplit('@').next()?;
    let rest = rest.split(['/', '?', '#']).next()?;
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let mut parts: Vec<&str> = rest.split('.').collect();
    parts.pop();
    let name = letters(&parts.concat());
    (name.len() > 2).then_some(name)
}

fn host_fits(host: &str, name: &str) -> bool {
    host == name || name.len() > 4 && host.contains(name) || host.len() > 4 && name.contains(host)
}

/// Whether the text outside quotations says `nous` or `notre` more than once.
fn speaks_of_itself(context: &Context<'_>) -> bool {
    let own = |i: usize| matches!(context.form(i), "nous" | "Nous" | "notre" | "Notre" | "nos" | "Nos");
    let quoted = quoted(context);
    quoted.iter().enumerate().filter(|&(i, inside)| !inside && own(i)).take(2).count() > 1
}
