//! # A strategy that has nothing to go by
//!
//! A row names `free-shipping`, and `shop.yaml` says no order value from which shipping is free; or `best-sellers` or `trending`
//! where nothing was learnt. Best sellers are then the catalogue's first products, which is no order of sales, and there
//! are no trends.
//!
//! ```yaml
//! products: { strategy: [free-shipping, best-sellers] }   # shop.yaml: free_shipping: 40, knowledge: knowledge.bin
//! ```
//!
//! ## What to do
//!
//! Write `free_shipping` into `shop.yaml`; without it the strategy can find nothing, which is an error. Run `shelfwise learn` and
//! write `knowledge: knowledge.bin`; that one is a warning, so that a shop can begin before it has learnt.

use shelfwise_pack::kinds::Strategy;

use crate::check::code;
use crate::diagnostic::Diagnostic;
use crate::project::{Project, kebab};

/// Looks at the steps of all rows; each strategy that nothing was learnt for is told once.
pub fn check(project: &Project, diagnostics: &mut Vec<Diagnostic>) {
    let shop = &project.shop;
    if shop.free_shipping.as_ref().is_none_or(|amount| amount.value <= 0.0) {
        for step in project.steps().filter(|step| step.strategy.value == Strategy::FreeShipping) {
            let message = "`free-shipping` finds nothing: shop.yaml does not say from when shipping is free";
            let diagnostic = Diagnostic::error(code::unfed_strategy, message);
            diagnostics.push(
                diagnostic
                    .label(step.strategy.span, "has no gap to fill")
                    .help("add `free_shipping: 40` to shop.yaml, or remove the step"),
            );
        }
    }
    if shop.knowledge.is_some() {
        return;
    }
    for (strategy, what) in [
        (Strategy::BestSellers, "shows the first products of the catalogue"),
        (Strategy::Trending, "finds nothing"),
    ] {
        let mut steps = project.steps().filter(|step| step.strategy.value == strategy);
        let Some(first) = steps.next() else { continue };
        let message = format!("`{}` {what}: no sales were learnt", kebab(strategy));
        let label = match steps.count() {
            0 => "here".to_owned(),
            more => format!("here, and in {more} more"),
        };
        let diagnostic = Diagnostic::warning(code::unfed_strategy, message).label(first.strategy.span, label);
        diagnostics.push(diagnostic.help(
            "run `shelfwise learn --orders orders.csv --out knowledge.bin`, and add `knowledge: knowledge.bin` to shop.yaml",
        ));
    }
}
