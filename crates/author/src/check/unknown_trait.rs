//! # A trait that does not exist
//!
//! A condition or a binding names a trait or an audience that there is not.
//!
//! ```yaml
//! audience: visitor.vists > 1
//! ```
//!
//! ## What to do
//!
//! Take the name that is offered; all traits stand in `docs/traits.md`.
