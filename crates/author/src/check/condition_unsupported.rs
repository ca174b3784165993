//! # CEL that a pack cannot carry
//!
//! The condition is right in CEL, but uses a function or form that the compact program has no
//! instruction for: bytes, messages, a pattern of `matches` or a time zone that is computed, a pattern
//! whose table would be longer than 8 kB.
//!
//! ```yaml
//! audience: page.path.matches(session.landing)
//! ```
//!
//! ## What to do
//!
//! Say it with comparisons, `in`, `startsWith`, `endsWith`, `contains` or the `history` functions; write patterns and
//! zones out. `docs/conditions.md` has the whole language.
