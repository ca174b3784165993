//! Rows of products: strategies over lists, neighbour tables and the shopper's own history.
//!
//! Scores are integers and the order is total (descending score, then better popularity rank, then
//! smaller dense id), so that a row is the same on every device. Nothing is allocated once the buffers
//! have grown.

mod choose;
mod reason;
mod request;
mod score;
mod situation;
mod strategy;

pub use choose::{Pick, Recommender};
pub use reason::STRATEGIES;
pub use request::{Chain, Request, SOURCES_MAX};
pub use situation::{CLICKED_FROM, Situation, TableWeights, VIEWED_MAX};
