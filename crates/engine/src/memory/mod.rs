//! Everything remembered on the device: the newest events in full, and what all events add up to.
//!
//! [`Memory::fold`] is where an event enters. Folding is deterministic: the same events in the same
//! order give the same memory, bit for bit. Time only ever moves within bounds: see [`Memory::fold`].

mod event;
pub mod limits;
mod state;

pub use event::{Event, EventKind};
pub use state::{CartLine, Day, Exposures, ItemHistory, Profile, State, Visit, Wish};

/// What the shopper's device remembers.
///
/// `state` is always `base` with every event of `events` applied, so that forgetting an event gives
/// exactly the memory as if it had never happened, as far as the raw events reach.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    base: State,
    events: Vec<Event>,
    state: State,
}

impl Memory {
    /// The raw events, in the order they were folded, oldest first.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// What all events, raw or not, add up to.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }
}
