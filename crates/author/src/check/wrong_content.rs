//! # Content that does not fit the kind
//!
//! What a campaign brings does not belong to its kind: an `order` in a message, a row without a block
//! to show it in, a trigger campaign without `event`, or two contents at once.
//!
//! ```yaml
//! slot: home.blocks
//! order: [garden, kitchen]
//! block: blocks/spring.html   # which of the two?
//! ```
//!
//! ## What to do
//!
//! Keep one content. `block` swaps a slot, `order` reorders its blocks, `products` with `block` fills a
//! row, `event` is dispatched when a `trigger` fires.
