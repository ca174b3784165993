//! # A key that must be there
//!
//! A file lacks a key without which it says nothing: a campaign without `id`, a shop without
//! `currency`, a row without `strategy` or with an empty list of them.
//!
//! ```yaml
//! slot: home.hero   # whose campaign is this?
//! block: blocks/spring.html
//! ```
//!
//! ## What to do
//!
//! Add the key.
