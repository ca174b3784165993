//! What passes over one pack reuse, so that a pass allocates nothing but its decisions.

use super::daypart::Clocks;
use super::plan::Plan;
use super::state::State;
use crate::pack::core::Core;
use crate::pack::kinds::ConsentMode;
use crate::reason::Reason;

/// A place that no share reaches.
const NEVER_HELD: f64 = 1.0;

/// Truth of a predicate in this pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    Unknown,
    False,
    True,
    Error,
}

/// What the experiment says about this shopper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bucket {
    Unknown,
    Out(Reason),
    In(u32),
}

/// The plan of one pack, and buffers. Results never depend on what earlier passes left in it.
#[derive(Clone, Debug)]
pub struct Scratch {
    pub(super) plan: Plan,
    pub(super) sheet: Sheet,
}

/// What a pass writes down.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub(super) truths: Vec<Truth>,
    pub(super) reasons: Vec<Reason>,
    /// Reasons before any condition is looked at; [`Reason::Audience`] where nothing rejects.
    base: Vec<Reason>,
    /// `base` holds for this consent, these withdrawals, times in this half-open span, and this offset.
    base_for: Option<(ConsentMode, i64, i64, i32)>,
    base_withdrawn: Vec<u32>,
    /// Experiment outcomes by campaign, for `unit`.
    pub(super) buckets: Vec<Bucket>,
    unit: String,
    /// Where `unit` stands among all shoppers, 0 to 1.
    holdout_place: Option<f64>,
    pub(super) weights: Vec<f64>,
    /// One bit a campaign, by rank: what passed everything but its rivals.
    pub(super) waiting: Vec<u64>,
    /// Ranks of forced campaigns and of those that waited, best first.
    pub(super) candidates: Vec<u32>,
    pub(super) slot_winner: Vec<u32>,
    pub(super) slot_asked: Vec<bool>,
    pub(super) groups_taken: Vec<u32>,
}

impl Scratch {
    /// Indexes the pack's campaigns; once after loading.
    #[must_use]
    pub fn new(core: &Core) -> Self {
        let plan = Plan::new(core);
        let campaigns = plan.entries.len();
        let sheet = Sheet {
            truths: vec![Truth::Unknown; plan.predicates.len()],
            reasons: vec![Reason::Audience; campaigns],
            base: vec![Reason::Audience; campaigns],
            base_for: None,
            base_withdrawn: Vec::new(),
            buckets: vec![Bucket::Unknown; campaigns],
            unit: String::new(),
            holdout_place: None,
            weights: Vec::new(),
            waiting: vec![0; campaigns.div_ceil(64)],
            candidates: Vec::with_capacity(campaigns),
            slot_winner: vec![super::plan::NONE; plan.slots],
            slot_asked: vec![false; plan.slots],
            groups_taken: Vec::with_capacity(core.groups.len()),
        };
        Self { plan, sheet }
    }

    /// Why each campaign did or did not show in the last pass, by campaign index.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        &self.sheet.reasons
    }
}

impl Sheet {
    /// Starts a pass: forgets truths, lays out the reasons that time, consent and withdrawals give.
    pub(super) fn begin(&mut self, core: &Core, state: &State, now_s: i64, unit: &str) {
        let consent = state.consent.unwrap_or(ConsentMode::Contextual);
        let holds = self.base_for.is_some_and(|(mode, from_s, until_s, offset_min)| {
            mode == consent
                && (from_s..until_s).contains(&now_s)
                && offset_min == state.utc_offset_min
                && self.base_withdrawn == state.withdrawn
        });
        if !holds {
            self.lay_base(core, state, consent, now_s);
        }
        self.reasons.copy_from_slice(&self.base);
        self.truths.fill(Truth::Unknown);
        self.waiting.fill(0);
        self.candidates.clear();
        self.groups_taken.clear();
        self.slot_winner.fill(super::plan::NONE);
        if self.unit != unit {
            unit.clone_into(&mut self.unit);
            self.buckets.fill(Bucket::Unknown);
            self.holdout_place = None;
        }
    }

    /// Reasons from schedule, consent and withdrawals, and the span of time in which they stay the same.
    fn lay_base(&mut self, core: &Core, state: &State, consent: ConsentMode, now_s: i64) {
        let clocks = Clocks::at(core, state.utc_offset_min, now_s);
        // Dayparts begin and end with a minute.
        let (mut from_s, mut until_s) = match core.dayparts.is_empty() {
            true => (i64::MIN, i64::MAX),
            false => (now_s.div_euclid(60) * 60, now_s.div_euclid(60).wrapping_add(1).wrapping_mul(60)),
        };
        for (at, campaign) in core.campaigns.iter().enumerate() {
            for border_s in [campaign.from_s, campaign.until_s] {
                if border_s <= now_s {
                    from_s = from_s.max(border_s);
                } else {
                    until_s = until_s.min(border_s);
                }
            }
            self.base[at] = if state.withdrawn.binary_search(&(at as u32)).is_ok() {
                Reason::Withdrawn
            } else if now_s < campaign.from_s {
                Reason::NotStarted
            } else if now_s >= campaign.until_s {
                Reason::Ended
            } else if !core.dayparts.is_empty() && !clocks.allow(core, at as u32) {
                Reason::OffHours
            } else if campaign.consent > consent.code() {
                Reason::Consent
            } else {
                Reason::Audience
            };
        }
        self.base_for = Some((consent, from_s, until_s, state.utc_offset_min));
        self.base_withdrawn.clone_from(&state.withdrawn);
    }

    /// Whether the shopper belongs to the holdout.
    pub(super) fn in_holdout(&mut self, share_ppm: u32) -> bool {
        let hashed = || match self.unit.as_str() {
            "" => NEVER_HELD,
            unit => crate::bucket::hash("holdout", unit, 2).unwrap_or(NEVER_HELD),
        };
        *self.holdout_place.get_or_insert_with(hashed) < f64::from(share_ppm) / 1_000_000.0
    }
}
