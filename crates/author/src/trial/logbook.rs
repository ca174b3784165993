//! Logs of orders and visits, put together into what each shopper did.

use std::collections::HashMap;
use std::ops::Range;

use shelfwise_engine::memory::{Event, EventKind};

use crate::catalogue::Product;

/// Bytes that an act takes at any time (a growing list may be held twice).
const ACT_BYTES: u64 = 128;
/// Bytes that a distinct text takes: in a list and in a map.
const TEXT_BYTES: u64 = 120;
/// Seconds between the visits of a log without times.
const STEP_S: i64 = 60;
/// The time of an act whose log gives none.
const UNTIMED: i64 = i64::MIN;

/// One thing that a log says a shopper did. Texts that a log does not give are empty.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// Who: a customer, else the visit or the order itself.
    pub shopper: &'a str,
    /// Id of the visit, or of the order.
    pub visit: &'a str,
    /// When, Unix seconds; none = the log gives no times.
    pub at_s: Option<i64>,
    /// What.
    pub kind: EventKind,
    /// Product id, in any case of letters.
    pub item: &'a str,
    /// Category where the catalogue does not know the product, or of the page.
    pub category: &'a str,
    /// What the event says, as [`Event::text`].
    pub text: &'a str,
    /// Price of a piece, minor units; 0 = the catalogue's.
    pub price_minor: u32,
    /// Pieces.
    pub quantity: u16,
    /// Value of the whole event, minor units; 0 = the sum of its lines.
    pub value_minor: i64,
    /// Attention, ms.
    pub engaged_ms: u32,
}

impl<'a> Record<'a> {
    /// A record of that kind, all else empty.
    #[must_use]
    pub fn new(shopper: &'a str, visit: &'a str, at_s: Option<i64>, kind: EventKind) -> Self {
        Self {
            shopper,
            visit,
            at_s,
            kind,
            item: "",
            category: "",
            text: "",
            price_minor: 0,
            quantity: 1,
            value_minor: 0,
            engaged_ms: 0,
        }
    }
}

/// What a log says of a shopper beside what they did; the newest word counts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts<'a> {
    /// `mobile`, `tablet` or `desktop`.
    pub device: &'a str,
    /// A BCP 47 tag.
    pub language: &'a str,
    /// ISO 3166 code.
    pub country: &'a str,
}

/// A record with its texts as numbers. 56 bytes.
#[derive(Clone, Copy, Debug)]
struct Act {
    at_s: i64,
    value_minor: i64,
    shopper: u32,
    visit: u32,
    item: u32,
    category: u32,
    text: u32,
    price_minor: u32,
    engaged_ms: u32,
    quantity: u16,
    kind: EventKind,
}

/// Texts and their numbers; 0 is the empty one.
#[derive(Debug)]
struct Texts {
    numbers: HashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
}

impl Texts {
    fn new() -> Self {
        Self { numbers: HashMap::from([("".into(), 0)]), texts: vec!["".into()] }
    }

    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.texts.len() as u32;
        self.numbers.insert(text.into(), number);
        self.texts.push(text.into());
        number
    }
}

/// Logs as they are read, record by record. Memory: see [`Logbook::bytes`].
#[derive(Debug)]
pub struct Logbook {
    /// Catalogue ids by their upper-case form.
    known: HashMap<String, Box<str>>,
    /// The catalogue's id of each id that a log names; none for what the shop does not have.
    items: HashMap<Box<str>, Option<u32>>,
    texts: Texts,
    shoppers: Texts,
    facts: HashMap<u32, [u32; 3]>,
    acts: Vec<Act>,
    strange: u64,
}

impl Logbook {
    /// An empty book of a shop with these products. Ids that differ in case only are one product; without
    /// a catalogue every id is a product.
    #[must_use]
    pub fn new(products: &[Product]) -> Self {
        let known =
            products.iter().map(|product| (product.item.to_uppercase(), product.item.as_str().into()));
        Self {
            known: known.collect(),
            items: HashMap::new(),
            texts: Texts::new(),
            shoppers: Texts::new(),
            facts: HashMap::new(),
            acts: Vec::new(),
            strange: 0,
        }
    }

    /// Writes down a record; one about a product that the catalogue does not hold is only counted.
    /// Whether it was written down.
    pub fn record(&mut self, record: &Record<'_>) -> bool {
        let Some(item) = self.item(record.item) else {
            self.strange += 1;
            return false;
        };
        let act = Act {
            at_s: record.at_s.unwrap_or(UNTIMED),
            value_minor: record.value_minor,
            shopper: self.shoppers.number(record.shopper),
            visit: self.texts.number(record.visit),
            item,
            category: self.texts.number(record.category),
            text: self.texts.number(record.text),
            price_minor: record.price_minor,
            engaged_ms: record.engaged_ms,
            quantity: record.quantity,
            kind: record.kind,
        };
        self.acts.push(act);
        true
    }

    /// Writes down facts about a shopper; empty ones say nothing.
    pub fn know(&mut self, shopper: &str, facts: Facts<'_>) {
        let shopper = self.shoppers.number(shopper);
        let known = self.facts.entry(shopper).or_default();
        for (known, fact) in known.iter_mut().zip([facts.device, facts.language, facts.country]) {
            if !fact.is_empty() {
                *known = self.texts.number(fact);
            }
        }
    }

    /// Records about products that the catalogue does not hold.
    #[must_use]
    pub fn strange(&self) -> u64 {
        self.strange
    }

    /// An upper bound of the memory that it takes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let texts = self.texts.texts.len() + self.shoppers.texts.len() + self.items.len();
        self.acts.len() as u64 * ACT_BYTES + texts as u64 * TEXT_BYTES
    }

    fn item(&mut self, item: &str) -> Option<u32> {
        if let Some(found) = self.items.get(item) {
            return *found;
        }
        let id = match self.known.get(&item.to_uppercase()) {
            Some(id) => Some(&**id),
            None => (item.is_empty() || self.known.is_empty()).then_some(item),
        };
        let number = id.map(|id| self.texts.number(id));
        self.items.insert(item.into(), number);
        number
    }

    /// The journeys up to `until_s`, or up to the newest record; without any time, up to `now_s`. Visits of a log
    /// without times lie a minute apart before that, in the order of the log.
    #[must_use]
    pub fn finish(mut self, until_s: Option<i64>, now_s: i64) -> Journeys {
        let newest = self.acts.iter().map(|act| act.at_s).filter(|at_s| *at_s != UNTIMED).max();
        let until_s = until_s.or(newest).unwrap_or(now_s);
        self.date(until_s);
        self.acts.retain(|act| act.at_s <= until_s);
        // A visit's beginning is told first among what is told at its second.
        self.acts.sort_by_key(|act| (act.shopper, act.at_s, act.kind != EventKind::SessionStart));
        let mut runs: Vec<Range<usize>> = Vec::new();
        for act in 0..self.acts.len() {
            match runs.last_mut() {
                Some(Range { start, end }) if self.acts[*start].shopper == self.acts[act].shopper => {
                    *end = act + 1
                }
                _ => runs.push(act..act + 1),
            }
        }
        Journeys {
            until_s,
            acts: self.acts,
            runs,
            texts: self.texts.texts,
            shoppers: self.shoppers.texts,
            facts: self.facts,
        }
    }

    /// Gives acts without a time one: visits begin a minute apart, the last at `until_s`.
    fn date(&mut self, until_s: i64) {
        let mut visits: HashMap<(u32, u32), i64> = HashMap::new();
        for act in self.acts.iter().filter(|act| act.at_s == UNTIMED) {
            let number = visits.len() as i64;
            visits.entry((act.shopper, act.visit)).or_insert(number);
        }
        let count = visits.len() as i64;
        for act in self.acts.iter_mut().filter(|act| act.at_s == UNTIMED) {
            let number = visits.get(&(act.shopper, act.visit)).copied().unwrap_or(0);
            act.at_s = until_s.saturating_sub((count - 1 - number).saturating_mul(STEP_S));
        }
    }
}

/// What every shopper of the logs did, oldest first; shoppers in the order in which the logs name them.
#[derive(Debug)]
pub struct Journeys {
    /// The moment at which the logs end, Unix seconds.
    pub until_s: i64,
    acts: Vec<Act>,
    runs: Vec<Range<usize>>,
    texts: Vec<Box<str>>,
    shoppers: Vec<Box<str>>,
    facts: HashMap<u32, [u32; 3]>,
}

impl Journeys {
    /// Number of shoppers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.runs.len()
    }

    /// Whether nobody did anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Who a shopper is in the logs, and what is known of them.
    pub(super) fn shopper(&self, number: usize) -> (&str, Facts<'_>) {
        let act = &self.acts[self.runs[number].start];
        let [device, language, country] = self.facts.get(&act.shopper).copied().unwrap_or_default();
        let facts =
            Facts { device: self.text(device), language: self.text(language), country: self.text(country) };
        (&self.shoppers[act.shopper as usize], facts)
    }

    /// What a shopper did, oldest first, as the logs say it.
    pub(super) fn events(&self, number: usize) -> impl Iterator<Item = Event> {
        self.acts[self.runs[number].clone()].iter().map(|act| {
            let mut event =
                Event::new(act.kind, act.at_s).about(self.text(act.item)).saying(self.text(act.text));
            self.text(act.category).clone_into(&mut event.category);
            event.price_minor = act.price_minor;
            event.quantity = act.quantity;
            event.value_minor = act.value_minor;
            event.engaged_ms = act.engaged_ms;
            event
        })
    }

    fn text(&self, number: u32) -> &str {
        &self.texts[number as usize]
    }
}

/// The kind of an event's name in a log: GA4's, or a short form (`view`, `cart`, `order`). None for GA4 names that the
/// memory has no use for and for what is no act of the shopper's; an exposure is another tool's.
///
/// # Errors
/// It is no event name at all.
pub fn kind_of(name: &str) -> Result<Option<EventKind>, String> {
    let kind = match name.to_ascii_lowercase().as_str() {
        "view" | "click" | "clicks" => EventKind::ViewItem,
        "cart" | "carts" | "addtocart" => EventKind::AddToCart,
        "transaction" | "order" | "orders" | "buy" => EventKind::Purchase,
        "view_search_results" => EventKind::Search,
        other => match EventKind::from_name(other) {
            Some(kind) if kind.is_act() && kind != EventKind::Exposure => kind,
            Some(_) => return Ok(None),
            None if !other.is_empty()
                && other.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') =>
            {
                return Ok(None);
            }
            None => return Err(format!("{name:?} is no event name; write GA4 names such as view_item")),
        },
    };
    Ok(Some(kind))
}
