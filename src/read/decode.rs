use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

/// Why bytes are no text. The reader of a file adds its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Nothing but white space.
    #[error("the file is empty: give a file with the text of a release")]
    Empty,
    /// Bytes that no text encoding has.
    #[error("the file is binary, not text: convert it to plain text first")]
    Binary,
}

/// The text of `bytes`: by byte order mark, else UTF-8 where it is valid, else as detected
/// (Windows-1252, which also reads Latin-1, where nothing speaks for another encoding).
///
/// ```
/// assert_eq!(pressgraph::read::decode(b"soci\xe9t\xe9").as_deref(), Ok("société"));
/// ```
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, DecodeError> {
    let text = if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        encoding.decode(bytes).0
    } else if bytes.contains(&0) {
        return Err(DecodeError::Binary);
    } else if let Ok(text) = str::from_utf8(bytes) {
        Cow::Borrowed(text)
    } else {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(bytes, true);
        detector.guess(Some(b"fr"), Utf8Detection::Deny).decode(bytes).0
    };
    if text.trim().is_empty() {
        return Err(DecodeError::Empty);
    }
    if is_binary(&text) {
        return Err(DecodeError::Binary);
    }
    Ok(text)
}

/// As [`decode`], but bytes that are neither marked nor UTF-8 have the encoding that the head of the
/// file declares behind `key`, such as `charset=`, where it is a known one.
pub(super) fn decode_declared<'a>(bytes: &'a [u8], key: &str) -> Result<Cow<'a, str>, DecodeError> {
    if Encoding::for_bom(bytes).is_none() && str::from_utf8(bytes).is_err() {
        let head = String::from_utf8_lossy(bytes.get(..2048).unwrap_or(bytes)).to_ascii_lowercase();
        let label = head.split(key).nth(1).map(|rest| {
            let rest = rest.trim_start_matches(['"', '\'', ' ']);
            rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').next().unwrap_or("")
        });
        let declared = label.and_then(|label| Encoding::for_label(label.as_bytes()));
        if let Some(encoding) = declared.filter(|encoding| *encoding != encoding_rs::UTF_8) {
            return Ok(encoding.decode(bytes).0);
        }
    }
    decode(bytes)
}

/// Whether more than one character in a hundred of the beginning is a control character that texts do not have.
fn is_binary(text: &str) -> bool {
    if !may_have_controls(text.as_bytes()) {
        return false;
    }
    let controls = |c: &char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{85}');
    let (mut all, mut bad) = (0_usize, 0_usize);
    for c in text.chars().take(8192) {
        all += 1;
        bad += usize::from(controls(&c));
    }
    bad * 100 > all
}

/// Whether any byte can be of a control character; most texts are told at this look.
fn may_have_controls(bytes: &[u8]) -> bool {
    // U+0080 to U+009F begin with C2, as no-break spaces and guillemets do.
    let latin = memchr::memchr_iter(0xc2, bytes).any(|at| bytes.get(at + 1).is_some_and(|next| *next < 0xa0));
    let suspect = |byte: u8| byte == 0x7f || byte < 0x20 && !matches!(byte, b'\n' | b'\r' | b'\t' | 0x0c);
    latin || bytes.iter().fold(false, |any, &byte| any | suspect(byte))
}
