//! Fits every customer model of a shop: what the pack carries, and how good the forecast of the next
//! 30 days is on the days that were held back.

use std::fmt;

use shelfwise_pack::model::{self, BG_NBD, BUYS_AGAIN, GAMMA_GAMMA, OrderBook, SESSION_INTENT};

use super::intent::{Visit, Visits};
use super::ledger::{Case, Ledger};
use super::logistic::{self, Logistic};
use super::{BgNbd, GammaGamma, History, Prior};
use crate::error::Error;

/// Most moments, 30 days apart, that the model of buying again is fitted on.
pub const MOMENTS_MAX: i64 = 4;
/// Customers that are enough to fit it on: newer moments say more about the season that comes, so that
/// older ones only help shops with fewer.
pub const CASES_ENOUGH: usize = 2_000;
const PERIOD_S: i64 = model::BUYS_AGAIN_DAYS as i64 * 86_400;

/// The parameters of every model that the logs allow, by name, each with its standard error under the
/// name and `.error`. Of BG/NBD and Gamma-Gamma that is the error of the logarithm.
#[must_use]
pub fn parameters(ledger: &Ledger, visits: &Visits) -> Vec<(String, f64)> {
    let mut out = Vec::new();
    let mut put = |names: &[&str], values: &[f64], errors: &[f64]| {
        for ((name, value), error) in names.iter().zip(values).zip(errors) {
            out.push(((*name).to_owned(), *value));
            out.push((format!("{name}.error"), *error));
        }
    };
    let until_s = ledger.span_s().1;
    let histories = ledger.histories(until_s);
    if let Ok((_, fit)) = BgNbd::fit(&histories, Prior::Weak) {
        put(&BG_NBD, &fit.parameters, &fit.log_errors);
    }
    // The device knows what all orders cost, not the repeats alone.
    let all = |history: &History| History { repeats: history.repeats + 1.0, ..*history };
    let valued: Vec<History> = histories.iter().map(all).collect();
    if let Ok((_, fit)) = GammaGamma::fit(&valued, Prior::Weak) {
        put(&GAMMA_GAMMA, &fit.parameters, &fit.log_errors);
    }
    if let Some(again) = buys_again(ledger, until_s) {
        put(&BUYS_AGAIN, &again.coefficients, &again.errors);
    }
    let sample = |(visit, count): (&Visit, &u64)| (visit.so_far().features(), visit.bought, *count as f64);
    let samples: Vec<_> = visits.iter().map(sample).collect();
    if let Some(intent) = logistic::fit_counted(&samples) {
        put(&SESSION_INTENT, &intent.coefficients, &intent.errors);
    }
    out
}

/// The model of buying again, from the newest moments whose 30 days end by `until_s`.
fn buys_again(ledger: &Ledger, until_s: i64) -> Option<Logistic<{ BUYS_AGAIN.len() }>> {
    let samples: Vec<_> =
        moments(ledger, until_s).iter().map(|case| (case.book.features(), case.again)).collect();
    logistic::fit(&samples)
}

fn moments(ledger: &Ledger, until_s: i64) -> Vec<Case> {
    let mut cases = Vec::new();
    for moment in 1..=MOMENTS_MAX {
        if cases.len() < CASES_ENOUGH {
            cases.extend(ledger.cases(until_s - moment * PERIOD_S));
        }
    }
    cases
}

/// How good probabilities are.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Probability that a customer who bought ranks before one who did not; ties count half.
    pub auc: f64,
    /// Mean logarithmic loss, nats.
    pub log_loss: f64,
    /// Mean squared error.
    pub brier: f64,
    /// Tenths of the customers by ascending probability: what was said, what happened.
    pub deciles: Vec<(f64, f64)>,
    /// Mean distance of the two.
    pub calibration_error: f64,
}

impl Score {
    /// Scores probabilities against outcomes.
    #[must_use]
    pub fn of(mut cases: Vec<(f64, bool)>) -> Self {
        cases.sort_by(|left, right| left.0.total_cmp(&right.0));
        let count = cases.len() as f64;
        let outcome = |case: &(f64, bool)| f64::from(u8::from(case.1));
        let (mut wins, mut losers) = (0.0, 0.0);
        for ties in cases.chunk_by(|left, right| left.0 == right.0) {
            let bought: f64 = ties.iter().map(outcome).sum();
            wins += bought * (losers + (ties.len() as f64 - bought) / 2.0);
            losers += ties.len() as f64 - bought;
        }
        let mean = |loss: &dyn Fn(&(f64, bool)) -> f64| cases.iter().map(loss).sum::<f64>() / count;
        let said = |case: &(f64, bool)| if case.1 { case.0 } else { 1.0 - case.0 };
        let tenth = |at: usize| &cases[at * cases.len() / 10..(at + 1) * cases.len() / 10];
        let share = |tenth: &[(f64, bool)], value: &dyn Fn(&(f64, bool)) -> f64| {
            tenth.iter().map(value).sum::<f64>() / tenth.len().max(1) as f64
        };
        let deciles: Vec<(f64, f64)> =
            (0..10).map(|at| (share(tenth(at), &|case| case.0), share(tenth(at), &outcome))).collect();
        let distance: f64 = deciles.iter().map(|(said, was)| (said - was).abs()).sum();
        Self {
            auc: wins / (losers * (count - losers)).max(1.0),
            log_loss: mean(&|case| -said(case).max(1e-15).ln()),
            brier: mean(&|case| (1.0 - said(case)).powi(2)),
            calibration_error: distance / 10.0,
            deciles,
        }
    }
}

/// The forecast of the last 30 days, by what was known before them.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// Customers by then.
    pub customers: usize,
    /// Those who bought in the 30 days.
    pub buyers: usize,
    /// The model of buying again.
    pub model: Score,
    /// A logistic curve over the days since the last order alone.
    pub recency: Score,
    /// BG/NBD.
    pub bg_nbd: Score,
}

/// Forecasts the last 30 days of a log from the days before.
///
/// # Errors
/// [`Error::Option`] when the log is too short, or nobody or everybody bought again.
pub fn evaluate(ledger: &Ledger) -> Result<Forecast, Error> {
    let now_s = ledger.span_s().1 - PERIOD_S;
    let short = || Error::Option {
        message: "buying again can't be measured: give orders of at least three months, with customers"
            .to_owned(),
    };
    let test = ledger.cases(now_s);
    let buyers = test.iter().filter(|case| case.again).count();
    if buyers == 0 || buyers == test.len() {
        return Err(short());
    }
    let model = buys_again(ledger, now_s).ok_or_else(short)?;
    let of_recency = |book: &OrderBook| [1.0, book.features()[1]];
    let known: Vec<_> =
        moments(ledger, now_s).iter().map(|case| (of_recency(&case.book), case.again)).collect();
    let recency = logistic::fit(&known).ok_or_else(short)?;
    let (bg_nbd, _) = BgNbd::fit(&ledger.histories(now_s), Prior::Weak)?;
    let bg_nbd = bg_nbd.model();
    let score = |chance: &dyn Fn(&OrderBook) -> f64| {
        Score::of(test.iter().map(|case| (chance(&case.book), case.again)).collect())
    };
    Ok(Forecast {
        customers: test.len(),
        buyers,
        model: score(&|book| model.at(&book.features())),
        recency: score(&|book| recency.at(&of_recency(book))),
        bg_nbd: score(&|book| bg_nbd.orders_within(&book.rhythm(), model::BUYS_AGAIN_DAYS)),
    })
}

impl fmt::Display for Forecast {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "who buys again within 30 days: the last 30 days, {} of {} customers bought",
            self.buyers, self.customers
        )?;
        writeln!(out, "                    AUC   log-loss  Brier   calibration error")?;
        let rules = [("this model", &self.model), ("BG/NBD", &self.bg_nbd), ("recency alone", &self.recency)];
        for (name, score) in rules {
            let Score { auc, log_loss, brier, calibration_error, .. } = score;
            writeln!(out, "  {name:<16} {auc:.4}  {log_loss:.4}  {brier:.4}  {calibration_error:.4}")?;
        }
        write!(out, "  tenths of the customers, said / was:")?;
        for (said, was) in &self.model.deciles {
            write!(out, " {said:.2}/{was:.2}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_knows_ranks_ties_and_distance() {
        let score = Score::of(vec![(0.1, false), (0.4, true), (0.4, false), (0.9, true)]);
        assert!((score.auc - 0.875).abs() < 1e-12, "{score:?}");
        assert!((score.brier - (0.01 + 0.36 + 0.16 + 0.01) / 4.0).abs() < 1e-12);
        let loss = -(0.9_f64.ln() + 0.4_f64.ln() + 0.6_f64.ln() + 0.9_f64.ln()) / 4.0;
        assert!((score.log_loss - loss).abs() < 1e-12);
    }

    #[test]
    fn a_shop_without_customers_has_no_forecast_and_no_parameters() {
        assert!(evaluate(&Ledger::default()).is_err());
        assert_eq!(parameters(&Ledger::default(), &Visits::new()), []);
    }
}
