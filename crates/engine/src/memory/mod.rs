//! Everything remembered on the device: the newest events in full, and what all events add up to.
//!
//! [`Memory::fold`] is where an event enters. Folding is deterministic: the same events in the same
//! order give the same memory, bit for bit.

pub mod codec;
mod event;
mod fold;
pub mod limits;
mod state;

pub use event::{Event, EventKind};
pub use state::{CartLine, Day, Exposures, ItemHistory, Profile, State, Visit, Wish};

use codec::{Codec, Coded, Encoder};
use std::rc::Rc;

/// What the shopper's device remembers.
///
/// The totals are always `base` with every raw event applied in order, so that forgetting an event
/// gives exactly the memory as if it had never happened, as far as the raw events reach.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    base: Rc<State>,
    events: Rc<Vec<Event>>,
    /// What the clock said for each raw event; `Event::at_s` is that time within its bounds.
    clocks_s: Vec<i64>,
    bytes: usize,
    state: State,
}

impl Memory {
    /// The raw events, in the order they were folded, oldest first.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The raw events, and what those no longer among them add up to. Cost: two counts; while they are
    /// held, the next change of the memory copies what it changes.
    #[must_use]
    pub fn shared(&self) -> (Rc<Vec<Event>>, Rc<State>) {
        (Rc::clone(&self.events), Rc::clone(&self.base))
    }

    /// What all events, raw or not, add up to.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Whether nothing at all is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.state == State::default()
    }

    /// Whether anything remembered is about a product, a category or a brand.
    #[must_use]
    #[inline(never)]
    pub fn is_about_products(&self) -> bool {
        let State { items, cart, wishlist, .. } = &self.state;
        let about = |event: &Event| {
            event.price_minor > 0
                || [&event.item, &event.category, &event.brand].iter().any(|text| !text.is_empty())
        };
        !(items.is_empty() && cart.is_empty() && wishlist.is_empty()) || self.events.iter().any(about)
    }

    /// Whether an event at `now_s` would begin a new visit.
    #[must_use]
    #[inline(never)]
    pub fn visit_is_over(&self, now_s: i64) -> bool {
        let visit = &self.state.visit;
        visit.started_s == 0 || now_s.saturating_sub(visit.last_s) > limits::VISIT_GAP_S
    }

    /// Adds one event. Texts longer than [`limits::TEXT_BYTES_MAX`] are cut. An event on a day before
    /// the newest event counts at the newest event's time, one more than
    /// [`limits::DAYS_AHEAD_MAX`] days ahead at that bound: a clock that jumps cannot tear the order.
    /// Cost: linear in the lists of the totals.
    pub fn fold(&mut self, event: &Event) {
        if event.kind == EventKind::Forget {
            self.forget(event);
            return;
        }
        let mut event = event.clone();
        let texts =
            [&mut event.item, &mut event.category, &mut event.brand, &mut event.text, &mut event.tags];
        for text in texts {
            cut(text);
        }
        let clock_s = event.at_s;
        event.at_s = self.state.apply(&event);
        self.bytes += event_bytes(&event);
        Rc::make_mut(&mut self.events).push(event);
        self.clocks_s.push(clock_s);
        self.trim();
    }

    /// The record that makes every reader of the log forget a raw event; nothing for an index beyond them.
    #[must_use]
    pub fn forgetting(&self, index: usize, now_s: i64) -> Option<Event> {
        let event = self.events.get(index)?;
        let mut record = Event::new(EventKind::Forget, now_s).about(&event.item).saying(&event.text);
        record.quantity = event.kind.code().into();
        record.value_minor = self.clocks_s[index];
        Some(record)
    }

    #[inline(never)]
    fn forget(&mut self, record: &Event) {
        let found = self.events.iter().zip(&self.clocks_s).rposition(|(event, clock_s)| {
            u16::from(event.kind.code()) == record.quantity
                && *clock_s == record.value_minor
                && event.item == record.item
                && event.text == record.text
        });
        if let Some(at) = found {
            self.bytes -= event_bytes(&Rc::make_mut(&mut self.events).remove(at));
            self.clocks_s.remove(at);
            self.refold();
        }
    }

    fn refold(&mut self) {
        self.state = (*self.base).clone();
        for (event, clock_s) in Rc::make_mut(&mut self.events).iter_mut().zip(&self.clocks_s) {
            event.at_s = *clock_s;
            event.at_s = self.state.apply(event);
        }
    }

    /// Folds the oldest raw events into the base until count, bytes and age are within their limits.
    fn trim(&mut self) {
        let newest_s = self.state.profile.last_seen_s;
        let age_max_s = limits::EVENT_AGE_DAYS_MAX * 86_400;
        let mut kept_bytes = self.bytes;
        let mut drop = 0;
        for (at, event) in self.events.iter().enumerate() {
            let over = self.events.len() - at > limits::EVENTS_MAX
                || kept_bytes > limits::EVENT_BYTES_MAX
                || newest_s.saturating_sub(event.at_s) > age_max_s;
            if !over {
                break;
            }
            kept_bytes -= event_bytes(event);
            drop = at + 1;
        }
        if drop > 0 {
            self.settle(drop);
        }
    }

    /// Folds the `count` oldest raw events into the base.
    #[inline(never)]
    fn settle(&mut self, count: usize) {
        let base = Rc::make_mut(&mut self.base);
        let settled = Rc::make_mut(&mut self.events).drain(..count);
        for (mut event, clock_s) in settled.zip(self.clocks_s.drain(..count)) {
            self.bytes -= event_bytes(&event);
            event.at_s = clock_s;
            base.apply(&event);
        }
    }

    /// The memory as bytes, at most `bytes_max` of them: older raw events are folded into the totals,
    /// and the longest lists of the totals halved, until it fits.
    pub fn snapshot(&mut self, bytes_max: usize) -> Vec<u8> {
        loop {
            let mut out = Encoder::default();
            out.append(self);
            let bytes = out.finish();
            if bytes.len() <= bytes_max || !self.shrink() {
                return bytes;
            }
        }
    }

    /// One step of that; whether there was one.
    fn shrink(&mut self) -> bool {
        if !self.events.is_empty() {
            self.settle(self.events.len().div_ceil(4));
            return true;
        }
        let halved = Rc::make_mut(&mut self.base).halve();
        if halved {
            self.refold();
        }
        halved
    }
}

impl State {
    /// Drops the older half of every list; whether there was anything to drop.
    fn halve(&mut self) -> bool {
        fn older<T>(list: &mut Vec<T>) -> bool {
            let half = list.len().div_ceil(2);
            list.drain(..half);
            half > 0
        }
        older(&mut self.items)
            | older(&mut self.days)
            | older(&mut self.exposures)
            | older(&mut self.wishlist)
            | older(&mut self.cart)
            | older(&mut self.profile.muted_brands)
            | older(&mut self.answers)
    }
}

impl Coded for Memory {
    fn blank() -> Self {
        Self::default()
    }

    fn walk(&mut self, codec: &mut Codec<'_>) {
        codec.value(Rc::make_mut(&mut self.base));
        let mut events = self.events.to_vec();
        for (event, clock_s) in events.iter_mut().zip(&self.clocks_s) {
            event.at_s = *clock_s;
        }
        codec.list(&mut events);
        codec.last_list(&mut Rc::make_mut(&mut self.base).answers);
        if codec.is_reading() {
            self.state = (*self.base).clone();
            for event in &events {
                self.fold(event);
            }
        }
    }
}

/// What a raw event counts for against [`limits::EVENT_BYTES_MAX`]: its fixed part and its texts.
fn event_bytes(event: &Event) -> usize {
    let texts = [&event.item, &event.category, &event.brand, &event.text, &event.tags];
    texts.iter().fold(12, |bytes, text| bytes + text.len())
}

/// Cuts a text at [`limits::TEXT_BYTES_MAX`], at a character.
fn cut(text: &mut String) {
    if text.len() > limits::TEXT_BYTES_MAX {
        let end = (0..=limits::TEXT_BYTES_MAX).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
    }
}
