/// A date as precise as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartialDate {
    /// The year, such as 2024.
    pub year: i32,
    /// The month, from 1 to 12.
    pub month: Option<u8>,
    /// The day of the month, from 1; only with a month.
    pub day: Option<u8>,
}

impl std::fmt::Display for PartialDate {
    /// ISO 8601: `2024`, `2024-05` or `2024-05-17`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
            if let Some(day) = self.day {
                write!(f, "-{day:02}")?;
            }
        }
        Ok(())
    }
}
