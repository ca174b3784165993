//! # A schedule that cannot be
//!
//! A date that no calendar has, a time zone that does not exist, days or hours that cannot be read, or an
//! end that does not lie behind its beginning. The dates of boosts, burials and pins of a row are looked at too.
//!
//! ```yaml
//! schedule: { from: 2026-06-01, until: 2026-03-01 }
//! ```
//!
//! ## What to do
//!
//! Write dates as `2026-03-01` or `2026-03-01T09:00`; `until` is the first moment at which the campaign
//! no longer shows. Days are `mon`, `mon-fri`, `weekdays` or `weekend`, hours `09:00-17:30` or, past midnight,
//! `22:00-02:00`. They go by the shop's clock, or with `timezone: shopper` by that of the shopper's device.

use crate::check::code;
use crate::daypart::{Daypart, dayparts};
use crate::diagnostic::{Diagnostic, Spanned};
use crate::pack::kinds::Zone;
use crate::project::{AdjustmentEntry, Campaign, Shop};
use crate::schedule::{moment_s, zone};

/// When a campaign may show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Times {
    /// First second it may show, Unix seconds.
    pub from_s: i64,
    /// First second it may no longer show, Unix seconds.
    pub until_s: i64,
    /// Days and hours; empty = always.
    pub dayparts: Vec<Daypart>,
}

/// When a campaign may show; reports what is wrong.
pub fn resolve(campaign: &Campaign, shop: &Shop, diagnostics: &mut Vec<Diagnostic>) -> Times {
    let always = Times { from_s: i64::MIN, until_s: i64::MAX, dayparts: Vec::new() };
    let Some(schedule) = &campaign.schedule else { return always };
    let (timezone, clock) = match &schedule.timezone {
        None => (&shop.timezone, Zone::Shop),
        Some(written) => match written.value.as_str() {
            "shop" => (&shop.timezone, Zone::Shop),
            "shopper" => (&shop.timezone, Zone::Shopper),
            _ => (written, Zone::Shop),
        },
    };
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
    let dayparts = dayparts(&schedule.days, &schedule.hours, clock).unwrap_or_else(|(text, reason)| {
        refuse(text, reason);
        Vec::new()
    });
    if !dayparts.is_empty() && timezone.value != shop.timezone.value {
        let reason = "days and hours go by the shop's clock or the shopper's".to_owned();
        refuse(timezone, format!("{reason}: write `shop` or `shopper`"));
    }
    if from_s >= until_s {
        diagnostics.push(backwards(
            "this schedule ends before it begins",
            [&schedule.until, &schedule.from],
            "`until` is the first moment at which it no longer shows",
        ));
    }
    Times { from_s, until_s, dayparts }
}

/// First second at which a boost, a burial or a pin holds, and the first at which it no longer does, by the shop's clock;
/// reports what is wrong.
pub fn resolve_entry(
    entry: &AdjustmentEntry,
    timezone: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> (i64, i64) {
    let mut moment = |text: &Option<Spanned<String>>, open: i64| {
        let Some(text) = text else { return open };
        moment_s(&text.value, timezone).unwrap_or_else(|reason| {
            diagnostics.push(Diagnostic::error(code::bad_schedule, reason).label(text.span, "cannot be"));
            open
        })
    };
    let (from_s, until_s) = (moment(&entry.from, i64::MIN), moment(&entry.until, i64::MAX));
    if from_s >= until_s {
        diagnostics.push(backwards(
            &format!("this {} ends before it begins", entry.name()),
            [&entry.until, &entry.from],
            "move `until` behind `from`: it is the first moment at which this no longer holds",
        ));
    }
    (from_s, until_s)
}

/// `[until, from]` with the label of each.
fn backwards(message: &str, [until, from]: [&Option<Spanned<String>>; 2], help: &str) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(code::bad_schedule, message);
    for (text, words) in [(until, "ends here"), (from, "begins here")] {
        if let Some(text) = text {
            diagnostic = diagnostic.label(text.span, words);
        }
    }
    diagnostic.help(help)
}
