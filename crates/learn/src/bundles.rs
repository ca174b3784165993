//! Products that are bought in one order more often than chance would have it: pairs, and triples of them.

use std::collections::BTreeMap;

use crate::groups::{Groups, Occurrences};
use crate::neighbours::Table;

/// Fewest orders that must hold a bundle, whatever is asked for pairs.
pub const ORDERS_MIN: u32 = 5;
/// Smallest lift, thousandths.
pub const LIFT_PERMILLE_MIN: u64 = 2_000;
/// Most bundles that are kept.
pub const BUNDLES_MAX: usize = 1_000;

/// Products bought together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// Product numbers, ascending.
    pub items: Vec<u32>,
    /// Orders that hold all of them.
    pub orders: u32,
    /// How many times more often than by chance, thousandths, saturating.
    pub lift_permille: u32,
}

/// The bundles with the most orders beyond chance, those in the most orders first. A pair of which a triple holds at least
/// half the orders is left to the triple. Candidates are neighbours in `table`.
///
/// Cost: the neighbours of all products times their orders.
#[must_use]
pub fn bundles(baskets: &Groups, table: &Table, orders_min: u32) -> Vec<Bundle> {
    let places = Occurrences::new(baskets, table.rows.len());
    let finder = Finder { places, all: baskets.len() as u64, orders_min: orders_min.max(ORDERS_MIN) };
    let pairs = finder.pairs(table);
    let mut found = BTreeMap::new();
    for ([left, right], held) in &pairs {
        found
            .extend(finder.bundle(&[*left, *right], held.len()).map(|bundle| (bundle.items.clone(), bundle)));
        for third in table.rows[*left as usize].iter().map(|near| near.item).filter(|third| third > right) {
            let linked = [[*left, third], [*right, third]].iter().all(|pair| pairs.contains_key(pair));
            if linked {
                let all = shared(held, &finder.orders(third));
                let triple = finder.bundle(&[*left, *right, third], all.len());
                found.extend(triple.map(|bundle| (bundle.items.clone(), bundle)));
            }
        }
    }
    let triples: Vec<Bundle> = found.values().filter(|bundle| bundle.items.len() == 3).cloned().collect();
    for triple in triples {
        for out in 0..3 {
            let pair: Vec<u32> = (0..3).filter(|at| *at != out).map(|at| triple.items[at]).collect();
            if found.get(&pair).is_some_and(|pair| pair.orders <= 2 * triple.orders) {
                found.remove(&pair);
            }
        }
    }
    let mut kept: Vec<Bundle> = found.into_values().collect();
    // Orders beyond chance, in thousandths: orders x (1 - 1 / lift).
    let beyond = |bundle: &Bundle| {
        let orders = u64::from(bundle.orders) * 1_000;
        orders - orders * 1_000 / u64::from(bundle.lift_permille)
    };
    kept.sort_by(|left, right| beyond(right).cmp(&beyond(left)).then_with(|| left.items.cmp(&right.items)));
    kept.truncate(BUNDLES_MAX);
    kept.sort_by(|left, right| right.orders.cmp(&left.orders).then_with(|| left.items.cmp(&right.items)));
    kept
}

/// Orders that a lift has to outweigh: a lift that few orders tell of may be chance.
const ORDERS_DOUBTED: u64 = 10;

/// The rest of the best bundle of each product, most sold first, as the build chooses: by lift, as far as orders bear it out.
#[must_use]
pub fn best(bundles: &[Bundle], supports: &[u32]) -> BTreeMap<u32, Vec<u32>> {
    let worth = |bundle: &Bundle| {
        let orders = u64::from(bundle.orders);
        u64::from(bundle.lift_permille) * orders / (orders + ORDERS_DOUBTED)
    };
    let mut best: BTreeMap<u32, &Bundle> = BTreeMap::new();
    for bundle in bundles {
        for item in &bundle.items {
            let place = best.entry(*item).or_insert(bundle);
            if worth(place) < worth(bundle) {
                *place = bundle;
            }
        }
    }
    let rest = |(item, bundle): (u32, &Bundle)| {
        let mut others: Vec<u32> = bundle.items.iter().copied().filter(|other| *other != item).collect();
        others.sort_by_key(|other| std::cmp::Reverse(supports[*other as usize]));
        (item, others)
    };
    best.into_iter().map(rest).collect()
}

struct Finder {
    places: Occurrences,
    all: u64,
    orders_min: u32,
}

impl Finder {
    /// Orders that hold a product, ascending.
    fn orders(&self, item: u32) -> Vec<u32> {
        self.places.of(item).iter().map(|place| place.0).collect()
    }

    /// Neighbours, the smaller number first, and the orders that hold both where those are enough.
    fn pairs(&self, table: &Table) -> BTreeMap<[u32; 2], Vec<u32>> {
        let mut out = BTreeMap::new();
        for (item, row) in (0..).zip(&table.rows) {
            if (self.places.of(item).len() as u32) < self.orders_min {
                continue;
            }
            let own = self.orders(item);
            for near in row {
                let pair = [item.min(near.item), item.max(near.item)];
                out.entry(pair).or_insert_with(|| shared(&own, &self.orders(near.item)));
            }
        }
        out.retain(|_, held| held.len() as u32 >= self.orders_min);
        out
    }

    /// The bundle of such products, if it is in enough orders and beyond chance.
    fn bundle(&self, items: &[u32], orders: usize) -> Option<Bundle> {
        let orders = orders as u32;
        let by_chance = items.iter().map(|item| self.places.of(*item).len() as u128).product::<u128>();
        let all = u128::from(self.all).pow(items.len() as u32 - 1);
        let lift = u64::try_from(u128::from(orders) * all * 1_000 / by_chance.max(1)).unwrap_or(u64::MAX);
        (orders >= self.orders_min && lift >= LIFT_PERMILLE_MIN).then(|| Bundle {
            items: items.to_vec(),
            orders,
            lift_permille: u32::try_from(lift).unwrap_or(u32::MAX),
        })
    }
}

/// What two ascending runs have in common.
fn shared(left: &[u32], right: &[u32]) -> Vec<u32> {
    let (short, long) = if left.len() < right.len() { (left, right) } else { (right, left) };
    let mut from = 0;
    let mut out = Vec::new();
    for value in short {
        from += long[from..].partition_point(|other| other < value);
        if long.get(from) == Some(value) {
            out.push(*value);
        }
    }
    out
}
