//! What sells: totals by product, sales by period, cut points.

use std::collections::BTreeMap;

use shelfwise_pack::kinds::CutKind;
use shelfwise_pack::knowledge::PERIODS_DAYS;

use crate::error::Error;
use crate::goods::Goods;
use crate::orders::{Customer, Orders};

const DAY_S: i64 = 86_400;

/// What one product sold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// Distinct orders it is in.
    pub orders: u32,
    /// Pieces sold, saturating.
    pub quantity: u32,
    /// First sale, Unix seconds.
    pub first_s: i64,
    /// Last sale, Unix seconds.
    pub last_s: i64,
    /// 0 = in the most orders; ties: more pieces, more views, then the smaller id.
    pub rank: u32,
}

/// Totals by product number; products that only were viewed, as often as `viewed` says, rank behind those that sold.
///
/// # Errors
/// Sales that lie on disk cannot be read.
pub fn totals(orders: &Orders, viewed: &[u32]) -> Result<Vec<Total>, Error> {
    let mut totals =
        vec![Total { first_s: i64::MAX, last_s: i64::MIN, ..Total::default() }; orders.items.len()];
    orders.sales.each(&mut |sale| {
        let total = &mut totals[sale.item as usize];
        total.quantity = total.quantity.saturating_add(sale.quantity);
        total.first_s = total.first_s.min(sale.at_s);
        total.last_s = total.last_s.max(sale.at_s);
    })?;
    for (_, items) in orders.baskets.iter() {
        for item in items {
            totals[*item as usize].orders += 1;
        }
    }
    for total in totals.iter_mut().filter(|total| total.orders == 0) {
        (total.first_s, total.last_s) = (0, 0);
    }
    let mut by_sales: Vec<usize> = (0..totals.len()).collect();
    by_sales.sort_by_key(|item| {
        (std::cmp::Reverse((totals[*item].orders, totals[*item].quantity, viewed[*item])), *item)
    });
    for (rank, item) in by_sales.into_iter().enumerate() {
        totals[item].rank = rank as u32;
    }
    Ok(totals)
}

/// What one product sold in one period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sold {
    /// Product number.
    pub item: u32,
    /// Which of [`PERIODS_DAYS`], or their number for all that is older.
    pub period: u8,
    /// Distinct orders it is in.
    pub orders: u32,
    /// Pieces, saturating.
    pub quantity: u32,
    /// Money, minor units, saturating.
    pub revenue_minor: u64,
}

/// What sold when, by product number and then period, so that whoever builds a list chooses its window. The last second of
/// the sales is "now". Memory: at most 24 entries a product.
///
/// # Errors
/// Sales that lie on disk cannot be read.
pub fn periods(orders: &Orders) -> Result<Vec<Sold>, Error> {
    let end_s = orders.span_s().1;
    let mut out: Vec<Sold> = Vec::new();
    // By product: its entry in `out` and the order that was last counted in it, each plus one.
    let mut open = vec![(0_usize, 0_u32); orders.items.len()];
    orders.sales.each(&mut |sale| {
        let age_days = (end_s - orders.baskets.time_s(sale.order as usize)).max(0) / DAY_S;
        let period = PERIODS_DAYS.partition_point(|end| i64::from(*end) <= age_days) as u8;
        let (at, order) = &mut open[sale.item as usize];
        // Sales come oldest order first, so that a product's periods do too.
        if *at == 0 || out[*at - 1].period != period {
            out.push(Sold { item: sale.item, period, ..Sold::default() });
            *at = out.len();
        }
        let sold = &mut out[*at - 1];
        sold.orders += u32::from(std::mem::replace(order, sale.order + 1) != sale.order + 1);
        sold.quantity = sold.quantity.saturating_add(sale.quantity);
        let revenue = u64::from(sale.quantity) * u64::from(sale.price_minor);
        sold.revenue_minor = sold.revenue_minor.saturating_add(revenue);
    })?;
    out.sort_unstable_by_key(|sold| (sold.item, sold.period));
    Ok(out)
}

/// Four values that cut a population into fifths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// What is cut.
    pub kind: CutKind,
    /// Category for prices, or empty.
    pub category: String,
    /// 20th, 40th, 60th and 80th percentile, nearest rank.
    pub points: [i64; 4],
}

/// RFM quintiles over customers, and price quintiles by category and over the shop; without a catalogue of what was paid, in
/// some 20 bytes a price.
///
/// # Errors
/// Sales that lie on disk cannot be read.
pub fn cuts(orders: &Orders, goods: &Goods) -> Result<Vec<Cut>, Error> {
    let end_s = orders.span_s().1;
    let mut out = Vec::new();
    let mut cut = |kind, category: &str, mut values: Vec<i64>| {
        values.sort_unstable();
        if let Some(points) = quintiles(&values) {
            out.push(Cut { kind, category: category.to_owned(), points });
        }
    };
    let of = |value: &dyn Fn(&Customer) -> i64| orders.customers.iter().map(value).collect::<Vec<_>>();
    cut(CutKind::Recency, "", of(&|customer| (end_s - customer.last_s) / DAY_S));
    cut(CutKind::Frequency, "", of(&|customer| i64::from(customer.orders)));
    cut(CutKind::Monetary, "", of(&|customer| customer.spend_minor));
    let mut prices: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for (_, good) in goods.iter().filter(|(_, good)| good.price_minor > 0) {
        prices.entry("").or_default().push(good.price_minor);
        if !good.category.is_empty() {
            prices.entry(&good.category).or_default().push(good.price_minor);
        }
    }
    for (category, values) in prices {
        cut(CutKind::Price, category, values);
    }
    if goods.is_empty() {
        let mut paid: BTreeMap<i64, u64> = BTreeMap::new();
        orders.sales.each(&mut |sale| *paid.entry(i64::from(sale.price_minor)).or_default() += 1)?;
        paid.remove(&0);
        let category = String::new();
        out.extend(quintiles_of(&paid).map(|points| Cut { kind: CutKind::Price, category, points }));
    }
    Ok(out)
}

/// Nearest-rank quintiles of ascending values.
#[must_use]
pub fn quintiles(ascending: &[i64]) -> Option<[i64; 4]> {
    let at = |fifth: usize| ascending.get((ascending.len() * fifth).div_ceil(5).checked_sub(1)?).copied();
    Some([at(1)?, at(2)?, at(3)?, at(4)?])
}

/// Nearest-rank quintiles of values that are there so many times.
fn quintiles_of(counts: &BTreeMap<i64, u64>) -> Option<[i64; 4]> {
    let all: u64 = counts.values().sum();
    let at = |fifth: u64| {
        let mut before = 0;
        let reaches = |(_, count): &(&i64, &u64)| {
            before += **count;
            before >= (all * fifth).div_ceil(5)
        };
        counts.iter().find(reaches).map(|(value, _)| *value)
    };
    Some([at(1)?, at(2)?, at(3)?, at(4)?])
}
