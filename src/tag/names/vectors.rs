use std::borrow::Cow;

use crate::model::{ModelError, ModelFile};

/// Numbers in a word's vector.
pub(crate) const DIMENSIONS: usize = 64;

/// Word vectors with two clusterings of them (`scripts/make-vectors`).
#[derive(Debug)]
pub struct WordVectors {
    /// Hashes of the words, ascending.
    keys: Vec<u32>,
    /// The vector of each key.
    rows: Vec<u16>,
    vectors: Vec<i8>,
    coarse: Vec<u16>,
    fine: Vec<u16>,
}

impl WordVectors {
    /// Reads `models/vectors.model`.
    pub fn read(name: &str, bytes: Cow<'static, [u8]>) -> Result<Self, ModelError> {
        let file = ModelFile::read(name, bytes, "vectors 1", &["keys", "rows", "vectors", "coarse", "fine"])?;
        let mut section = file.section("keys")?;
        let count = section.u32()? as usize;
        let keys = section.u32s(count)?;
        let rows = file.section("rows")?.u16s(count)?;
        let mut section = file.section("vectors")?;
        let (words, width) = (section.u32()? as usize, section.u32()? as usize);
        if width != DIMENSIONS || words > usize::from(u16::MAX) || rows.iter().any(|&row| usize::from(row) >= words) {
            return Err(section.damaged("vectors of another size"));
        }
        let vectors = section.i8s(words * width)?;
        let coarse = file.section("coarse")?.u16s(words)?;
        let fine = file.section("fine")?.u16s(words)?;
        Ok(Self { keys, rows, vectors, coarse, fine })
    }

    /// The row of a word as written, else in lower case, else with a capital.
    pub(crate) fn find(&self, word: &str, lower: &str) -> Option<usize> {
        self.find_exact(word).or_else(|| self.find_exact(lower)).or_else(|| {
            let mut letters = lower.chars();
            let capital: String = letters.next()?.to_uppercase().chain(letters).collect();
            self.find_exact(&capital)
        })
    }

    fn find_exact(&self, word: &str) -> Option<usize> {
        let hash = fnv(word.as_bytes());
        let at = self.keys.binary_search(&hash).ok()?;
        self.rows.get(at).map(|&row| usize::from(row))
    }

    /// The vector in a row, each number an 8-bit step.
    pub(crate) fn vector(&self, row: usize) -> &[i8] {
        self.vectors.get(row * DIMENSIONS..(row + 1) * DIMENSIONS).unwrap_or(&[])
    }

    /// The clusters of a row, among 128 and among 1,024.
    pub(crate) fn clusters(&self, row: usize) -> (u16, u16) {
        (self.coarse.get(row).copied().unwrap_or(0), self.fine.get(row).copied().unwrap_or(0))
    }
}

/// FNV-1a, its upper 32 bits.
fn fnv(bytes: &[u8]) -> u32 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for &byte in bytes {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    u32::try_from(hash >> 32).unwrap_or(0)
}
