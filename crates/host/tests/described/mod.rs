//! A small pack for tests of the driver, described in records.

use shelfwise_host::engine::pack::core::{
    Block, Campaign, CoreBuilder, List, Meta, Node, Order, Part, Row, Slot, Source, Trigger, Variation,
};
use shelfwise_host::engine::pack::items::{Card, ItemsBuilder, ItemsMeta, card_flags};
use shelfwise_host::engine::pack::kinds::{
    CampaignKind, ConsentMode, ContentKind, ListKind, MessageKind, NodeKind, PartKind, Strategy, TriggerKind,
};
use shelfwise_host::engine::pack::record::{Range, Ref, Str};
use shelfwise_host::engine::traits::code;

/// A run of one record.
pub fn one(start: usize) -> Range {
    Range { start: start as u32, len: 1 }
}

/// Adds a slot and a campaign for everyone with one variation.
pub fn campaign(
    core: &mut CoreBuilder,
    slot: &str,
    kind: CampaignKind,
    content: ContentKind,
    consent: ConsentMode,
) {
    let place = if slot.is_empty() {
        Ref::NONE
    } else {
        let name = core.strings.add(slot);
        let page = core.strings.add(slot.split('.').next().unwrap_or(""));
        core.slots.push(Slot { name, page });
        Ref::to(core.slots.len() as u32 - 1)
    };
    let trigger = if slot.is_empty() { Ref::to(0) } else { Ref::NONE };
    let id = core.strings.add(&format!("c{}", core.campaigns.len()));
    let variation = core.strings.add("v");
    let targeted = !matches!(content, ContentKind::Control | ContentKind::Event);
    let message = if kind == CampaignKind::Message { MessageKind::Toast.code() } else { 0 };
    core.variations.push(Variation {
        id: variation,
        weight_ppm: 1_000_000,
        content: content.code(),
        message,
        target: if targeted { Ref::to(0) } else { Ref::NONE },
        data: Range::default(),
    });
    core.campaigns.push(Campaign {
        id,
        slot: place,
        kind: kind.code(),
        consent: consent.code(),
        from_s: i64::MIN,
        until_s: i64::MAX,
        trigger,
        variations: one(core.variations.len() - 1),
        ..Campaign::default()
    });
}

pub fn card(core: &mut CoreBuilder, dense: u32) -> Card {
    Card {
        item: core.strings.add(&format!("P{dense}")),
        title: core.strings.add(&format!("Product {dense}")),
        url: core.strings.add("/p/"),
        flags: card_flags::IN_STOCK,
        price_minor: 1_250,
        ..Card::default()
    }
}

/// Five slots, a toast on idling, a list of four products of which two are at hand.
pub fn core(shop: &str, expires_s: i64) -> Vec<u8> {
    described(shop, expires_s).finish()
}

pub fn described(shop: &str, expires_s: i64) -> CoreBuilder {
    let mut core = CoreBuilder::default();
    let shop = core.strings.add(shop);
    let currency = core.strings.add("GBP");
    let meta = Meta { shop, currency, currency_exponent: 2, expires_s, ..Meta::default() };
    core.meta.push(Meta {
        item_count: 4,
        shard_items: 2,
        index_files: 1,
        affinity_half_life_days: 30,
        ..meta
    });
    core.nodes.push(Node {
        kind: NodeKind::Text.code(),
        text: Range { start: 0, len: 2 },
        ..Node::default()
    });
    let hello = core.strings.add("Hello ");
    let there = core.strings.add("there");
    core.parts.push(Part { kind: PartKind::Literal.code(), text: hello, ..Part::default() });
    let reference = code::VISITOR_FIRST_NAME;
    core.parts.push(Part { kind: PartKind::Trait.code(), text: there, reference, key: Str(0) });
    core.blocks.push(Block { nodes: one(0), ..Block::default() });
    for name in ["garden", "kitchen"] {
        let name = core.strings.add(name);
        core.order_names.push(name);
    }
    core.orders.push(Order { names: Range { start: 0, len: 2 } });
    core.list_items = vec![0, 1, 2, 3];
    let items = Range { start: 0, len: 4 };
    core.lists.push(List {
        kind: ListKind::BestSellers.code(),
        category: Ref::NONE,
        items,
        ..List::default()
    });
    core.sources.push(Source { strategy: Strategy::BestSellers.code(), list: Ref::to(0) });
    core.rows.push(Row { sources: one(0), limit: 4, minimum: 3, block: Ref::to(0), ..Row::default() });
    for dense in [0, 1] {
        let card = card(&mut core, dense);
        core.head_cards.push(card);
        core.head_ids.push(dense);
    }
    let event = core.strings.add("chat");
    core.triggers.push(Trigger { kind: TriggerKind::Idle.code(), threshold: 10, event });
    campaign(&mut core, "home.hero", CampaignKind::Content, ContentKind::Block, ConsentMode::Contextual);
    campaign(&mut core, "home.blocks", CampaignKind::Layout, ContentKind::Order, ConsentMode::Personalise);
    campaign(&mut core, "home.row", CampaignKind::Products, ContentKind::Row, ConsentMode::Contextual);
    campaign(&mut core, "product.note", CampaignKind::Content, ContentKind::Block, ConsentMode::Contextual);
    campaign(&mut core, "", CampaignKind::Message, ContentKind::Block, ConsentMode::Contextual);
    core
}

/// The items file of the two products that the core has no cards of.
pub fn items() -> Vec<u8> {
    let mut core = CoreBuilder::default();
    let cards = vec![card(&mut core, 2), card(&mut core, 3)];
    let meta = vec![ItemsMeta { first: 2, count: 2 }];
    ItemsBuilder { strings: core.strings, meta, cards, ..ItemsBuilder::default() }.finish()
}
