//! # A trait that does not exist
//!
//! A condition or a binding names a trait or an audience that there is not.
//!
//! ```yaml
//! audience: visitor.vists > 1
//! ```
//!
//! ## What to do
//!
//! Take the name that is offered; all traits stand in `docs/traits.md`. The shop's own are declared under `custom:` in
//! `shop.yaml`, and read as `custom.name`, in blocks too (`{{ custom.tier | friend }}`).

use crate::block::Part;
use crate::check::code;
use crate::diagnostic::{Diagnostic, Span};
use crate::engine::traits;
use crate::plan::Plan;
use crate::project::Project;

/// Looks at the bindings of the shop's own traits, in blocks and in values.
pub fn check(project: &Project, plan: &Plan, diagnostics: &mut Vec<Diagnostic>) {
    let custom = traits::find("custom").map(|found| found.code);
    let variations = plan.campaigns.iter().flat_map(|campaign| &campaign.variations);
    let values = variations.flat_map(|variation| variation.data.values().flatten());
    let shown = plan.blocks.values().flat_map(|block| block.parts()).map(|(part, _)| part);
    let mut told: Vec<Span> = Vec::new();
    for part in shown.chain(values) {
        let Part::Trait { code, key, span, .. } = part else { continue };
        let declared = || project.shop.custom.iter().map(|(name, _)| name.value.as_str());
        if Some(*code) != custom || declared().any(|name| name == key) || told.contains(span) {
            continue;
        }
        told.push(*span);
        let message = format!("the shop declares no trait `custom.{key}`");
        let diagnostic = Diagnostic::error(code::unknown_trait, message).label(*span, "unknown trait");
        let near = crate::diagnostic::nearest(key, declared());
        diagnostics.push(diagnostic.help(match near {
            Some(near) => format!("did you mean `custom.{near}`?"),
            None => format!("declare it in shop.yaml, as in `custom: {{ {key}: string }}`"),
        }));
    }
}
