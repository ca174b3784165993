//! # A schedule that is over
//!
//! The campaign ended before this pack is released: it will never show again.
//!
//! ```yaml
//! schedule: { from: 2019-03-01, until: 2019-06-01 }
//! ```
//!
//! ## What to do
//!
//! Move the dates, or remove the file. This is a warning: the pack is built without harm.
