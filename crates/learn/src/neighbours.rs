//! Product-to-product tables: counted row by row with one dense accumulator, cut to the best few.
//!
//! A row of product *i* visits the groups that hold *i* and adds to every product it meets there. So no
//! map of pairs is ever held: memory is the groups, the occurrences and one accumulator a thread. Where the
//! weights say so, what neighbours neighbour is added ([`crate::paths`]).

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::Error;
use crate::groups::{Groups, Occurrences};
use crate::pairs::{ByRow, Pair};
use crate::paths;
use crate::shares::{PAIR_ONE, Shares, ages};
use crate::weights::Weights;

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

    /// Whether one is among the neighbours of the other.
    #[must_use]
    pub fn links(&self, left: u32, right: u32) -> bool {
        let holds = |row: u32, item| self.rows[row as usize].iter().any(|neighbour| neighbour.item == item);
        holds(left, right) || holds(right, left)
    }
}

/// The weight of a score, 2^((score - 15) / 2).
#[must_use]
pub fn weight(score: u8) -> f64 {
    ((f64::from(score) - f64::from(SCORE_MAX)) / 2.0).exp2()
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

/// A neighbour before it is cut and quantised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Link {
    /// Product number.
    pub item: u32,
    /// The only group that held the pair, or [`MANY`].
    pub witness: u32,
    /// Strength.
    pub strength: f64,
}

/// The pair was met in as many groups as is asked for.
pub(crate) const MANY: u32 = u32::MAX;

/// Rows of a table before they are quantised, best first; empty for products that were not asked for.
#[derive(Debug)]
pub struct Rows(pub(crate) Vec<Vec<Link>>);

impl Rows {
    /// Neighbours with their strengths, for comparison with what the browser holds.
    #[must_use]
    pub fn strengths(&self, item: u32) -> Vec<(u32, f64)> {
        self.0[item as usize].iter().map(|link| (link.item, link.strength)).collect()
    }

    /// The rows cut to what each product may keep. Each doubling of the distance in dense ids, from some eight on, costs a bit in
    /// the file; `nearness` is the power of that cost that strengths are divided by. Neighbours near in dense ids are
    /// near in kind too: hits rise while bytes fall.
    #[must_use]
    pub fn trimmed(&self, keep: &[usize], nearness: f64, dense: &[u32]) -> Self {
        let trim = |(item, row): (usize, &Vec<Link>)| {
            let worth = |link: &Link| {
                let distance = dense[link.item as usize].abs_diff(dense[item]);
                link.strength / (3.0 + (1.0 + f64::from(distance)).log2()).powf(nearness)
            };
            let mut ranked: Vec<(f64, usize)> = row.iter().map(worth).zip(0..).collect();
            ranked.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(&right.1)));
            ranked.truncate(keep[item]);
            ranked.sort_unstable_by_key(|(_, at)| *at);
            ranked.into_iter().map(|(_, at)| row[at]).collect()
        };
        Self(self.0.iter().enumerate().map(trim).collect())
    }

    /// The table as the browser holds it.
    #[must_use]
    pub fn quantised(&self, scale: Scale) -> Table {
        quantise(&self.0, scale)
    }
}

/// Counts a table over groups. Deterministic: each row is summed in group order by one thread.
///
/// Cost: the sum over groups of (entries x entries within reach), and per product of reach x reach. Memory a
/// thread: 32 bytes a product.
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
    rows(groups, occurrences, weights, wanted, &|_| true).quantised(scale)
}

/// Counts a table, numbers the products by it (`number` gives dense ids by product number) and cuts its rows so
/// that they are short in the file.
#[must_use]
pub fn arranged(
    groups: &Groups,
    occurrences: &Occurrences,
    weights: &Weights,
    number: impl FnOnce(&Table) -> Vec<u32>,
) -> Table {
    let wide = spare_rows(groups, occurrences, weights);
    let keep = weights.keep(&occurrences.supports());
    let unordered = vec![0; keep.len()];
    let dense = number(&wide.trimmed(&keep, 0.0, &unordered).quantised(Scale::Tiers));
    wide.trimmed(&keep, weights.nearness, &dense).quantised(Scale::Tiers)
}

/// Rows with more neighbours than are kept, for [`Rows::trimmed`] to choose from.
#[must_use]
pub fn spare_rows(groups: &Groups, occurrences: &Occurrences, weights: &Weights) -> Rows {
    rows(groups, occurrences, &weights.spare(), &|row, other| row != other, &|_| true)
}

/// The rows of the products that `asked` names, before quantisation.
#[must_use]
pub fn rows(
    groups: &Groups,
    occurrences: &Occurrences,
    weights: &Weights,
    wanted: &(dyn Fn(u32, u32) -> bool + Sync),
    asked: &(dyn Fn(u32) -> bool + Sync),
) -> Rows {
    let supports = occurrences.supports();
    let counter =
        Counter { groups, occurrences, weights, shares: Shares::new(weights), ages: ages(groups), wanted };
    let ranking = Ranking::new(weights, &supports);
    let first = by_row(supports.len(), |row: &mut Accumulator, item| {
        row.fit(supports.len());
        match ranking.direct() && !asked(item) {
            true => Vec::new(),
            false => ranking.first(item, counter.row(item, row)),
        }
    });
    ranking.finish(first, asked)
}

/// The rows of pairs that were counted elsewhere, sorted by row; `supports` holds the groups of each product.
///
/// # Errors
/// Those of the pairs.
pub fn rows_of(
    pairs: impl Iterator<Item = Result<Pair, Error>>,
    weights: &Weights,
    supports: &[u32],
) -> Result<Rows, Error> {
    let ranking = Ranking::new(weights, supports);
    let mut first = vec![Vec::new(); supports.len()];
    for row in ByRow::new(pairs) {
        let (item, counted) = row?;
        first[item as usize] = ranking.first(item, counted);
    }
    Ok(ranking.finish(first, &|_| true))
}

/// Computes every row, in blocks that threads take in turn.
pub(crate) fn by_row<S: Default>(
    count: usize,
    row: impl Fn(&mut S, u32) -> Vec<Link> + Sync,
) -> Vec<Vec<Link>> {
    let blocks = count.div_ceil(BLOCK_ROWS);
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<Vec<Vec<Link>>>> = Mutex::new(vec![Vec::new(); blocks]);
    std::thread::scope(|scope| {
        for _ in 0..THREADS.min(blocks) {
            scope.spawn(|| {
                let mut space = S::default();
                loop {
                    let block = next.fetch_add(1, Ordering::Relaxed);
                    if block >= blocks {
                        break;
                    }
                    let items = block * BLOCK_ROWS..count.min((block + 1) * BLOCK_ROWS);
                    let rows = items.map(|item| row(&mut space, item as u32)).collect();
                    done.lock().expect("no thread panics while it holds the lock")[block] = rows;
                }
            });
        }
    });
    let done = done.into_inner().expect("no thread panics while it holds the lock");
    done.into_iter().flatten().collect()
}

/// The best few: strongest, then most supported, then smallest number.
pub(crate) fn cut(mut all: Vec<Link>, keep: usize, supports: &[u32]) -> Vec<Link> {
    let better = |left: &Link, right: &Link| {
        let support = |link: &Link| supports[link.item as usize];
        let tie = support(right).cmp(&support(left)).then(left.item.cmp(&right.item));
        right.strength.total_cmp(&left.strength).then(tie)
    };
    if all.len() > keep && keep > 0 {
        all.select_nth_unstable_by(keep - 1, better);
        all.truncate(keep);
    }
    all.sort_unstable_by(better);
    all.shrink_to_fit();
    all
}

/// What a row knows of a neighbour before it is weighed against others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Product number.
    pub item: u32,
    /// A group that held the pair.
    pub witness: u32,
    /// Groups that held it.
    pub shared: u32,
    /// Sum of its shares ([`crate::shares`]).
    pub weight: u64,
}

/// Turns what was counted into rows.
struct Ranking<'a> {
    weights: &'a Weights,
    supports: &'a [u32],
    /// Neighbours each product keeps.
    keep: Vec<usize>,
    /// What a neighbour's strength is divided by, and a row's.
    popularity: Vec<(f64, f64)>,
}

impl<'a> Ranking<'a> {
    fn new(weights: &'a Weights, supports: &'a [u32]) -> Self {
        let divided = |support: &u32| {
            let shrunk = f64::from(*support) + weights.shrinkage;
            (shrunk.powf(weights.support_power), shrunk.powf(weights.row_power))
        };
        let popularity = supports.iter().map(divided).collect();
        Self { weights, supports, keep: weights.keep(supports), popularity }
    }

    /// Whether only what was met directly counts.
    fn direct(&self) -> bool {
        self.weights.second_order == 0.0
    }

    /// The direct neighbours of a product, best first. A pair that only one group held is kept as such where two are
    /// asked for and paths count: a path over others may bear it out.
    fn first(&self, item: u32, counted: Vec<Counted>) -> Vec<Link> {
        let (most, own) = (self.weights.pair_support_min, self.popularity[item as usize].1);
        let link = |counted: Counted| {
            let Counted { item, witness, shared, weight } = counted;
            let strength = weight as f64 / PAIR_ONE / (self.popularity[item as usize].0 * own);
            Link { item, witness: if shared >= most { MANY } else { witness }, strength }
        };
        let borne = |link: &Link| link.witness == MANY || most == 2 && !self.direct();
        let links = counted.into_iter().map(link).filter(borne).collect();
        cut(links, if self.direct() { self.keep[item as usize] } else { self.weights.reach }, self.supports)
    }

    fn finish(&self, first: Vec<Vec<Link>>, asked: &(dyn Fn(u32) -> bool + Sync)) -> Rows {
        Rows(match self.direct() {
            true => first,
            false => paths::blend(&first, self.supports, self.weights, &self.keep, asked),
        })
    }
}

struct Counter<'a> {
    groups: &'a Groups,
    occurrences: &'a Occurrences,
    weights: &'a Weights,
    shares: Shares,
    /// Age of each group.
    ages: Vec<u8>,
    wanted: &'a (dyn Fn(u32, u32) -> bool + Sync),
}

impl Counter<'_> {
    fn row(&self, item: u32, row: &mut Accumulator) -> Vec<Counted> {
        for (group, position) in self.occurrences.of(item) {
            let items = self.groups.get(*group as usize);
            let share = self.shares.of_group(self.ages[*group as usize], items.len());
            let reach = self.weights.distance_max as usize;
            let position = *position as usize;
            let until = position.saturating_add(reach).saturating_add(1).min(items.len());
            for (at, other) in items.iter().enumerate().take(until).skip(position.saturating_sub(reach)) {
                let near = self.shares.of_pair(position, at);
                if near > 0 && (self.wanted)(item, *other) {
                    row.add(*other, *group, share * near);
                }
            }
        }
        row.take()
    }
}

/// Sums by product, with the products touched, so that clearing costs what adding did.
#[derive(Default)]
struct Accumulator {
    /// Sum of the shares, groups shared so far, and the last one.
    sums: Vec<(u64, u32, u32)>,
    touched: Vec<u32>,
}

impl Accumulator {
    fn fit(&mut self, items: usize) {
        self.sums.resize(items, (0, 0, u32::MAX));
    }

    fn add(&mut self, item: u32, group: u32, weight: u64) {
        let sum = &mut self.sums[item as usize];
        if sum.1 == 0 {
            self.touched.push(item);
        }
        if sum.2 != group {
            *sum = (sum.0, sum.1 + 1, group);
        }
        sum.0 = sum.0.saturating_add(weight);
    }

    /// The sums, and all back to zero.
    fn take(&mut self) -> Vec<Counted> {
        let Self { sums, touched } = self;
        let all = touched.drain(..).map(|item| {
            let (weight, shared, witness) = std::mem::replace(&mut sums[item as usize], (0, 0, u32::MAX));
            Counted { item, witness, shared, weight }
        });
        all.collect()
    }
}

fn quantise(rows: &[Vec<Link>], scale: Scale) -> Table {
    let mut all: Vec<f64> = rows.iter().flatten().map(|link| link.strength).collect();
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
    let row = |row: &Vec<Link>| {
        let neighbour =
            |(rank, link): (usize, &Link)| Neighbour { item: link.item, score: score(rank, link.strength) };
        row.iter().enumerate().map(neighbour).collect()
    };
    Table { rows: rows.iter().map(row).collect() }
}
