//! A merchant's project: campaigns, audiences, blocks and scenarios as files.

mod campaign;
mod fields;
mod files;
mod model;
mod read;
mod scenario;
mod shop;
mod strategy;

pub use campaign::{
    CAMPAIGN_KEYS, CONTENT_KEYS, DIVERSITY_KEYS, EXCLUSIONS, PIN_KEYS, PRODUCTS_KEYS, WEIGHT_KEYS,
};
pub use fields::kebab;
pub use files::{Files, Folder};
pub use model::*;
pub use read::{FILE_BYTES_MAX, Read, read};
pub use scenario::{EVENTS, SCENARIO_KEYS, scenario_of};
pub use shop::{CATALOGUE_FIELDS, SHOP_KEYS};
pub(crate) use strategy::keys as strategy_keys;
pub use strategy::{LIST_KEYS, Ranking, Scope, Score, best_seller_windows, trend_windows};
