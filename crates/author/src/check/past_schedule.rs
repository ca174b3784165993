//! # A schedule that is over
//!
//! The campaign, or a boost, burial or pin of its row, ended before this pack is released: it will never show again.
//!
//! ```yaml
//! schedule: { from: 2019-03-01, until: 2019-06-01 }
//! ```
//!
//! ## What to do
//!
//! Move the dates, or remove the file or the entry. This is a warning: the pack is built without harm.

use crate::check::code;
use crate::diagnostic::Diagnostic;
use crate::project::{AdjustmentEntry, Campaign};

/// Warns of a campaign that ended before the release, `now_s`.
pub fn check(campaign: &Campaign, until_s: i64, now_s: i64, diagnostics: &mut Vec<Diagnostic>) {
    if until_s > now_s {
        return;
    }
    let Some(until) = campaign.schedule.as_ref().and_then(|schedule| schedule.until.as_ref()) else { return };
    let message = format!("`{}` is over: it will never show again", campaign.id.value);
    let diagnostic = Diagnostic::warning(code::past_schedule, message).label(until.span, "in the past");
    diagnostics.push(diagnostic.help("move the dates, or remove the file"));
}

/// Warns of a boost, a burial or a pin that ended before the release, `now_s`.
pub fn check_entry(entry: &AdjustmentEntry, until_s: i64, now_s: i64, diagnostics: &mut Vec<Diagnostic>) {
    let Some(until) = entry.until.as_ref().filter(|_| until_s <= now_s) else { return };
    let message = format!("this {} is over: it will never hold again", entry.name());
    let diagnostic = Diagnostic::warning(code::past_schedule, message).label(until.span, "in the past");
    diagnostics.push(diagnostic.help("move the dates, or remove the entry"));
}
