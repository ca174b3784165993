//! Order and event logs to population knowledge.
//!
//! [`run`] reads a shop's order lines (and, where there are any, its session clicks) and writes one
//! *knowledge* file: what is bought together, what sells, what rises, how often people come back.
//! [`catalogue::run`] makes a clean catalogue from an order log that has no catalogue of its own.
//!
//! *Invariants.* No personal row reaches an output. The same input gives the same bytes: nothing
//! depends on hash order, thread timing or the clock; the log's last second is "now".

pub mod blend;
pub mod bundles;
pub mod catalogue;
pub mod category;
pub mod clicks;
pub mod cluster;
pub mod customer;
pub mod error;
pub mod evaluate;
pub mod goods;
pub mod groups;
pub mod intervals;
pub mod kept;
pub mod knowledge;
pub mod lines;
pub mod log;
pub mod neighbours;
pub mod orders;
pub mod pairs;
mod paths;
pub mod progress;
pub mod run;
pub mod sales;
pub mod sessions;
pub mod shares;
pub mod spill;
pub mod sql;
pub mod title;
pub mod tune;
pub mod weights;

pub use error::Error;
pub use progress::{Progress, Silent};
pub use run::{Options, Report, run};
