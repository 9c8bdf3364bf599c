use crate::tag::EntityType;

/// Number of labels: outside, and begin, inside, end and single of each type (the BIOES scheme).
pub(crate) const LABELS: usize = 1 + 4 * EntityType::ALL.len();

/// Labels with padding, so that sums over them run in whole vector registers.
pub(crate) const LANES: usize = 32;

/// Scores of all labels.
pub(crate) type Scores = [f32; LANES];

/// The label of a token outside all names.
pub(crate) const OUTSIDE: usize = 0;

/// Position of a token in a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Position {
    Begin,
    Inside,
    End,
    Single,
}

/// The label of a token at `position` in a name of `kind`.
pub(crate) fn label(kind: EntityType, position: Position) -> usize {
    1 + 4 * kind as usize + position as usize
}

/// The type and position of a label; `None` outside names.
pub(crate) fn part(label: usize) -> Option<(EntityType, Position)> {
    let within = label.checked_sub(1)?;
    let position = match within % 4 {
        0 => Position::Begin,
        1 => Position::Inside,
        2 => Position::End,
        _ => Position::Single,
    };
    EntityType::ALL.get(within / 4).map(|&kind| (kind, position))
}

/// Scores of the steps from one label to the next. Where no name is open, a step depends on whether
/// the token before ended a name; within a name, on its type and position.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Transitions {
    /// Into each label that may follow a finished token, after `[outside, the end of a name]`.
    pub(crate) after: [Scores; 2],
    /// From begin and inside to inside and end of the same type: `[begin→inside, begin→end, inside→inside, inside→end]`.
    pub(crate) within: [[f32; 4]; EntityType::ALL.len()],
}

impl Transitions {
    /// How many numbers [`Transitions::to_numbers`] gives.
    pub(crate) const NUMBERS: usize = 2 * LANES + 4 * EntityType::ALL.len();

    /// All scores nought.
    pub(crate) fn zero() -> Self {
        Self { after: [[0.0; LANES]; 2], within: [[0.0; 4]; EntityType::ALL.len()] }
    }

    /// All scores in a fixed order.
    pub(crate) fn to_numbers(&self) -> Vec<f32> {
        self.after.as_flattened().iter().chain(self.within.as_flattened()).copied().collect()
    }

    /// The inverse of [`Transitions::to_numbers`]; missing numbers are nought.
    pub(crate) fn from_numbers(numbers: &[f32]) -> Self {
        let mut out = Self::zero();
        let places = out.after.as_flattened_mut().iter_mut().chain(out.within.as_flattened_mut());
        for (place, number) in places.zip(numbers) {
            *place = *number;
        }
        out
    }
}
