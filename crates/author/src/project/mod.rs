//! A merchant's project: campaigns, audiences, blocks and scenarios as files.

mod model;

pub use model::*;
