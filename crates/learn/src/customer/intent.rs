//! Visits of a log that holds purchases: what was done before the order, and whether one came.

use std::collections::BTreeMap;

use shelfwise_pack::model::VisitSoFar;

/// What an event of a click log is to learning.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// A product was looked at.
    View = 0,
    /// A product was bought.
    Purchase = 1,
    /// A product was put into the cart.
    Add = 2,
    /// Checkout was begun.
    Checkout = 3,
    /// Something was searched for.
    Search = 4,
    /// Anything else.
    Other = 5,
}

/// Event names by deed: GA4's, and short forms of them.
pub const DEED_NAMES: [(Deed, &[&str]); 5] = [
    (Deed::View, &["view_item", "view", "click", "clicks", "select_item"]),
    (Deed::Purchase, &["purchase", "transaction", "order", "orders", "buy"]),
    (Deed::Add, &["add_to_cart", "addtocart", "cart", "carts"]),
    (Deed::Checkout, &["begin_checkout", "checkout"]),
    (Deed::Search, &["search"]),
];

impl Deed {
    /// The deed of an event name.
    ///
    /// # Errors
    /// Text that is no event name.
    pub fn from_name(name: &str) -> Result<Self, String> {
        if let Some(known) = DEED_NAMES.iter().find(|(_, names)| names.contains(&name)) {
            return Ok(known.0);
        }
        let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        match name.bytes().all(letter) {
            true => Ok(Self::Other),
            false => Err(format!("{name:?} is no event name; write GA4 names such as view_item")),
        }
    }

    /// The deed of a number that [`Deed`] as `u8` gave.
    #[must_use]
    pub fn from_code(code: u8) -> Self {
        DEED_NAMES.get(usize::from(code)).map_or(Self::Other, |(deed, _)| *deed)
    }
}

/// One event of a visit, in time order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act {
    /// When, Unix seconds.
    pub at_s: i64,
    /// The log's number of the product that was viewed or bought.
    pub item: u32,
    /// What was done.
    pub deed: Deed,
}

/// A visit up to its first purchase, in whole numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Visit {
    /// Product views.
    pub views: u32,
    /// Different products viewed.
    pub items: u32,
    /// Products put into the cart.
    pub adds: u32,
    /// Whether checkout was begun.
    pub checkout: bool,
    /// Searches.
    pub searches: u32,
    /// Seconds from the first to the last event.
    pub lasted_s: i64,
    /// Whether a purchase followed.
    pub bought: bool,
}

impl Visit {
    /// The visit that such events make.
    #[must_use]
    pub fn of(acts: &[Act]) -> Self {
        let order = acts.iter().position(|act| act.deed == Deed::Purchase);
        let before = &acts[..order.unwrap_or(acts.len())];
        let count = |deed: Deed| before.iter().filter(|act| act.deed == deed).count() as u32;
        let mut viewed: Vec<u32> =
            before.iter().filter(|act| act.deed == Deed::View).map(|act| act.item).collect();
        viewed.sort_unstable();
        viewed.dedup();
        Self {
            views: count(Deed::View),
            items: viewed.len() as u32,
            adds: count(Deed::Add),
            checkout: count(Deed::Checkout) > 0,
            searches: count(Deed::Search),
            lasted_s: before.last().map_or(0, |last| last.at_s - before[0].at_s),
            bought: order.is_some(),
        }
    }

    /// As the model sees it.
    #[must_use]
    pub fn so_far(&self) -> VisitSoFar {
        VisitSoFar {
            views: f64::from(self.views),
            items: f64::from(self.items),
            adds: f64::from(self.adds),
            checkout: self.checkout,
            searches: f64::from(self.searches),
            minutes: self.lasted_s as f64 / 60.0,
        }
    }
}

/// How many visits were alike. In this order sums are the same whatever order the visits came in.
pub type Visits = BTreeMap<Visit, u64>;
