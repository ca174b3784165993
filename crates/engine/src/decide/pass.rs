//! One pass over a pack's campaigns.

use super::decision::{Assignment, Decision};
use super::plan::{Entry, NONE};
use super::scratch::{Bucket, Scratch, Truth};
use super::state::State;
use crate::bucket;
use crate::eval::{TraitSource, evaluate};
use crate::pack::core::Core;
use crate::pack::kinds::{CampaignKind, ContentKind, TriggerKind};
use crate::reason::Reason;
use shelfwise_pack::sort::sort_by;

/// What a pass is for.
#[derive(Clone, Copy)]
enum Ask<'a> {
    Slots(&'a [u32]),
    Fired(TriggerKind, u32),
}

/// What each slot gets now, in the order asked; a slot that the pack does not have is left out.
///
/// Looks at the audience of every campaign of the pack, each shared predicate at most once, and leaves a
/// reason for each campaign in the scratch. `unit` is what experiments bucket by; without one (`""`)
/// no campaign under test shows. Never fails; the same inputs give the same decisions bit for bit.
/// Cost: a few nanoseconds a campaign; allocates only the result.
pub fn decide<S: TraitSource>(
    core: &Core,
    traits: &S,
    state: &State,
    slots: &[u32],
    now_s: i64,
    unit: &str,
    scratch: &mut Scratch,
) -> Vec<Decision> {
    pass(core, traits, state, Ask::Slots(slots), now_s, unit, scratch);
    let asked = slots.iter().filter(|slot| (**slot as usize) < scratch.plan.slots);
    let result = asked.map(|slot| match scratch.slot_winner[*slot as usize] {
        NONE => Decision::none(*slot),
        campaign => won(core, state, campaign, scratch),
    });
    result.collect()
}

/// What a trigger sets off: campaigns waiting for that kind whose threshold `value` reaches, best first.
///
/// A slot takes one of them, and of messages only the best shows; events all go out. `value` has the
/// unit of the threshold: seconds, percent or minutes. Cost and guarantees as for [`decide`].
pub fn fire<S: TraitSource>(
    core: &Core,
    traits: &S,
    state: &State,
    (kind, value): (TriggerKind, u32),
    now_s: i64,
    unit: &str,
    scratch: &mut Scratch,
) -> Vec<Decision> {
    pass(core, traits, state, Ask::Fired(kind, value), now_s, unit, scratch);
    let mut result = Vec::new();
    for at in 0..scratch.candidates.len() {
        let campaign = scratch.plan.by_rank[scratch.candidates[at] as usize];
        if matches!(scratch.reasons[campaign as usize], Reason::Won | Reason::Forced | Reason::Holdout) {
            result.push(won(core, state, campaign, scratch));
        }
    }
    result
}

fn pass<S: TraitSource>(
    core: &Core,
    traits: &S,
    state: &State,
    ask: Ask<'_>,
    now_s: i64,
    unit: &str,
    scratch: &mut Scratch,
) {
    scratch.begin(core, state, now_s, unit);
    scratch.slot_asked.fill(matches!(ask, Ask::Fired(..)));
    if let Ask::Slots(slots) = ask {
        for slot in slots {
            if let Some(asked) = scratch.slot_asked.get_mut(*slot as usize) {
                *asked = true;
            }
        }
    }
    let held = state.holdout_ppm > 0 && scratch.in_holdout(state.holdout_ppm);
    for at in 0..scratch.plan.everyone {
        consider(core, state, ask, unit, scratch, scratch.plan.order[at as usize]);
    }
    let mut at = 0;
    while let Some(node) = scratch.plan.nodes.get(at).copied() {
        let truth = truth_of(core, traits, scratch, node.predicate);
        if truth == Truth::True {
            for at in node.first..node.complete {
                consider(core, state, ask, unit, scratch, scratch.plan.order[at as usize]);
            }
            at += 1;
        } else {
            if truth == Truth::Error {
                for at in node.first..node.last {
                    let reason = &mut scratch.reasons[scratch.plan.order[at as usize] as usize];
                    if *reason == Reason::Audience {
                        *reason = Reason::ConditionError;
                    }
                }
            }
            at = node.end as usize;
        }
    }
    force(state, ask, scratch);
    rank(core, state, scratch, held);
}

/// The truth of a predicate, computed when it is first asked for.
fn truth_of<S: TraitSource>(core: &Core, traits: &S, scratch: &mut Scratch, predicate: u32) -> Truth {
    let at = predicate as usize;
    if scratch.truths[at] == Truth::Unknown {
        scratch.truths[at] = match evaluate(core, &scratch.plan.predicates[at], traits) {
            Ok(true) => Truth::True,
            Ok(false) => Truth::False,
            Err(_) => Truth::Error,
        };
    }
    scratch.truths[at]
}

/// A campaign whose audience holds: slot or trigger, cap and experiment; what passes becomes a candidate.
fn consider(core: &Core, state: &State, ask: Ask<'_>, unit: &str, scratch: &mut Scratch, campaign: u32) {
    let at = campaign as usize;
    if scratch.reasons[at] != Reason::Audience {
        return;
    }
    let entry = scratch.plan.entries[at];
    let rejection = called(core, ask, scratch, &entry)
        .or_else(|| state.unfilled.contains(&campaign).then_some(Reason::Unfilled))
        .or_else(|| {
            let capped = entry.cap_exposures > 0 && state.exposures_of(campaign) >= entry.cap_exposures;
            let further = || state.capped.binary_search(&campaign).is_ok();
            (capped || further()).then_some(Reason::Capped)
        });
    if let Some(reason) = rejection {
        scratch.reasons[at] = reason;
        return;
    }
    if entry.experiment != NONE && scratch.buckets[at] == Bucket::Unknown {
        scratch.buckets[at] = assign(core, &entry, unit, &mut scratch.weights);
    }
    match scratch.buckets[at] {
        Bucket::Out(reason) => scratch.reasons[at] = reason,
        Bucket::In(_) | Bucket::Unknown => scratch.candidates.push(entry.rank),
    }
}

/// Why this pass does not call a campaign: another slot, or its trigger.
fn called(core: &Core, ask: Ask<'_>, scratch: &Scratch, entry: &Entry) -> Option<Reason> {
    let fires = match (ask, entry.trigger) {
        (Ask::Slots(_), NONE) => true,
        (Ask::Slots(_), _) | (Ask::Fired(..), NONE) => false,
        (Ask::Fired(kind, value), trigger) => {
            let trigger = core.triggers.get(trigger).unwrap_or_default();
            trigger.kind == kind.code() && value >= trigger.threshold
        }
    };
    if entry.slot != NONE && !scratch.slot_asked.get(entry.slot as usize).is_some_and(|asked| *asked) {
        return Some(Reason::OtherSlot);
    }
    match ask {
        _ if !fires => Some(Reason::NotTriggered),
        Ask::Slots(_) if entry.slot == NONE => Some(Reason::NotTriggered),
        _ => None,
    }
}

/// The shopper's variation in the campaign's experiment.
fn assign(core: &Core, entry: &Entry, unit: &str, weights: &mut Vec<f64>) -> Bucket {
    let experiment = core.experiments.get(entry.experiment).unwrap_or_default();
    if unit.is_empty() {
        return Bucket::Out(Reason::NoUnit);
    }
    let part = |ppm: u32| f64::from(ppm) / 1_000_000.0;
    let namespace = core.text(experiment.namespace);
    let (from, until) = (part(experiment.namespace_from_ppm), part(experiment.namespace_until_ppm));
    if !namespace.is_empty() && !bucket::in_namespace(unit, namespace, from, until) {
        return Bucket::Out(Reason::Namespace);
    }
    weights.clear();
    let run = (entry.variations_start..).take(entry.variations_len as usize);
    weights.extend(run.filter_map(|at| core.variations.get(at)).map(|it| part(it.weight_ppm)));
    let seed = if core.text(experiment.seed).is_empty() { experiment.key } else { experiment.seed };
    let ranges = bucket::ranges(weights.len(), part(experiment.coverage_ppm), weights);
    let place = bucket::hash(core.text(seed), unit, experiment.hash_version);
    match place.and_then(|place| bucket::choose(place, ranges)) {
        Some(variation) => Bucket::In(variation as u32),
        None => Bucket::Out(Reason::Coverage),
    }
}

/// Preview links: their campaigns pass whatever schedule, audience, cap or experiment says, but neither
/// without consent nor after a withdrawal.
fn force(state: &State, ask: Ask<'_>, scratch: &mut Scratch) {
    for (campaign, _) in &state.forced {
        let at = *campaign as usize;
        let Some(entry) = scratch.plan.entries.get(at).copied() else { continue };
        let barred = matches!(scratch.reasons[at], Reason::Withdrawn | Reason::Consent);
        let asked = match ask {
            Ask::Slots(_) => scratch.slot_asked.get(entry.slot as usize).is_some_and(|asked| *asked),
            Ask::Fired(..) => entry.trigger != NONE,
        };
        if asked && !barred {
            scratch.candidates.retain(|rank| *rank != entry.rank);
            scratch.candidates.insert(0, entry.rank);
            scratch.reasons[at] = Reason::Forced;
        }
    }
}

/// Lets the candidates take their slots: forced ones, then by priority, then by file order.
fn rank(core: &Core, state: &State, scratch: &mut Scratch, held: bool) {
    let Scratch { plan, reasons, candidates, slot_winner, groups_taken, .. } = scratch;
    let campaign_of = |rank: u32| plan.by_rank[rank as usize];
    let place = |rank: &u32| (reasons[campaign_of(*rank) as usize] != Reason::Forced, *rank);
    sort_by(candidates, |a, b| place(a).cmp(&place(b)));
    let mut message_shows = false;
    let mut new_by_kind = [0usize; CampaignKind::ALL.len() + 1];
    for rank in candidates.iter() {
        let campaign = campaign_of(*rank);
        let entry = &plan.entries[campaign as usize];
        let reason = &mut reasons[campaign as usize];
        let kind = core.campaigns.get(campaign).map_or(0, |it| it.kind);
        let is_message = entry.slot == NONE && kind != CampaignKind::Trigger.code();
        let taken = match slot_winner.get(entry.slot as usize) {
            Some(winner) => *winner != NONE,
            None => is_message && message_shows,
        };
        if taken {
            *reason = Reason::Outranked;
            continue;
        }
        // What the page has shown before counts, but does not bar itself.
        let others = || state.shown.iter().filter(|shown| **shown != campaign);
        let of_group =
            |shown: &u32| plan.entries.get(*shown as usize).is_some_and(|it| it.group == entry.group);
        if groups_taken.contains(&entry.group) || (entry.group != NONE && others().any(of_group)) {
            *reason = Reason::Group;
            continue;
        }
        let of_kind = |shown: &&u32| core.campaigns.get(**shown).is_some_and(|it| it.kind == kind);
        let new = &mut new_by_kind[usize::from(kind).min(CampaignKind::ALL.len())];
        let full =
            core.page_limit(kind).is_some_and(|most| *new + others().filter(of_kind).count() >= most.into());
        if full && *reason != Reason::Forced {
            *reason = Reason::PageLimit;
            continue;
        }
        *new += usize::from(!state.shown.contains(&campaign));
        if entry.group != NONE {
            groups_taken.push(entry.group);
        }
        if let Some(winner) = slot_winner.get_mut(entry.slot as usize) {
            *winner = campaign;
        }
        message_shows |= is_message;
        if *reason != Reason::Forced {
            *reason = if held { Reason::Holdout } else { Reason::Won };
        }
    }
}

/// The decision for a campaign that shows.
fn won(core: &Core, state: &State, campaign: u32, scratch: &Scratch) -> Decision {
    let entry = &scratch.plan.entries[campaign as usize];
    let reason = scratch.reasons[campaign as usize];
    let forced = state.forced.iter().rev().find(|(at, _)| reason == Reason::Forced && *at == campaign);
    let bucket = match scratch.buckets[campaign as usize] {
        Bucket::In(variation) if forced.is_none() => Some(variation),
        _ => None,
    };
    let variation = forced.map(|(_, variation)| *variation).or(bucket).unwrap_or(0);
    let variation_index = entry.variations_start + variation.min(entry.variations_len.saturating_sub(1));
    let record = core.variations.get(variation_index).unwrap_or_default();
    let content = match reason {
        Reason::Holdout => ContentKind::Control,
        _ => ContentKind::from_code(record.content).unwrap_or(ContentKind::Control),
    };
    let kind = core.campaigns.get(campaign).and_then(|it| CampaignKind::from_code(it.kind));
    Decision {
        slot: (entry.slot != NONE).then_some(entry.slot),
        campaign: Some(campaign),
        variation: Some(variation_index),
        kind: kind.unwrap_or(CampaignKind::Content),
        content,
        reason,
        assignment: bucket.map(|variation| Assignment { experiment: entry.experiment, variation }),
    }
}
