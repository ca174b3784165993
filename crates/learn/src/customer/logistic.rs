//! Logistic regression by Newton's method, with a ridge so that small shops get small coefficients.

use shelfwise_pack::model::probability;

/// Penalty on half the squared coefficients of standardised features; the intercept is free.
pub const RIDGE: f64 = 1.0;
const STEPS_MAX: usize = 50;
const TOLERANCE: f64 = 1e-10;

/// A fitted model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Logistic<const N: usize> {
    /// Coefficients in the features' own units; the first is the intercept.
    pub coefficients: [f64; N],
    /// Their standard errors; 0 for a feature that never varied.
    pub errors: [f64; N],
    /// Samples it was fitted on.
    pub samples: usize,
}

impl<const N: usize> Logistic<N> {
    /// Probability for such features.
    #[must_use]
    pub fn at(&self, features: &[f64; N]) -> f64 {
        probability(&self.coefficients, features)
    }
}

/// Fits features, the first of them 1, to outcomes. None when one of the outcomes never happened.
/// Deterministic: sums run in the order of the samples.
#[must_use]
pub fn fit<const N: usize>(samples: &[([f64; N], bool)]) -> Option<Logistic<N>> {
    let once: Vec<_> = samples.iter().map(|(features, outcome)| (*features, *outcome, 1.0)).collect();
    fit_counted(&once)
}

/// [`fit`] of samples that each stand for a number of equal ones.
#[must_use]
pub fn fit_counted<const N: usize>(samples: &[([f64; N], bool, f64)]) -> Option<Logistic<N>> {
    let positives = samples.iter().filter(|sample| sample.1).count();
    if positives == 0 || positives == samples.len() {
        return None;
    }
    let (means, scales) = scale(samples);
    let standard = |features: &[f64; N]| {
        let mut out = *features;
        for at in 1..N {
            out[at] = (features[at] - means[at]) * scales[at];
        }
        out
    };
    let mut weights = [0.0; N];
    let mut hessian = [[0.0; N]; N];
    for _ in 0..STEPS_MAX {
        let mut gradient = [0.0; N];
        hessian = [[0.0; N]; N];
        for at in 1..N {
            gradient[at] = RIDGE * weights[at];
            hessian[at][at] = RIDGE;
        }
        for (features, outcome, count) in samples {
            let features = standard(features);
            let chance = probability(&weights, &features);
            let miss = count * (chance - f64::from(u8::from(*outcome)));
            let spread = count * (chance * (1.0 - chance));
            for row in 0..N {
                gradient[row] += miss * features[row];
                for column in 0..N {
                    hessian[row][column] += spread * features[row] * features[column];
                }
            }
        }
        let step = solve(hessian, gradient)?;
        for (weight, step) in weights.iter_mut().zip(&step) {
            *weight -= step.clamp(-4.0, 4.0);
        }
        if step.iter().all(|step| step.abs() < TOLERANCE) {
            break;
        }
    }
    let count = samples.iter().map(|sample| sample.2).sum::<f64>() as usize;
    let mut out = Logistic { coefficients: [0.0; N], errors: [0.0; N], samples: count };
    for at in 0..N {
        // Where this coefficient lies among the standardised ones.
        let mut place = [0.0; N];
        place[at] = scales[at];
        if at == 0 {
            (1..N).for_each(|other| place[other] = -means[other] * scales[other]);
        }
        let spread: f64 = solve(hessian, place)?.iter().zip(&place).map(|(one, two)| one * two).sum();
        out.errors[at] = spread.max(0.0).sqrt();
        out.coefficients[at] = weights[at] * scales[at];
    }
    let moved: f64 = (1..N).map(|at| out.coefficients[at] * means[at]).sum();
    out.coefficients[0] -= moved;
    Some(out)
}

/// Means, and one over the standard deviations; 0 for what never varies. The intercept is left alone.
fn scale<const N: usize>(samples: &[([f64; N], bool, f64)]) -> ([f64; N], [f64; N]) {
    let count: f64 = samples.iter().map(|sample| sample.2).sum();
    let (mut means, mut scales) = ([0.0; N], [1.0; N]);
    for at in 1..N {
        let sum = |value: &dyn Fn(f64) -> f64| -> f64 {
            samples.iter().map(|sample| sample.2 * value(sample.0[at])).sum()
        };
        means[at] = sum(&|value| value) / count;
        let variance = sum(&|value| (value - means[at]).powi(2)) / count;
        scales[at] = if variance > 1e-18 { variance.sqrt().recip() } else { 0.0 };
    }
    (means, scales)
}

/// Solves a positive definite system by Gaussian elimination; none when it is singular.
fn solve<const N: usize>(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> Option<[f64; N]> {
    for pivot in 0..N {
        let divisor = matrix[pivot][pivot];
        if divisor.is_nan() || divisor <= 1e-12 {
            return None;
        }
        let above = matrix[pivot];
        for row in pivot + 1..N {
            let factor = matrix[row][pivot] / divisor;
            for (value, above) in matrix[row].iter_mut().zip(&above).skip(pivot) {
                *value -= factor * above;
            }
            right[row] -= factor * right[pivot];
        }
    }
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N).map(|column| matrix[row][column] * right[column]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_of_three_customers_gets_small_coefficients() {
        let model = fit(&[([1.0, 0.0], false), ([1.0, 1.0], true), ([1.0, 2.0], true)]).unwrap();
        assert!(model.coefficients[1] > 0.3 && model.coefficients[1] < 2.0, "{model:?}");
        assert!(model.errors[1] > 0.3, "{model:?}");
    }

    #[test]
    fn one_outcome_only_is_nothing_to_learn_from() {
        assert_eq!(fit(&[([1.0, 0.0], true), ([1.0, 1.0], true)]), None);
        assert_eq!(fit::<2>(&[]), None);
    }

    #[test]
    fn what_never_varies_has_no_say() {
        let model = fit(&[([1.0, 5.0], true), ([1.0, 5.0], false), ([1.0, 5.0], true)]).unwrap();
        assert_eq!(model.coefficients[1], 0.0);
        assert!((model.at(&[1.0, 5.0]) - 2.0 / 3.0).abs() < 1e-9);
    }
}
