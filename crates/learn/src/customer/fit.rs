//! Maximum likelihood over positive parameters, with an optional weak prior and standard errors.

use argmin::core::{CostFunction, Executor};
use argmin::solver::neldermead::NelderMead;

use crate::error::Error;

/// What is believed before the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prior {
    /// Nothing: plain maximum likelihood, as published.
    None,
    /// The logarithm of each parameter is normal around the model's documented centre, with standard
    /// deviation [`PRIOR_SD`]. Worth a handful of customers, so it only matters in small shops.
    Weak,
}

/// Standard deviation of the weak prior, on the log scale: a factor of 4.5 either way.
pub const PRIOR_SD: f64 = 1.5;

/// Fitted parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit<const N: usize> {
    /// The parameters, in the model's own order.
    pub parameters: [f64; N],
    /// Standard error of each parameter's logarithm; infinite where the data say nothing.
    pub log_errors: [f64; N],
    /// Log-likelihood of the data, without the prior.
    pub log_likelihood: f64,
    /// Customers that carried information.
    pub customers: usize,
}

struct Objective<'a, F> {
    log_likelihood: F,
    centre: &'a [f64],
    prior: Prior,
}

impl<F: Fn(&[f64]) -> f64> Objective<'_, F> {
    fn at(&self, logs: &[f64]) -> f64 {
        let penalty = match self.prior {
            Prior::None => 0.0,
            Prior::Weak => logs
                .iter()
                .zip(self.centre)
                .map(|(log, centre)| ((log - centre.ln()) / PRIOR_SD).powi(2) / 2.0)
                .sum(),
        };
        let parameters: Vec<f64> = logs.iter().map(|log| log.exp()).collect();
        let cost = penalty - (self.log_likelihood)(&parameters);
        if cost.is_finite() { cost } else { f64::MAX / 4.0 }
    }
}

impl<F: Fn(&[f64]) -> f64> CostFunction for &Objective<'_, F> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, logs: &Self::Param) -> Result<f64, argmin::core::Error> {
        Ok(self.at(logs))
    }
}

/// Maximises `log_likelihood` over positive parameters, from `centre`, by Nelder-Mead on their logarithms,
/// restarted from its own answer until that no longer helps.
///
/// # Errors
/// [`Error::Option`] when the optimiser finds no finite likelihood.
pub fn fit<const N: usize>(
    log_likelihood: impl Fn(&[f64]) -> f64,
    centre: [f64; N],
    prior: Prior,
    customers: usize,
) -> Result<Fit<N>, Error> {
    let objective = Objective { log_likelihood, centre: &centre, prior };
    let mut best: Vec<f64> = centre.iter().map(|value| value.ln()).collect();
    let mut cost = f64::INFINITY;
    for _ in 0..RESTARTS_MAX {
        let (found, found_cost) = descend(&objective, &best)?;
        let gained = cost - found_cost;
        (best, cost) = (found, found_cost);
        if gained < TOLERANCE {
            break;
        }
    }
    let mut parameters = [0.0; N];
    for (parameter, log) in parameters.iter_mut().zip(&best) {
        *parameter = log.exp();
    }
    let log_likelihood = (objective.log_likelihood)(&parameters);
    if !log_likelihood.is_finite() {
        return Err(Error::Option {
            message: "the customers of this log have no finite likelihood; check its dates and values"
                .to_owned(),
        });
    }
    let mut log_errors = [f64::INFINITY; N];
    for (at, error) in log_errors.iter_mut().enumerate() {
        *error = profile_error(&objective, &best, cost, at);
    }
    Ok(Fit { parameters, log_errors, log_likelihood, customers })
}

const RESTARTS_MAX: usize = 12;
const TOLERANCE: f64 = 1e-7;
const STEPS_MAX: u64 = 4_000;

fn descend<F: Fn(&[f64]) -> f64>(
    objective: &Objective<'_, F>,
    from: &[f64],
) -> Result<(Vec<f64>, f64), Error> {
    let failed =
        |cause: argmin::core::Error| Error::Option { message: format!("the fit did not start: {cause}") };
    let mut simplex = vec![from.to_vec()];
    for at in 0..from.len() {
        let mut corner = from.to_vec();
        corner[at] += 0.25;
        simplex.push(corner);
    }
    let solver = NelderMead::new(simplex).with_sd_tolerance(1e-11).map_err(failed)?;
    let result = Executor::new(objective, solver)
        .configure(|state| state.max_iters(STEPS_MAX))
        .run()
        .map_err(failed)?;
    let state = result.state();
    let best = state.best_param.clone().unwrap_or_else(|| from.to_vec());
    Ok((best, state.best_cost))
}

/// Standard error of one log-parameter from the curvature of the cost along it, other parameters held.
fn profile_error<F: Fn(&[f64]) -> f64>(
    objective: &Objective<'_, F>,
    best: &[f64],
    cost: f64,
    at: usize,
) -> f64 {
    const STEP: f64 = 1e-3;
    let moved = |by: f64| {
        let mut logs = best.to_vec();
        logs[at] += by;
        objective.at(&logs)
    };
    let curvature = (moved(STEP) - 2.0 * cost + moved(-STEP)) / (STEP * STEP);
    if curvature > 0.0 { curvature.sqrt().recip() } else { f64::INFINITY }
}
