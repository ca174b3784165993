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
