//! What each neighbour table weighs in rows "for you", fitted on the newest sessions.
//!
//! Coordinate descent over short lists of weights, against the table of views (or the first there is), which weighs 1. What
//! came next, viewed or bought, must be found among products that the session had not seen. Half of the sessions choose, the
//! other half must confirm: without more hits there than with equal weights nothing is published.

use std::fmt;

use shelfwise_pack::kinds::NeighbourKind;
use shelfwise_pack::scoring::{BLEND, ONE, Scoring};

use crate::evaluate::Board;
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

/// Logs that a blend is fitted on.
#[derive(Clone, Copy, Debug)]
pub struct Logs<'a> {
    /// Sessions of views.
    pub views: &'a Groups,
    /// Views and purchases of sessions with a purchase, as in [`crate::sessions::Sessions::bought`].
    pub bought: &'a Groups,
    /// Baskets.
    pub baskets: &'a Groups,
    /// Products of all three.
    pub item_count: usize,
}

/// Fits the blend with tables counted as `weights` (bought together, viewed together, viewed then bought) say, and
/// `others` beside them. Nothing when there is one table, or too little to choose by.
#[must_use]
pub fn fit(
    logs: Logs<'_>,
    weights: [&Weights; 3],
    others: Vec<(NeighbourKind, Table)>,
    scoring: Scoring,
    seed: u64,
) -> Option<Blend> {
    let (train, valid) = tune::newest(logs.views);
    if train.is_empty() || valid.is_empty() {
        return None;
    }
    let since_s = valid.time_s(0);
    let [(bought, newest), (baskets, _)] =
        [logs.bought, logs.baskets].map(|groups| split(groups, since_s, train.len(), logs.views.len()));
    let mut tables = tables([&baskets, &train, &bought], logs.item_count, weights);
    tables.extend(others);
    if tables.len() < 2 {
        return None;
    }
    let supports = Occurrences::new(&tune::recent(&train), logs.item_count).supports();
    let halves = cases(&tune::sample(&valid, seed), &tune::sample(&newest, seed), &supports);
    if halves.iter().any(|half| (half.len() as u64) < CASES_MIN) {
        return None;
    }
    Some(descend(&tables, &halves, scoring, &supports))
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
fn cases(views: &Groups, bought: &Groups, supports: &[u32]) -> [Vec<Case>; 2] {
    let mut halves = [Vec::new(), Vec::new()];
    let mut add = |half: usize, seen: &[u32], target: u32| {
        if !seen.is_empty() && !seen.contains(&target) && supports[target as usize] > 0 {
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

fn descend(
    tables: &[(NeighbourKind, Table)],
    halves: &[Vec<Case>; 2],
    scoring: Scoring,
    supports: &[u32],
) -> Blend {
    let measure = |cases: &[Case], weights: &[f64; 4]| {
        let mut board = Board::new(supports);
        let mut hits = Hits::default();
        for Case(seen, target) in cases {
            for (kind, table) in tables {
                let weight = weights[usize::from(kind.code()) - 1];
                board.add_last(table, seen, scoring.step, (weight * f64::from(ONE)) as u32);
            }
            hits.count(board.best(&|item| seen.contains(&item)), *target);
        }
        hits.means()
    };
    let objective = |(hit_rate, reciprocal): (f64, f64)| hit_rate + reciprocal;
    let is_views = |entry: &&(NeighbourKind, Table)| entry.0 == NeighbourKind::ViewedTogether;
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
        let logs = Logs { views: &views, bought: &bought, baskets: &baskets, item_count: 60 };
        let weights = [
            &Weights { neighbours: 2, ..Weights::BASKET },
            &Weights { neighbours: 2, second_order: 0.0, ..Weights::SESSION },
            &Weights { neighbours: 2, ..Weights::VIEWED_THEN_BOUGHT },
        ];
        fit(logs, weights, Vec::new(), Scoring::default(), 1)
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
        let logs = Logs { views: &lone, bought: &lone, baskets: &lone, item_count: 0 };
        let weights = [&Weights::BASKET, &Weights::SESSION, &Weights::VIEWED_THEN_BOUGHT];
        assert_eq!(fit(logs, weights, Vec::new(), Scoring::default(), 1), None);
    }
}
