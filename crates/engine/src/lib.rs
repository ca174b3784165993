//! Memory, traits, conditions, decisions and recommendations as plain functions of values.

pub mod memory;

pub use shelfwise_pack as pack;
