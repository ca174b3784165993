//! # A schedule that cannot be
//!
//! A date that no calendar has, a time zone that does not exist, or an end that does not lie behind its
//! beginning.
//!
//! ```yaml
//! schedule: { from: 2026-06-01, until: 2026-03-01 }
//! ```
//!
//! ## What to do
//!
//! Write dates as `2026-03-01` or `2026-03-01T09:00`; `until` is the first moment at which the campaign
//! no longer shows.
