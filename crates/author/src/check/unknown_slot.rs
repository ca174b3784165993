//! # A slot that no page has
//!
//! A campaign, or a scenario's expectation, names a slot that `shop.yaml` does not list. It could never
//! show.
//!
//! ```yaml
//! slot: home.heroes   # shop.yaml has home.hero
//! ```
//!
//! ## What to do
//!
//! Take the name that is offered, or add the slot to `slots` in `shop.yaml`.

use crate::check::code;
use crate::diagnostic::{Diagnostic, Spanned};
use crate::project::Project;

/// Index of a slot in `shop.yaml`; reports one that is not there.
pub fn resolve(project: &Project, slot: &Spanned<String>, diagnostics: &mut Vec<Diagnostic>) -> Option<u32> {
    let known = || project.shop.slots.iter().map(|entry| entry.name.value.as_str());
    if let Some(found) = known().position(|name| name == slot.value) {
        return u32::try_from(found).ok();
    }
    let diagnostic = Diagnostic::error(code::unknown_slot, format!("no page has a slot `{}`", slot.value))
        .label(slot.span, "not under `slots` in shop.yaml")
        .help("add it under `slots` in shop.yaml");
    diagnostics.push(diagnostic.nearest(slot.span, &slot.value, known()));
    None
}
