//! # A variation that nobody gets
//!
//! A variation has weight 0. No shopper will ever see it, except by a forced preview.
//!
//! ```yaml
//! variations:
//!   - { id: spring, weight: 100, block: blocks/spring.html }
//!   - { id: summer, weight: 0, block: blocks/summer.html }
//! ```
//!
//! ## What to do
//!
//! Give it a share, or remove it. This is a warning.
