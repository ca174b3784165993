//! `cart.*`, `wishlist.*`, and `item.*` of a product page.

use super::Context;
use super::table::code;
use super::values::Traits;
use crate::memory::{Memory, State};

/// A cart untouched for longer is abandoned.
const ABANDONED_MIN: i64 = 60;
/// A wishlist that nothing was put on for longer is.
const WISHES_ABANDONED_MIN: i64 = 24 * 60;

pub(super) fn set(traits: &mut Traits, memory: &Memory, now_s: i64, unit: f64) {
    let state = memory.state();
    let (mut cart, mut wishlist) = (Kept::default(), Kept::default());
    if !(state.cart.is_empty() && state.wishlist.is_empty()) {
        (cart, wishlist) = kept(state);
    }
    cart.set(traits, &CART, ABANDONED_MIN, now_s, unit);
    wishlist.set(traits, &WISHLIST, WISHES_ABANDONED_MIN, now_s, unit);
}

/// Trait codes of a cart or a wishlist.
struct Codes {
    count: u16,
    value: u16,
    items: u16,
    age: u16,
    abandoned: u16,
    categories: u16,
    brands: u16,
}

const CART: Codes = Codes {
    count: code::CART_COUNT,
    value: code::CART_VALUE,
    items: code::CART_ITEMS,
    age: code::CART_AGE,
    abandoned: code::CART_ABANDONED,
    categories: code::CART_CATEGORIES,
    brands: code::CART_BRANDS,
};

const WISHLIST: Codes = Codes {
    count: code::WISHLIST_COUNT,
    value: code::WISHLIST_VALUE,
    items: code::WISHLIST_ITEMS,
    age: code::WISHLIST_AGE,
    abandoned: code::WISHLIST_ABANDONED,
    categories: code::WISHLIST_CATEGORIES,
    brands: code::WISHLIST_BRANDS,
};

/// What the products of a cart or a wishlist add up to.
#[derive(Default)]
struct Kept<'m> {
    items: Vec<&'m str>,
    /// Sorted, each once; so are the brands.
    categories: Vec<&'m str>,
    brands: Vec<&'m str>,
    pieces: i64,
    /// Minor units.
    value_minor: i64,
    /// When a product was added last, Unix seconds; none where there is none.
    changed_s: Option<i64>,
}

impl<'m> Kept<'m> {
    fn add(&mut self, [item, category, brand]: [&'m str; 3], pieces: u16, price_minor: u32, at_s: i64) {
        self.items.push(item);
        note(&mut self.categories, category);
        note(&mut self.brands, brand);
        self.pieces += i64::from(pieces);
        self.value_minor += i64::from(price_minor) * i64::from(pieces);
        self.changed_s = self.changed_s.max(Some(at_s));
    }

    /// Untouched for more than `abandoned_min` minutes it is abandoned; `unit` is the minor units in one of the currency.
    #[inline(never)]
    fn set(&self, traits: &mut Traits, codes: &Codes, abandoned_min: i64, now_s: i64, unit: f64) {
        let age_min = minutes_since(self.changed_s, now_s);
        traits.int(codes.count, self.pieces);
        traits.double(codes.value, self.value_minor as f64 / unit);
        traits.texts(codes.items, &self.items);
        traits.int(codes.age, age_min);
        traits.bool(codes.abandoned, age_min > abandoned_min);
        traits.texts(codes.categories, &self.categories);
        traits.texts(codes.brands, &self.brands);
    }
}

/// Cart and wishlist; two empty ones are known without a call.
#[inline(never)]
fn kept(state: &State) -> (Kept<'_>, Kept<'_>) {
    let (mut cart, mut wishlist) = (Kept::default(), Kept::default());
    for line in &state.cart {
        cart.add([&line.item, &line.category, &line.brand], line.quantity, line.price_minor, line.at_s);
    }
    for wish in &state.wishlist {
        wishlist.add([&wish.item, &wish.category, &wish.brand], 1, wish.price_minor, wish.at_s);
    }
    (cart, wishlist)
}

/// Puts a text into its place among sorted ones, unless it is there or empty.
#[inline(never)]
pub(super) fn note<'t>(texts: &mut Vec<&'t str>, text: &'t str) {
    if let (Err(at), false) = (texts.binary_search(&text), text.is_empty()) {
        texts.insert(at, text);
    }
}

/// What memory knows of the product of this page; [`crate::card::OnPage`] answers from its card.
#[inline(never)]
pub(super) fn set_page_item(traits: &mut Traits, memory: &Memory, context: &Context, unit: f64) {
    traits.text(code::ITEM_ID, &context.item);
    if let Some(item) = memory.state().items.iter().find(|item| item.item == context.item) {
        traits.text(code::ITEM_CATEGORY, &item.category);
        traits.text(code::ITEM_BRAND, &item.brand);
        traits.double(code::ITEM_PRICE, f64::from(item.price_minor) / unit);
        if context.category.is_empty() {
            traits.text(code::PAGE_CATEGORY, &item.category);
        }
    }
}

/// Whole minutes since the moment; 0 when there was none.
fn minutes_since(at_s: Option<i64>, now_s: i64) -> i64 {
    at_s.map_or(0, |at_s| now_s.saturating_sub(at_s).max(0) / 60)
}
