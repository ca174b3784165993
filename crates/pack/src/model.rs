//! What a customer will do next: the formulas, written once for `learn`, which fits them, and for the
//! engine, which applies them on the device.
//!
//! Every power, exponential and logarithm comes from `libm`, the same code natively and in wasm, so that
//! both get the same bits; the rest is IEEE 754 arithmetic in a fixed order. All times are in days, all
//! money in minor units. Functions are total: any input gives a number, absurd parameters included.

use libm::{exp, log};

/// Days ahead that [`BUYS_AGAIN`] speaks of.
pub const BUYS_AGAIN_DAYS: f64 = 30.0;
/// Most terms of a series.
const TERMS_MAX: u32 = 1_000;

/// Parameters of [`BgNbd`].
pub const BG_NBD: [&str; 4] = ["bgnbd.r", "bgnbd.alpha", "bgnbd.a", "bgnbd.b"];
/// Parameters of [`GammaGamma`].
pub const GAMMA_GAMMA: [&str; 3] = ["gamma-gamma.p", "gamma-gamma.q", "gamma-gamma.v"];
/// Coefficients over [`OrderBook::features`].
pub const BUYS_AGAIN: [&str; 10] = [
    "buys-again.intercept",
    "buys-again.recency",
    "buys-again.orders",
    "buys-again.age",
    "buys-again.one-timer",
    "buys-again.rate",
    "buys-again.overdue",
    "buys-again.orders-30d",
    "buys-again.orders-90d",
    "buys-again.spend",
];
/// Coefficients over [`VisitSoFar::features`].
pub const SESSION_INTENT: [&str; 7] = [
    "session-intent.intercept",
    "session-intent.views",
    "session-intent.views-again",
    "session-intent.adds",
    "session-intent.checkout",
    "session-intent.searches",
    "session-intent.minutes",
];

/// Every parameter that the engine asks a pack for.
pub fn parameters() -> impl Iterator<Item = &'static str> {
    [
        &BG_NBD[..],
        &GAMMA_GAMMA,
        &BUYS_AGAIN,
        &SESSION_INTENT,
        &crate::scoring::PARAMETERS,
        &crate::scoring::BLEND,
    ]
    .into_iter()
    .flatten()
    .copied()
}

fn log1p(x: f64) -> f64 {
    log(1.0 + x.max(0.0))
}

/// `x^y` of a positive base.
fn power(x: f64, y: f64) -> f64 {
    exp(y * log(x))
}

fn finite(x: f64, otherwise: f64) -> f64 {
    if x.is_finite() { x } else { otherwise }
}

/// `1 / (1 + e^-x)`.
#[must_use]
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp(-finite(x, 0.0)))
}

/// Probability that a linear model gives: the logistic function of the coefficients times the features.
#[must_use]
pub fn probability<const N: usize>(coefficients: &[f64; N], features: &[f64; N]) -> f64 {
    logistic(coefficients.iter().zip(features).map(|(weight, value)| weight * value).sum())
}

/// When a customer ordered, as [`BgNbd`] sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rhythm {
    /// Orders after the first (x).
    pub repeats: f64,
    /// Days from the first order to the last (t_x).
    pub recency: f64,
    /// Days from the first order to now (T).
    pub age: f64,
}

/// BG/NBD: orders come at a customer's own rate until, after some order, the customer drops out.
///
/// Source: Fader, Hardie and Lee, "Counting Your Customers the Easy Way", Marketing Science 24 (2005).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BgNbd {
    /// Shape of the gamma distribution of purchase rates.
    pub r: f64,
    /// Rate of that distribution, in units of time.
    pub alpha: f64,
    /// First shape of the beta distribution of drop-out probabilities.
    pub a: f64,
    /// Second shape of that distribution.
    pub b: f64,
}

impl BgNbd {
    /// Probability that the customer still buys (0..=1); 1 before the first repeat, where the model
    /// knows of no drop-out.
    #[must_use]
    pub fn alive(&self, customer: &Rhythm) -> f64 {
        let x = customer.repeats;
        if x <= 0.0 {
            return 1.0;
        }
        let ratio = (self.alpha + customer.age) / (self.alpha + customer.recency);
        1.0 / (1.0 + self.a / (self.b + x - 1.0) * power(ratio, self.r + x))
    }

    /// Expected orders in the next `days` (equation 10 of the paper), at least 0.
    ///
    /// Its hypergeometric function is taken through Euler's transformation, whose series has small terms
    /// for loyal customers too, and ends when a term no longer counts or after a thousand.
    #[must_use]
    pub fn expected_orders(&self, customer: &Rhythm, days: f64) -> f64 {
        let Self { r, alpha, a, b } = *self;
        // The formula has a removable gap at a = 1.
        let a = if (a - 1.0).abs() < 1e-6 { 1.0 + 1e-6 } else { a };
        let x = customer.repeats;
        let known = alpha + customer.age;
        let z = days / (known + days);
        let (first, second, third) = (a + b - 1.0 - r, a - 1.0, a + b + x - 1.0);
        let (mut term, mut sum) = (1.0, 1.0);
        for n in 0..TERMS_MAX {
            let n = f64::from(n);
            term *= (first + n) * (second + n) / ((third + n) * (n + 1.0)) * z;
            sum += term;
            if term.abs() < 1e-13 * sum.abs() {
                break;
            }
        }
        let orders = third / second * (1.0 - power(1.0 - z, second) * sum) * self.alive(customer);
        finite(orders, 0.0).max(0.0)
    }

    /// Probability of at least one order in the next `days`.
    #[must_use]
    pub fn orders_within(&self, customer: &Rhythm, days: f64) -> f64 {
        let known = self.alpha + customer.age;
        self.alive(customer) * (1.0 - power(known / (known + days), self.r + customer.repeats))
    }

    /// Days until half of such customers, if they still buy, have ordered again; at most ten years.
    #[must_use]
    pub fn next_order_days(&self, customer: &Rhythm) -> f64 {
        let known = self.alpha + customer.age;
        let days = known * (power(2.0, 1.0 / (self.r + customer.repeats)) - 1.0);
        finite(days, 3_650.0).clamp(0.0, 3_650.0)
    }
}

/// Gamma-Gamma: a customer's order values scatter around their own mean, and the means around the shop's.
///
/// Source: Fader and Hardie, "The Gamma-Gamma Model of Monetary Value" (2013).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GammaGamma {
    /// Shape of order values around a customer's mean.
    pub p: f64,
    /// Shape of the distribution of means.
    pub q: f64,
    /// Scale of that distribution, in units of money.
    pub v: f64,
}

impl GammaGamma {
    /// Expected value of the next order of someone whose `orders` had that mean: drawn towards the
    /// shop's the less is known. Where the shop's mean is infinite (q at most 1), their own.
    #[must_use]
    pub fn expected_value(&self, orders: f64, mean_value: f64) -> f64 {
        let weight = self.p * orders + self.q - 1.0;
        if weight <= 0.0 {
            return mean_value;
        }
        self.p * (self.v + orders * mean_value) / weight
    }
}

/// A customer's orders, as the model of buying again sees them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OrderBook {
    /// Orders; at least 1.
    pub orders: f64,
    /// Days since the last order.
    pub recency: f64,
    /// Days since the first order.
    pub age: f64,
    /// Orders in the last 30 days.
    pub orders_30d: f64,
    /// Orders in the last 90 days.
    pub orders_90d: f64,
    /// Money spent.
    pub spend: f64,
}

impl OrderBook {
    /// Its rhythm.
    #[must_use]
    pub fn rhythm(&self) -> Rhythm {
        Rhythm { repeats: self.orders - 1.0, recency: self.age - self.recency, age: self.age }
    }

    /// What [`BUYS_AGAIN`] weighs: 1 for the intercept, then logarithms of recency, orders and age;
    /// whether there was one order only; orders a day; how much longer than the mean gap the last order
    /// is ago; orders of late; money spent.
    #[must_use]
    pub fn features(&self) -> [f64; 10] {
        let n = self.orders.max(1.0);
        let once = n < 2.0;
        let gap = (self.age - self.recency) / (n - 1.0).max(1.0);
        [
            1.0,
            log1p(self.recency),
            log(n),
            log1p(self.age),
            f64::from(u8::from(once)),
            log((n - 0.5) / (self.age.max(0.0) + 30.0)),
            if once { 0.0 } else { log((self.recency.max(0.0) + 3.0) / (gap.max(0.0) + 3.0)) },
            log1p(self.orders_30d),
            log1p(self.orders_90d),
            log1p(self.spend),
        ]
    }
}

/// A visit since its beginning, or since its last order.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct VisitSoFar {
    /// Product views.
    pub views: f64,
    /// Different products viewed.
    pub items: f64,
    /// Products put into the cart.
    pub adds: f64,
    /// Whether checkout was begun.
    pub checkout: bool,
    /// Searches.
    pub searches: f64,
    /// Minutes from the first to the last event.
    pub minutes: f64,
}

impl VisitSoFar {
    /// What [`SESSION_INTENT`] weighs: 1 for the intercept, then logarithms of product views, of views of
    /// products seen before, of additions to the cart; begun checkout; logarithms of searches and minutes.
    #[must_use]
    pub fn features(&self) -> [f64; 7] {
        [
            1.0,
            log1p(self.views),
            log1p(self.views - self.items),
            log1p(self.adds),
            f64::from(u8::from(self.checkout)),
            log1p(self.searches),
            log1p(self.minutes),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The paper's model, in weeks.
    const CDNOW: BgNbd = BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

    fn near(value: f64, expected: f64, error: f64) {
        assert!((value - expected).abs() <= error, "{value}, not {expected}");
    }

    #[test]
    fn the_papers_customer_has_the_papers_expectation() {
        // Fader, Hardie and Lee (2005), and their note on the spreadsheet: x 2, t_x 30.43, T 38.86, 39 weeks.
        let customer = Rhythm { repeats: 2.0, recency: 30.43, age: 38.86 };
        near(CDNOW.expected_orders(&customer, 39.0), 1.226, 1e-3);
    }

    #[test]
    fn the_series_agrees_with_numerical_integration() {
        // E = integral of the expected rate of purchase; midpoint rule over the derivative of the answer.
        for (x, recency, age) in [(0.0, 0.0, 3.0), (1.0, 5.0, 40.0), (30.0, 36.0, 38.0)] {
            let customer = Rhythm { repeats: x, recency, age };
            let (mut before, mut rising) = (0.0, true);
            for t in [0.001, 1.0, 10.0, 52.0, 520.0] {
                let orders = CDNOW.expected_orders(&customer, t);
                rising &= orders >= before;
                before = orders;
            }
            assert!(rising);
            let rate = CDNOW.expected_orders(&customer, 1e-3) / 1e-3;
            near(rate, CDNOW.alive(&customer) * (CDNOW.r + x) / (CDNOW.alpha + age), 1e-3 * rate.max(0.01));
        }
    }

    #[test]
    fn absurd_parameters_give_numbers() {
        let values = [0.0, 1e-9, 0.5, 1.0, 1e9, f64::INFINITY, f64::NAN];
        for r in values {
            for a in values {
                let model = BgNbd { r, alpha: r, a, b: a };
                let customer = Rhythm { repeats: 3.0, recency: 10.0, age: 20.0 };
                assert!(model.expected_orders(&customer, 365.0).is_finite());
                assert!(model.next_order_days(&customer).is_finite());
            }
        }
        assert!(OrderBook::default().features().iter().all(|value| value.is_finite()));
        assert!((0.0..=1.0).contains(&probability(&[f64::NAN; 2], &[1.0, 2.0])));
    }

    #[test]
    fn a_gap_at_one_is_closed() {
        let customer = Rhythm { repeats: 2.0, recency: 10.0, age: 30.0 };
        let at = |a: f64| BgNbd { a, ..CDNOW }.expected_orders(&customer, 52.0);
        near(at(1.0), (at(0.999) + at(1.001)) / 2.0, 1e-5);
    }

    #[test]
    fn half_of_the_customers_order_by_the_median() {
        let customer = Rhythm { repeats: 2.0, recency: 30.0, age: 32.0 };
        let days = CDNOW.next_order_days(&customer);
        near(CDNOW.orders_within(&customer, days) / CDNOW.alive(&customer), 0.5, 1e-12);
    }

    #[test]
    fn bits_are_fixed() {
        // The same numbers natively and in wasm: a change here changes decisions.
        let book = OrderBook {
            orders: 3.0,
            recency: 12.0,
            age: 100.0,
            orders_30d: 1.0,
            orders_90d: 2.0,
            spend: 9e4,
        };
        let sum: f64 = book.features().iter().sum();
        let orders = CDNOW.expected_orders(&book.rhythm(), 365.0);
        assert_eq!((sum.to_bits(), orders.to_bits()), (4_625_586_569_115_740_918, 4_615_447_187_363_592_174));
    }
}
