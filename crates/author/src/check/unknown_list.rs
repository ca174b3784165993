//! # A product list or product that is not there
//!
//! A row names a manual list that `shop.yaml` does not have, or a manual list, pin or boost names a product that
//! the catalogue does not have.
//!
//! ```yaml
//! products: { strategy: [manual:gifts] }   # shop.yaml: lists: { gifts: [85123A] }
//! ```
//!
//! ## What to do
//!
//! Correct the name, or add the list under `lists` in `shop.yaml`. A product that is not in the
//! catalogue is a warning: it is left out, as is a pin or boost that waits for it.

use std::collections::HashSet;

use shelfwise_pack::kinds::Strategy;

use crate::check::code;
use crate::diagnostic::Diagnostic;
use crate::project::{Products, Project};

/// Looks at lists that hold nothing.
pub fn check(project: &Project, diagnostics: &mut Vec<Diagnostic>) {
    for (name, _) in project.shop.lists.iter().filter(|(_, items)| items.is_empty()) {
        let diagnostic =
            Diagnostic::warning(code::unknown_list, format!("the list `{}` is empty", name.value));
        diagnostics.push(diagnostic.label(name.span, "a row from it can never be filled"));
    }
}

/// Looks at the manual lists that a row names.
pub fn check_row(project: &Project, row: &Products, diagnostics: &mut Vec<Diagnostic>) {
    let known = || project.shop.lists.iter().map(|(name, _)| name.value.as_str());
    for step in row.strategy.iter().filter(|step| step.strategy.value == Strategy::Manual) {
        if !known().any(|name| name == step.list) {
            let message = format!("there is no list `{}`", step.list);
            let diagnostic = Diagnostic::error(code::unknown_list, message)
                .label(step.strategy.span, "shop.yaml has no such list");
            let nearest = crate::diagnostic::nearest(&step.list, known());
            diagnostics.push(match nearest {
                Some(name) => diagnostic
                    .help(format!("did you mean `manual:{name}`?"))
                    .fix(step.strategy.span, format!("manual:{name}")),
                None => diagnostic.help("add it under `lists` in shop.yaml"),
            });
        }
    }
}

/// Looks at the products that lists and pins name; those that the catalogue does not have are left out.
pub fn check_products(project: &Project, ids: &HashSet<&str>, diagnostics: &mut Vec<Diagnostic>) {
    let listed = project.shop.lists.iter().flat_map(|(_, items)| items);
    let listed = listed.map(|item| (item, "left out of the list"));
    let pins = project.rows().flat_map(|row| &row.adjustments).flat_map(|adjustment| {
        let item = adjustment.item.iter().map(|item| (item, "pins nothing"));
        item.chain(adjustment.when.iter().map(|when| (when, "never on a page or in a cart")))
    });
    for (item, label) in listed.chain(pins).filter(|(item, _)| !ids.contains(item.value.as_str())) {
        let message = format!("the catalogue has no product `{}`", item.value);
        diagnostics.push(Diagnostic::warning(code::unknown_list, message).label(item.span, label));
    }
}
