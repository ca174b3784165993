//! Order and event logs to population knowledge.
//!
//! [`run`] reads a shop's order lines (and, where there are any, its session clicks) and writes one
//! *knowledge* file: what is bought together, what sells, what rises, how often people come back.
//! [`catalogue::run`] makes a clean catalogue from an order log that has no catalogue of its own.
//! [`evaluate`] hides the last days of a log and measures how often the tables find what came next.
//!
//! *Invariants.* No personal row reaches an output. The same input gives the same bytes: nothing
//! depends on hash order, thread timing or the clock; the log's last second is "now".

pub mod catalogue;
pub mod category;
pub mod error;
pub mod log;
pub mod progress;
pub mod title;

pub use error::Error;
pub use progress::{Progress, Silent};
