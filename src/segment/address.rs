//! Web and e-mail addresses.

use super::scan::{self, Class};

/// The end of the web address that begins at `at`.
pub(super) fn url(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes().get(at..)?;
    let starts =
        |prefix: &str| bytes.get(..prefix.len()).is_some_and(|own| own.eq_ignore_ascii_case(prefix.as_bytes()));
    if !matches!(bytes.first(), Some(b'h' | b'H' | b'w' | b'W')) {
        return None;
    }
    let prefix = ["http://", "https://", "www."].into_iter().find(|prefix| starts(prefix))?;
    let rest = text.get(at..)?;
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '«' | '»' | '"')).unwrap_or(rest.len());
    let address = rest[..end].trim_end_matches(['(', ')', '[', ']', ',', '.', ';', ':', '!', '?', '\'', '’', '”', '…']);
    (address.len() > prefix.len()).then_some(at + address.len())
}

/// The e-mail addresses of a text, found from their `@` as the tokeniser goes.
#[derive(Debug)]
pub(super) struct Mails<'a> {
    text: &'a str,
    /// Where the next address begins and ends; `None` when there is none left.
    next: Option<(usize, usize)>,
}

impl<'a> Mails<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, next: find(text, 0) }
    }

    /// The end of the address that begins at `at`.
    pub(super) fn at(&mut self, at: usize) -> Option<usize> {
        loop {
            let (start, end) = self.next?;
            if at < start {
                return None;
            }
            self.next = find(self.text, end);
            if at == start {
                return Some(end);
            }
        }
    }
}

/// The first e-mail address whose `@` stands at or behind `from`: start and end.
fn find(text: &str, from: usize) -> Option<(usize, usize)> {
    for sign in memchr::memchr_iter(b'@', text.as_bytes().get(from..)?) {
        let sign = from + sign;
        let local = text
            .get(from..sign)?
            .chars()
            .rev()
            .take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '+' | '-'));
        let start = sign - local.map(char::len_utf8).sum::<usize>();
        if let Some(end) = domain(text, sign + 1).filter(|_| start < sign) {
            return Some((start, end));
        }
    }
    None
}

/// The end of the domain that begins at `at`: at least two labels of letters, digits and hyphens.
fn domain(text: &str, at: usize) -> Option<usize> {
    let label = |from: usize| {
        let mut at = from;
        while let Some((class, length)) = scan::class_at(text, at) {
            if !matches!(class, Class::Letter | Class::Digit) && !matches!(text.as_bytes()[at], b'-' | b'_') {
                break;
            }
            at += length;
        }
        (at > from).then_some(at)
    };
    let mut end = label(at)?;
    let mut labels = 1;
    while text.as_bytes().get(end) == Some(&b'.') {
        let Some(next) = label(end + 1) else { break };
        end = next;
        labels += 1;
    }
    (labels > 1).then_some(end)
}
