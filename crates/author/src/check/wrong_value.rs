//! # A value of the wrong shape
//!
//! A key has a value that it cannot have: a text where a number belongs, a duration without its unit, a
//! kind that does not exist.
//!
//! ```yaml
//! cap: { exposures: often, per: 7 }   # a number, and `7d`
//! ```
//!
//! ## What to do
//!
//! Write a value of the shape that the message names. Durations are a number and `s`, `m`, `h`, `d` or
//! `w`.
