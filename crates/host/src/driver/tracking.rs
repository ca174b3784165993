//! What enters the memory: events, attention, settings.

use super::Driver;
use super::page::number;
use crate::engine::memory::limits::TEXT_BYTES_MAX;
use crate::engine::memory::{Event, EventKind};
use crate::engine::recommend::CLICKED_FROM;
use crate::journal::Kept;
use crate::surroundings::{Clock, Entropy, Store};

/// Attention is written down when this much of it is new, milliseconds, or as much as was written
/// down before: a long look costs few records, and a crash loses at most half.
const CHECKPOINT_MS: u32 = 5_000;

/// Attention that is not written down yet.
#[derive(Debug, Default)]
pub(super) struct Attention {
    item: String,
    pending_ms: u32,
    written_ms: u32,
    clicks: u16,
}

/// What became of what was tracked.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tracked {
    /// Remembered on the device.
    Stored = 0,
    /// Remembered until this page goes.
    PageOnly = 1,
    /// Not remembered: an order that was tracked before.
    Known = 2,
    /// Not remembered: no event has this code.
    UnknownKind = 3,
}

impl<C: Clock, E: Entropy, S: Store> Driver<C, E, S> {
    /// Tracks what the shopper did: one event for each line of `items`
    /// (`id\tname\tbrand\tcategory\tprice_minor\tquantity\tcompare_at_minor\ttags`, with commas between tags), or one
    /// without a product.
    /// `value_minor` is the whole value; a purchase without one is worth the sum of its lines.
    pub fn track(&mut self, kind: u8, text: &str, value_minor: i64, items: &str) -> Tracked {
        let Some(kind) = EventKind::from_code(kind) else { return Tracked::UnknownKind };
        let order = kind == EventKind::Purchase && !text.is_empty();
        if order && self.remembered().state().profile.last_order == text {
            return Tracked::Known;
        }
        let now_s = self.now_s();
        let mut events: Vec<Event> = items.lines().filter_map(|line| item_event(kind, now_s, line)).collect();
        if events.is_empty() {
            events.push(Event::new(kind, now_s));
        }
        let lines =
            events.iter().map(|event| i64::from(event.price_minor) * i64::from(event.quantity.max(1)));
        let sum_minor = lines.fold(0, i64::saturating_add);
        let value_minor =
            if kind == EventKind::Purchase && value_minor == 0 { sum_minor } else { value_minor };
        events[0].value_minor = value_minor;
        let mut result = Tracked::Stored;
        for mut event in events {
            self.describe(&mut event);
            let given = self.given(kind, text, &event.item);
            let text = given.as_deref().unwrap_or(text);
            if self.remember(event.saying(text)) == Tracked::PageOnly {
                result = Tracked::PageOnly;
            }
        }
        result
    }

    /// What a click that says nothing itself says where a table gave the product to a row: that table.
    fn given(&self, kind: EventKind, text: &str, item: &str) -> Option<String> {
        let loaded = self.loaded.as_ref().filter(|_| kind == EventKind::SelectItem && text.is_empty())?;
        let dense = loaded.desk.shelf.dense(&loaded.core.view(), item)?;
        let digit = char::from_digit(loaded.desk.recommender.table_of(dense).into(), 10)
            .filter(|digit| *digit != '0')?;
        Some([CLICKED_FROM, digit.encode_utf8(&mut [0; 4])].concat())
    }

    /// Adds what the card of its product says, where it is at hand and the page does not say it. Kept with the event,
    /// so that interest in tags and reduced prices is that of the moment, and goes with the event.
    fn describe(&self, event: &mut Event) {
        let Some(loaded) = self.loaded.as_ref().filter(|_| !event.item.is_empty() && !event.describes())
        else {
            return;
        };
        let core = loaded.core.view();
        let shelf = &loaded.desk.shelf;
        let Some(card) = shelf.dense(&core, &event.item).and_then(|dense| shelf.card(&core, dense)) else {
            return;
        };
        event.compare_at_minor = card.card.compare_at_minor;
        for tag in card.tags() {
            if event.tags.len() + tag.len() < TEXT_BYTES_MAX {
                event.tags.push_str(tag);
                event.tags.push(',');
            }
        }
    }

    /// Attention of that many milliseconds and that many clicks, to this page and to a product (or none: `""`).
    pub fn engaged(&mut self, item: &str, ms: u32, clicks: u16) {
        if self.attention.item != item {
            self.leave();
            self.attention = Attention { item: item.to_owned(), ..Attention::default() };
        }
        self.context.engaged_ms = self.context.engaged_ms.saturating_add(ms);
        self.context.clicks = self.context.clicks.saturating_add(clicks.into());
        let attention = &mut self.attention;
        attention.pending_ms = attention.pending_ms.saturating_add(ms);
        attention.clicks = attention.clicks.saturating_add(clicks);
        if attention.pending_ms >= CHECKPOINT_MS.max(attention.written_ms) {
            self.leave();
        }
        self.changed();
    }

    /// Writes down the attention so far; to be called when the page is hidden.
    pub fn leave(&mut self) {
        let ms = std::mem::take(&mut self.attention.pending_ms);
        if ms > 0 {
            self.attention.written_ms = self.attention.written_ms.saturating_add(ms);
            let mut event = Event::new(EventKind::UserEngagement, self.now_s()).about(&self.attention.item);
            event.text.clone_from(&self.context.path);
            event.engaged_ms = ms;
            event.quantity = std::mem::take(&mut self.attention.clicks);
            self.describe(&mut event);
            self.remember(event);
        }
    }

    /// A decision was really seen.
    pub fn exposed(&mut self, campaign: &str, variation: &str) {
        let text = [campaign, "/", variation].concat();
        self.remember(Event::new(EventKind::Exposure, self.now_s()).saying(&text));
    }

    /// What the shop or the shopper says: lines `first_name\tAda`, `mute_brand\tAcme`, `unmute_brand\tAcme`, and answers to
    /// the shop's questions, `answer.size\tM`; an empty answer takes it back.
    pub fn profile(&mut self, fields: &str) {
        for (key, value) in fields.lines().filter_map(|line| line.split_once('\t')) {
            let mut event = Event::new(EventKind::SetName, self.now_s());
            event.kind = match key {
                "first_name" => EventKind::SetName,
                "mute_brand" => EventKind::MuteBrand,
                "unmute_brand" => EventKind::UnmuteBrand,
                _ => EventKind::SetAnswer,
            };
            match event.kind {
                EventKind::SetName => value.clone_into(&mut event.text),
                EventKind::SetAnswer => match key.strip_prefix("answer.") {
                    Some(name) => event.text = [name, "\n", value].concat(),
                    None => continue,
                },
                _ => value.clone_into(&mut event.brand),
            }
            self.remember(event);
        }
    }

    /// Forgets one raw event, by its place in [`crate::engine::memory::Memory::events`].
    pub fn forget_event(&mut self, index: usize) {
        let Some(record) = self.remembered().forgetting(index, self.now_s()) else { return };
        self.page.fold(&record);
        if self.stores() {
            self.journal.forget(record, &mut self.store, &self.clock, &mut self.entropy);
        } else {
            self.journal.hold(record);
        }
        self.changed();
    }

    /// Gives a shopper who is remembered a random id to bucket experiments by.
    pub(super) fn name_unit(&mut self) {
        if self.remembered().state().profile.unit.is_empty() {
            let unit = crate::base64::encode(&self.entropy.next_u64().to_le_bytes());
            self.remember(Event::new(EventKind::SetUnit, self.now_s()).saying(&unit));
        }
    }

    pub(super) fn remember(&mut self, event: Event) -> Tracked {
        let now_s = event.at_s;
        if event.kind.is_act() && self.remembered().visit_is_over(now_s) {
            let mark = if self.context.query.is_empty() { "" } else { "?" };
            let text = [&self.referrer, "\n", &self.context.path, mark, &self.context.query].concat();
            self.keep(Event::new(EventKind::SessionStart, now_s).saying(&text));
        }
        self.keep(event)
    }

    fn keep(&mut self, event: Event) -> Tracked {
        self.page.fold(&event);
        self.changed();
        if !self.stores() {
            self.journal.hold(event);
            return Tracked::PageOnly;
        }
        match self.journal.append(event, &mut self.store, &self.clock, &mut self.entropy) {
            Kept::Stored { .. } => Tracked::Stored,
            Kept::PageOnly => Tracked::PageOnly,
        }
    }
}

/// An event about the product of a line; nothing for a line without an id.
fn item_event(kind: EventKind, now_s: i64, line: &str) -> Option<Event> {
    let mut fields = line.split('\t');
    let item = fields.next().filter(|item| !item.is_empty())?;
    let mut event = Event::new(kind, now_s).about(item);
    let _name = fields.next();
    fields.next().unwrap_or("").clone_into(&mut event.brand);
    fields.next().unwrap_or("").clone_into(&mut event.category);
    event.price_minor = number(fields.next().unwrap_or(""));
    event.quantity = number(fields.next().unwrap_or(""));
    event.compare_at_minor = number(fields.next().unwrap_or(""));
    fields.next().unwrap_or("").clone_into(&mut event.tags);
    Some(event)
}
