//! What several test modules share.

use pressgraph::entities::{EntityType, GivenEntity};
use pressgraph::pipeline::{Extraction, Extractor};
use std::sync::LazyLock;

/// The built-in extractor, loaded once for all tests.
pub static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| Extractor::new().expect("the built-in data compiles"));

/// Splits a text with marked names (`[Marie Durand|Person] dirige [Valoria|Organization]`) into the
/// plain text and its entities; equal names of one type are one entity, with its name as identifier.
/// A third field names the entity where it differs from the words (`[Durand|Person|Marie Durand]`).
pub fn marked(text: &str) -> (String, Vec<GivenEntity>) {
    let mut plain = String::new();
    let mut entities: Vec<GivenEntity> = Vec::new();
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('[') {
        plain.push_str(before);
        let (mark, after) = tail.split_once(']').expect("a mark is closed");
        let mut fields = mark.split('|');
        let words = fields.next().expect("a mark has words");
        let kind = fields.next().and_then(EntityType::parse).expect("a mark has a type");
        let name = fields.next().unwrap_or(words);
        let start = plain.chars().count();
        plain.push_str(words);
        let mention = (start, plain.chars().count());
        match entities.iter_mut().find(|entity| entity.name == name && entity.kind == kind) {
            Some(entity) => entity.mentions.push(mention),
            None => {
                entities.push(GivenEntity { id: name.to_owned(), kind, name: name.to_owned(), mentions: vec![mention] })
            }
        }
        rest = after;
    }
    plain.push_str(rest);
    (plain, entities)
}

/// What the extractor finds in a text with marked names.
pub fn extract_marked(text: &str) -> Extraction {
    let (plain, entities) = marked(text);
    EXTRACTOR.extract_with(&plain, &entities)
}
