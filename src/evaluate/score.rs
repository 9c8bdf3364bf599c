use crate::tag::EntityType;

/// What was found, missed and made up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Found and right.
    pub right: usize,
    /// Found and wrong.
    pub wrong: usize,
    /// Not found.
    pub missed: usize,
}

impl Tally {
    /// Share of what was found that is right; 0 when nothing was.
    pub fn precision(self) -> f64 {
        share(self.right, self.right + self.wrong)
    }

    /// Share of what is there that was found; 0 when nothing is.
    pub fn recall(self) -> f64 {
        share(self.right, self.right + self.missed)
    }

    /// Adds the counts of `other`.
    pub fn add(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
    }

    /// Harmonic mean of precision and recall.
    pub fn f1(self) -> f64 {
        share(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }

    /// Counts the items of `found` and `expected`, each a set without order.
    pub fn count<T: Ord>(&mut self, found: &[T], expected: &[T]) {
        let mut found: Vec<&T> = found.iter().collect();
        let mut expected: Vec<&T> = expected.iter().collect();
        for list in [&mut found, &mut expected] {
            list.sort();
            list.dedup();
        }
        let right = found.iter().filter(|item| expected.binary_search(item).is_ok()).count();
        self.right += right;
        self.wrong += found.len() - right;
        self.missed += expected.len() - right;
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// A name for scoring: first and one past the last place, and type.
pub type NameSpan = (usize, usize, EntityType);

/// Strict scores of names: a name counts when its span and type are exact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameScores {
    kinds: [Tally; EntityType::ALL.len()],
    core: Tally,
    three: Tally,
}

impl NameScores {
    /// Counts the names found in one text against those annotated.
    pub fn count(&mut self, found: &[NameSpan], expected: &[NameSpan]) {
        for (kind, tally) in EntityType::ALL.into_iter().zip(&mut self.kinds) {
            let of = |names: &[NameSpan]| names.iter().filter(|name| name.2 == kind).copied().collect::<Vec<_>>();
            tally.count(&of(found), &of(expected));
        }
        let three = |names: &[NameSpan]| {
            names.iter().filter_map(|&(start, end, kind)| Some((start, end, merged(kind)?))).collect::<Vec<_>>()
        };
        self.three.count(&three(found), &three(expected));
        let core = |names: &[NameSpan]| names.iter().filter(|n| merged(n.2).is_some()).copied().collect::<Vec<_>>();
        self.core.count(&core(found), &core(expected));
    }

    /// The score of one type.
    pub fn kind(&self, kind: EntityType) -> Tally {
        self.kinds[kind as usize]
    }

    /// All types.
    pub fn all(&self) -> Tally {
        let mut sum = Tally::default();
        self.kinds.iter().for_each(|tally| sum.add(*tally));
        sum
    }

    /// Adds the counts of `other`.
    pub fn add(&mut self, other: &Self) {
        self.kinds.iter_mut().zip(&other.kinds).for_each(|(own, other)| own.add(*other));
        self.core.add(other.core);
        self.three.add(other.three);
    }

    /// People, organisations, places and sites.
    pub fn core(&self) -> Tally {
        self.core
    }

    /// People, organisations, and places with sites among them: what systems with three classes know.
    pub fn three(&self) -> Tally {
        self.three
    }
}

/// The type where sites are places; `None` for what three classes do not know.
fn merged(kind: EntityType) -> Option<EntityType> {
    match kind {
        EntityType::Person | EntityType::Organization | EntityType::Place => Some(kind),
        EntityType::Site => Some(EntityType::Place),
        EntityType::Product | EntityType::Program | EntityType::Event => None,
    }
}
