//! Reads rule files.

use super::ast::{Definition, Example, Extends, Fill, FillSource, Node, WrittenRule};
use super::error::Place;
use super::{Kinds, RuleError, clause, pattern};
use crate::read::SectionKind;
use crate::relations::{RelationType, Status};

/// The contents of rule files.
#[derive(Debug, Default)]
pub(super) struct Source {
    pub(super) definitions: Vec<Definition>,
    pub(super) rules: Vec<WrittenRule>,
    pub(super) examples: Vec<Example>,
}

impl Source {
    /// Adds the text of one file.
    pub(super) fn read(&mut self, text: &str, file: &str) -> Result<(), RuleError> {
        let mut open: Option<WrittenRule> = None;
        for (place, line) in logical_lines(text, file) {
            let indented = line.starts_with(' ');
            let (key, value) = line.trim().split_once(char::is_whitespace).unwrap_or((line.trim(), ""));
            let value = value.trim();
            if !indented {
                self.close(open.take())?;
                match key {
                    "define" => self.definitions.push(definition(value, place)?),
                    "rule" if !value.is_empty() => open = Some(new_rule(value, place)),
                    _ => {
                        return Err(
                            place.syntax(format!("`{key}`: a line begins with `define`, `rule NAME` or two spaces"))
                        );
                    }
                }
            } else if let Some(rule) = &mut open {
                match key {
                    "find" | "reject" => self.examples.push(example(key == "find", value, &place, &rule.name)),
                    _ => directive(rule, key, value, &place)?,
                }
            } else {
                return Err(place.syntax("an indented line belongs to a rule; write `rule NAME` first"));
            }
        }
        self.close(open.take())
    }

    fn close(&mut self, rule: Option<WrittenRule>) -> Result<(), RuleError> {
        let Some(rule) = rule else { return Ok(()) };
        if rule.relation.is_none() {
            return Err(rule.place.syntax(format!("rule `{}` has no `relation`", rule.name)));
        }
        if rule.patterns.is_empty() && rule.clauses.is_empty() {
            return Err(rule.place.syntax(format!("rule `{}` has no `pattern` and no `clause`", rule.name)));
        }
        if self.rules.iter().any(|other| other.name == rule.name) {
            return Err(rule.place.duplicate("rule", &rule.name));
        }
        self.rules.push(rule);
        Ok(())
    }
}

/// Lines without comments and blank ones; a line indented by four or more goes on with the one before.
fn logical_lines(text: &str, file: &str) -> Vec<(Place, String)> {
    let mut out: Vec<(Place, String)> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') && !line.starts_with("    ") {
            continue;
        }
        match out.last_mut() {
            Some((_, last)) if line.starts_with("    ") => {
                last.push(' ');
                last.push_str(trimmed);
            }
            _ => out.push((Place { file: file.to_owned(), line: number + 1 }, line.trim_end().to_owned())),
        }
    }
    out
}

fn new_rule(name: &str, place: Place) -> WrittenRule {
    WrittenRule {
        place,
        name: name.to_owned(),
        relation: None,
        priority: 0,
        sections: Vec::new(),
        status: None,
        any_modality: false,
        patterns: Vec::new(),
        clauses: Vec::new(),
        constants: Vec::new(),
        maps: Vec::new(),
        fills: Vec::new(),
        pairs: false,
        extends: None,
        confidence: None,
    }
}

fn definition(value: &str, place: Place) -> Result<Definition, RuleError> {
    let Some((head, body)) = value.split_once('=') else {
        return Err(place.syntax("write `define NAME = PATTERN`"));
    };
    let (name, parameters) = match head.trim().split_once('(') {
        Some((name, rest)) => {
            (name.trim(), rest.trim_end_matches(')').split(',').map(|p| p.trim().to_owned()).collect())
        }
        None => (head.trim(), Vec::new()),
    };
    let node = pattern::parse(body.trim(), &place)?;
    Ok(Definition { name: name.to_owned(), parameters, node, place })
}

fn example(finds: bool, value: &str, place: &Place, rule: &str) -> Example {
    let (text, expected) = value.split_once("=>").unwrap_or((value, ""));
    let expected = expected
        .split(';')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, words)| (name.trim().to_owned(), words.trim().to_owned()))
        .collect();
    Example {
        file: place.file.clone(),
        line: place.line,
        rule: rule.to_owned(),
        finds,
        text: text.trim().to_owned(),
        expected,
    }
}

fn directive(rule: &mut WrittenRule, key: &str, value: &str, place: &Place) -> Result<(), RuleError> {
    match key {
        "relation" => {
            let relation = RelationType::parse(value);
            let hint = "the annotation guide names the fifteen";
            rule.relation = Some(relation.ok_or_else(|| place.unknown("relation", value, hint))?);
        }
        "pattern" => rule.patterns.push((place.clone(), pattern::parse(value, place)?)),
        "clause" => rule.clauses.push((place.clone(), clause::parse(value, place)?)),
        "priority" => rule.priority = value.parse().map_err(|_| place.syntax("`priority` wants a whole number"))?,
        "confidence" => {
            rule.confidence = Some(value.parse().map_err(|_| place.syntax("`confidence` wants a number from 0 to 1"))?);
        }
        "section" => {
            for name in value.split_whitespace() {
                rule.sections.push(section(name).ok_or_else(|| {
                    place.unknown("section", name, "it is one of Headline, Body, About, Contact, Boilerplate")
                })?);
            }
        }
        "status" => {
            rule.status = Some(match value {
                "current" => Status::Current,
                "former" => Status::Former,
                "planned" => Status::Planned,
                _ => return Err(place.unknown("status", value, "it is one of current, former, planned")),
            });
        }
        "modality" if value == "any" => rule.any_modality = true,
        "pairs" => rule.pairs = true,
        "extends" => {
            rule.extends = Some(match value {
                "" => Extends::Before,
                "here" => Extends::Here,
                "below" => Extends::Below,
                "all" => Extends::All,
                _ => return Err(place.unknown("extent", value, "it is one of here, below, all, or nothing")),
            });
        }
        "set" | "map" | "fill" => with_argument(rule, key, value, place)?,
        _ => {
            let hint = "a rule has relation, pattern, clause, priority, section, status, modality, set, map, fill, pairs, extends, confidence, find, reject";
            return Err(place.unknown("directive", key, hint));
        }
    }
    Ok(())
}

fn with_argument(rule: &mut WrittenRule, key: &str, value: &str, place: &Place) -> Result<(), RuleError> {
    let Some(relation) = rule.relation else { return Err(place.syntax("write `relation` first")) };
    let (name, rest) = value.split_once(char::is_whitespace).unwrap_or((value, ""));
    let argument = argument_name(relation, name)
        .ok_or_else(|| place.unknown("argument", name, "see the schema of the relation"))?;
    let rest = rest.trim();
    if rest.is_empty() {
        return Err(place.syntax(format!("`{key} {name}` wants something after it")));
    }
    match key {
        "set" => rule.constants.push((argument, rest.to_owned())),
        "map" => rule.maps.push((place.clone(), argument, rest.to_owned())),
        _ => {
            let sources = rest.split_whitespace().map(|s| fill_source(s, place)).collect::<Result<_, _>>()?;
            rule.fills.push(Fill { argument, sources });
        }
    }
    Ok(())
}

/// The argument or attribute of that name.
pub(super) fn argument_name(relation: RelationType, name: &str) -> Option<&'static str> {
    let schema = relation.schema();
    // A list of parties is written one party at a time.
    let name = match name {
        "party" => "parties",
        "negotiator" => "negotiators",
        name => name,
    };
    let all = schema.arguments.iter().chain(schema.optional).chain(schema.attributes);
    all.copied().find(|argument| *argument == name)
}

fn section(name: &str) -> Option<SectionKind> {
    Some(match name {
        "Headline" => SectionKind::Headline,
        "Body" => SectionKind::Body,
        "About" => SectionKind::About,
        "Contact" => SectionKind::Contact,
        "Boilerplate" => SectionKind::Boilerplate,
        _ => return None,
    })
}

fn fill_source(text: &str, place: &Place) -> Result<FillSource, RuleError> {
    let (name, kinds) = text.split_once('(').unwrap_or((text, ""));
    let kinds =
        kinds.trim_end_matches(')').split('|').filter(|k| !k.is_empty()).try_fold(Kinds::NONE, |all, name| {
            Kinds::parse(name)
                .map(|kind| all.or(kind))
                .ok_or_else(|| place.unknown("kind", name, "such as Organization"))
        })?;
    Ok(match name {
        "left" => FillSource::Left(kinds),
        "first" => FillSource::First(kinds),
        "right" => FillSource::Right(kinds),
        "before" => FillSource::Before(kinds),
        "last" => FillSource::Last(kinds),
        "paragraph" => FillSource::Paragraph(kinds),
        "near" => FillSource::Near(kinds),
        "sole" => FillSource::Sole(kinds),
        "headline" => FillSource::Headline(kinds),
        "about" => FillSource::About(kinds),
        "topic" => FillSource::Topic,
        "issuer" => FillSource::Issuer,
        "main" => FillSource::Main,
        _ => {
            return Err(place.unknown(
                "source",
                name,
                "it is one of left, first, right, before, last, paragraph, near, sole, headline, about, main, topic, issuer",
            ));
        }
    })
}

/// The kinds of `Person|date`.
pub(super) fn kinds(text: &str, place: &Place) -> Result<Kinds, RuleError> {
    text.split('|').try_fold(Kinds::NONE, |all, name| {
        let hint = "such as Person, Organization, Place, Site, Product, Program, Event, any, date, duration, amount, percent, count, line, blank, stop";
        Kinds::parse(name.trim()).map(|kind| all.or(kind)).ok_or_else(|| place.unknown("kind", name, hint))
    })
}

/// Whether the pattern is nothing but forms: what a class of words could hold.
pub(super) fn single_form(node: &Node) -> Option<&str> {
    use super::ast::WrittenTest;
    match node {
        Node::Atom(tests) => match tests.as_slice() {
            [(false, WrittenTest::Form(form))] => Some(form),
            _ => None,
        },
        _ => None,
    }
}
