//! Orders by customer, in time: what the customer models are fitted on and measured with.

use shelfwise_pack::model::{BUYS_AGAIN_DAYS, OrderBook};

use super::History;
use crate::error::Error;
use crate::orders::Orders;

const DAY_S: f64 = 86_400.0;

/// Most customers that models are fitted on; of more every second, third and so on, in the order of the hashes of their ids,
/// which is as good as chance.
pub const CUSTOMERS_MAX: usize = 20_000;

/// One order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    customer: u32,
    at_s: i64,
    value_minor: i64,
}

/// Every order of at most [`CUSTOMERS_MAX`] customers. Memory: 24 bytes an order.
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
    ///
    /// # Errors
    /// Sales that lie on disk cannot be read.
    pub fn of(orders: &Orders) -> Result<Self, Error> {
        let mut entries: Vec<Entry> = Vec::new();
        let step = orders.customers.len().div_ceil(CUSTOMERS_MAX).max(1) as u32;
        let mut last = None;
        orders.sales.each(&mut |sale| {
            let order = sale.order as usize;
            let customer =
                orders.buyers[order].checked_sub(1).filter(|customer| customer.is_multiple_of(step));
            let Some(customer) = customer else { return };
            if last.replace(order) != Some(order) {
                entries.push(Entry { customer, at_s: orders.baskets.time_s(order), value_minor: 0 });
            }
            let value_minor = i64::from(sale.quantity).saturating_mul(sale.price_minor.into());
            if let Some(entry) = entries.last_mut() {
                entry.value_minor = entry.value_minor.saturating_add(value_minor);
            }
        })?;
        Ok(Self::new(entries, orders.span_s()))
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
