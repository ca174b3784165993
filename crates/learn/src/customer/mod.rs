//! How customers come back and what they spend: small models, fitted by maximum likelihood.
//!
//! [`bg_nbd`] says how often a customer buys and whether they still do; [`gamma_gamma`] what an order of
//! theirs is worth; [`predict`] adds who buys again within 30 days and what a visit intends. The formulas
//! that the device applies too are [`shelfwise_pack::model`]'s. The first two see a customer as three or four numbers ([`History`]) and keep none of them.
//!
//! Small shops: parameters carry a weak prior ([`Prior::Weak`]), so that ten customers give an answer near
//! the average shop's instead of an absurd one, and standard errors that say how wide it is.

pub mod bg_nbd;
pub mod fit;
pub mod gamma_gamma;
pub mod intent;
pub mod ledger;
pub mod logistic;
pub mod predict;

pub use bg_nbd::BgNbd;
pub use fit::{Fit, Prior};
pub use gamma_gamma::GammaGamma;
pub use ledger::Ledger;

/// One customer's orders, as both models see them. Times are in one unit of the caller's choice (weeks in
/// the literature, days in the knowledge file); parameters come out in the same unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct History {
    /// Orders after the first (x).
    pub repeats: f64,
    /// Time of the last order, counted from the first (t_x); 0 without a repeat.
    pub recency: f64,
    /// Time from the first order to the end of the log (T).
    pub age: f64,
    /// Mean value of the repeat orders; 0 without a repeat.
    pub mean_value: f64,
}
