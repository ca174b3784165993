//! # A condition that always or never holds
//!
//! After constants were folded nothing is left to decide: everyone or nobody is in the audience.
//!
//! ```yaml
//! audience: 1 > 2
//! ```
//!
//! ## What to do
//!
//! Remove the condition to mean everyone, or the campaign to mean nobody. This is a warning.
