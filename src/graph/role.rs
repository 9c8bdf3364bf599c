//! Titles of functions: one role for the feminine and the masculine, and which titles head a body.

use super::words::{EPICENE_NOUNS, FEMININE_ENDINGS, HEAD_TITLES, LESSER_TITLES};

/// Words after which the complement of a title begins; its gender is its own (`directrice de la filière bois`).
const PREPOSITIONS: [&str; 14] =
    ["de", "des", "du", "d'", "en", "à", "au", "aux", "pour", "par", "sur", "chez", "dans", "près"];

/// The title in the masculine and in lower case (`Directrice générale adjointe` gives `directeur
/// général adjoint`): the name of the role that women and men hold alike.
pub fn masculine(title: &str) -> String {
    let title = title.replace(['\u{2019}', '\u{2bc}'], "'");
    let mut out: Vec<String> = Vec::new();
    let mut in_head = true;
    for word in title.split_whitespace() {
        // An acronym (`PDG`) keeps its capitals.
        let acronym = word.chars().count() > 1 && !word.chars().any(char::is_lowercase);
        let word = if acronym { word.to_owned() } else { word.to_lowercase() };
        if PREPOSITIONS.iter().any(|p| word == *p || (p.ends_with('\'') && word.starts_with(p))) {
            in_head = false;
        } else if matches!(word.as_str(), "et" | "&" | "/") {
            in_head = true;
        }
        out.push(if in_head && !acronym {
            word.split('-').map(masculine_word).collect::<Vec<_>>().join("-")
        } else {
            word
        });
    }
    out.join(" ")
}

fn masculine_word(word: &str) -> String {
    let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
    let tail = &word[bare.len()..];
    if EPICENE_NOUNS.contains(bare) {
        return word.to_owned();
    }
    for (feminine, masculine) in FEMININE_ENDINGS.iter() {
        if let Some(stem) = bare.strip_suffix(*feminine)
            && stem.chars().count() >= 2
        {
            return format!("{stem}{masculine}{tail}");
        }
    }
    word.to_owned()
}

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
