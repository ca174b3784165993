//! What rows find that are the same for everybody: beside them all others are held.

use super::board::Popular;
use super::bytes;
use super::report::NOBODY;
use super::tally::{Facts, LIST_MAX, Measured, Tally};

/// Popularity, no personalisation, recent best sellers and trends.
pub(super) struct Everybody<'a> {
    facts: Facts<'a>,
    popular: Popular,
    tallies: [Tally<'a>; 4],
}

impl<'a> Everybody<'a> {
    pub(super) fn new(facts: Facts<'a>) -> Self {
        let popular = Popular::new(facts.supports);
        let listed =
            |name, items: &[u32]| Tally::new(name, facts).needing(bytes::of_list(items, facts.supports));
        let tallies = [
            listed("popularity", popular.ranked()),
            Tally::new(NOBODY, facts),
            listed("best sellers of 30 days", facts.recent),
            listed("trending", facts.rising),
        ];
        Self { facts, popular, tallies }
    }

    /// The most popular products that are not excluded, best first, at most [`LIST_MAX`].
    pub(super) fn popular(&self, excluded: &dyn Fn(u32) -> bool) -> Vec<u32> {
        self.popular.best(excluded)
    }

    /// Counts a case: the product that was wanted, and those that no row may show.
    pub(super) fn count(&mut self, excluded: &dyn Fn(u32) -> bool, target: u32) {
        let Self { facts, popular, tallies: [popularity, nobody, recent, rising] } = self;
        popularity.count(&popular.best(excluded), target);
        for (tally, order) in [(nobody, facts.newest), (recent, facts.recent), (rising, facts.rising)] {
            let list: Vec<u32> =
                order.iter().copied().filter(|item| !excluded(*item)).take(LIST_MAX).collect();
            tally.count(&list, target);
        }
    }

    /// Popularity, no personalisation, recent best sellers, trends; `groups` are those that were learnt from.
    pub(super) fn finish(self, groups: usize) -> [Measured; 4] {
        self.tallies.map(|tally| tally.finish(groups))
    }
}
