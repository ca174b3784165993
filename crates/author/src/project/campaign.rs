//! Reads one campaign document.

use shelfwise_pack::core::{exclude, kinship};
use shelfwise_pack::kinds::{CampaignKind, ConsentMode, DiversityBy, MessageKind, TriggerKind};
use shelfwise_pack::limits::SCORE_MAX;

use super::fields::{Fields, Map};
use super::model::{
    AdjustmentEntry, Campaign, Cap, Content, Experiment, Products, Schedule, Trigger, Variation,
};
use super::strategy::{is_short, read_strategy};
use crate::check::code;
use crate::diagnostic::{FileId, Spanned};
use crate::yaml::{Node, Value};

/// Keys of what a campaign or variation shows.
pub const CONTENT_KEYS: &[&str] = &["block", "template", "order", "products", "event", "data"];

/// Keys of a recommended row.
pub const PRODUCTS_KEYS: &[&str] = &[
    "strategy",
    "limit",
    "minimum",
    "where",
    "diversity",
    "exclude",
    "reminders",
    "confidence",
    "taste",
    "price",
    "same",
    "other",
    "boost",
    "bury",
    "pins",
];

/// Keys of a row's diversity.
pub const DIVERSITY_KEYS: &[&str] = &["by", "max", "spread"];
/// Keys of a boost or a burial.
pub const WEIGHT_KEYS: &[&str] = &["where", "by", "when", "from", "until"];
/// Keys of a pin.
pub const PIN_KEYS: &[&str] = &["item", "at", "when", "from", "until"];

/// Keys of a campaign.
pub const CAMPAIGN_KEYS: &[&str] = &[
    "id",
    "slot",
    "kind",
    "audience",
    "schedule",
    "cap",
    "priority",
    "group",
    "consent",
    "trigger",
    "message",
    "experiment",
    "variations",
    "block",
    "template",
    "order",
    "products",
    "event",
    "data",
];

/// Reads a campaign; none when the document is no mapping.
pub fn read_campaign(file: FileId, node: &Node, fields: &mut Fields) -> Option<Campaign> {
    let map = fields.map(node, "a campaign", CAMPAIGN_KEYS)?;
    let mut campaign = Campaign { file, span: node.span, ..Campaign::default() };
    let id = fields.required(map, "a campaign", "id").and_then(|node| fields.text(node));
    campaign.id = id.unwrap_or_else(|| Spanned::new(String::new(), node.span));
    campaign.slot = map.get("slot").and_then(|node| fields.text(node));
    campaign.kind = map.get("kind").and_then(|node| fields.name(node, "kind of campaign", CampaignKind::ALL));
    campaign.audience = map.get("audience").and_then(|node| fields.source_text(node));
    campaign.schedule = map.get("schedule").and_then(|node| read_schedule(node, fields));
    campaign.cap = map.get("cap").and_then(|node| read_cap(node, fields));
    campaign.priority = map.get("priority").and_then(|node| fields.integer(node, -1_000, 1_000)).unwrap_or(0);
    campaign.group = map.get("group").and_then(|node| fields.text(node));
    campaign.consent =
        map.get("consent").and_then(|node| fields.name(node, "consent mode", ConsentMode::ALL));
    campaign.trigger = map.get("trigger").and_then(|node| read_trigger(node, fields));
    campaign.message =
        map.get("message").and_then(|node| fields.name(node, "kind of message", MessageKind::ALL));
    let id = campaign.id.clone();
    campaign.experiment = map.get("experiment").and_then(|node| read_experiment(node, &id, fields));
    let kind = campaign.kind.as_ref().map(|kind| kind.value);
    campaign.content = read_content(map, kind, fields);
    if let Some(node) = map.get("variations") {
        campaign.variations =
            fields.list(node).iter().filter_map(|node| read_variation(node, kind, fields)).collect();
    }
    Some(campaign)
}

fn read_variation(node: &Node, kind: Option<CampaignKind>, fields: &mut Fields) -> Option<Variation> {
    let mut keys = vec!["id", "weight"];
    keys.extend(CONTENT_KEYS);
    let map = fields.map(node, "a variation", &keys)?;
    let id = fields.required(map, "a variation", "id").and_then(|node| fields.text(node))?;
    let weight = map.get("weight").and_then(|node| fields.number(node));
    if let Some(weight) = weight.as_ref().filter(|weight| !(0.0..=1e6).contains(&weight.value)) {
        fields.refuse(
            code::wrong_value,
            weight.span,
            "a weight cannot be negative",
            "0 or more belongs here",
        );
    }
    Some(Variation { span: node.span, id, weight, content: read_content(map, kind, fields) })
}

fn read_content(map: Map<'_>, kind: Option<CampaignKind>, fields: &mut Fields) -> Content {
    let mut content = Content {
        block: map.get("block").and_then(|node| fields.text(node)),
        template: map.get("template").and_then(|node| fields.text(node)),
        products: map.get("products").and_then(|node| read_products(node, kind, fields)),
        event: map.get("event").and_then(|node| fields.text(node)),
        ..Content::default()
    };
    if let Some(node) = map.get("order") {
        let names = fields.list(node).iter().filter_map(|node| fields.text(node)).collect();
        content.order = Some(Spanned::new(names, node.span));
    }
    if let Some(map) = map.get("data").and_then(|node| fields.open_map(node, "data")) {
        for entry in map.entries() {
            if let Some(text) = fields.source_text(&entry.node) {
                content.data.push((Spanned::new(entry.key.clone(), entry.key_span), text));
            }
        }
    }
    content
}

fn read_schedule(node: &Node, fields: &mut Fields) -> Option<Schedule> {
    let map = fields.map(node, "schedule", &["from", "until", "timezone", "days", "hours"])?;
    let texts = |key: &str, fields: &mut Fields| {
        let nodes = map.get(key).map_or(&[][..], |node| fields.list(node));
        nodes.iter().filter_map(|node| fields.text(node)).collect()
    };
    Some(Schedule {
        days: texts("days", fields),
        hours: texts("hours", fields),
        span: node.span,
        from: map.get("from").and_then(|node| fields.text(node)),
        until: map.get("until").and_then(|node| fields.text(node)),
        timezone: map.get("timezone").and_then(|node| fields.text(node)),
    })
}

fn read_cap(node: &Node, fields: &mut Fields) -> Option<Cap> {
    let map = fields.map(node, "cap", &["exposures", "per", "total"])?;
    let exposures = fields.required(map, "cap", "exposures")?;
    let count = fields.integer::<u32>(exposures, 1, 1_000_000)?;
    let per_s = map.get("per").and_then(|node| fields.duration_s(node, false)).unwrap_or(0);
    let exposures = Spanned::new(count, exposures.span);
    let total = map.get("total").and_then(|node| fields.integer::<u32>(node, 1, 1_000_000));
    Some(Cap { exposures, per_s: u32::try_from(per_s).unwrap_or(u32::MAX), total })
}

/// `trigger: exit-intent`, or `trigger: { on: idle, after: 30s }`, or `{ on: scroll, percent: 50 }`.
fn read_trigger(node: &Node, fields: &mut Fields) -> Option<Trigger> {
    if !matches!(node.value, Value::Map(_)) {
        let kind = fields.name(node, "trigger", TriggerKind::ALL)?;
        return Some(Trigger { threshold: threshold_default(kind.value), kind });
    }
    let map = fields.map(node, "trigger", &["on", "after", "percent"])?;
    let kind = fields.required(map, "trigger", "on")?;
    let kind = fields.name(kind, "trigger", TriggerKind::ALL)?;
    let after_s = map.get("after").and_then(|node| fields.duration_s(node, false));
    let percent = map.get("percent").and_then(|node| fields.integer::<u32>(node, 1, 100));
    let whole = |seconds: i64| u32::try_from(seconds).unwrap_or(u32::MAX);
    let threshold = match kind.value {
        TriggerKind::Scroll | TriggerKind::PriceDrop => percent,
        TriggerKind::CartAbandoned => after_s.map(|seconds| whole(seconds / 60)),
        _ => after_s.map(whole),
    };
    Some(Trigger { threshold: threshold.unwrap_or(threshold_default(kind.value)), kind })
}

/// Seconds, percent or minutes, when the merchant wrote none.
fn threshold_default(kind: TriggerKind) -> u32 {
    match kind {
        TriggerKind::Idle | TriggerKind::Dwell => 30,
        TriggerKind::Scroll => 50,
        TriggerKind::CartAbandoned => 60,
        _ => 0,
    }
}

fn read_experiment(node: &Node, campaign: &Spanned<String>, fields: &mut Fields) -> Option<Experiment> {
    let known = ["key", "seed", "coverage", "namespace", "hash_version"];
    let map = fields.map(node, "experiment", &known)?;
    let key = map.get("key").and_then(|node| fields.text(node)).unwrap_or_else(|| campaign.clone());
    let coverage = map.get("coverage").and_then(|node| share(node, fields)).unwrap_or(1.0);
    let hash_version = map.get("hash_version").and_then(|node| fields.integer(node, 1, 2)).unwrap_or(2);
    let namespace = map.get("namespace").and_then(|node| {
        let map = fields.map(node, "namespace", &["name", "from", "until"])?;
        let name = fields.required(map, "namespace", "name").and_then(|node| fields.text(node));
        let from = map.get("from").and_then(|node| share(node, fields)).unwrap_or(0.0);
        let until = map.get("until").and_then(|node| share(node, fields)).unwrap_or(1.0);
        Some((name?, from, until))
    });
    let seed = map.get("seed").and_then(|node| fields.text(node));
    Some(Experiment { key, seed, coverage, hash_version, namespace })
}

fn share(node: &Node, fields: &mut Fields) -> Option<f64> {
    let number = fields.number(node)?;
    if (0.0..=1.0).contains(&number.value) {
        return Some(number.value);
    }
    fields.refuse(code::wrong_value, number.span, "a share from 0 to 1 belongs here", "beyond that");
    None
}

/// Taste and the merchant's order count alike.
const HALF: u8 = 128;

/// `kind` is the campaign's, where it is written.
fn read_products(node: &Node, kind: Option<CampaignKind>, fields: &mut Fields) -> Option<Products> {
    let map = fields.map(node, "products", PRODUCTS_KEYS)?;
    let mut products = Products { span: node.span, limit: 8, taste: HALF, ..Products::default() };
    if let Some(node) = fields.required(map, "products", "strategy") {
        let steps = fields.list(node);
        if steps.is_empty() {
            fields.refuse(
                code::missing_key,
                node.span,
                "this row names no strategy",
                "name at least one, as in `strategy: [for-you, best-sellers]`",
            );
        }
        products.strategy = steps.iter().filter_map(|node| read_strategy(node, fields)).collect();
    }
    if let Some(limit) = map.get("limit").and_then(|node| fields.integer(node, 1, 48)) {
        products.limit = limit;
    }
    let minimum = map.get("minimum").and_then(|node| fields.integer(node, 1, 48));
    products.minimum = minimum.unwrap_or_else(|| minimum_default(&products, kind));
    products.filter = map.get("where").and_then(|node| fields.source_text(node));
    read_diversity(map, fields, &mut products);
    products.price = read_price(map, fields);
    products.price_percent = products.price.as_ref().map(|price| price.value).unwrap_or_default();
    if let Some(confidence) = map.get("confidence").and_then(|node| share(node, fields)) {
        products.score_min = (confidence * f64::from(SCORE_MAX)).ceil() as u8;
    }
    if let Some(node) = map.get("taste") {
        products.taste_at = Some(node.span);
        products.taste = share(node, fields).map_or(HALF, |taste| (taste * 255.0).round() as u8);
    }
    read_kinship(map, fields, &mut products);
    for key in ["boost", "bury", "pins"] {
        for node in map.get(key).map_or(&[][..], |node| fields.list(node)) {
            products.adjustments.extend(read_adjustment(key, node, fields));
        }
    }
    // The engine puts pins at their places from first to last.
    products.adjustments.sort_by_key(|adjustment| adjustment.item.is_some().then_some(adjustment.amount));
    if let Some(node) = map.get("exclude") {
        for node in fields.list(node) {
            products.exclude |= read_exclusion(node, fields);
        }
    }
    if map.get("reminders").and_then(|node| fields.boolean(node)) == Some(true) {
        products.exclude |= exclude::REMINDERS;
    }
    Some(products)
}

/// Fewest products where the merchant wrote none: half a row, rounded up; one where rows are short by nature, and of a grid,
/// whose products stay whatever is named.
fn minimum_default(products: &Products, kind: Option<CampaignKind>) -> u8 {
    let is_short = products.strategy.iter().all(|step| is_short(step.strategy.value));
    if is_short || kind == Some(CampaignKind::Rerank) { 1 } else { products.limit.div_ceil(2) }
}

/// `same: category`, `other: [category, brand]`.
fn read_kinship(map: Map<'_>, fields: &mut Fields, products: &mut Products) {
    for (key, bits) in [
        ("same", [kinship::SAME_CATEGORY, kinship::SAME_BRAND]),
        ("other", [kinship::OTHER_CATEGORY, kinship::OTHER_BRAND]),
    ] {
        for node in map.get(key).map_or(&[][..], |node| fields.list(node)) {
            let by = fields.name(node, "attribute", &[DiversityBy::Category, DiversityBy::Brand]);
            if let Some(by) = by {
                let bit = bits[usize::from(by.value == DiversityBy::Brand)];
                products.kinship |= bit;
                products.kin.push(Spanned::new(bit, by.span));
            }
        }
    }
}

/// `diversity: { by: category, max: 2 }`, `diversity: { spread: 0.3 }`, or both.
fn read_diversity(map: Map<'_>, fields: &mut Fields, products: &mut Products) {
    let Some(node) = map.get("diversity") else { return };
    let Some(map) = fields.map(node, "diversity", DIVERSITY_KEYS) else { return };
    if let Some(spread) = map.get("spread").and_then(|node| share(node, fields)) {
        products.spread = (spread * 255.0).round() as u8;
    } else {
        fields.required(map, "diversity", "by");
    }
    let by = map.get("by").and_then(|node| fields.name(node, "attribute", DiversityBy::ALL));
    products.diversity_by = by.map(|by| by.value);
    products.diversity_max = map.get("max").and_then(|node| fields.integer(node, 1, 48)).unwrap_or(3);
}

/// `price: { from: 1.1, until: 2 }`, times that of the product it goes with; in percent.
fn read_price(map: Map<'_>, fields: &mut Fields) -> Option<Spanned<[u16; 2]>> {
    let map = fields.map(map.get("price")?, "price", &["from", "until"])?;
    let mut percent = |key| {
        let times = fields.number(map.get(key)?)?;
        let fits = (0.01..=600.0).contains(&times.value);
        if !fits {
            fields.refuse(
                code::wrong_value,
                times.span,
                "times the price: 0.01 to 600 belongs here",
                "beyond that",
            );
        }
        fits.then(|| (times.value * 100.0).round() as u16)
    };
    Some(Spanned::new([percent("from").unwrap_or(0), percent("until").unwrap_or(0)], map.span))
}

/// `boost: { where: item.brand == "Wren", by: 2 }`, `bury: { where: …, by: 4 }`, `pins: { item: 85123A, at: 1, when: 22423 }`.
fn read_adjustment(key: &str, node: &Node, fields: &mut Fields) -> Option<AdjustmentEntry> {
    let pins = key == "pins";
    let map = fields.map(node, key, if pins { PIN_KEYS } else { WEIGHT_KEYS })?;
    let text = |key: &str, fields: &mut Fields| map.get(key).and_then(|node| fields.text(node));
    let mut entry = AdjustmentEntry {
        span: node.span,
        filter: None,
        amount: 1,
        item: None,
        when: text("when", fields),
        from: text("from", fields),
        until: text("until", fields),
    };
    if pins {
        entry.item = Some(fields.required(map, key, "item").and_then(|node| fields.text(node))?);
        entry.amount = map.get("at").and_then(|node| fields.integer(node, 1, 48)).unwrap_or(1);
        return Some(entry);
    }
    entry.filter = fields.required(map, key, "where").and_then(|node| fields.source_text(node));
    let by = map.get("by").and_then(|node| fields.number(node)).unwrap_or(Spanned::new(2.0, node.span));
    if !(1.0..=100.0).contains(&by.value) {
        fields.refuse(code::wrong_value, by.span, "times: 1 to 100 belongs here", "beyond that");
    }
    let percent = if key == "bury" { 100.0 / by.value } else { 100.0 * by.value };
    entry.amount = percent.round().clamp(0.0, 10_000.0) as u16;
    Some(entry)
}

/// Names of [`exclude`]'s bits.
pub const EXCLUSIONS: &[(&str, u8)] = &[
    ("cart", exclude::CART),
    ("bought", exclude::BOUGHT),
    ("seen", exclude::SEEN),
    ("current", exclude::CURRENT),
    ("shown", exclude::SHOWN),
];

fn read_exclusion(node: &Node, fields: &mut Fields) -> u8 {
    let Some(text) = fields.text(node) else { return 0 };
    if let Some((_, bit)) = EXCLUSIONS.iter().find(|(name, _)| *name == text.value) {
        return *bit;
    }
    let names: Vec<&str> = EXCLUSIONS.iter().map(|(name, _)| *name).collect();
    let message = format!("there is no exclusion `{}`; one of: {}", text.value, names.join(", "));
    fields.refuse(code::wrong_value, node.span, message, "unknown name");
    0
}
