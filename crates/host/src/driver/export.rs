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
            json.key("shop").string(&self.shop);
            json.key("consent").number(self.consent.code().into());
            write(json, self.remembered());
        });
        json.finish()
    }
}

fn write(json: &mut Json, memory: &Memory) {
    let state = memory.state();
    json.key("profile").object(|json| {
        let profile = &state.profile;
        json.key("first_name").string(&profile.first_name);
        json.key("unit").string(&profile.unit);
        json.key("first_seen").number(profile.first_seen_s);
        json.key("last_seen").number(profile.last_seen_s);
        json.key("visits").number(profile.visits.into());
        json.key("orders").number(profile.orders.into());
        json.key("spend_minor").number(profile.spend_minor);
        json.key("first_order").number(profile.first_order_s);
        json.key("last_order").number(profile.last_order_s);
        json.key("muted_brands")
            .list(|json| profile.muted_brands.iter().for_each(|brand| json.string(brand)));
    });
    json.key("visit").object(|json| {
        json.key("started").number(state.visit.started_s);
        json.key("pages").number(state.visit.pages.into());
        json.key("engaged_ms").number(state.visit.engaged_ms.into());
        json.key("referrer").string(&state.visit.referrer);
        json.key("landing").string(&state.visit.landing);
    });
    objects(json, "cart", &state.cart, |json, line| {
        json.key("item").string(&line.item);
        json.key("quantity").number(line.quantity.into());
        json.key("price_minor").number(line.price_minor.into());
        json.key("at").number(line.at_s);
    });
    objects(json, "wishlist", &state.wishlist, |json, wish| {
        json.key("item").string(&wish.item);
        json.key("price_minor").number(wish.price_minor.into());
        json.key("at").number(wish.at_s);
    });
    objects(json, "items", &state.items, |json, item| {
        json.key("item").string(&item.item);
        json.key("category").string(&item.category);
        json.key("brand").string(&item.brand);
        json.key("views").number(item.views.into());
        json.key("bought").number(item.bought.into());
        json.key("engaged_ms").number(item.engaged_ms.into());
        json.key("last").number(item.last_s);
    });
    objects(json, "exposures", &state.exposures, |json, seen| {
        json.key("campaign").string(&seen.campaign);
        json.key("variation").string(&seen.variation);
        json.key("total").number(seen.total.into());
    });
    objects(json, "days", &state.days, |json, day| {
        json.key("day").number(day.day.into());
        json.key("engaged_ms").number(day.engaged_ms.into());
        json.key("spend_minor").number(day.spend_minor);
        json.key("counts").object(|json| {
            for (kind, count) in &day.counts {
                json.key(kind.name()).number((*count).into());
            }
        });
    });
    objects(json, "events", memory.events(), write_event);
}

fn write_event(json: &mut Json, event: &Event) {
    json.key("at").number(event.at_s);
    json.key("event").string(event.kind.name());
    let texts = [
        ("item", &event.item),
        ("category", &event.category),
        ("brand", &event.brand),
        ("text", &event.text),
    ];
    for (name, text) in texts {
        if !text.is_empty() {
            json.key(name).string(text);
        }
    }
    let numbers = [
        ("price_minor", event.price_minor.into()),
        ("quantity", event.quantity.into()),
        ("value_minor", event.value_minor),
        ("engaged_ms", event.engaged_ms.into()),
    ];
    for (name, number) in numbers {
        if number != 0 {
            json.key(name).number(number);
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
