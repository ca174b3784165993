//! # A slot that no page has
//!
//! A campaign, or a scenario's expectation, names a slot that `shop.yaml` does not list. It could never
//! show.
//!
//! ```yaml
//! slot: home.heroes   # shop.yaml has home.hero
//! ```
//!
//! ## What to do
//!
//! Take the name that is offered, or add the slot to `slots` in `shop.yaml`.
