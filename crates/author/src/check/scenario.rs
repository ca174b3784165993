//! # A scenario that cannot be run
//!
//! A scenario names an event, a product, a campaign or a fact that does not exist.
//!
//! ```yaml
//! given: [ { at: "-8d", veiw_item: "85123A" } ]
//! ```
//!
//! ## What to do
//!
//! Take the name that is offered. Events have their GA4 names, or `visit`; `at` is a duration before
//! the decision.

use crate::check::{code, unknown_slot};
use crate::diagnostic::{Diagnostic, Spanned};
use crate::plan::shown;
use crate::project::Project;

/// Campaign id that means the merchant's own markup.
pub const NONE: &str = "none";

/// Looks at the slots, campaigns and variations that scenarios expect.
pub fn check(project: &Project, diagnostics: &mut Vec<Diagnostic>) {
    for expectation in project.scenarios.iter().flat_map(|scenario| &scenario.expect) {
        unknown_slot::resolve(project, &expectation.slot, diagnostics);
        let Some(id) = expectation.campaign.as_ref().filter(|id| id.value != NONE) else { continue };
        let Some(campaign) = project.campaigns.iter().find(|campaign| campaign.id.value == id.value) else {
            let known = project.campaigns.iter().map(|campaign| campaign.id.value.as_str());
            unknown("campaign", id, known.collect(), diagnostics);
            continue;
        };
        let variations = shown(campaign);
        let Some(wanted) = &expectation.variation else { continue };
        if !variations.iter().any(|variation| variation.id.value == wanted.value) {
            let known = variations.iter().map(|variation| variation.id.value.as_str());
            unknown("variation", wanted, known.collect(), diagnostics);
        }
    }
}

fn unknown(what: &str, id: &Spanned<String>, known: Vec<&str>, diagnostics: &mut Vec<Diagnostic>) {
    let message = format!("there is no {what} `{}`", id.value);
    let diagnostic = Diagnostic::error(code::scenario, message)
        .label(id.span, "expected here")
        .help(format!("known: {}", known.join(", ")));
    diagnostics.push(diagnostic.nearest(id.span, &id.value, known));
}
