//! How alike two names are.

use strsim::osa_distance;

use super::Signature;
use crate::entities::EntityType;

/// From 0 (other names) to 1 (the same name): initials, slips of the pen, parted words. Evidence beside the names
/// decides whether alike names are one thing.
pub fn likeness(a: &Signature, b: &Signature) -> f64 {
    if a.kind != b.kind {
        return 0.0;
    }
    if a.words == b.words {
        return 1.0;
    }
    if a.kind == EntityType::Person { persons(&a.words, &b.words) } else { others(&a.words, &b.words) }
}

fn persons(a: &[String], b: &[String]) -> f64 {
    let (Some((surname_a, given_a)), Some((surname_b, given_b))) = (a.split_last(), b.split_last()) else { return 0.0 };
    if is_shortened(a, b) || is_shortened(b, a) {
        return 0.85;
    }
    let surname = if surname_a == surname_b {
        1.0
    } else if surname_a.len().min(surname_b.len()) >= 5 && is_one_edit(surname_a, surname_b) {
        0.8
    } else {
        return 0.0;
    };
    let initials = |words: &[String]| words.iter().all(|word| word.len() == 1);
    let given = if given_a == given_b {
        1.0
    } else if given_a.is_empty() || given_b.is_empty() {
        return 0.0;
    } else if initials(given_a) || initials(given_b) {
        let first = |words: &[String]| words.iter().filter_map(|word| word.chars().next()).collect::<String>();
        let (first_a, first_b) = (first(given_a), first(given_b));
        if first_a == first_b { 0.85 } else { return 0.0 }
    } else {
        let (joined_a, joined_b) = (given_a.concat(), given_b.concat());
        let slip = joined_a.len().min(joined_b.len()) >= 5
            && is_one_edit(&joined_a, &joined_b)
            && !feminine(&joined_a, &joined_b)
            && !feminine(&joined_b, &joined_a);
        if joined_a == joined_b {
            0.97
        } else if slip && surname == 1.0 {
            0.8
        } else {
            return 0.0;
        }
    };
    surname * given
}

/// Whether one letter put in, left out or replaced, or two that change places, makes one word of another: whether their distance
/// ([`osa_distance`]) is 1.
fn is_one_edit(a: &str, b: &str) -> bool {
    if !a.is_ascii() || !b.is_ascii() {
        return osa_distance(a, b) == 1;
    }
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    while let ([x, rest_a @ ..], [y, rest_b @ ..]) = (a, b)
        && x == y
    {
        (a, b) = (rest_a, rest_b);
    }
    while let ([rest_a @ .., x], [rest_b @ .., y]) = (a, b)
        && x == y
    {
        (a, b) = (rest_a, rest_b);
    }
    match (a, b) {
        ([_], [] | [_]) | ([], [_]) => true,
        ([w, x], [y, z]) => w == z && x == y,
        _ => false,
    }
}

/// Whether `short` lacks the last part of a double surname (`Anne Morel`, `Anne Morel-Vasseur`).
fn is_shortened(short: &[String], full: &[String]) -> bool {
    let is_word = |word: &String| word.len() > 2;
    short.len() > 1 && full.len() == short.len() + 1 && full.starts_with(short) && full.iter().all(is_word)
}

/// Whether `b` is the feminine of the given name `a` (`François`, `Françoise`).
fn feminine(a: &str, b: &str) -> bool {
    b.strip_prefix(a).is_some_and(|end| matches!(end, "e" | "ne" | "le" | "te" | "ine" | "a"))
}

/// Names other than of people with fewer letters are the same only where all are.
pub(super) const SHORTEST: usize = 6;

fn others(a: &[String], b: &[String]) -> f64 {
    let has_digit = |word: &&String| word.bytes().any(|c| c.is_ascii_digit());
    if !a.iter().filter(has_digit).eq(b.iter().filter(has_digit)) {
        return 0.0;
    }
    if letters(a).eq(letters(b)) {
        return 0.97;
    }
    let len = |words: &[String]| words.iter().map(String::len).sum::<usize>();
    let shortest = len(a).min(len(b));
    // One word of several that differs by a letter is a slip; a short word that differs is another word.
    let short_word = a.len() == b.len() && a.iter().zip(b).any(|(x, y)| x != y && x.len().min(y.len()) < 5);
    if short_word || shortest < SHORTEST {
        return 0.0;
    }
    if plain(a).eq(plain(b)) {
        return 0.9;
    }
    if is_far(a, b) {
        return 0.0;
    }
    let (joined_a, joined_b) = (a.concat(), b.concat());
    let distance = osa_distance(&joined_a, &joined_b);
    if distance == 1 && shortest > 8 && is_slip(&joined_a, &joined_b) {
        0.9
    } else if distance == 1 {
        0.8
    } else if distance == 2 && shortest >= 12 {
        0.75
    } else {
        0.0
    }
}

/// The letters of the words, without the spaces.
pub(super) fn letters(words: &[String]) -> impl Iterator<Item = char> {
    words.iter().flat_map(|word| word.chars())
}

/// Whether so many letters of two spellings have none in the other that their distance is more than 2: cheaper than the
/// distance. A letter put for another takes one away and adds one.
fn is_far(a: &[String], b: &[String]) -> bool {
    let mut surplus = [0_i32; 32];
    letters(a).for_each(|c| surplus[c as usize % 32] += 1);
    letters(b).for_each(|c| surplus[c as usize % 32] -= 1);
    surplus.iter().map(|count| count.abs()).sum::<i32>() > 4
}

/// The words without the mark of the plural and without `pour`, for which others say `de`.
pub(super) fn plain(words: &[String]) -> impl Iterator<Item = &str> {
    let told = words.iter().filter(|word| *word != "pour");
    told.map(|word| if word.len() > 4 { word.trim_end_matches('s') } else { word })
}

/// Whether two spellings, at distance 1, differ by nothing but a doubled letter or two letters swapped, not the first: names
/// differ otherwise.
fn is_slip(a: &str, b: &str) -> bool {
    let squeezed = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.dedup();
        letters
    };
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    squeezed(a) == squeezed(b) || (a.chars().next() == b.chars().next() && sorted(a) == sorted(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_edit_is_a_distance_of_one() {
        let words = [
            "", "a", "ab", "ba", "aab", "abab", "baab", "morel", "morell", "mroel", "moret", "mrel", "morelé", "merol",
        ];
        for a in words {
            for b in words {
                assert_eq!(is_one_edit(a, b), osa_distance(a, b) == 1, "{a} {b}");
            }
        }
    }
}
