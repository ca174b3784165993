//! # One id for two things
//!
//! Two campaigns, two audiences, two slots or two variations of one campaign have the same id. Reports,
//! caps and withdrawals go by id, so that one of them would be hidden behind the other.
//!
//! ```yaml
//! variations:
//!   - { id: spring, weight: 50, block: blocks/a.html }
//!   - { id: spring, weight: 50, block: blocks/b.html }
//! ```
//!
//! ## What to do
//!
//! Give one of them another id. Keep the id of the one that already ran.
