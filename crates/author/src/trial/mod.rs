//! Trials: a project decided for an imagined shopper, by the very engine that browsers run.
//!
//! A [`World`] holds the compiled pack with every product at hand; [`World::play`] lets a scenario
//! happen in it and tells what each slot gets and why.

mod ga4;
mod logbook;
mod membership;
mod moments;
mod replay;
mod shopper;
mod story;
mod turnout;

use std::collections::{BTreeSet, HashMap};

use shelfwise_engine::card::OnPage;
use shelfwise_engine::decide::{Decision, Scratch, State, decide, fire, settle};
use shelfwise_engine::explain::{Explanation, explain};
use shelfwise_engine::memory::Memory;
use shelfwise_engine::reason::Reason;
use shelfwise_engine::recommend::{Recommender, Request, Situation};
use shelfwise_engine::shelf::Shelf;
use shelfwise_engine::traits::Traits;
use shelfwise_pack::core::Core;
use shelfwise_pack::kinds::{ContentKind, TriggerKind};
use shelfwise_pack::{OpenedCore, OpenedItems};

pub use ga4::read_event;
pub use logbook::{Facts, Journeys, Logbook, Record, kind_of};
pub use moments::{UNTOLD, untold};
pub use replay::Stage;
pub use shopper::facts;
pub use story::{outcome_json, outcome_text, reason_text};
pub use turnout::{Count, Lot, Turnout};

use self::membership::Membership;
use crate::build::Checked;
use crate::catalogue::{Product, currency_exponent};
use crate::check::scenario::NONE;
use crate::compile::{Layout, Release};
use crate::diagnostic::Spanned;
use crate::project::{Project, Scenario};

/// A compiled project in which scenarios can happen.
#[derive(Debug)]
pub struct World {
    core: OpenedCore,
    shelf: Shelf,
    products: HashMap<String, Product>,
    exponent: u8,
    membership: Membership,
    /// Page type of each slot, by slot index; empty = any.
    pages: Vec<String>,
}

/// What one slot got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotOutcome {
    /// Slot name; empty for a message or an event.
    pub slot: String,
    /// Campaign id; none = the merchant's own markup, for want of a campaign.
    pub campaign: Option<String>,
    /// Variation id.
    pub variation: Option<String>,
    /// Whether the merchant's markup stays: no campaign, control, or holdout.
    pub untouched: bool,
    /// Why.
    pub reason: Reason,
    /// Product ids of its row.
    pub items: Vec<String>,
}

/// What a scenario led to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Scenario name.
    pub name: String,
    /// Moment of the decision, Unix seconds.
    pub now_s: i64,
    /// Every slot of the page and every slot expected.
    pub slots: Vec<SlotOutcome>,
    /// Every campaign's story.
    pub explanation: Explanation,
    /// What was expected and did not come, in words: (slot, words).
    pub mismatches: Vec<(String, String)>,
}

impl World {
    /// The world of a checked project, released at `now_s`. Cost: of 1,000,000 products some seconds.
    ///
    /// # Errors
    /// In words, when it cannot be compiled.
    pub fn new(checked: &Checked, now_s: i64) -> Result<Self, String> {
        let Checked { project, products, .. } = checked;
        let release = Release { version: 1, issued_s: now_s, expires_s: i64::MAX };
        let compiled = checked.compile_as(release, Layout::Held)?;
        let refused = |error: shelfwise_pack::Error| format!("{:?} at byte {}", error.code, error.offset);
        let core = OpenedCore::open(compiled.core).map_err(refused)?;
        let mut shelf = Shelf::new(&core.view());
        for (number, bytes) in (0..).zip(compiled.items) {
            shelf.add_items(number, OpenedItems::open(bytes).map_err(refused)?);
        }
        let page =
            |page: &Option<Spanned<String>>| page.as_ref().map_or(String::new(), |page| page.value.clone());
        Ok(Self {
            core,
            membership: Membership::new(checked)?,
            shelf,
            products: products.iter().map(|product| (product.item.clone(), product.clone())).collect(),
            exponent: currency_exponent(&project.shop.currency.value),
            pages: project.shop.slots.iter().map(|slot| page(&slot.page)).collect(),
        })
    }

    /// The core file.
    #[must_use]
    pub fn core(&self) -> Core<'_> {
        self.core.view()
    }

    /// Lets a scenario happen: its events are remembered, then the page is decided at `now` (the
    /// scenario's own, else `now_s`).
    #[must_use]
    pub fn play(&self, scenario: &Scenario, now_s: i64) -> Outcome {
        let core = self.core.view();
        let now_s = scenario.now_s.unwrap_or(now_s);
        let slot_of = |name: &str| {
            (0..).zip(core.slots.iter()).find(|(_, slot)| core.text(slot.name) == name).map(|(at, _)| at)
        };
        let expected: Vec<u32> =
            scenario.expect.iter().filter_map(|expected| slot_of(&expected.slot.value)).collect();
        let page = expected.first().and_then(|slot| self.pages.get(*slot as usize));
        let shopper = self.shopper(scenario, now_s, page.map_or("", String::as_str));
        let slots: Vec<u32> = (0..)
            .zip(&self.pages)
            .filter(|(at, page)| page.is_empty() || **page == shopper.context.page || expected.contains(at))
            .map(|(at, _)| at)
            .collect();
        let mut moment = Moment {
            traits: Traits::derive(&shopper.memory, &shopper.context, &core, now_s),
            situation: Situation::derive(&core, &self.shelf, &shopper.memory, &shopper.context, now_s),
            state: State {
                utc_offset_min: shopper.context.utc_offset_min,
                ..State::derive(&core, &shopper.memory, shopper.consent, now_s)
            },
            now_s,
            unit: shopper.unit,
        };
        let slots_decided = self.settle(&core, &mut moment, Ask::Slots(&slots), &mut Desk::new(&core));
        let source = self.source(&core, &moment);
        let explanation =
            explain(&core, &source, &moment.state, &slots, now_s, &moment.unit, &mut Scratch::new(&core));
        let mut mismatches = mismatches(scenario, &slots_decided);
        let within: BTreeSet<&str> = self.membership.of(&source).collect();
        mismatches.extend(strangers(scenario, &within));
        Outcome { name: scenario.name.clone(), now_s, slots: slots_decided, explanation, mismatches }
    }

    /// Decides and fills the rows; campaigns whose row cannot be filled are in the moment's state afterwards.
    fn settle(
        &self,
        core: &Core<'_>,
        moment: &mut Moment,
        ask: Ask<'_>,
        desk: &mut Desk,
    ) -> Vec<SlotOutcome> {
        let mut state = std::mem::take(&mut moment.state);
        let pass = |desk: &mut Desk, state: &State| {
            desk.recommender.new_page();
            let (source, scratch) = (self.source(core, moment), &mut desk.scratch);
            match ask {
                Ask::Slots(slots) => decide(core, &source, state, slots, moment.now_s, &moment.unit, scratch),
                Ask::Fired(trigger, value) => {
                    fire(core, &source, state, (trigger, value), moment.now_s, &moment.unit, scratch)
                }
            }
        };
        let fill =
            |desk: &mut Desk, decision: &Decision| self.fill(core, moment, &mut desk.recommender, decision);
        let settled = settle(desk, &mut state, pass, fill);
        moment.state = state;
        settled.into_iter().map(|(decision, items)| outcome(core, &decision, items)).collect()
    }

    /// Product ids of a decision's row: none where it brings no row, nothing where the row stays empty.
    fn fill(
        &self,
        core: &Core<'_>,
        moment: &Moment,
        recommender: &mut Recommender,
        decision: &Decision,
    ) -> Option<Vec<String>> {
        if decision.content != ContentKind::Row {
            return Some(Vec::new());
        }
        let variation = core.variations.get(decision.variation?)?;
        let row = core.rows.get(variation.target.index()?)?;
        let request = Request::of_row(core, &row);
        let picks = recommender.recommend(core, &self.shelf, &moment.situation, &moment.traits, &request);
        let items = picks.iter().filter_map(|pick| self.shelf.card(core, pick.dense));
        let items: Vec<String> = items.map(|card| card.item().to_owned()).collect();
        (!items.is_empty()).then_some(items)
    }

    /// Whether a slot has that name.
    fn slot_is(&self, slot: u32, name: &str) -> bool {
        let core = self.core.view();
        core.slots.get(slot).is_some_and(|slot| core.text(slot.name) == name)
    }

    fn source<'a>(&'a self, core: &'a Core<'a>, moment: &'a Moment) -> OnPage<'a> {
        let card = moment.situation.current.and_then(|dense| self.shelf.card(core, dense));
        OnPage::new(&moment.traits, core, card, moment.now_s)
    }
}

/// What is to be decided.
#[derive(Clone, Copy)]
enum Ask<'a> {
    /// Slots, by index.
    Slots(&'a [u32]),
    /// What a trigger with a value sets off.
    Fired(TriggerKind, u32),
}

/// What deciding writes on, used again.
struct Desk {
    scratch: Scratch,
    recommender: Recommender,
}

impl Desk {
    fn new(core: &Core<'_>) -> Self {
        Self { scratch: Scratch::new(core), recommender: Recommender::default() }
    }
}

/// An imagined shopper.
struct Shopper {
    memory: Memory,
    context: shelfwise_engine::traits::Context,
    consent: shelfwise_pack::kinds::ConsentMode,
    unit: String,
}

/// All that a decision looks at.
struct Moment {
    traits: Traits,
    situation: Situation,
    state: State,
    now_s: i64,
    unit: String,
}

fn outcome(core: &Core<'_>, decision: &Decision, items: Vec<String>) -> SlotOutcome {
    let slot = decision.slot.and_then(|slot| core.slots.get(slot)).unwrap_or_default();
    let campaign = decision.campaign.and_then(|campaign| core.campaigns.get(campaign));
    let variation = decision.variation.and_then(|variation| core.variations.get(variation));
    SlotOutcome {
        slot: core.text(slot.name).to_owned(),
        campaign: campaign.map(|campaign| core.text(campaign.id).to_owned()),
        variation: variation.map(|variation| core.text(variation.id).to_owned()),
        untouched: decision.content == ContentKind::Control || decision.reason == Reason::Holdout,
        reason: decision.reason,
        items,
    }
}

/// Audiences that the shopper is in and must not be, or the other way round.
fn strangers(scenario: &Scenario, within: &BTreeSet<&str>) -> Vec<(String, String)> {
    let wanted = [(&scenario.inside, true, "is not in it"), (&scenario.outside, false, "is in it")];
    let wanted = wanted.into_iter().flat_map(|(names, inside, words)| {
        names
            .iter()
            .filter(move |name| within.contains(name.value.as_str()) != inside)
            .map(move |name| (name, words))
    });
    wanted.map(|(name, words)| (format!("audience {}", name.value), format!("the shopper {words}"))).collect()
}

/// Audiences that no scenario says a shopper to be in, and those that none says a shopper not to be in.
#[must_use]
pub fn untested(project: &Project) -> (Vec<&str>, Vec<&str>) {
    let without = |names: fn(&Scenario) -> &[Spanned<String>]| {
        let said: BTreeSet<&str> =
            project.scenarios.iter().flat_map(names).map(|name| name.value.as_str()).collect();
        let all = project.audiences.iter().map(|audience| audience.id.value.as_str());
        all.filter(|name| !said.contains(name)).collect()
    };
    (without(|scenario| &scenario.inside), without(|scenario| &scenario.outside))
}

fn mismatches(scenario: &Scenario, slots: &[SlotOutcome]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for expected in &scenario.expect {
        let name = &expected.slot.value;
        let got = slots.iter().find(|slot| slot.slot == *name);
        let campaign = got.and_then(|got| got.campaign.as_deref()).unwrap_or(NONE);
        let variation = got.and_then(|got| got.variation.as_deref()).unwrap_or(NONE);
        if let Some(wanted) = &expected.campaign {
            let untouched = wanted.value == NONE && got.is_none_or(|got| got.untouched);
            if wanted.value != campaign && !untouched {
                found.push((name.clone(), format!("expected `{}`, got `{campaign}`", wanted.value)));
                continue;
            }
        }
        if let Some(wanted) = expected.variation.as_ref().filter(|wanted| wanted.value != variation) {
            let words =
                format!("expected the variation `{}` of `{campaign}`, got `{variation}`", wanted.value);
            found.push((name.clone(), words));
        }
    }
    found
}
