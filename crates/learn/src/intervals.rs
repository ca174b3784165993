//! After how long customers buy the same product again.

use crate::orders::Sale;

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

/// The intervals of products that enough customers bought again, by product number; `buyers` is the customer number plus one
/// of every order. Cost: sorts the sales.
#[must_use]
pub fn intervals(sales: &[Sale], buyers: &[u32]) -> Vec<Interval> {
    let buyer = |order: u32| buyers.get(order as usize).and_then(|buyer| buyer.checked_sub(1));
    let mut bought: Vec<(u32, u32, i64)> = sales
        .iter()
        .filter_map(|sale| Some((sale.item, buyer(sale.order)?, sale.at_s.div_euclid(DAY_S))))
        .collect();
    bought.sort_unstable();
    bought.dedup();
    let mut out = Vec::new();
    for sales in bought.chunk_by(|left, right| left.0 == right.0) {
        let mut everyone = 0;
        let mut medians = Vec::new();
        for own in sales.chunk_by(|left, right| left.1 == right.1) {
            everyone += 1;
            let mut gaps: Vec<i64> = own.windows(2).map(|pair| pair[1].2 - pair[0].2).collect();
            if !gaps.is_empty() {
                medians.push(median(&mut gaps));
            }
        }
        let customers = medians.len() as u32;
        if customers >= CUSTOMERS_MIN && customers * AGAIN_ONE_IN >= everyone {
            let days = u16::try_from(median(&mut medians)).unwrap_or(u16::MAX);
            out.push(Interval { item: sales[0].0, days, customers });
        }
    }
    out
}

/// The lower median of at least one value.
fn median(values: &mut [i64]) -> i64 {
    values.sort_unstable();
    values[(values.len() - 1) / 2]
}
