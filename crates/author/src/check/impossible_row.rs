//! # A row that no product can be in
//!
//! What a row demands of its products excludes itself: `same` and `other` of one attribute, a lowest price above the highest,
//! or `cross-sell`, which is of another category by itself, with `same: category`.
//!
//! ```yaml
//! products: { strategy: [similar], same: category, other: category }
//! products: { strategy: [upsell], price: { from: 2, until: 1 } }
//! ```
//!
//! ## What to do
//!
//! Keep one of the two demands, or turn the prices round. Where only one step of a chain finds nothing it is a warning, else an
//! error.

use shelfwise_pack::core::kinship;
use shelfwise_pack::kinds::Strategy;

use crate::check::code;
use crate::diagnostic::{Diagnostic, Span};
use crate::project::Products;

/// Looks at what a row demands of the product that it goes with.
pub fn check(row: &Products, diagnostics: &mut Vec<Diagnostic>) {
    let at = |bit: u8| row.kin.iter().find(|kin| kin.value == bit).map(|kin| kin.span);
    let error = |message: String, help: String| Diagnostic::error(code::impossible_row, message).help(help);
    for (same, other, name) in [
        (kinship::SAME_CATEGORY, kinship::OTHER_CATEGORY, "category"),
        (kinship::SAME_BRAND, kinship::OTHER_BRAND, "brand"),
    ] {
        if let (Some(same), Some(other)) = (at(same), at(other)) {
            let message = format!("no product is of the same {name} and of another");
            diagnostics.push(
                error(message, format!("keep either `same: {name}` or `other: {name}`"))
                    .label(other, "of another")
                    .label(same, "of the same"),
            );
        }
    }
    if let Some(price) = row.price.as_ref().filter(|price| price.value[1] > 0 && price.value[0] > price.value[1]) {
        let message = "no price is above the highest and below the lowest".to_owned();
        diagnostics.push(
            error(message, "let `from` be at most `until`, or leave one of them out".to_owned())
                .label(price.span, "`from` is above `until`"),
        );
    }
    if let Some(same) = at(kinship::SAME_CATEGORY) {
        diagnostics.extend(cross_sell(row, same));
    }
}

/// `cross-sell` among products of the same category.
fn cross_sell(row: &Products, same: Span) -> Option<Diagnostic> {
    let is_it = |strategy: Strategy| strategy == Strategy::CrossSell;
    let step = row.strategy.iter().find(|step| is_it(step.strategy.value))?;
    let message = "`cross-sell` finds nothing in the same category: it shows products of another".to_owned();
    let alone = row.strategy.iter().all(|step| is_it(step.strategy.value));
    let new = if alone { Diagnostic::error } else { Diagnostic::warning };
    let diagnostic = new(code::impossible_row, message).label(step.strategy.span, "of another category");
    Some(diagnostic.label(same, "of the same").help("write `bought-together`, or remove `same: category`"))
}
