//! What is said of one subject, in one piece of memory.

use super::Property;

/// The properties of a subject with their values, packed one after the other: number of the property, length of the value in
/// bytes (four digits of seven bits, the lowest first) and value. All is text, so that no value need be checked when it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told(String);

/// How many bytes stand before a value.
const HEAD: usize = 5;

impl Told {
    /// Copies what [`Told::as_bytes`] gave; nothing of what is no text.
    pub fn from_bytes(packed: &[u8]) -> Self {
        Self(std::str::from_utf8(packed).unwrap_or_default().to_owned())
    }

    /// As it is stored.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a value, which may be there already.
    pub fn push(&mut self, property: Property, value: &str) {
        self.0.reserve(HEAD + value.len());
        self.0.push(char::from(property as u8));
        self.0.extend((0..4).map(|digit| char::from((value.len() >> (7 * digit) & 127) as u8)));
        self.0.push_str(value);
    }

    /// Makes room for these values.
    pub(super) fn reserve<'v>(&mut self, values: impl Iterator<Item = &'v str>) {
        self.0.reserve_exact(values.map(|value| HEAD + value.len()).sum());
    }

    /// All properties with their values.
    pub fn iter(&self) -> impl Iterator<Item = (Property, &str)> {
        properties(&self.0)
    }

    /// The values of a property.
    pub fn get(&self, property: Property) -> impl Iterator<Item = &str> {
        values(&self.0).filter(move |(own, _)| *own == property as u8).map(|(_, value)| value)
    }

    /// The first value of a property.
    pub fn first(&self, property: Property) -> Option<&str> {
        self.get(property).next()
    }

    /// Whether the property has the value.
    pub fn has(&self, property: Property, value: &str) -> bool {
        self.get(property).any(|known| known == value)
    }

    /// Whether the property has the value and no other.
    pub fn is_only(&self, property: Property, value: &str) -> bool {
        let mut known = self.get(property);
        known.next() == Some(value) && known.next().is_none()
    }

    /// Takes away the values that `is_kept` does not hold of.
    pub fn retain(&mut self, is_kept: impl Fn(Property, &str) -> bool) {
        if self.iter().all(|(property, value)| is_kept(property, value)) {
            return;
        }
        let mut kept = Self(String::with_capacity(self.0.len()));
        for (property, value) in self.iter().filter(|(property, value)| is_kept(*property, value)) {
            kept.push(property, value);
        }
        *self = kept;
    }

    /// Gives back memory that is not used.
    pub(super) fn shrink(&mut self) {
        self.0.shrink_to_fit();
    }
}

/// Reads what [`Told`] packs, as far as it is whole.
pub fn unpacked(packed: &[u8]) -> impl Iterator<Item = (Property, &str)> {
    properties(std::str::from_utf8(packed).unwrap_or_default())
}

fn properties(packed: &str) -> impl Iterator<Item = (Property, &str)> {
    values(packed).map_while(|(property, value)| Some((*Property::ALL.get(usize::from(property))?, value)))
}

/// The same without a look at the properties.
fn values(packed: &str) -> impl Iterator<Item = (u8, &str)> {
    let mut rest = packed;
    std::iter::from_fn(move || {
        let [property, length @ ..] = rest.as_bytes().first_chunk::<HEAD>()?;
        let length = length.iter().rev().fold(0, |length, digit| length << 7 | usize::from(*digit));
        let value = rest.get(HEAD..HEAD + length)?;
        rest = &rest[HEAD + length..]; // Invariant: a value ends there.
        Some((*property, value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_packed_by_their_numbers() {
        for (number, property) in Property::ALL.into_iter().enumerate() {
            assert_eq!(property as usize, number);
        }
        let statements = [(Property::Name, "Hydravel"), (Property::OtherName, ""), (Property::Within, "é")];
        let mut told = Told::default();
        statements.iter().for_each(|(property, value)| told.push(*property, value));
        assert_eq!(told.iter().collect::<Vec<_>>(), statements);
        told.retain(|property, _| property != Property::OtherName);
        assert_eq!(told.iter().collect::<Vec<_>>(), [statements[0], statements[2]]);
        assert_eq!(unpacked(told.as_bytes()).collect::<Vec<_>>(), told.iter().collect::<Vec<_>>());
        assert_eq!(unpacked(&[1, 9, 0, 0, 0, 65]).count(), 0);
        let long = "é".repeat(70_000);
        told.push(Property::Text, &long);
        assert_eq!(told.first(Property::Text), Some(long.as_str()));
    }
}
