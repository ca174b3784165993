//! # More strategies than a row can try
//!
//! A row tries at most 8 strategies, first to last; those behind would be left out.
//!
//! ```yaml
//! products: { strategy: [for-you, cart, upsell, cross-sell, similar, replenish, wishlist-deals, trending, best-sellers] }
//! ```
//!
//! ## What to do
//!
//! Keep the ones that matter, and end with a list that is never empty, such as `best-sellers`.

use crate::check::code;
use crate::diagnostic::Diagnostic;
use crate::engine::recommend::SOURCES_MAX;
use crate::plan::Shown;

/// Refuses chains that are too long.
pub fn check(shown: &[Shown], diagnostics: &mut Vec<Diagnostic>) {
    let mut seen = Vec::new();
    for row in shown.iter().filter_map(|shown| shown.content.as_ref()?.products.as_ref()) {
        let Some(first_over) = row.strategy.get(SOURCES_MAX).filter(|_| !seen.contains(&row.span)) else {
            continue;
        };
        seen.push(row.span);
        let message = format!("a row tries at most {SOURCES_MAX} strategies, not {}", row.strategy.len());
        let diagnostic = Diagnostic::error(code::long_chain, message);
        diagnostics.push(diagnostic.label(first_over.strategy.span, "the first one too many"));
    }
}
