//! From memory and page to decisions, as JSON for the page side.

use std::rc::Rc;

use super::scene::on_page;
use super::{Desk, Driver, Loaded, Moment};
use crate::engine::content::{Product, Scene, order};
use crate::engine::decide::{self, Decision, State, campaign_index};
use crate::engine::memory::EventKind;
use crate::engine::pack::core::{Core, Variation};
use crate::engine::pack::kinds::{CampaignKind, ContentKind, TriggerKind};
use crate::engine::recommend::{Pick, Request, Situation};
use crate::engine::shelf::Shelf;
use crate::engine::traits::{Context, Traits};
use crate::json::Json;
use crate::surroundings::{Clock, Entropy, Store};

/// What is to be decided.
pub(super) enum Ask<'a> {
    /// Slots, by index.
    Slots(&'a [u32]),
    /// What a trigger with a value sets off.
    Fired(TriggerKind, u32),
}

/// A decision and the products of its row.
pub(super) struct Filled {
    pub(super) decision: Decision,
    picks: Vec<Pick>,
}

impl<C: Clock, E: Entropy, S: Store> Driver<C, E, S> {
    /// One pass for the named slots, without rows and contents; how many slots show something. For
    /// figures and checks: it is the very pass of [`Self::decide`].
    pub fn pass(&mut self, slots: &str) -> u32 {
        let decisions = self.run(|core, moment, unit, desk| {
            let slots = desk.slots(core, slots);
            one_pass(core, moment, &moment.state, unit, desk, &Ask::Slots(&slots))
        });
        decisions.iter().filter(|decision| decision.campaign.is_some()).count() as u32
    }

    /// What each of the named slots (one a line) gets, as a JSON list.
    pub fn decide(&mut self, slots: &str) -> String {
        self.answer(slots, None)
    }

    /// What a trigger of that code sets off, as a JSON list; empty for a code that is none. Of moments that
    /// memory and catalogue tell, `value` is not asked.
    pub fn fire(&mut self, trigger: u8, value: u32) -> String {
        let fired = TriggerKind::from_code(trigger).and_then(|trigger| match trigger {
            TriggerKind::CartAbandoned | TriggerKind::PriceDrop | TriggerKind::BackInStock => {
                Some((trigger, self.occasion(trigger)?))
            }
            _ => Some((trigger, value)),
        });
        fired.map_or_else(|| "[]".to_owned(), |fired| self.answer("", Some(fired)))
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

    fn answer(&mut self, slots: &str, fired: Option<(TriggerKind, u32)>) -> String {
        let text = self.run(|core, moment, unit, desk| {
            let slots = desk.slots(core, slots);
            let ask = fired.map_or(Ask::Slots(&slots), |(trigger, value)| Ask::Fired(trigger, value));
            let decided = settle(core, moment, unit, desk, &ask);
            let mut json = Json::default();
            json.list(|json| {
                for filled in &decided {
                    json.object(|json| write_decision(json, core, desk, moment, filled));
                }
            });
            json.finish()
        });
        listed(text)
    }

    /// Runs a pass with the moment's traits, derived anew if anything changed.
    pub(super) fn run<R: Default>(
        &mut self,
        mut pass: impl FnMut(&Core<'_>, &Moment, &str, &mut Desk) -> R,
    ) -> R {
        let mut result = R::default();
        self.run_once(&mut |core, moment, unit, desk| result = pass(core, moment, unit, desk));
        result
    }

    /// [`Self::run`], compiled once for all passes.
    fn run_once(&mut self, pass: &mut dyn FnMut(&Core<'_>, &Moment, &str, &mut Desk)) {
        let now_s = self.now_s();
        let Some(mut loaded) = self.loaded.take() else { return };
        let Loaded { core, desk, moment } = &mut *loaded;
        let view = core.view();
        if moment.as_ref().is_none_or(|moment| moment.now_s != now_s) {
            let mut context = std::mem::take(&mut self.context);
            self.add_visit(&mut context);
            let mut now = self.moment(&view, &desk.shelf, &context, now_s);
            self.context = context;
            now.state.shown.extend(self.shown(&view));
            *moment = Some(now);
        }
        if let Some(moment) = moment {
            pass(&view, moment, &self.journal.memory().state().profile.unit, desk);
        }
        self.loaded = Some(loaded);
    }

    /// Campaigns that were seen on this page.
    fn shown(&self, core: &Core<'_>) -> impl Iterator<Item = u32> {
        let since = self.page.events().iter().rev().take_while(|event| event.kind != EventKind::PageView);
        let seen = since.filter(|event| event.kind == EventKind::Exposure);
        seen.filter_map(|event| campaign_index(core, event.text.split('/').next()?))
    }

    pub(super) fn moment(&self, core: &Core<'_>, shelf: &Shelf, context: &Context, now_s: i64) -> Moment {
        let memory = self.memory();
        let mut state = State::derive(core, memory, self.consent, now_s);
        state.utc_offset_min = context.utc_offset_min;
        state.withdraw(core, self.withdrawn.iter().map(String::as_str));
        for (campaign, variation) in &self.forced {
            state.force(core, campaign, variation);
        }
        let traits = Traits::derive(memory, context, core, now_s);
        let situation = Situation::derive(core, shelf, memory, context, now_s);
        Moment { now_s, traits, state, situation }
    }
}

/// Decides and fills the rows.
pub(super) fn settle(
    core: &Core<'_>,
    moment: &Moment,
    unit: &str,
    desk: &mut Desk,
    ask: &Ask<'_>,
) -> Vec<Filled> {
    let pass = |desk: &mut Desk, state: &State| {
        let decisions = one_pass(core, moment, state, unit, desk, ask);
        desk.wants.add_all(desk.recommender.wants());
        desk.recommender.new_page();
        decisions
    };
    let fill = |desk: &mut Desk, decision: &Decision| fill(core, moment, desk, decision);
    let settled = decide::settle(desk, &mut moment.state.clone(), pass, fill);
    settled.into_iter().map(|(decision, picks)| Filled { decision, picks }).collect()
}

fn one_pass(
    core: &Core<'_>,
    moment: &Moment,
    state: &State,
    unit: &str,
    desk: &mut Desk,
    ask: &Ask<'_>,
) -> Vec<Decision> {
    let Desk { scratch, shelf, .. } = desk;
    let traits = on_page(core, shelf, moment);
    match *ask {
        Ask::Slots(slots) => decide::decide(core, &traits, state, slots, moment.now_s, unit, scratch),
        Ask::Fired(trigger, value) => {
            decide::fire(core, &traits, state, (trigger, value), moment.now_s, unit, scratch)
        }
    }
}

/// The products of a decision's row: none where it brings no row, nothing where the row stays empty.
fn fill(core: &Core<'_>, moment: &Moment, desk: &mut Desk, decision: &Decision) -> Option<Vec<Pick>> {
    if decision.content != ContentKind::Row {
        return Some(Vec::new());
    }
    fill_row(core, moment, desk, decision)
}

#[inline(never)]
fn fill_row(core: &Core<'_>, moment: &Moment, desk: &mut Desk, decision: &Decision) -> Option<Vec<Pick>> {
    let variation = core.variations.get(decision.variation?)?;
    let row = core.rows.get(variation.target.index()?)?;
    let Desk { shelf, recommender, .. } = desk;
    let request = Request::of_row(core, &row);
    let picks = recommender.recommend(core, shelf, &moment.situation, &moment.traits, &request);
    (!picks.is_empty()).then(|| picks.to_vec())
}

/// A JSON list; the empty one without a pack.
pub(super) fn listed(text: String) -> String {
    if text.is_empty() { "[]".to_owned() } else { text }
}

impl Desk {
    /// The indices of named slots, one a line; names that the pack does not have are left out. A page asks
    /// for the same slots again and again: the last answer is kept.
    pub(super) fn slots(&mut self, core: &Core<'_>, names: &str) -> Rc<[u32]> {
        if self.asked.0 != names {
            let find = |name| core.slots.iter().position(|slot| core.text(slot.name) == name);
            let found = names.lines().filter_map(|name| find(name).map(|at| at as u32)).collect();
            self.asked = (names.to_owned(), found);
        }
        Rc::clone(&self.asked.1)
    }
}

/// `slot`, `kind`, `reason`, and for a winner `campaign`, `variation`, `message`, `event`, `experiment`
/// and what to show.
fn write_decision(json: &mut Json, core: &Core<'_>, desk: &Desk, moment: &Moment, filled: &Filled) {
    let decision = &filled.decision;
    if let Some(slot) = decision.slot.and_then(|slot| core.slots.get(slot)) {
        json.text("slot", core.text(slot.name));
    }
    json.integer("kind", decision.kind.code().into());
    json.integer("reason", decision.reason.code().into());
    let campaign = decision.campaign.and_then(|campaign| core.campaigns.get(campaign));
    let variation = decision.variation.and_then(|variation| core.variations.get(variation));
    let (Some(campaign), Some(variation)) = (campaign, variation) else { return };
    json.text("campaign", core.text(campaign.id));
    json.text("variation", core.text(variation.id));
    if decision.kind == CampaignKind::Message {
        json.integer("message", variation.message.into());
    }
    if let Some(trigger) = campaign.trigger.index().and_then(|trigger| core.triggers.get(trigger)) {
        let event = core.text(trigger.event);
        if !event.is_empty() {
            json.text("event", event);
        }
    }
    if let Some(found) = decision.assignment
        && let Some(experiment) = core.experiments.get(found.experiment)
    {
        json.key("experiment").object(|json| {
            json.text("key", core.text(experiment.key));
            json.integer("variation", found.variation.into());
        });
    }
    write_content(json, core, desk, moment, filled, &variation);
}

/// What to show: `tree`, `order` (of blocks, or of product ids), or `template` with `values`.
pub(super) fn write_content(
    json: &mut Json,
    core: &Core<'_>,
    desk: &Desk,
    moment: &Moment,
    filled: &Filled,
    variation: &Variation,
) {
    let Desk { shelf, money, .. } = desk;
    let target = variation.target.index();
    let block = match filled.decision.content {
        ContentKind::Block => target,
        ContentKind::Order => {
            json.key("order").list(|json| {
                target.into_iter().flat_map(|target| order(core, target)).for_each(|name| json.string(name));
            });
            None
        }
        ContentKind::Row if filled.decision.kind == CampaignKind::Rerank => {
            let row = target.and_then(|row| core.rows.get(row)).unwrap_or_default();
            write_ranking(json, core, shelf, row.taste, &filled.picks);
            None
        }
        ContentKind::Row => target.and_then(|row| core.rows.get(row)?.block.index()),
        ContentKind::Control | ContentKind::Event => None,
    };
    let Some(block) = block else { return };
    let products: Vec<Product<'_>> =
        filled.picks.iter().filter_map(|pick| product(core, shelf, pick)).collect();
    let traits = on_page(core, shelf, moment);
    let scene = Scene { core, traits: &traits, data: variation.data, products: &products, money };
    let template = core.blocks.get(block).map_or("", |block| core.text(block.template));
    if !template.is_empty() {
        json.text("template", template);
        json.key("values").object(|json| {
            scene.values().iter().for_each(|(name, value)| json.text(name, value));
        });
    } else if let Some(tree) = scene.block(block) {
        let mut text = String::new();
        tree.write_json(&mut text);
        json.key("tree").raw(&text);
    }
}

/// How a grid is to be ordered: `order` and `taste`.
#[inline(never)]
fn write_ranking(json: &mut Json, core: &Core<'_>, shelf: &Shelf, taste: u8, picks: &[Pick]) {
    json.integer("taste", taste.into());
    json.key("order").list(|json| {
        let cards = picks.iter().filter_map(|pick| shelf.card(core, pick.dense));
        cards.for_each(|card| json.string(card.item()));
    });
}

#[inline(never)]
fn product<'a>(core: &'a Core<'a>, shelf: &'a Shelf, pick: &Pick) -> Option<Product<'a>> {
    let other = pick.because.and_then(|dense| shelf.card(core, dense));
    let because = other.map_or("", |card| card.title());
    Some(Product { card: shelf.card(core, pick.dense)?, reason: pick.reason(), because })
}
