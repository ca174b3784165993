//! Strategies that go by what one customer bought before: measured on the last days' orders of known customers.

use std::collections::HashMap;

use shelfwise_pack::scoring::ONE;

use super::board::{Board, Popular};
use super::tally::{Facts, LIST_MAX, Measured, Tally};
use super::{CONTEXT_MAX, HIDDEN_MAX, bytes, spaced};
use crate::error::Error;
use crate::intervals;
use crate::neighbours::Table;
use crate::orders::Orders;

const DAY_S: i64 = 86_400;
/// As in the engine: a product that nothing was learnt of is due again after so many days.
const REPEAT_DAYS: i64 = 45;
/// As in the engine: products of the last order that are looked at.
const ORDER_CONTEXT_MAX: usize = 20;

/// After how many days each product is due again, as the orders before number `first` say.
///
/// # Errors
/// Sales that lie on disk cannot be read.
pub(super) fn days(orders: &Orders, first: usize) -> Result<Vec<i64>, Error> {
    let mut days = vec![REPEAT_DAYS; orders.items.len()];
    for interval in intervals::intervals(orders, first)? {
        days[interval.item as usize] = i64::from(interval.days);
    }
    Ok(days)
}

/// What "post-purchase" and "replenish" find of each order from `first` on, knowing the customer's orders before it. `groups`
/// is the number of orders that were learnt from, `days` are those of [`days`].
pub(super) fn measure(
    orders: &Orders,
    first: usize,
    table: &Table,
    days: &[i64],
    groups: usize,
    facts: Facts<'_>,
) -> Vec<Measured> {
    let mut after =
        Tally::new("post-purchase", facts).needing(bytes::of_table(table, facts.supports)).apart();
    let mut again = Tally::new("replenish", facts).apart();
    let mut board = Board::new(facts.supports);
    let popular = Popular::new(facts.supports);
    // By customer: when each product was last bought, and the last order.
    let mut known: HashMap<u32, (HashMap<u32, i64>, usize)> = HashMap::new();
    for order in 0..orders.baskets.len() {
        let (buyer, at_s, basket) =
            (orders.buyers[order], orders.baskets.time_s(order), orders.baskets.get(order));
        if buyer == 0 {
            continue;
        }
        if let Some((bought, last)) = known.get(&buyer).filter(|_| order >= first) {
            let context = &orders.baskets.get(*last);
            context.iter().take(ORDER_CONTEXT_MAX).for_each(|item| board.add_row(table, *item, ONE));
            let is_bought = |item| bought.contains_key(&item);
            let list = board.best(&is_bought).to_vec();
            let most_sold = popular.best(&is_bought);
            let new = basket.iter().copied().filter(|item| !bought.contains_key(item));
            for target in spaced(&new.collect::<Vec<_>>(), HIDDEN_MAX) {
                after.count_apart(&list, &most_sold, target);
            }
            let (due, most_sold) = (due(bought, days, at_s), popular.best(&|_| false));
            for target in spaced(basket, HIDDEN_MAX).into_iter().filter(|_| !due.is_empty()) {
                again.count_apart(&due, &most_sold, target);
            }
        }
        let (bought, last) = known.entry(buyer).or_default();
        bought.extend(basket.iter().map(|item| (*item, at_s)));
        *last = order;
    }
    [after, again].map(|tally| tally.finish(groups)).into()
}

/// What is due again, the longest overdue first.
fn due(bought: &HashMap<u32, i64>, days: &[i64], at_s: i64) -> Vec<u32> {
    let overdue = |(item, bought_s): (&u32, &i64)| {
        let interval_s = days[*item as usize] * DAY_S;
        let ago_s = at_s - bought_s;
        (ago_s >= interval_s).then_some((std::cmp::Reverse(ago_s * 1_024 / interval_s), *item))
    };
    let mut due: Vec<_> = bought.iter().filter_map(overdue).collect();
    due.sort_unstable();
    due.truncate(LIST_MAX.min(CONTEXT_MAX));
    due.into_iter().map(|(_, item)| item).collect()
}
