//! Products, neighbours, lists and rows described in JSON, as in `tests/conformance/rows.json`.

use serde_json::Value as Json;
use shelfwise_engine::pack::core::{Adjustment, CoreBuilder, List, Row, Source, exclude, kinship};
use shelfwise_engine::pack::file::StringsBuilder;
use shelfwise_engine::pack::items::{Card, ItemsBuilder, ItemsMeta, card_flags};
use shelfwise_engine::pack::kinds::{AdjustmentKind, DiversityBy, ListKind, NeighbourKind};
use shelfwise_engine::pack::record::{Range, Ref, Str};
use shelfwise_engine::recommend::STRATEGIES;

use super::{int, list, predicate, text};

/// Code of a kind by its name with dashes.
fn code_of<K: std::fmt::Debug + Copy>(all: &[K], name: &str) -> usize {
    let plain = name.replace('-', "");
    let found = all.iter().position(|kind| format!("{kind:?}").eq_ignore_ascii_case(&plain));
    found.unwrap_or_else(|| panic!("unknown name {name}")) + 1
}

fn dense_of(pack: &Json, item: &str) -> u32 {
    let found = list(pack, "items").iter().position(|known| text(known, "id") == item);
    found.unwrap_or_else(|| panic!("no product {item}")) as u32
}

fn items_of(pack: &Json, json: &Json) -> Vec<u32> {
    json.as_array().expect("products").iter().map(|item| dense_of(pack, item.as_str().unwrap())).collect()
}

fn category_of(pack: &Json, name: &str) -> Ref {
    let found = list(pack, "categories").iter().position(|known| known == name);
    found.map_or(Ref::NONE, |at| Ref::to(at as u32))
}

fn card(pack: &Json, json: &Json, strings: &mut StringsBuilder, tags: &mut Vec<Str>) -> Card {
    let start = tags.len() as u32;
    tags.extend(list(json, "tags").iter().map(|tag| strings.add(tag.as_str().expect("tag"))));
    Card {
        item: strings.add(text(json, "id")),
        brand: strings.add(text(json, "brand")),
        category: category_of(pack, text(json, "category")),
        price_minor: int(json, "price", 1_000) as u32,
        compare_at_minor: int(json, "compare_at", 0) as u32,
        flags: if json["stock"] == false { 0 } else { card_flags::IN_STOCK },
        popularity_rank: int(json, "rank", 0) as u32,
        repeat_days: int(json, "repeat_days", 0) as u16,
        tags: Range { start, len: tags.len() as u32 - start },
        ..Card::default()
    }
}

/// Adds what the core file has of the catalogue: its measures, lists with their cards, and rows.
pub fn add_catalogue(core: &mut CoreBuilder, pack: &Json) {
    let meta = core.meta.first_mut().expect("meta");
    meta.item_count = list(pack, "items").len() as u32;
    meta.shard_items = int(pack, "shard_items", 1) as u32;
    meta.near_items = int(pack, "near_items", 0) as u32;
    meta.index_files = 1;
    let mut heads = Vec::new();
    for json in list(pack, "lists") {
        let (start, items) = (core.list_items.len() as u32, items_of(pack, &json["items"]));
        heads.extend_from_slice(&items);
        let record = List {
            kind: code_of(ListKind::ALL, text(json, "kind")) as u8,
            name: core.strings.add(text(json, "name")),
            category: category_of(pack, text(json, "category")),
            window_days: 0,
            items: Range { start, len: items.len() as u32 },
        };
        core.list_items.extend(items);
        core.lists.push(record);
    }
    heads.sort_unstable();
    heads.dedup();
    for dense in heads {
        let card = card(pack, &pack["items"][dense as usize], &mut core.strings, &mut core.tags);
        core.head_cards.push(card);
        core.head_ids.push(dense);
    }
    for json in list(pack, "rows") {
        let row = row(core, pack, json);
        core.rows.push(row);
    }
}

fn bits(json: &Json, key: &str, names: &[(&str, u8)]) -> u8 {
    list(json, key).iter().fold(0, |bits, name| {
        bits | names.iter().find(|known| name == known.0).unwrap_or_else(|| panic!("unknown {name}")).1
    })
}

fn row(core: &mut CoreBuilder, pack: &Json, json: &Json) -> Row {
    let start = core.sources.len() as u32;
    for name in list(json, "strategies") {
        let entry = STRATEGIES.iter().find(|entry| name == entry.0).expect("strategy");
        let named = json["list"].as_u64().map_or(Ref::NONE, |at| Ref::to(at as u32));
        core.sources.push(Source { strategy: entry.1.code(), list: named });
    }
    let sources = Range { start, len: core.sources.len() as u32 - start };
    let start = core.adjustments.len() as u32;
    for (kind, key) in [(AdjustmentKind::Weigh, "weigh"), (AdjustmentKind::Pin, "pin")] {
        for entry in list(json, key) {
            let adjustment = adjustment(core, pack, kind, entry);
            core.adjustments.push(adjustment);
        }
    }
    let filter = json["where"].as_array().map(|_| predicate(core, &json["where"]));
    let (by, most) = (json["diversity"][0].as_str(), json["diversity"][1].as_u64());
    let percent = |at: usize| json["price_percent"][at].as_u64().unwrap_or(0) as u16;
    Row {
        sources,
        limit: int(json, "limit", 8) as u8,
        minimum: int(json, "minimum", 0) as u8,
        exclude: bits(
            json,
            "exclude",
            &[
                ("cart", exclude::CART),
                ("bought", exclude::BOUGHT),
                ("seen", exclude::SEEN),
                ("shown", exclude::SHOWN),
            ],
        ),
        diversity_by: by.map_or(0, |by| code_of(DiversityBy::ALL, by) as u8 - 1),
        diversity_max: most.unwrap_or(0) as u8,
        filter: filter.map_or(Ref::NONE, Ref::to),
        block: Ref::NONE,
        adjustments: Range { start, len: core.adjustments.len() as u32 - start },
        spread: int(json, "spread", 0) as u8,
        score_min: int(json, "score_min", 0) as u8,
        price_from_percent: percent(0),
        price_until_percent: percent(1),
        kinship: bits(
            json,
            "kinship",
            &[
                ("same-category", kinship::SAME_CATEGORY),
                ("same-brand", kinship::SAME_BRAND),
                ("other-category", kinship::OTHER_CATEGORY),
                ("other-brand", kinship::OTHER_BRAND),
            ],
        ),
        ..Row::default()
    }
}

fn adjustment(core: &mut CoreBuilder, pack: &Json, kind: AdjustmentKind, json: &Json) -> Adjustment {
    let filter = json["where"].as_array().map(|_| predicate(core, &json["where"]));
    let amount = if kind == AdjustmentKind::Pin { "place" } else { "percent" };
    Adjustment {
        kind: kind.code(),
        filter: filter.map_or(Ref::NONE, Ref::to),
        amount: int(json, amount, 0) as u16,
        item: json["item"].as_str().map_or(0, |item| dense_of(pack, item)),
        when: json["when"].as_str().map_or(Ref::NONE, |item| Ref::to(dense_of(pack, item))),
        from_s: int(json, "from_s", i64::MIN),
        until_s: int(json, "until_s", i64::MAX),
    }
}

/// The product files in the order of their numbers: those of cards, then those of neighbours that lie apart.
pub fn product_files(pack: &Json) -> Vec<Vec<u8>> {
    let items = list(pack, "items");
    let mut files = Vec::new();
    for (width, cards) in [(int(pack, "shard_items", 1), true), (int(pack, "near_items", 0), false)] {
        let near = !cards || int(pack, "near_items", 0) == 0;
        for first in (0..items.len()).step_by(if width > 0 { width as usize } else { usize::MAX }) {
            if width == 0 {
                break;
            }
            let run = first..(first + width as usize).min(items.len());
            let mut file = ItemsBuilder::default();
            file.meta.push(ItemsMeta { first: first as u32, count: run.len() as u32 });
            if cards {
                for json in &items[run.clone()] {
                    let card = card(pack, json, &mut file.strings, &mut file.tags);
                    file.cards.push(card);
                }
            }
            for kind in NeighbourKind::ALL.iter().filter(|_| near) {
                let rows: Vec<_> =
                    items[run.clone()].iter().map(|item| neighbours(pack, *kind, item)).collect();
                file.add_neighbours(*kind, &rows);
            }
            files.push(file.finish());
        }
    }
    files
}

fn neighbours(pack: &Json, kind: NeighbourKind, item: &Json) -> Vec<(u32, u8)> {
    let tables = pack["neighbours"].as_object().into_iter().flatten();
    let mut own = tables.filter(|(name, _)| code_of(NeighbourKind::ALL, name) == usize::from(kind.code()));
    let rows = own.next().map_or(&Json::Null, |(_, table)| &table[text(item, "id")]);
    let pair = |pair: &Json| (dense_of(pack, pair[0].as_str().unwrap()), pair[1].as_u64().unwrap() as u8);
    rows.as_array().into_iter().flatten().map(pair).collect()
}
