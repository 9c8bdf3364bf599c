//! The gender of titles: a function carried over from a woman to a man is told in his gender, and the other way round.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::tag::Gender;

/// Words of both genders that look feminine by their ending.
static EPICENE_NOUNS: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| lines(include_str!("../../data/graph/epicene_nouns.txt")).collect());
/// Endings of feminine nouns and adjectives in titles, longest first, with their masculine.
static FEMININE_ENDINGS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    lines(include_str!("../../data/graph/feminine_endings.tsv")).filter_map(|line| line.split_once('\t')).collect()
});
/// Masculine endings that have one feminine in titles (`-eur` has three), longest first, with it.
const MASCULINE_ENDINGS: [(&str, &str); 11] = [
    ("teur", "trice"),
    ("ller", "llère"),
    ("ier", "ière"),
    ("ien", "ienne"),
    ("ent", "ente"),
    ("ant", "ante"),
    ("int", "inte"),
    ("ef", "effe"),
    ("al", "ale"),
    ("if", "ive"),
    ("é", "ée"),
];

/// Words after which the complement of a title begins; its gender is its own (`directrice de la filière bois`).
const PREPOSITIONS: [&str; 14] =
    ["de", "des", "du", "d'", "en", "à", "au", "aux", "pour", "par", "sur", "chez", "dans", "près"];

/// The lines of a file that are neither empty nor comments.
fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The title in the masculine and in lower case (`Directrice générale adjointe` gives `directeur
/// général adjoint`): the name of the role that women and men hold alike.
pub fn masculine(title: &str) -> String {
    let lower = |word: &str| if is_acronym(word) { word.to_owned() } else { word.to_lowercase() };
    let words: Vec<String> = title.replace(['\u{2019}', '\u{2bc}'], "'").split_whitespace().map(lower).collect();
    of_gender(&words.join(" "), Gender::Masculine)
}

/// The title as a person of that gender bears it: `directrice générale` of a man is `directeur général`. Words whose
/// other form is not sure stay as they are.
pub fn of_gender(title: &str, gender: Gender) -> String {
    let mut in_head = true;
    let words = title.split_whitespace().map(|word| {
        let lower = word.to_lowercase().replace(['\u{2019}', '\u{2bc}'], "'");
        if PREPOSITIONS.iter().any(|p| lower == *p || (p.ends_with('\'') && lower.starts_with(p))) {
            in_head = false;
        } else if matches!(lower.as_str(), "et" | "&" | "/") {
            in_head = true;
        }
        if !in_head || is_acronym(word) {
            return word.to_owned();
        }
        word.split('-').map(|part| word_of_gender(part, gender)).collect::<Vec<_>>().join("-")
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Whether a word is an acronym (`PDG`), which keeps its capitals.
fn is_acronym(word: &str) -> bool {
    word.chars().count() > 1 && !word.chars().any(char::is_lowercase)
}

fn word_of_gender(word: &str, gender: Gender) -> Cow<'_, str> {
    let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
    // Invariant: `bare` is the beginning of `word`.
    let tail = &word[bare.len()..];
    if EPICENE_NOUNS.contains(bare.to_lowercase().as_str()) {
        return Cow::Borrowed(word);
    }
    let endings = match gender {
        Gender::Masculine => FEMININE_ENDINGS.as_slice(),
        Gender::Feminine => MASCULINE_ENDINGS.as_slice(),
    };
    let stems = endings.iter().filter_map(|(from, to)| Some((bare.strip_suffix(from)?, to)));
    let long = stems.filter(|(stem, _)| stem.chars().count() >= 2);
    long.map(|(stem, to)| Cow::Owned(format!("{stem}{to}{tail}"))).next().unwrap_or(Cow::Borrowed(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_agrees_with_who_bears_it() {
        for (feminine, masculine) in [
            ("directrice générale adjointe", "directeur général adjoint"),
            ("Présidente-directrice générale", "Président-directeur général"),
            ("conseillère déléguée de la filière bois", "conseiller délégué de la filière bois"),
            ("cheffe d'équipe", "chef d'équipe"),
            ("responsable des ventes", "responsable des ventes"),
            ("PDG", "PDG"),
        ] {
            assert_eq!(of_gender(feminine, Gender::Masculine), masculine);
            assert_eq!(of_gender(masculine, Gender::Feminine), feminine);
        }
        // `ingénieure`, `entraîneuse`: the ending does not tell which.
        assert_eq!(of_gender("ingénieur", Gender::Feminine), "ingénieur");
    }
}
