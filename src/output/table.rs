use comfy_table::{ContentArrangement, Table, presets};

use crate::pipeline::Extraction;
use crate::relations::{Fact, RelationType};

/// Width of tables where the output is no terminal.
const WIDTH: u16 = 120;

/// Rows as a table that fits the terminal (or 120 columns): long cells are wrapped.
pub fn table<R, C>(columns: &[&str], rows: R) -> String
where
    R: IntoIterator<Item = C>,
    C: IntoIterator<Item = String>,
{
    let mut table = Table::new();
    table.load_preset(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    if table.width().is_none() {
        table.set_width(WIDTH);
    }
    table.set_header(columns);
    for row in rows {
        table.add_row(row.into_iter().map(|cell| clean(&cell)));
    }
    table.to_string()
}

/// A cell without what would move the cursor of a terminal.
fn clean(cell: &str) -> String {
    cell.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}

/// The entities and facts of a release as two tables below its title.
pub fn to_tables(path: &str, extraction: &Extraction) -> String {
    let resolution = &extraction.resolution;
    let entities = resolution.entities.iter().map(|entity| {
        let count = entity.mentions.len().to_string();
        vec![entity.kind.as_str().to_owned(), entity.name.clone(), entity.aliases.join(", "), count]
    });
    let facts = extraction.facts.iter().map(|fact| {
        let mut relation = fact.relation.schema().name.to_owned();
        if fact.status != crate::relations::Status::Current {
            relation = format!("{relation} ({})", fact.status.as_str());
        }
        vec![relation, arguments(extraction, fact), attributes(extraction, fact), format!("{:.2}", fact.confidence)]
    });
    let title = extraction.title().map(|title| format!(": {title}")).unwrap_or_default();
    let issued = extraction.issued().map(|date| format!(" ({date})")).unwrap_or_default();
    format!(
        "{path}{title}{issued}\n{}\n{}\n",
        table(&["type", "name", "also", "mentions"], entities),
        table(&["fact", "who and what", "details", "confidence"], facts)
    )
}

/// The entities of a fact with their parts in it.
pub(super) fn arguments(extraction: &Extraction, fact: &Fact) -> String {
    let name = |id: crate::entities::EntityId| extraction.resolution.entities.get(id.0).map(|e| e.name.as_str());
    let parts = fact.arguments.iter().filter_map(|(argument, id)| Some(format!("{argument}: {}", name(*id)?)));
    parts.collect::<Vec<_>>().join("\n")
}

/// The attributes of a fact in the words of the text.
pub(super) fn attributes(extraction: &Extraction, fact: &Fact) -> String {
    let parts = fact.attributes.iter().map(|(name, value)| match (fact.relation, value.span) {
        (RelationType::Quote, Some(span)) => shorten(extraction.document.source_slice(span)),
        _ => format!("{name}: {}", value.text),
    });
    parts.collect::<Vec<_>>().join("\n")
}

/// The beginning of a long text, on one line.
fn shorten(text: &str) -> String {
    const LENGTH: usize = 160;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(LENGTH) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    }
}
