//! Near-copies of texts: word shingles, compared by MinHash (A. Broder: On the resemblance and
//! containment of documents, 1997), found by bands of equal hashes (locality-sensitive hashing).

/// Words of a shingle.
const WORDS: usize = 4;
/// Equal bands make two texts candidates.
const BANDS: usize = 4;
/// Hashes of a band.
const ROWS: usize = 4;
/// From this share of common shingles on, a text is a copy of another.
const RESEMBLANCE: f64 = 0.85;

/// What is compared of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shingles {
    /// The hashes of its shingles, sorted, each once. Half of each: enough to tell those of two texts apart, and many releases
    /// are kept at a time.
    hashes: Vec<u32>,
    /// The hashes of its numbers, likewise: releases from one form (`nombre de droits de vote au 31 mai`) differ in little
    /// else, and are no copies.
    numbers: Vec<u32>,
    bands: [u64; BANDS],
}

impl Shingles {
    /// The shingles of `text`. Case, punctuation and line breaks do not count.
    pub(super) fn new(text: &str) -> Self {
        let lower = text.to_lowercase();
        let words: Vec<u64> = words(&lower).map(hash).collect();
        let mut hashes: Vec<u64> = if words.len() < WORDS {
            vec![words.iter().fold(0, |all, word| mix(all ^ word))]
        } else {
            words
                .windows(WORDS)
                .map(|window| window.iter().fold(0_u64, |all, word| mix(all.rotate_left(7) ^ word)))
                .collect()
        };
        hashes.sort_unstable();
        hashes.dedup();
        let numbers: Vec<u64> =
            self::words(&lower).filter(|word| word.contains(|c: char| c.is_ascii_digit())).map(hash).collect();
        Self { bands: bands(&hashes), hashes: halves(&hashes), numbers: halves(&numbers) }
    }

    /// The hashes of the bands: two texts that share none are no copies.
    pub(super) fn bands(&self) -> [u64; BANDS] {
        self.bands
    }

    /// Whether one text is a copy of the other: nearly all shingles, and the numbers, in common.
    pub(super) fn resemble(&self, other: &Self) -> bool {
        share(&self.hashes, &other.hashes) >= RESEMBLANCE && share(&self.numbers, &other.numbers) >= RESEMBLANCE
    }
}

/// The bands of a text with these shingles.
fn bands(hashes: &[u64]) -> [u64; BANDS] {
    let mut bands = [0; BANDS];
    for (index, band) in bands.iter_mut().enumerate() {
        for row in 0..ROWS {
            let seed = mix((index * ROWS + row) as u64 + 1);
            let least = hashes.iter().map(|hash| mix(hash ^ seed)).min().unwrap_or(0);
            *band = mix(*band ^ least);
        }
        // The same minima in another band are another band.
        *band = mix(*band ^ index as u64);
    }
    bands
}

/// The upper halves, sorted, each once.
fn halves(hashes: &[u64]) -> Vec<u32> {
    let mut halves: Vec<u32> = hashes.iter().map(|hash| (mix(*hash) >> 32) as u32).collect();
    halves.sort_unstable();
    halves.dedup();
    halves.shrink_to_fit();
    halves
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The share of what is in both of what is in either (Jaccard); 1 for two empty sets.
fn share(a: &[u32], b: &[u32]) -> f64 {
    let (mut i, mut j, mut common) = (0, 0, 0_usize);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        common += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    let all = a.len() + b.len() - common;
    if all == 0 { 1.0 } else { common as f64 / all as f64 }
}

/// FNV-1a: the same on all machines and in all versions.
fn hash(word: &str) -> u64 {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood, 2014).
fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: usize) -> String {
        (0..words).map(|i| format!("mot{} ", (b'a' + (i % 26) as u8) as char).repeat(1 + i % 3)).collect()
    }

    fn long(replace: &[(usize, &str)]) -> String {
        let mut words: Vec<String> =
            (0..300_u32).map(|i| format!("terme{}", (b'a' + (mix(u64::from(i)) % 26) as u8) as char)).collect();
        for (at, word) in replace {
            words[*at] = (*word).to_owned();
        }
        words.join(" ")
    }

    #[test]
    fn a_changed_word_or_layout_is_a_copy() {
        let original = Shingles::new(&long(&[]));
        let other = Shingles::new(&long(&[(100, "autre")]).to_uppercase().replace(' ', " -\n"));
        assert!(original.resemble(&other));
        assert!(original.bands().iter().any(|band| other.bands().contains(band)));
    }

    #[test]
    fn other_numbers_or_other_words_are_no_copy() {
        let mai = Shingles::new(&long(&[(5, "31"), (6, "mai"), (100, "12345")]));
        let juin = Shingles::new(&long(&[(5, "30"), (6, "juin"), (100, "54321")]));
        assert!(!mai.resemble(&juin));
        let every_tenth: Vec<(usize, &str)> = (0..30).map(|i| (i * 10, "autre")).collect();
        assert!(!Shingles::new(&long(&[])).resemble(&Shingles::new(&long(&every_tenth))));
    }

    #[test]
    fn short_and_empty_texts_have_bands() {
        assert_eq!(Shingles::new("").bands(), Shingles::new(" …").bands());
        assert_ne!(Shingles::new("un").bands(), Shingles::new("deux").bands());
        assert!(!text(10).is_empty());
    }
}
