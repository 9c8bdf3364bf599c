//! Names that the language itself marks: numbered research units.

use super::{Name, Text, tidy};
use crate::segment::TokenKind;
use crate::tag::EntityType;

/// The names, and those that a mark tells: `UMR 1037`.
pub(super) fn add(text: &Text<'_>, mut names: Vec<Name>) -> Vec<Name> {
    let known = names.len();
    for i in 0..text.words.len() {
        let unit =
            matches!(text.words.form(i), "UMR" | "UPR" | "UAR" | "USR" | "UMS" | "EA" | "UR" | "EPI" | "ERL" | "UMI");
        if unit && text.words.kind(i + 1) == Some(TokenKind::Number) && text.words.form(i + 1).len() >= 2 {
            names.push(Name { tokens: i..i + 2, kind: EntityType::Organization, score: 0.9 });
        }
    }
    if names.len() == known {
        return names;
    }
    // A unit inside a longer run (`Institut X UMR 1037`) is a name of its own.
    let units: Vec<(usize, usize)> = names[known..].iter().map(|name| (name.tokens.start, name.tokens.end)).collect();
    for (start, end) in units {
        for name in &mut names[..known] {
            if name.tokens.start < start && name.tokens.end >= end {
                name.tokens.end = start;
            }
        }
    }
    tidy(names)
}
