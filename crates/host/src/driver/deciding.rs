//! From memory and page to decisions, as JSON for the page side.

use super::{Desk, Driver, Loaded, Moment};
use crate::engine::decide::{self, Decision, State};
use crate::engine::pack::core::Core;
use crate::engine::pack::kinds::{CampaignKind, ContentKind, TriggerKind};
use crate::engine::recommend::{Shelf, Situation};
use crate::engine::traits::Traits;
use crate::json::Json;
use crate::surroundings::{Clock, Entropy, Store};

impl<C: Clock, E: Entropy, S: Store> Driver<C, E, S> {
    /// One pass for the named slots; how many of them show something. For figures and trigger checks.
    pub fn pass(&mut self, slots: &str) -> u32 {
        let decisions = self.run(|core, moment, unit, desk| {
            let slots = indices(core, slots);
            decide::decide(core, &moment.traits, &moment.state, &slots, moment.now_s, unit, &mut desk.scratch)
        });
        decisions.iter().filter(|decision| decision.campaign.is_some()).count() as u32
    }

    /// What each of the named slots (one a line) gets, as a JSON list.
    pub fn decide(&mut self, slots: &str) -> String {
        let decisions = self.run(|core, moment, unit, desk| {
            let slots = indices(core, slots);
            decide::decide(core, &moment.traits, &moment.state, &slots, moment.now_s, unit, &mut desk.scratch)
        });
        self.write(&decisions)
    }

    /// What a trigger of that code sets off, as a JSON list; empty for a code that is none.
    pub fn fire(&mut self, trigger: u8, value: u32) -> String {
        let Some(trigger) = TriggerKind::from_code(trigger) else { return "[]".to_owned() };
        let decisions = self.run(|core, moment, unit, desk| {
            let fired = (trigger, value);
            decide::fire(core, &moment.traits, &moment.state, fired, moment.now_s, unit, &mut desk.scratch)
        });
        self.write(&decisions)
    }

    /// Campaigns withdrawn after the release: one id a line.
    pub fn withdrawn(&mut self, ids: &str) {
        self.withdrawn = ids.lines().map(str::to_owned).collect();
        self.changed();
    }

    /// Forced variations, as preview links ask for: lines `campaign\tvariation`.
    pub fn force(&mut self, lines: &str) {
        let pairs = lines.lines().filter_map(|line| line.split_once('\t'));
        self.forced =
            pairs.map(|(campaign, variation)| (campaign.to_owned(), variation.to_owned())).collect();
        self.changed();
    }

    /// Runs a pass with the moment's traits, derived anew if anything changed.
    pub(super) fn run<R: Default>(
        &mut self,
        pass: impl FnOnce(&Core<'_>, &Moment, &str, &mut Desk) -> R,
    ) -> R {
        let now_s = self.now_s();
        let Some(mut loaded) = self.loaded.take() else { return R::default() };
        let Loaded { core, desk, moment } = &mut loaded;
        let view = core.view();
        if moment.as_ref().is_none_or(|moment| moment.now_s != now_s) {
            *moment = Some(self.moment(&view, &desk.shelf, now_s));
        }
        let unit = &self.journal.memory().state().profile.unit;
        let result = moment.as_ref().map(|moment| pass(&view, moment, unit, desk));
        self.loaded = Some(loaded);
        result.unwrap_or_default()
    }

    fn moment(&self, core: &Core<'_>, shelf: &Shelf, now_s: i64) -> Moment {
        let memory = self.memory();
        let mut state = State::derive(core, memory, self.consent, now_s);
        state.withdraw(core, self.withdrawn.iter().map(String::as_str));
        for (campaign, variation) in &self.forced {
            state.force(core, campaign, variation);
        }
        let context = self.facts_of_visit();
        let traits = Traits::derive(memory, &context, core, now_s);
        let situation = Situation::derive(core, shelf, memory, &context, now_s);
        Moment { now_s, traits, state, situation }
    }

    fn write(&self, decisions: &[Decision]) -> String {
        let mut json = Json::default();
        let Some(loaded) = &self.loaded else { return "[]".to_owned() };
        let core = loaded.core.view();
        json.list(|json| {
            for decision in decisions {
                json.object(|json| write_decision(json, &core, decision));
            }
        });
        json.finish()
    }
}

/// The indices of named slots; names that the pack does not have are left out.
fn indices(core: &Core<'_>, names: &str) -> Vec<u32> {
    let find = |name| core.slots.iter().position(|slot| core.text(slot.name) == name);
    names.lines().filter_map(|name| find(name).map(|at| at as u32)).collect()
}

fn write_decision(json: &mut Json, core: &Core<'_>, decision: &Decision) {
    let slot = decision.slot.and_then(|slot| core.slots.get(slot));
    json.key("slot").string(slot.map_or("", |slot| core.text(slot.name)));
    json.key("kind").number(decision.kind.code().into());
    json.key("reason").number(decision.reason.code().into());
    let campaign = decision.campaign.and_then(|campaign| core.campaigns.get(campaign));
    let variation = decision.variation.and_then(|variation| core.variations.get(variation));
    let (Some(campaign), Some(variation)) = (campaign, variation) else { return };
    json.key("campaign").string(core.text(campaign.id));
    json.key("variation").string(core.text(variation.id));
    if decision.kind == CampaignKind::Message {
        json.key("message").number(variation.message.into());
    }
    let trigger = campaign.trigger.index().and_then(|trigger| core.triggers.get(trigger));
    if let Some(trigger) = trigger {
        let event = core.text(trigger.event);
        if !event.is_empty() {
            json.key("event").string(event);
        }
    }
    if decision.content == ContentKind::Order {
        let order = variation.target.index().and_then(|order| core.orders.get(order));
        json.key("order").list(|json| {
            for name in order.into_iter().flat_map(|order| core.order_names.range(order.names)) {
                json.string(core.text(name));
            }
        });
    }
    let experiment = decision.assignment.and_then(|found| {
        core.experiments.get(found.experiment).map(|experiment| (experiment, found.variation))
    });
    if let Some((experiment, variation)) = experiment {
        json.key("experiment").object(|json| {
            json.key("key").string(core.text(experiment.key));
            json.key("variation").number(variation.into());
        });
    }
}
