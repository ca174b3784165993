//! What the engine needs from its surroundings, and the driver that sequences a page view.

pub mod base64;
pub mod driver;
pub mod journal;
pub mod json;
pub mod surroundings;

pub use shelfwise_engine as engine;
