//! # A scenario that cannot be run
//!
//! A scenario names an event, a product, a campaign or a fact that does not exist.
//!
//! ```yaml
//! given: [ { at: "-8d", veiw_item: "85123A" } ]
//! ```
//!
//! ## What to do
//!
//! Take the name that is offered. Events have their GA4 names, or `visit`; `at` is a duration before
//! the decision.
