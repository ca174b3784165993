//! `cart.*`, `wishlist.*`, and `item.*` of a product page.

use super::Context;
use super::table::code;
use super::values::Traits;
use crate::memory::Memory;
use shelfwise_pack::sort::sort;

/// A cart untouched for longer is abandoned.
const ABANDONED_MIN: i64 = 60;

pub(super) fn set(traits: &mut Traits, memory: &Memory, now_s: i64, unit: f64) {
    let state = memory.state();
    let cart = &state.cart;
    let pieces: i64 = cart.iter().map(|line| i64::from(line.quantity)).sum();
    let value: i64 = cart.iter().map(|line| i64::from(line.price_minor) * i64::from(line.quantity)).sum();
    let age_min = minutes_since(cart.iter().map(|line| line.at_s).max(), now_s);
    traits.int(code::CART_COUNT, pieces);
    traits.double(code::CART_VALUE, value as f64 / unit);
    traits.texts(code::CART_ITEMS, cart.iter().map(|line| line.item.as_str()));
    traits.int(code::CART_AGE, age_min);
    traits.bool(code::CART_ABANDONED, age_min > ABANDONED_MIN);
    let mut categories: Vec<&str> = cart.iter().map(|line| line.category.as_str()).collect();
    sort(&mut categories);
    categories.dedup();
    traits.texts(code::CART_CATEGORIES, categories.into_iter().filter(|name| !name.is_empty()));

    let wishes = &state.wishlist;
    let value: i64 = wishes.iter().map(|wish| i64::from(wish.price_minor)).sum();
    traits.int(code::WISHLIST_COUNT, wishes.len() as i64);
    traits.double(code::WISHLIST_VALUE, value as f64 / unit);
    traits.texts(code::WISHLIST_ITEMS, wishes.iter().map(|wish| wish.item.as_str()));
    traits.int(code::WISHLIST_AGE, minutes_since(wishes.iter().map(|wish| wish.at_s).max(), now_s));
}

/// What memory knows of the product of this page; [`crate::recommend::WithItem`] answers from its card.
pub(super) fn set_page_item(traits: &mut Traits, memory: &Memory, context: &Context, unit: f64) {
    if context.item.is_empty() {
        return;
    }
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
