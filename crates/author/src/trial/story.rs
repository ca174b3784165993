//! An outcome as text for people and as JSON for tools.

use std::fmt::Write as _;

use serde_json::{Value, json};
use shelfwise_engine::explain::Story;
use shelfwise_engine::reason::Reason;
use shelfwise_pack::core::Core;

use super::{Outcome, SlotOutcome};
use crate::cel::print;

/// Why, in a few words.
#[must_use]
pub fn reason_text(reason: Reason) -> &'static str {
    match reason {
        Reason::Won => "shows",
        Reason::Forced => "forced by a preview link",
        Reason::Holdout => "won, but the shopper is in the holdout",
        Reason::NoCampaign => "no campaign could show",
        Reason::Withdrawn => "withdrawn",
        Reason::NotStarted => "its schedule has not begun",
        Reason::Ended => "its schedule is over",
        Reason::Consent => "the shopper has not allowed what it needs",
        Reason::Audience => "its audience does not hold",
        Reason::ConditionError => "its audience could not be computed",
        Reason::Capped => "seen as often as its cap allows",
        Reason::Namespace => "another experiment of the namespace owns this shopper",
        Reason::Coverage => "outside of the experiment's share",
        Reason::Group => "another of its group shows",
        Reason::Outranked => "another of higher priority shows",
        Reason::OtherSlot => "its slot is not on this page",
        Reason::NotTriggered => "its trigger has not fired",
        Reason::Unfilled => "its row could not be filled",
        Reason::OffHours => "outside the days and hours of its schedule",
        Reason::PageLimit => "the page shows as many of its kind as it may",
        Reason::NoUnit => "under test, and there is no id to bucket by",
    }
}

/// The outcome as text: every slot, and below it every campaign that wanted it, with its conditions.
/// With `only`, that slot alone; with `programs`, conditions as instructions.
#[must_use]
pub fn outcome_text(core: &Core<'_>, outcome: &Outcome, only: Option<&str>, programs: bool) -> String {
    let mut out = String::new();
    for slot in outcome.slots.iter().filter(|slot| only.is_none_or(|only| only == slot.slot)) {
        let _ = writeln!(out, "{}: {}", slot.slot, winner(slot));
        for story in outcome.explanation.campaigns.iter().filter(|story| story.slot == slot.slot) {
            campaign_text(&mut out, core, story, programs);
        }
    }
    let placeless = outcome.explanation.campaigns.iter().filter(|story| story.slot.is_empty());
    for story in placeless.filter(|_| only.is_none()) {
        campaign_text(&mut out, core, story, programs);
    }
    out
}

fn winner(slot: &SlotOutcome) -> String {
    match (&slot.campaign, &slot.variation) {
        (Some(campaign), Some(variation)) => {
            let row =
                if slot.items.is_empty() { String::new() } else { format!(" [{}]", slot.items.join(", ")) };
            format!("{campaign}/{variation}{row}")
        }
        _ => "the shop's own markup".to_owned(),
    }
}

fn campaign_text(out: &mut String, core: &Core<'_>, story: &Story, programs: bool) {
    let _ = writeln!(out, "  {}: {}", story.id, reason_text(story.reason));
    for condition in &story.audience {
        let truth = match condition.truth {
            Ok(true) => "true ",
            Ok(false) => "false",
            Err(_) => "error",
        };
        let text = condition_text(core, condition.predicate, programs);
        let _ = writeln!(out, "    {truth}  {}", text.trim_end().replace('\n', "\n           "));
    }
}

/// A predicate as text; a program in short is its first line and its length.
fn condition_text(core: &Core<'_>, predicate: u32, programs: bool) -> String {
    let Some(record) = core.predicates.get(predicate) else { return String::new() };
    let text = print(core, &record);
    let lines = text.lines().count();
    if programs || lines <= 1 {
        return text;
    }
    let traits: Vec<&str> =
        text.lines().filter_map(|line| line.split_once("Trait")).map(|(_, rest)| rest).collect();
    let names = traits.iter().filter_map(|rest| rest.split_whitespace().find(|word| word.contains('.')));
    format!("a program of {lines} instructions over {}", names.collect::<Vec<_>>().join(", "))
}

/// The outcome as JSON.
#[must_use]
pub fn outcome_json(core: &Core<'_>, outcome: &Outcome) -> Value {
    let slots = outcome.slots.iter().map(|slot| {
        json!({
            "slot": slot.slot,
            "campaign": slot.campaign,
            "variation": slot.variation,
            "untouched": slot.untouched,
            "reason": slot.reason.name(),
            "items": slot.items,
        })
    });
    let campaigns = outcome.explanation.campaigns.iter().map(|story| {
        let audience = story.audience.iter().map(|condition| {
            json!({
                "condition": condition_text(core, condition.predicate, true),
                "truth": condition.truth.ok(),
            })
        });
        json!({
            "id": story.id,
            "slot": story.slot,
            "reason": story.reason.name(),
            "exposures": story.exposures,
            "audience": audience.collect::<Vec<_>>(),
        })
    });
    let mismatches = outcome.mismatches.iter().map(|(slot, words)| json!({ "slot": slot, "message": words }));
    json!({
        "scenario": outcome.name,
        "now": outcome.now_s,
        "passed": outcome.mismatches.is_empty(),
        "mismatches": mismatches.collect::<Vec<_>>(),
        "slots": slots.collect::<Vec<_>>(),
        "campaigns": campaigns.collect::<Vec<_>>(),
    })
}
