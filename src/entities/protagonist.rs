//! Whom a release is about from its head to its last lines. It stands for the publisher where no source
//! line, contact or address shows one.

use super::references::Context;
use super::{EntityId, EntityType, Resolution};
use crate::text::{Span, fold};

/// What speaks for one organisation.
#[derive(Clone, Copy, Debug, Default)]
struct Signs {
    /// It stands alone in one of the first two lines.
    letterhead: bool,
    /// The first line names it.
    titled: bool,
    /// The first line begins with it.
    heads: bool,
    /// The first paragraph names it before all others.
    opens: bool,
    /// It is the subject that opens the first paragraph.
    subject: bool,
    /// That sentence says that it announces or undertakes something.
    announces: bool,
    /// One of the last lines says what it is (`Valoria, 12 rue du Port`, `Valoria est une société…`).
    closes: bool,
    /// The rights are its own (`© 2024 Valoria`).
    copyright: bool,
    /// A heading promises its description (`Valoria en bref`).
    described: bool,
}

impl Signs {
    /// Whether they show a publisher, and not only a body that is much spoken of.
    fn suffice(self) -> bool {
        let shown = self.letterhead || self.copyright || self.closes || self.announces || self.described && self.titled;
        shown && (self.letterhead || self.titled || self.opens)
    }

    fn weight(self) -> usize {
        let weights = [
            (self.letterhead, 8),
            (self.titled, 2),
            (self.heads, 6),
            (self.opens, 2),
            (self.subject, 4),
            (self.closes, 6),
            (self.copyright, 10),
            (self.described, 10),
        ];
        weights.iter().filter(|(holds, _)| *holds).map(|(_, weight)| weight).sum()
    }
}

/// The least weight of a protagonist, and by how much it must outweigh all others. Chosen on annotated
/// releases so that hardly any protagonist is another than the publisher.
const LEAST: usize = 6;
const MARGIN: usize = 4;

/// Characters that a paragraph is longer than, and a headline shorter.
const PARAGRAPH: usize = 120;
const HEADLINE: usize = 250;

/// How many lines at the end may say what the publisher is, of at least how many.
const LAST: usize = 3;
const LINES: usize = 5;

/// The organisation that the release is about, if one stands out and is shown as the one that speaks.
pub(super) fn protagonist(context: &Context<'_>, resolution: &Resolution) -> Option<EntityId> {
    let signs = signs(context, resolution)?;
    let weights = || {
        let all = resolution.entities.iter().zip(&signs).enumerate();
        all.filter(|(_, (entity, _))| entity.kind == EntityType::Organization && !entity.mentions.is_empty())
            .map(|(i, (entity, signs))| (signs.weight() + entity.mentions.len().min(6), i))
    };
    let (first, at) = weights().max_by_key(|&(weight, i)| (weight, std::cmp::Reverse(i)))?;
    let second = weights().filter(|&(_, i)| i != at).map(|(weight, _)| weight).max().unwrap_or(0);
    let stands_out = first >= LEAST && first >= second + MARGIN && signs.get(at).is_some_and(|signs| signs.suffice());
    stands_out.then_some(EntityId(at))
}

/// The signs of each entity; none for a text of one line.
fn signs(context: &Context<'_>, resolution: &Resolution) -> Option<Vec<Signs>> {
    let text = context.document.text();
    let lines = lines(text);
    if lines.len() < 2 {
        return None;
    }
    let length = |line: &Span| text.get(line.range()).map_or(0, |line| line.chars().count());
    let body = (1..lines.len()).find(|&i| lines.get(i).is_some_and(|line| length(line) > PARAGRAPH));
    let mut opened = false;
    let mut signs = vec![Signs::default(); resolution.entities.len()];
    for (name, id) in context.mentions.names.iter().zip(&resolution.of_names) {
        let number = lines.partition_point(|line| line.end <= name.span.start);
        let (Some(line), Some(own)) = (lines.get(number), signs.get_mut(id.0)) else { continue };
        if name.kind != EntityType::Organization {
            continue;
        }
        let lead = text.get(line.start..name.span.start).unwrap_or("");
        let rest = behind_aside(text.get(name.span.end..line.end).unwrap_or(""));
        let begins = words_before(lead) == 0;
        let alone = begins && !rest.contains(char::is_alphanumeric);
        own.letterhead |= alone && number < 2;
        own.titled |= number == 0;
        own.heads |= begins && !alone && number == 0 && length(line) < HEADLINE;
        own.closes |= begins && lines.len() >= LINES && number + LAST >= lines.len() && tells_what_it_is(rest);
        own.copyright |= is_copyright(lead);
        own.described |= fold(rest).starts_with("en bref");
        if body == Some(number) && !opened {
            opened = true;
            own.opens = true;
            let dateline = context.layout.dateline.as_ref().map_or(0, |dateline| dateline.span.end);
            let lead = text.get(dateline.clamp(line.start, name.span.start)..name.span.start).unwrap_or(lead);
            own.subject = words_before(lead) <= 3;
            own.announces = own.subject && announces(rest);
        }
    }
    Some(signs)
}

/// The lines that are not blank, without their line feeds.
fn lines(text: &str) -> Vec<Span> {
    let mut start = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        if !line.trim().is_empty() {
            lines.push(Span::new(start, start + line.trim_end().len()));
        }
        start += line.len();
    }
    lines
}

/// How many words stand before a name, its article not counted.
fn words_before(lead: &str) -> usize {
    let lead = fold(lead);
    let mut words = lead.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    words.next_if(|word| ["le", "la", "les", "l", "notre"].contains(word));
    words.count()
}

/// What follows a name, without the acronym or place in parentheses behind it.
fn behind_aside(rest: &str) -> &str {
    let rest = rest.trim_start();
    rest.strip_prefix('(').and_then(|aside| aside.split_once(')')).map_or(rest, |(_, rest)| rest.trim_start())
}

/// Verbs by which a body describes itself, folded.
const DESCRIBES: [&str; 17] = [
    "est",
    "sont",
    "compte",
    "emploie",
    "regroupe",
    "rassemble",
    "represente",
    "adhere",
    "federe",
    "reunit",
    "conserve",
    "accueille",
    "dispose",
    "gere",
    "a ete cree",
    "a ete fonde",
    "a pour",
];

/// Whether what follows a name at the head of a line goes on to say what it is: an apposition, an
/// address, a verb of description; or it stands alone.
fn tells_what_it_is(rest: &str) -> bool {
    let rest = fold(rest);
    let describes = |verb: &str| rest.strip_prefix(verb).is_some_and(|rest| rest.starts_with([' ', 'e', 's']));
    rest.is_empty() || rest.starts_with([',', ':', '–', '—', '|', '-']) || DESCRIBES.iter().any(|verb| describes(verb))
}

/// Whether what stands before a name is the sign of copyright, perhaps with a year.
fn is_copyright(lead: &str) -> bool {
    let lead = fold(lead);
    let lead = lead.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_whitespace());
    lead.ends_with('©') || lead.ends_with("copyright")
}

/// Words that may stand between a subject and its verb, folded.
const BEFORE_VERB: [&str; 15] =
    ["a", "ont", "vient", "viennent", "de", "d", "se", "s", "lui", "leur", "en", "y", "aussi", "donc", "egalement"];

/// How the verbs begin by which a publisher tells what it does, folded.
const ANNOUNCING: [&str; 44] = [
    "accueill",
    "acqui",
    "alert",
    "annonc",
    "appel",
    "celebr",
    "chois",
    "decern",
    "demand",
    "denonc",
    "design",
    "devoil",
    "engag",
    "fete",
    "inaugur",
    "interpell",
    "invit",
    "lanc",
    "lev",
    "livr",
    "met",
    "nomm",
    "obtien",
    "obtenu",
    "obtenir",
    "organis",
    "ouvr",
    "ouver",
    "particip",
    "poursui",
    "presente",
    "propos",
    "publi",
    "rachet",
    "rappel",
    "recrut",
    "rejoui",
    "relanc",
    "remet",
    "remis",
    "renforc",
    "salu",
    "sign",
    "dresse",
];

/// Whether what follows a subject, perhaps behind an apposition, is a verb by which a publisher speaks.
fn announces(rest: &str) -> bool {
    let rest = fold(rest);
    let apposition =
        rest.strip_prefix(',').and_then(|rest| rest.split_once(',')).filter(|(inside, _)| inside.len() < 90);
    let rest = apposition.map_or(rest.as_str(), |(_, rest)| rest);
    if !rest.trim_start().starts_with(char::is_alphanumeric) {
        return false;
    }
    let words = rest.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut verbs = words.take(5).skip_while(|word| BEFORE_VERB.contains(word));
    verbs.next().is_some_and(|verb| ANNOUNCING.iter().any(|start| verb.starts_with(start)))
}
