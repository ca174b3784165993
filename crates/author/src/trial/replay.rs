//! Real shoppers' orders replayed through the engine: who is in which audience, who wins which campaign.

use std::collections::{BTreeMap, BTreeSet};

use shelfwise_engine::decide::State;
use shelfwise_engine::memory::{Event, EventKind, Memory};
use shelfwise_engine::recommend::Situation;
use shelfwise_engine::traits::{Context, Traits};
use shelfwise_pack::kinds::ConsentMode;

use super::shopper::offset_min;
use super::{Moment, World};
use crate::check::unknown_page::pages;
use crate::project::Project;

/// One line of an order.
#[derive(Clone, Copy, Debug)]
pub struct OrderLine<'a> {
    /// Product id.
    pub item: &'a str,
    /// Pieces.
    pub quantity: u32,
    /// Price of a piece, minor units; 0 = the catalogue's.
    pub price_minor: u32,
}

/// One order.
#[derive(Clone, Debug)]
pub struct Order<'a> {
    /// When, Unix seconds.
    pub at_s: i64,
    /// Its lines.
    pub lines: Vec<OrderLine<'a>>,
}

/// What one shopper gets: the audiences they are in, and what each slot shows on the pages it stands on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lot {
    /// Names of audiences.
    pub audiences: BTreeSet<String>,
    /// Slot, campaign and variation.
    pub wins: BTreeSet<(String, String, String)>,
}

/// A world to replay shoppers in.
#[derive(Debug)]
pub struct Stage {
    world: World,
    timezone: String,
    /// Kinds of pages that slots stand on, each with its slots.
    pages: Vec<(String, Vec<u32>)>,
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
        Self { world, timezone, pages: used }
    }

    /// What a shopper with these orders (oldest first) gets who comes back at `now_s`, on each kind of page.
    /// Everything is allowed; the clock is the shop's; `unit` is what experiments bucket by.
    #[must_use]
    pub fn visit(&self, unit: &str, orders: &[Order<'_>], now_s: i64) -> Lot {
        let core = self.world.core.view();
        let memory = self.remember(unit, orders, now_s);
        let mut lot = Lot::default();
        for (page, slots) in &self.pages {
            let context = Context {
                page: page.clone(),
                language: "en".into(),
                timezone: self.timezone.clone(),
                utc_offset_min: offset_min(&self.timezone, now_s),
                viewport_width: 1_280,
                consent: Some(ConsentMode::HandOver),
                ..Context::default()
            };
            let state = State::derive(&core, &memory, ConsentMode::HandOver, now_s);
            let mut moment = Moment {
                traits: Traits::derive(&memory, &context, &core, now_s),
                situation: Situation::derive(&core, &self.world.shelf, &memory, &context, now_s),
                state: State { utc_offset_min: context.utc_offset_min, ..state },
                now_s,
                unit: unit.to_owned(),
            };
            let source = self.world.source(&core, &moment);
            lot.audiences.extend(self.world.membership.of(&source).map(str::to_owned));
            for slot in self.world.settle(&core, &mut moment, slots) {
                if let (Some(campaign), Some(variation)) = (slot.campaign, slot.variation) {
                    lot.wins.insert((slot.slot, campaign, variation));
                }
            }
        }
        lot
    }

    fn remember(&self, unit: &str, orders: &[Order<'_>], now_s: i64) -> Memory {
        let mut memory = Memory::default();
        for (number, order) in orders.iter().enumerate() {
            memory.fold(&Event::new(EventKind::PageView, order.at_s).saying("/"));
            let id = format!("order-{number}");
            let mut events: Vec<Event> =
                order.lines.iter().map(|line| self.bought(line, order.at_s, &id)).collect();
            let sum = |event: &Event| i64::from(event.price_minor) * i64::from(event.quantity);
            let value_minor = events.iter().map(sum).fold(0, i64::saturating_add);
            if let Some(first) = events.first_mut() {
                first.value_minor = value_minor;
            }
            events.iter().for_each(|event| memory.fold(event));
        }
        memory.fold(&Event::new(EventKind::SetUnit, now_s).saying(unit));
        memory.fold(&Event::new(EventKind::PageView, now_s).saying("/"));
        memory
    }

    fn bought(&self, line: &OrderLine<'_>, at_s: i64, order: &str) -> Event {
        let mut event = Event::new(EventKind::Purchase, at_s).about(line.item).saying(order);
        event.quantity = u16::try_from(line.quantity).unwrap_or(u16::MAX);
        event.price_minor = line.price_minor;
        if let Some(product) = self.world.products.get(line.item) {
            event.category.clone_from(&product.category);
            event.brand.clone_from(&product.brand);
            if event.price_minor == 0 {
                event.price_minor = product.price_minor;
            }
        }
        event
    }
}

/// Shoppers of something, before and after an edit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Shoppers now.
    pub now: u32,
    /// Of these, those who were not among them in the other version.
    pub gained: u32,
    /// Shoppers of the other version who no longer are.
    pub lost: u32,
}

/// All shoppers' lots, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turnout {
    /// Shoppers replayed.
    pub shoppers: u32,
    /// Those who get something else than in the other version; 0 without one.
    pub changed: u32,
    /// By audience.
    pub audiences: BTreeMap<String, Count>,
    /// By campaign: shoppers who win it in any slot.
    pub campaigns: BTreeMap<String, Count>,
}

impl Turnout {
    /// Nobody yet, with a line for everything a project has.
    #[must_use]
    pub fn new(project: &Project) -> Self {
        let none = |id: &String| (id.clone(), Count::default());
        Self {
            audiences: project.audiences.iter().map(|audience| none(&audience.id.value)).collect(),
            campaigns: project.campaigns.iter().map(|campaign| none(&campaign.id.value)).collect(),
            ..Self::default()
        }
    }

    /// Counts a shopper; `other` is what they get in the other version.
    pub fn add(&mut self, lot: &Lot, other: Option<&Lot>) {
        self.shoppers += 1;
        self.changed += u32::from(other.is_some_and(|other| other.wins != lot.wins));
        let won = |lot: &Lot| lot.wins.iter().map(|win| win.1.clone()).collect::<BTreeSet<_>>();
        let (campaigns, other_campaigns) = (won(lot), other.map(won));
        count(&mut self.campaigns, &campaigns, other_campaigns.as_ref());
        count(&mut self.audiences, &lot.audiences, other.map(|other| &other.audiences));
    }
}

fn count(counts: &mut BTreeMap<String, Count>, now: &BTreeSet<String>, other: Option<&BTreeSet<String>>) {
    for name in now {
        let count = counts.entry(name.clone()).or_default();
        count.now += 1;
        count.gained += u32::from(other.is_some_and(|other| !other.contains(name)));
    }
    for name in other.into_iter().flatten().filter(|name| !now.contains(*name)) {
        counts.entry(name.clone()).or_default().lost += 1;
    }
}
