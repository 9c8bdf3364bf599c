use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// `text` in lower case without accents, for comparisons.
///
/// ```
/// assert_eq!(pressgraph::text::fold("Élodie"), "elodie");
/// ```
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'œ' | 'Œ' => out.push_str("oe"),
            c => match latin(c) {
                Some(plain) => out.push(plain),
                None => return decompose(text),
            },
        }
    }
    out
}

/// `text` in lower case as [`str::to_lowercase`] gives it, faster for French.
pub(crate) fn lower(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\0'..='\x7f' => out.push(c.to_ascii_lowercase()),
            // Latin-1: the small letters stand behind the capitals; the rest, like general punctuation, has no case.
            'À'..='Ö' | 'Ø'..='Þ' => out.push(char::from_u32(c as u32 + 0x20).unwrap_or(c)),
            '\u{80}'..='ÿ' | '\u{2000}'..='\u{20ff}' => out.push(c),
            // Its lower case depends on where it stands.
            'Σ' => return text.to_lowercase(),
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// The folded character of ASCII and Latin-1, which are nearly all that French has.
fn latin(c: char) -> Option<char> {
    Some(match c {
        '\0'..='\x7f' => c.to_ascii_lowercase(),
        'À'..='Å' | 'à'..='å' => 'a',
        'Ç' | 'ç' => 'c',
        'È'..='Ë' | 'è'..='ë' => 'e',
        'Ì'..='Ï' | 'ì'..='ï' => 'i',
        'Ñ' | 'ñ' => 'n',
        'Ò'..='Ö' | 'ò'..='ö' => 'o',
        'Ù'..='Ü' | 'ù'..='ü' => 'u',
        'Ý' | 'ý' | 'ÿ' => 'y',
        '«' | '»' | '°' | '–' | '—' | '…' | '€' => c,
        _ => return None,
    })
}

/// The same by the decompositions of Unicode.
fn decompose(text: &str) -> String {
    text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect::<String>().replace('œ', "oe")
}

#[cfg(test)]
mod tests {
    use super::{decompose, fold, lower};

    #[test]
    fn the_short_way_lowers_as_unicode_does() {
        for c in '\0'..'\u{3000}' {
            let text = format!("ÉA{c} {c}É");
            assert_eq!(lower(&text), text.to_lowercase(), "{c:?}");
        }
    }

    #[test]
    fn the_short_way_folds_as_unicode_does() {
        for c in ('\0'..'\u{250}').chain('\u{2000}'..'\u{2100}') {
            let text = format!("Aé{c}");
            assert_eq!(fold(&text), decompose(&text), "{c:?}");
        }
    }
}
