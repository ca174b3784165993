//! Everything remembered, as JSON for the shopper to see and take along.

use super::Driver;
use crate::engine::memory::{Event, Memory};
use crate::json::Json;
use crate::surroundings::{Clock, Entropy, Store};

impl<C: Clock, E: Entropy, S: Store> Driver<C, E, S> {
    /// All that is remembered. Times are Unix seconds, values minor units; `events` are in the order
    /// that [`Self::forget_event`] counts in.
    #[must_use]
    pub fn export(&self) -> String {
        let mut json = Json::default();
        json.object(|json| {
            json.text("shop", &self.shop);
            json.integer("consent", self.consent.code().into());
            write(json, self.remembered());
        });
        json.finish()
    }
}

fn write(json: &mut Json, memory: &Memory) {
    let state = memory.state();
    json.key("profile").object(|json| {
        let profile = &state.profile;
        json.text("first_name", &profile.first_name);
        json.text("unit", &profile.unit);
        json.integer("first_seen", profile.first_seen_s);
        json.integer("last_seen", profile.last_seen_s);
        json.integer("visits", profile.visits.into());
        json.integer("orders", profile.orders.into());
        json.integer("spend_minor", profile.spend_minor);
        json.integer("first_order", profile.first_order_s);
        json.integer("last_order", profile.last_order_s);
        json.key("muted_brands")
            .list(|json| profile.muted_brands.iter().for_each(|brand| json.string(brand)));
    });
    json.key("visit").object(|json| {
        json.integer("started", state.visit.started_s);
        json.integer("pages", state.visit.pages.into());
        json.integer("engaged_ms", state.visit.engaged_ms.into());
        json.text("referrer", &state.visit.referrer);
        json.text("landing", &state.visit.landing);
    });
    objects(json, "cart", &state.cart, |json, line| {
        json.text("item", &line.item);
        json.integer("quantity", line.quantity.into());
        json.integer("price_minor", line.price_minor.into());
        json.integer("at", line.at_s);
    });
    objects(json, "wishlist", &state.wishlist, |json, wish| {
        json.text("item", &wish.item);
        json.integer("price_minor", wish.price_minor.into());
        json.integer("at", wish.at_s);
    });
    objects(json, "items", &state.items, |json, item| {
        json.text("item", &item.item);
        json.text("category", &item.category);
        json.text("brand", &item.brand);
        json.integer("views", item.views.into());
        json.integer("bought", item.bought.into());
        json.integer("engaged_ms", item.engaged_ms.into());
        json.integer("last", item.last_s);
    });
    json.key("answers").object(|json| {
        for (name, answer) in state.answers.iter().filter_map(|answer| answer.split_once('\n')) {
            json.text(name, answer);
        }
    });
    objects(json, "exposures", &state.exposures, |json, seen| {
        json.text("campaign", &seen.campaign);
        json.text("variation", &seen.variation);
        json.integer("total", seen.total.into());
    });
    objects(json, "days", &state.days, |json, day| {
        json.integer("day", day.day.into());
        json.integer("engaged_ms", day.engaged_ms.into());
        json.integer("spend_minor", day.spend_minor);
        json.key("counts").object(|json| {
            for (kind, count) in &day.counts {
                json.integer(kind.name(), (*count).into());
            }
        });
    });
    objects(json, "events", memory.events(), write_event);
}

fn write_event(json: &mut Json, event: &Event) {
    json.integer("at", event.at_s);
    json.text("event", event.kind.name());
    let texts = [
        ("item", &event.item),
        ("category", &event.category),
        ("brand", &event.brand),
        ("text", &event.text),
        ("tags", &event.tags),
    ];
    for (name, text) in texts {
        if !text.is_empty() {
            json.text(name, text);
        }
    }
    let numbers = [
        ("price_minor", event.price_minor.into()),
        ("quantity", event.quantity.into()),
        ("value_minor", event.value_minor),
        ("engaged_ms", event.engaged_ms.into()),
        ("compare_at_minor", event.compare_at_minor.into()),
    ];
    for (name, number) in numbers {
        if number != 0 {
            json.integer(name, number);
        }
    }
}

fn objects<T>(json: &mut Json, name: &str, list: &[T], write: impl Fn(&mut Json, &T)) {
    json.key(name).list(|json| {
        for value in list {
            json.object(|json| write(json, value));
        }
    });
}
