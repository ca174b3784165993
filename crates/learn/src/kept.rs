//! Parameters that an earlier run chose: read from the knowledge file that it wrote.
//!
//! So a log of some weeks is tuned on now and then, and every night's run, or the shop's own warehouse, counts with what was
//! found.

use std::path::Path;

use shelfwise_pack::knowledge::Knowledge;
use shelfwise_pack::scoring::{BLEND, Scoring};

use crate::error::Error;
use crate::weights::Weights;

/// Parameters of an earlier run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kept {
    /// How bought-together is counted.
    pub baskets: Weights,
    /// How viewed-together is counted.
    pub views: Weights,
    /// How viewed-then-bought is counted.
    pub conversions: Weights,
    /// How the products of a session add up.
    pub scoring: Scoring,
    /// What each table weighs, by code of its kind from 1, if that was fitted.
    pub blend: Option<[f64; 4]>,
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            baskets: Weights::BASKET,
            views: Weights::SESSION,
            conversions: Weights::VIEWED_THEN_BOUGHT,
            scoring: Scoring::default(),
            blend: None,
        }
    }
}

impl Kept {
    /// The same where every published pair must rest on so many sessions or orders, if that is said, and, with `direct`, none is
    /// found over other products.
    #[must_use]
    pub fn publishing(mut self, pair_support_min: Option<u32>, direct: bool) -> Self {
        for weights in [&mut self.baskets, &mut self.views, &mut self.conversions] {
            weights.pair_support_min = pair_support_min.unwrap_or(weights.pair_support_min);
            weights.second_order = if direct { 0.0 } else { weights.second_order };
        }
        self
    }

    /// Reads the parameters of a knowledge file; those that it does not hold are the measured defaults.
    ///
    /// # Errors
    /// The file cannot be read, or is no knowledge file.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(path).map_err(|source| Error::io(path, source))?;
        let knowledge = Knowledge::open(&bytes).map_err(|error| {
            let (name, code, offset) = (path.display(), error.code, error.offset);
            Error::Option { message: format!("{name} is no knowledge file: {code:?} at byte {offset}") }
        })?;
        let of = |prefix: &str, weights: Weights| {
            weights.with(|name| knowledge.parameter(&format!("{prefix}.{name}")))
        };
        let Self { baskets, views, conversions, .. } = Self::default();
        let blend = BLEND.map(|name| knowledge.parameter(name));
        Ok(Self {
            baskets: of("bought-together", baskets),
            views: of("viewed-together", views),
            conversions: of("viewed-then-bought", conversions),
            scoring: Scoring::of(|name| knowledge.parameter(name)),
            blend: blend.iter().any(Option::is_some).then(|| blend.map(|weight| weight.unwrap_or(1.0))),
        })
    }
}
