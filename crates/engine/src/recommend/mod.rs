//! Rows of products: strategies over lists, neighbour tables and the shopper's own history.
//!
//! Scores are integers and the order is total (descending score, then better popularity rank, then
//! smaller dense id), so that a row is the same on every device. Nothing is allocated once the buffers
//! have grown.

mod choose;
mod lookup;
mod reason;
mod request;
mod score;
mod shelf;
mod situation;
mod strategy;
mod wants;

pub use choose::{Pick, Recommender};
pub use reason::STRATEGIES;
pub use request::{Chain, Request, SOURCES_MAX};
pub use shelf::Shelf;
pub use situation::{CLICKED_FROM, Situation, VIEWED_MAX, Wished};
pub use wants::{Want, Wants};
