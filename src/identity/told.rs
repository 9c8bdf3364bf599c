//! What is said of one subject, in one piece of memory.

use super::Property;

/// The properties of a subject with their values, packed one after the other: number of the property, length in bytes (four,
/// the lowest first) and value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told(Vec<u8>);

impl Told {
    /// Copies what [`Told::as_bytes`] gave.
    pub fn from_bytes(packed: &[u8]) -> Self {
        Self(packed.to_vec())
    }

    /// As it is stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a value, which may be there already.
    pub fn push(&mut self, property: Property, value: &str) {
        self.0.reserve(5 + value.len());
        self.0.push(property as u8);
        self.0.extend_from_slice(&(value.len() as u32).to_le_bytes());
        self.0.extend_from_slice(value.as_bytes());
    }

    /// All properties with their values.
    pub fn iter(&self) -> impl Iterator<Item = (Property, &str)> {
        unpacked(&self.0)
    }

    /// The values of a property.
    pub fn get(&self, property: Property) -> impl Iterator<Item = &str> {
        self.bytes(property).filter_map(|value| std::str::from_utf8(value).ok())
    }

    fn bytes(&self, property: Property) -> impl Iterator<Item = &[u8]> {
        values(&self.0).filter(move |(own, _)| *own == property as u8).map(|(_, value)| value)
    }

    /// The first value of a property.
    pub fn first(&self, property: Property) -> Option<&str> {
        self.get(property).next()
    }

    /// Whether the property has the value.
    pub fn has(&self, property: Property, value: &str) -> bool {
        self.bytes(property).any(|known| known == value.as_bytes())
    }

    /// Whether the property has the value and no other.
    pub fn is_only(&self, property: Property, value: &str) -> bool {
        let mut known = self.bytes(property);
        known.next() == Some(value.as_bytes()) && known.next().is_none()
    }

    /// Takes away the values that `is_kept` does not hold of.
    pub fn retain(&mut self, is_kept: impl Fn(Property, &str) -> bool) {
        if self.iter().all(|(property, value)| is_kept(property, value)) {
            return;
        }
        let mut kept = Self(Vec::with_capacity(self.0.len()));
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
    values(packed).map_while(|(property, value)| {
        Some((*Property::ALL.get(usize::from(property))?, std::str::from_utf8(value).ok()?))
    })
}

/// The same without a look at properties and values.
fn values(packed: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = packed;
    std::iter::from_fn(move || {
        let (property, behind) = rest.split_first()?;
        let (length, behind) = behind.split_first_chunk::<4>()?;
        let (value, behind) = behind.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        rest = behind;
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
        assert_eq!(unpacked(&[1, 9, 0, 0, 0, 65]).count(), 0);
    }
}
