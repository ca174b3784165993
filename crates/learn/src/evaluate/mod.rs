//! How often each strategy finds what came next, on days that learning has not seen.
//!
//! Tables are cut and quantised, and scores added, exactly as in the browser. Ties go to the more popular product.

mod blended;
mod board;
mod bytes;
mod everybody;
mod known;
mod page;
mod report;
mod shoppers;
mod tally;

use shelfwise_pack::scoring::{ONE, Scoring};

use crate::blend::{self, FindAlike};
use crate::bundles;
use crate::cluster;
use crate::error::Error;
use crate::goods::{CatalogueFile, Goods};
use crate::groups::{Groups, Occurrences, united};
use crate::kept::Kept;
use crate::log::Source;
use crate::neighbours::{self, Scale, Table};
use crate::orders::Orders;
use crate::progress::Progress;
use crate::sessions;
use crate::tune;
use crate::weights::Weights;

pub use board::SESSION_CONTEXT;
pub(crate) use board::{Board, Popular};
use everybody::Everybody;
use known::Known;
pub use page::page;
pub use report::{Kind, Report};
pub(crate) use tally::Tally;
pub use tally::{CUTS, Facts, LIST_MAX, Means, Measured};

const DAY_S: i64 = 86_400;
/// Products of a basket that are hidden in turn, at most.
pub const HIDDEN_MAX: usize = 20;
/// Products of a basket that are context, at most.
pub const CONTEXT_MAX: usize = 50;
/// Days at the end of an order log that are measured on, and days before them that are tuned on.
pub const TEST_DAYS: i64 = 14;
/// Share of the newest sessions that are measured on when a click log has no split column.
pub const TEST_SESSIONS_SHARE: f64 = 0.1;

/// What to measure, and how.
pub struct Options<'a> {
    /// Maps ids to products, as in [`crate::run`].
    pub product: &'a dyn Fn(&str) -> Option<String>,
    /// Categories, for diversity; empty without a catalogue.
    pub goods: &'a Goods,
    /// What finds products alike in the words of a catalogue, and the catalogue.
    pub alike: Option<(FindAlike, &'a CatalogueFile)>,
    /// How tables are counted, and how a session's products add up; where tuning starts.
    pub kept: Kept,
    /// Seed, if the parameters are to be tuned on the days before those that are measured on.
    pub tune: Option<u64>,
    /// Most bytes that the log may take.
    pub bytes_max: u64,
}

/// How well an order log's last days are foreseen.
///
/// # Errors
/// As [`Orders::read`]; a log that holds no basket of two products in its last days or before them.
pub fn orders(source: &Source, options: &Options<'_>, progress: &mut dyn Progress) -> Result<Report, Error> {
    let orders = Orders::read(source, options.product, options.bytes_max, progress)?;
    let (train, test) = split_baskets(&orders.baskets, TEST_DAYS, 0);
    needs_both(source, &train, &test, "orders of two products")?;
    let first = orders.baskets.first_since(test.time_s(0));
    let days = shoppers::days(&orders, first)?;
    let start = tune::Candidate { weights: options.kept.baskets, scoring: options.kept.scoring };
    let tuned = match options.tune {
        Some(seed) => tune::baskets(&train, orders.items.len(), start, seed, progress),
        None => tune::Tuned::untouched(start),
    };
    progress.stage("hiding products of the last days' orders", 0, "");
    let occurrences = Occurrences::new(&train, orders.items.len());
    let supports = occurrences.supports();
    let alike = alike(options.goods, &orders.items);
    let known = Known::new(&train, &orders.items, options.goods);
    let at = |weights: Weights| {
        let table = neighbours::count(&train, &occurrences, &weights, Scale::Logarithmic);
        let alike = |left, right| alike(&table, left, right);
        let facts = known.facts(&supports, &alike);
        let mut rows = measure_baskets(&table, &test, train.len(), facts);
        rows.push(measure_bundles(&table, &train, &test, weights.pair_support_min, facts));
        rows.extend(shoppers::measure(&orders, first, &table, &days, train.len(), facts));
        judged(rows)
    };
    let weights = tuned.best.weights;
    Ok(Report {
        kind: Kind::Orders,
        learnt: train.len(),
        measured: test.len(),
        rows: with_single_pairs(weights, &at),
        tuned,
        blend: None,
    })
}

/// How well a click log's test sessions (its `split` column, else its newest tenth) are foreseen; rows "for you" with the table of
/// `orders` too, where those are given.
///
/// # Errors
/// As [`sessions::Sessions::read`] and [`Orders::read`]; a log without sessions of two views to learn from or to measure on.
pub fn clicks(
    source: &Source,
    orders: Option<&Source>,
    options: &Options<'_>,
    progress: &mut dyn Progress,
) -> Result<Report, Error> {
    let mut log = sessions::Sessions::read(source, options.product, options.bytes_max, progress)?;
    let mut baskets = match orders {
        Some(orders) => baskets_beside(&mut log, orders, options, progress)?,
        None => Groups::new(),
    };
    let known_count = log.items.len();
    if options.alike.is_some() {
        number_goods(&mut log, &mut baskets, options.goods);
    }
    let (learnt, valid, test) = split_sessions(&log);
    let train = joined(&learnt, &valid);
    needs_both(source, &train, &test, "sessions of two views")?;
    let start = tune::Candidate { weights: options.kept.views, scoring: options.kept.scoring };
    let tuned = match options.tune {
        Some(seed) => {
            let roomy = tune::Candidate { weights: start.weights.roomy(known_count), ..start };
            tune::sessions(&learnt, &valid, log.items.len(), roomy, seed, progress)
        }
        None => tune::Tuned::untouched(start),
    };
    let occurrences = Occurrences::new(&train, log.items.len());
    let supports = occurrences.supports();
    let alike = alike(options.goods, &log.items);
    let scoring = tuned.best.scoring;
    let conversions = match options.tune {
        Some(_) => tuned.best.weights.conversions(),
        None => options.kept.conversions,
    };
    let all = train.len() + test.len();
    let split = |groups: &Groups| blend::split(groups, test.time_s(0), train.len(), all);
    let ((bought, newest), (baskets, _)) = (split(&log.bought), split(&baskets));
    let logs = blend::Logs { views: &train, bought: &bought, baskets: &baskets, items: &log.items };
    let mut beside = blended::Beside::learn(logs, &conversions, &tuned.best, options, progress)?;
    let count = |weights: &Weights| {
        neighbours::arranged(&train, &occurrences, weights, |table| {
            cluster::inverse(&cluster::order(&[table], log.items.len(), &cluster::ranks(&supports)))
        })
    };
    if let Some(find) = options.alike {
        beside.add_alike(find, &count(&tuned.best.weights), &log.items, &supports)?;
    }
    progress.stage("predicting the newest sessions", 0, "");
    let known = Known::new(&train, &log.items, options.goods);
    let at = |weights: Weights| {
        let table = count(&weights);
        let alike = |left, right| alike(&table, left, right);
        let facts = known.facts(&supports, &alike);
        let mut rows = measure_sessions(&table, &test, scoring, train.len(), facts);
        rows.extend(beside.measure(&table, &test, scoring, train.len(), facts));
        rows.extend(beside.measure_similar(&test, train.len(), facts));
        rows.extend(measure_conversions((&bought, &newest), train.len(), &conversions, facts));
        judged(rows)
    };
    let weights = tuned.best.weights;
    Ok(Report {
        kind: Kind::Sessions,
        learnt: train.len(),
        measured: test.len(),
        rows: with_single_pairs(weights, &at),
        tuned,
        blend: beside.blend,
    })
}

/// Whether two products are alike: of one category, or where the catalogue has none, neighbours in the table.
fn alike<'a>(goods: &'a Goods, ids: &'a [Box<str>]) -> impl Fn(&Table, u32, u32) -> bool + 'a {
    let categories = goods.has_categories();
    move |table, left, right| match categories {
        true => goods.alike(&ids[left as usize], &ids[right as usize]),
        false => table.links(left, right),
    }
}

/// Measures, and once more with pairs that one group alone bears out, to show what leaving them out costs.
fn with_single_pairs(weights: Weights, at: &dyn Fn(Weights) -> Vec<Measured>) -> Vec<Measured> {
    let mut rows = at(weights);
    if weights.pair_support_min > 1 {
        let single = at(Weights { pair_support_min: 1, ..weights }).swap_remove(1);
        rows.push(Measured { name: "with pairs seen once", ..single });
    }
    rows
}

/// The baskets of orders, with the products of both logs numbered alike, ascending by id.
fn baskets_beside(
    log: &mut sessions::Sessions,
    orders: &Source,
    options: &Options<'_>,
    progress: &mut dyn Progress,
) -> Result<Groups, Error> {
    let mut orders = Orders::read(orders, options.product, options.bytes_max, progress)?;
    let (ids, [ordered, viewed]) = united([&orders.items, &log.items]);
    orders.baskets.renumber(|item| ordered[item as usize]);
    log.renumber(&|item| viewed[item as usize]);
    log.items = ids;
    Ok(orders.baskets)
}

/// Numbers the products of the catalogue along with those of the logs, ascending by id: alike ones that nobody viewed are shown too.
fn number_goods(log: &mut sessions::Sessions, baskets: &mut Groups, goods: &Goods) {
    let listed: Vec<Box<str>> = goods.iter().map(|(id, _)| id.into()).collect();
    let (ids, [_, known]) = united([&listed, &log.items]);
    baskets.renumber(|item| known[item as usize]);
    log.renumber(&|item| known[item as usize]);
    log.items = ids;
}

/// Sessions to learn from, to tune on and to measure on: by the log's split column, else by age. Too few sessions to tune on
/// are joined by the newest of the others.
#[must_use]
pub fn split_sessions(log: &sessions::Sessions) -> (Groups, Groups, Groups) {
    let [train, valid, test] = &log.viewed;
    let whole = |groups: &Groups| groups.slice(0..groups.len());
    let (train, test) = if test.is_empty() {
        let from = train.len() - (train.len() as f64 * TEST_SESSIONS_SHARE) as usize;
        (train.slice(0..from), train.slice(from..train.len()))
    } else {
        (whole(train), whole(test))
    };
    let (learnt, newest) = tune::newest(&joined(&train, valid));
    if valid.len() < newest.len() { (learnt, newest, test) } else { (train, whole(valid), test) }
}

/// Two runs of groups, one after the other.
fn joined(first: &Groups, second: &Groups) -> Groups {
    let mut out = first.slice(0..first.len());
    for (at_s, items) in second.iter() {
        out.push(at_s, items.iter().copied());
    }
    out
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

/// Evenly spaced products, at most `most`.
fn spaced(items: &[u32], most: usize) -> Vec<u32> {
    let count = items.len().min(most);
    (0..count).map(|at| items[at * items.len() / count]).collect()
}

/// Every case of the baskets: what is hidden, and the rest. Each product of a basket is hidden in turn.
pub(crate) fn basket_cases<'a>(test: &'a Groups) -> impl Iterator<Item = (u32, Vec<u32>)> + 'a {
    test.iter().flat_map(|(_, basket)| {
        spaced(basket, HIDDEN_MAX).into_iter().map(move |target| {
            let rest: Vec<u32> = basket.iter().copied().filter(|item| *item != target).collect();
            (target, spaced(&rest, CONTEXT_MAX))
        })
    })
}

/// Every case of the sessions: what was seen before, and what came next. Views of products that training has not seen
/// are left out.
pub(crate) fn session_cases(test: &Groups, supports: &[u32], case: &mut dyn FnMut(&[u32], u32)) {
    for (_, session) in test.iter() {
        let mut views: Vec<u32> =
            session.iter().copied().filter(|item| supports[*item as usize] > 0).collect();
        views.dedup();
        for at in 1..views.len() {
            case(&views[..at], views[at]);
        }
    }
}

/// The first of an order that are not excluded.
/// What the strategies for baskets find; the second is the table's, given the whole rest.
#[must_use]
pub fn baskets(
    table: &Table,
    supports: &[u32],
    test: &Groups,
    groups: usize,
    alike: &dyn Fn(u32, u32) -> bool,
) -> Vec<Measured> {
    let facts = Facts::of(supports, alike);
    measure_baskets(table, test, groups, facts)
}

fn measure_baskets(table: &Table, test: &Groups, groups: usize, facts: Facts<'_>) -> Vec<Measured> {
    let needed = bytes::of_table(table, facts.supports);
    let tabled = |name| Tally::new(name, facts).needing(needed);
    let mut everybody = Everybody::new(facts);
    let [mut whole, mut three, mut last, mut cross] =
        ["cart (bought together)", "cart of three", "bought together (one)", "cross-sell"].map(tabled);
    let mut board = Board::new(facts.supports);
    for (target, context) in basket_cases(test) {
        let excluded = |item| context.contains(&item);
        for (context, tally) in [(&context, &mut whole), (&spaced(&context, 3), &mut three)] {
            context.iter().for_each(|item| board.add_row(table, *item, ONE));
            tally.count(board.best(&|item| context.contains(&item)), target);
        }
        if let Some(one) = context.first() {
            board.add_row(table, *one, ONE);
            last.count(board.best(&excluded), target);
            if facts.categories {
                board.add_row(table, *one, ONE);
                cross.count(board.best(&|item| excluded(item) || (facts.alike)(*one, item)), target);
            }
        }
        everybody.count(&excluded, target);
    }
    let [whole, three, last, cross] = [whole, three, last, cross].map(|tally| tally.finish(groups));
    let [popularity, nobody, recent, rising] = everybody.finish(groups);
    judged([popularity, whole, three, nobody, recent, rising, last, cross])
}

/// The rows that had a case: the first is popularity, the second what the tables are tuned for; both always stay.
fn judged(rows: impl IntoIterator<Item = Measured>) -> Vec<Measured> {
    rows.into_iter().enumerate().filter(|(at, row)| *at < 2 || row.cases > 0).map(|(_, row)| row).collect()
}

/// What the strategies for sessions find; the second is the session score with reminders.
#[must_use]
pub fn sessions(
    table: &Table,
    supports: &[u32],
    test: &Groups,
    scoring: Scoring,
    groups: usize,
    alike: &dyn Fn(u32, u32) -> bool,
) -> Vec<Measured> {
    let facts = Facts::of(supports, alike);
    measure_sessions(table, test, scoring, groups, facts)
}

fn measure_sessions(
    table: &Table,
    test: &Groups,
    scoring: Scoring,
    groups: usize,
    facts: Facts<'_>,
) -> Vec<Measured> {
    let needed = bytes::of_table(table, facts.supports);
    let tabled = |name| Tally::new(name, facts).needing(needed);
    let mut everybody = Everybody::new(facts);
    let mut viewed = Tally::new("recently viewed", facts);
    let [mut all, mut new, mut last, mut dearer] =
        ["for you (session)", "for you, unseen only", "viewed together", "upsell (of views)"].map(tabled);
    (new, dearer) = (new.apart(), dearer.apart());
    let mut board = Board::new(facts.supports);
    let mut back: Vec<u32> = Vec::new();
    session_cases(test, facts.supports, &mut |seen, target| {
        let current = seen[seen.len() - 1];
        let is_current = |item| item == current;
        board.add_session(table, seen, scoring, true);
        all.count(board.best(&is_current), target);
        board.add_row(table, current, ONE);
        last.count(board.best(&is_current), target);
        if !seen.contains(&target) {
            let is_seen = |item| seen.contains(&item);
            board.add_session(table, seen, scoring, false);
            new.count_apart(board.best(&is_seen), &everybody.popular(&is_seen), target);
        }
        everybody.count(&is_current, target);
        if let Some(price) = facts.prices.get(current as usize).filter(|price| **price > 0) {
            let percent = |item: u32| u64::from(facts.prices[item as usize]) * 100 / u64::from(*price);
            board.add_row(table, current, ONE);
            let list = board.best(&|item| item == current || !UPSELL_PERCENT.contains(&percent(item)));
            dearer.count_apart(list, &everybody.popular(&is_current), target);
        }
        back.clear();
        for item in seen.iter().rev().filter(|item| **item != current) {
            if back.len() < LIST_MAX && !back.contains(item) {
                back.push(*item);
            }
        }
        viewed.count(&back, target);
    });
    let [all, new, last, viewed, dearer] = [all, new, last, viewed, dearer].map(|tally| tally.finish(groups));
    let [popularity, nobody, recent, rising] = everybody.finish(groups);
    judged([popularity, all, new, last, nobody, recent, rising, viewed, dearer])
}

/// Prices that an upsell proposes, percent of the product's own, as in the engine.
const UPSELL_PERCENT: std::ops::RangeInclusive<u64> = 110..=200;

/// What the rest of the best bundle of an order's first product finds, where there is a bundle.
fn measure_bundles(
    table: &Table,
    train: &Groups,
    test: &Groups,
    orders_min: u32,
    facts: Facts<'_>,
) -> Measured {
    let best = bundles::best(&bundles::bundles(train, table, orders_min), facts.supports);
    let mut tally = Tally::new("bundle", facts).needing(bytes::of_bundles(&best, facts.supports)).apart();
    let popular = Popular::new(facts.supports);
    for (target, context) in basket_cases(test) {
        if let Some(rest) = context.first().and_then(|item| best.get(item)) {
            // A bundle is one or two products: popularity shows as many.
            let most_sold = popular.best(&|item| context.contains(&item));
            tally.count_apart(rest, &most_sold[..rest.len().min(most_sold.len())], target);
        }
    }
    tally.finish(train.len())
}

/// What viewed-then-bought finds of the purchases since the test sessions began, on the page of the product that was viewed
/// last before; nothing without purchases.
fn measure_conversions(
    (learnt, newest): (&Groups, &Groups),
    groups: usize,
    weights: &Weights,
    facts: Facts<'_>,
) -> Option<Measured> {
    if learnt.is_empty() || newest.is_empty() {
        return None;
    }
    let table = blend::conversions(learnt, facts.supports.len(), weights);
    let needed = bytes::of_table(&table, facts.supports);
    let mut tally = Tally::new("viewed then bought", facts).needing(needed).apart();
    let mut board = Board::new(facts.supports);
    let popular = Popular::new(facts.supports);
    for (_, session) in newest.iter() {
        let mut current = None;
        for entry in session {
            match (entry % 2, current) {
                (0, _) => current = Some(entry / 2),
                (_, Some(page)) if page != entry / 2 => {
                    let is_page = |item| item == page;
                    board.add_row(&table, page, ONE);
                    tally.count_apart(board.best(&is_page), &popular.best(&is_page), entry / 2);
                }
                _ => {}
            }
        }
    }
    Some(tally.finish(groups))
}
