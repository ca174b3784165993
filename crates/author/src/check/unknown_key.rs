//! # A key that means nothing here
//!
//! A key is written that its file does not have. It would do nothing, and a campaign without the
//! condition that was meant is worse than no campaign.
//!
//! ```yaml
//! id: garden
//! slto: home.hero   # did you mean `slot`?
//! ```
//!
//! ## What to do
//!
//! Take the name that is offered, or remove the key.
