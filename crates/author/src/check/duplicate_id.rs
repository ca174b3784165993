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

use crate::check::code;
use crate::diagnostic::{Diagnostic, Spanned};
use crate::project::Project;

/// Looks at campaigns, audiences, slots, lists, and the variations of each campaign.
pub fn check(project: &Project, diagnostics: &mut Vec<Diagnostic>) {
    unique("campaigns", project.campaigns.iter().map(|campaign| &campaign.id), diagnostics);
    unique("audiences", project.audiences.iter().map(|audience| &audience.id), diagnostics);
    unique("slots", project.shop.slots.iter().map(|slot| &slot.name), diagnostics);
    unique("lists", project.shop.lists.iter().map(|(name, _)| name), diagnostics);
    for campaign in &project.campaigns {
        unique("variations", campaign.variations.iter().map(|variation| &variation.id), diagnostics);
    }
}

fn unique<'a>(what: &str, ids: impl Iterator<Item = &'a Spanned<String>>, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen = std::collections::BTreeMap::new();
    for id in ids.filter(|id| !id.value.is_empty()) {
        match seen.get(id.value.as_str()) {
            None => {
                seen.insert(id.value.as_str(), id.span);
            }
            Some(first) => diagnostics.push(
                Diagnostic::error(code::duplicate_id, format!("two {what} are called `{}`", id.value))
                    .label(id.span, "the second")
                    .label(*first, "the first"),
            ),
        }
    }
}
