//! Reads `shop.yaml`.

use std::collections::BTreeMap;

use super::fields::{Fields, Map, kebab};
use super::model::{CatalogueFile, Shop, SlotEntry};
use crate::check::code;
use crate::diagnostic::{FileId, Spanned};
use crate::pack::kinds::{CampaignKind, CustomKind};
use crate::yaml::{Entry, Node, Value};

/// Catalogue fields that a column can be named for.
pub const CATALOGUE_FIELDS: &[&str] = &[
    "id",
    "title",
    "url",
    "image",
    "brand",
    "category",
    "price",
    "compare_at",
    "created",
    "in_stock",
    "stock",
    "tags",
];

/// Keys of `shop.yaml`.
pub const SHOP_KEYS: &[&str] = &[
    "shop",
    "channel",
    "currency",
    "locale",
    "timezone",
    "free_shipping",
    "catalogue",
    "knowledge",
    "slots",
    "links",
    "lists",
    "affinity_half_life",
    "low_stock",
    "shard_items",
    "custom",
    "page_limits",
];

/// Reads the shop; what is wrong is reported and left at its default.
pub fn read_shop(file: FileId, node: &Node, fields: &mut Fields) -> Shop {
    let what = "shop.yaml";
    let mut shop = Shop { file, affinity_half_life_days: 30, low_stock: 5, ..Shop::default() };
    let Some(map) = fields.map(node, what, SHOP_KEYS) else { return shop };
    shop.shop = required_text(fields, map, "shop");
    shop.currency = required_text(fields, map, "currency");
    if !shop.currency.value.is_empty() && !is_currency(&shop.currency.value) {
        let message = format!("`{}` is no currency", shop.currency.value);
        fields.refuse(code::wrong_value, shop.currency.span, message, "three capital letters, such as GBP");
    }
    let channel = map.get("channel").and_then(|node| fields.text(node));
    shop.channel = channel.unwrap_or_else(|| Spanned::new("live".into(), node.span));
    let locale = map.get("locale").and_then(|node| fields.text(node));
    shop.locale = locale.unwrap_or_else(|| Spanned::new("en".into(), node.span));
    let timezone = map.get("timezone").and_then(|node| fields.text(node));
    shop.timezone = timezone.unwrap_or_else(|| Spanned::new("UTC".into(), node.span));
    shop.free_shipping = map.get("free_shipping").and_then(|node| fields.number(node));
    shop.catalogue = map.get("catalogue").and_then(|node| read_catalogue(node, fields));
    shop.knowledge = map.get("knowledge").and_then(|node| fields.text(node));
    if let Some(seconds) = map.get("affinity_half_life").and_then(|node| fields.duration_s(node, false)) {
        shop.affinity_half_life_days = u16::try_from(seconds / 86_400).unwrap_or(u16::MAX).max(1);
    }
    if let Some(most) = map.get("low_stock").and_then(|node| fields.integer(node, 1, 1_000_000)) {
        shop.low_stock = most;
    }
    shop.shard_items = map
        .get("shard_items")
        .and_then(|node| fields.integer::<u32>(node, 1, 2_048).map(|count| Spanned::new(count, node.span)));
    if let Some(node) = map.get("links") {
        shop.links = fields.list(node).iter().filter_map(|node| fields.text(node)).collect();
    }
    if let Some(node) = map.get("slots") {
        shop.slots = fields.list(node).iter().filter_map(|node| read_slot(node, fields)).collect();
    }
    if let Some(map) = map.get("lists").and_then(|node| fields.open_map(node, "lists")) {
        for entry in map.entries() {
            let items = fields.list(&entry.node).iter().filter_map(|node| fields.text(node)).collect();
            shop.lists.push((Spanned::new(entry.key.clone(), entry.key_span), items));
        }
    }
    if let Some(map) = map.get("custom").and_then(|node| fields.open_map(node, "custom")) {
        shop.custom = map.entries().iter().filter_map(|entry| read_custom(entry, fields)).collect();
    }
    if let Some(map) = map.get("page_limits").and_then(|node| fields.open_map(node, "page_limits")) {
        let limits = map.entries().iter().filter_map(|entry| read_page_limit(entry, fields));
        shop.page_limits = limits.collect();
        shop.page_limits.sort();
        shop.page_limits.dedup_by_key(|limit| limit.0);
    }
    shop
}

/// `message: 1`, the most campaigns of that kind on one page.
fn read_page_limit(entry: &Entry, fields: &mut Fields) -> Option<(CampaignKind, u8)> {
    let kind = CampaignKind::ALL.iter().find(|kind| kebab(**kind) == entry.key);
    let Some(kind) = kind else {
        let message = format!("there is no kind of campaign `{}`", entry.key);
        let kinds: Vec<String> = CampaignKind::ALL.iter().map(kebab).collect();
        fields.refuse(code::wrong_value, entry.key_span, message, kinds.join(", "));
        return None;
    };
    Some((*kind, fields.integer::<u8>(&entry.node, 0, 255)?))
}

/// `tier: string`, a trait that conditions read as `custom.tier`.
fn read_custom(entry: &Entry, fields: &mut Fields) -> Option<(Spanned<String>, CustomKind)> {
    let first = entry.key.chars().next().is_some_and(|letter| letter.is_ascii_alphabetic() || letter == '_');
    if !first || !entry.key.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
        let message = format!("`{}` cannot be read in a condition as `custom.{0}`", entry.key);
        fields.refuse(code::wrong_value, entry.key_span, message, "letters, digits and _, no digit first");
        return None;
    }
    let ty = fields.name(&entry.node, "type", CustomKind::ALL)?;
    Some((Spanned::new(entry.key.clone(), entry.key_span), ty.value))
}

fn required_text(fields: &mut Fields, map: Map<'_>, key: &str) -> Spanned<String> {
    let node = fields.required(map, "shop.yaml", key);
    node.and_then(|node| fields.text(node)).unwrap_or_else(|| Spanned::new(String::new(), map.span))
}

fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn read_slot(node: &Node, fields: &mut Fields) -> Option<SlotEntry> {
    if !matches!(node.value, Value::Map(_)) {
        return Some(SlotEntry { name: fields.text(node)?, page: None });
    }
    let map = fields.map(node, "a slot", &["name", "page"])?;
    let name = fields.required(map, "a slot", "name").and_then(|node| fields.text(node));
    let page = map.get("page").and_then(|node| fields.text(node));
    Some(SlotEntry { name: name?, page })
}

fn read_catalogue(node: &Node, fields: &mut Fields) -> Option<CatalogueFile> {
    if !matches!(node.value, Value::Map(_)) {
        return Some(CatalogueFile { file: fields.text(node)?, columns: BTreeMap::new() });
    }
    let map = fields.map(node, "catalogue", &["file", "columns"])?;
    let file = fields.required(map, "catalogue", "file").and_then(|node| fields.text(node));
    let mut columns = BTreeMap::new();
    if let Some(map) = map.get("columns").and_then(|node| fields.map(node, "columns", CATALOGUE_FIELDS)) {
        for entry in map.entries() {
            if let Some(column) = fields.text(&entry.node) {
                columns.insert(entry.key.clone(), column);
            }
        }
    }
    Some(CatalogueFile { file: file?, columns })
}
