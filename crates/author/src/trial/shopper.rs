//! An imagined shopper: a scenario's events remembered, its facts as the page's.

use jiff::Timestamp;
use shelfwise_engine::memory::{Event, EventKind, Memory};
use shelfwise_engine::traits::{Context, Source, TRAITS, find};
use shelfwise_pack::kinds::ConsentMode;

use super::{Shopper, World};
use crate::catalogue::Product;
use crate::project::{Happening, Scenario, kebab};
use crate::schedule::zone;

/// Facts that a scenario's `context` can give, by trait path; beside these `custom.*`.
pub fn facts() -> impl Iterator<Item = &'static str> + Clone {
    let by_code = TRAITS.iter().filter(|known| matches!(known.source, Source::PageFact | Source::DeviceFact));
    FACTS.iter().copied().chain(by_code.map(|known| known.path))
}

/// Those among them that a context has a field for.
const FACTS: &[&str] = &[
    "page.type",
    "page.path",
    "page.query",
    "page.category",
    "page.search",
    "page.engaged",
    "page.scroll",
    "page.clicks",
    "page.time",
    "item.id",
    "session.referrer",
    "session.utm.source",
    "session.utm.medium",
    "session.utm.campaign",
    "session.utm.term",
    "session.utm.content",
    "device.type",
    "device.width",
    "device.touch",
    "device.language",
    "device.os",
    "device.browser",
    "place.timezone",
    "place.country",
    "visitor.first_name",
    "consent",
    "unit",
];

impl World {
    /// The shopper of a scenario at a moment. Without a `page.type`, the page is `page`; without
    /// `consent`, everything is allowed; without `unit`, experiments bucket by the scenario's name.
    pub(super) fn shopper(&self, scenario: &Scenario, now_s: i64, page: &str) -> Shopper {
        let mut shopper = Shopper {
            memory: Memory::default(),
            context: Context { page: page.to_owned(), language: "en".into(), ..Context::default() },
            consent: ConsentMode::HandOver,
            unit: scenario.name.clone(),
        };
        shopper.context.viewport_width = 1_280;
        for (order, happening) in scenario.given.iter().enumerate() {
            self.remember(&mut shopper.memory, happening, now_s.saturating_add(happening.at_s), order);
        }
        for (key, value) in &scenario.context {
            apply(&mut shopper, &key.value, &value.value, now_s);
        }
        let context = &mut shopper.context;
        if let Some(product) = self.products.get(&context.item)
            && context.category.is_empty()
        {
            context.category.clone_from(&product.category);
        }
        context.consent = Some(shopper.consent);
        context.utc_offset_min = offset_min(&context.timezone, now_s);
        let unit = Event::new(EventKind::SetUnit, now_s).saying(&shopper.unit);
        shopper.memory.fold(&unit);
        let mut view = Event::new(EventKind::PageView, now_s).saying(&context.path);
        view.category.clone_from(&context.category);
        shopper.memory.fold(&view);
        shopper
    }

    /// One event of a scenario, as the page would have tracked it.
    fn remember(&self, memory: &mut Memory, happening: &Happening, at_s: i64, order: usize) {
        let name = happening.event.value.as_str();
        let kind = match name {
            "visit" => EventKind::PageView,
            "exposure" => EventKind::Exposure,
            _ => EventKind::from_name(name).unwrap_or(EventKind::PageView),
        };
        let subject = happening.subject.value.as_str();
        let mut event = Event::new(kind, at_s);
        event.quantity = happening.quantity;
        match kind {
            EventKind::PageView => event.text = path_of(subject),
            EventKind::Search | EventKind::Exposure | EventKind::ViewItemList | EventKind::Signal => {
                subject.clone_into(&mut event.text)
            }
            _ => subject.clone_into(&mut event.item),
        }
        if let Some(product) = self.products.get(&event.item) {
            describe(&mut event, product);
            event.price_minor = product.price_minor;
        }
        let written =
            happening.value.map(|value| (value * 10f64.powi(i32::from(self.exponent))).round() as i64);
        let lines = i64::from(event.price_minor) * i64::from(event.quantity);
        event.value_minor = match kind {
            EventKind::Purchase => written.unwrap_or(lines),
            _ => written.unwrap_or(0),
        };
        if kind == EventKind::Purchase {
            event.text = format!("order-{order}");
        }
        memory.fold(&event);
        if happening.engaged_ms > 0 {
            let mut attention = Event::new(EventKind::UserEngagement, at_s).about(&event.item);
            attention.engaged_ms = happening.engaged_ms;
            if let Some(product) = self.products.get(&event.item) {
                describe(&mut attention, product);
            }
            memory.fold(&attention);
        }
    }
}

fn path_of(page: &str) -> String {
    if page.starts_with('/') {
        page.to_owned()
    } else if page.is_empty() || page == "home" {
        "/".to_owned()
    } else {
        format!("/{page}/")
    }
}

/// Applies one fact of a scenario's context.
fn apply(shopper: &mut Shopper, key: &str, value: &str, now_s: i64) {
    let context = &mut shopper.context;
    let text = match key {
        "page.type" => &mut context.page,
        "page.path" => &mut context.path,
        "page.query" => &mut context.query,
        "page.category" => &mut context.category,
        "page.search" => &mut context.search,
        "item.id" => &mut context.item,
        "session.referrer" => &mut context.referrer,
        "device.language" => &mut context.language,
        "device.os" => &mut context.os,
        "device.browser" => &mut context.browser,
        "place.timezone" => &mut context.timezone,
        "place.country" => &mut context.country,
        "unit" => &mut shopper.unit,
        _ => return apply_other(shopper, key, value, now_s),
    };
    value.clone_into(text);
}

fn apply_other(shopper: &mut Shopper, key: &str, value: &str, now_s: i64) {
    let context = &mut shopper.context;
    let whole = || value.parse::<i64>().map_or(0, |number| number.clamp(0, u32::MAX.into()) as u32);
    match key {
        "page.engaged" => context.engaged_ms = whole().saturating_mul(1_000),
        "page.clicks" => context.clicks = whole(),
        "page.time" => context.shown_s = now_s.saturating_sub(whole().into()),
        "page.scroll" => context.scroll_percent = u8::try_from(whole().min(100)).unwrap_or(100),
        "device.width" => context.viewport_width = whole(),
        "device.touch" => context.touch = value == "true",
        "device.type" => {
            (context.touch, context.viewport_width) = match value {
                "phone" => (true, 390),
                "tablet" => (true, 820),
                _ => (false, 1_280),
            };
        }
        "visitor.first_name" => {
            shopper.memory.fold(&Event::new(EventKind::SetName, now_s).saying(value));
        }
        "consent" => {
            let found = ConsentMode::ALL.iter().find(|mode| kebab(**mode) == value);
            shopper.consent = found.copied().unwrap_or(ConsentMode::Contextual);
        }
        _ => {
            if let Some(name) = key.strip_prefix("session.utm.") {
                let joint = if context.landing_query.is_empty() { "" } else { "&" };
                context.landing_query.push_str(&format!("{joint}utm_{name}={value}"));
            } else if let Some(name) = key.strip_prefix("custom.") {
                context.custom.push((name.to_owned(), value.to_owned()));
            } else if let Some(known) = find(key) {
                context.facts.push((known.code, value.to_owned()));
            }
        }
    }
}

/// Puts in what the catalogue says of an event's product, its price aside.
pub(super) fn describe(event: &mut Event, product: &Product) {
    event.category.clone_from(&product.category);
    event.brand.clone_from(&product.brand);
    event.compare_at_minor = product.compare_at_minor;
    event.tags = product.tags.join(",");
}

/// Minutes to add to UTC in a zone at a moment; 0 for a zone that there is not.
pub(super) fn offset_min(timezone: &str, now_s: i64) -> i32 {
    let zoned = zone(timezone).ok().zip(Timestamp::from_second(now_s).ok());
    zoned.map_or(0, |(zone, now)| zone.to_offset(now).seconds() / 60)
}
