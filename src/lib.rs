//! The Rust-to-WebAssembly module: browser host and exports.
//!
//! *Invariants.* No policy lives here: every rule is in `shelfwise-host` or below, where native tests
//! reach it. Every export returns data and calls nothing of the page while `&mut self` is held. A trap
//! ends the instance; the page side guards against it.

mod exports;
#[cfg(feature = "inspect")]
mod inspect;
mod web;

pub use exports::Module;
