use std::borrow::Cow;

use super::{Builder, Container, ContainerError};

/// What the checksum of nothing is.
const EMPTY_SUM: u64 = 0xcbf2_9ce4_8422_2325;

/// The section that says what a model is.
const KIND: &str = "kind";

/// The section with the checksum of those named in its first lines.
const CHECKSUM: &str = "checksum";

/// Why a model could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// It is no container of sections.
    #[error("model {name}: {source}")]
    Container {
        /// What was read.
        name: String,
        /// What is wrong.
        source: ContainerError,
    },
    /// Made for something else, or by another version of the program.
    #[error("model {name}: it is `{found}`, this program reads `{expected}`: train it anew with `pressgraph train`")]
    Kind {
        /// What was read.
        name: String,
        /// What the file says it is.
        found: String,
        /// What this program needs.
        expected: String,
    },
    /// Changed or inconsistent.
    #[error("model {name}: damaged ({what}): copy it again or train it anew with `pressgraph train`")]
    Damaged {
        /// What was read.
        name: String,
        /// What is wrong with it.
        what: &'static str,
    },
}

/// A model file that knows what it is: a [`Container`] with a kind, a version and a checksum over the sections that
/// hold its numbers. Integers and floats are little-endian.
#[derive(Clone, Debug)]
pub struct ModelFile {
    name: String,
    container: Container,
}

impl ModelFile {
    /// Reads the model `name` from `bytes`; it must be `kind` (such as `names 1`) and have all of `sections`.
    pub fn read(name: &str, bytes: Cow<'static, [u8]>, kind: &str, sections: &[&str]) -> Result<Self, ModelError> {
        let wrong = |source| ModelError::Container { name: name.to_owned(), source };
        let container = Container::parse(bytes).map_err(wrong)?;
        let found = String::from_utf8_lossy(container.section(KIND).map_err(wrong)?).into_owned();
        if found != kind {
            return Err(ModelError::Kind { name: name.to_owned(), found, expected: kind.to_owned() });
        }
        let mut sum = EMPTY_SUM;
        for section in sections {
            sum = checksum(sum, container.section(section).map_err(wrong)?);
        }
        if container.section(CHECKSUM).map_err(wrong)? != sum.to_le_bytes() {
            return Err(ModelError::Damaged { name: name.to_owned(), what: "the checksum differs" });
        }
        Ok(Self { name: name.to_owned(), container })
    }

    /// What the model was made from: JSON with corpora, licences, scores, seed, options.
    pub fn provenance(&self) -> &str {
        self.container.provenance()
    }

    /// A reader over the section of that name.
    pub fn section(&self, section: &str) -> Result<Reader<'_>, ModelError> {
        match self.container.section(section) {
            Ok(bytes) => Ok(Reader::new(&self.name, bytes)),
            Err(source) => Err(ModelError::Container { name: self.name.clone(), source }),
        }
    }
}

/// Reads numbers from a section of a model, each length checked.
#[derive(Debug)]
pub struct Reader<'a> {
    name: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn new(name: &'a str, bytes: &'a [u8]) -> Self {
        Self { name, bytes, at: 0 }
    }

    /// An error that says what is wrong with this model.
    pub fn damaged(&self, what: &'static str) -> ModelError {
        ModelError::Damaged { name: self.name.to_owned(), what }
    }

    /// The next `length` bytes.
    pub fn bytes(&mut self, length: usize) -> Result<&'a [u8], ModelError> {
        let end = self.at.checked_add(length);
        let taken = end.and_then(|end| self.bytes.get(self.at..end)).ok_or_else(|| self.damaged("cut short"))?;
        self.at += length;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ModelError> {
        let bytes = self.bytes(N)?;
        bytes.try_into().map_err(|_| self.damaged("cut short"))
    }

    /// The next number.
    pub fn u32(&mut self) -> Result<u32, ModelError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    /// The next number.
    pub fn u64(&mut self) -> Result<u64, ModelError> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// The next `count` numbers.
    pub fn u32s(&mut self, count: usize) -> Result<Vec<u32>, ModelError> {
        let length = count.checked_mul(4).ok_or_else(|| self.damaged("a length is too big"))?;
        // Invariant: chunks_exact gives four bytes each.
        Ok(self.bytes(length)?.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
    }

    /// The next `count` numbers.
    pub fn u16s(&mut self, count: usize) -> Result<Vec<u16>, ModelError> {
        let length = count.checked_mul(2).ok_or_else(|| self.damaged("a length is too big"))?;
        // Invariant: chunks_exact gives two bytes each.
        Ok(self.bytes(length)?.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect())
    }

    /// The next `count` numbers; all must be finite.
    pub fn f32s(&mut self, count: usize) -> Result<Vec<f32>, ModelError> {
        let numbers: Vec<f32> = self.u32s(count)?.into_iter().map(f32::from_bits).collect();
        if numbers.iter().all(|n| n.is_finite()) { Ok(numbers) } else { Err(self.damaged("a weight is no number")) }
    }

    /// The next `count` small numbers.
    pub fn i8s(&mut self, count: usize) -> Result<Vec<i8>, ModelError> {
        Ok(self.bytes(count)?.iter().map(|&b| i8::from_le_bytes([b])).collect())
    }

    /// Whether all has been read.
    pub fn is_at_end(&self) -> bool {
        self.at == self.bytes.len()
    }
}

/// The bytes of a model file of `kind` with these `sections`, made from what `provenance` (JSON) says.
pub fn write_model(kind: &str, provenance: &str, sections: Vec<(&str, Vec<u8>)>) -> Vec<u8> {
    let sum = sections.iter().fold(EMPTY_SUM, |sum, (_, bytes)| checksum(sum, bytes));
    let mut builder = Builder::new(provenance).section(KIND, kind.as_bytes().to_vec());
    for (name, bytes) in sections {
        builder = builder.section(name, bytes);
    }
    builder.section(CHECKSUM, sum.to_le_bytes().to_vec()).finish()
}

/// Appends a number to a section.
pub fn put_u32(out: &mut Vec<u8>, number: u32) {
    out.extend_from_slice(&number.to_le_bytes());
}

/// Appends a length to a section. Models are far smaller than 4 GiB.
pub fn put_length(out: &mut Vec<u8>, length: usize) {
    put_u32(out, u32::try_from(length).unwrap_or(u32::MAX));
}

/// Appends numbers to a section.
pub fn put_f32s(out: &mut Vec<u8>, numbers: &[f32]) {
    for number in numbers {
        out.extend_from_slice(&number.to_le_bytes());
    }
}

/// Goes on with a checksum over words of eight bytes, after FNV-1a.
fn checksum(sum: u64, bytes: &[u8]) -> u64 {
    let mut sum = sum;
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        // Invariant: a chunk has at most eight bytes.
        word[..chunk.len()].copy_from_slice(chunk);
        sum = (sum ^ u64::from_le_bytes(word)).wrapping_mul(0x0100_0000_01b3).rotate_left(23);
    }
    sum
}
