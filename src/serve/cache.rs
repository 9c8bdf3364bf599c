//! What was made for one state of the store, kept for who asks again.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// From so many on, keys that nobody makes are forgotten.
const KEYS: usize = 256;

/// A bounded number of values, each with the number of the state of the store that it was made of; the oldest goes first.
#[derive(Debug)]
pub struct Cache<T> {
    capacity: usize,
    kept: Mutex<Kept<T>>,
}

#[derive(Debug)]
struct Kept<T> {
    values: BTreeMap<String, (u64, Arc<T>)>,
    order: VecDeque<String>,
    making: BTreeMap<String, Weak<tokio::sync::Mutex<()>>>,
}

impl<T> Cache<T> {
    /// A cache of at most `capacity` values.
    pub fn new(capacity: usize) -> Self {
        let kept = Kept { values: BTreeMap::new(), order: VecDeque::new(), making: BTreeMap::new() };
        Self { capacity, kept: Mutex::new(kept) }
    }

    fn kept(&self) -> MutexGuard<'_, Kept<T>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The value of `key`, if it was made of this state or of a later one.
    pub fn get(&self, state: u64, key: &str) -> Option<Arc<T>> {
        self.kept().values.get(key).filter(|(made, _)| *made >= state).map(|(_, value)| Arc::clone(value))
    }

    /// Keeps a value that was made of this state, unless there is one of a later state.
    pub fn put(&self, state: u64, key: String, value: Arc<T>) {
        let mut kept = self.kept();
        match kept.values.get_mut(&key) {
            Some((made, _)) if *made > state => return,
            Some(known) => {
                *known = (state, value);
                return;
            }
            None => {}
        }
        kept.values.insert(key.clone(), (state, value));
        kept.order.push_back(key);
        while kept.order.len() > self.capacity {
            if let Some(oldest) = kept.order.pop_front() {
                kept.values.remove(&oldest);
            }
        }
    }

    /// Whoever makes the value of `key` holds this lock, so that of many who ask at once one makes it for all.
    pub fn turn(&self, key: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut kept = self.kept();
        if let Some(turn) = kept.making.get(key).and_then(Weak::upgrade) {
            return turn;
        }
        if kept.making.len() >= KEYS {
            kept.making.retain(|_, turn| turn.strong_count() > 0);
        }
        let turn = Arc::default();
        kept.making.insert(key.to_owned(), Arc::downgrade(&turn));
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_of_a_state_and_go_when_there_are_too_many() {
        let cache = Cache::new(2);
        for (number, key) in ["a", "b", "c"].into_iter().enumerate() {
            cache.put(1, key.to_owned(), Arc::new(number));
        }
        assert_eq!((cache.get(1, "a"), cache.get(1, "c")), (None, Some(Arc::new(2))));
        assert_eq!(cache.get(2, "c"), None, "the store has changed");
        cache.put(2, "c".to_owned(), Arc::new(4));
        cache.put(1, "c".to_owned(), Arc::new(5));
        assert_eq!(cache.get(2, "c"), Some(Arc::new(4)), "a late value of the former state is not kept");
        assert_eq!(cache.get(1, "c"), Some(Arc::new(4)), "who asked before the change gets what is newer");
    }

    #[test]
    fn one_makes_what_many_ask_for() {
        let cache = Cache::<usize>::new(2);
        let turn = cache.turn("a");
        let held = turn.try_lock().expect("nobody else makes it");
        assert!(cache.turn("a").try_lock().is_err());
        assert!(cache.turn("b").try_lock().is_ok());
        drop(held);
        assert!(cache.turn("a").try_lock().is_ok());
    }
}
