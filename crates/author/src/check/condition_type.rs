//! # Types that do not fit
//!
//! A condition compares or combines values that do not belong together, or its result is no yes or no.
//!
//! ```yaml
//! audience: visitor.visits > "1"
//! ```
//!
//! ## What to do
//!
//! Compare numbers with numbers and texts with texts; the whole condition must be true or false.
