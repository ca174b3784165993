//! A merchant's project: campaigns, audiences, blocks and scenarios as files.

mod campaign;
mod fields;
mod files;
mod model;
mod read;
mod scenario;
mod shop;

pub use fields::kebab;
pub use files::{Files, Folder};
pub use model::*;
pub use read::{FILE_BYTES_MAX, Read, read};
pub use scenario::{EVENTS, scenario_of};
pub use shop::CATALOGUE_FIELDS;
