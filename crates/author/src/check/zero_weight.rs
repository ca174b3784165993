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

use crate::check::code;
use crate::diagnostic::Diagnostic;
use crate::plan::Shown;

/// Warns of variations with weight 0.
pub fn check(shown: &[Shown], diagnostics: &mut Vec<Diagnostic>) {
    for shown in shown {
        let Some(weight) = shown.weight.as_ref().filter(|weight| weight.value == 0.0) else { continue };
        let message = format!("nobody gets the variation `{}`", shown.id.value);
        diagnostics.push(Diagnostic::warning(code::zero_weight, message).label(weight.span, "no share"));
    }
}
