//! Real shoppers' logs replayed through the engine: who is in which audience on which day, who wins which campaign.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use shelfwise_engine::decide::{State, campaign_index, occasion};
use shelfwise_engine::memory::{Event, EventKind, Memory};
use shelfwise_engine::recommend::Situation;
use shelfwise_engine::traits::{Context, Traits};
use shelfwise_pack::kinds::{ConsentMode, TriggerKind};

use super::logbook::{Facts, Journeys};
use super::moments::Dwell;
use super::shopper::describe;
use super::turnout::Lot;
use super::{Ask, Desk, Moment, World};
use crate::check::unknown_page::pages;
use crate::project::Project;
use crate::schedule::zone;

const DAY_S: i64 = 86_400;

/// What a log tells of a page.
#[derive(Clone, Copy)]
enum Told {
    /// That its slots are there.
    Slots,
    /// That the moment of a trigger has come.
    Moment(TriggerKind),
}

/// What is decided on a day that a log tells of.
const DAY: [Told; 3] = [Told::Slots, Told::Moment(TriggerKind::Page), Told::Moment(TriggerKind::Dwell)];
/// What is decided when a shopper comes back at the end, to the catalogue of that day.
const END: [Told; 4] = [
    Told::Slots,
    Told::Moment(TriggerKind::Page),
    Told::Moment(TriggerKind::CartAbandoned),
    Told::Moment(TriggerKind::PriceDrop),
];

/// A world to replay shoppers in.
#[derive(Debug)]
pub struct Stage {
    world: World,
    timezone: String,
    zone: TimeZone,
    /// Kinds of pages that slots stand on, each with its slots.
    pages: Vec<(String, Vec<u32>)>,
}

/// A shopper on the way through their journey.
struct Walk<'a> {
    unit: &'a str,
    facts: Facts<'a>,
    memory: Memory,
    /// Product and search words that the shopper looked at last.
    item: String,
    search: String,
    dwell: Dwell,
}

impl Stage {
    /// A stage of a checked project and its world.
    #[must_use]
    pub fn new(project: &Project, world: World) -> Self {
        let slots = |page: &str| {
            let of = (0..).zip(&world.pages).filter(|(_, known)| known.is_empty() || *known == page);
            of.map(|(slot, _)| slot).collect::<Vec<u32>>()
        };
        let used = pages().filter(|page| world.pages.iter().any(|known| known == page));
        let mut used: Vec<(String, Vec<u32>)> = used.map(|page| (page.to_owned(), slots(page))).collect();
        if used.is_empty() {
            used.push(("home".into(), slots("home")));
        }
        let timezone = project.shop.timezone.value.clone();
        let zone = zone(&timezone).unwrap_or(TimeZone::UTC);
        Self { world, timezone, zone, pages: used }
    }

    /// What a shopper gets on each day of the shop's calendar on which they did something, and when they come back at
    /// the end of the logs. A day is decided when the shopper is about to order, else after the last they did; on each
    /// kind of page; so are messages and triggers, as far as a log tells of what they wait for: a page, a long look at it, a
    /// cart that a visit finds, prices that fell since (at the end). Everything is allowed, the clock is the shop's, and what shows is seen once a day.
    /// Audiences are those of any page.
    #[must_use]
    pub fn follow(&self, journeys: &Journeys, shopper: usize) -> Vec<Lot> {
        let (unit, facts) = journeys.shopper(shopper);
        let events: Vec<Event> = journeys.events(shopper).map(|event| self.priced(event)).collect();
        let mut walk = Walk {
            unit,
            facts,
            memory: Memory::default(),
            item: String::new(),
            search: String::new(),
            dwell: Dwell::default(),
        };
        let mut lots = Vec::new();
        let mut desk = Desk::new(&self.world.core());
        if let Some(first) = events.first() {
            walk.memory.fold(&Event::new(EventKind::SetUnit, first.at_s).saying(unit));
        }
        for day in events.chunk_by(|left, right| self.day(left.at_s) == self.day(right.at_s)) {
            let buys = |event: &Event| event.kind == EventKind::Purchase;
            let (before, after) = day.split_at(day.iter().position(buys).unwrap_or(day.len()));
            let mut found = self.find_carts(&mut walk, &mut desk, before);
            let moment = before.last().or(after.first()).map_or(journeys.until_s, |event| event.at_s);
            if before.is_empty() {
                // An order log tells nothing of the page views that an order takes.
                walk.memory.fold(&Event::new(EventKind::PageView, moment).saying("/"));
                after.iter().take(1).for_each(|event| walk.item.clone_from(&event.item));
            }
            let lot = self.decide(&mut walk, &mut desk, moment, &DAY);
            found.audiences.extend(lot.audiences);
            found.wins.extend(lot.wins);
            lots.push(found);
            for order in after.chunk_by(|left, right| buys(left) && buys(right) && left.text == right.text) {
                walk.through(&whole(order));
            }
        }
        walk.memory.fold(&Event::new(EventKind::PageView, journeys.until_s).saying("/"));
        walk.dwell.clear();
        lots.push(self.decide(&mut walk, &mut desk, journeys.until_s, &END));
        lots
    }

    fn day(&self, at_s: i64) -> i64 {
        at_s.saturating_add(i64::from(self.offset_min(at_s)) * 60).div_euclid(DAY_S)
    }

    fn offset_min(&self, at_s: i64) -> i32 {
        Timestamp::from_second(at_s).map_or(0, |at| self.zone.to_offset(at).seconds() / 60)
    }

    /// Goes through a day's acts; what shows because a visit finds a cart that was left.
    fn find_carts(&self, walk: &mut Walk<'_>, desk: &mut Desk, acts: &[Event]) -> Lot {
        let mut lot = Lot::default();
        walk.dwell.clear();
        for act in acts {
            if !walk.memory.state().cart.is_empty() && walk.memory.visit_is_over(act.at_s) {
                let found = self.decide(walk, desk, act.at_s, &[Told::Moment(TriggerKind::CartAbandoned)]);
                lot.wins.extend(found.wins);
            }
            walk.through(std::slice::from_ref(act));
        }
        lot
    }

    /// What every kind of page shows now; then it was seen.
    fn decide(&self, walk: &mut Walk<'_>, desk: &mut Desk, now_s: i64, told: &[Told]) -> Lot {
        let told: Vec<Told> = told.iter().copied().filter(|told| self.waited_for(*told)).collect();
        if told.is_empty() {
            return Lot::default();
        }
        let lot = self.look(walk, desk, now_s, &told);
        for (_, campaign, variation) in &lot.wins {
            let seen = Event::new(EventKind::Exposure, now_s).saying(&format!("{campaign}/{variation}"));
            walk.memory.fold(&seen);
        }
        lot
    }

    fn waited_for(&self, told: Told) -> bool {
        match told {
            Told::Slots => true,
            Told::Moment(trigger) => self.world.core().triggers.iter().any(|it| it.kind == trigger.code()),
        }
    }

    fn look(&self, walk: &Walk<'_>, desk: &mut Desk, now_s: i64, told: &[Told]) -> Lot {
        let core = self.world.core();
        let mut lot = Lot::default();
        let nowhere = self.context(walk, "other", now_s);
        let traits = Traits::derive(&walk.memory, &nowhere, &core, now_s);
        // What the history is asked here, its copies for the pages know.
        lot.audiences.extend(self.world.membership.of(&traits).map(str::to_owned));
        let situation = Situation::derive(&core, &self.world.shelf, &walk.memory, &nowhere, now_s);
        let state = State::derive(&core, &walk.memory, ConsentMode::HandOver, now_s);
        for (page, slots) in &self.pages {
            let mut context = self.context(walk, page, now_s);
            context.engaged_ms = walk.dwell.of(page).unwrap_or(0).saturating_mul(1_000);
            let mut moment = Moment {
                traits: traits.elsewhere(&walk.memory, &context, &core, now_s),
                situation: situation.elsewhere(&core, &self.world.shelf, &context),
                state: State { utc_offset_min: context.utc_offset_min, ..state.clone() },
                now_s,
                unit: walk.unit.to_owned(),
            };
            let source = self.world.source(&core, &moment);
            lot.audiences.extend(self.world.membership.of(&source).map(str::to_owned));
            for told in told {
                let ask = match *told {
                    Told::Slots => Some(Ask::Slots(slots)),
                    Told::Moment(trigger) => {
                        self.reached(walk, trigger, page, now_s).map(|value| Ask::Fired(trigger, value))
                    }
                };
                let Some(ask) = ask else { continue };
                for shown in self.world.settle(&core, &mut moment, ask, desk) {
                    let here = shown.slot.is_empty()
                        || slots.iter().any(|slot| self.world.slot_is(*slot, &shown.slot));
                    if let (Some(campaign), Some(variation), true) = (shown.campaign, shown.variation, here) {
                        moment.state.shown.extend(campaign_index(&core, &campaign));
                        lot.wins.insert((shown.slot, campaign, variation));
                    }
                }
            }
        }
        lot
    }

    /// How far the moment of a trigger has come on a kind of page, in the unit of its threshold; none when it has not, or no
    /// log tells.
    fn reached(&self, walk: &Walk<'_>, trigger: TriggerKind, page: &str, now_s: i64) -> Option<u32> {
        match trigger {
            TriggerKind::Page => Some(0),
            TriggerKind::Dwell => walk.dwell.of(page),
            _ => occasion(&self.world.core(), &self.world.shelf, &walk.memory, trigger, now_s).reached,
        }
    }

    /// The facts of a page of a kind, about what the shopper looked at last.
    fn context(&self, walk: &Walk<'_>, page: &str, now_s: i64) -> Context {
        let product = self.world.products.get(&walk.item);
        let about = |pages: &[&str]| product.filter(|_| pages.contains(&page));
        let (touch, viewport_width) = match walk.facts.device {
            "mobile" | "phone" => (true, 390),
            "tablet" => (true, 820),
            _ => (false, 1_280),
        };
        let visit = &walk.memory.state().visit;
        let query = visit.landing.split_once('?').map_or("", |(_, query)| query);
        let language = if walk.facts.language.is_empty() { "en" } else { walk.facts.language };
        Context {
            page: page.to_owned(),
            item: about(&["product"]).map_or(String::new(), |product| product.item.clone()),
            category: about(&["product", "category"])
                .map_or(String::new(), |product| product.category.clone()),
            search: if page == "search" { walk.search.clone() } else { String::new() },
            referrer: visit.referrer.clone(),
            landing_query: query.to_owned(),
            language: language.to_owned(),
            country: walk.facts.country.to_owned(),
            timezone: self.timezone.clone(),
            utc_offset_min: self.offset_min(now_s),
            viewport_width,
            touch,
            consent: Some(ConsentMode::HandOver),
            ..Context::default()
        }
    }

    /// The event with what the catalogue knows of its product.
    fn priced(&self, mut event: Event) -> Event {
        if let Some(product) = self.world.products.get(&event.item) {
            describe(&mut event, product);
            if event.price_minor == 0 {
                event.price_minor = product.price_minor;
            }
        }
        event
    }
}

impl Walk<'_> {
    fn through(&mut self, events: &[Event]) {
        for event in events {
            match event.kind {
                EventKind::Search => self.search.clone_from(&event.text),
                EventKind::ViewItem | EventKind::Purchase => self.item.clone_from(&event.item),
                _ => {}
            }
            self.dwell.note(event);
            self.memory.fold(event);
        }
    }
}

/// The lines of an order, its whole value on the first.
fn whole(lines: &[Event]) -> Vec<Event> {
    let mut lines = lines.to_vec();
    let worth = |event: &Event| i64::from(event.price_minor) * i64::from(event.quantity);
    let value_minor = lines.iter().map(worth).fold(0, i64::saturating_add);
    if let Some(first) = lines.first().filter(|first| first.kind == EventKind::Purchase)
        && first.value_minor == 0
    {
        lines[0].value_minor = value_minor;
    }
    lines
}
