//! Gamma-Gamma: a customer's order values scatter around their own mean, and the means around the shop's.
//!
//! Source: P. S. Fader and B. G. S. Hardie, "The Gamma-Gamma Model of Monetary Value" (2013).

use shelfwise_pack::model::GammaGamma as Applied;
use statrs::function::gamma::ln_gamma;

use super::History;
use super::fit::{Fit, Prior, fit};
use crate::error::Error;

/// Centre of the weak prior for p and q; v's is the mean order value.
const CENTRE: [f64; 2] = [5.0, 4.0];

/// Parameters of the model.
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
    /// Fits the model on the customers who came back. Parameters of the result are p, q, v.
    ///
    /// # Errors
    /// [`Error::Option`] when nobody came back with an order of some value.
    pub fn fit(customers: &[History], prior: Prior) -> Result<(Self, Fit<3>), Error> {
        let back: Vec<History> =
            customers.iter().filter(|one| one.repeats > 0.0 && one.mean_value > 0.0).copied().collect();
        if back.is_empty() {
            return Err(Error::Option {
                message: "no customer ordered twice; values can't be predicted yet".to_owned(),
            });
        }
        let total: f64 = back.iter().map(|one| one.mean_value).sum();
        #[expect(clippy::cast_precision_loss, reason = "customer counts are far below 2^52")]
        let mean = total / back.len() as f64;
        let likelihood = |p: &[f64]| Self { p: p[0], q: p[1], v: p[2] }.log_likelihood(&back);
        let found = fit(likelihood, [CENTRE[0], CENTRE[1], mean], prior, back.len())?;
        let [p, q, v] = found.parameters;
        Ok((Self { p, q, v }, found))
    }

    /// Log-likelihood of the customers who came back (equation 1a of the note).
    #[must_use]
    pub fn log_likelihood(&self, back: &[History]) -> f64 {
        let Self { p, q, v } = *self;
        let constant = q * v.ln() - ln_gamma(q);
        let one = |customer: &History| {
            let (x, mean) = (customer.repeats, customer.mean_value);
            constant + ln_gamma(p * x + q) - ln_gamma(p * x) + (p * x - 1.0) * mean.ln() + p * x * x.ln()
                - (p * x + q) * (v + x * mean).ln()
        };
        back.iter().map(one).sum()
    }

    /// Expected value of the customer's next order, in units of money: their own mean, drawn towards the
    /// shop's the less is known of them. Infinite means (q at most 1) fall back to the customer's own.
    #[must_use]
    pub fn expected_value(&self, customer: &History) -> f64 {
        let Self { p, q, v } = *self;
        Applied { p, q, v }.expected_value(customer.repeats, customer.mean_value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customer(repeats: f64, mean_value: f64) -> History {
        History { repeats, recency: 1.0, age: 2.0, mean_value }
    }

    #[test]
    fn a_mean_is_drawn_to_the_shops_the_less_is_known() {
        let model = GammaGamma { p: 6.25, q: 3.74, v: 15.44 };
        let shop = model.expected_value(&customer(0.0, 0.0));
        assert!((shop - 35.2).abs() < 0.1, "{shop}");
        let (once, often) =
            (model.expected_value(&customer(1.0, 100.0)), model.expected_value(&customer(20.0, 100.0)));
        assert!(shop < once && once < often && often < 100.0, "{once} {often}");
    }

    #[test]
    fn nobody_who_came_back_is_an_error() {
        assert!(GammaGamma::fit(&[customer(0.0, 0.0)], Prior::Weak).is_err());
    }
}
