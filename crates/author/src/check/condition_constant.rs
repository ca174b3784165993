//! # A condition that always or never holds
//!
//! After constants were folded nothing is left to decide: everyone or nobody is in the audience, every product or none is in
//! a row, a boost or a burial is for all products or for none.
//!
//! ```yaml
//! audience: 1 > 2
//! products: { strategy: [best-sellers], where: false }
//! ```
//!
//! ## What to do
//!
//! Remove the condition to mean everyone or every product, or the campaign to mean nobody. A row's `where` that lets no
//! product through is an error, for such a row never shows; the rest are warnings.

use crate::cel::Condition;
use crate::check::code;
use crate::diagnostic::{Diagnostic, SourceText};
use crate::project::{AdjustmentEntry, Products};

/// Looks at the `where` of a row.
pub fn check_filter(
    row: &Products,
    text: &SourceText,
    condition: &Condition,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let pinned = row.adjustments.iter().any(|entry| entry.item.is_some());
    let (diagnostic, words, help) = match condition.constant() {
        None => return,
        Some(true) => (
            Diagnostic::warning(code::condition_constant, "this `where` lets every product through"),
            "always holds",
            "remove it, or ask something of `item`, as in `item.in_stock`",
        ),
        Some(false) => {
            let new = if pinned { Diagnostic::warning } else { Diagnostic::error };
            let message = "this `where` lets no product through".to_owned();
            (new(code::condition_constant, message), "never holds", "ask something of `item`, as in `item.in_stock`")
        }
    };
    diagnostics.push(diagnostic.label(text.span, words).help(help));
}

/// Looks at the `where` of a boost or a burial.
pub fn check_entry(entry: &AdjustmentEntry, condition: &Condition, diagnostics: &mut Vec<Diagnostic>) {
    let Some(text) = &entry.filter else { return };
    let (what, words) = match condition.constant() {
        None => return,
        Some(true) => ("every product alike, which changes no order", "always holds"),
        Some(false) => ("no product", "never holds"),
    };
    let message = format!("this {} is for {what}", entry.name());
    let diagnostic = Diagnostic::warning(code::condition_constant, message).label(text.span, words);
    diagnostics.push(diagnostic.help("ask something of `item`, as in `item.brand == \"Wren\"`, or remove the entry"));
}
