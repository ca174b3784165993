//! One pass over a pack's campaigns.

use super::decision::{Assignment, Decision};
use super::plan::{Entry, NONE, Plan};
use super::scratch::{Bucket, Scratch, Sheet, Truth};
use super::state::State;
use crate::bucket;
use crate::eval::{EvalError, TraitSource, compare, evaluate};
use crate::pack::core::Core;
use crate::pack::kinds::{CampaignKind, ContentKind, TriggerKind};
use crate::reason::Reason;
use shelfwise_pack::sort::sort;

/// What a pass is for.
#[derive(Clone, Copy)]
enum Ask<'a> {
    Slots(&'a [u32]),
    Fired(TriggerKind, u32),
}

/// What stays the same during a pass.
struct Pass<'a, 'p> {
    core: &'a Core<'p>,
    state: &'a State,
    ask: Ask<'a>,
    unit: &'a str,
    plan: &'a Plan,
}

/// What each slot gets now, in the order asked; a slot that the pack does not have is left out.
///
/// Looks at the audience of every campaign of the pack, each shared predicate and each trait that is compared
/// at most once, and leaves a reason for each campaign in the scratch. `unit` is what experiments bucket by; without one (`""`)
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
    let result = asked.map(|slot| match scratch.sheet.slot_winner[*slot as usize] {
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
    for rank in &scratch.sheet.candidates {
        let campaign = scratch.plan.by_rank[*rank as usize];
        if matches!(scratch.reasons()[campaign as usize], Reason::Won | Reason::Forced | Reason::Holdout) {
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
    let Scratch { plan, sheet } = scratch;
    sheet.begin(core, state, now_s, unit);
    sheet.slot_asked.fill(matches!(ask, Ask::Fired(..)));
    if let Ask::Slots(slots) = ask {
        for slot in slots {
            if let Some(asked) = sheet.slot_asked.get_mut(*slot as usize) {
                *asked = true;
            }
        }
    }
    let held = sheet.in_holdout(state.holdout_ppm);
    compare_all(core, traits, plan, &mut sheet.truths);
    let pass = Pass { core, state, ask, unit, plan };
    pass.walk(traits, sheet);
    force(state, ask, plan, sheet);
    line_up(sheet);
    rank(core, state, plan, sheet, held);
}

/// The truths of all comparisons, each trait asked for once.
fn compare_all<S: TraitSource>(core: &Core, traits: &S, plan: &Plan, truths: &mut [Truth]) {
    let predicates = plan.predicates.as_slice();
    let mut subject = None;
    let mut value = None;
    for at in &plan.comparisons {
        let predicate = &predicates[*at as usize];
        let asked = Some((predicate.trait_code, predicate.key));
        if subject != asked {
            subject = asked;
            value = traits.value(predicate.trait_code, core.text(predicate.key));
        }
        let holds = value.as_ref().ok_or(EvalError::Absent);
        truths[*at as usize] = truth(holds.and_then(|value| compare(core, predicate, value)));
    }
}

fn truth(holds: Result<bool, EvalError>) -> Truth {
    match holds {
        Ok(true) => Truth::True,
        Ok(false) => Truth::False,
        Err(_) => Truth::Error,
    }
}

impl Pass<'_, '_> {
    /// Walks the tree of audiences and considers the campaigns whose audience holds; a program runs when it
    /// is first come by.
    fn walk<S: TraitSource>(&self, traits: &S, sheet: &mut Sheet) {
        let (nodes, order) = (self.plan.nodes.as_slice(), self.plan.order.as_slice());
        let consider = |sheet: &mut Sheet, campaigns: &[u32]| {
            campaigns.iter().for_each(|campaign| self.consider(sheet, *campaign));
        };
        consider(sheet, &order[..self.plan.everyone as usize]);
        let mut at = 0;
        while let Some(node) = nodes.get(at) {
            let known = &mut sheet.truths.as_mut_slice()[node.predicate as usize];
            if *known == Truth::Unknown {
                *known = truth(evaluate(self.core, &self.plan.predicates[node.predicate as usize], traits));
            }
            match *known {
                Truth::True => {
                    consider(sheet, &order[node.first as usize..node.complete as usize]);
                    at += 1;
                    continue;
                }
                Truth::Error => {
                    for campaign in &order[node.first as usize..node.last as usize] {
                        let reason = &mut sheet.reasons[*campaign as usize];
                        if *reason == Reason::Audience {
                            *reason = Reason::ConditionError;
                        }
                    }
                }
                Truth::False | Truth::Unknown => {}
            }
            at = node.end as usize;
        }
    }

    /// A campaign whose audience holds: slot or trigger, cap and experiment; what passes waits for its place.
    fn consider(&self, sheet: &mut Sheet, campaign: u32) {
        let (at, state) = (campaign as usize, self.state);
        if sheet.reasons[at] != Reason::Audience {
            return;
        }
        let entry = &self.plan.entries.as_slice()[at];
        let rejection = self
            .not_called(&sheet.slot_asked, entry)
            .or_else(|| state.unfilled.contains(&campaign).then_some(Reason::Unfilled))
            .or_else(|| {
                let capped = entry.cap_exposures > 0 && state.exposures_of(campaign) >= entry.cap_exposures;
                let further = || state.capped.binary_search(&campaign).is_ok();
                (capped || further()).then_some(Reason::Capped)
            });
        if let Some(reason) = rejection {
            sheet.reasons[at] = reason;
            return;
        }
        if entry.experiment != NONE && sheet.buckets[at] == Bucket::Unknown {
            sheet.buckets[at] = if self.unit.is_empty() {
                Bucket::Out(Reason::NoUnit)
            } else {
                assign(self.core, entry, self.unit, &mut sheet.weights)
            };
        }
        match sheet.buckets[at] {
            Bucket::Out(reason) => sheet.reasons[at] = reason,
            Bucket::In(_) | Bucket::Unknown => {
                sheet.waiting[entry.rank as usize / 64] |= 1 << (entry.rank % 64)
            }
        }
    }

    /// Why this pass does not call a campaign: another slot, or its trigger.
    fn not_called(&self, slot_asked: &[bool], entry: &Entry) -> Option<Reason> {
        if entry.slot != NONE && !slot_asked.get(entry.slot as usize).is_some_and(|asked| *asked) {
            return Some(Reason::OtherSlot);
        }
        let called = match (self.ask, entry.trigger) {
            (Ask::Slots(_), NONE) => entry.slot != NONE,
            (Ask::Slots(_), _) | (Ask::Fired(..), NONE) => false,
            (Ask::Fired(kind, value), trigger) => {
                let trigger = self.core.triggers.get(trigger).unwrap_or_default();
                trigger.kind == kind.code() && value >= trigger.threshold
            }
        };
        (!called).then_some(Reason::NotTriggered)
    }
}

/// The shopper's variation in the campaign's experiment.
#[inline(never)]
fn assign(core: &Core, entry: &Entry, unit: &str, weights: &mut Vec<f64>) -> Bucket {
    let experiment = core.experiments.get(entry.experiment).unwrap_or_default();
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
fn force(state: &State, ask: Ask<'_>, plan: &Plan, sheet: &mut Sheet) {
    for (campaign, _) in &state.forced {
        let at = *campaign as usize;
        let Some(entry) = plan.entries.get(at) else { continue };
        let barred = matches!(sheet.reasons[at], Reason::Withdrawn | Reason::Consent);
        let asked = match ask {
            Ask::Slots(_) => sheet.slot_asked.get(entry.slot as usize).is_some_and(|asked| *asked),
            Ask::Fired(..) => entry.trigger != NONE,
        };
        if asked && !barred {
            sheet.waiting[entry.rank as usize / 64] &= !(1 << (entry.rank % 64));
            sheet.reasons[at] = Reason::Forced;
            sheet.candidates.push(entry.rank);
        }
    }
}

/// Lines the candidates up: forced ones, then by priority, then by file order.
fn line_up(sheet: &mut Sheet) {
    let Sheet { waiting, candidates, .. } = sheet;
    sort(candidates);
    candidates.dedup();
    for (at, word) in waiting.iter().enumerate() {
        let mut bits = *word;
        while bits != 0 {
            candidates.push(at as u32 * 64 + bits.trailing_zeros());
            bits &= bits - 1;
        }
    }
}

/// Lets the candidates take their slots, in their order.
fn rank(core: &Core, state: &State, plan: &Plan, sheet: &mut Sheet, held: bool) {
    let Sheet { reasons, candidates, slot_winner, groups_taken, .. } = sheet;
    let mut message_shows = false;
    let mut new_by_kind = [0usize; CampaignKind::ALL.len() + 1];
    for rank in candidates.iter() {
        let campaign = plan.by_rank[*rank as usize];
        let entry = &plan.entries[campaign as usize];
        let reason = &mut reasons[campaign as usize];
        let kind = entry.kind;
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
        let of_kind = |shown: &&u32| plan.entries.get(**shown as usize).is_some_and(|it| it.kind == kind);
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
    let reason = scratch.reasons()[campaign as usize];
    let forced = state.forced.iter().rev().find(|(at, _)| reason == Reason::Forced && *at == campaign);
    let bucket = match scratch.sheet.buckets[campaign as usize] {
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
