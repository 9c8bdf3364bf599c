//! Who publishes a release.

use super::references::Context;
use super::{EntityId, EntityType, Resolution};
use crate::read::{Section, SectionKind};
use crate::segment::TokenKind;
use crate::text::fold;

/// What speaks for an organisation as the publisher.
#[derive(Clone, Debug, Default)]
struct Evidence {
    /// How prominent it is: how often it is named, and where.
    prominence: usize,
    /// How strongly the text shows that it publishes; 0 when it does not.
    shown: usize,
}

/// The organisation that publishes the release, where the text shows it: a source line, the one `À
/// propos` paragraph, the contacts, an address that bears its name, or the first person.
pub(super) fn issuer(context: &Context<'_>, resolution: &Resolution) -> Option<EntityId> {
    let mut evidence: Vec<Evidence> = vec![Evidence::default(); resolution.entities.len()];
    let abouts = named_in_sections(context, resolution, SectionKind::About);
    let single_about = abouts.windows(2).all(|pair| pair[0] == pair[1]).then(|| abouts.first().copied()).flatten();
    if let Some(id) = single_about {
        evidence[id.0].shown += 6;
    }
    for id in named_in_sections(context, resolution, SectionKind::Contact) {
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
    let first_person = speaks_of_itself(context);
    let candidates = resolution.entities.iter().zip(&evidence).enumerate();
    candidates
        .filter(|(_, (entity, _))| entity.kind == EntityType::Organization && !entity.mentions.is_empty())
        .filter(|(_, (_, evidence))| evidence.shown > 0 || first_person && evidence.prominence > 4)
        .max_by_key(|(i, (_, evidence))| (2 * evidence.shown + evidence.prominence, std::cmp::Reverse(*i)))
        .map(|(i, _)| EntityId(i))
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
    let mut depth = 0_usize;
    let mut straight = false;
    let mut spoken = 0;
    for token in context.segmentation.tokens.iter() {
        match context.document.slice(token.span) {
            "«" | "“" => depth += 1,
            "»" | "”" => depth = depth.saturating_sub(1),
            "\"" => straight = !straight,
            gap if token.kind == TokenKind::Break && gap.matches('\n').count() > 1 => {
                depth = 0;
                straight = false;
            }
            "nous" | "Nous" | "notre" | "Notre" | "nos" | "Nos" if depth == 0 && !straight => {
                spoken += 1;
            }
            _ => {}
        }
    }
    spoken > 1
}
