/// What language a text is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// French.
    French,
    /// Another one, by its name in English.
    Other(&'static str),
    /// Too short or too mixed to tell.
    Unknown,
}

/// How many bytes are looked at: more does not change the answer.
const SAMPLE: usize = 20_000;

/// The language of `text`, from its beginning.
///
/// ```
/// use pressgraph::read::{Language, language};
/// let text = "The company announced today that it has signed an agreement with its partners in Europe.";
/// assert_eq!(language(text), Language::Other("English"));
/// ```
pub fn language(text: &str) -> Language {
    let sample = text.get(..text.floor_char_boundary(SAMPLE)).unwrap_or(text);
    if is_plainly_french(sample) {
        return Language::French;
    }
    match whatlang::detect(sample) {
        Some(info) if info.lang() == whatlang::Lang::Fra => Language::French,
        Some(info) if info.is_reliable() => Language::Other(info.lang().eng_name()),
        _ => Language::Unknown,
    }
}

/// Words that are frequent in French and in no other language, taken together.
const FRENCH: [&str; 24] = [
    "les", "des", "une", "dans", "pour", "est", "du", "et", "aux", "avec", "sur", "qui", "ces", "par", "au", "ses",
    "sont", "leur", "ont", "ce", "cet", "nous", "elle", "lors",
];

/// Words looked at to tell plain French.
const WORDS: usize = 250;

/// Whether a text is French beyond doubt: most releases are, and this is a hundred times faster
/// than to weigh all languages.
fn is_plainly_french(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).take(WORDS);
    let (mut all, mut french, mut distinct) = (0, 0, 0_u32);
    for word in words {
        all += 1;
        // The words above have two to four letters.
        if word.len() > 4 || word.len() < 2 {
            continue;
        }
        if let Some(index) = FRENCH.iter().position(|own| *own == word) {
            french += 1;
            distinct |= 1 << index;
        }
    }
    // Catalan has `les` and `des` too, so one word alone does not tell.
    french >= 10 && french * 10 >= all && distinct.count_ones() >= 5
}

#[cfg(test)]
mod tests {
    use super::is_plainly_french;

    #[test]
    fn only_french_is_plainly_french() {
        let french = "La société annonce une hausse des ventes dans les pays du Nord et du Sud, avec une marge qui progresse \
            sur les marchés ; les résultats sont portés par la demande pour des produits qui est au plus haut.";
        assert!(is_plainly_french(french));
        for other in [
            "The company announced today that it has signed an agreement with its partners in Europe. ",
            "La empresa anuncia que las ventas de la división crecen por la demanda de los mercados del norte. ",
            "L'empresa anuncia que les vendes dels mercats han crescut per la demanda de les regions del nord. ",
            "A empresa anuncia que as vendas dos mercados cresceram com a procura nas regiões do norte do país. ",
        ] {
            assert!(!is_plainly_french(&other.repeat(10)), "{other}");
        }
    }
}
