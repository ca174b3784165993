//! Moments that memory and catalogue tell: a cart left behind, a fallen price, a product back in stock.

use super::Driver;
use crate::engine::memory::{Event, EventKind, Memory};
use crate::engine::pack::kinds::TriggerKind;
use crate::surroundings::{Clock, Entropy, Store};

/// Most wished and most viewed products that are looked up, newest first.
const LOOKED_UP_MAX: usize = 20;

impl<C: Clock, E: Entropy, S: Store> Driver<C, E, S> {
    /// How far such a moment has come, in the unit of its trigger's threshold: minutes since the cart was last
    /// added to, the largest fall of a price in percent, 1 for a product back in stock. Nothing when it has not
    /// come, or no campaign waits for it. Notes which products are sold out, so that their return is noticed.
    pub(super) fn occasion(&mut self, trigger: TriggerKind) -> Option<u32> {
        let now_s = self.now_s();
        let mut loaded = self.loaded.take()?;
        let core = loaded.core.view();
        let mut reached = None;
        let mut sold_out = Vec::new();
        let memory = self.memory();
        let state = memory.state();
        let waited_for = core.triggers.iter().any(|record| record.kind == trigger.code());
        if waited_for && trigger == TriggerKind::CartAbandoned {
            let added_s = state.cart.iter().map(|line| line.at_s).max();
            reached = added_s.map(|at_s| (now_s.saturating_sub(at_s).max(0) / 60) as u32);
        } else if waited_for {
            let issued_s = core.meta.get(0).unwrap_or_default().issued_s;
            let viewed = state.items.iter().rev().filter(|item| item.views > 0 && item.bought == 0);
            let viewed = viewed.take(LOOKED_UP_MAX).map(|item| (&item.item, item.price_minor, item.last_s));
            let wished = state.wishlist.iter().rev().take(LOOKED_UP_MAX);
            let wished = wished.map(|wish| (&wish.item, wish.price_minor, wish.at_s));
            let shelf = &loaded.desk.shelf;
            for (item, then_minor, at_s) in viewed.chain(wished) {
                let dense = shelf.dense(&core, item);
                let Some(card) = dense.and_then(|dense| shelf.card(&core, dense)) else {
                    let index = || shelf.want_for_item(&core, item);
                    loaded.desk.wants.extend(dense.map_or_else(index, |dense| shelf.want_card(&core, dense)));
                    continue;
                };
                let noted = || was_sold_out(memory, item);
                let price_minor = card.card.price_minor;
                if trigger == TriggerKind::PriceDrop {
                    if issued_s > at_s && price_minor < then_minor {
                        let fall = u64::from(then_minor - price_minor) * 100 / u64::from(then_minor);
                        reached = reached.max(Some(fall as u32));
                    }
                } else if card.in_stock() {
                    reached = reached.or_else(|| noted().then_some(1));
                } else if !noted() {
                    sold_out.push(Event::new(EventKind::SoldOut, now_s).about(item));
                }
            }
        }
        self.loaded = Some(loaded);
        for event in sold_out {
            self.remember(event);
        }
        reached
    }
}

/// Whether a product was sold out when it was last heard of.
fn was_sold_out(memory: &Memory, item: &str) -> bool {
    let tells =
        |event: &&Event| event.item == item && matches!(event.kind, EventKind::SoldOut | EventKind::ViewItem);
    let last = memory.events().iter().rev().find(tells);
    last.is_some_and(|last| last.kind == EventKind::SoldOut)
}
