//! What each neighbour table weighs in rows "for you", fitted on the newest sessions.
//!
//! Coordinate descent over short lists of weights, against the table of views (or the first there is), which weighs 1. What
//! came next, viewed or bought, must be found among products that the session had not seen. Half of the sessions choose, the
//! other half must confirm: without more hits there than with equal weights nothing is published.

use std::fmt;

use shelfwise_pack::kinds::NeighbourKind;
use shelfwise_pack::scoring::{BLEND, ONE, Scoring};

use crate::cluster;
use crate::error::Error;
use crate::evaluate::Board;
use crate::goods::CatalogueFile;
use crate::groups::{Groups, Occurrences};
use crate::neighbours::{self, Neighbour, Scale, Table};
use crate::tune::{self, Hits, Trial};
use crate::weights::Weights;

/// Weights that are tried; those of a table start at 1.
const STEPS: [f64; 9] = [0.0, 0.0625, 0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0];
/// Fewest cases in each half of the sessions: fewer say nothing.
pub const CASES_MIN: u64 = 100;

/// What was fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Blend {
    /// By code of [`NeighbourKind`] from 1; nothing when equal weights found as much.
    pub weights: Option<[f64; 4]>,
    /// Hit rate of 20 and mean reciprocal rank on the half that confirms: with equal weights, and as chosen.
    pub valid: [(f64, f64); 2],
    /// Every trial, in order, on the half that chooses.
    pub curve: Vec<Trial>,
}

impl Blend {
    /// The weights by the names of the tables; equal where those that were chosen are left out.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, f64)> {
        let names = BLEND.map(|name| name.strip_prefix("blend.").unwrap_or(name));
        names.into_iter().zip(self.weights.unwrap_or([1.0; 4]))
    }

    /// Everything by name, for the knowledge file; the weights under the engine's names.
    #[must_use]
    pub fn parameters(&self) -> Vec<(String, f64)> {
        let weights = self.weights.iter().flatten().copied();
        let mut out: Vec<_> = BLEND.map(str::to_owned).into_iter().zip(weights).collect();
        for (name, (hit_rate, reciprocal)) in ["blend.equal.", "blend.valid."].into_iter().zip(self.valid) {
            out.push((format!("{name}hit_rate"), hit_rate));
            out.push((format!("{name}reciprocal_rank"), reciprocal));
        }
        for (at, trial) in self.curve.iter().enumerate() {
            out.push((format!("blend.trial.{at:03}.{}={}", trial.parameter, trial.value), trial.objective));
        }
        out
    }
}

impl fmt::Display for Blend {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [(equal, equal_rank), (chosen, chosen_rank)] = self.valid;
        write!(
            out,
            "blend: hit rate {equal:.4}, reciprocal rank {equal_rank:.4} with equal weights; {chosen:.4}, {chosen_rank:.4} with"
        )?;
        match self.weights {
            Some(weights) => {
                BLEND.iter().zip(weights).try_for_each(|(name, weight)| write!(out, " {name} {weight}"))
            }
            None => write!(out, " others, which are left out"),
        }
    }
}

/// What finds products that are alike in the words of a catalogue, as the build does: neighbours by product number. Products of the
/// catalogue that no log knows are numbered after those that one does.
///
/// # Errors
/// The catalogue cannot be read.
pub type FindAlike = fn(&CatalogueFile, &Seen<'_>) -> Result<Vec<Vec<Neighbour>>, Error>;

/// What is known of the products when alike ones are looked for.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Ids by number, ascending bytewise.
    pub items: &'a [Box<str>],
    /// Rank of each by how often it was viewed, 0 = most.
    pub ranks: &'a [u32],
    /// Neighbours of each in all learnt tables together.
    pub neighbours: &'a [usize],
}

/// Logs that a blend is fitted on.
#[derive(Clone, Copy, Debug)]
pub struct Logs<'a> {
    /// Sessions of views.
    pub views: &'a Groups,
    /// Views and purchases of sessions with a purchase, as in [`crate::sessions::Sessions::bought`].
    pub bought: &'a Groups,
    /// Baskets.
    pub baskets: &'a Groups,
    /// Ids of the products of all three, by number.
    pub items: &'a [Box<str>],
}

/// Fits the blend with tables counted as `weights` (bought together, viewed together, viewed then bought) say, and where
/// `alike` is given with what that finds for products that the older sessions tell little of. Nothing when there is one
/// table, or too little to choose by.
///
/// # Errors
/// As `alike`.
pub fn fit(
    logs: Logs<'_>,
    weights: [&Weights; 3],
    alike: Option<(FindAlike, &CatalogueFile)>,
    scoring: Scoring,
    seed: u64,
) -> Result<Option<Blend>, Error> {
    let item_count = logs.items.len();
    let (train, valid) = tune::newest(logs.views);
    if train.is_empty() || valid.is_empty() {
        return Ok(None);
    }
    let since_s = valid.time_s(0);
    let [(bought, newest), (baskets, _)] =
        [logs.bought, logs.baskets].map(|groups| split(groups, since_s, train.len(), logs.views.len()));
    let mut tables = tables([&baskets, &train, &bought], item_count, weights);
    let mut supports = Occurrences::new(&tune::recent(&train), item_count).supports();
    let mut known: Vec<bool> = supports.iter().map(|support| *support > 0).collect();
    if let Some((find, catalogue)) = alike {
        let counted = neighbour_counts(tables.iter().map(|(_, table)| table), item_count);
        let (ranks, neighbours) = (cluster::ranks(&supports), counted);
        let seen = Seen { items: logs.items, ranks: &ranks, neighbours: &neighbours };
        let rows = find(catalogue, &seen)?;
        let found = || rows.iter().flatten().map(|near| near.item as usize);
        let all = found().map(|item| item + 1).chain([rows.len(), item_count]).max().unwrap_or(0);
        supports.resize(all, 0);
        known.resize(all, false);
        // What is alike finds products that no session tells of.
        found().for_each(|item| known[item] = true);
        if rows.iter().any(|row| !row.is_empty()) {
            tables.push((NeighbourKind::Similar, Table { rows }));
        }
    }
    if tables.len() < 2 {
        return Ok(None);
    }
    let halves = cases(&tune::sample(&valid, seed), &tune::sample(&newest, seed), &known);
    if halves.iter().any(|half| (half.len() as u64) < CASES_MIN) {
        return Ok(None);
    }
    let tables: Vec<_> = tables.iter().map(|(kind, table)| (*kind, table)).collect();
    Ok(Some(descend(&tables, &halves, scoring, &supports)))
}

/// Neighbours of each product in all tables together.
pub(crate) fn neighbour_counts<'a>(
    tables: impl IntoIterator<Item = &'a Table>,
    item_count: usize,
) -> Vec<usize> {
    let mut out = vec![0; item_count];
    for table in tables {
        out.iter_mut().zip(&table.rows).for_each(|(count, row)| *count += row.len());
    }
    out
}

/// Groups before and since a moment; where there are no times, before and since the same share of all.
pub(crate) fn split(groups: &Groups, since_s: i64, part: usize, of: usize) -> (Groups, Groups) {
    let at = match since_s {
        0 => (groups.len() as u128 * part as u128 / of as u128) as usize,
        since_s => groups.first_since(since_s),
    };
    (groups.slice(0..at), groups.slice(at..groups.len()))
}

/// The tables of what groups there are, with as many neighbours as the pack's.
fn tables(groups: [&Groups; 3], item_count: usize, weights: [&Weights; 3]) -> Vec<(NeighbourKind, Table)> {
    use NeighbourKind::{BoughtTogether, ViewedThenBought, ViewedTogether};
    let mut out = Vec::new();
    for ((kind, groups), weights) in
        [BoughtTogether, ViewedTogether, ViewedThenBought].into_iter().zip(groups).zip(weights)
    {
        if groups.is_empty() {
            continue;
        }
        let groups = tune::recent(groups);
        if kind == ViewedThenBought {
            out.push((kind, conversions(&groups, item_count, weights)));
            continue;
        }
        let scale = if kind == BoughtTogether { Scale::Logarithmic } else { Scale::Tiers };
        let occurrences = Occurrences::new(&groups, item_count);
        out.push((kind, neighbours::count(&groups, &occurrences, weights, scale)));
    }
    out
}

/// What is bought after a view, by product; numbers of `groups` as in [`crate::sessions::Sessions::bought`].
pub(crate) fn conversions(groups: &Groups, item_count: usize, weights: &Weights) -> Table {
    let occurrences = Occurrences::new(groups, item_count * 2);
    of_views(&neighbours::count_pairs(groups, &occurrences, weights, Scale::Tiers, &is_conversion))
}

/// Whether a pair of such numbers is a view and another product that was bought.
#[must_use]
pub fn is_conversion(row: u32, other: u32) -> bool {
    row.is_multiple_of(2) && !other.is_multiple_of(2) && row / 2 != other / 2
}

/// From a viewed product (even number) to what was bought after it (odd): by product.
#[must_use]
pub fn of_views(table: &Table) -> Table {
    let halved = |neighbour: &Neighbour| Neighbour { item: neighbour.item / 2, score: neighbour.score };
    Table { rows: table.rows.iter().step_by(2).map(|row| row.iter().map(halved).collect()).collect() }
}

/// What a shopper had seen, oldest first, and what came next.
struct Case(Vec<u32>, u32);

/// Cases whose target was not seen before and is known, of every other session each.
fn cases(views: &Groups, bought: &Groups, known: &[bool]) -> [Vec<Case>; 2] {
    let mut halves = [Vec::new(), Vec::new()];
    let mut add = |half: usize, seen: &[u32], target: u32| {
        if !seen.is_empty() && !seen.contains(&target) && known[target as usize] {
            halves[half % 2].push(Case(seen.to_vec(), target));
        }
    };
    for (at, (_, session)) in views.iter().enumerate() {
        (1..session.len()).for_each(|to| add(at, &session[..to], session[to]));
    }
    for (at, (_, session)) in bought.iter().enumerate() {
        let mut seen = Vec::new();
        for entry in session {
            match entry % 2 {
                0 => seen.push(entry / 2),
                _ => add(at, &seen, entry / 2),
            }
        }
    }
    halves
}

/// Adds what all tables propose for a session, each as it weighs by code of its kind from 1.
pub(crate) fn propose(
    board: &mut Board<'_>,
    tables: &[(NeighbourKind, &Table)],
    weights: &[f64; 4],
    seen: &[u32],
    scoring: Scoring,
) {
    for (kind, table) in tables {
        let weight = weights[usize::from(kind.code()) - 1];
        board.add_last(table, seen, scoring.step, (weight * f64::from(ONE)) as u32);
    }
}

fn descend(
    tables: &[(NeighbourKind, &Table)],
    halves: &[Vec<Case>; 2],
    scoring: Scoring,
    supports: &[u32],
) -> Blend {
    let measure = |cases: &[Case], weights: &[f64; 4]| {
        let mut board = Board::new(supports);
        let mut hits = Hits::default();
        for Case(seen, target) in cases {
            propose(&mut board, tables, weights, seen, scoring);
            hits.count(board.best(&|item| seen.contains(&item)), *target);
        }
        hits.means()
    };
    let objective = |(hit_rate, reciprocal): (f64, f64)| hit_rate + reciprocal;
    let is_views = |entry: &&(NeighbourKind, &Table)| entry.0 == NeighbourKind::ViewedTogether;
    let fixed = tables.iter().find(is_views).unwrap_or(&tables[0]).0;
    let mut best = [1.0; 4];
    let mut most = objective(measure(&halves[0], &best));
    let mut curve = Vec::new();
    for _ in 0..2 {
        for kind in tables.iter().map(|entry| entry.0).filter(|kind| *kind != fixed) {
            let at = usize::from(kind.code()) - 1;
            let own = best[at];
            for value in STEPS.into_iter().filter(|value| *value != own) {
                let mut weights = best;
                weights[at] = value;
                let found = objective(measure(&halves[0], &weights));
                let parameter = BLEND[at].strip_prefix("blend.").unwrap_or(BLEND[at]);
                curve.push(Trial { parameter, value, objective: found });
                if found > most {
                    (best, most) = (weights, found);
                }
            }
        }
    }
    let valid = [[1.0; 4], best].map(|weights| measure(&halves[1], &weights));
    let weights = (objective(valid[1]) > objective(valid[0])).then_some(best);
    Blend { weights, valid, curve }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sessions that step through a ring of products, baskets that pair each with one that is never seen next, and purchases
    /// of what lies two steps ahead.
    fn fitted(useful: bool) -> Option<Blend> {
        let (mut views, mut bought, mut baskets) = (Groups::new(), Groups::new(), Groups::new());
        for at in 0..4_000_u32 {
            let start = at * 17 % 60;
            let next = |step: u32| (start + step) % 60;
            views.push(i64::from(at) + 1, (0..4).map(next));
            let other = if useful { next(1) } else { (start + 31) % 60 };
            baskets.push(i64::from(at) + 1, [start, other]);
            if at % 3 == 0 {
                bought.push(i64::from(at) + 1, [next(0) * 2, next(1) * 2, next(3) * 2 + 1]);
            }
        }
        let items: Vec<Box<str>> = (0..60).map(|item| format!("p{item:02}").into()).collect();
        let logs = Logs { views: &views, bought: &bought, baskets: &baskets, items: &items };
        let weights = [
            &Weights { neighbours: 2, ..Weights::BASKET },
            &Weights { neighbours: 2, second_order: 0.0, ..Weights::SESSION },
            &Weights { neighbours: 2, ..Weights::VIEWED_THEN_BOUGHT },
        ];
        fit(logs, weights, None, Scoring::default(), 1).unwrap()
    }

    #[test]
    fn a_table_that_leads_astray_loses_its_weight() {
        let blend = fitted(false).expect("three tables and many cases");
        let [bought_together, viewed, ..] = blend.weights.expect("better than equal weights");
        assert!(bought_together < 0.5 && viewed == 1.0, "{blend:?}");
        assert!(blend.valid[1].1 > blend.valid[0].1, "{blend}");
        assert_eq!(Some(&blend), fitted(false).as_ref(), "the same again");
        let names = blend.parameters();
        assert!(
            names.iter().any(|(name, value)| name == "blend.bought-together" && *value == bought_together)
        );
        assert!(
            names.iter().any(|(name, _)| name.starts_with("blend.trial.000.bought-together=")),
            "{names:?}"
        );
    }

    #[test]
    fn what_is_as_good_with_equal_weights_is_left_out() {
        let blend = fitted(true).expect("three tables and many cases");
        let better = blend.valid[1].0 + blend.valid[1].1 > blend.valid[0].0 + blend.valid[0].1;
        assert_eq!(blend.weights.is_some(), better, "{blend}");
        assert_eq!(blend.parameters().iter().any(|(name, _)| name == BLEND[0]), better);
        let lone = Groups::new();
        let logs = Logs { views: &lone, bought: &lone, baskets: &lone, items: &[] };
        let weights = [&Weights::BASKET, &Weights::SESSION, &Weights::VIEWED_THEN_BOUGHT];
        assert_eq!(fit(logs, weights, None, Scoring::default(), 1).unwrap(), None);
    }

    /// Sessions along a ring of products; in the newest, two products come between that no older one has.
    fn with_newcomers(find: FindAlike) -> Option<Blend> {
        let mut views = Groups::new();
        for at in 0..4_000_u32 {
            let step = |step: u32| (at * 17 + step) % 60;
            let old = [step(0), step(1), step(2), step(3)];
            let new = [step(0), step(1) + 60, step(2) + 60, step(1)];
            views.push(i64::from(at) + 1, if at < 3_000 { old } else { new });
        }
        let items: Vec<Box<str>> = (0..120).map(|item| format!("p{item:03}").into()).collect();
        let none = Groups::new();
        let logs = Logs { views: &views, bought: &none, baskets: &none, items: &items };
        let views = Weights { neighbours: 2, second_order: 0.0, ..Weights::SESSION };
        let weights = [&Weights::BASKET, &views, &Weights::VIEWED_THEN_BOUGHT];
        fit(logs, weights, Some((find, &CatalogueFile::new(""))), Scoring::default(), 1).unwrap()
    }

    /// Finds for each product that nothing was learnt of the new one so far ahead.
    fn ahead(seen: &Seen<'_>, ahead: u32) -> Vec<Vec<Neighbour>> {
        let cold = |item: u32| seen.neighbours[item as usize] == 0;
        let row = |item: u32| vec![Neighbour { item: (item + ahead) % 60 + 60, score: 13 }];
        (0..seen.items.len() as u32).map(|item| if cold(item) { row(item) } else { Vec::new() }).collect()
    }

    #[test]
    fn alike_products_weigh_as_much_as_they_find() {
        let useful = with_newcomers(|_, seen| Ok(ahead(seen, 1))).expect("two tables and many cases");
        let astray = with_newcomers(|_, seen| Ok(ahead(seen, 29))).expect("two tables and many cases");
        let [useful_weight, astray_weight] = [&useful, &astray].map(|blend| blend.weights.map(|all| all[3]));
        assert!(useful_weight.is_none_or(|weight| weight > 0.0), "{useful:?}");
        assert!(astray_weight.is_some_and(|weight| weight < 0.5), "{astray:?}");
        assert!(useful.valid[1].0 > astray.valid[1].0, "{useful} {astray}");
        let names = astray.parameters();
        assert!(
            names.iter().any(|(name, value)| name == BLEND[3] && Some(*value) == astray_weight),
            "{names:?}"
        );
        assert_eq!(Some(&astray), with_newcomers(|_, seen| Ok(ahead(seen, 29))).as_ref(), "the same again");
    }
}
