//! Model parameters that a shop without the logs to learn them from begins with.

use shelfwise_pack::model::SESSION_INTENT;

/// Intent of a visit, as shops are on the whole: 2 to 3 of 100 visits hold an order, 30 of 100 carts become one
/// (the Baymard Institute's mean of 50 studies of abandoned carts is 70 %), and half of the checkouts that are begun.
/// So a look at five products says 3 %, with one in the cart 20 %, with checkout begun 50 %. A shop's own click log
/// with purchases replaces all of it.
const INTENT: [f64; 7] = [-4.5, 0.4, 0.4, 3.0, 1.4, 0.15, 0.15];

/// The parameters with priors for models that none of them is known of, sorted by name.
pub(super) fn completed(known: &[(&'static str, f64)]) -> Vec<(&'static str, f64)> {
    let mut parameters = known.to_vec();
    if !known.iter().any(|(name, _)| SESSION_INTENT.contains(name)) {
        parameters.extend(SESSION_INTENT.into_iter().zip(INTENT));
        parameters.sort_by_key(|parameter| parameter.0);
    }
    parameters
}

#[cfg(test)]
mod tests {
    use shelfwise_pack::model::{VisitSoFar, probability};

    use super::*;

    #[test]
    fn the_prior_says_what_shops_see() {
        let looked = VisitSoFar { views: 5.0, items: 5.0, minutes: 5.0, ..VisitSoFar::default() };
        let carted = VisitSoFar { adds: 1.0, ..looked };
        let checkout = VisitSoFar { checkout: true, ..carted };
        for (visit, expected) in [(looked, 0.03), (carted, 0.2), (checkout, 0.5)] {
            let found = probability(&INTENT, &visit.features());
            assert!((found - expected).abs() < 0.02, "{found}, not {expected}");
        }
    }

    #[test]
    fn what_was_learnt_stays_as_it_is() {
        let learnt: Vec<_> = SESSION_INTENT.iter().map(|name| (*name, 1.0)).collect();
        assert_eq!(completed(&learnt), learnt);
        let other = [("bg-nbd.r", 0.2)];
        let all = completed(&other);
        assert_eq!(all.len(), 8);
        assert!(all.is_sorted_by_key(|parameter| parameter.0));
    }
}
