//! How often the tables find what came next, on days they have not seen.
//!
//! Tables are cut and quantised exactly as the browser holds them. Ties go to the more popular product.

use std::fmt;

use crate::error::Error;
use crate::groups::{Groups, Occurrences};
use crate::log::Source;
use crate::neighbours::{self, Scale, Table, Weights, weight};
use crate::orders::Orders;
use crate::progress::Progress;
use crate::sessions;

const DAY_S: i64 = 86_400;
/// Products of a basket that are hidden in turn, at most.
pub const HIDDEN_MAX: usize = 20;
/// Products of a basket that are context, at most.
pub const CONTEXT_MAX: usize = 50;
/// Last products of a session that count.
pub const SESSION_CONTEXT: usize = 5;
/// Weight of a product against the one viewed after it.
pub const STEP: f64 = 0.65;
/// Weight with which a viewed product proposes itself.
pub const REMINDER: f64 = 2.0;

/// Days at the end of an order log that are measured on.
pub const TEST_DAYS: i64 = 14;
/// Share of the newest sessions that are measured on when a click log has no split column.
pub const TEST_SESSIONS_SHARE: f64 = 0.1;

/// A measurement, and the same with pairs that were seen only once.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Compared<T> {
    /// As configured.
    pub kept: T,
    /// With a minimum pair support of one.
    pub unlimited: T,
}

/// How well an order log's last days are foreseen. `product` maps ids as in [`crate::run`].
///
/// # Errors
/// As [`Orders::read`]; a log that holds no basket of two products in its last days or before them.
pub fn orders(
    source: &Source,
    product: &dyn Fn(&str) -> Option<String>,
    weights: &Weights,
    bytes_max: u64,
    progress: &mut dyn Progress,
) -> Result<Compared<Baskets>, Error> {
    let orders = Orders::read(source, product, bytes_max, progress)?;
    let (train, test) = split_baskets(&orders.baskets, TEST_DAYS, 0);
    needs_both(source, &train, &test, "orders of two products")?;
    progress.stage("hiding products of the last days' orders", 0, "");
    let at = |weights: &Weights| baskets(&train, &test, orders.items.len(), weights);
    Ok(Compared { kept: at(weights), unlimited: at(&Weights { pair_support_min: 1, ..*weights }) })
}

/// How well a click log's test sessions (its `split` column, else its newest tenth) are foreseen.
///
/// # Errors
/// As [`sessions::Sessions::read`]; a log without sessions of two views to learn from or to measure on.
pub fn clicks(
    source: &Source,
    product: &dyn Fn(&str) -> Option<String>,
    weights: &Weights,
    bytes_max: u64,
    progress: &mut dyn Progress,
) -> Result<Compared<Sessions>, Error> {
    let log = sessions::Sessions::read(source, product, bytes_max, progress)?;
    let [train, _, test] = &log.viewed;
    let (train, test) = if test.is_empty() {
        let from = train.len() - (train.len() as f64 * TEST_SESSIONS_SHARE) as usize;
        (train.slice(0..from), train.slice(from..train.len()))
    } else {
        (train.slice(0..train.len()), test.slice(0..test.len()))
    };
    needs_both(source, &train, &test, "sessions of two views")?;
    progress.stage("predicting the newest sessions", 0, "");
    let at = |weights: &Weights| sessions(&train, &test, log.items.len(), weights);
    Ok(Compared { kept: at(weights), unlimited: at(&Weights { pair_support_min: 1, ..*weights }) })
}

fn needs_both(source: &Source, train: &Groups, test: &Groups, what: &str) -> Result<(), Error> {
    if train.is_empty() || test.is_empty() {
        let message = format!(
            "{}: {} {what} to learn from and {} to measure on; give a longer log",
            source.path.display(),
            train.len(),
            test.len()
        );
        return Err(Error::Option { message });
    }
    Ok(())
}

/// Hits over cases.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hits {
    /// Cases.
    pub cases: u64,
    /// Cases whose target was among the first `k`.
    pub hits: u64,
    /// Sum of 1/rank over the hits.
    pub reciprocal: f64,
}

impl Hits {
    fn count(&mut self, rank: Option<usize>) {
        self.cases += 1;
        if let Some(rank) = rank {
            self.hits += 1;
            self.reciprocal += 1.0 / rank as f64;
        }
    }

    /// Hit rate, 0..=1.
    #[must_use]
    pub fn hit_rate(&self) -> f64 {
        self.hits as f64 / self.cases.max(1) as f64
    }

    /// Mean reciprocal rank, 0..=1.
    #[must_use]
    pub fn mean_reciprocal_rank(&self) -> f64 {
        self.reciprocal / self.cases.max(1) as f64
    }
}

impl fmt::Display for Hits {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:.4} / {:.4} ({} cases)", self.hit_rate(), self.mean_reciprocal_rank(), self.cases)
    }
}

/// Sums over products, ranked on demand.
#[derive(Debug)]
struct Board<'a> {
    sums: Vec<f64>,
    touched: Vec<u32>,
    /// Orders or sessions of each product: breaks ties.
    supports: &'a [u32],
}

impl<'a> Board<'a> {
    fn new(supports: &'a [u32]) -> Self {
        Self { sums: vec![0.0; supports.len()], touched: Vec::new(), supports }
    }

    fn add(&mut self, item: u32, weight: f64) {
        let sum = &mut self.sums[item as usize];
        if *sum == 0.0 {
            self.touched.push(item);
        }
        *sum += weight;
    }

    /// The rank of a product among those not excluded, counted from 1, if it is within `k`.
    fn rank(&self, target: u32, k: usize, excluded: &dyn Fn(u32) -> bool) -> Option<usize> {
        let own = self.sums[target as usize];
        if own <= 0.0 || excluded(target) {
            return None;
        }
        let better = |item: &&u32| {
            let sum = self.sums[**item as usize];
            let support = |item: u32| self.supports[item as usize];
            let ties =
                (std::cmp::Reverse(support(**item)), **item) < (std::cmp::Reverse(support(target)), target);
            (sum > own || (sum == own && ties)) && !excluded(**item)
        };
        let rank = 1 + self.touched.iter().filter(better).count();
        (rank <= k).then_some(rank)
    }

    fn clear(&mut self) {
        for item in self.touched.drain(..) {
            self.sums[item as usize] = 0.0;
        }
    }
}

/// What a table of baskets finds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Baskets {
    /// Best sellers for everyone.
    pub popularity: Hits,
    /// The table, given the rest of the basket.
    pub whole: Hits,
    /// The table, given three other products.
    pub three: Hits,
}

impl fmt::Display for Baskets {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "HR@10 / MRR@10, one product of a basket hidden")?;
        writeln!(out, "  popularity            {}", self.popularity)?;
        writeln!(out, "  bought together       {}", self.whole)?;
        write!(out, "  cart of three         {}", self.three)
    }
}

/// Splits baskets of at least two products: before, and in, the `days` that end `skipped` days before the end.
#[must_use]
pub fn split_baskets(baskets: &Groups, days: i64, skipped_days: i64) -> (Groups, Groups) {
    let end_s = if baskets.is_empty() { 0 } else { baskets.time_s(baskets.len() - 1) };
    let until_s = end_s + 1 - skipped_days * DAY_S;
    let from = baskets.first_since(until_s - days * DAY_S);
    let until = baskets.first_since(until_s).max(from);
    let pick = |range: std::ops::Range<usize>| {
        let mut out = Groups::new();
        for basket in range.filter(|basket| baskets.get(*basket).len() > 1) {
            out.push(baskets.time_s(basket), baskets.get(basket).iter().copied());
        }
        out
    };
    (pick(0..from), pick(from..until))
}

/// Evenly spaced positions, at most `most` of `length`.
fn spaced(length: usize, most: usize) -> impl Iterator<Item = usize> {
    let count = length.min(most);
    (0..count).map(move |at| at * length / count)
}

impl fmt::Display for Compared<Baskets> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}", self.kept)?;
        write!(out, "  with pairs seen once  {}", self.unlimited.whole)
    }
}

impl fmt::Display for Compared<Sessions> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}", self.kept)?;
        write!(out, "  with pairs seen once  {}", self.unlimited.all)
    }
}

/// Hides each product of each test basket in turn.
#[must_use]
pub fn baskets(train: &Groups, test: &Groups, item_count: usize, weights: &Weights) -> Baskets {
    let occurrences = Occurrences::new(train, item_count);
    let table = neighbours::count(train, &occurrences, weights, Scale::Logarithmic);
    baskets_with(&table, &occurrences.supports(), test)
}

/// [`baskets`] with a table that was counted elsewhere.
#[must_use]
pub fn baskets_with(table: &Table, supports: &[u32], test: &Groups) -> Baskets {
    let mut out = Baskets::default();
    let mut board = Board::new(supports);
    let popular = by_support(supports);
    for (_, basket) in test.iter() {
        for hidden in spaced(basket.len(), HIDDEN_MAX) {
            let target = basket[hidden];
            let rest: Vec<u32> = basket.iter().copied().filter(|item| *item != target).collect();
            let whole: Vec<u32> = spaced(rest.len(), CONTEXT_MAX).map(|at| rest[at]).collect();
            let three: Vec<u32> = spaced(rest.len(), 3).map(|at| rest[at]).collect();
            for (context, hits) in [(&whole, &mut out.whole), (&three, &mut out.three)] {
                for item in context {
                    for neighbour in &table.rows[*item as usize] {
                        board.add(neighbour.item, weight(neighbour.score));
                    }
                }
                hits.count(board.rank(target, 10, &|item| context.contains(&item)));
                board.clear();
            }
            out.popularity
                .count(rank_of_popular(&popular, supports, target, 10, &|item| whole.contains(&item)));
        }
    }
    out
}

fn by_support(supports: &[u32]) -> Vec<u32> {
    let mut items: Vec<u32> = (0..supports.len() as u32).collect();
    items.sort_by_key(|item| (std::cmp::Reverse(supports[*item as usize]), *item));
    items
}

fn rank_of_popular(
    popular: &[u32],
    supports: &[u32],
    target: u32,
    k: usize,
    excluded: &dyn Fn(u32) -> bool,
) -> Option<usize> {
    let shown = popular.iter().filter(|item| supports[**item as usize] > 0 && !excluded(**item)).take(k);
    shown.into_iter().position(|item| *item == target).map(|at| at + 1)
}

/// What a table of sessions finds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sessions {
    /// Most viewed for everyone.
    pub popularity: Hits,
    /// The next view, of anything but the current product.
    pub all: Hits,
    /// The next view of a product that this session has not seen, with what it has seen excluded.
    pub new: Hits,
}

impl fmt::Display for Sessions {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "HR@20 / MRR@20, the next view of a session")?;
        writeln!(out, "  popularity            {}", self.popularity)?;
        writeln!(out, "  viewed together       {}", self.all)?;
        write!(out, "  unseen products only  {}", self.new)
    }
}

/// Predicts every view of every test session from those before it. Views of products that training has not seen are
/// left out.
#[must_use]
pub fn sessions(train: &Groups, test: &Groups, item_count: usize, weights: &Weights) -> Sessions {
    let occurrences = Occurrences::new(train, item_count);
    let table = neighbours::count(train, &occurrences, weights, Scale::Tiers);
    sessions_with(&table, &occurrences.supports(), test)
}

/// [`sessions`] with a table that was counted elsewhere.
#[must_use]
pub fn sessions_with(table: &Table, supports: &[u32], test: &Groups) -> Sessions {
    let mut out = Sessions::default();
    let mut board = Board::new(supports);
    let popular = by_support(supports);
    for (_, session) in test.iter() {
        let mut views: Vec<u32> =
            session.iter().copied().filter(|item| supports[*item as usize] > 0).collect();
        views.dedup();
        for at in 1..views.len() {
            let (seen, target) = (&views[..at], views[at]);
            let current = seen[at - 1];
            score_session(table, seen, &mut board);
            out.all.count(board.rank(target, 20, &|item| item == current));
            if !seen.contains(&target) {
                out.new.count(board.rank(target, 20, &|item| seen.contains(&item)));
            }
            board.clear();
            out.popularity.count(rank_of_popular(&popular, supports, target, 20, &|item| item == current));
        }
    }
    out
}

/// The session score: the last distinct products, each fainter than the one after it, and each proposing itself.
fn score_session(table: &Table, seen: &[u32], board: &mut Board<'_>) {
    let mut last: Vec<u32> = Vec::with_capacity(SESSION_CONTEXT);
    for item in seen.iter().rev() {
        if last.len() < SESSION_CONTEXT && !last.contains(item) {
            last.push(*item);
        }
    }
    let mut faded = 1.0;
    for item in last {
        board.add(item, REMINDER * faded);
        for neighbour in &table.rows[item as usize] {
            board.add(neighbour.item, faded * weight(neighbour.score));
        }
        faded *= STEP;
    }
}
