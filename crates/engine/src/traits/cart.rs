//! `cart.*`, `wishlist.*`, and `item.*` of a product page.

use super::Context;
use super::table::code;
use super::values::Traits;
use crate::memory::Memory;

/// A cart untouched for longer is abandoned.
const ABANDONED_MIN: i64 = 60;
/// A wishlist that nothing was put on for longer is.
const WISHES_ABANDONED_MIN: i64 = 24 * 60;

pub(super) fn set(traits: &mut Traits, memory: &Memory, now_s: i64, unit: f64) {
    let state = memory.state();
    let (mut items, mut categories, mut brands) = (Vec::new(), Vec::new(), Vec::new());
    let (mut pieces, mut value, mut changed_s) = (0, 0, None);
    for line in &state.cart {
        pieces += i64::from(line.quantity);
        value += i64::from(line.price_minor) * i64::from(line.quantity);
        changed_s = changed_s.max(Some(line.at_s));
        items.push(line.item.as_str());
        note(&mut categories, &line.category);
        note(&mut brands, &line.brand);
    }
    let age_min = minutes_since(changed_s, now_s);
    traits.int(code::CART_COUNT, pieces);
    traits.double(code::CART_VALUE, value as f64 / unit);
    traits.texts(code::CART_ITEMS, &items);
    traits.int(code::CART_AGE, age_min);
    traits.bool(code::CART_ABANDONED, age_min > ABANDONED_MIN);
    traits.texts(code::CART_CATEGORIES, &categories);
    traits.texts(code::CART_BRANDS, &brands);

    for texts in [&mut items, &mut categories, &mut brands] {
        texts.clear();
    }
    (value, changed_s) = (0, None);
    for wish in &state.wishlist {
        value += i64::from(wish.price_minor);
        changed_s = changed_s.max(Some(wish.at_s));
        items.push(wish.item.as_str());
        note(&mut categories, &wish.category);
        note(&mut brands, &wish.brand);
    }
    traits.int(code::WISHLIST_COUNT, items.len() as i64);
    traits.double(code::WISHLIST_VALUE, value as f64 / unit);
    traits.texts(code::WISHLIST_ITEMS, &items);
    let age_min = minutes_since(changed_s, now_s);
    traits.int(code::WISHLIST_AGE, age_min);
    traits.bool(code::WISHLIST_ABANDONED, age_min > WISHES_ABANDONED_MIN);
    traits.texts(code::WISHLIST_CATEGORIES, &categories);
    traits.texts(code::WISHLIST_BRANDS, &brands);
}

/// Puts a text into its place among sorted ones, unless it is there or empty.
#[inline(never)]
pub(super) fn note<'t>(texts: &mut Vec<&'t str>, text: &'t str) {
    if let (Err(at), false) = (texts.binary_search(&text), text.is_empty()) {
        texts.insert(at, text);
    }
}

/// What memory knows of the product of this page; [`crate::card::OnPage`] answers from its card.
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
