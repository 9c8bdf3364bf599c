use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use serde::Deserialize;

use crate::entities::GivenEntity;
use crate::tag::EntityType;

#[derive(Deserialize)]
struct Line {
    path: String,
    #[serde(default)]
    entities: Vec<Entity>,
}

#[derive(Deserialize)]
struct Entity {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    name: String,
    #[serde(default)]
    mentions: Vec<Mention>,
}

#[derive(Deserialize)]
struct Mention {
    start: usize,
    end: usize,
}

/// The entities of each release of `file` (JSON Lines in the output format), by the name of the
/// release's file without its ending. Relations are ignored.
pub(super) fn read(file: &Path) -> anyhow::Result<BTreeMap<String, Vec<GivenEntity>>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{}: cannot read", file.display()))?;
    let mut out = BTreeMap::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let place = || format!("{}:{}: one JSON object per line, as `extract` prints", file.display(), number + 1);
        let line: Line = serde_json::from_str(line).with_context(place)?;
        let stem = Path::new(&line.path).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let entities = line.entities.into_iter().map(|entity| {
            let kind = EntityType::parse(&entity.kind)
                .with_context(|| format!("{}: entity {} has the unknown type {}", place(), entity.id, entity.kind))?;
            let mentions = entity.mentions.iter().map(|mention| (mention.start, mention.end)).collect();
            Ok(GivenEntity { id: entity.id, kind, name: entity.name, mentions })
        });
        out.insert(stem, entities.collect::<anyhow::Result<Vec<_>>>()?);
    }
    Ok(out)
}
