//! Every maximum of the memory. What goes beyond one of them is folded into totals or dropped, oldest first.

/// Most raw events.
pub const EVENTS_MAX: usize = 800;
/// Most bytes of raw events, each counted by its own record.
pub const EVENT_BYTES_MAX: usize = 14_000;
/// Oldest raw event, days behind the newest.
pub const EVENT_AGE_DAYS_MAX: i64 = 180;
/// Longest product id, category, brand or text, in bytes; longer ones are cut at a character.
pub const TEXT_BYTES_MAX: usize = 120;
/// Most days with counters.
pub const DAYS_MAX: usize = 120;
/// Most products with a history.
pub const ITEMS_MAX: usize = 120;
/// Most cart lines.
pub const CART_MAX: usize = 60;
/// Most wished products.
pub const WISHLIST_MAX: usize = 100;
/// Most campaign variations with exposures.
pub const EXPOSURES_MAX: usize = 100;
/// Most exposure times kept for one variation.
pub const EXPOSURE_TIMES_MAX: usize = 16;
/// Most muted brands.
pub const MUTED_MAX: usize = 40;
/// Most answers to the shop's questions.
pub const ANSWERS_MAX: usize = 40;
/// A visit ends after this many seconds without an event (GA4's session rule).
pub const VISIT_GAP_S: i64 = 30 * 60;
/// An event's day lies at most this far behind the newest event seen before it.
pub const DAYS_AHEAD_MAX: i64 = 400;
