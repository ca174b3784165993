//! A device for tests: a store in memory that can be shared, blocked or full, clocks that obey, and
//! numbers that count.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use shelfwise_host::surroundings::{Clock, Entropy, Store, StoreError};

/// Shared by the tabs of a test.
#[derive(Clone, Default)]
pub struct Device {
    pub content: Rc<RefCell<BTreeMap<String, String>>>,
    pub now_ms: Rc<Cell<i64>>,
    /// By how much the wall clock is ahead of the monotonic one.
    pub ahead_ms: Rc<Cell<i64>>,
    pub blocked: Rc<Cell<bool>>,
    /// Most characters; 0 = no bound.
    pub room: Rc<Cell<usize>>,
    pub accesses: Rc<Cell<u32>>,
    numbers: Rc<Cell<u64>>,
}

impl Device {
    /// A device on 14 November 2023.
    pub fn new() -> Self {
        let device = Self::default();
        device.now_ms.set(1_700_000_000_000);
        device
    }

    pub fn wait_s(&self, seconds: i64) {
        self.now_ms.set(self.now_ms.get() + seconds * 1000);
    }

    pub fn keys_of(&self, prefix: &str) -> Vec<String> {
        self.content.borrow().keys().filter(|key| key.starts_with(prefix)).cloned().collect()
    }

    pub fn used(&self) -> usize {
        self.content.borrow().iter().map(|(key, text)| key.len() + text.len()).sum()
    }

    fn access(&self) -> Result<(), StoreError> {
        self.accesses.set(self.accesses.get() + 1);
        if self.blocked.get() { Err(StoreError::Blocked) } else { Ok(()) }
    }
}

impl Clock for Device {
    fn now_ms(&self) -> i64 {
        self.now_ms.get() + self.ahead_ms.get()
    }
    fn monotonic_ms(&self) -> i64 {
        self.now_ms.get() - 1_690_000_000_000
    }
}

impl Entropy for Device {
    fn next_u64(&mut self) -> u64 {
        self.numbers.set(self.numbers.get() + 1);
        self.numbers.get()
    }
}

impl Store for Device {
    fn keys(&self) -> Result<Vec<String>, StoreError> {
        self.access()?;
        Ok(self.content.borrow().keys().cloned().collect())
    }
    fn get(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.access()?;
        Ok(self.content.borrow().get(key).cloned())
    }
    fn set(&mut self, key: &str, text: &str) -> Result<(), StoreError> {
        self.access()?;
        let before = self.content.borrow().get(key).map_or(0, |text| key.len() + text.len());
        if self.room.get() > 0 && self.used() - before + key.len() + text.len() > self.room.get() {
            return Err(StoreError::Full);
        }
        self.content.borrow_mut().insert(key.to_owned(), text.to_owned());
        Ok(())
    }
    fn remove(&mut self, key: &str) -> Result<(), StoreError> {
        self.access()?;
        self.content.borrow_mut().remove(key);
        Ok(())
    }
}
