//! Rows "for you" as they ship: what all tables propose that the logs give, each weighed as learnt.

use shelfwise_pack::kinds::NeighbourKind;
use shelfwise_pack::scoring::{ONE, Scoring};

use super::board::{Board, Popular};
use super::tally::{Facts, Measured, Tally};
use super::{Options, bytes, session_cases};
use crate::blend::{self, Blend, FindAlike, Logs, Seen};
use crate::cluster;
use crate::error::Error;
use crate::goods::CatalogueFile;
use crate::groups::{Groups, Occurrences};
use crate::neighbours::{self, Scale, Table};
use crate::progress::Progress;
use crate::tune::{self, Candidate, Tuned};
use crate::weights::Weights;

/// The tables beside that of the views, as they were before the test sessions began, and what each of all tables weighs.
#[derive(Debug, Default)]
pub(super) struct Beside {
    tables: Vec<(NeighbourKind, Table)>,
    weights: [f64; 4],
    /// What was fitted, if that was asked for and there was enough to choose by.
    pub(super) blend: Option<Blend>,
}

impl Beside {
    /// Counts what is bought together and what is bought after a view. With tuning, orders are tuned on their last days and the
    /// weights fitted on the newest of the sessions that are learnt from; else they are those of an earlier run, or equal.
    ///
    /// # Errors
    /// As [`blend::fit`].
    pub(super) fn learn(
        logs: Logs<'_>,
        conversions: &Weights,
        views: &Candidate,
        options: &Options<'_>,
        progress: &mut dyn Progress,
    ) -> Result<Self, Error> {
        if logs.bought.is_empty() && logs.baskets.is_empty() && options.alike.is_none() {
            return Ok(Self::default());
        }
        let item_count = logs.items.len();
        let start = Candidate { weights: options.kept.baskets, scoring: views.scoring };
        let baskets = match options.tune {
            Some(seed) => tune::baskets(logs.baskets, item_count, start, seed, progress),
            None => Tuned::untouched(start),
        };
        let baskets = baskets.best.weights;
        let blend = match options.tune {
            Some(seed) => {
                let weights = [&baskets, &views.weights, conversions];
                blend::fit(logs, weights, options.alike, views.scoring, seed)?
            }
            None => None,
        };
        let weights = match options.tune {
            Some(_) => blend.as_ref().and_then(|blend| blend.weights),
            None => options.kept.blend,
        };
        let mut tables = Vec::new();
        if !logs.baskets.is_empty() {
            let occurrences = Occurrences::new(logs.baskets, item_count);
            let table = neighbours::count(logs.baskets, &occurrences, &baskets, Scale::Logarithmic);
            tables.push((NeighbourKind::BoughtTogether, table));
        }
        if !logs.bought.is_empty() {
            let table = blend::conversions(logs.bought, item_count, conversions);
            tables.push((NeighbourKind::ViewedThenBought, table));
        }
        Ok(Self { tables, weights: weights.unwrap_or([1.0; 4]), blend })
    }

    /// Adds what `find` finds alike for products that the tables, that of the views among them, tell little of.
    ///
    /// # Errors
    /// As `find`.
    pub(super) fn add_alike(
        &mut self,
        (find, catalogue): (FindAlike, &CatalogueFile),
        views: &Table,
        items: &[Box<str>],
        supports: &[u32],
    ) -> Result<(), Error> {
        let tables = self.tables.iter().map(|(_, table)| table).chain([views]);
        let (ranks, neighbours) = (cluster::ranks(supports), blend::neighbour_counts(tables, items.len()));
        let mut rows = find(catalogue, &Seen { items, ranks: &ranks, neighbours: &neighbours })?;
        rows.resize(items.len(), Vec::new());
        rows.iter_mut().for_each(|row| row.retain(|near| (near.item as usize) < items.len()));
        if rows.iter().any(|row| !row.is_empty()) {
            self.tables.push((NeighbourKind::Similar, Table { rows }));
        }
        Ok(())
    }

    /// What alike products find of the views that follow on the page of a product that has some, new products too; nothing
    /// where none has.
    pub(super) fn measure_similar(&self, test: &Groups, groups: usize, facts: Facts<'_>) -> Option<Measured> {
        let (_, table) = self.tables.iter().find(|(kind, _)| *kind == NeighbourKind::Similar)?;
        let needed = bytes::of_table(table, facts.supports);
        let mut tally = Tally::new("similar (little known)", facts).needing(needed).apart();
        let mut board = Board::new(facts.supports);
        let popular = Popular::new(facts.supports);
        for pair in test.iter().flat_map(|(_, session)| session.windows(2)) {
            if pair[0] != pair[1] && !table.rows[pair[0] as usize].is_empty() {
                let is_page = |item| item == pair[0];
                board.add_row(table, pair[0], ONE);
                tally.count_apart(board.best(&is_page), &popular.best(&is_page), pair[1]);
            }
        }
        Some(tally.finish(groups))
    }

    /// What all tables together find of what comes next and was not seen before; nothing where there is only that of views.
    pub(super) fn measure(
        &self,
        views: &Table,
        test: &Groups,
        scoring: Scoring,
        groups: usize,
        facts: Facts<'_>,
    ) -> Option<Measured> {
        if self.tables.is_empty() {
            return None;
        }
        let beside = self.tables.iter().map(|(kind, table)| (*kind, table));
        let tables: Vec<_> = [(NeighbourKind::ViewedTogether, views)].into_iter().chain(beside).collect();
        let needed = tables.iter().map(|(_, table)| bytes::of_table(table, facts.supports)).sum();
        let mut tally = Tally::new("for you, all tables", facts).needing(needed).apart();
        let mut board = Board::new(facts.supports);
        let popular = Popular::new(facts.supports);
        session_cases(test, facts.supports, &mut |seen, target| {
            if seen.contains(&target) {
                return;
            }
            let is_seen = |item| seen.contains(&item);
            blend::propose(&mut board, &tables, &self.weights, seen, scoring);
            tally.count_apart(board.best(&is_seen), &popular.best(&is_seen), target);
        });
        Some(tally.finish(groups))
    }
}
