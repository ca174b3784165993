//! Orders by customer, in time: what the customer models are fitted on and measured with.

use shelfwise_pack::model::{BUYS_AGAIN_DAYS, OrderBook};

use super::History;
use crate::orders::Orders;

const DAY_S: f64 = 86_400.0;

/// One order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    customer: u32,
    at_s: i64,
    value_minor: i64,
}

/// Every order that has a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// By customer, then time.
    entries: Vec<Entry>,
    from_s: i64,
    until_s: i64,
}

/// A customer at some moment, and whether an order followed within [`BUYS_AGAIN_DAYS`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Case {
    /// The orders up to that moment.
    pub book: OrderBook,
    /// Whether another one followed.
    pub again: bool,
}

impl Ledger {
    /// The ledger of a shop. Orders of unknown customers are left out.
    #[must_use]
    pub fn of(orders: &Orders) -> Self {
        let mut entries: Vec<Entry> = Vec::new();
        for lines in orders.sales.chunk_by(|left, right| left.order == right.order) {
            let order = lines[0].order as usize;
            let Some(customer) = orders.buyers.get(order).and_then(|buyer| buyer.checked_sub(1)) else {
                continue;
            };
            let value = |minor: i64, sale: &crate::orders::Sale| {
                minor.saturating_add(i64::from(sale.quantity).saturating_mul(sale.price_minor.into()))
            };
            let value_minor = lines.iter().fold(0, value);
            entries.push(Entry { customer, at_s: orders.baskets.time_s(order), value_minor });
        }
        Self::new(entries, orders.span_s())
    }

    fn new(mut entries: Vec<Entry>, (from_s, until_s): (i64, i64)) -> Self {
        entries.sort_by_key(|entry| (entry.customer, entry.at_s));
        Self { entries, from_s, until_s }
    }

    /// First and last second of the log.
    #[must_use]
    pub fn span_s(&self) -> (i64, i64) {
        (self.from_s, self.until_s)
    }

    fn customers(&self) -> impl Iterator<Item = &[Entry]> {
        self.entries.chunk_by(|left, right| left.customer == right.customer)
    }

    /// Customers as BG/NBD sees them at a moment, in days. Mean values are of all their orders.
    #[must_use]
    pub fn histories(&self, now_s: i64) -> Vec<History> {
        let books = self.customers().filter_map(|orders| book(orders, now_s));
        let history = |book: OrderBook| {
            let rhythm = book.rhythm();
            let mean_value = book.spend / book.orders;
            History { repeats: rhythm.repeats, recency: rhythm.recency, age: rhythm.age, mean_value }
        };
        books.map(history).collect()
    }

    /// Every customer of a moment, and whether they ordered again within [`BUYS_AGAIN_DAYS`].
    #[must_use]
    pub fn cases(&self, now_s: i64) -> Vec<Case> {
        let until_s = now_s + (BUYS_AGAIN_DAYS * DAY_S) as i64;
        let case = |orders: &[Entry]| {
            let again = orders.iter().any(|order| order.at_s > now_s && order.at_s <= until_s);
            book(orders, now_s).map(|book| Case { book, again })
        };
        self.customers().filter_map(case).collect()
    }
}

/// The orders up to a moment; none before the first.
fn book(orders: &[Entry], now_s: i64) -> Option<OrderBook> {
    let known = &orders[..orders.partition_point(|order| order.at_s <= now_s)];
    let (first, last) = (known.first()?, known.last()?);
    let days = |at_s: i64| (now_s - at_s) as f64 / DAY_S;
    let of_late = |most: f64| known.iter().filter(|order| days(order.at_s) < most).count() as f64;
    Some(OrderBook {
        orders: known.len() as f64,
        recency: days(last.at_s),
        age: days(first.at_s),
        orders_30d: of_late(30.0),
        orders_90d: of_late(90.0),
        spend: known.iter().map(|order| order.value_minor as f64).sum(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn ledger() -> Ledger {
        let order = |customer, day: i64, value_minor| Entry { customer, at_s: day * DAY, value_minor };
        let entries = vec![order(1, 95, 300), order(0, 10, 100), order(0, 80, 300), order(0, 110, 50)];
        Ledger::new(entries, (10 * DAY, 140 * DAY))
    }

    #[test]
    fn a_moment_knows_only_what_was_before() {
        let cases = ledger().cases(100 * DAY);
        let book = OrderBook {
            orders: 2.0,
            recency: 20.0,
            age: 90.0,
            orders_30d: 1.0,
            orders_90d: 1.0,
            spend: 400.0,
        };
        assert_eq!(cases[0], Case { book, again: true });
        assert!(!cases[1].again && cases[1].book.orders == 1.0);
        assert_eq!(ledger().cases(50 * DAY).len(), 1);
        let history = ledger().histories(100 * DAY)[0];
        assert_eq!(history, History { repeats: 1.0, recency: 70.0, age: 90.0, mean_value: 200.0 });
    }
}
