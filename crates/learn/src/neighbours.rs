//! Product-to-product tables: counted row by row with one dense accumulator, cut to the best few.
//!
//! A row of product *i* visits the groups that hold *i* and adds to every product it meets there. So no
//! map of pairs is ever held: memory is the groups, the occurrences and one accumulator a thread.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::groups::{Groups, Occurrences};

/// Threads that count rows.
const THREADS: usize = 2;
/// Rows a thread takes at a time.
const BLOCK_ROWS: usize = 128;
/// Highest score; the scale falls by a factor of the square root of two a step.
pub const SCORE_MAX: u8 = 15;

/// A neighbour as the browser holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// Product number.
    pub item: u32,
    /// 1..=15; its weight is 2^((score - 15) / 2) of the table's unit.
    pub score: u8,
}

/// Neighbours of every product, best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// By product number.
    pub rows: Vec<Vec<Neighbour>>,
}

impl Table {
    /// Number of neighbours in all rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.iter().map(Vec::len).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The weight of a score, 2^((score - 15) / 2).
#[must_use]
pub fn weight(score: u8) -> f64 {
    ((f64::from(score) - f64::from(SCORE_MAX)) / 2.0).exp2()
}

/// How a table is counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    /// Weight of a group falls by e^(-decay * age), age 0 (newest) ..= 1 (oldest).
    pub age_decay: f64,
    /// Weight of a group of n entries is n^-power.
    pub size_power: f64,
    /// Weight of two entries d apart is d^-power; 0 = order and distance do not count.
    pub distance_power: f64,
    /// Weight of a neighbour that came before, against one that came after.
    pub backward: f64,
    /// Farthest entries that count as together.
    pub distance_max: u32,
    /// Added to both supports when popularity is divided out.
    pub shrinkage: f64,
    /// Power of the neighbour's support that is divided out.
    pub support_power: f64,
    /// Power of the row's own support that is divided out; decides only how rows compare.
    pub row_power: f64,
    /// Neighbours kept.
    pub neighbours: usize,
    /// Fewest groups a pair must share.
    pub pair_support_min: u32,
}

impl Weights {
    /// Bought in one order, as measured best on Online Retail's validation days (HR@10 0.229, on its test days 0.239). The order of
    /// an order's lines does not count: few shops export a meaningful one.
    pub const BASKET: Self = Self {
        age_decay: 1.0,
        size_power: 1.0,
        distance_power: 0.0,
        backward: 1.0,
        distance_max: u32::MAX,
        shrinkage: 20.0,
        support_power: 0.5,
        row_power: 0.9,
        neighbours: 20,
        pair_support_min: 2,
    };
    /// Viewed in one session, as measured best on RetailRocket's validation days.
    pub const SESSION: Self = Self {
        age_decay: 1.0,
        size_power: 0.25,
        distance_power: 0.5,
        backward: 0.75,
        distance_max: 50,
        shrinkage: 20.0,
        support_power: 0.3,
        row_power: 1.0,
        neighbours: 20,
        pair_support_min: 2,
    };
    /// Bought in a session after the other was viewed: the session table, forward only.
    pub const VIEWED_THEN_BOUGHT: Self = Self { backward: 0.0, ..Self::SESSION };
}

/// How strengths become scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Half an octave a step, from the strongest of the table down; the weakest are 1.
    Logarithmic,
    /// By rank alone: tiers of 1, 2, 3, 5 and then all others.
    Tiers,
}

/// Scores of the tiers: 1, 0.71, 0.35, 0.25, 0.18 of the best.
const TIERS: [(usize, u8); 5] = [(1, 15), (3, 14), (6, 12), (11, 11), (usize::MAX, 10)];

type Scored = (f64, u32);

/// Counts a table over groups. Deterministic: each row is summed in group order by one thread.
///
/// Cost: the sum over groups of (entries x entries within reach). Memory a thread: 24 bytes a product.
#[must_use]
pub fn count(groups: &Groups, occurrences: &Occurrences, weights: &Weights, scale: Scale) -> Table {
    count_pairs(groups, occurrences, weights, scale, &|row, other| row != other)
}

/// [`count`] of the (row, neighbour) pairs that are wanted.
#[must_use]
pub fn count_pairs(
    groups: &Groups,
    occurrences: &Occurrences,
    weights: &Weights,
    scale: Scale,
    wanted: &(dyn Fn(u32, u32) -> bool + Sync),
) -> Table {
    let supports = occurrences.supports();
    let blocks = supports.len().div_ceil(BLOCK_ROWS);
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<Option<Vec<Vec<Scored>>>>> = Mutex::new(vec![None; blocks]);
    let counter = Counter::new(groups, occurrences, weights, &supports, wanted);
    std::thread::scope(|scope| {
        for _ in 0..THREADS.min(blocks) {
            scope.spawn(|| {
                let mut row = Accumulator::new(supports.len());
                loop {
                    let block = next.fetch_add(1, Ordering::Relaxed);
                    if block >= blocks {
                        break;
                    }
                    let items = block * BLOCK_ROWS..supports.len().min((block + 1) * BLOCK_ROWS);
                    let rows = items.map(|item| counter.row(item as u32, &mut row)).collect();
                    done.lock().expect("no thread panics while it holds the lock")[block] = Some(rows);
                }
            });
        }
    });
    let done = done.into_inner().expect("no thread panics while it holds the lock");
    let rows: Vec<Vec<Scored>> = done.into_iter().flatten().flatten().collect();
    quantise(&rows, scale)
}

struct Counter<'a> {
    groups: &'a Groups,
    occurrences: &'a Occurrences,
    weights: &'a Weights,
    supports: &'a [u32],
    /// Weight of each group.
    group_weights: Vec<f64>,
    /// d^-power by distance.
    distance_weights: Vec<f64>,
    /// What a neighbour's strength is divided by, and a row's.
    popularity: Vec<(f64, f64)>,
    wanted: &'a (dyn Fn(u32, u32) -> bool + Sync),
}

impl<'a> Counter<'a> {
    fn new(
        groups: &'a Groups,
        occurrences: &'a Occurrences,
        weights: &'a Weights,
        supports: &'a [u32],
        wanted: &'a (dyn Fn(u32, u32) -> bool + Sync),
    ) -> Self {
        let count = groups.len().max(1) as f64;
        let group_weight = |(index, (_, items)): (usize, (i64, &[u32]))| {
            let age = (count - index as f64) / count;
            (-weights.age_decay * age).exp() * (items.len().max(1) as f64).powf(-weights.size_power)
        };
        let reach = if weights.distance_power == 0.0 { 0 } else { weights.distance_max.min(1 << 16) };
        let divided = |support: &u32| {
            let shrunk = f64::from(*support) + weights.shrinkage;
            (shrunk.powf(weights.support_power), shrunk.powf(weights.row_power))
        };
        Self {
            groups,
            occurrences,
            weights,
            supports,
            group_weights: groups.iter().enumerate().map(group_weight).collect(),
            distance_weights: (0..=reach)
                .map(|d| f64::from(d.max(1)).powf(-weights.distance_power))
                .collect(),
            popularity: supports.iter().map(divided).collect(),
            wanted,
        }
    }

    fn row(&self, item: u32, row: &mut Accumulator) -> Vec<Scored> {
        for (group, position) in self.occurrences.of(item) {
            let items = self.groups.get(*group as usize);
            let weight = self.group_weights[*group as usize];
            let reach = self.weights.distance_max as usize;
            let from = (*position as usize).saturating_sub(reach);
            let until = (*position as usize).saturating_add(reach).saturating_add(1).min(items.len());
            for (at, other) in items.iter().enumerate().take(until).skip(from) {
                let near = self.nearness(*position as usize, at);
                if near > 0.0 && (self.wanted)(item, *other) {
                    row.add(*other, *group, weight * near);
                }
            }
        }
        let own = self.popularity[item as usize].1;
        let best = row.take(self.weights.pair_support_min, |other, sum| {
            sum / (self.popularity[other as usize].0 * own)
        });
        self.cut(best)
    }

    fn nearness(&self, from: usize, to: usize) -> f64 {
        let distance = self.distance_weights.get(from.abs_diff(to)).copied().unwrap_or(1.0);
        if to < from { distance * self.weights.backward } else { distance }
    }

    /// The best few: strongest, then most supported, then smallest number.
    fn cut(&self, mut all: Vec<Scored>) -> Vec<Scored> {
        let better = |left: &Scored, right: &Scored| {
            let supports = |scored: &Scored| self.supports[scored.1 as usize];
            right.0.total_cmp(&left.0).then(supports(right).cmp(&supports(left))).then(left.1.cmp(&right.1))
        };
        let keep = self.weights.neighbours;
        if all.len() > keep && keep > 0 {
            all.select_nth_unstable_by(keep - 1, better);
            all.truncate(keep);
        }
        all.sort_unstable_by(better);
        all
    }
}

/// Sums by product, with the products touched, so that clearing costs what adding did.
struct Accumulator {
    sums: Vec<f64>,
    /// Groups shared so far, and the last one.
    shared: Vec<(u32, u32)>,
    touched: Vec<u32>,
}

impl Accumulator {
    fn new(items: usize) -> Self {
        Self { sums: vec![0.0; items], shared: vec![(0, u32::MAX); items], touched: Vec::new() }
    }

    fn add(&mut self, item: u32, group: u32, weight: f64) {
        let shared = &mut self.shared[item as usize];
        if shared.0 == 0 {
            self.touched.push(item);
        }
        if shared.1 != group {
            *shared = (shared.0 + 1, group);
        }
        self.sums[item as usize] += weight;
    }

    fn take(&mut self, support_min: u32, score: impl Fn(u32, f64) -> f64) -> Vec<Scored> {
        let mut out = Vec::new();
        for item in self.touched.drain(..) {
            let sum = std::mem::take(&mut self.sums[item as usize]);
            let shared = std::mem::replace(&mut self.shared[item as usize], (0, u32::MAX));
            if shared.0 >= support_min {
                out.push((score(item, sum), item));
            }
        }
        out
    }
}

fn quantise(rows: &[Vec<Scored>], scale: Scale) -> Table {
    let mut all: Vec<f64> = rows.iter().flatten().map(|scored| scored.0).collect();
    all.sort_unstable_by(f64::total_cmp);
    // The strongest hundredth share the top score: a few freak pairs must not squeeze all others.
    let top = all.get(all.len().saturating_sub(1 + all.len() / 100)).copied().unwrap_or(1.0);
    let score = |rank: usize, strength: f64| match scale {
        Scale::Logarithmic => {
            let steps = 2.0 * (strength / top).log2();
            (f64::from(SCORE_MAX) + steps).round().clamp(1.0, f64::from(SCORE_MAX)) as u8
        }
        Scale::Tiers => TIERS.iter().find(|tier| rank < tier.0).map_or(1, |tier| tier.1),
    };
    let row = |row: &Vec<Scored>| {
        let neighbour =
            |(rank, scored): (usize, &Scored)| Neighbour { item: scored.1, score: score(rank, scored.0) };
        row.iter().enumerate().map(neighbour).collect()
    };
    Table { rows: rows.iter().map(row).collect() }
}
