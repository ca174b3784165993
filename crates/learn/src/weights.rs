//! How a table is counted: its parameters, and where each of them may lie.

use shelfwise_pack::limits::NEIGHBOURS_MAX;

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
    /// Neighbours kept of a product, on average over all.
    pub neighbours: usize,
    /// A product of support s keeps neighbours in proportion to s^power: those that shoppers are at more often deserve
    /// more of the bytes. 0 = all alike.
    pub neighbours_power: f64,
    /// How much neighbours whose dense ids are near are preferred, because they are shorter in the file; 0 = not.
    pub nearness: f64,
    /// Weight of what neighbours neighbour, against what was met directly; 0 = only that.
    pub second_order: f64,
    /// Direct neighbours of a product that paths are made of.
    pub reach: usize,
    /// Fewest groups a pair must rest on: that share it or, at 2, that tie it together over one or two other products.
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
        neighbours_power: 0.0,
        nearness: 0.0,
        second_order: 0.0,
        reach: 20,
        pair_support_min: 2,
    };
    /// Viewed in one session, as measured best on RetailRocket's validation days.
    pub const SESSION: Self = Self {
        age_decay: 1.0,
        size_power: 0.25,
        distance_power: 0.75,
        backward: 0.75,
        distance_max: 50,
        shrinkage: 20.0,
        support_power: 0.2,
        row_power: 1.0,
        neighbours: 15,
        neighbours_power: 0.25,
        nearness: 1.5,
        second_order: 1.0,
        reach: 20,
        pair_support_min: 2,
    };
    /// Bought in a session after the other was viewed: the session table, forward only.
    pub const VIEWED_THEN_BOUGHT: Self =
        Self { backward: 0.0, second_order: 0.0, nearness: 0.0, ..Self::SESSION };

    /// How viewed-then-bought is counted beside views that are counted so.
    #[must_use]
    pub fn conversions(&self) -> Self {
        Self {
            age_decay: self.age_decay,
            size_power: self.size_power,
            distance_power: self.distance_power,
            shrinkage: self.shrinkage,
            support_power: self.support_power,
            pair_support_min: self.pair_support_min,
            ..Self::VIEWED_THEN_BOUGHT
        }
    }

    /// Every parameter that shapes a table, by name.
    #[must_use]
    pub fn named(&self) -> [(&'static str, f64); 13] {
        [
            ("age_decay", self.age_decay),
            ("backward", self.backward),
            ("distance_power", self.distance_power),
            ("nearness", self.nearness),
            ("neighbours", self.neighbours as f64),
            ("neighbours_power", self.neighbours_power),
            ("pair_support_min", f64::from(self.pair_support_min)),
            ("reach", self.reach as f64),
            ("row_power", self.row_power),
            ("second_order", self.second_order),
            ("shrinkage", self.shrinkage),
            ("size_power", self.size_power),
            ("support_power", self.support_power),
        ]
    }

    /// The same with the values that are given by name, as [`Self::named`] names them. Counts are bounded to what a table may
    /// hold; what is no number is not taken.
    #[must_use]
    pub fn with(self, value: impl Fn(&str) -> Option<f64>) -> Self {
        let value = |name: &str, own: f64| value(name).filter(|value| value.is_finite()).unwrap_or(own);
        let count =
            |name: &str, own: usize| value(name, own as f64).clamp(1.0, NEIGHBOURS_MAX as f64) as usize;
        Self {
            age_decay: value("age_decay", self.age_decay),
            backward: value("backward", self.backward),
            distance_power: value("distance_power", self.distance_power),
            nearness: value("nearness", self.nearness),
            neighbours: count("neighbours", self.neighbours),
            neighbours_power: value("neighbours_power", self.neighbours_power),
            pair_support_min: value("pair_support_min", self.pair_support_min.into()).clamp(1.0, 1e9) as u32,
            reach: count("reach", self.reach),
            row_power: value("row_power", self.row_power),
            second_order: value("second_order", self.second_order),
            shrinkage: value("shrinkage", self.shrinkage),
            size_power: value("size_power", self.size_power),
            support_power: value("support_power", self.support_power),
            distance_max: self.distance_max,
        }
    }

    /// The same with as many neighbours as a catalogue of so many products has room for: ids that are near are short.
    #[must_use]
    pub fn roomy(&self, products: usize) -> Self {
        let neighbours = if products <= ROOMY_PRODUCTS { self.neighbours * 4 / 3 } else { self.neighbours };
        Self { neighbours, ..*self }
    }

    /// The same with more neighbours than are kept, for [`crate::neighbours::Rows::trimmed`] to choose from.
    #[must_use]
    pub fn spare(&self) -> Self {
        Self { neighbours: self.neighbours * SPARE_TIMES, ..*self }
    }

    /// Neighbours that each product may keep, from the products' supports.
    #[must_use]
    pub fn keep(&self, supports: &[u32]) -> Vec<usize> {
        let share = |support: &u32| f64::from((*support).max(1)).powf(self.neighbours_power);
        let seen: Vec<f64> = supports.iter().filter(|support| **support > 0).map(share).collect();
        let unit = self.neighbours as f64 * seen.len() as f64 / seen.iter().sum::<f64>().max(1.0);
        let most = NEIGHBOURS_MAX.min(self.neighbours.saturating_mul(KEPT_TIMES_MAX)).max(1);
        supports.iter().map(|support| ((share(support) * unit).round() as usize).clamp(1, most)).collect()
    }
}

/// Up to here a third more neighbours cost a session no more than [`Weights::neighbours`] do in a catalogue of 100,000.
const ROOMY_PRODUCTS: usize = 20_000;
/// Neighbours that are chosen from, for each that is kept.
const SPARE_TIMES: usize = 4;
/// No product keeps more than this many times the average.
const KEPT_TIMES_MAX: usize = 4;
