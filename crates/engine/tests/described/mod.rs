//! Packs and moments described in JSON, as in `tests/conformance`; its README has the format.

#![allow(dead_code, missing_docs, clippy::missing_panics_doc)]

pub mod catalogue;

use serde_json::Value as Json;
use shelfwise_engine::memory::{Event, EventKind, Memory};
use shelfwise_engine::pack::core::{
    Campaign, Cap, CoreBuilder, CustomTrait, CutPoints, Daypart, Experiment, Meta, Offset, Order, PageLimit,
    Parameter, Part, Place, Predicate, Slot, Trigger, Variation,
};
use shelfwise_engine::pack::kinds::{
    CampaignKind, ConsentMode, ContentKind, CustomKind, PartKind, TriggerKind,
};
use shelfwise_engine::pack::program::{CompareOp, ConstantKind};
use shelfwise_engine::pack::record::{Range, Ref, Str};
use shelfwise_engine::traits::{Context, find};

pub fn text<'j>(json: &'j Json, key: &str) -> &'j str {
    json[key].as_str().unwrap_or("")
}

pub fn int(json: &Json, key: &str, default: i64) -> i64 {
    json[key].as_i64().unwrap_or(default)
}

pub fn list<'j>(json: &'j Json, key: &str) -> &'j [Json] {
    json[key].as_array().map_or(&[], Vec::as_slice)
}

fn ppm(json: &Json, key: &str, default: f64) -> u32 {
    (json[key].as_f64().unwrap_or(default) * 1_000_000.0).round() as u32
}

/// The bytes of a core file.
pub fn core_file(json: &Json) -> Vec<u8> {
    builder(json).finish()
}

pub fn builder(json: &Json) -> CoreBuilder {
    let mut core = CoreBuilder::default();
    let currency = core.strings.add("GBP");
    core.meta.push(Meta {
        currency,
        currency_exponent: 2,
        affinity_half_life_days: int(json, "affinity_half_life_days", 30) as u16,
        free_shipping_minor: int(json, "free_shipping_minor", 0) as u32,
        ..Meta::default()
    });
    for slot in list(json, "slots") {
        let name = core.strings.add(slot.as_str().expect("slot name"));
        core.slots.push(Slot { name, page: Str(0) });
    }
    for name in list(json, "categories") {
        let name = core.strings.add(name.as_str().expect("category name"));
        core.categories.push(name);
    }
    for place in list(json, "places") {
        let record = Place {
            zone: core.strings.add(text(place, "zone")),
            country: core.strings.add(text(place, "country")),
            hemisphere: int(place, "hemisphere", 1) as u8,
            climate: int(place, "climate", 3) as u8,
        };
        core.places.push(record);
    }
    for cut in list(json, "cut_points") {
        let at = |index: usize| cut["at"][index].as_i64().expect("cut point");
        let category = cut["category"].as_u64().map_or(Ref::NONE, |index| Ref::to(index as u32));
        let kind = int(cut, "kind", 1) as u8;
        core.cut_points.push(CutPoints { kind, category, p20: at(0), p40: at(1), p60: at(2), p80: at(3) });
    }
    for (name, value) in json["parameters"].as_object().into_iter().flatten() {
        let name = core.strings.add(name);
        let value = value.as_f64().expect("parameter").to_bits();
        core.parameters.push(Parameter { name, value });
    }
    for (name, kind) in json["custom"].as_object().into_iter().flatten() {
        let wanted = kind.as_str().expect("type");
        let known = |kind: &&CustomKind| format!("{kind:?}").eq_ignore_ascii_case(wanted);
        let kind = CustomKind::ALL.iter().find(known).expect("a type of custom traits").code();
        let name = core.strings.add(name);
        core.custom.push(CustomTrait { name, kind });
    }
    for offset in list(json, "shop_clock") {
        core.shop_clock
            .push(Offset { from_s: int(offset, "from_s", 0), minutes: int(offset, "minutes", 0) as i16 });
    }
    for limit in list(json, "page_limits") {
        let kind = kind_of(text(limit, "kind")).code();
        core.page_limits.push(PageLimit { kind, most: int(limit, "most", 0) as u8 });
    }
    for campaign in list(json, "campaigns") {
        add_campaign(&mut core, campaign);
    }
    catalogue::add_catalogue(&mut core, json);
    core
}

fn add_campaign(core: &mut CoreBuilder, json: &Json) {
    let slot_name = text(json, "slot");
    let slot = core.slots.iter().position(|slot| slot.name == core.strings.add(slot_name));
    let slot = slot.filter(|_| !slot_name.is_empty());
    let audience_start = core.conjuncts.len() as u32;
    for condition in list(json, "audience") {
        let predicate = predicate(core, condition);
        core.conjuncts.push(predicate);
    }
    let record = Campaign {
        id: core.strings.add(text(json, "id")),
        slot: slot.map_or(Ref::NONE, |slot| Ref::to(slot as u32)),
        kind: kind_of(text(json, "kind")).code(),
        consent: int(json, "consent", 0) as u8,
        priority: int(json, "priority", 0) as i16,
        audience: Range { start: audience_start, len: core.conjuncts.len() as u32 - audience_start },
        from_s: int(json, "from_s", i64::MIN),
        until_s: int(json, "until_s", i64::MAX),
        cap_exposures: int(&json["cap"], "exposures", 0) as u32,
        cap_window_s: int(&json["cap"], "window_s", 0) as u32,
        experiment: experiment(core, &json["experiment"]),
        group: group(core, text(json, "group")),
        trigger: trigger(core, &json["trigger"]),
        variations: variations(core, json),
    };
    let campaign = core.campaigns.len() as u32;
    for part in list(json, "dayparts") {
        core.dayparts.push(Daypart {
            campaign,
            days: int(part, "days", 127) as u8,
            zone: int(part, "zone", 1) as u8,
            from_min: int(part, "from_min", 0) as u16,
            until_min: int(part, "until_min", 1_440) as u16,
        });
    }
    for cap in list(json, "caps") {
        let (exposures, window_s) = (int(cap, "exposures", 0) as u32, int(cap, "window_s", 0) as u32);
        core.caps.push(Cap { campaign, exposures, window_s });
    }
    core.campaigns.push(record);
}

fn kind_of(name: &str) -> CampaignKind {
    match name {
        "" | "content" => CampaignKind::Content,
        "layout" => CampaignKind::Layout,
        "message" => CampaignKind::Message,
        "offer" => CampaignKind::Offer,
        "trigger" => CampaignKind::Trigger,
        other => panic!("unknown kind {other}"),
    }
}

fn variations(core: &mut CoreBuilder, json: &Json) -> Range {
    let start = core.variations.len() as u32;
    for variation in list(json, "variations") {
        let id = core.strings.add(text(variation, "id"));
        let target = Ref::NONE;
        let (content, target) = match text(variation, "content") {
            "control" => (ContentKind::Control, target),
            "order" => (ContentKind::Order, Ref::to(core.orders.len() as u32)),
            _ => (ContentKind::Event, target),
        };
        if content == ContentKind::Order {
            let first = core.order_names.len() as u32;
            for name in list(variation, "order") {
                let name = core.strings.add(name.as_str().expect("block name"));
                core.order_names.push(name);
            }
            let names = Range { start: first, len: core.order_names.len() as u32 - first };
            core.orders.push(Order { names });
        }
        let weight_ppm = ppm(variation, "weight", 0.0);
        core.variations.push(Variation {
            id,
            weight_ppm,
            content: content.code(),
            target,
            ..Variation::default()
        });
    }
    Range { start, len: core.variations.len() as u32 - start }
}

fn experiment(core: &mut CoreBuilder, json: &Json) -> Ref {
    if json.is_null() {
        return Ref::NONE;
    }
    let record = Experiment {
        key: core.strings.add(text(json, "key")),
        seed: core.strings.add(text(json, "seed")),
        hash_version: int(json, "hash_version", 2) as u8,
        coverage_ppm: ppm(json, "coverage", 1.0),
        namespace: core.strings.add(json["namespace"][0].as_str().unwrap_or("")),
        namespace_from_ppm: (json["namespace"][1].as_f64().unwrap_or(0.0) * 1e6).round() as u32,
        namespace_until_ppm: (json["namespace"][2].as_f64().unwrap_or(1.0) * 1e6).round() as u32,
    };
    core.experiments.push(record);
    Ref::to(core.experiments.len() as u32 - 1)
}

fn group(core: &mut CoreBuilder, name: &str) -> Ref {
    if name.is_empty() {
        return Ref::NONE;
    }
    let name = core.strings.add(name);
    let known = core.groups.iter().position(|group| *group == name);
    let at = known.unwrap_or_else(|| {
        core.groups.push(name);
        core.groups.len() - 1
    });
    Ref::to(at as u32)
}

fn trigger(core: &mut CoreBuilder, json: &Json) -> Ref {
    if json.is_null() {
        return Ref::NONE;
    }
    let event = core.strings.add(text(json, "event"));
    let kind = int(json, "kind", 1) as u8;
    core.triggers.push(Trigger { kind, threshold: int(json, "threshold", 0) as u32, event });
    Ref::to(core.triggers.len() as u32 - 1)
}

/// `["visitor.visits", ">", 1]` or `["affinity.category", "Garden", ">", 0.3]`; equal ones are shared.
fn predicate(core: &mut CoreBuilder, json: &Json) -> u32 {
    let parts = json.as_array().expect("condition");
    let (key, op, value) = match parts.as_slice() {
        [_, op, value] => ("", op, value),
        [_, key, op, value] => (key.as_str().expect("key"), op, value),
        _ => panic!("condition of 3 or 4 parts: {json}"),
    };
    let path = parts[0].as_str().expect("trait");
    let op = match op.as_str().expect("operator") {
        "==" => CompareOp::Equal,
        "!=" => CompareOp::NotEqual,
        "<" => CompareOp::Less,
        "<=" => CompareOp::LessOrEqual,
        ">" => CompareOp::Greater,
        ">=" => CompareOp::GreaterOrEqual,
        other => panic!("unknown operator {other}"),
    };
    let (constant, value) = match value {
        Json::Bool(truth) => (ConstantKind::Bool, u64::from(*truth)),
        Json::String(name) => (ConstantKind::Str, u64::from(core.strings.add(name).0)),
        Json::Number(number) if number.is_i64() => (ConstantKind::Int, number.as_i64().expect("int") as u64),
        other => (ConstantKind::Double, other.as_f64().expect("number").to_bits()),
    };
    let record = Predicate {
        op: op.code(),
        constant: constant.code(),
        trait_code: find(path).unwrap_or_else(|| panic!("unknown trait {path}")).code,
        key: core.strings.add(key),
        value,
        code: Range::default(),
    };
    let known = core.predicates.iter().position(|known| *known == record);
    known.unwrap_or_else(|| {
        core.predicates.push(record);
        core.predicates.len() - 1
    }) as u32
}

/// Adds a part that is literal text.
pub fn literal(core: &mut CoreBuilder, value: &str) -> Range {
    let text = core.strings.add(value);
    core.parts.push(Part { kind: PartKind::Literal.code(), text, ..Part::default() });
    Range { start: core.parts.len() as u32 - 1, len: 1 }
}

pub fn memory(events: &[Json]) -> Memory {
    let mut memory = Memory::default();
    for json in events {
        let kind = EventKind::from_name(text(json, "kind")).expect("event name");
        let mut event = Event::new(kind, int(json, "at_s", 0));
        event.item = text(json, "item").to_owned();
        event.category = text(json, "category").to_owned();
        event.brand = text(json, "brand").to_owned();
        event.text = text(json, "text").to_owned();
        event.price_minor = int(json, "price_minor", 0) as u32;
        event.quantity = int(json, "quantity", 1) as u16;
        event.value_minor = int(json, "value_minor", 0);
        event.engaged_ms = int(json, "engaged_ms", 0) as u32;
        event.compare_at_minor = int(json, "compare_at_minor", 0) as u32;
        event.tags = text(json, "tags").to_owned();
        memory.fold(&event);
    }
    memory
}

pub fn context(json: &Json) -> Context {
    let own = |key: &str| text(json, key).to_owned();
    Context {
        page: own("page"),
        path: own("path"),
        query: own("query"),
        category: own("category"),
        item: own("item"),
        search: own("search"),
        referrer: own("referrer"),
        landing_query: own("landing_query"),
        language: own("language"),
        timezone: own("timezone"),
        utc_offset_min: int(json, "utc_offset_min", 0) as i32,
        country: own("country"),
        viewport_width: int(json, "viewport_width", 0) as u32,
        touch: json["touch"].as_bool().unwrap_or(false),
        os: own("os"),
        browser: own("browser"),
        engaged_ms: int(json, "engaged_ms", 0) as u32,
        scroll_percent: int(json, "scroll_percent", 0) as u8,
        consent: ConsentMode::from_code(int(json, "consent", 0) as u8),
        shown_s: int(json, "shown_s", 0),
        clicks: int(json, "clicks", 0) as u32,
        facts: pairs(&json["facts"]).map(|(path, text)| (find(path).expect("trait").code, text)).collect(),
        custom: pairs(&json["custom"]).map(|(name, text)| (name.to_owned(), text)).collect(),
    }
}

/// Values by name, as the page side hands them in.
fn pairs(json: &Json) -> impl Iterator<Item = (&str, String)> {
    let text = |value: &Json| value.as_str().map_or(value.to_string(), str::to_owned);
    json.as_object().into_iter().flatten().map(move |(name, value)| (name.as_str(), text(value)))
}

pub fn trigger_kind(name: &str) -> TriggerKind {
    match name {
        "page" => TriggerKind::Page,
        "exit-intent" => TriggerKind::ExitIntent,
        "idle" => TriggerKind::Idle,
        "scroll" => TriggerKind::Scroll,
        "dwell" => TriggerKind::Dwell,
        "cart-abandoned" => TriggerKind::CartAbandoned,
        "price-drop" => TriggerKind::PriceDrop,
        "back-in-stock" => TriggerKind::BackInStock,
        other => panic!("unknown trigger {other}"),
    }
}
