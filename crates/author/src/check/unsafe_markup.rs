//! # Markup that a block cannot carry
//!
//! A block holds an element, an attribute or a link that is not on the allow-list: a script, a style,
//! an event handler, a form control, a link that is neither https nor inside the shop. It is left out
//! of the pack, and that is never silent.
//!
//! ```html
//! <div onclick="buy()"><script>track()</script></div>
//! ```
//!
//! ## What to do
//!
//! Use class names and the shop's own style sheet; react to events in the shop's own script. Hosts that
//! blocks may link to stand under `links` in `shop.yaml`.
