use oxrdf::NamedNodeRef;

use super::entity::gather;
use super::naming::namings;
use crate::serve::ServeError;
use crate::serve::data::Data;
use crate::serve::search::Index;

/// Releases that are looked at, the newest.
const RELEASES: usize = 5;
/// The relations that tell namesakes apart, the best first.
const TELLING: [&str; 6] = ["role", "appointment", "departure", "part_of", "located_in", "produces"];

/// What tells an entity from its namesakes, in a few words: its function and where, what it belongs to, where it is;
/// `None` where its newest releases do not say.
///
/// # Errors
/// When the store or the index fails.
pub fn distinction(data: Data<'_>, index: &Index, entity: NamedNodeRef<'_>) -> Result<Option<String>, ServeError> {
    let (namings, _) = namings(data, index, entity, 0, RELEASES)?;
    let statements = gather(data, &namings)?;
    let told = statements.iter().filter_map(|statement| {
        let rank = TELLING.iter().position(|relation| *relation == statement.relation)?;
        let titles = statement.attributes.iter().filter(|(name, _)| *name == "title");
        let others = statement.arguments.iter().filter(|(_, thing)| thing.iri != entity.as_str());
        let words: Vec<&str> =
            titles.map(|(_, title)| title.as_str()).chain(others.map(|(_, thing)| thing.label.as_str())).collect();
        (!words.is_empty()).then(|| (rank, statement.status != "current", words.join(", ")))
    });
    Ok(told.min_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1))).map(|(_, _, words)| words))
}
