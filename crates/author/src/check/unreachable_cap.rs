//! # A cap that cannot be reached
//!
//! The cap allows more exposures than can happen in its window, so that it never keeps the campaign back: a
//! page view shows a campaign at most once, a trigger that waits keeps them further apart, and the memory
//! keeps the moments of no more than 16 exposures of a campaign.
//!
//! ```yaml
//! trigger: { on: dwell, after: 60s }
//! cap: { exposures: 5, per: 2m }
//! ```
//!
//! ## What to do
//!
//! Lower `exposures`, or make `per` longer. Without `per` the cap counts all time. Above what the memory keeps this is
//! an error, else a warning.

use shelfwise_pack::kinds::TriggerKind;

use crate::check::code;
use crate::diagnostic::Diagnostic;
use crate::engine::memory::limits::EXPOSURE_TIMES_MAX;
use crate::project::Campaign;

/// Warns of a cap above what can happen in its window.
pub fn check(campaign: &Campaign, diagnostics: &mut Vec<Diagnostic>) {
    let Some(cap) = campaign.cap.as_ref().filter(|cap| cap.per_s > 0) else { return };
    let apart_s = match &campaign.trigger {
        Some(trigger) if matches!(trigger.kind.value, TriggerKind::Dwell | TriggerKind::Idle) => {
            trigger.threshold.max(1)
        }
        _ => 1,
    };
    let remembered = u32::try_from(EXPOSURE_TIMES_MAX).unwrap_or(u32::MAX);
    let most = (cap.per_s / apart_s).saturating_add(1).min(remembered);
    if cap.exposures.value <= most {
        return;
    }
    let message = format!("the cap of `{}` can never be reached", campaign.id.value);
    let diagnostic = match most == remembered {
        true => Diagnostic::error(code::unreachable_cap, message).label(
            cap.exposures.span,
            format!("the memory keeps the moments of {most} exposures of a campaign, so that this never holds it back"),
        ),
        false => Diagnostic::warning(code::unreachable_cap, message)
            .label(cap.exposures.span, format!("at most {most} fit into its window")),
    };
    diagnostics.push(diagnostic.help(format!("allow at most {most}, or leave out `per` to count all time")));
}
