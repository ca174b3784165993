//! Traits: every value an audience can speak of, defined once.

mod context;
mod table;

pub use context::{Context, Custom};
pub use table::{Source, TRAITS, Trait, TraitType, by_code, code, find};
