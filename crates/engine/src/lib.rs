//! Memory, traits, conditions, decisions and recommendations as plain functions of values.
//!
//! [`memory`] folds events into what a shopper's device remembers; [`traits`] derives plain values from
//! memory, page, device, place and time; [`eval`] evaluates a pack's predicates over them; [`decide`]
//! says what each slot shows and why; [`card`] is a product as it is shown; [`shelf`] holds the product
//! files that were fetched; [`recommend`] fills rows; [`content`] turns a block into a tree; [`explain`]
//! tells the whole story.
//!
//! *Invariants.* No clock, randomness, storage or page: everything comes in as a value, so the same
//! inputs give the same decisions bit for bit, natively and in wasm. No `HashMap` iteration order and
//! no float decides a tie. Nothing here parses conditions or knows texts for people.

pub use shelfwise_pack as pack;

pub mod bucket;
pub mod card;
pub mod content;
pub mod decide;
pub mod digits;
pub mod eval;
pub mod explain;
pub mod memory;
pub mod reason;
pub mod recommend;
pub mod shelf;
pub mod traits;
pub mod value;
