//! The journal: events in `localStorage`, shared by tabs that cannot lock it.
//!
//! Every page instance writes only its own segments; snapshots are written once; an epoch key says
//! what was erased. Nothing is ever changed by two tabs, so nothing can be lost between a read and a
//! write. [`View::look`] reads; [`Journal::append`] writes records; [`Journal::compact`] folds
//! segments into snapshots and clears up; [`Journal::erase`] raises the epoch first, then deletes.

mod compaction;
mod coverage;
mod keys;
mod segment;
mod snapshot;
mod view;

use crate::engine::memory::{Event, Memory};
use crate::surroundings::{Clock, Entropy, Store, StoreError};

pub use coverage::Coverage;
pub use keys::{EPOCH, Writer, hex};
pub use segment::{Refusal, Segment};
pub use snapshot::Snapshot;
pub use view::{FIRST_EPOCH, USED_MAX, View};

/// A segment is sealed this long after its last append, milliseconds.
pub const SEAL_MS: i64 = 30_000;

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The store took it. Browsers write it out within about five seconds.
    Stored {
        /// Key of a segment that had to be given up for it.
        dropped: Option<String>,
    },
    /// It is remembered until this page goes.
    PageOnly,
}

/// The segment being written.
#[derive(Debug)]
struct Open {
    key: String,
    text: String,
    segment: Segment,
    appended_monotonic_ms: i64,
}

/// One page instance's part in the shared memory.
#[derive(Debug, Default)]
pub struct Journal {
    epoch: u32,
    writer: Option<Writer>,
    next_number: u32,
    open: Option<Open>,
    memory: Memory,
    unsaved: Vec<Event>,
    extent: Vec<(String, usize)>,
    observed: Vec<compaction::Observed>,
}

impl Journal {
    /// What is remembered: the store's memory and what this page could not store.
    #[must_use]
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Remembers an event for this page only; [`Self::save`] stores it if that is ever allowed.
    pub fn hold(&mut self, event: Event) {
        self.memory.fold(&event);
        self.unsaved.push(event);
    }

    /// Reads the store again if it changed since the last look. Events only held are folded in last.
    ///
    /// # Errors
    /// [`StoreError::Blocked`]; the memory stays as it was.
    pub fn refresh(&mut self, store: &mut impl Store) -> Result<(), StoreError> {
        let view = View::look(store)?;
        if view.extent != self.extent || view.epoch != self.epoch {
            self.adopt(view, store)?;
        }
        Ok(())
    }

    /// Appends the events that were only held, oldest first; what does not fit stays held.
    pub fn save(&mut self, store: &mut impl Store, clock: &impl Clock, entropy: &mut impl Entropy) {
        for event in std::mem::take(&mut self.unsaved) {
            if self.store(&event, store, clock, entropy).is_err() {
                self.unsaved.push(event);
            }
        }
        let _ = View::look(store).and_then(|view| self.adopt(view, store));
    }

    /// Appends an event and folds it into the memory. Never fails: see [`Kept`].
    pub fn append(
        &mut self,
        event: Event,
        store: &mut impl Store,
        clock: &impl Clock,
        entropy: &mut impl Entropy,
    ) -> Kept {
        match self.store(&event, store, clock, entropy) {
            Ok(dropped) => {
                self.memory.fold(&event);
                Kept::Stored { dropped }
            }
            Err(_) => {
                self.hold(event);
                Kept::PageOnly
            }
        }
    }

    /// Makes every reader forget a raw event: `record` is what [`Memory::forgetting`] gave. It goes to a
    /// writer that comes after all others, so that it is folded after what it forgets.
    pub fn forget(
        &mut self,
        record: Event,
        store: &mut impl Store,
        clock: &impl Clock,
        entropy: &mut impl Entropy,
    ) -> Kept {
        self.open = None;
        self.append(record, store, clock, entropy)
    }

    /// Erases everything, here and in every other tab: raises the epoch first, then deletes.
    ///
    /// # Errors
    /// [`StoreError`] when the store refuses; what this page holds is gone all the same.
    pub fn erase(&mut self, store: &mut impl Store) -> Result<(), StoreError> {
        let known = self.epoch;
        *self = Self::default();
        let epoch = View::look(store)?.epoch.max(known).saturating_add(1);
        let text = hex(epoch.into(), 8);
        let raised = store.set(EPOCH, &text);
        for key in store.keys()? {
            if key != EPOCH {
                store.remove(&key)?;
            }
        }
        raised.or_else(|_| store.set(EPOCH, &text))?;
        self.epoch = epoch;
        Ok(())
    }

    /// Stores one record; returns the key of a segment given up for it.
    fn store(
        &mut self,
        event: &Event,
        store: &mut impl Store,
        clock: &impl Clock,
        entropy: &mut impl Entropy,
    ) -> Result<Option<String>, StoreError> {
        if view::stored_epoch(store)? != Some(self.epoch) {
            let view = View::look(store)?;
            self.adopt(view, store)?;
        }
        if self.extend(event, store, clock)? {
            return Ok(None);
        }
        self.begin(event, store, clock, entropy)
    }

    /// Appends to the open segment, if it is neither sealed nor full nor gone.
    fn extend(
        &mut self,
        event: &Event,
        store: &mut impl Store,
        clock: &impl Clock,
    ) -> Result<bool, StoreError> {
        let Some(open) = &mut self.open else { return Ok(false) };
        if store.get(&open.key)?.as_deref() != Some(&open.text) {
            self.open = None;
            return Ok(false);
        }
        let (now_ms, monotonic_ms) = (clock.now_ms(), clock.monotonic_ms());
        let fresh = 0..SEAL_MS;
        if open.segment.records.len() >= segment::RECORDS_MAX
            || !fresh.contains(&now_ms.saturating_sub(open.segment.appended_ms))
            || !fresh.contains(&monotonic_ms.saturating_sub(open.appended_monotonic_ms))
        {
            self.open = None;
            return Ok(false);
        }
        let before_ms = std::mem::replace(&mut open.segment.appended_ms, now_ms);
        open.segment.records.push(event.clone());
        let text = open.segment.text();
        if text.len() <= segment::TEXT_MAX && store.set(&open.key, &text).is_ok() {
            open.appended_monotonic_ms = monotonic_ms;
            open.text = text;
            return Ok(true);
        }
        open.segment.records.pop();
        open.segment.appended_ms = before_ms;
        self.open = None;
        Ok(false)
    }

    /// Begins a segment, after a fresh look; under a new writer if another one came since.
    fn begin(
        &mut self,
        event: &Event,
        store: &mut impl Store,
        clock: &impl Clock,
        entropy: &mut impl Entropy,
    ) -> Result<Option<String>, StoreError> {
        let view = View::look(store)?;
        let highest = view.highest();
        let used = view.used(clock.now_ms());
        let last = self.writer.map(|writer| keys::segment(writer, self.next_number.wrapping_sub(1)));
        let dispensable = view.most_dispensable(&last.unwrap_or_default()).map(str::to_owned);
        self.adopt(view, store)?;
        let writer = match self.writer {
            Some(writer) if highest == writer || !writer.is_no_later_than(highest) => writer,
            _ => {
                self.next_number = 0;
                Writer::after(highest, entropy.next_u64())
            }
        };
        let now_ms = clock.now_ms();
        let number = self.next_number;
        let records = vec![event.clone()];
        let mut segment = Segment { epoch: self.epoch, writer, number, appended_ms: now_ms, records };
        let key = keys::segment(writer, number);
        let text = segment.text();
        let fits = used + key.len() + segment::TEXT_MAX <= USED_MAX;
        let mut result = if fits { store.set(&key, &text) } else { Err(StoreError::Full) };
        let mut dropped = None;
        if let (Err(StoreError::Full), Some(given_up)) = (result, dispensable) {
            let before = store.get(&given_up)?.unwrap_or_default();
            store.remove(&given_up)?;
            result = store.set(&key, &text);
            if result.is_err() && view::stored_epoch(store)? == Some(self.epoch) {
                store.set(&given_up, &before)?;
            }
            dropped = Some(given_up);
        }
        result?;
        self.writer = Some(writer);
        self.next_number = number + 1;
        self.open = Some(Open { key, text, segment, appended_monotonic_ms: clock.monotonic_ms() });
        Ok(dropped)
    }

    /// Takes over what the store says.
    fn adopt(&mut self, view: View, store: &mut impl Store) -> Result<(), StoreError> {
        if !view.epoch_is_stored {
            store.set(EPOCH, &hex(view.epoch.into(), 8))?;
        }
        if self.epoch != view.epoch {
            self.open = None;
            if self.epoch != 0 {
                self.unsaved.clear();
            }
            self.epoch = view.epoch;
        }
        self.memory = view.memory();
        for event in &self.unsaved {
            self.memory.fold(event);
        }
        self.extent = view.extent;
        Ok(())
    }
}
