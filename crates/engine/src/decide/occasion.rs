//! Moments that memory and catalogue tell: a cart left behind, a fallen price, a product back in stock.

use crate::memory::{Event, EventKind, Memory};
use crate::pack::core::Core;
use crate::pack::kinds::TriggerKind;
use crate::shelf::{Shelf, Wants};

/// Most wished and most viewed products that are looked up, newest first.
const LOOKED_UP_MAX: usize = 20;

/// How far such a moment has come.
#[derive(Debug, Default)]
pub struct Occasion {
    /// In the unit of the trigger's threshold: minutes since the cart was last added to, the largest fall of a price in
    /// percent, 1 for a product back in stock. None when the moment has not come.
    pub reached: Option<u32>,
    /// Files that would tell more.
    pub wants: Wants,
    /// Products that are sold out, and were not when they were last heard of: to be remembered as
    /// [`EventKind::SoldOut`], so that their return is noticed.
    pub sold_out: Vec<String>,
}

/// How far the moment of a trigger has come; nothing when no campaign waits for it, or it is another kind of trigger.
/// Cost: up to 40 products looked up.
#[must_use]
pub fn occasion(core: &Core, shelf: &Shelf, memory: &Memory, trigger: TriggerKind, now_s: i64) -> Occasion {
    let mut found = Occasion::default();
    let waits = core.triggers.iter().any(|record| record.kind == trigger.code());
    if !(waits && memory.is_about_products()) {
        return found;
    }
    found.look_up(core, shelf, memory, trigger, now_s);
    found
}

impl Occasion {
    /// Compares the catalogue with what is remembered.
    #[inline(never)]
    fn look_up(&mut self, core: &Core, shelf: &Shelf, memory: &Memory, trigger: TriggerKind, now_s: i64) {
        let state = memory.state();
        if trigger == TriggerKind::CartAbandoned {
            let added_s = state.cart.iter().map(|line| line.at_s).max();
            self.reached = added_s.map(|at_s| (now_s.saturating_sub(at_s).max(0) / 60) as u32);
        }
        if !matches!(trigger, TriggerKind::PriceDrop | TriggerKind::BackInStock) {
            return;
        }
        let issued_s = core.meta.get(0).unwrap_or_default().issued_s;
        let viewed = state.items.iter().rev().filter(|item| item.views > 0 && item.bought == 0);
        let viewed = viewed.take(LOOKED_UP_MAX).map(|item| (&item.item, item.price_minor, item.last_s));
        let wished = state.wishlist.iter().rev().take(LOOKED_UP_MAX);
        let wished = wished.map(|wish| (&wish.item, wish.price_minor, wish.at_s));
        for (item, then_minor, at_s) in viewed.chain(wished) {
            let dense = shelf.dense(core, item);
            let Some(card) = dense.and_then(|dense| shelf.card(core, dense)) else {
                let index = || shelf.want_for_item(core, item);
                self.wants.add(dense.map_or_else(index, |dense| shelf.want_card(dense)));
                continue;
            };
            let noted = || was_sold_out(memory, item);
            let price_minor = card.card.price_minor;
            if trigger == TriggerKind::PriceDrop {
                if issued_s > at_s && price_minor < then_minor {
                    let fall = u64::from(then_minor - price_minor) * 100 / u64::from(then_minor);
                    self.reached = self.reached.max(Some(fall as u32));
                }
            } else if card.in_stock() {
                self.reached = self.reached.or_else(|| noted().then_some(1));
            } else if !noted() {
                self.sold_out.push(item.clone());
            }
        }
    }
}

/// Whether a product was sold out when it was last heard of.
fn was_sold_out(memory: &Memory, item: &str) -> bool {
    let tells =
        |event: &&Event| event.item == item && matches!(event.kind, EventKind::SoldOut | EventKind::ViewItem);
    let last = memory.events().iter().rev().find(tells);
    last.is_some_and(|last| last.kind == EventKind::SoldOut)
}
