//! The whole story of a pass: every campaign of every slot, why it shows or not, and what of its audience
//! holds. Plain values, for the overlay, the studio and the command line.

use crate::decide::{Decision, Scratch, State, decide};
use crate::eval::{EvalError, TraitSource, compute};
use crate::pack::core::Core;
use crate::reason::Reason;
use crate::value::Value;

/// One predicate of an audience.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Index into the core file's predicates, whose record holds the comparison or program.
    pub predicate: u32,
    /// Whether it holds, or why that cannot be said.
    pub truth: Result<bool, EvalError>,
}

/// One campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// Index into the core file's campaigns.
    pub campaign: u32,
    /// Campaign id.
    pub id: String,
    /// Slot name; empty for messages and triggers.
    pub slot: String,
    /// Why it shows or not.
    pub reason: Reason,
    /// Its audience: all of these must hold. Empty = everyone.
    pub audience: Vec<Condition>,
    /// Exposures inside its cap's window.
    pub exposures: u32,
}

/// A pass, told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What each slot gets.
    pub decisions: Vec<Decision>,
    /// Every campaign of the pack, in file order.
    pub campaigns: Vec<Story>,
}

/// Decides all slots asked for and tells every campaign's story.
///
/// Decisions and reasons are those of [`decide`] with the same arguments. Cost: evaluates every predicate
/// of every audience, and allocates the result.
pub fn explain<S: TraitSource>(
    core: &Core,
    traits: &S,
    state: &State,
    slots: &[u32],
    now_s: i64,
    unit: &str,
    scratch: &mut Scratch,
) -> Explanation {
    let decisions = decide(core, traits, state, slots, now_s, unit, scratch);
    let truths: Vec<_> = core.predicates.iter().map(|predicate| truth(core, &predicate, traits)).collect();
    let story = |(index, reason): (u32, &Reason)| {
        let campaign = core.campaigns.get(index).unwrap_or_default();
        let slot = campaign.slot.index().and_then(|slot| core.slots.get(slot)).unwrap_or_default();
        let conditions = core.conjuncts.range(campaign.audience);
        let audience = conditions.map(|predicate| Condition {
            predicate,
            truth: truths.get(predicate as usize).copied().unwrap_or(Err(EvalError::Program)),
        });
        Story {
            campaign: index,
            id: core.text(campaign.id).to_owned(),
            slot: core.text(slot.name).to_owned(),
            reason: *reason,
            audience: audience.collect(),
            exposures: state.exposures_of(index),
        }
    };
    let campaigns = (0..).zip(scratch.reasons()).map(story).collect();
    Explanation { decisions, campaigns }
}

fn truth<S: TraitSource>(
    core: &Core,
    predicate: &crate::pack::core::Predicate,
    traits: &S,
) -> Result<bool, EvalError> {
    match compute(core, predicate, traits)? {
        Value::Bool(truth) => Ok(truth),
        _ => Err(EvalError::NoOverload),
    }
}
