//! What is known of the products beside their tables: prices, and the orders that rows without a table show.

use super::DAY_S;
use super::tally::Facts;
use crate::goods::Goods;
use crate::groups::Groups;

/// What is known of the products beside their sales.
pub(super) struct Known {
    prices: Vec<u32>,
    newest: Vec<u32>,
    recent: Vec<u32>,
    rising: Vec<u32>,
    categories: bool,
}

/// Days that recent popularity looks at.
const RECENT_DAYS: i64 = 30;
/// Orders added to the window before a trend's, as the build does.
const TREND_SHRINKAGE: f64 = 10.0;
/// Share of the sessions that it looks at where sessions have no time.
const RECENT_SHARE: f64 = 0.25;

impl Known {
    pub(super) fn new(train: &Groups, ids: &[Box<str>], goods: &Goods) -> Self {
        let price =
            |id: &str| goods.get(id).and_then(|good| u32::try_from(good.price_minor).ok()).unwrap_or(0);
        let mut first = vec![usize::MAX; ids.len()];
        let mut recent = vec![0_u32; ids.len()];
        let mut before = vec![0_u32; ids.len()];
        let end_s = if train.is_empty() { 0 } else { train.time_s(train.len() - 1) };
        let since = match train.first_since(end_s - RECENT_DAYS * DAY_S) {
            0 => train.len() - (train.len() as f64 * RECENT_SHARE) as usize,
            since => since,
        };
        let earlier = match train.first_since(end_s - 2 * RECENT_DAYS * DAY_S) {
            0 => since.saturating_sub(train.len() - since),
            earlier => earlier,
        };
        for (at, (_, items)) in train.iter().enumerate() {
            for item in items {
                let place = &mut first[*item as usize];
                *place = (*place).min(at);
                recent[*item as usize] += u32::from(at >= since);
                before[*item as usize] += u32::from(at < since && at >= earlier);
            }
        }
        let mut newest: Vec<u32> =
            (0..ids.len() as u32).filter(|item| first[*item as usize] < usize::MAX).collect();
        newest.sort_by_key(|item| (std::cmp::Reverse(first[*item as usize]), *item));
        let mut order: Vec<u32> = newest.iter().copied().filter(|item| recent[*item as usize] > 0).collect();
        order.sort_by_key(|item| (std::cmp::Reverse(recent[*item as usize]), *item));
        let prices = if goods.is_empty() { Vec::new() } else { ids.iter().map(|id| price(id)).collect() };
        // As the build ranks trends: the rise against what chance would make of it.
        let rise = |item: &u32| {
            let [now, before] = [&recent, &before].map(|counts| f64::from(counts[*item as usize]));
            (now - before) / (before + TREND_SHRINKAGE).sqrt()
        };
        let mut rising: Vec<u32> = order.iter().copied().filter(|item| rise(item) > 0.0).collect();
        rising.sort_by(|left, right| rise(right).total_cmp(&rise(left)));
        Self { prices, newest, recent: order, rising, categories: goods.has_categories() }
    }

    pub(super) fn facts<'a>(&'a self, supports: &'a [u32], alike: &'a dyn Fn(u32, u32) -> bool) -> Facts<'a> {
        let Self { prices, newest, recent, rising, categories } = self;
        Facts { supports, alike, categories: *categories, prices, newest, recent, rising }
    }
}
