//! Runs the examples of the rules: what each must find and must not find.

use super::Fact;
use super::language::Example;
use crate::entities::GivenEntity;
use crate::tag::EntityType;

/// A marked text without its marks, and the names marked in it (`[Marie Durand|Person]`; a third part,
/// `[Durand|Person|Marie Durand]`, is the name of the entity); an error says which mark cannot be read.
pub fn unmark(marked: &str) -> Result<(String, Vec<GivenEntity>), String> {
    let mut text = String::new();
    let mut entities: Vec<GivenEntity> = Vec::new();
    let source = marked.replace("\\n", "\n");
    let mut rest = source.as_str();
    while let Some((before, after)) = rest.split_once('[') {
        text.push_str(before);
        let unclosed = || format!("`[` without `]`: [{}", after.lines().next().unwrap_or_default());
        let (mark, after) = after.split_once(']').ok_or_else(unclosed)?;
        let (name, kind) = mark.split_once('|').ok_or_else(|| format!("write `[NAME|TYPE]`: {mark}"))?;
        let (kind, full) = kind.split_once('|').unwrap_or((kind, name));
        let kind = EntityType::parse(kind).ok_or_else(|| EntityType::unknown(kind))?;
        let start = text.chars().count();
        text.push_str(name);
        let span = (start, start + name.chars().count());
        match entities.iter_mut().find(|entity| entity.name == full && entity.kind == kind) {
            Some(known) => known.mentions.push(span),
            None => {
                let id = format!("e{}", entities.len());
                entities.push(GivenEntity { id, kind, name: full.to_owned(), mentions: vec![span] });
            }
        }
        rest = after;
    }
    text.push_str(rest);
    Ok((text, entities))
}

/// Runs one example: the extractor comes as a function from text and names to what its rule finds.
pub fn run(example: &Example, find: impl Fn(&str, &[GivenEntity]) -> Vec<Fact>) -> Result<(), String> {
    let (text, entities) = unmark(&example.text).map_err(|error| told(example, &error))?;
    check(example, &entities, &find(&text, &entities))
}

/// Whether the facts that the rule of an example found in it are right: some (with the expected
/// words) for `find`, none for `reject`.
fn check(example: &Example, entities: &[GivenEntity], facts: &[Fact]) -> Result<(), String> {
    if !example.finds {
        return match facts.first() {
            None => Ok(()),
            Some(fact) => Err(told(example, &format!("must find nothing, but found {}", describe(fact, entities)))),
        };
    }
    if facts.is_empty() {
        return Err(told(example, "found nothing"));
    }
    for (name, words) in &example.expected {
        let alternatives = words.split(" & ");
        for wanted in alternatives {
            if !facts.iter().any(|fact| values(fact, name, entities).iter().any(|value| value == wanted)) {
                let found = facts.iter().map(|fact| describe(fact, entities)).collect::<Vec<_>>().join("; ");
                return Err(told(example, &format!("no {name} `{wanted}` in {found}")));
            }
        }
    }
    Ok(())
}

fn told(example: &Example, what: &str) -> String {
    format!("{}:{}: rule {}: {what}: {}", example.file, example.line, example.rule, example.text)
}

/// The words of an argument or attribute; `status` is one.
fn values(fact: &Fact, name: &str, entities: &[GivenEntity]) -> Vec<String> {
    if name == "status" {
        return vec![fact.status.as_str().to_owned()];
    }
    let argument = if name == "party" { "parties" } else { name };
    let names = fact.all(argument).filter_map(|id| entities.get(id.0)).map(|entity| entity.name.clone());
    names.chain(fact.attribute(name).map(|value| value.text.clone())).collect()
}

fn describe(fact: &Fact, entities: &[GivenEntity]) -> String {
    let arguments = fact.arguments.iter().filter_map(|(name, id)| Some(format!("{name}={}", entities.get(id.0)?.name)));
    let attributes = fact.attributes.iter().map(|(name, value)| format!("{name}={}", value.text));
    let all: Vec<String> = arguments.chain(attributes).collect();
    format!("{}({})", fact.relation.schema().name, all.join(", "))
}
