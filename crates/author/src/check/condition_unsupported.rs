//! # CEL that a pack cannot carry
//!
//! The condition is right in CEL, but uses a function or form that the compact program has no
//! instruction for.
//!
//! ```yaml
//! audience: visitor.first_name.matches("^A")
//! ```
//!
//! ## What to do
//!
//! Say it with comparisons, `in`, `startsWith`, `endsWith`, `contains` or the `history` functions.
