//! What row is wanted.

use super::reason::STRATEGIES;
use crate::pack::core::{Core, Row, Source};
use crate::pack::kinds::{DiversityBy, Strategy};
use crate::pack::record::{Range, Ref};

/// Longest fallback chain.
pub const SOURCES_MAX: usize = 8;

/// Strategies in order of preference, each with its list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chain {
    sources: [Source; SOURCES_MAX],
    count: usize,
}

impl FromIterator<Source> for Chain {
    /// Steps beyond [`SOURCES_MAX`] are left out.
    fn from_iter<I: IntoIterator<Item = Source>>(steps: I) -> Self {
        let mut chain = Self::default();
        for (place, source) in chain.sources.iter_mut().zip(steps) {
            *place = source;
            chain.count += 1;
        }
        chain
    }
}

/// A row to fill: a pack's, or one that the page asks for.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// The fallback chain.
    pub chain: Chain,
    /// Most products.
    pub limit: usize,
    /// Fewest products; with fewer there is no row.
    pub minimum: usize,
    /// Bits of [`crate::pack::core::exclude`].
    pub exclude: u8,
    /// What `diversity_max` counts.
    pub diversity_by: DiversityBy,
    /// Most products of one value of that attribute.
    pub diversity_max: u8,
    /// Predicate over `item.*`, or none.
    pub filter: Ref,
    /// Weights and pins: a run of [`Core::adjustments`].
    pub adjustments: Range,
    /// What a product that is like one before it loses, in 255ths.
    pub spread: u8,
    /// Neighbours of a lower score do not count.
    pub score_min: u8,
    /// Lowest and highest price, percent of that of the product it goes with; 0 = any.
    pub price_percent: [u16; 2],
    /// Bits of [`crate::pack::core::kinship`].
    pub kinship: u8,
}

impl Request {
    /// A row of the pack; steps of its chain beyond [`SOURCES_MAX`] are left out.
    #[must_use]
    pub fn of_row(core: &Core, row: &Row) -> Self {
        let mut request = Self::new(core.sources.range(row.sources));
        request.limit = usize::from(row.limit);
        request.minimum = usize::from(row.minimum);
        request.exclude = row.exclude;
        request.diversity_by = DiversityBy::from_code(row.diversity_by).unwrap_or(DiversityBy::None);
        request.diversity_max = row.diversity_max;
        request.filter = row.filter;
        request.adjustments = row.adjustments;
        request.spread = row.spread;
        request.score_min = row.score_min;
        request.price_percent = [row.price_from_percent, row.price_until_percent];
        request.kinship = row.kinship;
        request
    }

    /// A row that the page asks for: strategies in order of preference.
    #[must_use]
    pub fn of_strategies(strategies: &[Strategy], limit: usize) -> Self {
        let sources = strategies.iter().map(|strategy| Source { strategy: strategy.code(), list: Ref::NONE });
        Self { limit, ..Self::new(sources) }
    }

    /// A row that the page asks for: names of strategies in order of preference, one a line; unknown ones are left out.
    #[must_use]
    pub fn named(names: &str, limit: usize) -> Self {
        let find = |name| STRATEGIES.iter().find(|entry| entry.0 == name).map(|entry| entry.1.code());
        let codes = names.split('\n').filter_map(find);
        Self { limit, ..Self::new(codes.map(|strategy| Source { strategy, list: Ref::NONE })) }
    }

    fn new(steps: impl Iterator<Item = Source>) -> Self {
        Self {
            chain: steps.collect(),
            limit: 0,
            minimum: 0,
            exclude: 0,
            diversity_by: DiversityBy::None,
            diversity_max: 0,
            filter: Ref::NONE,
            adjustments: Range::default(),
            spread: 0,
            score_min: 0,
            price_percent: [0; 2],
            kinship: 0,
        }
    }

    /// The steps of the fallback chain.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.chain.sources[..self.chain.count]
    }
}
