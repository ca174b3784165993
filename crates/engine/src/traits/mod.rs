//! Traits: every value an audience can speak of, defined once, and derived from memory and the moment.

mod affinity;
mod cart;
mod context;
mod given;
mod history;
mod moment;
mod predict;
mod session;
mod table;
mod values;
mod visitor;

pub(crate) use affinity::{BANDS, band, category_name};
pub use context::Context;
pub use given::read;
pub use history::{FILTER_FIELDS, FUNNEL_STEPS_MAX, Reach, WITHIN};
pub use table::{Source, TRAITS, Trait, TraitType, by_code, code, find, is_money};
pub use values::Traits;
pub(crate) use values::unit_of;
