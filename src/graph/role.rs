//! Titles of functions: one role for the feminine and the masculine, and which titles head a body.

use super::words::{HEAD_TITLES, LESSER_TITLES};

pub use crate::relations::titles::masculine;

/// Whether `role`, a title as [`masculine`] gives it, is that of the head of a body.
pub fn is_head(role: &str) -> bool {
    let lower = role.to_lowercase();
    let words: Vec<&str> = lower.split([' ', ',']).collect();
    if words.iter().any(|word| LESSER_TITLES.contains(word)) {
        return false;
    }
    HEAD_TITLES.iter().any(|head| {
        lower.strip_prefix(*head).is_some_and(|rest| {
            rest.is_empty() || rest.starts_with([' ', ',']) && !rest.trim_start().starts_with("de la commission")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feminine_and_masculine_titles_are_one_role() {
        for (feminine, expected) in [
            ("Directrice générale adjointe", "directeur général adjoint"),
            ("présidente du conseil d’administration", "président du conseil d'administration"),
            ("directrice de la filière laitière", "directeur de la filière laitière"),
            ("Présidente et directrice générale", "président et directeur général"),
            ("vice-présidente exécutive", "vice-président exécutif"),
            ("chargée de communication", "chargé de communication"),
            ("cheffe de projet", "chef de projet"),
            ("chercheuse", "chercheur"),
            ("conseillère régionale", "conseiller régional"),
            ("PDG", "PDG"),
            ("responsable scientifique", "responsable scientifique"),
            ("secrétaire générale", "secrétaire général"),
        ] {
            assert_eq!(masculine(feminine), expected);
            assert_eq!(masculine(expected), expected, "the masculine stays");
        }
    }

    #[test]
    fn heads_are_told_from_their_deputies() {
        for title in ["président", "PDG", "directeur général", "président du directoire", "maire"] {
            assert!(is_head(title), "{title}");
        }
        for title in [
            "vice-président",
            "directeur général adjoint",
            "directeur général délégué",
            "directeur général des services adjoint",
            "directeur scientifique",
        ] {
            assert!(!is_head(title), "{title}");
        }
    }
}
