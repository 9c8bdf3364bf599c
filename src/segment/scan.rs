//! Classes of characters, looked up by byte where the text is ASCII.

use unicode_normalization::char::is_combining_mark;

/// What a character is to the tokeniser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// White space within a line.
    Space,
    /// A line feed.
    Break,
    /// A letter, or a mark that combines with one.
    Letter,
    /// A digit of ASCII.
    Digit,
    /// Anything else.
    Other,
}

const ASCII: [Class; 128] = {
    let mut table = [Class::Other; 128];
    let mut byte = 0;
    while byte < 128 {
        let c = byte as u8;
        if c == b'\n' {
            table[byte] = Class::Break;
        } else if c == b' ' || (c >= 9 && c <= 13) {
            table[byte] = Class::Space;
        } else if c.is_ascii_alphabetic() {
            table[byte] = Class::Letter;
        } else if c.is_ascii_digit() {
            table[byte] = Class::Digit;
        }
        byte += 1;
    }
    table
};

fn class(c: char) -> Class {
    match c {
        // The accented letters of Latin-1 and Latin Extended-A, without × and ÷.
        '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{17F}' => Class::Letter,
        c if c.is_alphabetic() || is_combining_mark(c) => Class::Letter,
        c if c.is_whitespace() => Class::Space,
        _ => Class::Other,
    }
}

/// The class of the character at byte `at`, and its length; `None` at the end of the text.
pub(super) fn class_at(text: &str, at: usize) -> Option<(Class, usize)> {
    let byte = *text.as_bytes().get(at)?;
    if let Some(class) = ASCII.get(usize::from(byte)) {
        return Some((*class, 1));
    }
    let c = text.get(at..)?.chars().next()?;
    Some((class(c), c.len_utf8()))
}

/// The end of the run of letters and digits that begins at `at`.
pub(super) fn letters_end(text: &str, mut at: usize) -> usize {
    while let Some((Class::Letter | Class::Digit, length)) = class_at(text, at) {
        at += length;
    }
    at
}

/// The end of the run of white space, line feeds among it, that begins at `at`.
pub(super) fn white_space_end(text: &str, mut at: usize) -> usize {
    while let Some((Class::Space | Class::Break, length)) = class_at(text, at) {
        at += length;
    }
    at
}
