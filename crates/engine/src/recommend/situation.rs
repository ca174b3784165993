//! What of a shopper's memory recommendations look at, as dense ids.

use crate::memory::{EventKind, Memory};
use crate::pack::core::Core;
use crate::pack::index;
use crate::pack::scoring::{ONE, blend};
use crate::shelf::{Shelf, Wants};
use crate::traits::{Context, code};

/// What a click on a recommended product says beside the product, before the code of the table that gave it. The blend is
/// counted anew from these events, so that one that is forgotten leaves nothing behind.
pub const CLICKED_FROM: &str = "shelfwise:";
/// Most clicks looked back at.
const CLICKS_MAX: usize = 64;
/// Products bought within this time are of one order, seconds.
const ORDER_S: i64 = 60;
/// Most products looked back at.
pub const VIEWED_MAX: usize = 40;

/// What each table weighs for a shopper ([`blend`]); all alike where nothing says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableWeights(pub [u32; 4]);

impl Default for TableWeights {
    fn default() -> Self {
        Self([ONE; 4])
    }
}

/// The shopper's products, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Situation {
    /// The product of this page.
    pub current: Option<u32>,
    /// Products viewed, newest first, this visit's before older ones.
    pub viewed: Vec<u32>,
    /// How many of `viewed` are of this visit.
    pub session: usize,
    /// Products put into the cart, newest first, in it still or not.
    pub carted: Vec<u32>,
    /// Products in the cart, newest first.
    pub cart: Vec<u32>,
    /// Value of the cart, minor units.
    pub cart_minor: u64,
    /// Products bought before.
    pub bought: Vec<u32>,
    /// When each of `bought` was bought last, Unix seconds.
    pub bought_s: Vec<i64>,
    /// Products of the last order.
    pub ordered: Vec<u32>,
    /// Products that cost less than when they were wished for, newest wish first; those whose price is not at hand too.
    pub deals: Vec<u32>,
    /// Hashes ([`index::hash`]) of the brands to leave out.
    pub muted_brands: Vec<u32>,
    /// Hash of the category of the page, or of none.
    pub category: u32,
    /// Hash of the brand of the page's product, else of the one that the page says, or of none.
    pub brand: u32,
    /// What each table weighs for this shopper.
    pub weights: TableWeights,
    /// Moment, Unix seconds.
    pub now_s: i64,
    /// Files without which some of these products are unknown, or the page's has no card or neighbours.
    pub wants: Wants,
}

impl Situation {
    /// Looks up the products of memory and page; once per page view.
    #[must_use]
    pub fn derive(core: &Core, shelf: &Shelf, memory: &Memory, context: &Context, now_s: i64) -> Self {
        let state = memory.state();
        let mut situation = Self {
            muted_brands: state.profile.muted_brands.iter().map(|brand| index::hash(brand)).collect(),
            weights: TableWeights(shelf.learnt_blend),
            now_s,
            ..Self::default()
        };
        let current = find(core, shelf, &context.item, &mut situation.wants);
        situation.go_to(core, shelf, context, current);
        if let Some(dense) = current {
            situation.wants.add(shelf.want_card(dense));
            situation.wants.add(shelf.want_near(dense));
        }
        if memory.is_about_products() {
            situation.recall(core, shelf, memory);
        }
        situation
    }

    /// Looks up the products of memory.
    #[inline(never)]
    fn recall(&mut self, core: &Core, shelf: &Shelf, memory: &Memory) {
        let (state, now_s) = (memory.state(), self.now_s);
        let in_visit_s = if memory.visit_is_over(now_s) { i64::MAX } else { state.visit.started_s };
        let mut clicks = [0; 4];
        let clicked = memory.events().iter().rev().filter(|event| event.kind == EventKind::SelectItem);
        for event in clicked.take(CLICKS_MAX) {
            if let Some([code @ b'1'..=b'4']) = event.text.strip_prefix(CLICKED_FROM).map(str::as_bytes) {
                clicks[usize::from(code - b'1')] += 1;
            }
        }
        self.weights = TableWeights(blend(shelf.learnt_blend, clicks));
        let Self { viewed, carted, wants, .. } = self;
        self.session = newest(core, shelf, memory, EventKind::ViewItem, in_visit_s, viewed, wants);
        newest(core, shelf, memory, EventKind::AddToCart, in_visit_s, carted, wants);
        for line in state.cart.iter().rev() {
            self.cart_minor += u64::from(line.price_minor) * u64::from(line.quantity);
            look_up(core, shelf, &line.item, &mut self.cart, &mut self.wants);
        }
        let bought = || state.items.iter().filter(|item| item.bought > 0);
        let last_s = bought().fold(0, |last_s, item| item.bought_s.max(last_s));
        for item in bought() {
            if look_up(core, shelf, &item.item, &mut self.bought, &mut self.wants) {
                self.bought_s.push(item.bought_s);
            }
            if item.bought_s >= last_s - ORDER_S {
                look_up(core, shelf, &item.item, &mut self.ordered, &mut self.wants);
            }
        }
        for wish in state.wishlist.iter().rev() {
            if let Some(dense) = find(core, shelf, &wish.item, &mut self.wants)
                && shelf.card(core, dense).is_none_or(|view| view.card.price_minor < wish.price_minor)
            {
                self.deals.push(dense);
            }
        }
    }

    /// The same shopper on another page.
    #[must_use]
    pub fn elsewhere(&self, core: &Core, shelf: &Shelf, context: &Context) -> Self {
        let mut situation = self.clone();
        situation.go_to(core, shelf, context, shelf.dense(core, &context.item));
        situation
    }

    fn go_to(&mut self, core: &Core, shelf: &Shelf, context: &Context, current: Option<u32>) {
        self.category = index::hash(&context.category);
        self.brand = index::hash(context.fact(code::PAGE_BRAND));
        self.turn_to(core, shelf, current);
    }

    /// Speaks of another product, or of none.
    pub fn turn_to(&mut self, core: &Core, shelf: &Shelf, current: Option<u32>) {
        self.current = current;
        if let Some(card) = current.and_then(|dense| shelf.card(core, dense)) {
            self.brand = index::hash(card.brand());
        }
    }

    /// Whether the page is about a product or the cart holds it.
    pub(super) fn is_at_hand(&self, dense: u32) -> bool {
        self.current == Some(dense) || self.cart.contains(&dense)
    }

    /// What rows that speak of one product speak of: the page's, else the newest of the cart, else the last viewed.
    pub(super) fn anchor(&self) -> Option<u32> {
        self.current.or_else(|| self.cart.first().copied()).or_else(|| self.viewed.first().copied())
    }
}

/// The products that events of a kind are about, newest first and each once; how many of them since a moment.
#[inline(never)]
fn newest(
    core: &Core,
    shelf: &Shelf,
    memory: &Memory,
    kind: EventKind,
    since_s: i64,
    found: &mut Vec<u32>,
    wants: &mut Wants,
) -> usize {
    let mut since = 0;
    for event in memory.events().iter().rev().filter(|event| event.kind == kind) {
        if found.len() == VIEWED_MAX {
            break;
        }
        if look_up(core, shelf, &event.item, found, wants) {
            since += usize::from(event.at_s >= since_s);
        }
    }
    since
}

/// Adds a product to those found, each once; whether it did.
#[inline(never)]
fn look_up(core: &Core, shelf: &Shelf, item: &str, found: &mut Vec<u32>, wants: &mut Wants) -> bool {
    let new = find(core, shelf, item, wants).filter(|dense| !found.contains(dense));
    found.extend(new);
    new.is_some()
}

/// The dense id of a product; what would tell it is wanted.
#[inline(never)]
fn find(core: &Core, shelf: &Shelf, item: &str, wants: &mut Wants) -> Option<u32> {
    if item.is_empty() {
        return None;
    }
    wants.add(shelf.want_for_item(core, item));
    shelf.dense(core, item)
}

#[cfg(test)]
mod tests {
    use super::TableWeights;
    use crate::pack::scoring::{blend, learnt_blend};

    #[test]
    fn without_a_word_tables_weigh_what_nothing_learnt_and_no_click_say() {
        assert_eq!(TableWeights::default().0, blend(learnt_blend(|_| None), [0; 4]));
    }
}
