//! # A slot that can go empty
//!
//! A row may find fewer products than its minimum: its chain ends with a strategy that knows nothing of a
//! new shopper, the list it falls back to is shorter than the minimum, or the limit is below the minimum. The
//! shop's own markup stays then; where the page has none, nothing shows.
//!
//! ```yaml
//! products: { strategy: [for-you], limit: 8, minimum: 8 }
//! ```
//!
//! ## What to do
//!
//! End the chain with `best-sellers`, `trending`, `new-arrivals`, `top-discount` or a list of your own that
//! has at least `minimum` products. This is a warning.

use shelfwise_pack::kinds::Strategy;

use crate::check::code;
use crate::diagnostic::{Diagnostic, Span};
use crate::plan::Shown;
use crate::project::{Products, Project, Scope};

/// Looks at the rows of a campaign's variations.
pub fn check(project: &Project, shown: &[Shown], diagnostics: &mut Vec<Diagnostic>) {
    let mut seen = Vec::new();
    for row in shown.iter().filter_map(|shown| shown.content.as_ref()?.products.as_ref()) {
        if !seen.contains(&row.span) {
            seen.push(row.span);
            diagnostics.extend(check_row(project, row));
        }
    }
}

fn check_row(project: &Project, row: &Products) -> Option<Diagnostic> {
    let warning = |span: Span, label: String, help: &str| {
        let diagnostic = Diagnostic::warning(code::empty_slot, "this row may stay empty");
        Some(diagnostic.label(span, label).help(help))
    };
    if row.minimum > row.limit {
        let label = format!("asks for {} products and allows {}", row.minimum, row.limit);
        return warning(row.span, label, "make `minimum` at most `limit`");
    }
    let last = row.strategy.last()?;
    let span = last.strategy.span;
    if matches!(last.ranking.of, Scope::Category | Scope::Brand) {
        return warning(span, "finds nothing on a page without one".into(), "add `best-sellers` behind it");
    }
    match last.strategy.value {
        Strategy::BestSellers | Strategy::Trending | Strategy::NewArrivals | Strategy::TopDiscount => None,
        Strategy::Manual => {
            let list = project.shop.lists.iter().find(|(name, _)| name.value == last.list)?;
            let count = list.1.len();
            if count >= usize::from(row.minimum) {
                return None;
            }
            let label = format!("has {count} products, and the row asks for {}", row.minimum);
            warning(span, label, "lower `minimum`, or add `best-sellers` behind it")
        }
        _ => warning(span, "may find nothing for a new shopper".into(), "add `best-sellers` behind it"),
    }
}
