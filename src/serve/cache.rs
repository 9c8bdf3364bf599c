//! What was made for one state of the store, kept for who asks again.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

/// A bounded number of values, all of the same state of the store; the oldest goes first.
#[derive(Debug)]
pub struct Cache<T> {
    capacity: usize,
    kept: Mutex<Kept<T>>,
}

#[derive(Debug)]
struct Kept<T> {
    /// The number of the state.
    state: u64,
    values: BTreeMap<String, Arc<T>>,
    order: VecDeque<String>,
}

impl<T> Cache<T> {
    /// A cache of at most `capacity` values.
    pub fn new(capacity: usize) -> Self {
        let kept = Kept { state: 0, values: BTreeMap::new(), order: VecDeque::new() };
        Self { capacity, kept: Mutex::new(kept) }
    }

    /// The value of `key`, if it was made for this state.
    pub fn get(&self, state: u64, key: &str) -> Option<Arc<T>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.state == state { kept.values.get(key).cloned() } else { None }
    }

    /// Keeps a value that was made for this state; values of former ones go.
    pub fn put(&self, state: u64, key: String, value: Arc<T>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.state > state {
            return;
        }
        if kept.state < state {
            *kept = Kept { state, values: BTreeMap::new(), order: VecDeque::new() };
        }
        if kept.values.insert(key.clone(), value).is_none() {
            kept.order.push_back(key);
        }
        while kept.order.len() > self.capacity {
            if let Some(oldest) = kept.order.pop_front() {
                kept.values.remove(&oldest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_with_their_state_and_when_there_are_too_many() {
        let cache = Cache::new(2);
        for (number, key) in ["a", "b", "c"].into_iter().enumerate() {
            cache.put(1, key.to_owned(), Arc::new(number));
        }
        assert_eq!((cache.get(1, "a"), cache.get(1, "c")), (None, Some(Arc::new(2))));
        assert_eq!(cache.get(2, "c"), None, "the store has changed");
        cache.put(2, "d".to_owned(), Arc::new(4));
        cache.put(1, "e".to_owned(), Arc::new(5));
        assert_eq!(
            (cache.get(1, "e"), cache.get(2, "d")),
            (None, Some(Arc::new(4))),
            "a late value of the former state"
        );
    }
}
