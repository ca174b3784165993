//! After how long customers buy the same product again.

use crate::error::Error;
use crate::orders::Orders;
use crate::spill::{Sorter, spilled};

const DAY_S: i64 = 86_400;
/// Fewest customers who bought a product again before its interval is told.
pub const CUSTOMERS_MIN: u32 = 5;
/// Share of a product's customers who must have bought it again, one in so many: others want one of it, not one more.
pub const AGAIN_ONE_IN: u32 = 10;

/// How long a product lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Product number.
    pub item: u32,
    /// Median over the customers of each one's median, days, 1 or more.
    pub days: u16,
    /// Customers who bought it again on another day.
    pub customers: u32,
}

spilled! {
    /// A customer bought a product on a day.
    struct Bought {
        item: u32,
        buyer: u32,
        day: i64,
    }

    fn absorb(&mut self, next: &Self) -> bool {
        self == next
    }
}

/// The intervals of products that enough customers bought again, by product number, from the orders before number `end`.
/// Cost: sorts the sales, on disk where memory does not hold them.
///
/// # Errors
/// What lies on disk cannot be written or read.
pub fn intervals(orders: &Orders, end: usize) -> Result<Vec<Interval>, Error> {
    let mut sorter = Sorter::new(&orders.room.folder, orders.room.bytes_max / 4);
    let mut pushed = Ok(());
    orders.sales.each(&mut |sale| {
        let buyer = orders.buyers[sale.order as usize];
        if buyer > 0 && (sale.order as usize) < end && pushed.is_ok() {
            pushed = sorter.push(Bought { item: sale.item, buyer, day: sale.at_s.div_euclid(DAY_S) });
        }
    })?;
    pushed?;
    let mut out = Vec::new();
    let mut product: Vec<Bought> = Vec::new();
    for bought in sorter.sorted()? {
        let bought = bought?;
        if product.last().is_some_and(|last| last.item != bought.item) {
            out.extend(interval(&product));
            product.clear();
        }
        product.push(bought);
    }
    out.extend(interval(&product));
    Ok(out)
}

/// The interval of one product, if enough customers bought it again.
fn interval(sales: &[Bought]) -> Option<Interval> {
    let mut everyone = 0;
    let mut medians = Vec::new();
    for own in sales.chunk_by(|left, right| left.buyer == right.buyer) {
        everyone += 1;
        let mut gaps: Vec<i64> = own.windows(2).map(|pair| pair[1].day - pair[0].day).collect();
        if !gaps.is_empty() {
            medians.push(median(&mut gaps));
        }
    }
    let customers = medians.len() as u32;
    (customers >= CUSTOMERS_MIN && customers * AGAIN_ONE_IN >= everyone).then(|| {
        let days = u16::try_from(median(&mut medians)).unwrap_or(u16::MAX);
        Interval { item: sales[0].item, days, customers }
    })
}

/// The lower median of at least one value.
fn median(values: &mut [i64]) -> i64 {
    values.sort_unstable();
    values[(values.len() - 1) / 2]
}
