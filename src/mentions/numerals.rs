//! Numbers in digits and in words.

use super::words::Words;
use crate::segment::TokenKind;

/// The number that begins at token `i` and the token behind it: `1 200`, `4,1`, `vingt et un`,
/// `deux cent mille`, `une dizaine`, `1,2 million`. Ordinals are none.
pub(super) fn number(words: &Words<'_>, i: usize) -> Option<(f64, usize)> {
    let (mut value, mut at) = if words.kind(i) == Some(TokenKind::Number) {
        let (value, end) = digits(words, i)?;
        if words.is(end, &["mille"]) { (value * 1000.0, end + 1) } else { (value, end) }
    } else {
        spelled(words, i)?
    };
    if let Some(unit) = round(&words.lower(at)) {
        value *= unit;
        at += 1;
    } else if let Some(unit) = magnitude(&words.lower(at)) {
        value *= unit;
        at += 1;
    }
    Some((value, at))
}

fn digits(words: &Words<'_>, i: usize) -> Option<(f64, usize)> {
    let mut digits = words.form(i).to_owned();
    let mut end = i + 1;
    // The Swiss write 14'000.
    while words.form(end) == "'" && words.glued(end) && words.glued(end + 1) && is_group(words.form(end + 1)) {
        digits.push_str(words.form(end + 1));
        end += 2;
    }
    parse(&digits).map(|value| (value, end))
}

fn is_group(word: &str) -> bool {
    word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number token: spaces and dots part thousands, a comma decimals; so does a dot that does not
/// stand before three digits (`4.1`).
pub(super) fn parse(token: &str) -> Option<f64> {
    let plain: String = token.chars().filter(|c| *c != ' ').collect();
    if !plain.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',') {
        return None;
    }
    let number = if plain.contains(',') {
        if plain.matches(',').count() > 1 { plain.replace(',', "") } else { plain.replace('.', "").replace(',', ".") }
    } else if plain.split('.').skip(1).all(is_group) {
        plain.replace('.', "")
    } else {
        plain
    };
    number.parse().ok()
}

/// What follows a number and multiplies it.
pub(super) fn magnitude(word: &str) -> Option<f64> {
    match word {
        "million" | "millions" | "mio" => Some(1e6),
        "milliard" | "milliards" | "mrd" | "mrds" | "mds" | "md" => Some(1e9),
        _ => None,
    }
}

/// Nouns of a round number: `une dizaine`.
fn round(word: &str) -> Option<f64> {
    Some(match word.trim_end_matches('s') {
        "dizaine" => 10.0,
        "douzaine" => 12.0,
        "quinzaine" => 15.0,
        "vingtaine" => 20.0,
        "trentaine" => 30.0,
        "quarantaine" => 40.0,
        "cinquantaine" => 50.0,
        "soixantaine" => 60.0,
        "centaine" => 100.0,
        "millier" => 1000.0,
        _ => return None,
    })
}

/// A number word below a hundred.
fn small(word: &str) -> Option<f64> {
    Some(match word {
        "un" | "une" => 1.0,
        "deux" => 2.0,
        "trois" => 3.0,
        "quatre" => 4.0,
        "cinq" => 5.0,
        "six" => 6.0,
        "sept" => 7.0,
        "huit" => 8.0,
        "neuf" => 9.0,
        "dix" => 10.0,
        "onze" => 11.0,
        "douze" => 12.0,
        "treize" => 13.0,
        "quatorze" => 14.0,
        "quinze" => 15.0,
        "seize" => 16.0,
        "vingt" | "vingts" => 20.0,
        "trente" => 30.0,
        "quarante" => 40.0,
        "cinquante" => 50.0,
        "soixante" => 60.0,
        "septante" => 70.0,
        "huitante" | "octante" => 80.0,
        "nonante" => 90.0,
        _ => return None,
    })
}

/// A sum of number words under way: `deux cent trente mille` counts in `group` up to the next `mille`.
#[derive(Default)]
struct Sum {
    total: f64,
    group: f64,
    last: f64,
}

impl Sum {
    /// Adds one word; false where it is no number word or cannot go on with the number.
    fn add(&mut self, word: &str) -> bool {
        match word {
            "cent" | "cents" => {
                let hundreds = self.group.max(1.0);
                if hundreds > 9.0 {
                    return false;
                }
                self.group = hundreds * 100.0;
                self.last = 100.0;
            }
            "mille" => {
                self.total += self.group.max(1.0) * 1000.0;
                self.group = 0.0;
                self.last = 1000.0;
            }
            _ => {
                let Some(value) = small(word) else { return false };
                let fourscore = value == 20.0 && self.last == 4.0;
                if fourscore {
                    self.group += 76.0;
                } else if self.last == 0.0
                    || self.last > value && (self.last >= 20.0 || self.last == 10.0 && value > 6.0)
                {
                    self.group += value;
                } else {
                    return false;
                }
                self.last = if fourscore { 80.0 } else { value };
            }
        }
        true
    }

    fn value(&self) -> f64 {
        self.total + self.group
    }
}

fn spelled(words: &Words<'_>, i: usize) -> Option<(f64, usize)> {
    let first = words.lower(i);
    if first.is_empty()
        || first == "et"
        || !first
            .split('-')
            .all(|part| part == "et" || small(part).is_some() || part.starts_with("cent") || part == "mille")
    {
        return None;
    }
    let mut sum = Sum::default();
    let mut end = i;
    loop {
        let word = words.lower(end);
        let joined = word == "et"
            && end > i
            && words.is(end + 1, &["un", "une", "onze"])
            && sum.last >= 20.0
            && sum.last < 100.0;
        if joined {
            end += 1;
            continue;
        }
        if word.is_empty() || !word.split('-').all(|part| part == "et" || sum.add(part)) {
            break;
        }
        end += 1;
    }
    // `un` and `une` are articles unless a round number, a unit of time or money follows; the caller knows.
    (end > i).then(|| (sum.value(), end))
}
