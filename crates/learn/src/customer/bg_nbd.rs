//! BG/NBD: purchases come at a customer's own rate until, after some purchase, the customer drops out.
//!
//! Source: P. S. Fader, B. G. S. Hardie and K. L. Lee, "Counting Your Customers the Easy Way: An Alternative
//! to the Pareto/NBD Model", Marketing Science 24 (2005).

use shelfwise_pack::model::{BgNbd as Applied, Rhythm};
use statrs::function::gamma::ln_gamma;

use super::History;
use super::fit::{Fit, Prior, fit};
use crate::error::Error;

/// Centre of the weak prior for r, a and b: an average retailer's. Alpha's is in the log's own unit of time,
/// the mean age of its customers.
const CENTRE: [f64; 3] = [0.5, 0.8, 2.5];

/// Parameters of the model.
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
    /// Fits the model. Parameters of the result are r, alpha, a, b.
    ///
    /// # Errors
    /// [`Error::Option`] without customers, or when their likelihood is not finite.
    pub fn fit(customers: &[History], prior: Prior) -> Result<(Self, Fit<4>), Error> {
        if customers.is_empty() {
            return Err(Error::Option {
                message: "no customer has an order; map the customer column".to_owned(),
            });
        }
        let ages: f64 = customers.iter().map(|customer| customer.age).sum();
        #[expect(clippy::cast_precision_loss, reason = "customer counts are far below 2^52")]
        let mean_age = (ages / customers.len() as f64).max(f64::MIN_POSITIVE);
        let likelihood =
            |p: &[f64]| Self { r: p[0], alpha: p[1], a: p[2], b: p[3] }.log_likelihood(customers);
        let centre = [CENTRE[0], mean_age, CENTRE[1], CENTRE[2]];
        let found = fit(likelihood, centre, prior, customers.len())?;
        let [r, alpha, a, b] = found.parameters;
        Ok((Self { r, alpha, a, b }, found))
    }

    /// Log-likelihood of the customers (equation 6 of the paper).
    #[must_use]
    pub fn log_likelihood(&self, customers: &[History]) -> f64 {
        let Self { r, alpha, a, b } = *self;
        let constant = r * alpha.ln() - ln_gamma(r) + ln_gamma(a + b) - ln_gamma(b);
        let one = |customer: &History| {
            let x = customer.repeats;
            let shared = constant + ln_gamma(r + x) + ln_gamma(b + x) - ln_gamma(a + b + x);
            let alive = -(r + x) * (alpha + customer.age).ln();
            if x == 0.0 {
                return shared + alive;
            }
            let dropped = a.ln() - (b + x - 1.0).ln() - (r + x) * (alpha + customer.recency).ln();
            let (high, low) = if alive > dropped { (alive, dropped) } else { (dropped, alive) };
            shared + high + (low - high).exp().ln_1p()
        };
        customers.iter().map(one).sum()
    }

    /// Probability that the customer still buys (0..=1).
    #[must_use]
    pub fn alive(&self, customer: &History) -> f64 {
        let History { repeats, recency, age, .. } = *customer;
        self.model().alive(&Rhythm { repeats, recency, age })
    }

    /// The model that the device applies.
    #[must_use]
    pub fn model(&self) -> Applied {
        let Self { r, alpha, a, b } = *self;
        Applied { r, alpha, a, b }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customer(repeats: f64, recency: f64, age: f64) -> History {
        History { repeats, recency, age, mean_value: 0.0 }
    }

    #[test]
    fn recovers_the_parameters_it_was_drawn_from() {
        // A seeded sample: each customer has a rate and a chance to leave after every order.
        let truth = BgNbd { r: 0.6, alpha: 8.0, a: 0.9, b: 2.2 };
        let mut state = 7_u64;
        let mut uniform = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
        };
        let gamma = |shape: f64, uniform: &mut dyn FnMut() -> f64| {
            // Johnk's and sum-of-exponentials methods for any small shape.
            let (whole, part) = (shape.floor(), shape.fract());
            let mut sum: f64 = (0..whole as usize).map(|_| -uniform().ln()).sum();
            if part > 0.0 {
                loop {
                    let (u, v) = (uniform().powf(1.0 / part), uniform().powf(1.0 / (1.0 - part)));
                    if u + v <= 1.0 {
                        sum += -uniform().ln() * u / (u + v);
                        break;
                    }
                }
            }
            sum
        };
        let customers: Vec<History> = (0..3_000)
            .map(|_| {
                let rate = gamma(truth.r, &mut uniform) / truth.alpha;
                let (one, two) = (gamma(truth.a, &mut uniform), gamma(truth.b, &mut uniform));
                let leaves = one / (one + two);
                let age = 20.0 + 20.0 * uniform();
                let (mut time, mut repeats, mut recency) = (0.0, 0.0, 0.0);
                loop {
                    time += -uniform().ln() / rate;
                    if time > age {
                        break;
                    }
                    (repeats, recency) = (repeats + 1.0, time);
                    if uniform() < leaves {
                        break;
                    }
                }
                customer(repeats, recency, age)
            })
            .collect();
        let (found, fit) = BgNbd::fit(&customers, Prior::None).unwrap();
        for (found, truth) in
            [(found.r, truth.r), (found.alpha, truth.alpha), (found.a, truth.a), (found.b, truth.b)]
        {
            assert!((found / truth - 1.0).abs() < 0.35, "{found} for {truth}");
        }
        assert!(fit.log_likelihood >= truth.log_likelihood(&customers));
        assert!(fit.log_errors.iter().all(|error| *error < 0.3));
    }

    #[test]
    fn a_customer_who_is_overdue_is_less_alive() {
        let model = BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
        let fresh = model.alive(&customer(4.0, 30.0, 32.0));
        let overdue = model.alive(&customer(4.0, 10.0, 38.0));
        assert!(fresh > 0.7 && overdue < 0.2, "{fresh} {overdue}");
        assert!((model.alive(&customer(0.0, 0.0, 30.0)) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn three_customers_get_an_answer_near_the_prior_with_wide_errors() {
        let few = [customer(1.0, 3.0, 20.0), customer(0.0, 0.0, 15.0), customer(2.0, 9.0, 30.0)];
        let (model, fit) = BgNbd::fit(&few, Prior::Weak).unwrap();
        assert!(model.r > 0.05 && model.r < 5.0 && model.alpha > 1.0 && model.alpha < 400.0, "{model:?}");
        assert!(fit.log_errors.iter().any(|error| *error > 0.8), "{fit:?}");
        assert!(BgNbd::fit(&[], Prior::Weak).is_err());
    }
}
