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
    match whatlang::detect(sample) {
        Some(info) if info.lang() == whatlang::Lang::Fra => Language::French,
        Some(info) if info.is_reliable() => Language::Other(info.lang().eng_name()),
        _ => Language::Unknown,
    }
}
