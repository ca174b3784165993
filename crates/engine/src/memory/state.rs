//! What events add up to: profile, visit, cart, wishlist, exposures, products and days.

use super::EventKind;

/// Counters of one day, for windows that reach beyond the raw events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// Days since 1970, UTC.
    pub day: u32,
    /// Attention, milliseconds.
    pub engaged_ms: u32,
    /// Value of the orders, minor units.
    pub spend_minor: i64,
    /// Events by kind, ascending codes.
    pub counts: Vec<(EventKind, u16)>,
}

impl Day {
    /// Events of a kind on this day.
    #[must_use]
    pub fn count(&self, kind: EventKind) -> u16 {
        self.counts.iter().find(|entry| entry.0 == kind).map_or(0, |entry| entry.1)
    }
}

/// One product in the cart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CartLine {
    /// Product id.
    pub item: String,
    /// Category name.
    pub category: String,
    /// Brand name.
    pub brand: String,
    /// Price of one piece when it was added, minor units.
    pub price_minor: u32,
    /// Pieces.
    pub quantity: u16,
    /// When it was last added, Unix seconds.
    pub at_s: i64,
}

/// One wished product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Product id.
    pub item: String,
    /// Category name.
    pub category: String,
    /// Brand name.
    pub brand: String,
    /// Price when it was wished for, minor units.
    pub price_minor: u32,
    /// When, Unix seconds.
    pub at_s: i64,
}

/// How often one variation of one campaign was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exposures {
    /// Campaign id.
    pub campaign: String,
    /// Variation id.
    pub variation: String,
    /// All exposures, ever.
    pub total: u32,
    /// When the newest ones were, Unix seconds, oldest first; at most [`super::limits::EXPOSURE_TIMES_MAX`].
    pub times_s: Vec<i64>,
}

/// What is known of one product beyond the raw events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemHistory {
    /// Product id.
    pub item: String,
    /// Category name.
    pub category: String,
    /// Brand name.
    pub brand: String,
    /// Price when last seen, minor units; 0 = unknown.
    pub price_minor: u32,
    /// Views of its page.
    pub views: u16,
    /// Pieces bought, less those given back.
    pub bought: u16,
    /// Attention, milliseconds.
    pub engaged_ms: u32,
    /// First event about it, Unix seconds.
    pub first_s: i64,
    /// Last event about it, Unix seconds.
    pub last_s: i64,
    /// Last purchase, Unix seconds; 0 = never.
    pub bought_s: i64,
}

/// The current visit, by GA4's rule: it ends after 30 minutes without an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visit {
    /// First event, Unix seconds; 0 = no visit yet.
    pub started_s: i64,
    /// Last event, Unix seconds.
    pub last_s: i64,
    /// Page views.
    pub pages: u32,
    /// Product views.
    pub items: u32,
    /// Searches.
    pub searches: u32,
    /// Attention, milliseconds.
    pub engaged_ms: u32,
    /// Where the visit came from: a URL, or empty.
    pub referrer: String,
    /// First page: path with its query.
    pub landing: String,
}

/// Facts about the shopper as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// First event ever, Unix seconds; 0 = none yet.
    pub first_seen_s: i64,
    /// Newest event, Unix seconds; 0 = none yet.
    pub last_seen_s: i64,
    /// Last event of the visit before this one, Unix seconds; 0 = none.
    pub previous_visit_s: i64,
    /// Visits, this one included.
    pub visits: u32,
    /// Orders.
    pub orders: u32,
    /// Value of all orders less refunds, minor units.
    pub spend_minor: i64,
    /// First order, Unix seconds; 0 = none.
    pub first_order_s: i64,
    /// Last order, Unix seconds; 0 = none.
    pub last_order_s: i64,
    /// Id of the last order, so that a thank-you page shown twice counts once.
    pub last_order: String,
    /// Random id that experiments bucket by; empty until the first event is remembered.
    pub unit: String,
    /// Given by the shop or the shopper, never inferred.
    pub first_name: String,
    /// Brands to leave out, sorted.
    pub muted_brands: Vec<String>,
}

/// Everything that events add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The shopper as a whole.
    pub profile: Profile,
    /// The current visit.
    pub visit: Visit,
    /// The cart, oldest line first.
    pub cart: Vec<CartLine>,
    /// The wishlist, oldest first.
    pub wishlist: Vec<Wish>,
    /// Exposures, sorted by campaign and variation.
    pub exposures: Vec<Exposures>,
    /// Products, least recently touched first.
    pub items: Vec<ItemHistory>,
    /// Days with events, ascending.
    pub days: Vec<Day>,
    /// What the shopper answered to the shop's questions, oldest first: name, line feed, answer.
    pub answers: Vec<String>,
}

impl State {
    /// The shopper's answer to a question of the shop's, if there is one.
    #[must_use]
    pub fn answer(&self, name: &str) -> Option<&str> {
        self.answer_at(name).and_then(|at| self.answers[at].get(name.len() + 1..))
    }

    /// Where the answer to a question is.
    #[inline(never)]
    pub(super) fn answer_at(&self, name: &str) -> Option<usize> {
        self.answers
            .iter()
            .position(|answer| answer.as_bytes().get(name.len()) == Some(&b'\n') && answer.starts_with(name))
    }
}
