//! # A campaign that can never win its slot
//!
//! Another campaign of the slot goes before it (by priority, else by the order of the files), and shows to
//! everyone whom this one is for: whenever this one could show, the other does.
//!
//! ```yaml
//! { id: everyone, slot: home.hero, priority: 10, block: blocks/hero.html }
//! { id: garden, slot: home.hero, audience: likes_garden, block: blocks/garden.html }
//! ```
//!
//! ## What to do
//!
//! Give it a higher priority than the other, or the other a narrower audience. This is a warning.

use shelfwise_pack::kinds::ConsentMode;

use crate::check::code;
use crate::diagnostic::Diagnostic;
use crate::plan::{CampaignPlan, Plan};
use crate::project::{Campaign, Project};

/// Looks at every campaign that has a slot. Cost: the square of the campaigns of a slot.
pub fn check(project: &Project, plan: &Plan, diagnostics: &mut Vec<Diagnostic>) {
    let all: Vec<_> = project.campaigns.iter().zip(&plan.campaigns).collect();
    for (at, (campaign, planned)) in all.iter().enumerate() {
        let Some(slot) = planned.slot else { continue };
        let before = all.iter().enumerate().find(|(other_at, (other, other_plan))| {
            let limited = project.shop.page_limits.iter().any(|(kind, _)| *kind == other_plan.kind);
            let first =
                other.priority > campaign.priority || other.priority == campaign.priority && *other_at < at;
            first
                && !limited
                && other_plan.slot == Some(slot)
                && covers((other, other_plan), (campaign, planned))
        });
        if let Some((_, (other, _))) = before {
            let message = format!("`{}` can never win its slot", campaign.id.value);
            let diagnostic = Diagnostic::warning(code::never_wins, message)
                .label(campaign.id.span, "never shows")
                .label(other.id.span, "goes before it, for everyone whom it is for")
                .help("raise its `priority`, or narrow the audience of the other");
            diagnostics.push(diagnostic);
        }
    }
}

/// Whether one campaign provably shows whenever the other could.
fn covers(
    (one, one_plan): (&Campaign, &CampaignPlan),
    (other, other_plan): (&Campaign, &CampaignPlan),
) -> bool {
    let consent =
        |campaign: &Campaign| campaign.consent.as_ref().map_or(ConsentMode::Contextual, |mode| mode.value);
    let always_filled = one_plan
        .variations
        .iter()
        .all(|variation| variation.content.as_ref().is_none_or(|content| content.products.is_none()));
    let untested = one.experiment.is_none() && one_plan.variations.len() == 1;
    let unlimited = one.cap.is_none() && one.group.is_none() && one.trigger.is_none();
    let (times, other_times) = (&one_plan.times, &other_plan.times);
    let in_time = times.dayparts.is_empty()
        && times.from_s <= other_times.from_s
        && times.until_s >= other_times.until_s;
    let wider = match (&one_plan.audience, &other_plan.audience) {
        (None, _) => one.audience.is_none(),
        (Some(one), Some(other)) => other.implies(one),
        (Some(_), None) => false,
    };
    always_filled && untested && unlimited && in_time && consent(one) <= consent(other) && wider
}
