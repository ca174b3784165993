//! # Weights that do not add up
//!
//! The weights of a campaign's variations must add up to 100 (percent) or to 1 (shares), so that what
//! is written is what shoppers get.
//!
//! ```yaml
//! variations:
//!   - { id: spring, weight: 50, block: blocks/spring.html }
//!   - { id: control, weight: 40 }
//! ```
//!
//! ## What to do
//!
//! Change the weights, or leave out all of them for equal shares.

use crate::check::code;
use crate::diagnostic::Diagnostic;
use crate::plan::Shown;
use crate::project::Campaign;

/// The whole, parts per million.
const WHOLE_PPM: u32 = 1_000_000;

/// Shares of a campaign's variations, parts per million, adding up to the whole. What rounding leaves
/// goes to the first ones.
pub fn shares(campaign: &Campaign, shown: &[Shown], diagnostics: &mut Vec<Diagnostic>) -> Vec<u32> {
    let written: Vec<f64> =
        shown.iter().filter_map(|shown| shown.weight.as_ref()).map(|weight| weight.value).collect();
    if written.is_empty() {
        return round(&vec![1.0; shown.len()]);
    }
    if written.len() < shown.len() {
        let without = shown.iter().filter(|shown| shown.weight.is_none());
        for shown in without {
            let message = format!("the variation `{}` has no weight, and others have", shown.id.value);
            let diagnostic = Diagnostic::error(code::weight_sum, message);
            diagnostics.push(diagnostic.label(shown.id.span, "give it one, or leave out all of them"));
        }
        return vec![0; shown.len()];
    }
    let sum: f64 = written.iter().sum();
    let close = |whole: f64| (sum - whole).abs() < whole * 1e-4;
    if close(100.0) || close(1.0) {
        return round(&written);
    }
    let message = format!("the weights of `{}` add up to {sum}", campaign.id.value);
    let mut diagnostic = Diagnostic::error(code::weight_sum, message);
    for weight in shown.iter().filter_map(|shown| shown.weight.as_ref()) {
        diagnostic = diagnostic.label(weight.span, "counted");
    }
    diagnostics.push(diagnostic.help("make them add up to 100 (percent) or 1 (shares)"));
    vec![0; shown.len()]
}

fn round(weights: &[f64]) -> Vec<u32> {
    let sum: f64 = weights.iter().sum();
    // A share is finite and inside 0..=WHOLE_PPM, so that the cast is exact after the floor.
    let mut shares: Vec<u32> =
        weights.iter().map(|weight| (weight / sum * f64::from(WHOLE_PPM) + 1e-6).floor() as u32).collect();
    let rest = WHOLE_PPM.saturating_sub(shares.iter().sum());
    for (share, _) in shares.iter_mut().zip(0..rest) {
        *share += 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::round;

    #[test]
    fn shares_add_up() {
        assert_eq!(round(&[50.0, 50.0]), [500_000, 500_000]);
        assert_eq!(round(&[1.0, 1.0, 1.0]), [333_334, 333_333, 333_333]);
        assert_eq!(round(&[0.1, 0.9]), [100_000, 900_000]);
        assert_eq!(round(&[1.0]), [1_000_000]);
    }
}
