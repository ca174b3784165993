//! # A condition that is no CEL
//!
//! An audience or a filter cannot be read as a CEL expression.
//!
//! ```yaml
//! audience: visitor.visits > 1 and cart.value > 20   # CEL says &&
//! ```
//!
//! ## What to do
//!
//! CEL writes `&&`, `||`, `!`, `==`, `in`, and texts in quotes.
