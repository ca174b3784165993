//! Campaigns as code to pack: YAML, CEL, HTML blocks and every diagnostic.

pub mod block;
pub mod cel;
pub mod check;
pub mod diagnostic;
pub mod project;
pub mod schedule;
pub mod yaml;

pub use shelfwise_engine as engine;
pub use shelfwise_pack as pack;
