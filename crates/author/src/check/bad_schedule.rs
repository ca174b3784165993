//! # A schedule that cannot be
//!
//! A date that no calendar has, a time zone that does not exist, or an end that does not lie behind its
//! beginning.
//!
//! ```yaml
//! schedule: { from: 2026-06-01, until: 2026-03-01 }
//! ```
//!
//! ## What to do
//!
//! Write dates as `2026-03-01` or `2026-03-01T09:00`; `until` is the first moment at which the campaign
//! no longer shows.

use crate::check::code;
use crate::diagnostic::{Diagnostic, Spanned};
use crate::project::{Campaign, Shop};
use crate::schedule::{moment_s, zone};

/// First second a campaign may show and first second it may no longer; reports what is wrong.
pub fn resolve(campaign: &Campaign, shop: &Shop, diagnostics: &mut Vec<Diagnostic>) -> (i64, i64) {
    let always = (i64::MIN, i64::MAX);
    let Some(schedule) = &campaign.schedule else { return always };
    let timezone = schedule.timezone.as_ref().unwrap_or(&shop.timezone);
    let mut refuse = |text: &Spanned<String>, reason: String| {
        diagnostics.push(Diagnostic::error(code::bad_schedule, reason).label(text.span, "cannot be"));
    };
    if let Err(reason) = zone(&timezone.value) {
        refuse(timezone, reason);
        return always;
    }
    let mut moment = |text: &Option<Spanned<String>>, open: i64| match text {
        None => open,
        Some(text) => moment_s(&text.value, &timezone.value).unwrap_or_else(|reason| {
            refuse(text, reason);
            open
        }),
    };
    let (from_s, until_s) = (moment(&schedule.from, i64::MIN), moment(&schedule.until, i64::MAX));
    if from_s >= until_s {
        let message = "this schedule ends before it begins";
        let mut diagnostic = Diagnostic::error(code::bad_schedule, message);
        for (text, words) in [(&schedule.until, "ends here"), (&schedule.from, "begins here")] {
            if let Some(text) = text {
                diagnostic = diagnostic.label(text.span, words);
            }
        }
        diagnostics.push(diagnostic.help("`until` is the first moment at which it no longer shows"));
    }
    (from_s, until_s)
}
