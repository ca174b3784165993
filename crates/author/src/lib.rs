//! Campaigns as code to pack: YAML, CEL, HTML blocks and every diagnostic.

pub mod block;
pub mod build;
pub mod catalogue;
pub mod cel;
pub mod check;
pub mod compile;
pub mod conditions;
pub mod daypart;
pub mod diagnostic;
pub mod doctor;
pub mod places;
pub mod plan;
pub mod project;
pub mod release;
pub mod render;
pub mod schedule;
pub mod schema;
pub mod trial;
pub mod yaml;

pub use shelfwise_engine as engine;
pub use shelfwise_pack as pack;
