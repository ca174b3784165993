//! What sells: totals by product, ranked lists by window and category, cut points.

use std::collections::BTreeMap;

use shelfwise_pack::kinds::{CutKind, ListKind};

use crate::goods::Goods;
use crate::orders::{Customer, Orders};

const DAY_S: i64 = 86_400;
/// Windows of best sellers and trends, days; 0 = all time.
pub const WINDOWS_DAYS: [u16; 4] = [7, 30, 90, 0];
/// Products in a list over the whole shop.
pub const LIST_ITEMS_MAX: usize = 60;
/// Products in a list of one category.
pub const CATEGORY_LIST_ITEMS_MAX: usize = 24;
/// Orders added to both windows of a trend, so that one order more is no trend.
pub const TREND_SHRINKAGE: f64 = 10.0;

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
#[must_use]
pub fn totals(orders: &Orders, viewed: &[u32]) -> Vec<Total> {
    let mut totals =
        vec![Total { first_s: i64::MAX, last_s: i64::MIN, ..Total::default() }; orders.items.len()];
    for sale in &orders.sales {
        let total = &mut totals[sale.item as usize];
        total.quantity = total.quantity.saturating_add(sale.quantity);
        total.first_s = total.first_s.min(sale.at_s);
        total.last_s = total.last_s.max(sale.at_s);
    }
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
    totals
}

/// A ranked list, before dense ids are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranked {
    /// Which list.
    pub kind: ListKind,
    /// Category it is limited to, or empty.
    pub category: String,
    /// Window in days; 0 = all time.
    pub window_days: u16,
    /// Product numbers, best first.
    pub items: Vec<u32>,
}

/// Orders that hold each product in (end - until, end - from] days.
fn orders_between(orders: &Orders, end_s: i64, from_days: i64, until_days: i64) -> Vec<u32> {
    let mut counts = vec![0; orders.items.len()];
    let since = orders.baskets.first_since(end_s - until_days * DAY_S + 1);
    let before = orders.baskets.first_since(end_s - from_days * DAY_S + 1);
    for basket in since..before.max(since) {
        for item in orders.baskets.get(basket) {
            counts[*item as usize] += 1;
        }
    }
    counts
}

/// All lists: best sellers and trends by window, new arrivals, top discounts; over the shop and by category.
/// Products that the catalogue calls out of stock are left out.
#[must_use]
pub fn lists(orders: &Orders, totals: &[Total], goods: &Goods) -> Vec<Ranked> {
    let end_s = orders.span_s().1;
    let mut scored: Vec<(ListKind, u16, Vec<f64>)> = Vec::new();
    for window_days in WINDOWS_DAYS {
        let days = if window_days == 0 { i64::from(u16::MAX) * 2 } else { i64::from(window_days) };
        let now = orders_between(orders, end_s, 0, days);
        scored.push((
            ListKind::BestSellers,
            window_days,
            now.iter().map(|count| f64::from(*count)).collect(),
        ));
        if window_days != 0 {
            let before = orders_between(orders, end_s, days, days * 2);
            let rise = |(now, before): (&u32, &u32)| {
                (f64::from(*now) - f64::from(*before)) / (f64::from(*before) + TREND_SHRINKAGE).sqrt()
            };
            scored.push((ListKind::Trending, window_days, now.iter().zip(&before).map(rise).collect()));
        }
    }
    let good = |item: usize| goods.get(&orders.items[item]);
    let created = |(item, total): (usize, &Total)| {
        let day = good(item)
            .and_then(|good| good.created_day)
            .or_else(|| (total.orders > 0).then(|| total.first_s.div_euclid(DAY_S)));
        day.map_or(0.0, |day| day as f64 + 1.0)
    };
    scored.push((ListKind::NewArrivals, 0, totals.iter().enumerate().map(created).collect()));
    let discount = |item: usize| {
        good(item).filter(|good| good.compare_at_minor > good.price_minor).map_or(0.0, |good| {
            (good.compare_at_minor - good.price_minor) as f64 / good.compare_at_minor as f64
        })
    };
    scored.push((ListKind::TopDiscount, 0, (0..totals.len()).map(discount).collect()));

    let mut members: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for item in 0..totals.len() {
        let found = good(item);
        if found.is_none_or(|good| good.in_stock) {
            members.entry("").or_default().push(item as u32);
            if let Some(category) = found.map(|good| good.category.as_str()).filter(|name| !name.is_empty()) {
                members.entry(category).or_default().push(item as u32);
            }
        }
    }
    let mut out = Vec::new();
    for (kind, window_days, scores) in &scored {
        for (category, members) in &members {
            let keep = if category.is_empty() { LIST_ITEMS_MAX } else { CATEGORY_LIST_ITEMS_MAX };
            let items = best(members, scores, totals, keep);
            if !items.is_empty() {
                out.push(Ranked {
                    kind: *kind,
                    category: (*category).to_owned(),
                    window_days: *window_days,
                    items,
                });
            }
        }
    }
    out
}

/// The members with the highest scores above zero; ties by rank of sales.
fn best(members: &[u32], scores: &[f64], totals: &[Total], keep: usize) -> Vec<u32> {
    let mut items: Vec<u32> = members.iter().copied().filter(|item| scores[*item as usize] > 0.0).collect();
    items.sort_by(|left, right| {
        let (left, right) = (*left as usize, *right as usize);
        scores[right].total_cmp(&scores[left]).then(totals[left].rank.cmp(&totals[right].rank))
    });
    items.truncate(keep);
    items
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

/// RFM quintiles over customers, and price quintiles by category and over the shop.
#[must_use]
pub fn cuts(orders: &Orders, goods: &Goods) -> Vec<Cut> {
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
    if goods.is_empty() {
        let paid = orders.sales.iter().map(|sale| i64::from(sale.price_minor)).filter(|price| *price > 0);
        prices.insert("", paid.collect());
    }
    for (category, values) in prices {
        cut(CutKind::Price, category, values);
    }
    out
}

/// Nearest-rank quintiles of ascending values.
#[must_use]
pub fn quintiles(ascending: &[i64]) -> Option<[i64; 4]> {
    let at = |fifth: usize| ascending.get((ascending.len() * fifth).div_ceil(5).checked_sub(1)?).copied();
    Some([at(1)?, at(2)?, at(3)?, at(4)?])
}
